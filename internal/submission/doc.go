// Package submission takes in what the phones send and says what the form engine thinks of it.
//
// A submission is the form of one household: everything that came under one meta/instanceID. Each arrival with other bytes
// is a revision of it, numbered from 1. Bytes are kept as they came (submission_revision, written once); nothing that was
// received is refused or overwritten, except a body that is empty or larger than MaxBody.
//
//	arrival ─▶ intake (group commit) ─▶ receipt ─▶ judging (form engine) ─▶ review
//
// Intake does not parse the form. It reads the instance id and the names of files with a small scanner, decides whether the
// arrival fits an assignment of the sender's team, and writes a whole group of arrivals in one transaction. The receipt is
// given after the commit. Three rules hold there:
//
//   - the same id with the same bytes is the same submission: the receipt it had, marked as duplicate;
//   - the same id with other bytes is the next revision, if it was edited from the current one (base);
//   - what fits nothing, or was edited from an older revision, or comes from another team, is kept and quarantined: a first
//     arrival as a submission in state quarantined, a later one as a revision that is set aside while the current one stands.
//
// States of a submission:
//
//	received ─▶ review(level) ─▶ accepted
//	   ▲  └─▶ quarantined   └─▶ returned ─▶ (new revision) received
//
// A revision that arrives before a decision replaces the one in review and starts again at the first level, because approvals
// are given to bytes, not to households. For the same reason a corrected form starts at the first level whoever returned it.
// A revision of an accepted form is set aside.
//
// Judging happens outside the intake, in batches and on several cores. It validates the revision, stores the findings and the
// codes of the problem rules that hold, works out the indicators while the form is open, and moves the submission to the first review level. What the engine cannot
// read as this form is quarantined. What was judged last is at hand for the rooms below (Reader), so that a form is parsed once.
// A badge that a phone scanned when the second enumerator confirmed is checked again; one that does not hold is a finding.
//
// Two phones may edit the same revision. The second edit is set aside, and then compared with the first, question by question, against the
// revision that both began with (package merge). Edits that do not touch the same question are put together as a new revision, marked via =
// merge; where they do, a supervisor sees three versions and decides which edit stands. Nobody writes an answer in either case.
//
// Other apps (ODK Collect) take the same street. An edit there has an instance id of its own and names the one before, so submission_instance tells which
// submission and revision an instance is; files come under the app's own names, in several parts, and are noted in submission_attachment.
//
// A second form for a household that has one, with an instance id of its own, is quarantined and compared question by question with the form that
// stands: a second keying of the same paper, or a second phone at the same door. Where both say the same it is put aside (and the keying counts as
// verified); where they differ, a person says which form stands.
//
// Events: submission.received, submission.judged, submission.measured, submission.set_aside, submission.second. Tables: submission, submission_revision, submission_judgement,
// submission_finding, submission_conflict, submission_instance, submission_attachment, submission_second, submission_badge.
package submission
