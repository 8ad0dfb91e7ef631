// Package query carries items that a team cannot decide at the door to a leader, and the answer back (请示, S1.5): it is filled in after a definite
// answer.
//
//	  ┌────────withdraw───────────────▼
//	open ─answer▶ answered ─close▶ closed
//	  ▲              └─reopen┐        │
//	  └──────────────────────┴─reopen─┘
//
// The team asks from a question of a form; the phone keeps that form from completion while a query of it is open, and goes on with the rest. The
// phone sends turns by id whenever it has a network, so they come late, twice and in any order: asking is idempotent, and a turn that does
// not fit the state any more is kept as said and changes nothing. What was asked by mistake the team withdraws with a reason (撤回请示), also without a
// network: the form waits no longer, and leaders see who took it back and why; an answer that was there first stands. A leader of the region
// answers. An answer may be a ruling: it holds for every household, and everybody who comes to that question later sees it before asking.
//
// Nothing here touches answers: the team fills them in.
//
// Files: query.go (states and rules), service.go, sql.go. Tables: query_item, query_turn.
package query
