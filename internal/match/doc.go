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
// Who is who: every register is linked to the base (Identities; package link does the thinking). A run links one kind; its
// links are auto, or wait for a clerk (review), who confirms or rejects them; a decision is kept by the two persons and
// holds for later runs. Persons of one register whom another lacks are suspects (open, explained, to visit): hidden from
// everybody who goes on site (S0.18). A household to be visited gets a tag in the base list, which sampling may name.
// Files: identity.go, identity_source.go, identity_run.go, identity_queue.go, identity_sql.go; suspect*.go.
//
// Figures (agreement) are compared across registers, base list, paper and visit: agree.go (the verdict, pure), agreement.go, settle.go, site.go,
// correction.go, paper.go; agreement_link.go says which row of a register is whose. See docs/registers.md.
//
// Tables: match_register, match_record, match_mapping, match_value, match_agreement, match_paper; match_run, match_link, match_decision, match_house; match_suspect,
// match_suspect_pair.
//
// Events: match.loaded (Loaded) says that a register has become current; match.load, heard inside this package, starts loading.
// match.linked (Linked) says that the links of a kind are new; match.link, heard inside this package, is one run.
package match
