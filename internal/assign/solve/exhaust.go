package solve

// Sizes up to which every plan is tried.
const (
	exhaustJobs  = 40
	exhaustSteps = 100_000
)

// exhaust tries every plan of a small problem. It gives a plan, or nil; all says that every plan was tried.
func (p Problem) exhaust(closed [][]bool) (found *state, all bool) {
	s := newState(p, closed)
	if s.short() > exhaustJobs {
		return nil, false
	}
	steps := 0
	var place func(g, from int) bool
	place = func(g, from int) bool {
		for g < len(s.groups) && s.left[g] == 0 {
			g, from = g+1, 0
		}
		if g == len(s.groups) {
			return true
		}
		for node := from; node < len(s.here); node++ { // jobs of a group are alike: their nodes rise
			if steps++; steps > exhaustSteps {
				return false
			}
			if s.space[node] == 0 || !s.fits(g, node) {
				continue
			}
			s.add(node, g, 1)
			if place(g, node) {
				return true
			}
			s.add(node, g, -1)
		}
		return false
	}
	if place(0, 0) {
		return s, true
	}
	return nil, steps <= exhaustSteps
}
