package link

import (
	"cmp"
	"math"
	"slices"
)

// The clerical zone: a link of the model below Certain waits for a clerk; below Possible there is none.
const (
	Possible = .5
	Certain  = .99
)

// scored is a candidate with its weight.
type scored struct {
	record, base int32
	weight, prob float64
}

// Link joins record Record of the register with person Person of the base.
type Link struct {
	Record, Person int32
	Step           Step
	Levels         Levels
	Weights        [Fields]float32 // log2(m/u) per field
	Term           float64         // added for a rare name, taken for a common one
	Household      float64         // evidence of the household; 0 when it has none
	Housemates     bool            // others of the record's household are linked to the person's household
	Weight         float64         // sum with the prior
	Probability    float64         // by the weight, against the other candidates of the record
	Review         bool            // waits for a clerk
	Duplicate      bool            // the register has this person more than once
}

// Result of linking a register.
type Result struct {
	Links      []Link // by record; at most one of each
	Parameters Parameters
	Agree      float64 // weight of the household agreeing, differing
	Differ     float64
	Counts     [Steps]int
	Pairs      int // candidates compared
	Cut        int // keys passed over because more than 400 persons share them
	Houses     []House
}

// Link links the register to its base: the cascade of deterministic steps, then the model for what is left, with the
// household as evidence. The same input gives the same result on any number of processors.
func (r *Register) Link() Result {
	x := &run{Base: r.base, recs: r.recs, linked: make([]int32, len(r.recs)), step: make([]Step, len(r.recs)), taken: make([]int32, len(r.base.recs)), more: map[int32][]int32{}, nameFreq: map[int32]int32{}}
	for i := range x.linked {
		x.linked[i] = -1
	}
	for i := range x.taken {
		x.taken[i] = -1
	}
	for i := range x.recs {
		x.nameFreq[x.recs[i].name]++
	}
	x.candidates()
	x.cascade()
	x.settleHouses()
	x.weighHouses()
	x.estimate()
	x.doubt()
	probs := x.model()
	return x.result(probs)
}

// weigh gives the weight of a pair and its parts.
func (x *run) weigh(i int, p *pair) Link {
	l := Link{Record: int32(i), Person: p.base, Levels: p.levels}
	l.Weight = x.params.PriorWeight()
	for f := range Fields {
		w := x.params.Weight(int(f), p.levels[f])
		l.Weights[f] = float32(w)
		l.Weight += w
	}
	if p.levels[Name] == NameSame {
		n := x.recs[i].name
		l.Term = TermWeight(x.params.U[Name][NameSame], float64(x.nameFreq[n])/float64(len(x.recs)), float64(x.nameCount[n])/float64(len(x.Base.recs)))
		l.Weight += l.Term
	}
	if agree, known := x.agreement(i, p.base); known {
		l.Housemates = agree
		l.Household = x.evid.differ
		if agree {
			l.Household = x.evid.agree
		}
		l.Weight += l.Household
	}
	return l
}

// doubt takes back the links of the weaker steps (those without a full date or number in agreement) that the model finds
// less likely than not, for example because the rest of the household was linked elsewhere: the model decides on them anew.
func (x *run) doubt() {
	for i, b := range x.linked {
		if x.step[i] < NameYear || x.step[i] > SoundNearBirth {
			continue
		}
		p := pair{base: b, levels: x.d.compare(&x.recs[i], &x.Base.recs[b])}
		if l := x.weigh(i, &p); Probability(l.Weight) < Possible {
			x.unlink(int32(i))
		}
	}
}

// model links what the cascade left, in rounds: what is certain first, because it tells more about households; what is only
// possible at the end. It returns the probability per record.
func (x *run) model() []float64 {
	probs := make([]float64, len(x.recs))
	for i := range x.recs {
		if x.linked[i] < 0 {
			x.housemates(i)
		}
	}
	for round, limit := range []float64{Certain, Certain, Certain, Possible} {
		if round > 0 {
			x.settleHouses()
		}
		best := x.best(limit)
		for _, s := range best {
			if x.linked[s.record] < 0 && x.free(int(s.record), s.base) {
				step := Model
				if x.home[x.recs[s.record].household] != nil {
					step = ModelHousehold
				}
				x.link(s.record, s.base, step)
				probs[s.record] = s.prob
			}
		}
	}
	return probs
}

// best gives the best candidate of every record that is not linked, if its probability reaches the limit: the strongest first.
func (x *run) best(limit float64) []scored {
	all := make([]scored, len(x.recs))
	each(len(x.recs), func(lo, hi int) {
		for i := lo; i < hi; i++ {
			if x.linked[i] >= 0 {
				continue
			}
			top, sum := scored{}, 1.0
			for j := range x.pairs[i] {
				p := &x.pairs[i][j]
				if !x.free(i, p.base) {
					continue
				}
				l := x.weigh(i, p)
				sum += math.Exp2(l.Weight)
				if top.prob == 0 || l.Weight > top.weight {
					top = scored{int32(i), p.base, l.Weight, 1}
				}
			}
			if top.prob > 0 {
				top.prob = math.Exp2(top.weight) / sum
			}
			all[i] = top
		}
	})
	all = slices.DeleteFunc(all, func(s scored) bool { return s.prob < limit || s.prob == 0 })
	slices.SortFunc(all, func(a, b scored) int {
		return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(a.record, b.record))
	})
	return all
}

// result writes down every link with its reason.
func (x *run) result(probs []float64) Result {
	out := Result{Parameters: x.params, Agree: x.evid.agree, Differ: x.evid.differ, Cut: x.cut}
	x.settleHouses()
	links := make([]Link, len(x.recs))
	each(len(x.recs), func(lo, hi int) {
		for i := lo; i < hi; i++ {
			b := x.linked[i]
			if b < 0 {
				if o := x.owner[i]; o >= 0 {
					links[i] = Link{Record: int32(i), Person: o, Step: NumberOnly, Levels: x.bearing[i], Review: true}
				}
				continue
			}
			p := pair{base: b}
			p.levels = x.d.compare(&x.recs[i], &x.Base.recs[b])
			l := x.weigh(i, &p)
			l.Step = x.step[i]
			l.Probability = Probability(l.Weight)
			if l.Step == Model || l.Step == ModelHousehold {
				l.Probability = probs[i]
				l.Review = probs[i] < Certain
			}
			l.Duplicate = len(x.more[b]) > 0
			links[i] = l
		}
	})
	for i := range links {
		out.Pairs += len(x.pairs[i])
		out.Counts[links[i].Step]++
	}
	out.Links = slices.DeleteFunc(links, func(l Link) bool { return l.Step == None })
	out.Houses = x.houses()
	return out
}
