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
	case l.typ == TypeNodeSet && (r.typ != TypeBoolean || ordering(op)):
		return compareSet(op, l, r)
	case r.typ == TypeNodeSet && (l.typ != TypeBoolean || ordering(op)):
		return compareSet(mirror(op), r, l)
	case !ordering(op) && (l.typ == TypeBoolean || r.typ == TypeBoolean):
		eq := op == "="
		return boolProg(func(m *machine) bool { return (l.boo(m) == r.boo(m)) == eq })
	case !ordering(op) && l.typ == TypeString && r.typ == TypeString:
		dates := l.date || r.date
		return boolProg(func(m *machine) bool { return m.compareStrings(op, l.str(m), r.str(m), dates) })
	case l.typ == TypeString && r.typ == TypeString:
		return boolProg(func(m *machine) bool { return m.orderStrings(op, l.str(m), r.str(m)) })
	}
	return boolProg(func(m *machine) bool { return compareNumbers(op, l.num(m), r.num(m)) })
}

// compareSet compares a node-set with a number or a string, or orders it
// against a boolean (which counts as 0 or 1: XPath 1.0 would make a boolean of
// the node-set, but no form engine does).
func compareSet(op string, l, r *prog) *prog {
	if ordering(op) && r.typ == TypeString {
		return boolProg(func(m *machine) bool {
			want := r.str(m)
			mark := m.mark()
			defer m.release(mark)
			for _, n := range l.set(m) {
				if m.orderStrings(op, n.StringValue(), want) {
					return true
				}
			}
			return false
		})
	}
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
			return x.compare(op, y)
		}
	}
	return (a == b) == (op == "=")
}

// orderStrings is <, <=, > or >=: by number, where two dates are compared as
// such.
func (m *machine) orderStrings(op, a, b string) bool {
	if len(a) >= 8 && len(b) >= 8 { // the shortest date is 2026-3-4
		x, ok := parseDate(trimBlanks(a), m.env.Zone)
		y, ok2 := parseDate(trimBlanks(b), m.env.Zone)
		if ok && ok2 {
			return x.compare(op, y)
		}
	}
	return compareNumbers(op, m.parseNumber(a), m.parseNumber(b))
}

// compare compares moments. A plain date against a date-time is its local
// midnight; it is also equal to its midnight in UTC, which is what a number of
// days means: date(0) = date('1970-01-01T00:00:00Z') in every zone.
func (d moment) compare(op string, e moment) bool {
	x, y := d.days(), e.days()
	if d.hasTime != e.hasTime && x != y {
		x, y = float64(d.t.UnixMilli()), float64(e.t.UnixMilli())
	}
	return compareNumbers(op, x, y)
}

func (m *machine) compareSets(op string, a, b []*Node) bool {
	if !m.spend(len(a)+len(b)) || ordering(op) && !m.spend(len(a)*len(b)) {
		return false
	}
	if ordering(op) {
		for _, x := range a {
			s := x.StringValue()
			for _, y := range b {
				if m.orderStrings(op, s, y.StringValue()) {
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
	}
	switch {
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
	if a.typ != TypeString || b.typ != TypeString {
		return compareNumbers(op, m.number(a), m.number(b))
	}
	if ordering(op) {
		return m.orderStrings(op, a.str, b.str)
	}
	return m.compareStrings(op, a.str, b.str, a.date || b.date)
}
