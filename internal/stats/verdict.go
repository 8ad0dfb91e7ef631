package stats

import "math"

// Verdict on a limit.
type Verdict string

// The verdicts. Undecided is an answer: the sample is too small to tell.
const (
	Met       Verdict = "met"
	NotMet    Verdict = "not_met"
	Undecided Verdict = "undecided"
)

// Limit is what a share is held against.
type Limit struct {
	Threshold float64
	AtLeast   bool // false: must lie below
}

// Below is met by what is certainly less than x (rates).
func Below(x float64) Limit { return Limit{Threshold: x} }

// AtLeast is met by what is certainly x or more (approval).
func AtLeast(x float64) Limit { return Limit{Threshold: x, AtLeast: true} }

// Judge compares the whole interval with the limit, unrounded; never the estimate alone (S2, SAMPLING §3.4).
func (l Limit) Judge(i Interval) Verdict {
	switch {
	case math.IsNaN(i.Lo) || math.IsNaN(i.Hi):
		return Undecided
	case l.AtLeast && i.Lo >= l.Threshold, !l.AtLeast && i.Hi < l.Threshold:
		return Met
	case l.AtLeast && i.Hi < l.Threshold, !l.AtLeast && i.Lo >= l.Threshold:
		return NotMet
	}
	return Undecided
}

// Flag is a reason to print a share with a warning or not at all (NCHS 2017).
type Flag string

// The flags.
const (
	FewEffective Flag = "effective_n_below_30"
	WideAbsolute Flag = "interval_at_least_30_points"
	WideRelative Flag = "interval_over_130_percent"
	FewDF        Flag = "degrees_of_freedom_below_8"
	ZeroOrOne    Flag = "share_is_0_or_1"
)

// Flags checks a share with its interval. The effective sample size is capped at the number of households. An interval of at most 5
// points is never too wide.
func (f Figure) Flags(i Interval) []Flag {
	var out []Flag
	add := func(on bool, flag Flag) {
		if on {
			out = append(out, flag)
		}
	}
	w, p := i.Width(), f.Estimate
	add(min(float64(f.N), f.EffectiveN()) < 30, FewEffective)
	add(w >= 0.30, WideAbsolute)
	add(w > 0.05 && w < 0.30 && w > 1.3*p, WideRelative)
	add(f.DF < 8, FewDF)
	add(p <= 0 || p >= 1, ZeroOrOne)
	return out
}
