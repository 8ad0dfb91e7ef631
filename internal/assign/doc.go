// Package assign decides who visits whom on which day.
//
// A Team is a fixed group of enumerators (S3.4: two). A plan gives every household that is visited (of the sample, where the playbook has a
// design) one team and one day. The rules always hold, for plans and for changes by hand alike: those of the playbook's section team, ties of
// members to villages and households, days off, what is agreed with households. A new plan leaves alone what is begun, handed in or moved by
// hand; one of the rest (Rest, DropTeam) also leaves alone everything that can be done as it was planned.
//
// How a plan is found, and how it is explained that there is none: package solve, which is pure, and docs/assign.md.
//
// The state of an assignment follows what happens to its form:
//
//	open → submitted → done
//	  ↓       ↓↑
//	  ↓    returned
//	  ↓        ↓
//	  replaced           begun, but the household was struck or replaced in the sample: counts nowhere; what still comes is kept
//
// A visit that is open or returned is filled in with the present version of its form: the package hears survey.form_published (version.go).
//
// Every change is an event: assign.planned (plan and moves) and assign.moved (states), both with the payload Moved.
//
// Tables: assign_team, assign_member, assign_assignment, assign_plan, assign_tie, assign_off,
// assign_arrangement, assign_refusal, assign_guide.
package assign
