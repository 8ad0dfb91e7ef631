// Package sheet reads tables that other people made: .xlsx workbooks and delimited text (.csv, .tsv), one row at a time.
//
// Open looks at the bytes, not at the name of the file. A workbook is read from its zip without unpacking it; its shared
// strings are kept in memory while they are few and in a temporary file otherwise, so that half a million rows need no more
// memory than ten thousand. Text is UTF-8 (with or without a byte order mark), UTF-16 with a mark, or GB18030 (which GBK and
// GB 2312 are parts of); the delimiter is found by trying.
//
// Every cell is cleaned (Clean): full-width digits, letters and signs become half-width, kinds of spaces become one space,
// invisible marks go. What a merged range shows stands in every row that it covers. Formulas give their stored result.
//
// The package knows nothing of what a table is about, and reads no database and no clock. Limits guard the server: a file
// that is too large, unpacks to too much, or claims a size that it has not, is refused with an error that says what to do.
//
// Files: book.go (what callers use), xlsx.go and xlsx_rows.go (workbooks), strings.go (shared strings), text.go (delimited
// text), encoding.go (its characters), head.go (headers of several rows), clean.go (cell texts), date.go (days as people write them).
//
// Errors (all Invalid or TooLarge): sheet.size, sheet.kind, sheet.broken, sheet.unzipped, sheet.rows, sheet.columns,
// sheet.sheets, sheet.merges.
package sheet
