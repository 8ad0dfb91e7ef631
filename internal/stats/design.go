package stats

import (
	"math"

	"ruhu/internal/errs"
)

// Row is one household that answered.
type Row struct {
	Stratum  string  // of the first stage (township)
	PSU      string  // first-stage unit (village), unique within the stratum
	N        float64 // PSUs of the stratum in the frame; 0: drawn with replacement, no finite population correction
	Stratum2 string  // of the second stage (household class), within the PSU
	M        float64 // units of Stratum2 of this PSU in the frame; 0: the PSU was taken whole or the second stage is left out
	Weight   float64
}

// Lonely says what a stratum contributes of which one of several units was drawn: its variance can't be seen.
type Lonely string

// The rules. See docs/sampling.md for when to take which.
const (
	Remove  Lonely = "remove"  // nothing: optimistic
	Adjust  Lonely = "adjust"  // (1-f)·Z², distance from the mean of all instead of its own
	Average Lonely = "average" // as much as the other strata of that stage on average
)

// Options of a Design. The zero value is usable.
type Options struct {
	Lonely   Lonely            // "" is Remove
	Collapse map[string]string // first-stage stratum → stratum that it is put together with; N and n are summed
}

type group struct {
	size  float64 // in the frame; 0: no correction
	drawn int
	units []int // stage 1: psu indexes; stage 2: row indexes
}

// Design is a sample with its plan. It is not changed after NewDesign, so it may be used by several goroutines.
type Design struct {
	w      []float64
	psuOf  []int // row → psu
	strata []group
	inner  [][]group // psu → strata of the second stage
	lonely Lonely
	post   []postGroup // nil unless PostStratify
	all    []bool
}

// NewDesign checks rows and puts them in order. Returns Invalid "stats.no_rows", "stats.weight" (a weight below 0 or not a number),
// "stats.sizes" (a stratum with two sizes, or with less in the frame than in the sample), "stats.lonely", "stats.collapse" (a stratum
// that leads to itself or does not exist).
func NewDesign(rows []Row, opt Options) (*Design, error) {
	if len(rows) == 0 {
		return nil, errs.Invalid.New("stats.no_rows")
	}
	switch opt.Lonely {
	case "":
		opt.Lonely = Remove
	case Remove, Adjust, Average:
	default:
		return nil, errs.Invalid.New("stats.lonely", "got", string(opt.Lonely))
	}
	target, err := collapsed(rows, opt.Collapse)
	if err != nil {
		return nil, err
	}
	d := &Design{w: make([]float64, len(rows)), psuOf: make([]int, len(rows)), lonely: opt.Lonely, all: make([]bool, len(rows))}
	type key struct{ a, b string }
	strata, psus, inner := map[string]int{}, map[key]int{}, map[key]int{}
	sizes := map[string]float64{} // of a stratum as drawn
	for i, r := range rows {
		if !(r.Weight >= 0) || math.IsInf(r.Weight, 0) || !(r.N >= 0) || !(r.M >= 0) {
			return nil, errs.Invalid.New("stats.weight", "row", i+1)
		}
		d.w[i], d.all[i] = r.Weight, true
		to := target[r.Stratum]
		s, ok := strata[to]
		if !ok {
			s = len(d.strata)
			strata[to] = s
			d.strata = append(d.strata, group{})
		}
		if n, ok := sizes[r.Stratum]; !ok {
			sizes[r.Stratum] = r.N
			d.strata[s].size += r.N
		} else if n != r.N {
			return nil, errs.Invalid.New("stats.sizes", "stratum", r.Stratum)
		}
		p, ok := psus[key{r.Stratum, r.PSU}]
		if !ok {
			p = len(d.inner)
			psus[key{r.Stratum, r.PSU}] = p
			d.inner = append(d.inner, nil)
			d.strata[s].units = append(d.strata[s].units, p)
			d.strata[s].drawn++
		}
		d.psuOf[i] = p
		k := key{r.Stratum + "\x00" + r.PSU, r.Stratum2}
		c, ok := inner[k]
		if !ok {
			c = len(d.inner[p])
			inner[k] = c
			d.inner[p] = append(d.inner[p], group{size: r.M})
		} else if d.inner[p][c].size != r.M {
			return nil, errs.Invalid.New("stats.sizes", "stratum", r.Stratum2)
		}
		d.inner[p][c].units = append(d.inner[p][c].units, i)
		d.inner[p][c].drawn++
	}
	return d, d.checkSizes()
}

func (d *Design) checkSizes() error {
	bad := func(g group) bool { return g.size > 0 && float64(g.drawn) > g.size+1e-9 }
	for _, g := range d.strata {
		if bad(g) {
			return errs.Invalid.New("stats.sizes", "stratum", "")
		}
	}
	for _, p := range d.inner {
		for _, g := range p {
			if bad(g) {
				return errs.Invalid.New("stats.sizes", "stratum", "")
			}
		}
	}
	return nil
}

// collapsed follows the named neighbours to the stratum that stands for each.
func collapsed(rows []Row, to map[string]string) (map[string]string, error) {
	out := map[string]string{}
	for _, r := range rows {
		out[r.Stratum] = r.Stratum
	}
	for s := range out {
		at := s
		for range len(to) + 1 {
			next, ok := to[at]
			if !ok {
				break
			}
			at = next
		}
		_, more := to[at]
		if _, known := out[at]; more || !known {
			return nil, errs.Invalid.New("stats.collapse", "stratum", s)
		}
		out[s] = at
	}
	return out, nil
}

// Len is the number of rows.
func (d *Design) Len() int { return len(d.w) }

// Weights gives the weights, after PostStratify the adjusted ones. They are the Design's own: do not change them.
func (d *Design) Weights() []float64 { return d.w }

// SumWeights estimates how many households there are. It differs from the frame when some could never be drawn.
func (d *Design) SumWeights() float64 {
	s := 0.0
	for _, w := range d.w {
		s += w
	}
	return s
}

// PSUs and Strata count first-stage units and strata.
func (d *Design) PSUs() int { return len(d.inner) }

// Strata counts first-stage strata, after Collapse.
func (d *Design) Strata() int { return len(d.strata) }

// DF is the design's degrees of freedom in a domain: PSUs minus strata that hold at least one row of it; nil is all.
func (d *Design) DF(in []bool) int {
	psus, strata := d.holders(in)
	df := 0
	for s, g := range d.strata {
		if !strata[s] {
			continue
		}
		df--
		for _, p := range g.units {
			if psus[p] {
				df++
			}
		}
	}
	return df
}

func (d *Design) holders(in []bool) (psus, strata []bool) {
	psus, strata = make([]bool, len(d.inner)), make([]bool, len(d.strata))
	for i, p := range d.psuOf {
		psus[p] = psus[p] || in == nil || in[i]
	}
	for s, g := range d.strata {
		for _, p := range g.units {
			strata[s] = strata[s] || psus[p]
		}
	}
	return psus, strata
}

// LonelyStrata counts strata of which one of several units is in the sample: first stage, second stage.
func (d *Design) LonelyStrata() (stage1, stage2 int) {
	for _, g := range d.strata {
		if g.lonely() {
			stage1++
		}
	}
	for _, p := range d.inner {
		for _, g := range p {
			if g.size > 0 && g.lonely() {
				stage2++
			}
		}
	}
	return stage1, stage2
}

// lonely: one unit, and not because there is only one.
func (g group) lonely() bool { return g.drawn == 1 && g.free() > 0 }

// free is 1-f, the part of the stratum that was not drawn; 1 without a finite population correction.
func (g group) free() float64 {
	if g.size == 0 {
		return 1
	}
	if f := 1 - float64(g.drawn)/g.size; f > 1e-7 {
		return f
	}
	return 0
}
