package scheme

import (
	"errors"
	"fmt"
	"math/big"
	"slices"
)

var hundred = big.NewRat(100, 1)

// Score scores one unit. It fails for a scheme with mistakes, and for values that are no decimals or lie outside an item's marks.
// Where something is missing or disputed there is a Result without a score that names it.
func (s Scheme) Score(u Unit) (Result, error) {
	if m := s.Check(); len(m) > 0 {
		return Result{}, fmt.Errorf("scheme: %s: %s %q", m[0].Path, m[0].What, m[0].Got)
	}
	run := &leafRun{unit: u}
	items, share, state, err := run.branch(s.Items)
	if err != nil {
		return Result{}, fmt.Errorf("unit %s: %w", u.Code, err)
	}
	r := Result{Unit: u.Code, Items: items}
	spread(items, big.NewRat(1, 1))
	bonus, err := s.bonus(run, &r)
	if err != nil {
		return Result{}, fmt.Errorf("unit %s: %w", u.Code, err)
	}
	r.Missing, r.Disputed = run.missing, run.disputed
	r.Vetoed = s.vetoed(u)
	if state == NotApplicable {
		return r, nil // nothing of the scheme applies: there is no score
	}
	if len(r.Missing)+len(r.Disputed) > 0 {
		return r, nil
	}
	r.Base = new(big.Rat).Mul(hundred, share)
	r.Bonus = bonus
	if err := s.finish(u, &r); err != nil {
		return Result{}, fmt.Errorf("unit %s: %w", u.Code, err)
	}
	for _, code := range s.TieBreak {
		if l, ok := r.Line(code); ok && l.Share != nil {
			r.TieBreaks = append(r.TieBreaks, l.Share.RatString())
		} else {
			r.TieBreaks = append(r.TieBreaks, "0")
		}
	}
	return r, nil
}

// branch scores siblings. Its share is the weighted mean over those that apply; missing if one of them is.
func (run *leafRun) branch(items []Item) ([]Line, *big.Rat, State, error) {
	lines := make([]Line, 0, len(items))
	sum, weights, state := new(big.Rat), new(big.Rat), NotApplicable
	for _, it := range items {
		var l Line
		var err error
		if len(it.Items) > 0 {
			l = Line{Code: it.Code, Weight: it.Weight}
			l.Items, l.Share, l.State, err = run.branch(it.Items)
		} else {
			l, err = run.leaf(it)
		}
		if err != nil {
			return nil, nil, "", err
		}
		lines = append(lines, l)
		if l.State == NotApplicable {
			continue
		}
		if l.State != Scored {
			state = Missing
			continue
		}
		if state == NotApplicable {
			state = Scored
		}
		w := it.Weight.or("0")
		weights.Add(weights, w)
		sum.Add(sum, new(big.Rat).Mul(w, l.Share))
	}
	if state != Scored {
		return lines, nil, state, nil
	}
	return lines, sum.Quo(sum, weights), Scored, nil
}

// spread says what part of the total every item decides, the weights of what does not apply spread over its siblings.
func spread(lines []Line, part *big.Rat) {
	weights := new(big.Rat)
	for _, l := range lines {
		if l.State != NotApplicable {
			weights.Add(weights, l.Weight.or("0"))
		}
	}
	for i := range lines {
		l := &lines[i]
		if l.State == NotApplicable {
			continue
		}
		l.Part = new(big.Rat).Mul(part, new(big.Rat).Quo(l.Weight.or("0"), weights))
		if l.Share != nil {
			l.Gives = new(big.Rat).Mul(hundred, new(big.Rat).Mul(l.Part, l.Share))
		}
		spread(l.Items, l.Part)
	}
}

// bonus is min(cap, Σ min(item cap, per · count)). Merit that nobody reported is none.
func (s Scheme) bonus(run *leafRun, r *Result) (*big.Rat, error) {
	sum := new(big.Rat)
	for _, b := range s.Bonus {
		n, refs, ok, err := run.fact(b.Code)
		if err != nil {
			return nil, err
		}
		if !ok || n.Sign() == 0 {
			continue
		}
		if n.Sign() < 0 {
			return nil, fmt.Errorf("bonus %s: a count below zero", b.Code)
		}
		x := new(big.Rat).Mul(b.Per.or("0"), n)
		fig := map[string]string{"item": b.Code, "per": string(b.Per), "count": Text(n)}
		if b.Cap != "" && x.Cmp(b.Cap.or("0")) > 0 {
			x = b.Cap.or("0")
			fig["cap"] = string(b.Cap)
		}
		fig["points"] = Text(x)
		r.Steps = append(r.Steps, Why{What: "bonus_item", Figures: fig, Evidence: refs})
		sum.Add(sum, x)
	}
	if s.BonusCap != "" && sum.Cmp(s.BonusCap.or("0")) > 0 {
		r.Steps = append(r.Steps, Why{What: "bonus_cap", Figures: map[string]string{"points": Text(sum), "cap": string(s.BonusCap)}})
		sum = s.BonusCap.or("0")
	}
	return sum, nil
}

func (s Scheme) vetoed(u Unit) bool {
	return slices.ContainsFunc(u.Vetoes, func(v Adjustment) bool { return slices.Contains(s.Veto.Items, v.Code) })
}

var errNegative = errors.New("a deduction below zero")

// finish goes from the base to the score, in the scheme's order, and rounds once.
func (s Scheme) finish(u Unit, r *Result) error {
	r.Deducted = new(big.Rat)
	var off []Why
	for _, a := range u.Deductions {
		x, err := a.Points.Rat()
		if err != nil {
			return fmt.Errorf("deduction %s: %w", a.Code, err)
		}
		if x.Sign() < 0 {
			return fmt.Errorf("deduction %s: %w", a.Code, errNegative)
		}
		r.Deducted.Add(r.Deducted, x)
		off = append(off, Why{What: "deduction", Figures: map[string]string{"code": a.Code, "points": Text(x)}, Evidence: a.Evidence, Note: a.Reason})
	}
	bonus := r.Steps
	r.Steps = []Why{{What: "base", Figures: map[string]string{"points": Text(r.Base)}}}
	x := new(big.Rat).Set(r.Base)
	for _, step := range s.order() {
		switch step {
		case Deduct:
			r.Steps = append(r.Steps, off...)
			x = s.deduct(x, r)
		case Add:
			r.Steps = append(r.Steps, bonus...)
			x.Add(x, r.Bonus)
		case Cap:
			if s.TotalCap != "" && x.Cmp(s.TotalCap.or("0")) > 0 {
				r.Steps = append(r.Steps, Why{What: "total_cap", Figures: map[string]string{"points": Text(x), "cap": string(s.TotalCap)}})
				x = s.TotalCap.or("0")
			}
		}
	}
	r.Unvetoed = new(big.Rat).Set(x)
	x = s.veto(u, r, x)
	r.Final = x
	r.Score = Round(x, s.Rounding.Places, s.Rounding.Method)
	r.Steps = append(r.Steps, Why{What: "rounded", Figures: map[string]string{"points": Text(x), "score": string(r.Score)}})
	return nil
}

// deduct takes off what circulars took, not below the floor; the floor lifts nobody.
func (s Scheme) deduct(x *big.Rat, r *Result) *big.Rat {
	got := new(big.Rat).Sub(x, r.Deducted)
	floor := s.DeductionFloor.or("0")
	if x.Cmp(floor) < 0 {
		floor = x
	}
	if got.Cmp(floor) < 0 {
		r.Steps = append(r.Steps, Why{What: "deduction_floor", Figures: map[string]string{"points": Text(got), "floor": Text(floor)}})
		return new(big.Rat).Set(floor)
	}
	return got
}

func (s Scheme) veto(u Unit, r *Result, x *big.Rat) *big.Rat {
	if !r.Vetoed {
		return x
	}
	for _, v := range u.Vetoes {
		if slices.Contains(s.Veto.Items, v.Code) {
			r.Steps = append(r.Steps, Why{What: "veto", Figures: map[string]string{"item": v.Code, "mode": s.Veto.mode()}, Evidence: v.Evidence, Note: v.Reason})
		}
	}
	switch s.Veto.mode() {
	case VetoZero:
		return new(big.Rat)
	case VetoCap: // cut to the places that are printed: a score of 59.99 must not be printed as 60.0
		if limit := truncated(s.Veto.Cap.or("59.99"), s.Rounding.Places); x.Cmp(limit) > 0 {
			return limit
		}
	}
	return x
}
