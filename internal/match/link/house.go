package link

import (
	"cmp"
	"slices"
)

// House joins a household of the register with the base household that most of its linked members belong to.
type House struct {
	Household string // key in the register
	Base      string // key in the base
	Members   int    // linked members
	Agree     int    // of these in Base
	// Split names further base households with at least two linked members: here two households live that the base keeps
	// apart, or the register has put two together.
	Others []string
	// Merged names other households of the register that point to the same Base.
	Merged []string
}

func (x *run) houses() []House {
	key := make([]string, len(x.d.households)+1)
	for k, i := range x.d.households {
		key[i] = k
	}
	var out []House
	from := map[int32][]string{}
	for h, homes := range x.home {
		type count struct{ base, n int32 }
		var list []count
		total := 0
		for b, n := range homes {
			list = append(list, count{b, n})
			total += int(n)
		}
		slices.SortFunc(list, func(a, b count) int { return cmp.Or(cmp.Compare(b.n, a.n), cmp.Compare(key[a.base], key[b.base])) })
		house := House{Household: key[h], Base: key[list[0].base], Members: total, Agree: int(list[0].n)}
		for _, c := range list[1:] {
			if c.n >= 2 {
				house.Others = append(house.Others, key[c.base])
			}
		}
		from[list[0].base] = append(from[list[0].base], key[h])
		out = append(out, house)
	}
	slices.SortFunc(out, func(a, b House) int { return cmp.Compare(a.Household, b.Household) })
	for i := range out {
		for _, other := range from[x.d.households[out[i].Base]] {
			if other != out[i].Household {
				out[i].Merged = append(out[i].Merged, other)
			}
		}
		slices.Sort(out[i].Merged)
	}
	return out
}
