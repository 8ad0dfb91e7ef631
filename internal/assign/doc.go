// Package assign decides who visits whom on which day.
//
// A Team is a fixed group of enumerators (S3.4: two). A plan gives every household that a form of the campaign applies to
// one team and one day. The playbook's rules always hold, for the automatic plan and for changes by hand alike: no member
// of the team lives in the household's village, a team has at most households_per_day visits on a day, and the day lies in
// the visit stage. Where it can, the plan keeps a village with few teams and a team in one village for the whole day.
//
// Whether a plan exists is a question of maximum flow (villages → teams → team-days); when it does not, the minimum cut names
// the villages that are short and how many team-days are missing. See flow.go and plan.go; both are pure.
//
// The state of an assignment follows what happens to its form:
//
//	open → submitted → done
//	          ↓↑
//	       returned         replaced: another household was visited instead; counts nowhere
//
// Every change is an event: assign.planned (plan and moves) and assign.moved (states), both with the payload Moved.
//
// Tables: assign_team, assign_member, assign_assignment, assign_plan.
package assign
