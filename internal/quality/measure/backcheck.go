package measure

import (
	"math/big"
	"slices"
	"sort"
)

// Variable is an item that is asked again.
type Variable struct {
	Name   string
	Type   int      // 1 should not change (the enumerator answers for it), 2 hard to ask (training), 3 stability (nobody's fault)
	Range  *OKRange // a difference inside it is none; nil: none
	NoDiff []string // values that never count as a difference
}

// OKRange is inclusive at both ends: [s+Lo, s+Hi], or [s+Lo·|s|, s+Hi·|s|]. Bounds are decimals: 5300·1.15 is 6095.
type OKRange struct {
	Relative bool
	Lo, Hi   string
}

// Pairing is the two sets of answers by id, "" for blank.
type Pairing struct {
	First, Second map[string]map[string]string // id → variable → value
	Exclude       []string                     // values of the second interview that are not compared: refused
}

// Check is one comparison.
type Check struct {
	ID, Variable  string
	Type          int
	First, Second string
	Differ        bool
}

// BackCheck compares all pairs, sorted by id, variables in order.
func BackCheck(p Pairing, variables []Variable) (checks []Check, secondOnly []string) {
	ids := make([]string, 0, len(p.Second))
	for id := range p.Second {
		ids = append(ids, id)
	}
	sort.Strings(ids)
	for _, id := range ids {
		first, ok := p.First[id]
		if !ok {
			secondOnly = append(secondOnly, id)
			continue
		}
		for _, v := range variables {
			b := p.Second[id][v.Name]
			if b == "" || slices.Contains(p.Exclude, b) {
				continue
			}
			s := first[v.Name]
			checks = append(checks, Check{id, v.Name, v.Type, s, b, v.Differ(s, b)})
		}
	}
	return checks, secondOnly
}

// Differ reports whether the second answer differs from the first by more than is allowed. A blank first answer differs.
func (v Variable) Differ(first, second string) bool {
	if first == second || slices.Contains(v.NoDiff, first) || slices.Contains(v.NoDiff, second) {
		return false
	}
	s, ok1 := number(first)
	b, ok2 := number(second)
	if !ok1 || !ok2 {
		return true
	}
	if s.Cmp(b) == 0 {
		return false
	}
	if v.Range == nil {
		return true
	}
	lo, ok1 := number(v.Range.Lo)
	hi, ok2 := number(v.Range.Hi)
	if !ok1 || !ok2 {
		return true
	}
	if v.Range.Relative {
		size := new(big.Rat).Abs(s)
		lo, hi = lo.Mul(lo, size), hi.Mul(hi, size)
	}
	return b.Cmp(lo.Add(lo, s)) < 0 || b.Cmp(hi.Add(hi, s)) > 0
}

func number(s string) (*big.Rat, bool) {
	if len(s) > 40 {
		return nil, false
	}
	for _, c := range s {
		if (c < '0' || c > '9') && c != '.' && c != '-' && c != '+' {
			return nil, false
		}
	}
	return new(big.Rat).SetString(s)
}

// Tally is the difference rate of some checks.
type Tally struct {
	Key string
	Share
}

// TallyBy counts differences by a key ("" leaves a check out), sorted by key.
func TallyBy(checks []Check, key func(Check) string) []Tally {
	by := map[string]Share{}
	for _, c := range checks {
		k := key(c)
		if k == "" {
			continue
		}
		s := by[k]
		s.N++
		if c.Differ {
			s.X++
		}
		by[k] = s
	}
	out := make([]Tally, 0, len(by))
	for k, s := range by {
		out = append(out, Tally{k, s})
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Key < out[j].Key })
	return out
}
