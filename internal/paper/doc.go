// Package paper prints the paper track of a campaign (S0.13, S4.3): prefilled questionnaires, empty ones, household lists, sheets
// for the listing (清查摸底) and the visits of teams, as PDF.
//
// Who prints asks for a Job: what, of which villages, teams or households. The households are settled in that transaction, the
// print is audited (who, what, which villages, how many, whether ID numbers are readable), and the job is cut into files: forms
// by village, large ones in parts; lists together. Each file is one event; the files are made in the background, one after another:
//
//	queued ─▶ building (households are laid out) ─▶ printing (the browser works) ─▶ ready ─▶ gone
//	                          └────────────┴─▶ failed
//
// A file is kept for a day, then Sweep removes it: it holds names and numbers. Files are seen by the person who asked for them,
// as long as role and region still allow what is in them. A failed file is not tried again by itself: the error says what
// to do, and the job can be asked for once more.
//
// ID numbers and phones are printed in full only for roles with roster.pii. Every page says who printed it and when.
//
// Layout is in package paper/layout, the PDF in docgen. Event: paper.asked. Tables: paper_job, paper_file.
package paper
