package link

// The distances count characters (runes), never bytes: 张明华 and 张明花 are one step apart. Definitions and figures as in R's
// stringdist (van der Loo 2014, The R Journal 6/1).

// Levenshtein is the least number of insertions, deletions and substitutions that make b of a.
func Levenshtein(a, b string) int { return osa([]rune(a), []rune(b), false) }

// OSA is Levenshtein with swaps of neighbours (optimal string alignment: no part is edited twice, so CA–ABC is 3).
func OSA(a, b string) int { return osa([]rune(a), []rune(b), true) }

func osa(a, b []rune, swaps bool) int {
	before, last, now := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		now[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			now[j] = min(last[j]+1, now[j-1]+1, last[j-1]+cost)
			if swaps && i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				now[j] = min(now[j], before[j-2]+1)
			}
		}
		before, last, now = last, now, before
	}
	return last[len(b)]
}

// Damerau is the unrestricted Damerau–Levenshtein distance (CA–ABC is 2): Lowrance and Wagner 1975.
func Damerau(a, b string) int {
	x, y := []rune(a), []rune(b)
	w := len(y) + 2
	d := make([]int, (len(x)+2)*w)
	at := func(i, j int) *int { return &d[(i+1)*w+j+1] } // indices from -1
	far := len(x) + len(y)
	*at(-1, -1) = far
	for i := range len(x) + 1 {
		*at(i, -1), *at(i, 0) = far, i
	}
	for j := range len(y) + 1 {
		*at(-1, j), *at(0, j) = far, j
	}
	seen := map[rune]int{}
	for i := 1; i <= len(x); i++ {
		match := 0
		for j := 1; j <= len(y); j++ {
			k, l, cost := seen[y[j-1]], match, 1
			if x[i-1] == y[j-1] {
				cost, match = 0, j
			}
			*at(i, j) = min(*at(i-1, j-1)+cost, *at(i, j-1)+1, *at(i-1, j)+1, *at(k-1, l-1)+(i-k-1)+1+(j-l-1))
		}
		seen[x[i-1]] = i
	}
	return *at(len(x), len(y))
}

// LCSDistance is the number of characters outside the longest common subsequence of both.
func LCSDistance(a, b string) int {
	x, y := []rune(a), []rune(b)
	last, now := make([]int, len(y)+1), make([]int, len(y)+1)
	for i := range x {
		for j := range y {
			if x[i] == y[j] {
				now[j+1] = last[j] + 1
			} else {
				now[j+1] = max(last[j+1], now[j])
			}
		}
		last, now = now, last
	}
	return len(x) + len(y) - 2*last[len(y)]
}

// Jaro is the similarity of Jaro (1989), 0 to 1. Half transpositions count as they are (2.5 stays 2.5). Two empty strings are
// alike (1).
func Jaro(a, b string) float64 {
	x, y := []rune(a), []rune(b)
	if len(x) == 0 && len(y) == 0 {
		return 1
	}
	reach := max(len(x), len(y))/2 - 1
	hitX, hitY := make([]bool, len(x)), make([]bool, len(y))
	m := 0.0
	for i := range x {
		for j := max(0, i-reach); j <= min(len(y)-1, i+reach); j++ {
			if !hitY[j] && x[i] == y[j] {
				hitX[i], hitY[j] = true, true
				m++
				break
			}
		}
	}
	if m == 0 {
		return 0
	}
	half, j := 0.0, 0
	for i := range x {
		if !hitX[i] {
			continue
		}
		for !hitY[j] {
			j++
		}
		if x[i] != y[j] {
			half++
		}
		j++
	}
	return (m/float64(len(x)) + m/float64(len(y)) + (m-half/2)/m) / 3
}

// JaroWinkler adds p for each of up to four equal first characters (Winkler 1990), without a threshold.
func JaroWinkler(a, b string, p float64) float64 {
	x, y, l := []rune(a), []rune(b), 0
	for l < min(4, len(x), len(y)) && x[l] == y[l] {
		l++
	}
	j := Jaro(a, b)
	return j + float64(l)*p*(1-j)
}
