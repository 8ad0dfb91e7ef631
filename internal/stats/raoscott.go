package stats

import (
	"math"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"

	"ruhu/internal/errs"
)

// Association is the test that two classifications have nothing to do with each other.
type Association struct {
	F, NDF, DDF, P float64
}

// RaoScott tests the independence of two classifications (a level's index per row, both from 0 without gaps) by Rao and Scott's
// second-order correction of Pearson's statistic, as an F statistic (Rao and Scott, Annals of Statistics 12 (1984) 46–60). Returns
// Invalid "stats.association" when a classification has fewer than two levels, the design has no degrees of freedom, or a level is empty.
func (d *Design) RaoScott(a, b []int) (Association, error) {
	bad := errs.Invalid.New("stats.association")
	r, c := 0, 0
	for i := range a {
		r, c = max(r, a[i]+1), max(c, b[i]+1)
	}
	if r < 2 || c < 2 || d.DF(nil) < 1 {
		return Association{}, bad
	}
	n, cells := float64(d.Len()), r*c
	z, p := make([][]float64, cells), make([]float64, cells)
	for k := range z {
		y := make([]float64, d.Len())
		for i := range y {
			if a[i]*c+b[i] == k {
				y[i] = 1
			}
		}
		f := d.Mean(y, nil)
		z[k], p[k] = f.z, f.Estimate
	}
	rowSum, colSum := make([]float64, r), make([]float64, c)
	for k, x := range p {
		rowSum[k/c] += x
		colSum[k%c] += x
	}
	chi := 0.0
	for k, x := range p {
		want := rowSum[k/c] * colSum[k%c]
		if want == 0 {
			return Association{}, bad
		}
		chi += n * (x - want) * (x - want) / want
	}
	m := (r - 1) * (c - 1)
	contrast := mat.NewDense(cells, m, nil) // zero sums over rows and columns
	for j := range m {
		x, y := j/(c-1), j%(c-1)
		contrast.Set(x*c+y, j, 1)
		contrast.Set(x*c+c-1, j, -1)
		contrast.Set((r-1)*c+y, j, -1)
		contrast.Set(cells-1, j, 1)
	}
	scaled := mat.NewDense(cells, m, nil) // D⁻¹C; a cell without households says nothing
	for k, x := range p {
		for j := range m {
			if x > 0 {
				scaled.Set(k, j, contrast.At(k, j)/x)
			}
		}
	}
	var denom, numer, delta, sq mat.Dense
	denom.Mul(contrast.T(), scaled)
	denom.Scale(1/n, &denom)
	var v mat.Dense
	v.Mul(d.covariance(z), scaled)
	numer.Mul(scaled.T(), &v)
	if err := delta.Solve(&denom, &numer); err != nil {
		return Association{}, bad
	}
	sq.Mul(&delta, &delta)
	trace := mat.Trace(&delta)
	out := Association{F: chi / trace, NDF: trace * trace / mat.Trace(&sq)}
	out.DDF = out.NDF * float64(d.DF(nil))
	out.P = distuv.F{D1: out.NDF, D2: out.DDF}.Survival(out.F)
	if math.IsNaN(out.F) {
		return Association{}, bad
	}
	return out, nil
}

// covariance of several linearised variables, from the variances of their sums.
func (d *Design) covariance(z [][]float64) *mat.Dense {
	k := len(z)
	out := mat.NewDense(k, k, nil)
	both := make([]float64, d.Len())
	for i := range z {
		out.Set(i, i, d.variance(z[i], nil))
	}
	for i := range z {
		for j := range i {
			for row := range both {
				both[row] = z[i][row] + z[j][row]
			}
			x := (d.variance(both, nil) - out.At(i, i) - out.At(j, j)) / 2
			out.Set(i, j, x)
			out.Set(j, i, x)
		}
	}
	return out
}
