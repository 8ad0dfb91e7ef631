// Package stats estimates from a sample: totals, means, proportions, ratios and what is put together from them, with standard
// errors, intervals and verdicts. It is pure: no database, no clock, no randomness.
//
// A Design is made from the households that answered (Row: stratum, village, class inside the village, sizes in the frame,
// weight). A part of them (the poor, one township) is always a mask over all rows and never a shorter list: a village without a
// poor household says something about how villages differ.
//
//	d, err := stats.NewDesign(rows, stats.Options{})
//	f := d.Ratio(wronglyExited, persons, exited)     // 错退率 with its standard error
//	ci := f.Wilson(0.95)                             // the interval for rates
//	v := stats.Below(0.02).Judge(ci)                 // met, not_met or undecided
//
// Formulas and how they differ from other programs: docs/sampling.md. Sources: Särndal, Swensson, Wretman, Model Assisted Survey
// Sampling (1992), 4.3.21 and chapter 5 (two-stage variance, linearisation); Lumley, Complex Surveys (2010); Korn and Graubard,
// Survey Methodology 24 (1998) 193–201 (intervals); Parker and others, NCHS Series 2 no. 175 (2017) (what may be printed);
// Kish, J. Official Statistics 8 (1992) 183–200 (weights).
package stats
