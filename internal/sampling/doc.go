// Package sampling draws which households a campaign visits, so that a stranger can show afterwards that the draw was honest.
//
// The design is the playbook's (playbook.Sampling; S2.8). The office says which township is of which group and which village is of
// which type, and then goes three steps that can't be exchanged:
//
//	freeze   the frame becomes a file; its SHA-256 and the plan's are committed and shown
//	seed     a number from a public draw is typed in, with its source and witnesses; the sample follows from it
//	publish  the sample and its record may be seen by everybody
//
//	frozen → drawn → published
//	   ↓        ↓________↓
//	withdrawn   replaced             both by a new draw with a reason; nothing is deleted
//
// A household that does not exist or has moved away for good is replaced by the next of its stratum's order; whoever refuses or is away
// is not replaced. Probabilities and weights are exact fractions and never change afterwards.
//
// Package draw computes; this one keeps. To other rooms it offers SelectedTx and the event sampling.drawn. docs/sampling.md has the
// formulas and the layout of the record.
//
// Tables: sampling_place, sampling_draw, sampling_unit, sampling_use.
package sampling
