// Package signature keeps who signed what (签字, 层级负责): the form of each household, the list of all forms of a village, the list of its
// problems. Who signs in which order is a chain of the playbook, one for each kind of document (S0.7, S3.5, S3.7, S3.9).
//
//	household household ─▶ both enumerators ─▶ supervisor ─▶ township     on the phone, then by approving
//	village   group leader ─▶ leading group ─▶ guidance group             when all its forms are accepted
//	ledger    group leader ─▶ guidance group                              at any time; again when the list changes
//
// A signature names the person, the role, the time, the drawn picture if there is one, and the digest of the content: of a form the bytes
// of its revision, of a list its JSON. It counts as long as the content has that digest. A later revision voids it; that is not stored
// but seen, and the void signature stays in sight with what it was put under. When the content is again what it was, it counts again.
//
// What a form holds follows from its bytes and is read from them; it is stored, and so in the log, when the first level of review signs above it.
// A step can be signed when all before it count. Who may sign for another says why (S3.10). A picture that a household drew for an earlier
// revision is no signature under a corrected one: the reviewer, approving, signs for the household, as for an interview by phone.
//
// One person signs at most once under a list, and two who sign at the same time are one: the unique key decides.
//
// Files: signature.go (what counts), form.go (what a form holds), review.go (approving is signing), list.go (what lists say), service.go
// (lists), household.go (forms), gate.go, sql.go.
//
// Gate: ledger_signed. Tables: signature_entry, signature_content, both in the log.
package signature
