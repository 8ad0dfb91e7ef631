package scheme

import (
	"fmt"
	"math/big"
	"slices"
	"sort"
)

// Place is a unit's rank by every reading of a tie.
type Place struct {
	Unit        string   `json:"unit"`
	Score       Decimal  `json:"score"`
	Competition int      `json:"competition"` // 1224: 1 + how many are better
	Modified    int      `json:"modified"`    // 1334: how many are at least as good
	Dense       int      `json:"dense"`       // 1223
	Fractional  *big.Rat `json:"fractional"`  // the mean of the first two
	PercentRank *big.Rat `json:"percent_rank"`
	CumeDist    *big.Rat `json:"cume_dist"`
	Ordinal     int      `json:"ordinal"`             // ties broken by the scheme's chain
	TieBreak    string   `json:"tie_break,omitempty"` // what put it after the unit before it: an item's code, or 'code'
	Vetoed      bool     `json:"vetoed"`
}

// Standing is what ranks look at. A later Class ranks after all of an earlier one, whatever its score.
type Standing struct {
	Unit      string
	Score     *big.Rat // nil: not ranked
	Class     int
	TieBreaks []*big.Rat // larger is better
}

// Ranks ranks standings; larger is better. Those without a score have no place. Ties are compared exactly.
func Ranks(all []Standing, chain []string) []Place {
	better := func(a, b Standing) int { // −1: a before b
		if a.Class != b.Class {
			return a.Class - b.Class
		}
		return b.Score.Cmp(a.Score)
	}
	var in []Standing
	for _, s := range all {
		if s.Score != nil {
			in = append(in, s)
		}
	}
	n := len(in)
	order := slices.Clone(in)
	broken := func(a, b Standing) (int, string) {
		if c := better(a, b); c != 0 {
			return c, ""
		}
		for i, what := range chain {
			if i < len(a.TieBreaks) && i < len(b.TieBreaks) {
				if c := b.TieBreaks[i].Cmp(a.TieBreaks[i]); c != 0 {
					return c, what
				}
			}
		}
		return compareText(a.Unit, b.Unit), "code"
	}
	sort.SliceStable(order, func(i, j int) bool { c, _ := broken(order[i], order[j]); return c < 0 })
	at := map[string]Place{}
	dense := 0
	for i := 0; i < n; {
		j := i
		for j < n && better(order[i], order[j]) == 0 {
			j++
		}
		dense++
		for k := i; k < j; k++ {
			p := Place{
				Unit: order[k].Unit, Competition: i + 1, Modified: j, Dense: dense, Ordinal: k + 1,
				Fractional: big.NewRat(int64(i+1+j), 2), PercentRank: new(big.Rat), CumeDist: big.NewRat(int64(j), int64(n)),
			}
			if n > 1 {
				p.PercentRank = big.NewRat(int64(i), int64(n-1))
			}
			if k > i {
				_, p.TieBreak = broken(order[k-1], order[k])
			}
			at[p.Unit] = p
		}
		i = j
	}
	out := make([]Place, 0, n)
	for _, s := range in {
		out = append(out, at[s.Unit])
	}
	return out
}

// Rank ranks results on the rounded score, in their order. Results without a score have no place.
func (s Scheme) Rank(results []Result) ([]Place, error) {
	all := make([]Standing, 0, len(results))
	by := map[string]Result{}
	for _, r := range results {
		if _, twice := by[r.Unit]; twice {
			return nil, fmt.Errorf("unit %s is there twice", r.Unit)
		}
		by[r.Unit] = r
		st := Standing{Unit: r.Unit}
		if r.Score != "" {
			x, err := r.Score.Rat()
			if err != nil {
				return nil, err
			}
			st.Score = x
			if r.Vetoed && s.Veto.mode() == VetoLast {
				st.Class = 1
			}
			for _, t := range r.TieBreaks {
				x, ok := new(big.Rat).SetString(t)
				if !ok {
					return nil, fmt.Errorf("unit %s: tie break %q", r.Unit, t)
				}
				st.TieBreaks = append(st.TieBreaks, x)
			}
		}
		all = append(all, st)
	}
	places := Ranks(all, s.TieBreak)
	for i := range places {
		r := by[places[i].Unit]
		places[i].Score, places[i].Vetoed = r.Score, r.Vetoed
	}
	return places, nil
}

// Group is how the best part of the units is cut off: the top 20 %, the top ten.
type Group struct {
	Share    Decimal `json:"share,omitempty" yaml:"share"`                                                             // 0.2
	Count    int     `json:"count,omitempty" yaml:"count" check:"min=0,max=10000"`                                     // ten; Share is not looked at then
	Cut      string  `json:"cut,omitempty" yaml:"cut" check:"one=half_up|half_even|floor|ceil|percent_rank|cume_dist"` // 2.2 of 11: how many? "" is half_up
	TiesOut  bool    `json:"ties_out,omitempty" yaml:"ties_out"`                                                       // a tie on the edge is left out as a whole
	WithVeto bool    `json:"-" yaml:"-"`                                                                               // units with a veto may be in it: for comparisons only
}

// In lists the units of the group, in the order of places. A count is at least 1; units with a veto are never in.
func (g Group) In(places []Place) ([]string, error) {
	n := len(places)
	k := g.Count
	var share *big.Rat
	if k == 0 {
		var err error
		if share, err = g.Share.Rat(); err != nil {
			return nil, err
		}
		exact := new(big.Rat).Mul(share, new(big.Rat).SetInt64(int64(n)))
		down := int(new(big.Int).Quo(exact.Num(), exact.Denom()).Int64())
		switch g.Cut {
		case "floor":
			k = down
		case "ceil":
			if k = down; !exact.IsInt() {
				k++
			}
		case "half_even":
			k = int(whole(exact, HalfEven).Int64())
		case "", "half_up":
			k = int(whole(exact, HalfUp).Int64())
		}
		k = max(k, 1)
	}
	var out []string
	for _, p := range places {
		if p.Vetoed && !g.WithVeto {
			continue
		}
		var in bool
		switch {
		case share != nil && g.Cut == "percent_rank":
			in = p.PercentRank.Cmp(share) <= 0
		case share != nil && g.Cut == "cume_dist":
			in = p.CumeDist.Cmp(share) <= 0
		case g.TiesOut:
			in = p.Modified <= k
		default:
			in = p.Competition <= k
		}
		if in {
			out = append(out, p.Unit)
		}
	}
	return out, nil
}
