package scheme

import "slices"

// Facts lists the facts that a scheme counts, in the order of its items, bonus items last.
func (s Scheme) Facts() []string {
	var out []string
	add := func(names ...string) {
		for _, n := range names {
			if n != "" && !slices.Contains(out, n) {
				out = append(out, n)
			}
		}
	}
	for _, l := range s.Leaves() {
		for _, e := range l.Rule.PerError {
			add(e.Fact)
		}
		add(l.Rule.Fact)
		add(l.Rule.FullIf...)
		add(l.Rule.ZeroIf...)
	}
	for _, b := range s.Bonus {
		add(b.Code)
	}
	return out
}
