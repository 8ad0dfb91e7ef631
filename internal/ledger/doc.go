// Package ledger keeps the problems that were found until they are closed (问题台账).
//
// An item is opened by a rule of the form's problems sheet, once per household and rule of a campaign, as soon as the form is
// judged; or by a person who registers one by hand. The body responsible (village or township) says cause and measure, fixes
// it and claims so with evidence; another person verifies; the office closes.
//
//	registered ─start▶ fixing ─claim▶ claimed ─verify▶ verified ─close▶ closed
//	                     ▲  ▲            │                 │               │
//	                     │  └───reject───┘                 │               │
//	                     └─────────────reopen──────────────┴───────────────┘
//
// Invariants:
//
//   - who claimed an item does not verify it;
//   - each action is one row in ledger_event and one in audit; rows are never changed;
//   - when a newer revision of the form shows that a rule no longer holds, the item is marked data_clear ("cleared by data") and stays
//     where it is: somebody still verifies. When the rule holds again, the mark goes; an item that was closed in between is
//     reopened. A closed item is not reopened by a revision that repeats what the form said before it was closed;
//   - the due date is found_on plus the rule's working days, at the latest the ledger's last day (close_by of the playbook). An
//     item is overdue when its due date has passed and it is not closed.
//
// Numbers (2026-000012) come from a counter per county and year; they may have gaps, they do not repeat.
//
// Event: ledger.moved. Tables: ledger_item, ledger_event, ledger_number.
package ledger
