// Package quality looks for what is remarkable in forms, and holds second interviews against first ones.
//
// Every form that has been judged leaves a fact: times, position, answers to choices, the numbers that the playbook names, and marks that
// should be its own (digests of number and phone, photographs, position). Rules that need one form and its namesakes run when it arrives;
// those that need all forms run once a night, and when an office asks. What they find is a Finding, one per rule, question and form (or
// team), with the figure and the threshold:
//
//	open ──explain (with a reason)──▶ explained
//	  │ ▲                                │
//	  ▼ │ the rule holds again           │ the rule holds no longer
//	 gone ◀──────────────────────────────┘
//
// A finding accuses nobody; the enumerators and villages do not see it. What was explained stays explained when the rule holds again.
//
// Recheck is a second interview (事后质量抽查): a sample that follows from a seed, drawn by village from the accepted forms; each household goes
// to a team that did not visit it; who asks again does not see the first answers, and answers once. Then the two are compared by question,
// type, village and team, with intervals.
//
// Files: fact.go (what is kept of a form), rule.go (one form), night.go (all forms), hand.go (one hand for many), service.go, list.go, sql.go; recheck*.go. All figures
// come from package measure. Thresholds are in the playbook's section quality.
//
// Tables: quality_fact, quality_mark, quality_finding, quality_run, quality_recheck, quality_recheck_house, quality_coverage.
package quality
