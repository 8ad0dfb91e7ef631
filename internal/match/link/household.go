package link

import (
	"cmp"
	"slices"
)

// evidence is what the household tells: the weights of a candidate who belongs, or does not belong, to the base household that
// the other members of the record's household were linked to.
type evidence struct{ agree, differ float64 }

// settleHouses notes, per household of the register, which base households its members were linked to.
func (x *run) settleHouses() {
	x.home = map[int32]map[int32]int32{}
	for i, b := range x.linked {
		h := x.recs[i].household
		if b < 0 || h == 0 || x.Base.recs[b].household == 0 {
			continue
		}
		if x.home[h] == nil {
			x.home[h] = map[int32]int32{}
		}
		x.home[h][x.Base.recs[b].household]++
	}
}

// agreement tells whether a base person lives where the record's other members were linked to; known is false when none was.
func (x *run) agreement(i int, b int32) (agree, known bool) {
	homes := x.home[x.recs[i].household]
	at := x.Base.recs[b].household
	if len(homes) == 0 || at == 0 {
		return false, false
	}
	own := int32(-1)
	if x.linked[i] >= 0 {
		own = x.Base.recs[x.linked[i]].household
	}
	others := int32(0)
	for h, n := range homes {
		if h == own {
			n--
		}
		others += n
		if h == at && n > 0 {
			agree = true
		}
	}
	return agree, others > 0
}

// weighHouses estimates the evidence from the deterministic links: m from the linked pairs, leaving the record itself out; u
// from the other candidates of the same records.
func (x *run) weighHouses() {
	var m, u [2]float64 // agree, differ
	for i, b := range x.linked {
		if b < 0 || x.recs[i].household == 0 {
			continue
		}
		for _, p := range x.pairs[i] {
			agree, known := x.agreement(i, p.base)
			if !known {
				continue
			}
			into := &u
			if p.base == b {
				into = &m
			}
			if agree {
				into[0]++
			} else {
				into[1]++
			}
		}
	}
	if m[0]+m[1] < 20 {
		x.evid = evidence{}
		return
	}
	pm := (m[0] + .5) / (m[0] + m[1] + 1)
	pu := max((u[0]+.5)/(u[0]+u[1]+1), 1e-4)
	x.evid = evidence{Parameters{M: [][]float64{{pm}}, U: [][]float64{{pu}}}.Weight(0, 0), Parameters{M: [][]float64{{1 - pm}}, U: [][]float64{{1 - pu}}}.Weight(0, 0)}
}

// housemates adds, for a record that is not linked, the members of the base households of its own household, and of the owner
// of the number it bears.
func (x *run) housemates(i int) {
	have := map[int32]bool{}
	for _, p := range x.pairs[i] {
		have[p.base] = true
	}
	add := func(house int32) {
		for _, m := range x.households[house] {
			if !have[m] && m != x.owner[i] {
				have[m] = true
				x.pairs[i] = append(x.pairs[i], pair{base: m, blocks: byHousehold, levels: x.d.compare(&x.recs[i], &x.Base.recs[m])})
			}
		}
	}
	for h := range x.home[x.recs[i].household] {
		add(h)
	}
	if x.owner[i] >= 0 {
		add(x.Base.recs[x.owner[i]].household)
	}
	slices.SortFunc(x.pairs[i], func(a, b pair) int { return cmp.Compare(a.base, b.base) })
}
