package quality

import (
	"math"
	"slices"
	"strconv"
	"time"

	"ruhu/internal/db"
	"ruhu/internal/playbook"
	"ruhu/internal/quality/measure"
	"ruhu/internal/region"
)

// clockSlack is how far a phone's clock may be ahead.
const clockSlack = 10 * time.Minute

// clockApart is how far a phone may itself have found its clock off the server's.
const clockApart = 5 * time.Minute

// blockAbove is how many forms are compared with one another without being split by village.
const blockAbove = 20000

// sparseShare is how alike two forms with few questions in common must be. Of few questions many honest pairs share 85 %.
const sparseShare = 0.95

// Evaluate applies all rules to all forms of a campaign. It is pure: the same facts give the same findings in the same order.
func Evaluate(facts []Fact, q playbook.Quality, known Known, now db.Time) []Found {
	q = q.Filled()
	n := night{facts: facts, q: q}
	for _, f := range facts {
		n.out = append(n.out, alone(f, q, known, now)...)
	}
	n.out = append(n.out, duplicates(facts, q)...)
	for _, rows := range n.by(func(f Fact) string { return f.Form }) {
		n.durations(rows)
		n.similar(rows)
		for _, o := range q.Outliers {
			n.outliers(rows, o)
		}
	}
	for _, rows := range n.by(func(f Fact) string { return f.Team }) {
		n.signatures(rows, known.Inks)
	}
	n.paces(known.Paces)
	n.movement()
	n.teams()
	return used(n.out, q)
}

type night struct {
	facts []Fact
	q     playbook.Quality
	out   []Found
}

// by gathers row numbers, in the order of keys; rows without a key are left out.
func (n *night) by(key func(Fact) string) [][]int {
	m := map[string][]int{}
	for i, f := range n.facts {
		if k := key(f); k != "" {
			m[k] = append(m[k], i)
		}
	}
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	out := make([][]int, len(keys))
	for i, k := range keys {
		out[i] = m[k]
	}
	return out
}

func (n *night) durations(rows []int) {
	var at []int
	var x []float64
	for _, i := range rows {
		if m := n.facts[i].minutes(); m > 0 {
			at, x = append(at, i), append(x, m)
		}
	}
	if len(x) < n.q.MinValues {
		return
	}
	median := measure.Median(x)
	for _, k := range measure.Below(x, n.q.FastShare) {
		n.out = append(n.out, n.facts[at[k]].found("fast", "", number(x[k]), number(n.q.FastShare*median)))
	}
	m := measure.ModifiedZ(measure.Logs(x))
	for _, k := range m.Out(measure.MADThreshold) {
		f := n.facts[at[k]].found("duration", "", number(math.Abs(m.Z[k])), number(measure.MADThreshold))
		f.Figures = map[string]string{"minutes": number(x[k]), "median": number(median)}
		n.out = append(n.out, f)
	}
}

// similar finds forms of one team that are nearly the same.
func (n *night) similar(rows []int) {
	names := map[string]bool{}
	for _, i := range rows {
		for name := range n.facts[i].Picks {
			names[name] = true
		}
	}
	items := make([]string, 0, len(names))
	for name := range names {
		items = append(items, name)
	}
	slices.Sort(items)
	answers := make(measure.Answers, len(rows))
	for k, i := range rows {
		for _, item := range items {
			answers[k] = append(answers[k], n.facts[i].Picks[item])
		}
	}
	varied := answers.Varied(0.95)
	if len(varied) < n.q.SimilarItems || len(rows) < n.q.MinValues {
		return
	}
	o := measure.MatchOptions{Threshold: n.q.SimilarShare, Sparse: max(sparseShare, n.q.SimilarShare), SparseItems: n.q.SimilarItems}
	for _, i := range rows {
		o.Group = append(o.Group, n.facts[i].Team)
		if len(rows) > blockAbove {
			o.Block = append(o.Block, string(n.facts[i].Village))
		}
	}
	s := measure.PercentMatch(answers.Pick(varied), o)
	for k, m := range s.Of {
		f := n.facts[rows[k]]
		if f.Team == "" || m.PartnerWithin < 0 || m.MaxWithin < n.q.SimilarShare {
			continue
		}
		x := f.found("similar", "", number(m.MaxWithin), number(n.q.SimilarShare))
		x.Others = []string{n.facts[rows[m.PartnerWithin]].Submission}
		x.Figures = map[string]string{"items": strconv.Itoa(len(varied))}
		n.out = append(n.out, x)
	}
}

func (n *night) outliers(rows []int, o playbook.OutlierItem) {
	var at []int
	var x []float64
	for _, i := range rows {
		if v, err := strconv.ParseFloat(n.facts[i].Answers[o.Item], 64); err == nil {
			at, x = append(at, i), append(x, v)
		}
	}
	values := x
	if o.Log {
		values = measure.Logs(x)
	}
	if len(x) < n.q.MinValues {
		return
	}
	if o.Method == "iqr" {
		f := measure.Tukey(values, o.K, measure.Type7)
		for _, k := range f.Out(values) {
			lo, hi := f.Lower, f.Upper
			if o.Log {
				lo, hi = math.Exp(lo), math.Exp(hi)
			}
			n.out = append(n.out, n.facts[at[k]].found("outlier", o.Item, number(x[k]), number(lo)+" … "+number(hi)))
		}
		return
	}
	m := measure.ModifiedZ(values)
	for _, k := range m.Out(o.K) {
		f := n.facts[at[k]].found("outlier", o.Item, number(math.Abs(m.Z[k])), number(o.K))
		f.Figures = map[string]string{"value": number(x[k]), "median": number(measure.Median(x))}
		n.out = append(n.out, f)
	}
}

// movement looks at the visits of a team one after the other.
func (n *night) movement() {
	var at []int
	var visits []measure.Visit
	for i, f := range n.facts {
		if f.Team == "" || f.Keyed || f.Start.IsZero() || !f.End.After(f.Start) {
			continue
		}
		v := measure.Visit{Who: f.Team, Start: f.Start, End: f.End, At: measure.Place{Lat: math.NaN(), Lon: math.NaN()}}
		if p, ok := f.where(); ok {
			v.At = p
		}
		at, visits = append(at, i), append(visits, v)
	}
	over, speed, near := measure.Overlaps(visits), measure.Speed(visits), measure.Near(visits, n.q.NearMetres)
	for k, i := range at {
		if over[k] {
			n.out = append(n.out, n.facts[i].found("overlap", "", "1", "0"))
		}
		if speed[k] > n.q.TravelKMH {
			n.out = append(n.out, n.facts[i].found("travel", "", number(speed[k]), number(n.q.TravelKMH)))
		}
		if near[k] {
			n.out = append(n.out, n.facts[i].found("near", "", number(n.q.NearMetres), number(n.q.NearMetres)))
		}
	}
}

// teams compares teams with one another.
func (n *night) teams() {
	groups := n.by(func(f Fact) string { return f.Team })
	for _, item := range n.q.Digits {
		n.digits(groups, item)
	}
	for _, e := range n.q.Effects {
		n.effect(groups, e)
	}
	asked, dont := 0, 0
	for _, f := range n.facts {
		asked, dont = asked+f.Asked, dont+f.DontKnow
	}
	for _, rows := range groups {
		a, d, keyed := 0, 0, 0
		for _, i := range rows {
			a, d = a+n.facts[i].Asked, d+n.facts[i].DontKnow
			if n.facts[i].Keyed {
				keyed++
			}
		}
		if rate, all := float64(d)/float64(max(1, a)), float64(dont)/float64(max(1, asked)); len(rows) >= 5 && len(groups) > 1 && rate > n.q.DontKnowShare && rate > n.q.DontKnowTimes*all {
			n.team("dont_know_team", "", rows, number(rate), number(max(n.q.DontKnowShare, n.q.DontKnowTimes*all)), nil)
		}
		if share := float64(keyed) / float64(len(rows)); len(rows) >= 5 && share > n.q.KeyedShare {
			n.team("keyed", "", rows, number(share), number(n.q.KeyedShare), map[string]string{"forms": strconv.Itoa(keyed)})
		}
	}
}

// team adds a finding about a team, at the village where most of its forms are.
func (n *night) team(rule, item string, rows []int, figure, threshold string, figures map[string]string) {
	count := map[region.Code]int{}
	var most region.Code
	for _, i := range rows {
		v := n.facts[i].Village
		count[v]++
		if count[v] > count[most] || count[v] == count[most] && v < most {
			most = v
		}
	}
	n.out = append(n.out, Found{Rule: rule, Item: item, Team: n.facts[rows[0]].Team, Village: most, Figure: figure, Threshold: threshold, Figures: figures})
}

func (n *night) digits(groups [][]int, item string) {
	var tested [][]int
	var p []float64
	var found []measure.Digits
	for g, rows := range groups {
		var x []float64
		for _, i := range rows {
			if v, err := strconv.ParseFloat(n.facts[i].Answers[item], 64); err == nil && v != 0 {
				x = append(x, v)
			}
		}
		d := measure.LastDigits(x)
		if d.N < n.q.MinValues {
			continue
		}
		if d.MonteCarlo {
			d.P = d.MonteCarloP(4000, uint64(g+1))
		}
		tested, p, found = append(tested, rows), append(p, d.P), append(found, d)
	}
	for k, adjusted := range measure.Holm(p) {
		if adjusted < n.q.Level {
			n.team("digits", item, tested[k], number(adjusted), number(n.q.Level), map[string]string{
				"share": number(found[k].Share05), "values": strconv.Itoa(found[k].N),
			})
		}
	}
}

func (n *night) effect(groups [][]int, e playbook.EffectItem) {
	var tested [][]int
	var shares []measure.Share
	for _, rows := range groups {
		var s measure.Share
		for _, i := range rows {
			if v := n.facts[i].Answers[e.Item]; v != "" {
				s.N++
				if v == e.Value {
					s.X++
				}
			}
		}
		if s.N > 0 {
			tested, shares = append(tested, rows), append(shares, s)
		}
	}
	if len(shares) < 2 {
		return
	}
	p0, funnel := measure.Funnel(shares)
	for k, r := range funnel {
		if r.Adjusted < n.q.Level {
			n.team("effect", e.Item, tested[k], number(r.Rate()), number(p0), map[string]string{
				"p": number(r.Adjusted), "forms": strconv.Itoa(r.N), "lower": number(r.Interval.Lo), "upper": number(r.Interval.Hi),
			})
		}
	}
}
