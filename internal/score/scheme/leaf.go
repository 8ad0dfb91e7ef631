package scheme

import (
	"fmt"
	"math/big"
	"slices"
)

// leafRun collects what is missing while leaves are scored.
type leafRun struct {
	unit     Unit
	missing  []string
	disputed []string
}

func (run *leafRun) fact(name string) (*big.Rat, []Ref, bool, error) {
	f, ok := run.unit.Facts[name]
	if !ok || f.Value == "" {
		return nil, nil, false, nil
	}
	x, err := f.Value.Rat()
	if err != nil {
		return nil, nil, false, fmt.Errorf("fact %s: %w", name, err)
	}
	return x, f.Evidence, true, nil
}

// leaf gives a leaf its points and says why.
func (run *leafRun) leaf(it Item) (Line, error) {
	l := Line{Code: it.Code, Weight: it.Weight, Max: it.Max, State: Scored}
	if why, ok := run.unit.NotApplicable[it.Code]; ok {
		l.State = NotApplicable
		l.Why = []Why{{What: "not_applicable", Note: why}}
		return l, nil
	}
	done, err := run.always(it, &l)
	if err == nil && !done {
		switch it.Rule.Kind {
		case Errors:
			err = run.errors(it, &l)
		case Measure:
			err = run.measure(it, &l)
		case Manual:
			err = run.manual(it, &l)
		default:
			err = run.given(it, &l)
		}
	}
	if err != nil {
		return l, fmt.Errorf("item %s: %w", it.Code, err)
	}
	if l.Points != nil {
		m := it.Max.or("0")
		if l.Points.Sign() < 0 || l.Points.Cmp(m) > 0 {
			return l, fmt.Errorf("item %s: %s points of %s", it.Code, Text(l.Points), it.Max)
		}
		l.Share = new(big.Rat).Quo(l.Points, m)
	}
	return l, nil
}

// always looks at the facts that give none or all of the points, whatever else is known. A fact of theirs that is not known yet does
// not hold.
func (run *leafRun) always(it Item, l *Line) (bool, error) {
	for _, rule := range []struct {
		what   string
		facts  []string
		points *big.Rat
	}{{"item_veto", it.Rule.ZeroIf, new(big.Rat)}, {"full_marks", it.Rule.FullIf, it.Max.or("0")}} {
		for _, name := range rule.facts {
			x, refs, ok, err := run.fact(name)
			if err != nil {
				return false, err
			}
			if ok && x.Sign() > 0 {
				l.Points = rule.points
				l.Why = append(l.Why, Why{What: rule.what, Figures: map[string]string{"fact": name, "value": Text(x)}, Evidence: refs})
				return true, nil
			}
		}
	}
	return false, nil
}

func (run *leafRun) lacks(l *Line, what string) {
	l.State = Missing
	l.Why = append(l.Why, Why{What: "missing", Figures: map[string]string{"of": what}})
	if !slices.Contains(run.missing, what) {
		run.missing = append(run.missing, what)
	}
}

func (run *leafRun) given(it Item, l *Line) error {
	d, ok := run.unit.Points[it.Code]
	if !ok || d == "" {
		run.lacks(l, it.Code)
		return nil
	}
	x, err := d.Rat()
	if err != nil {
		return err
	}
	l.Points = x
	l.Why = []Why{{What: "given", Figures: map[string]string{"points": Text(x)}, Evidence: run.unit.Evidence[it.Code]}}
	return nil
}

// above takes off points, but not below the floor.
func above(it Item, l *Line, off *big.Rat) {
	m, floor := it.Max.or("0"), it.Rule.Floor.or("0")
	l.Points = new(big.Rat).Sub(m, off)
	if l.Points.Cmp(floor) < 0 {
		l.Why = append(l.Why, Why{What: "floor", Figures: map[string]string{"floor": Text(floor), "off": Text(off)}})
		l.Points = floor
	}
}

func (run *leafRun) errors(it Item, l *Line) error {
	off := new(big.Rat)
	for _, e := range it.Rule.PerError {
		n, refs, ok, err := run.fact(e.Fact)
		if err != nil {
			return err
		}
		if !ok {
			run.lacks(l, e.Fact)
			continue
		}
		if n.Sign() < 0 {
			return fmt.Errorf("fact %s: a count below zero", e.Fact)
		}
		cost := new(big.Rat).Mul(e.Per.or("0"), n)
		fig := map[string]string{"fact": e.Fact, "count": Text(n), "per": string(e.Per)}
		if e.Cap != "" && cost.Cmp(e.Cap.or("0")) > 0 {
			cost = e.Cap.or("0")
			fig["cap"] = string(e.Cap)
		}
		fig["off"] = Text(cost)
		l.Why = append(l.Why, Why{What: "per_error", Figures: fig, Evidence: refs})
		off.Add(off, cost)
	}
	if l.State != Missing {
		above(it, l, off)
	}
	return nil
}

func (run *leafRun) measure(it Item, l *Line) error {
	r := it.Rule
	x, refs, ok, err := run.fact(r.Fact)
	if err != nil {
		return err
	}
	if !ok {
		run.lacks(l, r.Fact)
		return nil
	}
	short := new(big.Rat).Sub(r.Target.or("0"), x)
	if r.Side == "at_most" {
		short.Neg(short)
	}
	fig := map[string]string{"fact": r.Fact, "value": Text(x), "target": string(r.Target)}
	if short.Sign() <= 0 {
		l.Points = it.Max.or("0")
		l.Why = []Why{{What: "target_met", Figures: fig, Evidence: refs}}
		return nil
	}
	steps := new(big.Rat).Quo(short, r.Step.or("1"))
	if r.Part != "in_parts" {
		n, rest := new(big.Int).QuoRem(steps.Num(), steps.Denom(), new(big.Int))
		if r.Part == "started" && rest.Sign() > 0 {
			n.Add(n, big.NewInt(1))
		}
		steps.SetInt(n)
	}
	off := new(big.Rat).Mul(steps, r.Per.or("0"))
	fig["short"], fig["step"], fig["steps"], fig["per"], fig["off"] = Text(short), string(r.Step), Text(steps), string(r.Per), Text(off)
	l.Why = []Why{{What: "short_of_target", Figures: fig, Evidence: refs}}
	above(it, l, off)
	return nil
}

// manual: so many different evaluators with evidence, within the tolerance: their mean. A ruling with evidence beats them.
func (run *leafRun) manual(it Item, l *Line) error {
	need := it.Rule.Evaluators
	if need == 0 {
		need = 2
	}
	var points []*big.Rat
	by := map[string]bool{}
	var ruling *big.Rat
	for _, r := range run.unit.Ratings[it.Code] {
		x, err := r.Points.Rat()
		if err != nil {
			return err
		}
		if x.Sign() < 0 || x.Cmp(it.Max.or("0")) > 0 {
			return fmt.Errorf("%s points of %s", r.Points, it.Max)
		}
		why := Why{What: "rating", Figures: map[string]string{"by": r.By, "points": string(r.Points)}, Evidence: r.Evidence, Note: r.Note}
		switch {
		case len(r.Evidence) == 0:
			why.What = "rating_without_evidence"
		case r.Ruling:
			why.What = "ruling"
			ruling = x
		case by[r.By]:
			why.What = "rating_again"
		default:
			by[r.By] = true
			points = append(points, x)
		}
		l.Why = append(l.Why, why)
	}
	slices.SortFunc(l.Why, func(a, b Why) int { return compareText(a.Figures["by"], b.Figures["by"]) })
	if ruling != nil {
		l.Points = ruling
		return nil
	}
	if len(points) < need {
		run.lacks(l, it.Code)
		return nil
	}
	lo, hi, sum := points[0], points[0], new(big.Rat)
	for _, x := range points {
		if x.Cmp(lo) < 0 {
			lo = x
		}
		if x.Cmp(hi) > 0 {
			hi = x
		}
		sum.Add(sum, x)
	}
	gap := new(big.Rat).Sub(hi, lo)
	if gap.Cmp(it.Rule.Tolerance.or("0")) > 0 {
		l.State = Disputed
		l.Why = append(l.Why, Why{What: "evaluators_differ", Figures: map[string]string{"gap": Text(gap), "tolerance": Text(it.Rule.Tolerance.or("0"))}})
		run.disputed = append(run.disputed, it.Code)
		return nil
	}
	l.Points = sum.Quo(sum, new(big.Rat).SetInt64(int64(len(points))))
	l.Why = append(l.Why, Why{What: "mean_of_evaluators", Figures: map[string]string{"points": Text(l.Points)}})
	return nil
}

func compareText(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
