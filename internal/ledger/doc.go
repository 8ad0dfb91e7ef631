// Package ledger keeps the problems that were found until they are closed (问题台账).
//
// An item is opened by a rule of the form's problems sheet, once per household and rule of a campaign, as soon as the form is
// judged; or by a person who registers one by hand: what a visit, a petition, a check of the nation, the province or one's own, or a spot
// acceptance found, for a household of the roster, one outside it (by name), or the village. The body responsible (village or township)
// says cause and measure, fixes it and claims so with evidence; another person verifies; the office closes.
//
//	     ┌──────────judge──────────┐
//	     ▼                         │
//	registered ─start▶ fixing ─claim▶ claimed ─verify▶ verified ─close▶ closed
//	   │   ▲             │  ▲  ▲         │                │              │
//	   │   │             │  │  └─reject──┘                │              │
//	   │   │             │  └────────reopen───────────────┴──────────────┘
//	   └───┼──escalate───┴▶ escalated ─refer▶ referred
//	       ├──────judge──────────┘              │
//	       └──────decide────────────────────────┘
//
// Escalate: the village can't mend it; its secretary and the leader of the resident team have signed. Judge (the office) and decide (the
// leaders) name body, person and deadline. Supervise issues a notice (督办) with a day for the answer, answer answers it; both leave the item
// where it is. step.go is the machine, step_test.go tries every action in every state by every role.
//
// Invariants:
//
//   - who claimed an item does not verify it;
//   - each action is one row in ledger_event and one in audit; rows are never changed;
//   - an action is on an item as the person saw it: every change raises the item's version, and who acts on an older one is refused;
//   - one notice at a time; a second one only when the answer to the first is overdue. An item with an unanswered notice is not closed;
//   - when a newer revision of the form shows that a rule no longer holds, the item is marked data_clear ("cleared by data") and stays
//     where it is: somebody still verifies, which needs no claim then. When the rule holds again, the mark goes; an item that was closed in
//     between is reopened. A closed item is not reopened by a revision that repeats what the form said before it was closed;
//   - the due date is found_on plus the rule's working days, at the latest the ledger's last day (close_by of the playbook). An
//     item is overdue when its due date has passed and it is not closed; warned of in the playbook's working days before. Opened again after
//     its due date, it gets a new one; the first one stays in sight;
//   - a claim whose picture was shown for another household before, or comes from the household's own form, is noted so (evidence.go);
//   - a petition is written down in detail and with the procedure that was explained; the township answers for it, and nobody of the
//     village sees a complaint (sight.go);
//   - roles that the playbook names see a problem only after the meeting that feeds it back (sight.go).
//
// Numbers (2026-000012) come from a counter per county and year; they may have gaps, they do not repeat.
//
// Event: ledger.moved. Tables: ledger_item, ledger_event, ledger_number, ledger_petition, ledger_notice, ledger_day, ledger_feedback, ledger_common.
package ledger
