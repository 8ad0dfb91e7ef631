package xform

// Reason says why something is not asked: the condition that does not hold, and the answers that it reads.
type Reason struct {
	Ref   string      // what has the condition: the question, or a group around it
	Expr  string      // as the form writes it
	Reads []NodeState // questions with a label; what stands behind a calculation in place of it
}

// Why explains why ref is not asked. Nothing (false) when it is asked, when there is no such node, or when no condition hides it.
func (s *Session) Why(ref string) (Reason, bool) {
	in := s.find(ref)
	if in == nil || in.relevant() {
		return Reason{}, false
	}
	var cause *inst
	for x := in; x != nil; x = x.up {
		if !x.relSelf && x.def.cells[cellRelevant] != nil {
			cause = x // the outermost: what is around decides before what is inside
		}
	}
	if cause == nil {
		return Reason{}, false
	}
	c := cause.def.cells[cellRelevant]
	out := Reason{Ref: cause.node.Path(), Expr: c.expr.String()}
	seen := map[*inst]bool{}
	s.because(c, cause, 3, func(x *inst) {
		if !seen[x] {
			seen[x] = true
			out.Reads = append(out.Reads, s.state(x, x.node.Path()))
		}
	})
	return out, true
}

// because yields the answers that a cell reads at an inst. A value that nobody sees is explained by what it is calculated from.
func (s *Session) because(c *cell, at *inst, depth int, yield func(*inst)) {
	for _, r := range c.reads {
		if !r.def.leaf() {
			continue
		}
		for _, x := range s.byDef[r.def.id] {
			if !near(x, at) {
				continue
			}
			ctl, calc := r.def.control, r.def.cells[cellCalculate]
			switch {
			case ctl != nil && ctl.label != nil:
				yield(x)
			case calc != nil && depth > 0:
				s.because(calc, x, depth-1, yield)
			}
		}
	}
}

// near says whether x is in no other instance of a repeat than at is.
func near(x, at *inst) bool {
	for r := x; r != nil; r = r.up {
		if !r.def.repeat || r.isRange {
			continue
		}
		for a := at; a != nil; a = a.up {
			if a.def == r.def && !a.isRange {
				if a != r {
					return false
				}
				break
			}
		}
	}
	return true
}
