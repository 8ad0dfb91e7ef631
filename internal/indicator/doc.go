// Package indicator works out what the forms say about the exit standard, and keeps the three determinations: wrongly included, missed, wrongly
// exited (错评、漏评、错退; S0.11, S0.12, S0.18).
//
// The indicators of a form (sheet indicators) are worked out while the form is judged; the last judged form of a household counts. The playbook's
// rules over them raise a suspicion; so may a person, by hand. A suspicion is no finding. It is verified in the township by two persons, neither of
// whom reviewed the form, decided there by somebody else or by the county, and only then told and acted upon:
//
//	         ┌──── the checks differ ────┐          ┌────────return────────┐
//	         ▼                           │          ▼                      │
//	┌─▶ suspected ─check▶ checked ─check─┴─▶ verified ─decide▶ forwarded ──┤
//	│      │ ▲               │    └all say no┐   │  │             │        │
//	│   data │ data         data             ▼   │  └─dismiss─┐  reject  confirm
//	│      ▼ │               ▼           dismissed ◀──────────┴────┘       ▼
//	│     cleared ◀──────────┘               ▲                         confirmed ─appeal▶ appealed
//	└─────────────────reopen─────────────────┴───────overturn──────────────────────────────┘ │
//	                                                                      confirmed ◀─uphold─┘
//
// Without the county (playbook: county), decide leads to confirmed. step.go is the machine; step_test.go tries every action in every state by
// every role.
//
// Invariants:
//
//   - nobody on site and no village sees anything of it before it is confirmed, and then as an item of the ledger (S0.18);
//   - the checks of a round come from different persons; as many must agree as the playbook says; one that differs begins a new round;
//   - who reviewed the form does not verify, where the playbook says independent;
//   - who verified does not decide where no county confirms; who decided or took the appeal down does not rule on it;
//   - each action is a row of indicator_event and of audit; rows are never changed;
//   - a form that no longer gives grounds clears a suspicion, visibly (cleared); later states are marked (data_clear) and persons decide. Other
//     grounds begin a new round; a dismissed case comes up again only for a ground that was not there before;
//   - what was confirmed, and what was taken back on appeal, is told to the ledger in the same transaction.
//
// Rates are made of persons in confirmed cases only (rate.go): exact where everybody is visited; from a sample with design weights, standard error
// and interval (package stats).
//
// Events: indicator.confirmed, indicator.withdrawn. Tables: indicator_value, indicator_determination, indicator_event, indicator_population,
// indicator_village.
package indicator
