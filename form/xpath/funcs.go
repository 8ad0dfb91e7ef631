package xpath

// builtin describes a function of the language. make gets the compiled
// arguments, whose number has been checked, and returns the compiled call.
type builtin struct {
	min, max int // max < 0: any number
	make     func(c *compiler, x *call, a []*prog) *prog
}

// builtins by name, JavaRosa's functions with the prefix jr. Filled by the
// files named after what the functions are about.
var builtins = map[string]builtin{}

func register(lo, hi int, f func(c *compiler, x *call, a []*prog) *prog, names ...string) {
	for _, n := range names {
		builtins[n] = builtin{lo, hi, f}
	}
}

func num1(name string, f func(float64) float64) {
	register(1, 1, func(_ *compiler, _ *call, a []*prog) *prog {
		return numberProg(func(m *machine) float64 { return f(a[0].num(m)) })
	}, name)
}

func num2(name string, f func(a, b float64) float64) {
	register(2, 2, func(_ *compiler, _ *call, a []*prog) *prog {
		return numberProg(func(m *machine) float64 { return f(a[0].num(m), a[1].num(m)) })
	}, name)
}

func strToBool2(name string, f func(a, b string) bool) {
	register(2, 2, func(_ *compiler, _ *call, a []*prog) *prog {
		return boolProg(func(m *machine) bool { return f(a[0].str(m), a[1].str(m)) })
	}, name)
}

func strToStr2(name string, f func(a, b string) string) {
	register(2, 2, func(_ *compiler, _ *call, a []*prog) *prog {
		return stringProg(func(m *machine) string { return f(a[0].str(m), a[1].str(m)) })
	}, name)
}

// self is the context node as an argument.
func self() *prog {
	first := func(m *machine) *Node { return m.node }
	return setProg(func(m *machine) []*Node {
		mark := m.mark()
		m.stack = append(m.stack, m.node)
		return m.since(mark)
	}, first)
}

// orSelf is the first argument, or the context node when there is none.
func orSelf(a []*prog) *prog {
	if len(a) > 0 {
		return a[0]
	}
	return self()
}

// eachString calls f with every string that the arguments hold: the
// string-values of all nodes of a node-set, or the value of anything else,
// until f returns false.
func (m *machine) eachString(args []*prog, f func(string) bool) {
	for _, a := range args {
		mark := m.mark()
		switch {
		case a.dyn:
			v := a.val(m)
			if v.typ != TypeNodeSet {
				if !f(m.text(v)) {
					return
				}
				break
			}
			for _, n := range v.nodes {
				if !f(n.StringValue()) {
					return
				}
			}
		case a.typ == TypeNodeSet:
			for _, n := range a.set(m) {
				if !f(n.StringValue()) {
					return
				}
			}
		default:
			if !f(a.str(m)) {
				return
			}
		}
		m.release(mark)
	}
}

// eachNumber is eachString for numbers.
func (m *machine) eachNumber(args []*prog, f func(float64)) {
	for _, a := range args {
		mark := m.mark()
		switch {
		case a.dyn:
			v := a.val(m)
			if v.typ != TypeNodeSet {
				f(m.number(v))
				break
			}
			for _, n := range v.nodes {
				f(m.parseNumber(n.StringValue()))
			}
		case a.typ == TypeNodeSet:
			for _, n := range a.set(m) {
				f(m.parseNumber(n.StringValue()))
			}
		default:
			f(a.num(m))
		}
		m.release(mark)
	}
}
