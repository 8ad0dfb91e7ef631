package indicator

import (
	"math"
	"slices"

	"ruhu/internal/playbook"
	"ruhu/internal/sampling/draw"
	"ruhu/internal/stats"
)

// sample estimates from the households of the draw that answered.
type sample struct {
	census
	d     *stats.Design
	rows  []house
	place []bool
	gap   func(classes []string) bool
	deff  float64
}

func newSample(c census) *sample {
	byCode := map[string]house{}
	answered := map[string]bool{}
	for _, h := range c.houses {
		byCode[h.code] = h
		answered[h.code] = h.answered
	}
	s := &sample{census: c, gap: func(classes []string) bool { return c.drawn.Gap(c.drawn.Quotas(classes)...) }}
	d, codes, merges, err := c.drawn.Design(answered)
	if err != nil { // nobody has answered yet
		return s
	}
	if slices.ContainsFunc(merges, func(m draw.Merge) bool { return m.Lost }) { // nobody stands for some households
		s.gap = func([]string) bool { return true }
	}
	rows := make([]house, len(codes))
	for i, code := range codes {
		rows[i] = byCode[code]
	}
	s.take(d, rows)
	return s
}

// take sets the design and the household of each of its rows.
func (s *sample) take(d *stats.Design, rows []house) {
	s.d, s.rows, s.deff = d, rows, stats.KishDeff(d.Weights())
	s.place = make([]bool, len(rows))
	for i, h := range rows {
		s.place[i] = h.in
	}
}

// estimate is the rate by the formulas of docs/sampling.md, section 3: a ratio of persons in the domain of a class, linearised; the composite rate
// 'as the manuals' from the ratios and the known numbers of persons; Wilson's interval on the effective number of households.
func (s *sample) estimate(r playbook.Rate, x *RateResult) {
	if s.d == nil {
		x.Why = append(x.Why, WhyIncomplete)
		return
	}
	f, shift, why := s.figure(r, false)
	if why != "" {
		x.Why = append(x.Why, why)
		return
	}
	x.Known, x.Estimate, x.SE, x.DF, x.Deff, x.N = true, shift+f.Estimate, f.SE, f.DF, s.deff, f.N
	i := moved(f.Wilson(level), shift)
	x.Lo, x.Hi = i.Lo, i.Hi
	x.Flags = append(x.Flags, f.Flags(i)...)
	limit := stats.Limit{Threshold: r.Threshold, AtLeast: r.Side == "at_least"}
	x.Verdict = limit.Judge(i)
	if x.Verdict == stats.Undecided {
		x.Why = append(x.Why, WhyIntervalBoth)
	}
	if x.Pending > 0 {
		g, _, _ := s.figure(r, true)
		p := shift + g.Estimate
		x.Preview = &p
		if limit.Judge(moved(g.Wilson(level), shift)) != x.Verdict {
			x.Verdict = stats.Undecided
			x.Why = append(x.Why, WhyOpen)
		}
	}
	if s.gap(r.Classes) {
		x.Verdict = stats.Undecided
		x.Why = append(x.Why, WhyGap)
	}
}

func moved(i stats.Interval, by float64) stats.Interval {
	return stats.Interval{Lo: i.Lo + by, Hi: math.Min(1, i.Hi+by)}
}

// figure gives the estimate and the known part that is added to it.
func (s *sample) figure(r playbook.Rate, pending bool) (f stats.Figure, shift float64, why Why) {
	switch r.Code {
	case playbook.Approval:
		f = s.d.Mean(s.values(func(h house) float64 {
			y, asked := h.figures[r.Indicator]
			if !asked {
				return math.NaN()
			}
			return y
		}), s.domain(r.Classes))
	case playbook.Composite:
		all := s.rural()
		if math.IsNaN(all) {
			return f, 0, WhyPopulation
		}
		if all <= 0 {
			return f, 0, WhyNobody
		}
		var terms []stats.Term
		for _, code := range kinds(r) {
			part, _ := s.rates.Find(code)
			g, _, why := s.figure(part, pending)
			if why != "" {
				return f, 0, why
			}
			terms = append(terms, stats.Term{Factor: s.base(part) / all, Figure: g})
		}
		f, shift = stats.Linear(0, terms...), s.people(r.Poor)/all
	default:
		cases := s.values(func(h house) float64 { return s.cases(r.Code, h, pending) })
		if r.Code == playbook.Missed && s.rates.Asks() {
			x := s.base(r)
			if math.IsNaN(x) {
				return f, 0, WhyPopulation
			}
			if x <= 0 {
				return f, 0, WhyNobody
			}
			f = stats.Linear(0, stats.Term{Factor: 1 / x, Figure: s.d.Total(cases, s.domain(r.Classes))})
		} else {
			f = s.d.Ratio(cases, s.values(func(h house) float64 { return h.persons }), s.domain(r.Classes))
		}
	}
	if math.IsNaN(f.Estimate) || f.N == 0 {
		return f, 0, WhyNobody
	}
	return f, shift, ""
}

func (s *sample) values(of func(house) float64) []float64 {
	out := make([]float64, len(s.rows))
	for i, h := range s.rows {
		out[i] = of(h)
	}
	return out
}

// domain masks the households of classes in the place: a mask over all rows, never a shorter list.
func (s *sample) domain(classes []string) []bool {
	out := make([]bool, len(s.rows))
	for i, h := range s.rows {
		out[i] = s.place[i] && h.of(classes)
	}
	return out
}
