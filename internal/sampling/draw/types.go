package draw

import "math/big"

// BothTypes gives the exact probabilities of a simple random sample of n villages that is drawn again until both types are in it: a and b
// are how many villages of each type there are. With one type only, or with n < 2, it is a plain sample. piA and piB are those of a
// village of each type (nil where there is none); piAA, piBB, piAB those of two (nil where there are no two).
//
//	π_A = [C(N−1,n−1) − C(a−1,n−1)] / [C(N,n) − C(a,n) − C(b,n)], N = a + b; pairs likewise
func BothTypes(a, b, n int) (piA, piB, piAA, piBB, piAB *big.Rat) {
	all := a + b
	n = min(n, all)
	c := func(n, k int) *big.Int {
		if k < 0 || n < 0 || k > n {
			return new(big.Int)
		}
		return new(big.Int).Binomial(int64(n), int64(k))
	}
	restrict := a > 0 && b > 0 && n >= 2
	allowed := c(all, n)
	if restrict {
		allowed.Sub(allowed, c(a, n))
		allowed.Sub(allowed, c(b, n))
	}
	share := func(with, onlyOwn *big.Int) *big.Rat {
		if restrict {
			with.Sub(with, onlyOwn)
		}
		return new(big.Rat).SetFrac(with, allowed)
	}
	if a > 0 {
		piA = share(c(all-1, n-1), c(a-1, n-1))
	}
	if b > 0 {
		piB = share(c(all-1, n-1), c(b-1, n-1))
	}
	if a > 1 {
		piAA = share(c(all-2, n-2), c(a-2, n-2))
	}
	if b > 1 {
		piBB = share(c(all-2, n-2), c(b-2, n-2))
	}
	if a > 0 && b > 0 {
		piAB = share(c(all-2, n-2), new(big.Int))
	}
	return piA, piB, piAA, piBB, piAB
}
