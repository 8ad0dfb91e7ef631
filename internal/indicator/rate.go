package indicator

import (
	"math"
	"math/big"
	"slices"
	"strconv"

	"ruhu/internal/playbook"
	"ruhu/internal/region"
	"ruhu/internal/sampling"
	"ruhu/internal/stats"
)

// level is that of the intervals.
const level = 0.95

// Basis says what a rate rests on.
type Basis string

// The bases.
const (
	ByCensus Basis = "census" // everybody is visited: exact
	BySample Basis = "sample" // an estimate with an interval
)

// Why says why a rate can't be given, or can't be held against its limit yet.
type Why string

// The reasons.
const (
	WhyOpen         Why = "open_cases"    // cases that are not decided would change the verdict
	WhyIncomplete   Why = "incomplete"    // not everybody has been visited
	WhyPopulation   Why = "no_population" // the rural persons of a village were not entered
	WhyNobody       Why = "nobody"        // the denominator is empty
	WhyNotDrawn     Why = "not_drawn"
	WhyGap          Why = "coverage_gap" // some households can never be drawn: the figure speaks of the others only
	WhyIntervalBoth Why = "interval"     // the interval has the limit inside
)

// RateResult is a rate of a round.
type RateResult struct {
	Code      string        `json:"code"`
	Title     playbook.Text `json:"title"`
	Basis     Basis         `json:"basis"`    // census, sample
	Known     bool          `json:"known"`    // there is a figure
	Estimate  float64       `json:"estimate"` // a share
	Lo        float64       `json:"lo"`       // of the interval; the estimate itself in a census
	Hi        float64       `json:"hi"`
	SE        float64       `json:"se"` // sample only, as the next two
	DF        int           `json:"df"`
	Deff      float64       `json:"deff"`      // Kish's, of the weights
	N         int           `json:"n"`         // households that the figure rests on
	Of        int           `json:"of"`        // households that were to be visited
	Numerator int           `json:"numerator"` // counted, unweighted: persons, or households for approval
	Base      int           `json:"base"`      // the same
	Pending   int           `json:"pending"`   // persons of cases that are not decided
	Preview   *float64      `json:"preview"`   // with them; for the county only
	Threshold float64       `json:"threshold"`
	Side      string        `json:"side"`    // below, at_least
	Verdict   stats.Verdict `json:"verdict"` // met, not_met, undecided
	Why       []Why         `json:"why"`
	Flags     []stats.Flag  `json:"flags"`
}

// house is a household as rates need it.
type house struct {
	id, code, class string
	persons         float64
	figures         map[string]float64
	answered        bool
	village         region.Code
	in              bool // of the place that is asked about
}

// census is what is known of everybody.
type census struct {
	rates      playbook.Rates
	houses     []house
	standing   map[string]map[string]int // kind → household id → persons
	pending    map[string]map[string]int
	population float64 // rural persons of the place, from outside; NaN where a village is missing
	entered    map[region.Code]int
	drawn      *sampling.Outcome
	sampled    bool
}

// at narrows the census to a place. Everybody stays in it: a domain of a sample is a mask.
func (c census) at(place region.Code) census {
	c.houses = slices.Clone(c.houses)
	c.population = 0
	seen := map[region.Code]bool{}
	for i := range c.houses {
		h := &c.houses[i]
		if h.in = place.Contains(h.village); !h.in || seen[h.village] {
			continue
		}
		seen[h.village] = true
		if n, known := c.entered[h.village]; known {
			c.population += float64(n)
		} else {
			c.population = math.NaN()
		}
	}
	return c
}

// villages are those with households in the base list.
func (c census) villages() map[region.Code]bool {
	out := map[region.Code]bool{}
	for _, h := range c.houses {
		out[h.village] = true
	}
	return out
}

// of tells whether a household is of classes; none is all.
func (h house) of(classes []string) bool {
	return len(classes) == 0 || slices.Contains(classes, h.class)
}

// rural is X: all rural persons.
func (c census) rural() float64 {
	if c.rates.Asks() {
		return c.population
	}
	return c.people(nil)
}

// people counts the persons of classes by the base list.
func (c census) people(classes []string) float64 {
	x := 0.0
	for _, h := range c.houses {
		if h.in && h.of(classes) {
			x += h.persons
		}
	}
	return x
}

// base is the denominator of a determination's rate. That of the missed are all rural persons outside the register (domain: 'unregistered rural
// persons'): where the base list does not have them, the entered population less the registered.
func (c census) base(r playbook.Rate) float64 {
	if r.Code != playbook.Missed || !c.rates.Asks() {
		return c.people(r.Classes)
	}
	registered := 0.0
	for _, h := range c.houses {
		if h.in && !h.of(r.Classes) {
			registered += h.persons
		}
	}
	return c.population - registered
}

// cases counts persons of cases, at most those of the household.
func (c census) cases(kind string, h house, withPending bool) float64 {
	n := c.standing[kind][h.id]
	if withPending {
		n += c.pending[kind][h.id]
	}
	return math.Min(float64(n), h.persons)
}

func (c census) all() []RateResult {
	out := []RateResult{}
	var s *sample
	if c.sampled && c.drawn != nil {
		s = newSample(c)
	}
	for _, r := range c.rates.List {
		x := RateResult{Code: r.Code, Title: r.Title, Basis: ByCensus, Threshold: r.Threshold, Side: r.Side, Verdict: stats.Undecided, Why: []Why{}, Flags: []stats.Flag{}}
		c.count(r, &x)
		switch {
		case !c.sampled:
			c.exact(r, &x)
		case s == nil:
			x.Basis = BySample
			x.Why = append(x.Why, WhyNotDrawn)
		default:
			x.Basis = BySample
			s.estimate(r, &x)
		}
		out = append(out, x)
	}
	return out
}

// count fills what is plainly counted: it is printed beside the rate and never with a standard error.
func (c census) count(r playbook.Rate, x *RateResult) {
	var selected map[string]bool
	if c.drawn != nil {
		selected = c.drawn.Codes()
	}
	for _, h := range c.houses {
		if !h.in || !h.of(r.Classes) || c.sampled && !selected[h.code] {
			continue
		}
		x.Of++
		if !h.answered {
			continue
		}
		if r.Code == playbook.Approval {
			if y, asked := h.figures[r.Indicator]; asked {
				x.N++
				x.Base++
				if y == 1 {
					x.Numerator++
				}
			}
			continue
		}
		x.N++
		x.Base += int(h.persons)
		for _, k := range kinds(r) {
			x.Numerator += int(c.cases(k, h, false))
			x.Pending += int(c.cases(k, h, true) - c.cases(k, h, false))
		}
		if r.Code == playbook.Composite && slices.Contains(r.Poor, h.class) {
			x.Numerator += int(h.persons)
		}
	}
}

// kinds are the determinations that a rate is made of.
func kinds(r playbook.Rate) []string {
	switch r.Code {
	case playbook.Approval:
		return nil
	case playbook.Composite:
		return []string{playbook.Missed, playbook.WronglyExited}
	}
	return []string{r.Code}
}

// exact is the rate of a census, as a fraction of whole numbers, held against the limit without rounding.
//
//	wrongly exited = persons wrongly exited / exited persons; missed = persons missed / unregistered rural persons;
//	composite = (registered poor + missed + wrongly exited) / rural persons; approval = approving / asked households (domain.md, 'The thresholds').
//
// While visits or cases are open it is met or not met only if nothing that is open can change that.
func (c census) exact(r playbook.Rate, x *RateResult) {
	num, most := c.numerators(r)
	den := c.base(r)
	least := num
	if r.Code == playbook.Composite {
		den = c.rural()
	}
	left := x.Of - x.N // households without an answer
	if r.Code == playbook.Approval {
		den = float64(x.Base)
		left = 0
		for _, h := range c.houses {
			if h.in && h.of(r.Classes) && !h.answered {
				left++
			}
		}
	}
	switch {
	case math.IsNaN(den):
		x.Why = append(x.Why, WhyPopulation)
		return
	case den <= 0:
		x.Why = append(x.Why, WhyNobody)
		return
	}
	x.Known, x.Estimate = true, num/den
	x.Lo, x.Hi = x.Estimate, x.Estimate
	if most > num {
		p := most / den
		x.Preview = &p
	}
	if r.Code == playbook.Approval { // what is not asked yet may go either way
		den += float64(left)
		most = num + float64(left)
	}
	x.Verdict = verdict(r, least, most, den)
	if left > 0 && x.Verdict == stats.Met && r.Code != playbook.Approval {
		x.Verdict = stats.Undecided // a visit may still find a case
	}
	if x.Verdict != stats.Undecided {
		return
	}
	if left > 0 {
		x.Why = append(x.Why, WhyIncomplete)
	}
	if x.Pending > 0 {
		x.Why = append(x.Why, WhyOpen)
	}
}

// numerators are the persons (approval: households) that count, and with the cases that are open.
func (c census) numerators(r playbook.Rate) (num, most float64) {
	for _, h := range c.houses {
		switch {
		case !h.in:
		case r.Code == playbook.Approval:
			if h.of(r.Classes) && h.answered && h.figures[r.Indicator] == 1 {
				num, most = num+1, most+1
			}
		default:
			for _, k := range kinds(r) {
				num += c.cases(k, h, false)
				most += c.cases(k, h, true)
			}
			if r.Code == playbook.Composite && slices.Contains(r.Poor, h.class) {
				num, most = num+h.persons, most+h.persons
			}
		}
	}
	return num, most
}

// verdict holds the least and the most that a share can be against the limit, in exact fractions of whole numbers.
func verdict(r playbook.Rate, least, most, den float64) stats.Verdict {
	limit, _ := new(big.Rat).SetString(strconv.FormatFloat(r.Threshold, 'f', -1, 64)) // 0.02 means two hundredths
	share := func(n float64) *big.Rat { return big.NewRat(int64(n), int64(den)) }
	below := r.Side == "below"
	lo, hi := share(least).Cmp(limit), share(most).Cmp(limit)
	switch {
	case below && hi < 0, !below && lo >= 0:
		return stats.Met
	case below && lo >= 0, !below && hi < 0:
		return stats.NotMet
	}
	return stats.Undecided
}
