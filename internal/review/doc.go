// Package review lets the levels of the playbook look at forms: each level approves, or returns with comments at questions.
//
// A judged form waits at the first level (S3: the supervisor), then at the next (the township office); after the last it is
// accepted and the assignment is done. A level looks at all forms, at a part that is drawn by their digest, or at those in which something was
// found; the others go past it, which is written down. A reviewer never changes an answer: who doubts one returns the form, and the team sends a
// new revision. That starts at the first level again, because what was approved were other bytes.
//
//	review(level k) ─approve▶ review(level k+1) … ─approve at the last▶ accepted ─reopen (the last level)▶ returned
//	      └─return▶ returned ─▶ (new revision) review(first level)
//	quarantined ─return▶ returned          (when the form has an assignment: the team can mend it)
//
// A level may also annotate: write at questions of a form wherever it waits, which moves nothing.
//
// A form with errors, with a warning that nobody has explained, or whose photographs have not arrived cannot be approved.
// Decisions name the revision that was looked at; when a newer one has come in meanwhile, the decision is refused
// (review.stale). Approving is signing: package signature puts the reviewer's name under the bytes that were looked at. Every decision is a row
// here and in audit, in the transaction that moves the form and its assignment.
//
// A comment at a question begins a thread. Reviewers reply; the level that began it, or a later one, resolves and reopens it; an approval resolves what
// the level may resolve. What is open goes to the phone with a returned form, where the team answers in its next revision.
//
//	open ─resolve▶ resolved ─reopen▶ open
//
// A meeting (joint review, 会审) is called by a level and decides household by household: approve, return, or refer, which leaves the form where it is.
// At a level that the playbook calls joint there is no other way. A level with the power assign_code gives forms their code when it approves them.
//
// A village is accepted (验收) when nothing is missing in it: see Lack. A form that goes back reopens it.
//
//	open ─accept▶ accepted ─reopen, or a form goes back▶ reopened ─accept▶ accepted
//
// The package also shows a form to people: the answers by section in words, what the engine found, what changed since the last
// revision. ID numbers and phones are masked for roles that may not see them.
//
// Events: review.accepted, review.returned, review.area_accepted, review.area_reopened. Tables: review_decision, review_comment, review_thread,
// review_said, review_passed, review_meeting, review_verdict, review_code, review_area, review_area_act.
package review
