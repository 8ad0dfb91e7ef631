package xform

// fireAt queues a model-level event: the action runs at each instance of its
// target's repeats, or once.
func (s *Session) fireAt(a *action) {
	if a.source != nil && a.source.anchor != nil {
		for _, in := range s.byDef[a.source.id] {
			s.pending = append(s.pending, event{a, in})
		}
		return
	}
	if a.target.anchor != nil && !a.target.repeat {
		for _, in := range s.byDef[a.target.id] {
			s.pending = append(s.pending, event{a, in})
		}
		return
	}
	s.pending = append(s.pending, event{a, s.root})
}

// perform runs an action that was caused at from.
func (s *Session) perform(a *action, from *inst) {
	targets := s.targets(a, from)
	if len(targets) > 1 && a.where == nil {
		// An action sets one node. Which instance is meant cannot be known; the
		// peers stop here too.
		s.fault = fail("xform.many_targets", a.target.path, "")
		return
	}
	for _, t := range targets {
		v := a.lit
		switch {
		case a.geo:
			v = s.env.Geopoint
		case a.value != nil:
			x, err := a.value.EvalString(s.at(t))
			if err != nil {
				x = ""
			}
			v = x
		}
		s.setText(t, canonical(a.target.bind.typ, v), nil)
	}
}

// targets finds the insts of d that an action at from means: the one in the same
// repeat instances, or those of another repeat that the path leads into.
func (s *Session) targets(act *action, from *inst) []*inst {
	d := act.target
	if !d.leaf() {
		return nil
	}
	if act.where != nil {
		nodes, _ := act.where.EvalNodes(s.at(from))
		var out []*inst
		for _, n := range nodes {
			if in, ok := n.Data.(*inst); ok && in.def == d {
				out = append(out, in)
			}
		}
		return out
	}
	a := from
	for a != nil && (a.isRange || !d.within(a.def)) {
		a = a.up
	}
	if a == nil {
		return nil
	}
	var out []*inst
	for _, in := range s.byDef[d.id] {
		for u := in; u != nil; u = u.up {
			if u == a {
				out = append(out, in)
				break
			}
		}
	}
	return out
}
