package draw

import (
	"math/big"
	"slices"
	"strconv"
)

// chosen is a village of the sample with its first-stage stratum.
type chosen struct {
	village Village
	stratum string // township, or township:type
	order   int    // 1 is the first drawn
	n, of   int    // drawn of the stratum, in the frame
	p       *big.Rat
	attempt int
}

// stage1 draws villages in one township. With no seed nothing is drawn and all villages are given with their probabilities: what could
// happen.
func (p Plan) stage1(villages []Village, seed *string) []chosen {
	g, _ := p.group(villages[0].Group)
	switch {
	case p.TypeRule == Allocate:
		byType := [2][]Village{}
		for _, v := range villages {
			byType[p.typeOf(v)] = append(byType[p.typeOf(v)], v)
		}
		n0 := min(p.Types[0].Share, len(byType[0]))
		n1 := min(g.Villages-n0, len(byType[1]))
		n0 = min(g.Villages-n1, len(byType[0])) // too few of the second: the first makes up
		var out []chosen
		for i, n := range []int{n0, n1} {
			if len(byType[i]) > 0 {
				out = append(out, p.plain(byType[i], villages[0].Township+":"+p.Types[i].Code, n, seed)...)
			}
		}
		return out
	case p.TypeRule == Both:
		return p.both(villages, min(g.Villages, len(villages)), seed)
	case p.Method == PPS:
		panic("draw: pps needs sizes")
	}
	return p.plain(villages, villages[0].Township, min(g.Villages, len(villages)), seed)
}

func (p Plan) typeOf(v Village) int {
	if v.Type == p.Types[0].Code {
		return 0
	}
	return 1
}

// plain is a simple random or systematic sample of n.
func (p Plan) plain(villages []Village, stratum string, n int, seed *string) []chosen {
	all := make([]chosen, len(villages))
	for i, v := range villages {
		all[i] = chosen{village: v, stratum: stratum, n: n, of: len(villages), p: big.NewRat(int64(n), int64(len(villages))), attempt: 1}
	}
	if seed == nil {
		return all
	}
	if p.Method == Systematic {
		return pick(all, systematic(start(*seed, "V", stratum), ones(len(all)), n))
	}
	return pick(all, byKey(villages, *seed, "V", stratum)[:n])
}

func ones(n int) []int64 {
	out := make([]int64, n)
	for i := range out {
		out[i] = 1
	}
	return out
}

func pick(all []chosen, at []int) []chosen {
	out := make([]chosen, len(at))
	for k, i := range at {
		out[k] = all[i]
		out[k].order = k + 1
	}
	return out
}

// byKey gives the villages' indexes in the order of RULE-H.
func byKey(villages []Village, seed, stage, stratum string) []int {
	index, codes := map[string]int{}, make([]string, len(villages))
	for i, v := range villages {
		index[v.Code], codes[i] = i, v.Code
	}
	out := make([]int, len(codes))
	for i, c := range shuffled(seed, stage, stratum, codes) {
		out[i] = index[c]
	}
	return out
}

// both draws with the stages V, V2, V3 … until both types are in the sample, if the township has both.
func (p Plan) both(villages []Village, n int, seed *string) []chosen {
	count := [2]int{}
	for _, v := range villages {
		count[p.typeOf(v)]++
	}
	pa, pb, _, _, _ := BothTypes(count[0], count[1], n)
	stratum := villages[0].Township
	all := make([]chosen, len(villages))
	for i, v := range villages {
		all[i] = chosen{village: v, stratum: stratum, n: n, of: len(villages), p: []*big.Rat{pa, pb}[p.typeOf(v)], attempt: 1}
	}
	if seed == nil {
		return all
	}
	for attempt := 1; ; attempt++ {
		stage := "V"
		if attempt > 1 {
			stage += strconv.Itoa(attempt)
		}
		at := byKey(villages, *seed, stage, stratum)[:n]
		has := func(kind int) bool {
			return slices.ContainsFunc(at, func(i int) bool { return p.typeOf(villages[i]) == kind })
		}
		if count[0] == 0 || count[1] == 0 || n < 2 || has(0) && has(1) {
			for i := range all {
				all[i].attempt = attempt
			}
			return pick(all, at)
		}
	}
}

// pps draws villages in proportion to their sizes, systematically along a random order. A village that would be hit more often than
// once is taken with certainty and the rest drawn from the others.
func (p Plan) pps(villages []Village, sizes []int, seed *string) []chosen {
	g, _ := p.group(villages[0].Group)
	n, stratum := min(g.Villages, len(villages)), villages[0].Township
	all := make([]chosen, len(villages))
	for i, v := range villages {
		all[i] = chosen{village: v, stratum: stratum, n: n, of: len(villages), attempt: 1}
	}
	left, total := n, 0
	for _, s := range sizes {
		total += s
	}
	for again := true; again; {
		again = false
		m, t := left, total
		for i, s := range sizes {
			if all[i].p == nil && m > 0 && s*m >= t {
				all[i].p = big.NewRat(1, 1)
				left--
				total -= s
				again = true
			}
		}
	}
	order := make([]int, len(villages))
	if seed != nil {
		order = byKey(villages, *seed, "V", stratum)
	} else {
		for i := range order {
			order[i] = i
		}
	}
	var rest, taken []int
	var restSizes []int64
	for _, i := range order {
		if all[i].p != nil {
			taken = append(taken, i)
			continue
		}
		all[i].p = new(big.Rat)
		if total > 0 {
			all[i].p = big.NewRat(int64(sizes[i]*left), int64(total))
		}
		rest, restSizes = append(rest, i), append(restSizes, int64(sizes[i]))
	}
	if seed == nil {
		return all
	}
	for _, k := range systematic(start(*seed, "V", stratum), restSizes, left) {
		taken = append(taken, rest[k])
	}
	return pick(all, taken)
}
