package xpath

func init() {
	register(0, 0, func(*compiler, *call, []*prog) *prog { return constant(Boolean(true)) }, "true")
	register(0, 0, func(*compiler, *call, []*prog) *prog { return constant(Boolean(false)) }, "false")
	register(1, 1, func(_ *compiler, _ *call, a []*prog) *prog { return boolProg(a[0].boo) }, "boolean")
	register(1, 1, func(_ *compiler, _ *call, a []*prog) *prog {
		return boolProg(func(m *machine) bool { return !a[0].boo(m) })
	}, "not")
	register(1, 1, func(_ *compiler, _ *call, a []*prog) *prog {
		return boolProg(func(m *machine) bool {
			s := a[0].str(m)
			return s == "1" || s == "true"
		})
	}, "boolean-from-string")
	register(3, 3, makeIf, "if")
	register(1, -1, makeCoalesce, "coalesce")
	register(1, 1, makeOnce, "once")
	register(2, -1, makeChecklist, "checklist")
	register(2, -1, makeWeightedChecklist, "weighted-checklist")
}

// makeIf evaluates only the branch that is taken. Where both branches have one
// type, so has the call, and nothing is boxed.
func makeIf(_ *compiler, x *call, a []*prog) *prog {
	test, yes, no := a[0].boo, a[1], a[2]
	pick := func(m *machine) *prog {
		if test(m) {
			return yes
		}
		return no
	}
	p := dynProg(x, func(m *machine) Value { return pick(m).val(m) })
	p.num = func(m *machine) float64 { return pick(m).num(m) }
	p.str = func(m *machine) string { return pick(m).str(m) }
	p.boo = func(m *machine) bool { return pick(m).boo(m) }
	if !yes.dyn && !no.dyn && yes.typ == no.typ && yes.typ != TypeNodeSet {
		p.dyn, p.typ, p.date = false, yes.typ, yes.date && no.date
	}
	return p
}

// makeCoalesce returns the first value that is not blank, as a string.
func makeCoalesce(_ *compiler, _ *call, a []*prog) *prog {
	return stringProg(func(m *machine) string {
		for i, p := range a {
			s := p.str(m)
			if i == len(a)-1 || s != "" && s != "NaN" {
				return s
			}
		}
		return ""
	})
}

// makeOnce keeps the value that the node already has, and computes only the
// first one.
func makeOnce(_ *compiler, _ *call, a []*prog) *prog {
	return stringProg(func(m *machine) string {
		if s := m.node.StringValue(); s != "" {
			return s
		}
		return a[0].str(m)
	})
}

// eachValue calls f with each argument; node-sets give their nodes one by one.
func (m *machine) eachValue(args []*prog, f func(Value)) {
	for _, a := range args {
		mark := m.mark()
		v := a.val(m)
		if v.typ == TypeNodeSet {
			for _, n := range v.nodes {
				f(String(n.StringValue()))
			}
		} else {
			f(v)
		}
		m.release(mark)
	}
}

// between applies the bounds of a checklist, where -1 is no bound.
func between(n, lo, hi float64) bool { return (lo < 0 || n >= lo) && (hi < 0 || n <= hi) }

// makeChecklist counts the values that are true; of nodes, those that are not
// blank.
func makeChecklist(_ *compiler, _ *call, a []*prog) *prog {
	return boolProg(func(m *machine) bool {
		n := 0.0
		m.eachValue(a[2:], func(v Value) {
			if m.truth(v) {
				n++
			}
		})
		return between(n, a[0].num(m), a[1].num(m))
	})
}

// makeWeightedChecklist sums the weights of the values that count; values and
// weights alternate, whether they come as arguments or from node-sets.
func makeWeightedChecklist(c *compiler, x *call, a []*prog) *prog {
	if len(a)%2 != 0 {
		return c.fault(x, x.offset(), "each value needs a weight")
	}
	return boolProg(func(m *machine) bool {
		sum := 0.0
		for i := 2; i < len(a); i += 2 {
			var values []Value
			m.eachValue(a[i:i+1], func(v Value) { values = append(values, v) })
			k := 0
			m.eachValue(a[i+1:i+2], func(w Value) {
				if k < len(values) && m.truth(values[k]) {
					sum += m.number(w)
				}
				k++
			})
		}
		return between(sum, a[0].num(m), a[1].num(m))
	})
}
