// Package circular compares the villages of a campaign at the end of a period and issues what came out: the weekly circular with its ranking
// (S0.15, S0.17), and the daily return of forms.
//
// A day ends at the playbook's cut-off: what happens later belongs to the next day, and so a late form counts in the next period. Counts keep,
// per village and day, what changed: visits planned, forms handed in, forms accepted, problems found, problems closed. They are changed by
// handlers inside the transaction of the fact (assign.planned, assign.moved, ledger.moved), and a day that is over is not changed any more.
// Figures of a period are sums up to its last day, so they come out the same whenever they are computed; issuing computes them once more
// and refuses when they do not.
//
// A village is ranked by an exact fraction (accepted / assigned, …); without anything to do it has no place. Equal villages share a place
// (competition rank). Where a playbook ranks nobody (ranking: off, or purpose: statistical), there are neither places nor consequences.
//
//	period over ─▶ computed ─▶ approved ─▶ issued
//	                  └────────────┴──────────┴──▶ withdrawn (with the reason)
//
// Sweep computes what is due. The leader approves, the office issues: other roles, other persons; both name the digest of what they have read.
// A circular gets its number (第 3 期) when it is issued and keeps it. Circulars of a series are issued in the order of their periods and withdrawn from
// the last one backwards, so that nothing that was issued rests on something that is not any more. An issued circular is never changed: a
// mistake is mended by a later one.
//
// Points that follow go off the round of the score that the series names, in the transaction that issues, and come back when the circular is withdrawn.
//
// Streaks of last places are counted over issued circulars of the same series, by scheme.StreakRule. Events: circular.issued and
// circular.withdrawn, with the consequences.
//
// Tables: circular_count, circular_sheet, circular_number, circular_issue (in the log).
package circular
