package draw

import (
	"cmp"
	"math/big"
	"slices"
)

// Outlook is what a plan will give from a frame, whatever the seed: expected numbers, chances, what can never be drawn.
type Outlook struct {
	Townships  []TownshipOutlook `json:"townships"`
	Strata     []StratumOutlook  `json:"strata"`   // by the plan's order of strata
	Quotas     []QuotaOutlook    `json:"quotas"`   // by the plan's order of quotas
	Villages   int               `json:"villages"` // in the frame
	Households int               `json:"households"`
	Persons    int               `json:"persons"`
	Outside    int               `json:"outside"`   // households of classes without a quota
	Gap        int               `json:"gap"`       // households that can never be drawn (coverage_gap)
	GapShare   float64           `json:"gap_share"` // of the households with a quota
	Expected   float64           `json:"expected"`  // households in the sample
	Min        int               `json:"min"`       // the least and the most that can come out
	Max        int               `json:"max"`
	Deff       float64           `json:"deff"`    // Kish's, expected: what unequal weights cost
	PSUs       int               `json:"psus"`    // first-stage units that will be drawn
	DF         int               `json:"df"`      // PSUs − first-stage strata
	Single     int               `json:"single"`  // first-stage strata of which one of several units is drawn
	Single2    int               `json:"single2"` // second-stage strata of which one of several households is drawn
	Short      int               `json:"short"`   // villages that are taken whole because the quotas can't be filled
}

// TownshipOutlook is a township of the frame.
type TownshipOutlook struct {
	Township   string `json:"township"`
	Group      string `json:"group"`
	Villages   int    `json:"villages"`
	Draw       int    `json:"draw"`
	Households int    `json:"households"`
}

// StratumOutlook adds up a stratum over all villages of the frame.
type StratumOutlook struct {
	Stratum   string  `json:"stratum"`
	Quota     string  `json:"quota"`
	Villages  int     `json:"villages"` // that have such households
	Have      int     `json:"have"`
	Gap       int     `json:"gap"` // households that can never be drawn
	Expected  float64 `json:"expected"`
	Certainty bool    `json:"certainty"`
	WeightLo  float64 `json:"weight_min"` // least and most that a household of it stands for
	Weight    float64 `json:"weight_max"`
}

// QuotaOutlook adds up a class over all villages of the frame.
type QuotaOutlook struct {
	Quota    string  `json:"quota"`
	Have     int     `json:"have"`
	Gap      int     `json:"gap"`
	Expected float64 `json:"expected"`
	Deff     float64 `json:"deff"`
}

// tallied sums what Kish's expected design effect needs: E[n]·Σ(1/π)/N².
type tallied struct {
	n, inverse big.Rat
	covered    int
}

func (t *tallied) add(k int, pi *big.Rat) {
	if k == 0 || pi.Sign() == 0 {
		return
	}
	times := new(big.Rat).SetInt64(int64(k))
	t.covered += k
	t.n.Add(&t.n, new(big.Rat).Mul(times, pi))
	t.inverse.Add(&t.inverse, new(big.Rat).Quo(times, pi))
}

func (t *tallied) expected() float64 { x, _ := t.n.Float64(); return x }

func (t *tallied) deff() float64 {
	if t.covered == 0 {
		return 1
	}
	x, _ := new(big.Rat).Mul(&t.n, &t.inverse).Float64()
	return x / float64(t.covered) / float64(t.covered)
}

// Expect computes the Outlook. Errors as Draw, without the seed's.
func Expect(p Plan, f Frame) (Outlook, error) {
	if err := p.Check(); err != nil {
		return Outlook{}, err
	}
	f.sort()
	townships, err := p.places(f)
	if err != nil {
		return Outlook{}, err
	}
	o := Outlook{Villages: len(f.Villages), Households: len(f.Households)}
	for _, h := range f.Households {
		o.Persons += h.Persons
	}
	e := &expecter{p: p, o: &o, strata: map[string]*StratumOutlook{}, sums: map[string]*tallied{}, have: map[string]int{}, gap: map[string]int{}}
	for _, name := range p.strata() {
		e.strata[name] = &StratumOutlook{Stratum: name, Quota: p.quotaOf(name)}
	}
	for _, ps := range townships {
		e.township(ps)
	}
	e.finish()
	return o, nil
}

func (p Plan) quotaOf(stratum string) string {
	for _, c := range p.Certainty {
		if c.Code == stratum {
			return c.Quota
		}
	}
	for _, q := range p.Quotas {
		if q.Code == stratum || q.Priority != nil && (q.Priority.Stratum == stratum || q.Priority.Other == stratum) {
			return q.Code
		}
	}
	return ""
}

type expecter struct {
	p         Plan
	o         *Outlook
	all       tallied
	strata    map[string]*StratumOutlook
	sums      map[string]*tallied // by "s:"+stratum and "q:"+quota
	have, gap map[string]int      // by quota
	inQuota   int
}

func (e *expecter) sum(key string) *tallied {
	if e.sums[key] == nil {
		e.sums[key] = &tallied{}
	}
	return e.sums[key]
}

func (e *expecter) township(ps []*place) {
	p, v := e.p, ps[0].village
	g, _ := p.group(v.Group)
	t := TownshipOutlook{Township: v.Township, Group: v.Group, Villages: len(ps)}
	_, sizes := villagesOf(ps)
	for _, s := range sizes {
		t.Households += s
	}
	if p.Design == OneStage {
		t.Draw = min(g.Households, t.Households)
		e.oneStage(ps, t)
	} else {
		t.Draw = e.twoStage(ps)
	}
	e.o.Townships = append(e.o.Townships, t)
}

func (e *expecter) oneStage(ps []*place, t TownshipOutlook) {
	if t.Households == 0 {
		return
	}
	pi := big.NewRat(int64(t.Draw), int64(t.Households))
	for _, pl := range ps {
		for stratum, k := range pl.have {
			e.stratum(stratum, k, k, false, pi)
		}
	}
	e.o.Min += t.Draw
	e.o.Max += t.Draw
	e.o.PSUs += t.Draw
	e.o.DF += t.Draw - 1
	if t.Draw == 1 && t.Households > 1 {
		e.o.Single++
	}
}

func (e *expecter) twoStage(ps []*place) (draw int) {
	at := map[string]*place{}
	for _, pl := range ps {
		at[pl.village.Code] = pl
	}
	type first struct {
		n, of int
		takes []int
	}
	strata := map[string]*first{}
	for _, c := range e.p.first(ps, nil) {
		f := strata[c.stratum]
		if f == nil {
			f = &first{n: c.n, of: c.of}
			strata[c.stratum] = f
		}
		alloc, short := e.p.allocate(at[c.village.Code].have)
		if short > 0 {
			e.o.Short++
		}
		takes := 0
		for _, a := range alloc {
			takes += a.Draw
			if a.Draw == 1 && a.Have > 1 {
				e.o.Single2++
			}
			pi := new(big.Rat).Mul(c.p, big.NewRat(int64(a.Draw), int64(a.Have)))
			e.stratum(a.Stratum, a.Have, a.Draw, a.Certainty, pi)
		}
		f.takes = append(f.takes, takes)
	}
	for _, f := range strata {
		if f.n == 0 {
			continue // a type of village that the plan leaves out
		}
		slices.Sort(f.takes)
		for i := range f.n {
			e.o.Min += f.takes[i]
			e.o.Max += f.takes[len(f.takes)-1-i]
		}
		draw += f.n
		e.o.PSUs += f.n
		e.o.DF += f.n - 1
		if f.n == 1 && f.of > 1 {
			e.o.Single++
		}
	}
	return draw
}

// stratum notes k households that are drawn with the probability pi.
func (e *expecter) stratum(name string, k, drawn int, certainty bool, pi *big.Rat) {
	s := e.strata[name]
	s.Villages++
	s.Have += k
	s.Certainty = s.Certainty || certainty
	e.inQuota += k
	e.have[s.Quota] += k
	if drawn == 0 || pi.Sign() == 0 {
		s.Gap += k
		e.o.Gap += k
		e.gap[s.Quota] += k
	} else {
		w := Fraction{pi}.Inverse().Float()
		s.Weight = max(s.Weight, w)
		if s.WeightLo == 0 || w < s.WeightLo {
			s.WeightLo = w
		}
	}
	e.all.add(k, pi)
	e.sum("s:"+name).add(k, pi)
	e.sum("q:"+s.Quota).add(k, pi)
}

func (e *expecter) finish() {
	o := e.o
	o.Outside = o.Households - e.inQuota
	o.Expected, o.Deff = e.all.expected(), e.all.deff()
	if e.inQuota > 0 {
		o.GapShare = float64(o.Gap) / float64(e.inQuota)
	}
	for _, name := range e.p.strata() {
		s := e.strata[name]
		s.Expected = e.sum("s:" + name).expected()
		o.Strata = append(o.Strata, *s)
	}
	for _, q := range e.p.Quotas {
		t := e.sum("q:" + q.Code)
		o.Quotas = append(o.Quotas, QuotaOutlook{q.Code, e.have[q.Code], e.gap[q.Code], t.expected(), t.deff()})
	}
	slices.SortFunc(o.Townships, func(a, b TownshipOutlook) int { return cmp.Compare(a.Township, b.Township) })
}

// Chances gives the exact probability of every household of the frame, 0 for those that can never be drawn. Errors as Expect.
func Chances(p Plan, f Frame) (map[string]Fraction, error) {
	if err := p.Check(); err != nil {
		return nil, err
	}
	f.sort()
	townships, err := p.places(f)
	if err != nil {
		return nil, err
	}
	out := map[string]Fraction{}
	for _, ps := range townships {
		if p.Design == OneStage {
			_, sizes := villagesOf(ps)
			n := 0
			for _, s := range sizes {
				n += s
			}
			g, _ := p.group(ps[0].village.Group)
			for _, pl := range ps {
				for _, h := range p.inOrder(pl) {
					out[h.Code] = Frac(int64(min(g.Households, n)), int64(n))
				}
			}
			continue
		}
		at := map[string]*place{}
		for _, pl := range ps {
			at[pl.village.Code] = pl
		}
		for _, c := range p.first(ps, nil) {
			alloc, _ := p.allocate(at[c.village.Code].have)
			for _, a := range alloc {
				for _, h := range at[c.village.Code].units[a.Stratum] {
					out[h.Code] = Fraction{new(big.Rat).Mul(c.p, big.NewRat(int64(a.Draw), int64(a.Have)))}
				}
			}
		}
	}
	for _, h := range f.Households {
		if _, ok := out[h.Code]; !ok {
			out[h.Code] = Frac(0, 1)
		}
	}
	return out, nil
}
