package formgen

import (
	"fmt"
	"math/rand/v2"
)

// Random makes a form of about ten to forty items and a plan of about forty
// steps from a seed.
func Random(seed uint64) Case {
	g := &generator{Rand: rand.New(rand.NewPCG(seed, 0x2026)), lists: map[string]List{}}
	f := Form{ID: fmt.Sprintf("random%d", seed)}
	for i := range 2 + g.IntN(2) {
		l := List{Name: fmt.Sprintf("list%d", i)}
		for j := range 2 + g.IntN(6) {
			l.Choices = append(l.Choices, Choice{Value: string(rune('a' + j)), Label: fmt.Sprintf("choice %d", j), Group: string(rune('a' + j%3))})
		}
		f.Lists = append(f.Lists, l)
		g.lists[l.Name] = l
		g.names = append(g.names, l.Name)
	}
	f.Items = g.items(place{path: "/data"}, 6+g.IntN(12), 0)
	return Case{Seed: seed, Form: f, Plan: g.plan(seed, f.Items)}
}

// place is where an item stands.
type place struct {
	path   string
	repeat string // path of the innermost repeat around it, "" outside
}

// known is a question that expressions of later items may read.
type known struct {
	place
	name, sort string // sort: number, text, date, choice, choices
	list       string
}

type generator struct {
	*rand.Rand
	lists   map[string]List
	names   []string
	known   []known
	repeats []place // uncontrolled and controlled, by the path of the repeat; repeat is the one around it
	counter int
}

func (g *generator) chance(percent int) bool { return g.IntN(100) < percent }

func (g *generator) pick(s ...string) string { return s[g.IntN(len(s))] }

func (g *generator) name(prefix string) string {
	g.counter++
	return fmt.Sprintf("%s%d", prefix, g.counter)
}

func (g *generator) items(at place, n, depth int) (out []Item) {
	for range n {
		switch r := g.IntN(100); {
		case r < 12 && depth < 3:
			out = append(out, g.group(at, depth))
		case r < 22 && depth < 3:
			out = append(out, g.repeat(at, depth))
		case r < 36:
			out = append(out, g.value(at))
		default:
			out = append(out, g.question(at))
		}
	}
	return out
}

func (g *generator) group(at place, depth int) Item {
	it := Item{Kind: "group", Name: g.name("g")}
	it.Relevant = g.maybe(50, at, g.condition)
	it.Readonly = g.maybe(8, at, g.condition)
	it.Items = g.items(place{at.path + "/" + it.Name, at.repeat}, 1+g.IntN(4), depth+1)
	return it
}

func (g *generator) repeat(at place, depth int) Item {
	it := Item{Kind: "repeat", Name: g.name("r")}
	it.Relevant = g.maybe(30, at, g.condition)
	if g.chance(30) {
		if n, ok := g.find(at, "number"); ok && n.repeat == at.repeat {
			// A count stands outside the repeat it counts; inside a repeat the path is relative to the
			// new instance, one below.
			if at.repeat == "" {
				it.Count = n.path + "/" + n.name
			}
		}
	}
	here := place{at.path + "/" + it.Name, at.path + "/" + it.Name}
	g.repeats = append(g.repeats, place{here.path, at.repeat})
	it.Items = g.items(here, 1+g.IntN(4), depth+1)
	return it
}

func (g *generator) value(at place) Item {
	it := Item{Kind: "value", Name: g.name("v")}
	if g.chance(20) {
		it.Kind = "input" // shown, and open to changes unless readonly
		if g.chance(50) {
			it.Readonly = "true()"
		}
	}
	sort := g.pick("number", "number", "text", "text", "date")
	switch sort {
	case "number":
		it.Type, it.Calculate = g.pick("string", "decimal", "int"), g.number(at, 2)
		if it.Kind == "input" {
			it.Type = "decimal" // its answers are read as numbers
		}
	case "date":
		it.Type, it.Calculate = g.pick("date", "string"), g.date(at, 1)
	default:
		it.Type, it.Calculate = "string", g.text(at, 2)
	}
	it.Relevant = g.maybe(15, at, g.condition)
	g.known = append(g.known, known{place: at, name: it.Name, sort: sort})
	return it
}

func (g *generator) maybe(percent int, at place, make func(place, int) string) string {
	if g.chance(percent) {
		return make(at, 2)
	}
	return ""
}
