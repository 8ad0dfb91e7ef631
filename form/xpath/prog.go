package xpath

// prog is a compiled expression: one closure per type it can be asked for, so
// that a comparison of numbers never makes a string. typ is the type known at
// compile time; with dyn it is only known from the value.
type prog struct {
	typ  Type
	dyn  bool
	date bool // a string that date() and its kin made

	num func(*machine) float64
	str func(*machine) string
	boo func(*machine) bool
	val func(*machine) Value
	set func(*machine) []*Node // node-sets (also dyn: fails on other types)

	look  *lookup              // a predicate that looks up a key
	lit   *Value               // a constant
	first func(*machine) *Node // node-sets: the first node without the rest
}

func numberProg(f func(*machine) float64) *prog {
	return &prog{
		typ: TypeNumber, num: f,
		str: func(m *machine) string { return m.formatNumber(f(m)) },
		boo: func(m *machine) bool { return truthy(f(m)) },
		val: func(m *machine) Value { return Number(f(m)) },
	}
}

func stringProg(f func(*machine) string) *prog {
	return &prog{
		typ: TypeString, str: f,
		num: func(m *machine) float64 { return m.parseNumber(f(m)) },
		boo: func(m *machine) bool { return f(m) != "" },
		val: func(m *machine) Value { return String(f(m)) },
	}
}

func boolProg(f func(*machine) bool) *prog {
	return &prog{
		typ: TypeBoolean, boo: f,
		num: func(m *machine) float64 {
			if f(m) {
				return 1
			}
			return 0
		},
		str: func(m *machine) string { return formatBool(f(m)) },
		val: func(m *machine) Value { return Boolean(f(m)) },
	}
}

// dateProg is a string that compares by the moment it names, and is false when
// it names none.
func dateProg(f func(*machine) string) *prog {
	p := stringProg(f)
	p.date = true
	p.boo = func(m *machine) bool { s := f(m); return s != "" && s != invalidDate }
	p.val = func(m *machine) Value { return Value{typ: TypeString, str: f(m), date: true} }
	return p
}

// setProg leaves its nodes on the stack of the machine.
func setProg(set func(*machine) []*Node, first func(*machine) *Node) *prog {
	if first == nil {
		first = func(m *machine) *Node {
			mark := m.mark()
			defer m.release(mark)
			if ns := set(m); len(ns) > 0 {
				return ns[0]
			}
			return nil
		}
	}
	str := func(m *machine) string { return first(m).StringValue() }
	return &prog{
		typ: TypeNodeSet, set: set, first: first, str: str,
		num: func(m *machine) float64 { return m.parseNumber(str(m)) },
		boo: func(m *machine) bool { return first(m) != nil },
		val: func(m *machine) Value { return Value{typ: TypeNodeSet, nodes: set(m)} },
	}
}

// dynProg converts from the value.
func dynProg(c *call, val func(*machine) Value) *prog {
	p := &prog{
		dyn: true, val: val,
		num: func(m *machine) float64 {
			mark := m.mark()
			defer m.release(mark)
			return m.number(val(m))
		},
		str: func(m *machine) string {
			mark := m.mark()
			defer m.release(mark)
			return m.text(val(m))
		},
		boo: func(m *machine) bool {
			mark := m.mark()
			defer m.release(mark)
			return m.truth(val(m))
		},
		set: func(m *machine) []*Node {
			v := val(m)
			if v.typ != TypeNodeSet {
				m.fail(c, "the result is not a set of nodes", nil)
			}
			return v.nodes
		},
	}
	p.first = func(m *machine) *Node {
		mark := m.mark()
		defer m.release(mark)
		if ns := p.set(m); len(ns) > 0 {
			return ns[0]
		}
		return nil
	}
	return p
}

func constant(v Value) *prog {
	n, s, b := v.Number(), v.String(), v.Bool()
	p := &prog{
		typ: v.typ, lit: &v,
		num: func(*machine) float64 { return n },
		str: func(*machine) string { return s },
		boo: func(*machine) bool { return b },
		val: func(*machine) Value { return v },
	}
	if v.typ == TypeNumber && n != n {
		p.str = func(m *machine) string { return m.formatNumber(n) }
	}
	if v.typ == TypeString { // a date-time without offset depends on the zone
		if _, plain := parseDate(trimBlanks(s), nil); plain {
			p.num = func(m *machine) float64 { return m.parseNumber(s) }
		}
	}
	return p
}
