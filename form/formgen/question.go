package formgen

import (
	"fmt"
	"strings"
)

// question makes a question with a control.
func (g *generator) question(at place) Item {
	it := Item{Name: g.name("q")}
	k := known{place: at, name: it.Name}
	switch r := g.IntN(100); {
	case r < 30:
		it.Kind, it.Type, k.sort = "input", g.pick("int", "int", "decimal"), "number"
		if g.chance(25) {
			it.Default = g.answer(it)
		}
		if g.chance(40) {
			it.Constraint = fmt.Sprintf(". %s %s", g.pick("<", ">", "<=", ">=", "!="), g.number(at, 1))
		}
	case r < 45:
		it.Kind, it.Type, k.sort = "input", "string", "text"
		if g.chance(30) {
			it.Default = g.answer(it)
		}
		if g.chance(30) {
			it.Constraint = g.pick("string-length(.) < 4", "regex(., '^[a-z ]+$')", "not(contains(., 'b'))", ". != "+g.text(at, 1))
		}
	case r < 57:
		it.Kind, it.Type, k.sort = "input", g.pick("date", "date", "dateTime", "time"), "date"
		if it.Type != "date" {
			k.sort = ""
		} else if g.chance(40) {
			it.Constraint = fmt.Sprintf(". %s %s", g.pick("<", ">", "<=", ">="), g.date(at, 1))
		}
	case r < 77:
		it.Kind, it.Type, k.sort = "select1", "string", "choice"
		g.choices(&it, at)
		if g.chance(15) {
			it.Default = "a"
		}
	case r < 90:
		it.Kind, it.Type, k.sort = "select", "string", "choices"
		g.choices(&it, at)
		if g.chance(25) {
			it.Constraint = g.pick("count-selected(.) < 3", "not(selected(., 'a') and selected(., 'b'))")
		}
	case r < 93:
		it.Kind, it.Type = "rank", "odk:rank"
		g.choices(&it, at)
		it.Filter = ""
	case r < 96:
		it.Kind = "trigger"
	default:
		it.Kind, it.Type, it.Readonly = "note", "string", "true()"
	}
	k.list = it.List
	if it.Kind != "note" {
		it.Relevant = g.maybe(30, at, g.condition)
		it.Required = g.maybe(20, at, g.condition)
		if g.chance(20) {
			it.Required = "true()"
		}
		it.Readonly = g.maybe(6, at, g.condition)
	}
	if p, ok := g.find(at, ""); ok && g.chance(20) {
		it.Output = g.path(at, p)
	}
	if k.sort != "" {
		g.known = append(g.known, k)
	}
	return it
}

// choices takes a shared list, often filtered by an earlier answer, or a list
// of its own.
func (g *generator) choices(it *Item, at place) {
	if g.chance(35) {
		for i := range 2 + g.IntN(3) {
			v := string(rune('a' + i))
			it.Choices = append(it.Choices, Choice{Value: v, Label: strings.ToUpper(v)})
		}
		return
	}
	it.List = g.names[g.IntN(len(g.names))]
	if k, ok := g.find(at, "choice"); ok && g.chance(50) {
		p := g.path(at, k)
		if !strings.HasPrefix(p, "/") {
			p = "current()/" + p
		}
		it.Filter = g.pick("g = "+p, "g != "+p, "selected("+p+", g)", p+" = '' or g = "+p)
	}
}
