// Package audit records every decision that a person makes: who, when, in which role, about what.
//
// Write is called in the transaction of the decision itself, so that there is no decision without its row and no row
// without its decision. Rows are never changed. Detail holds ids, states and reasons, not ID numbers, phones or answers.
//
// Table: audit_entry.
package audit
