package link

import "math/rand/v2"

// assumedRecall is the share of the true pairs that the deterministic steps are taken to find, for the prior (as Splink does
// by default in its examples; the result depends on it only through its logarithm).
const assumedRecall = .85

// uSameNumber: two people at random never have the same valid number, so it is not estimated but fixed.
const uSameNumber = 5e-7

// rare is the least m of a level: what the training pairs never showed is not therefore impossible.
const rare = 5e-4

// randomPairs is how many pairs at random the u probabilities are estimated from, at most.
const randomPairs = 400_000

// estimate fills the parameters from the register itself: λ from the deterministic links, u from pairs at random (exact
// agreement of names from their frequencies), m by EM in three blocks, where the fields of the block are left out.
func (x *run) estimate() {
	u := x.randomLevels()
	m := make([][]float64, Fields)
	for f := range m {
		m[f] = make([]float64, levelCount[f])
		rest := .1
		for l := range m[f] {
			m[f][l] = rest * .6
			rest *= .4
		}
		m[f][0] = .9
	}
	x.params = Parameters{M: m, U: u, Prior: x.prior()}
	if len(x.recs) == 0 || len(x.Base.recs) == 0 {
		return
	}
	sum, times := zeros(m), make([]float64, Fields)
	for _, b := range []struct {
		kind block
		skip []Field
	}{{byNumber, []Field{Number}}, {byPinyinBirth, []Field{Name, Birth}}, {byPinyinVillage, []Field{Name, Village}}} {
		patterns := x.patterns(b.kind)
		if len(patterns) == 0 {
			continue
		}
		skip := make([]bool, Fields)
		for _, f := range b.skip {
			skip[f] = true
		}
		p, _, _ := EM(patterns, Parameters{M: m, U: u, Prior: .5}, EMOptions{FixU: true, Skip: skip})
		for f := range Fields {
			if skip[f] {
				continue
			}
			times[f]++
			for l := range sum[f] {
				sum[f][l] += p.M[f][l]
			}
		}
	}
	for f := range Fields {
		for l := range sum[f] {
			if times[f] > 0 {
				x.params.M[f][l] = max(sum[f][l]/times[f], rare)
			}
		}
	}
}

// prior is λ: the deterministic links over the assumed recall, among all pairs.
func (x *run) prior() float64 {
	n := 1.0
	for i := range x.linked {
		if x.linked[i] >= 0 {
			n++
		}
	}
	return min(.5, n/assumedRecall/max(2, float64(len(x.recs))*float64(len(x.Base.recs))))
}

// randomLevels estimates u.
func (x *run) randomLevels() [][]float64 {
	u := make([][]float64, Fields)
	for f := range u {
		u[f] = make([]float64, levelCount[f])
		for l := range u[f] {
			u[f][l] = .5 // half a pair: no level is impossible
		}
	}
	if len(x.recs) > 0 && len(x.Base.recs) > 0 {
		src := rand.New(rand.NewPCG(1, 2)) // the same pairs each time
		for range min(randomPairs, len(x.recs)*len(x.Base.recs)) {
			l := x.d.compare(&x.recs[src.IntN(len(x.recs))], &x.Base.recs[src.IntN(len(x.Base.recs))])
			for f := range Fields {
				if l[f] != Missing {
					u[f][l[f]]++
				}
			}
		}
	}
	for f := range u {
		total := 0.0
		for _, v := range u[f] {
			total += v
		}
		for l := range u[f] {
			u[f][l] /= total
		}
	}
	u[Number][NumberSame] = uSameNumber
	if same := x.sameName(); same > 0 {
		u[Name][NameSame] = same
	}
	return u
}

// sameName is the probability that a record and a person at random have exactly the same name.
func (x *run) sameName() float64 {
	sum := int64(0)
	for n, c := range x.nameFreq {
		if n != 0 {
			sum += int64(c) * int64(x.nameCount[n])
		}
	}
	return float64(sum) / max(1, float64(len(x.recs))*float64(len(x.Base.recs)))
}

// patterns counts the level vectors of the pairs of a block.
func (x *run) patterns(kind block) []Pattern {
	counts := make([]float64, 5*6*6*4*3) // levels and Missing of the five fields
	for i := range x.pairs {
		for _, p := range x.pairs[i] {
			if p.blocks&kind != 0 {
				at := 0
				for f := range Fields {
					at = at*(levelCount[f]+1) + int(p.levels[f]+1)
				}
				counts[at]++
			}
		}
	}
	var out []Pattern
	for at, n := range counts {
		if n == 0 {
			continue
		}
		levels := make([]Level, Fields)
		for f := Fields - 1; f >= 0; f-- {
			levels[f] = Level(at%(levelCount[f]+1)) - 1
			at /= levelCount[f] + 1
		}
		out = append(out, Pattern{levels, n})
	}
	return out
}
