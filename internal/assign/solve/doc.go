// Package solve finds who visits whom on which day: the pure core of package assign. The same Problem gives the same Result.
//
// A plan gives every job (a household) one team and one day. Rules always hold: a team does not go where it may not (Team.Closed,
// Job.Not), a team's day has at most PerDay jobs in at most VillagesPerDay villages, an appointment is kept, and, with Reciprocal, no two
// areas send teams to each other. What is there already (Team.Used) counts and is not touched. Among the plans that hold the rules it looks
// for an even load first and short ways second.
//
// How it is found: the villages are strung on a short tour, the line of their households is cut into as many pieces as there are teams
// ("route first, cluster second"; Beasley, Omega 11, 1983), pieces are filled into days. What found no place is pushed in along augmenting
// paths (Edmonds and Karp, J. ACM 19, 1972): job to team-day, whose job goes to another team-day, and so on to one with room. Without
// VillagesPerDay and Reciprocal that is exact: when no path is left, the team-days that can still be reached are full, and by the theorem of
// maximum flow and minimum cut no plan exists. The cut is the explanation. The same paths level the load.
//
// VillagesPerDay and Reciprocal make the question NP-hard. For these two the answer "no plan" is marked as proven when a relaxation (without
// the two rules, or counting village-days) has none, and as not proven otherwise; the number of missing team-days is then enough, but
// fewer may do.
package solve
