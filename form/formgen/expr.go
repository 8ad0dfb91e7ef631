package formgen

import (
	"fmt"
	"strings"
)

// find picks an earlier question of a sort ("" for any) that can be read as one
// value from here: it stands outside all repeats, or in one that is around both.
func (g *generator) find(at place, sort string) (known, bool) {
	var fit []known
	for _, k := range g.known {
		if (sort == "" || k.sort == sort) && (k.repeat == "" || at.repeat == k.repeat || strings.HasPrefix(at.repeat, k.repeat+"/")) {
			fit = append(fit, k)
		}
	}
	if len(fit) == 0 {
		return known{}, false
	}
	return fit[g.IntN(len(fit))], true
}

// far picks an earlier question inside a repeat that is not around here, whose
// instances are read all at once.
func (g *generator) far(at place, sort string) (known, bool) {
	var fit []known
	for _, k := range g.known {
		if k.sort == sort && k.repeat != "" && at.repeat == "" {
			fit = append(fit, k)
		}
	}
	if len(fit) == 0 {
		return known{}, false
	}
	return fit[g.IntN(len(fit))], true
}

// path writes the way from an item at a place to a question: absolute outside
// of repeats, relative inside, as converters do.
func (g *generator) path(at place, to known) string {
	full := to.path + "/" + to.name
	if to.repeat == "" {
		return full
	}
	here, there := strings.Split(at.path, "/"), strings.Split(full, "/")
	same := 0
	for same < len(here) && same < len(there) && here[same] == there[same] {
		same++
	}
	return strings.Repeat("../", len(here)-same+1) + strings.Join(there[same:], "/")
}

func (g *generator) number(at place, depth int) string {
	if depth == 0 || g.chance(25) {
		if k, ok := g.find(at, "number"); ok && g.chance(70) {
			return g.path(at, k)
		}
		return g.pick("0", "1", "2", "3", "7", "10", "2.5", "-1", "100")
	}
	sub := func() string { return g.number(at, depth-1) }
	switch g.IntN(13) {
	case 0, 1, 2:
		return sub() + " " + g.pick("+", "-", "*") + " " + sub()
	case 3:
		return "(" + sub() + " " + g.pick("div", "mod") + " " + sub() + ")"
	case 4:
		return fmt.Sprintf("round(%s, %d)", sub(), g.IntN(3))
	case 5:
		return fmt.Sprintf("if(%s, %s, %s)", g.condition(at, depth-1), sub(), sub())
	case 6:
		return "coalesce(" + sub() + ", " + sub() + ")"
	case 7:
		return g.pick("int", "abs", "floor", "ceiling", "number") + "(" + sub() + ")"
	case 8:
		return g.pick("max", "min") + "(" + sub() + ", " + sub() + ")"
	case 9:
		return "string-length(" + g.text(at, depth-1) + ")"
	case 10:
		if k, ok := g.find(at, "choices"); ok {
			return "count-selected(" + g.path(at, k) + ")"
		}
		return sub()
	default:
		return g.aggregate(at, sub)
	}
}

// aggregate reads a repeat as a whole: from outside, or counts the one it is in.
func (g *generator) aggregate(at place, sub func() string) string {
	if k, ok := g.far(at, "number"); ok {
		full := k.path + "/" + k.name
		// Engines differ in the sum of nothing; docs/differential.md.
		sum := func(set string) string { return "if(count(" + set + ") > 0, sum(" + set + "), 0)" }
		return g.pick(sum(full), "count("+k.repeat+")", "max("+full+")", "min("+full+")", "count("+full+"[. > 1])",
			sum(k.repeat+"[position() = 1]"+strings.TrimPrefix(full, k.repeat)), "count-non-empty("+full+")")
	}
	if at.repeat != "" {
		up := strings.Repeat("../", strings.Count(at.path, "/")-strings.Count(at.repeat, "/"))
		return "position(" + up + "..)"
	}
	return sub()
}

func (g *generator) text(at place, depth int) string {
	if depth == 0 || g.chance(25) {
		if k, ok := g.find(at, g.pick("text", "choice", "choices", "text")); ok && g.chance(75) {
			return g.path(at, k)
		}
		return g.pick("'a'", "'b'", "'abc'", "''", "'x y'", "'中文'")
	}
	sub := func() string { return g.text(at, depth-1) }
	switch g.IntN(11) {
	case 0, 1:
		return "concat(" + sub() + ", " + sub() + ")"
	case 2:
		return fmt.Sprintf("substr(%s, %d, %d)", sub(), g.IntN(3), 1+g.IntN(4))
	case 3:
		return fmt.Sprintf("if(%s, %s, %s)", g.condition(at, depth-1), sub(), sub())
	case 4:
		return "coalesce(" + sub() + ", " + sub() + ")"
	case 5:
		return "translate(" + sub() + ", 'abc', 'xyz')"
	case 6:
		return "normalize-space(" + sub() + ")"
	case 7:
		return g.pick("substring-before", "substring-after") + "(" + sub() + ", 'b')"
	case 8:
		return "string(" + g.number(at, depth-1) + ")"
	case 9:
		if k, ok := g.find(at, "choices"); ok {
			return fmt.Sprintf("selected-at(%s, %d)", g.path(at, k), g.IntN(3))
		}
		return sub()
	default:
		if k, ok := g.far(at, "text"); ok {
			return "join('-', " + k.path + "/" + k.name + ")"
		}
		return "join('-', " + sub() + ", " + sub() + ")"
	}
}

func (g *generator) date(at place, depth int) string {
	if k, ok := g.find(at, "date"); ok && g.chance(75) {
		p := g.path(at, k)
		if depth > 0 && g.chance(40) {
			return g.pick("date("+p+")", "if("+p+" = '', '', date("+p+" + 1))")
		}
		return p
	}
	return g.pick("date('2020-02-29')", "'2024-12-31'", "today()")
}

func (g *generator) condition(at place, depth int) string {
	if depth > 0 && g.chance(25) {
		return g.pick(
			"("+g.condition(at, depth-1)+") "+g.pick("and", "or")+" ("+g.condition(at, depth-1)+")",
			"not("+g.condition(at, depth-1)+")",
			"boolean("+g.condition(at, depth-1)+")",
		)
	}
	switch g.IntN(8) {
	case 0, 1:
		if k, ok := g.find(at, "choice"); ok {
			return g.path(at, k) + " " + g.pick("=", "!=") + " '" + g.pick("a", "b", "c") + "'"
		}
	case 2, 3:
		if k, ok := g.find(at, "choices"); ok {
			return "selected(" + g.path(at, k) + ", '" + g.pick("a", "b", "c") + "')"
		}
	case 4:
		if k, ok := g.find(at, ""); ok {
			return g.path(at, k) + " " + g.pick("=", "!=") + " ''"
		}
	case 5:
		if k, ok := g.find(at, "date"); ok {
			return g.path(at, k) + " " + g.pick("<", ">=") + " " + g.date(at, 0)
		}
	case 6:
		return g.pick("contains", "starts-with") + "(" + g.text(at, 1) + ", " + g.pick("'a'", "'b'", "''") + ")"
	}
	return g.number(at, 1) + " " + g.pick("<", ">", "=", "!=", "<=", ">=") + " " + g.number(at, 1)
}
