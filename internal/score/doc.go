// Package score evaluates units (villages, townships, resident teams, departments) by the scheme of the playbook. The arithmetic, and why a
// score is what it is, are in package scheme.
//
//	round:  open ──every unit has a score──▶ closed
//
// A round is one evaluation of one kind of unit. Opening it freezes the scheme: a later change of the playbook does not reach it. While it is open,
// offices enter points and facts, each with evidence, and say which items do not apply, with the reason; evaluators rate the manual items, two of
// them, each with evidence, and see each other's points only when both are there; who has not rated may rule on a dispute. Circulars take
// points off and vetoes come in as adjustments (AdjustTx), each decision once. A closed round does not change.
//
// WhatIf computes a round with another scheme or other values and writes nothing.
//
// A survey whose purpose is statistical has no scores at all; where the playbook turns ranking off there are scores without places.
//
// Tables: score_round, score_unit, score_entry, score_rating, score_adjustment.
package score
