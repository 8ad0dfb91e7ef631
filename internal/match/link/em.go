package link

import "math"

// Parameters of the Fellegi–Sunter model: the probability that two records at random are one person, and per field and level
// the probabilities of the level for one person (M) and for two (U).
type Parameters struct {
	Prior float64
	M, U  [][]float64
}

// Pattern is a vector of levels (Missing allowed) and how many pairs show it.
type Pattern struct {
	Levels []Level
	Count  float64
}

// EMOptions say what is held fast while the rest is estimated.
type EMOptions struct {
	FixU bool
	// Skip are fields that take no part: those that the pairs were blocked on.
	Skip  []bool
	Tol   float64 // largest change of a parameter that still counts as none; 0 is 1e-6
	Limit int     // iterations; 0 is 200
}

// EM estimates the parameters from pattern counts without knowing which pairs match: Dempster, Laird and Rubin 1977 for the
// latent class model of Fellegi and Sunter 1969 (Winkler 1988), fields independent given the class. It returns the estimate,
// the log-likelihood of the parameters before the last step, and the number of steps.
func EM(patterns []Pattern, start Parameters, o EMOptions) (Parameters, float64, int) {
	if o.Tol == 0 {
		o.Tol = 1e-6
	}
	if o.Limit == 0 {
		o.Limit = 200
	}
	p, logL, step := start, 0.0, 0
	for step < o.Limit {
		step++
		next, l := emStep(patterns, p, o)
		moved := math.Abs(next.Prior - p.Prior)
		for f := range p.M {
			for k := range p.M[f] {
				moved = max(moved, math.Abs(next.M[f][k]-p.M[f][k]), math.Abs(next.U[f][k]-p.U[f][k]))
			}
		}
		p, logL = next, l
		if moved < o.Tol {
			break
		}
	}
	return p, logL, step
}

func emStep(patterns []Pattern, p Parameters, o EMOptions) (Parameters, float64) {
	m, u := zeros(p.M), zeros(p.U)
	matches, total, logL := 0.0, 0.0, 0.0
	for _, pt := range patterns {
		if pt.Count == 0 {
			continue
		}
		a, b := p.Prior, 1-p.Prior
		for f, l := range pt.Levels {
			if l == Missing || o.Skip != nil && o.Skip[f] {
				continue
			}
			a *= p.M[f][l]
			b *= p.U[f][l]
		}
		logL += pt.Count * math.Log(a+b)
		g := pt.Count * a / (a + b)
		matches, total = matches+g, total+pt.Count
		for f, l := range pt.Levels {
			if l != Missing {
				m[f][l] += g
				u[f][l] += pt.Count - g
			}
		}
	}
	next := Parameters{Prior: matches / total, M: shares(m, p.M), U: p.U}
	if !o.FixU {
		next.U = shares(u, p.U)
	}
	for f := range p.M {
		if o.Skip != nil && o.Skip[f] {
			next.M[f], next.U[f] = p.M[f], p.U[f]
		}
	}
	return next, logL
}

func zeros(like [][]float64) [][]float64 {
	out := make([][]float64, len(like))
	for i := range like {
		out[i] = make([]float64, len(like[i]))
	}
	return out
}

// shares divides each row by its sum; a row without observations stays as it was.
func shares(sums, before [][]float64) [][]float64 {
	for f, row := range sums {
		total := 0.0
		for _, v := range row {
			total += v
		}
		if total == 0 {
			copy(row, before[f])
			continue
		}
		for k := range row {
			row[k] = max(row[k]/total, 1e-9)
		}
	}
	return sums
}

// Weight is log2(m/u) of a field's level; 0 for Missing.
func (p Parameters) Weight(field int, l Level) float64 {
	if l == Missing {
		return 0
	}
	return math.Log2(p.M[field][l] / p.U[field][l])
}

// PriorWeight is log2(λ/(1−λ)).
func (p Parameters) PriorWeight() float64 { return math.Log2(p.Prior / (1 - p.Prior)) }

// Probability turns a match weight into a probability: 2^w/(1+2^w).
func Probability(weight float64) float64 { return 1 / (1 + math.Exp2(-weight)) }

// TermWeight is what an exact agreement on a term adds or takes: log2(u/max(tf)), with u the probability that two records at
// random agree exactly and tf the shares of records with this term on both sides. Rare names gain, common ones lose.
func TermWeight(u, tfLeft, tfRight float64) float64 { return math.Log2(u / max(tfLeft, tfRight)) }
