// Package roster keeps the base list (底册) of a campaign: the households to visit and the people who live in them.
//
// The list arrives as an .xlsx file in the layout of the national system's exports: one sheet with a row per person
// and the household's columns repeated, or a sheet of households and a sheet of members joined by 户编号. The header row
// is found by the names of its columns. Import reads the whole file, reports every mistake by sheet, row and column,
// and writes either everything or nothing. A second import updates by 户编号 and says field by field what changed;
// members that are missing from a household's new rows are marked gone, never deleted, and households that the file does
// not name are left alone, so that a township may import village by village.
//
// ID numbers are checked by GB 11643 (date and check digit). They and phones are shown in full only to roles with
// roster.pii; everybody else, and the import report, gets them masked.
//
// Region scope is part of every SELECT: a person sees the households of villages inside their region, others do not exist.
//
// Files: idnumber.go (the numbers that a base list may hold), class.go (户属性), header.go (columns by name),
// read.go (rows to households), diff.go (what an import changes), service.go, sql.go.
//
// Tables: roster_household, roster_member, roster_import.
package roster
