// Package scheme scores units (townships, villages, resident teams, departments) by a scheme: a tree of items with weights, rules for the
// leaves, deductions, a capped bonus, vetoes. It is pure: no database, no clock, and no binary fractions in a score; every number is an
// exact fraction until it is rounded once, at the end.
//
//	s := scheme.Scheme{…}                 // as data: JSON, or a playbook's section
//	if m := s.Check(); len(m) > 0 { … }   // what is wrong with it, by path
//	r, err := s.Score(unit)               // a Result with a Line for every item: why it has its points, down to the evidence
//	places, err := s.Rank(results)        // competition, dense, ordinal …
//
// Streaks of last places and their consequences: Streaks. Scores of several rounds put together: Compose. How much the weights matter:
// Robustness (the only part that needs roots, and so floating point; nothing of it enters a score).
//
// Rounding is that of GB/T 8170-2008: half to even, negative numbers by absolute value, never twice. Composite practice: OECD/JRC, Handbook
// on Constructing Composite Indicators (2008). Definitions and their variants: docs/score.md.
package scheme
