package measure

import "math"

// Accept is the chance that a lot of n things with d bad ones passes when at most c bad ones are allowed in a sample of m.
func Accept(n, d, m, c int) float64 {
	sum := 0.0
	for x := max(0, m-(n-d)); x <= min(c, d, m); x++ {
		sum += math.Exp(logChoose(d, x) + logChoose(n-d, m-x) - logChoose(n, m))
	}
	return min(1, sum)
}

// ZeroAcceptSize is the smallest sample of n in which not a single bad one shows, with the confidence, that fewer than d are bad.
func ZeroAcceptSize(n, d int, confidence float64) int {
	for m := 1; m <= n; m++ {
		if Accept(n, d, m, 0) <= 1-confidence {
			return m
		}
	}
	return n
}

func logChoose(n, k int) float64 {
	if k < 0 || k > n {
		return math.Inf(-1)
	}
	a, _ := math.Lgamma(float64(n + 1))
	b, _ := math.Lgamma(float64(k + 1))
	c, _ := math.Lgamma(float64(n - k + 1))
	return a - b - c
}
