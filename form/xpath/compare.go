package xpath

// compare compiles a comparison by the rules of XPath 1.0 §3.4: with a node-set
// it holds if it holds for one of the nodes; with a boolean, both are made
// booleans; with a number or an ordering, both are made numbers; else strings
// are compared. Dates compare by the moment they name.
func compare(op string, l, r *prog) *prog {
	if l.dyn || r.dyn {
		return boolProg(func(m *machine) bool {
			mark := m.mark()
			defer m.release(mark)
			a := l.val(m)
			return m.compareValues(op, a, r.val(m))
		})
	}
	switch {
	case l.typ == TypeNodeSet && r.typ == TypeNodeSet:
		return boolProg(func(m *machine) bool {
			mark := m.mark()
			defer m.release(mark)
			a := l.set(m)
			return m.compareSets(op, a, r.set(m))
		})
	case l.typ == TypeNodeSet && r.typ != TypeBoolean:
		return compareSet(op, l, r)
	case r.typ == TypeNodeSet && l.typ != TypeBoolean:
		return compareSet(mirror(op), r, l)
	case !ordering(op) && (l.typ == TypeBoolean || r.typ == TypeBoolean):
		eq := op == "="
		return boolProg(func(m *machine) bool { return (l.boo(m) == r.boo(m)) == eq })
	case !ordering(op) && l.typ == TypeString && r.typ == TypeString:
		dates := l.date || r.date
		return boolProg(func(m *machine) bool { return m.compareStrings(op, l.str(m), r.str(m), dates) })
	case l.typ == TypeNodeSet || r.typ == TypeNodeSet: // ordered against a boolean
		return boolProg(func(m *machine) bool { return compareNumbers(op, boolNum(l, m), boolNum(r, m)) })
	}
	return boolProg(func(m *machine) bool { return compareNumbers(op, l.num(m), r.num(m)) })
}

// boolNum is the truth of a node-set, or the number of anything else.
func boolNum(p *prog, m *machine) float64 {
	if p.typ != TypeNodeSet {
		return p.num(m)
	}
	if p.boo(m) {
		return 1
	}
	return 0
}

// compareSet compares a node-set with a number or a string.
func compareSet(op string, l, r *prog) *prog {
	if ordering(op) || r.typ == TypeNumber {
		return boolProg(func(m *machine) bool {
			want := r.num(m)
			mark := m.mark()
			defer m.release(mark)
			for _, n := range l.set(m) {
				if compareNumbers(op, m.parseNumber(n.StringValue()), want) {
					return true
				}
			}
			return false
		})
	}
	return boolProg(func(m *machine) bool {
		want := r.str(m)
		mark := m.mark()
		defer m.release(mark)
		for _, n := range l.set(m) {
			if m.compareStrings(op, n.StringValue(), want, r.date) {
				return true
			}
		}
		return false
	})
}

func ordering(op string) bool { return op[0] == '<' || op[0] == '>' }

func mirror(op string) string {
	switch op {
	case "<":
		return ">"
	case ">":
		return "<"
	case "<=":
		return ">="
	case ">=":
		return "<="
	}
	return op
}

func compareNumbers(op string, a, b float64) bool {
	switch op {
	case "=":
		return a == b
	case "!=":
		return a != b
	case "<":
		return a < b
	case "<=":
		return a <= b
	case ">":
		return a > b
	}
	return a >= b
}

// compareStrings is = or !=. If one side is known to be a date and both can be
// read as dates, the moments are compared, whatever zone they are written in.
func (m *machine) compareStrings(op, a, b string, dates bool) bool {
	if dates && a != b {
		x, ok := parseDate(trimBlanks(a), m.env.Zone)
		y, ok2 := parseDate(trimBlanks(b), m.env.Zone)
		if ok && ok2 {
			return compareNumbers(op, x.days(), y.days())
		}
	}
	return (a == b) == (op == "=")
}

func (m *machine) compareSets(op string, a, b []*Node) bool {
	if ordering(op) {
		for _, x := range a {
			f := m.parseNumber(x.StringValue())
			for _, y := range b {
				if compareNumbers(op, f, m.parseNumber(y.StringValue())) {
					return true
				}
			}
		}
		return false
	}
	if len(a)*len(b) > 256 && op == "=" {
		have := make(map[string]bool, len(a))
		for _, x := range a {
			have[x.StringValue()] = true
		}
		for _, y := range b {
			if have[y.StringValue()] {
				return true
			}
		}
		return false
	}
	for _, x := range a {
		s := x.StringValue()
		for _, y := range b {
			if (s == y.StringValue()) == (op == "=") {
				return true
			}
		}
	}
	return false
}

// compareValues compares when the types are known only now.
func (m *machine) compareValues(op string, a, b Value) bool {
	switch {
	case a.typ == TypeNodeSet && b.typ == TypeNodeSet:
		return m.compareSets(op, a.nodes, b.nodes)
	case a.typ == TypeBoolean || b.typ == TypeBoolean:
		if !ordering(op) {
			return (m.truth(a) == m.truth(b)) == (op == "=")
		}
		if a.typ == TypeNodeSet {
			a = Boolean(len(a.nodes) > 0)
		}
		if b.typ == TypeNodeSet {
			b = Boolean(len(b.nodes) > 0)
		}
	case b.typ == TypeNodeSet:
		return m.compareValues(mirror(op), b, a)
	case a.typ == TypeNodeSet:
		for _, n := range a.nodes {
			if m.compareValues(op, String(n.StringValue()), b) {
				return true
			}
		}
		return false
	}
	if ordering(op) || a.typ != TypeString || b.typ != TypeString {
		return compareNumbers(op, m.number(a), m.number(b))
	}
	return m.compareStrings(op, a.str, b.str, a.date || b.date)
}
