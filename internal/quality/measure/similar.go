package measure

import "math/bits"

// Answers are interviews by items, "" for blank; every row is of the same length.
type Answers [][]string

// MinComparable is the part of the items that both interviews of a pair must have answered.
const MinComparable = 0.75

// Varied lists the items in which no answer takes more than the share of those given: others say nothing about copying.
func (a Answers) Varied(most float64) []int {
	var out []int
	if len(a) == 0 {
		return nil
	}
	for j := range a[0] {
		count, given, top := map[string]int{}, 0, 0
		for i := range a {
			if v := a[i][j]; v != "" {
				given++
				count[v]++
				top = max(top, count[v])
			}
		}
		if given > 0 && float64(top) <= most*float64(given) {
			out = append(out, j)
		}
	}
	return out
}

// Pick keeps some of the items.
func (a Answers) Pick(items []int) Answers {
	out := make(Answers, len(a))
	for i := range a {
		out[i] = make([]string, len(items))
		for k, j := range items {
			out[i][k] = a[i][j]
		}
	}
	return out
}

// packed holds answers as bit planes: bit j of plane p is bit p of item j's code. Two interviews are compared by a few XORs and a count
// of bits, some nanoseconds a pair.
type packed struct {
	items, words, planes int
	row                  []uint64 // interview × words × (given, planes)
	answered             []int
}

// of is the row of an interview.
func (p *packed) of(i int) []uint64 {
	n := p.words * (1 + p.planes)
	return p.row[i*n : (i+1)*n]
}

func pack(a Answers) packed {
	var p packed
	if len(a) == 0 {
		return p
	}
	p.items = len(a[0])
	p.words = (p.items + 63) / 64
	codes, most := make([]map[string]uint64, p.items), 1
	for j := range codes {
		codes[j] = map[string]uint64{}
		for i := range a {
			if v := a[i][j]; v != "" {
				if _, ok := codes[j][v]; !ok {
					codes[j][v] = uint64(len(codes[j]))
				}
			}
		}
		most = max(most, len(codes[j]))
	}
	p.planes = bits.Len(uint(most - 1))
	p.row = make([]uint64, len(a)*p.words*(1+p.planes))
	p.answered = make([]int, len(a))
	for i, row := range a {
		to := p.of(i)
		for j, v := range row {
			if v == "" {
				continue
			}
			w, bit := j/64*(1+p.planes), uint64(1)<<(j%64)
			to[w] |= bit
			p.answered[i]++
			for k, c := 1, codes[j][v]; c != 0; k, c = k+1, c>>1 {
				if c&1 == 1 {
					to[w+k] |= bit
				}
			}
		}
	}
	return p
}

// pair counts items answered in both, equal ones among them, and items answered in either.
func pair(x, y []uint64, planes int) (both, equal, either int) {
	y = y[:len(x)]
	for w := 0; w < len(x); w += 1 + planes {
		g := x[w] & y[w]
		same := g
		for k := w + 1; k <= w+planes; k++ {
			same &^= x[k] ^ y[k]
		}
		both += bits.OnesCount64(g)
		equal += bits.OnesCount64(same)
		either += bits.OnesCount64(x[w] | y[w])
	}
	return both, equal, either
}

// Match is an interview's likeness to the others. Partners are −1 where no pair could be compared.
type Match struct {
	Max           float64 // D1: of items answered in both, the greatest share that is equal
	Partner       int
	MaxWithin     float64 // the same among interviews of the same group
	PartnerWithin int
	MaxAll        float64 // D2: blank equals blank, of all items
	MaxOwn        float64 // D3: of the items that this one answered; not symmetric
}

// Similarity is what PercentMatch finds.
type Similarity struct {
	Of       []Match
	Pairs    int // at or over the threshold
	Excluded int // pairs with too few items in common
	Over     []Pair
}

// Pair is two interviews at or over the threshold.
type Pair struct {
	A, B  int
	Share float64
}

// MatchOptions of PercentMatch.
type MatchOptions struct {
	Group      []string // by enumerator or team, for MaxWithin; nil: none
	Block      []string // only interviews of one block are compared; nil: all with all
	Threshold  float64  // 0 is 0.85
	Comparable float64  // 0 is MinComparable

	// Two households that a questionnaire led past most items have few in common, so that a copy would go unseen. Such a pair counts when it has
	// enough of what either answered in common, SparseItems at least, and agrees in the share Sparse. 0: it is left out.
	Sparse      float64
	SparseItems int
}

// comparable tells whether a pair with so many items in common, of all and of those that either answered, says something.
func (o MatchOptions) comparable(both, equal, either, all int) bool {
	if both == 0 {
		return false
	}
	if float64(both) >= o.Comparable*float64(all) {
		return true
	}
	return o.Sparse > 0 && both >= o.SparseItems && float64(both) >= o.Comparable*float64(either) && float64(equal) >= o.Sparse*float64(both)
}

// best is a fraction without a division: equal items of those in both.
type best struct {
	equal, both int32
	partner     int32 // index + 1; 0: none
}

func (x *best) take(equal, both, partner int) {
	if x.partner == 0 || int64(equal)*int64(x.both) > int64(x.equal)*int64(both) {
		*x = best{int32(equal), int32(both), int32(partner + 1)}
	}
}

func (x best) share() float64 {
	if x.partner == 0 {
		return 0
	}
	return float64(x.equal) / float64(x.both)
}

// PercentMatch compares every interview with every other of its block. Time grows with the square of the block. Give blocks (village,
// team) where there are more than some ten thousand.
func PercentMatch(a Answers, o MatchOptions) Similarity {
	if o.Threshold == 0 {
		o.Threshold = 0.85
	}
	if o.Comparable == 0 {
		o.Comparable = MinComparable
	}
	p := pack(a)
	var s Similarity
	all, own := make([]int32, len(a)), make([]int32, len(a)) // equal or both blank; equal
	over, within := make([]best, len(a)), make([]best, len(a))
	for _, rows := range blocks(o.Block, len(a)) {
		for x, i := range rows {
			one := p.of(i)
			for _, j := range rows[x+1:] {
				both, equal, either := pair(one, p.of(j), p.planes)
				n := int32(equal + p.items - either)
				all[i], all[j] = max(all[i], n), max(all[j], n)
				own[i], own[j] = max(own[i], int32(equal)), max(own[j], int32(equal))
				if !o.comparable(both, equal, either, p.items) {
					s.Excluded++
					continue
				}
				over[i].take(equal, both, j)
				over[j].take(equal, both, i)
				if o.Group != nil && o.Group[i] == o.Group[j] {
					within[i].take(equal, both, j)
					within[j].take(equal, both, i)
				}
				if share := float64(equal) / float64(both); share >= o.Threshold {
					s.Pairs++
					s.Over = append(s.Over, Pair{i, j, share})
				}
			}
		}
	}
	for i := range a {
		m := Match{
			Max: over[i].share(), Partner: int(over[i].partner) - 1, MaxWithin: within[i].share(), PartnerWithin: int(within[i].partner) - 1,
			MaxAll: float64(all[i]) / float64(max(1, p.items)),
		}
		if p.answered[i] > 0 {
			m.MaxOwn = float64(own[i]) / float64(p.answered[i])
		}
		s.Of = append(s.Of, m)
	}
	return s
}

// blocks gathers row numbers by block, in order of first appearance.
func blocks(of []string, n int) [][]int {
	if of == nil {
		all := make([]int, n)
		for i := range all {
			all[i] = i
		}
		return [][]int{all}
	}
	at := map[string]int{}
	var out [][]int
	for i := range n {
		k, ok := at[of[i]]
		if !ok {
			k = len(out)
			at[of[i]] = k
			out = append(out, nil)
		}
		out[k] = append(out[k], i)
	}
	return out
}
