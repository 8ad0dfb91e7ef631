// Package audit records every decision that a person makes: who, when, in which role, about what.
//
// Write is called in the transaction of the decision itself, so that there is no decision without its row and no row
// without its decision. Rows are never changed. Detail holds ids, states and reasons, not ID numbers, phones or answers.
//
// These rows, and those of other tables that are only ever added to (Table, declared by their owners), are also entries of a Merkle log:
// LogTx puts a row among those that wait, in the transaction that writes it; Log.Seal numbers them, grows the tree and signs it. Who has an older
// checkpoint and the public key can tell whether anything was removed or rewritten since, and which row: Log.Verify, or with a copy of the log and no
// program of ours at all (docs/log.md).
//
// Files: audit.go, service.go (decisions), table.go (what an entry says), log.go (sealing, giving out), take.go (rows from before), verify.go.
//
// Tables: audit_entry, audit_pending, audit_leaf, audit_tile, audit_log, audit_taken.
package audit
