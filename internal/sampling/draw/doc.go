// Package draw selects villages and households from a frame by a plan and a seed, and says with what probability each could have
// been selected. It is pure: the same plan, frame and seed give the same sample on any machine, and a stranger can check a draw with
// sha256sum (docs/sampling.md).
//
//	frame, err := draw.ReadFrame(csv)          // what is drawn from; its SHA-256 is published before the seed is known
//	sample, err := draw.Draw(plan, frame, seed)
//	diffs, err := draw.Verify(record, csv)     // recompute a published draw
//
// Rules, named in docs/sampling.md: RULE-C (stratum of a household), RULE-S (making up for a class that is short), RULE-H (order by
// SHA-256). Probabilities are exact fractions.
package draw
