package formgen

import (
	"fmt"
	"slices"
	"strings"

	"ruhu/form/xform/trace"
)

// world is the frozen surroundings of every plan.
var world = trace.Env{
	TZ: "UTC", Now: "2025-03-15T10:30:00.000Z", Rand: 1, DeviceID: "device", Username: "enumerator",
	Email: "enumerator@example.org", PhoneNumber: "+15550100", Geolocation: "45.5 9.25 120 5",
}

// target is a question or an open repeat; path has a %d for each repeat around.
type target struct {
	item   Item
	path   string
	within int
}

func (g *generator) plan(seed uint64, items []Item) trace.Plan {
	var questions, repeats []target
	var walk func(items []Item, path string, within int)
	walk = func(items []Item, path string, within int) {
		for _, it := range items {
			t := target{it, path + "/" + it.Name, within}
			switch it.Kind {
			case "group":
				walk(it.Items, t.path, within)
			case "repeat":
				if it.Count == "" {
					repeats = append(repeats, t)
				}
				walk(it.Items, t.path+"[%d]", within+1)
			case "value", "note":
			default:
				if it.Readonly == "" {
					questions = append(questions, t)
				}
			}
		}
	}
	walk(items, "/data", 0)
	p := trace.Plan{Version: 1, Form: fmt.Sprintf("random%d", seed), Env: world, Volatile: []string{"/data/meta/instanceID"}}
	for range 30 + g.IntN(20) {
		switch r := g.IntN(100); {
		case len(repeats) > 0 && r < 12:
			t := repeats[g.IntN(len(repeats))]
			p.Steps = append(p.Steps, trace.Step{Op: "add", Ref: g.at(t)})
		case len(repeats) > 0 && r < 17:
			t := repeats[g.IntN(len(repeats))]
			p.Steps = append(p.Steps, trace.Step{Op: "remove", Ref: fmt.Sprintf("%s[%d]", g.at(t), 1+g.IntN(2))})
		case len(questions) > 0:
			t := questions[g.IntN(len(questions))]
			v := g.answer(t.item)
			if g.chance(10) {
				v = ""
			}
			p.Steps = append(p.Steps, trace.Step{Op: "set", Ref: g.at(t), Value: v})
		}
	}
	return p
}

// at fills in instance numbers: mostly the first, which is there from the start.
func (g *generator) at(t target) string {
	n := make([]any, t.within)
	for i := range n {
		n[i] = max(1, g.IntN(5)-1)
	}
	return fmt.Sprintf(t.path, n...)
}

// answer makes a value of the question's type.
func (g *generator) answer(it Item) string {
	switch it.Kind {
	case "select1":
		if values := g.values(it); len(values) > 0 {
			return g.pick(values...)
		}
		return ""
	case "select", "rank":
		values := g.values(it)
		if it.Kind == "select" { // in the order of the list, as clients offer them
			values = slices.DeleteFunc(values, func(string) bool { return g.chance(50) })
		} else {
			g.Shuffle(len(values), func(i, j int) { values[i], values[j] = values[j], values[i] })
		}
		return strings.Join(values, " ")
	case "trigger":
		return "OK"
	}
	switch it.Type {
	case "int":
		return fmt.Sprint(g.IntN(14) - 3)
	case "decimal":
		return g.pick("0.5", "1", "2.25", "-3.5", "10", "0.1", "99.99")
	case "date":
		return fmt.Sprintf("20%02d-%02d-%02d", 18+g.IntN(8), 1+g.IntN(12), 1+g.IntN(28))
	case "time":
		return fmt.Sprintf("%02d:%02d:00.000Z", g.IntN(24), g.IntN(60))
	case "dateTime":
		return fmt.Sprintf("2024-%02d-%02dT%02d:%02d:00.000Z", 1+g.IntN(12), 1+g.IntN(28), g.IntN(24), g.IntN(60))
	}
	return g.pick("a", "b", "abc", "x y", "  two  spaces ", "12", "中文字", "A&B <c>", "''")
}

func (g *generator) values(it Item) (out []string) {
	for _, c := range it.Choices {
		out = append(out, c.Value)
	}
	if it.List != "" {
		for _, c := range g.lists[it.List].Choices {
			out = append(out, c.Value)
		}
	}
	return out
}
