// Package match holds what others know about the households of a campaign, and compares it.
//
// A register (登记数据) is a list that a department keeps and sends as a file: the national system, household registration,
// civil affairs, medical insurance …. The playbook names the kinds, their fields and which one is the base. A file goes
// through four steps:
//
//	uploaded ──(columns chosen)── checked ──▶ loading ──▶ current ──▶ superseded (by the next file of its kind)
//	                                              └──▶ failed (nothing of it is used)
//
// Upload keeps the file as a blob. Guess proposes what every column means, from what the office chose last time, from the names
// in the header and from the values. Check reads the whole file and says by sheet, row and column what is wrong and what was
// mended on the way. Load writes the rows in small transactions, so that nobody waits, under an id that nobody looks at yet, and
// makes them current in one small transaction at the end. A broken row changes nothing, unless the office leaves broken rows out;
// those are kept as a list. The same file with the same columns is loaded once.
//
// Numbers are shown in full only to roles with roster.pii; messages and reports have them masked.
//
// Files: register.go (types), mapping.go and guess.go (what a column means), value.go (texts to values), line.go (a row to a
// record), table.go (a file to records), report.go, service.go, load.go, sql.go.
//
// Tables: match_register, match_record, match_mapping.
//
// Events: match.loaded (Loaded) says that a register has become current; match.load, heard inside this package, starts loading.
package match
