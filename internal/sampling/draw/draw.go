package draw

import (
	"math/big"

	"ruhu/internal/errs"
)

// Sample is the outcome of a draw. Its JSON is part of the published record; the order of everything is fixed.
type Sample struct {
	Villages []DrawnVillage `json:"villages"`
	Strata   []Stratum      `json:"strata"`
	Units    []Unit         `json:"units"`
	Reserve  []Unit         `json:"reserve"` // replacements, in the order in which they are used inside each stratum
}

// DrawnVillage is a village of the sample; with one stage, a township whose households were drawn.
type DrawnVillage struct {
	Township string   `json:"township"`
	Group    string   `json:"group"`
	Village  string   `json:"village"`
	Type     string   `json:"type,omitempty"`
	Stratum  string   `json:"stratum"`           // of the first stage
	Order    int      `json:"order"`             // 1 was drawn first
	Drawn    int      `json:"drawn"`             // villages of the stratum that were drawn
	Of       int      `json:"of"`                // villages of the stratum in the frame
	Attempt  int      `json:"attempt,omitempty"` // rule both: which draw had both types
	P        Fraction `json:"p"`
	Short    int      `json:"short,omitempty"` // households that the quotas lack: the village is taken whole
}

// Stratum is a class of households in a village of the sample.
type Stratum struct {
	Village     string `json:"village"` // with one stage: the township
	Stratum     string `json:"stratum"`
	Quota       string `json:"quota"`
	Have        int    `json:"have"`                   // M, in the frame
	Draw        int    `json:"draw"`                   // m
	Certainty   bool   `json:"certainty"`              // all of them are in the sample
	CoverageGap bool   `json:"coverage_gap,omitempty"` // none of them can ever be drawn
}

// Unit is a household of the sample or of the reserve. Its weight is 1/P.
type Unit struct {
	Household string   `json:"household"`
	Village   string   `json:"village"`
	Stratum   string   `json:"stratum"`
	Quota     string   `json:"quota"`
	Order     int      `json:"order"` // place in the order of its stratum, from 1
	P1        Fraction `json:"p1"`
	P2        Fraction `json:"p2"`
	Weight    Fraction `json:"weight"`
	Persons   int      `json:"persons"`
}

// Fraction is an exact number in JSON and text: "3/7", "1".
type Fraction struct{ *big.Rat }

// Frac makes a/b.
func Frac(a, b int64) Fraction { return Fraction{big.NewRat(a, b)} }

// MarshalText writes "3/7", or "1" for a whole number.
func (f Fraction) MarshalText() ([]byte, error) { return []byte(f.String()), nil }

// UnmarshalText reads it. Returns Invalid "sampling.fraction".
func (f *Fraction) UnmarshalText(b []byte) error {
	r, ok := new(big.Rat).SetString(string(b))
	if !ok || len(b) > 200 {
		return errs.Invalid.New("sampling.fraction")
	}
	f.Rat = r
	return nil
}

// String gives "3/7", or "1" for a whole number; "0" for none.
func (f Fraction) String() string {
	if f.Rat == nil {
		return "0"
	}
	return f.RatString()
}

// Float is the nearest float64.
func (f Fraction) Float() float64 {
	if f.Rat == nil {
		return 0
	}
	x, _ := f.Float64()
	return x
}

// Inverse is 1/f, the weight of a probability; 0 for 0.
func (f Fraction) Inverse() Fraction {
	if f.Rat == nil || f.Sign() == 0 {
		return Frac(0, 1)
	}
	return Fraction{new(big.Rat).Inv(f.Rat)}
}

// place is a village with its households by stratum.
type place struct {
	village Village
	have    map[string]int
	units   map[string][]Household
}

// places groups a frame by township. Households of classes without a quota are left out: they are outside the sampled population.
func (p Plan) places(f Frame) (townships [][]*place, err error) {
	at, in := map[string]*place{}, map[string]int{}
	for _, v := range f.Villages {
		if _, ok := p.group(v.Group); !ok {
			return nil, errs.Invalid.New("sampling.no_group", "township", v.Township, "group", v.Group)
		}
		pl := &place{village: v, have: map[string]int{}, units: map[string][]Household{}}
		at[v.Code] = pl
		i, ok := in[v.Township]
		if !ok {
			i = len(townships)
			in[v.Township] = i
			townships = append(townships, nil)
		} else if townships[i][0].village.Group != v.Group {
			return nil, errs.Invalid.New("sampling.no_group", "township", v.Township, "group", v.Group)
		}
		townships[i] = append(townships[i], pl)
	}
	for _, h := range f.Households {
		s, _, ok := p.classify(h)
		pl := at[h.Village]
		if !ok || pl == nil {
			continue
		}
		pl.have[s]++
		pl.units[s] = append(pl.units[s], h)
	}
	return townships, nil
}

func villagesOf(ps []*place) (vs []Village, sizes []int) {
	for _, pl := range ps {
		n := 0
		for _, k := range pl.have {
			n += k
		}
		vs, sizes = append(vs, pl.village), append(sizes, n)
	}
	return vs, sizes
}

// first runs the first stage of a township; nil seed gives all villages with their probabilities.
func (p Plan) first(ps []*place, seed *string) []chosen {
	vs, sizes := villagesOf(ps)
	if p.Method == PPS {
		return p.pps(vs, sizes, seed)
	}
	return p.stage1(vs, seed)
}

// Draw selects by plan from frame with seed. It returns Invalid "sampling.plan", "sampling.no_group" (a township of a group that the plan
// does not know, or of two groups), "sampling.no_seed".
func Draw(p Plan, f Frame, seed string) (Sample, error) {
	if err := p.Check(); err != nil {
		return Sample{}, err
	}
	if seed == "" {
		return Sample{}, errs.Invalid.New("sampling.no_seed")
	}
	f.sort()
	townships, err := p.places(f)
	if err != nil {
		return Sample{}, err
	}
	s := Sample{Villages: []DrawnVillage{}, Strata: []Stratum{}, Units: []Unit{}, Reserve: []Unit{}}
	for _, ps := range townships {
		if p.Design == OneStage {
			p.oneStage(ps, &seed, &s)
			continue
		}
		at := map[string]*place{}
		for _, pl := range ps {
			at[pl.village.Code] = pl
		}
		for _, c := range p.first(ps, &seed) {
			p.village(c, at[c.village.Code], seed, &s)
		}
	}
	return s, nil
}

// village runs the second stage in a village of the sample.
func (p Plan) village(c chosen, pl *place, seed string, s *Sample) {
	v := pl.village
	alloc, short := p.allocate(pl.have)
	dv := DrawnVillage{Township: v.Township, Group: v.Group, Village: v.Code, Type: v.Type, Stratum: c.stratum, Order: c.order, Drawn: c.n, Of: c.of, P: Fraction{c.p}, Short: short}
	if p.TypeRule == Both {
		dv.Attempt = c.attempt
	}
	s.Villages = append(s.Villages, dv)
	for _, a := range alloc {
		s.Strata = append(s.Strata, Stratum{v.Code, a.Stratum, a.Quota, a.Have, a.Draw, a.Draw == a.Have, a.Draw == 0})
		p2 := Frac(int64(a.Draw), int64(a.Have))
		weight := Fraction{new(big.Rat).Mul(c.p, p2.Rat)}.Inverse()
		households, codes := map[string]Household{}, []string{}
		for _, h := range pl.units[a.Stratum] {
			households[h.Code] = h
			codes = append(codes, h.Code)
		}
		for i, code := range shuffled(seed, "H", v.Code+":"+a.Stratum, codes) {
			u := Unit{code, v.Code, a.Stratum, a.Quota, i + 1, Fraction{c.p}, p2, weight, households[code].Persons}
			if i < a.Draw {
				s.Units = append(s.Units, u)
			} else if a.Draw > 0 {
				s.Reserve = append(s.Reserve, u)
			}
		}
	}
}

// oneStage draws households of a whole township.
func (p Plan) oneStage(ps []*place, seed *string, s *Sample) {
	v := ps[0].village
	g, _ := p.group(v.Group)
	var units []Unit
	for _, pl := range ps {
		for _, h := range p.inOrder(pl) {
			_, quota, _ := p.classify(h)
			units = append(units, Unit{Household: h.Code, Village: pl.village.Code, Stratum: v.Township, Quota: quota, Persons: h.Persons})
		}
	}
	n := min(g.Households, len(units))
	if n == 0 {
		return
	}
	p1 := Frac(int64(n), int64(len(units)))
	order := make([]int, 0, len(units))
	if p.Method == Systematic {
		order = systematic(start(*seed, "H", v.Township), ones(len(units)), n)
	} else {
		at, codes := map[string]int{}, make([]string, len(units))
		for i, u := range units {
			at[u.Household], codes[i] = i, u.Household
		}
		for _, c := range shuffled(*seed, "H", v.Township, codes) {
			order = append(order, at[c])
		}
	}
	s.Villages = append(s.Villages, DrawnVillage{Township: v.Township, Group: v.Group, Village: v.Township, Stratum: v.Township, Order: 1, Drawn: n, Of: len(units), P: p1})
	s.Strata = append(s.Strata, Stratum{v.Township, v.Township, "", len(units), n, n == len(units), false})
	for k, i := range order {
		u := units[i]
		u.Order, u.P1, u.P2, u.Weight = k+1, p1, Frac(1, 1), p1.Inverse()
		if k < n {
			s.Units = append(s.Units, u)
		} else {
			s.Reserve = append(s.Reserve, u)
		}
	}
}

// inOrder lists a village's households by code, whatever their stratum.
func (p Plan) inOrder(pl *place) []Household {
	var out []Household
	for _, name := range p.strata() {
		out = append(out, pl.units[name]...)
	}
	sortHouseholds(out)
	return out
}
