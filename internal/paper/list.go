package paper

import (
	"strconv"
	"strings"

	"ruhu/internal/docgen"
	"ruhu/internal/paper/layout"
	"ruhu/internal/roster"
)

func (src *source) word(key string, kv ...any) string { return layout.Word(src.lang, key, kv...) }

// total counts households and persons.
func (src *source) total(hs []roster.Full) string {
	n := 0
	for _, h := range hs {
		n += h.Size
	}
	return src.word("list.total", "n", len(hs), "persons", n)
}

// villages makes a section of each village.
func (src *source) villages(list func(place string, hs []roster.Full) layout.List) []layout.Part {
	var out []layout.Part
	for hs := src.full; len(hs) > 0; {
		n := 1
		for n < len(hs) && hs[n].Village == hs[0].Village {
			n++
		}
		place := hs[0].VillageName
		l := list(place, hs[:n])
		l.Lang = src.lang
		out = append(out, layout.Part{Header: docgen.Section{Left: place, Right: src.c.Title}, List: &l})
		hs = hs[n:]
	}
	return out
}

// roster is the household list of a village.
func (src *source) roster(place string, hs []roster.Full) layout.List {
	l := layout.List{
		Title: src.word("list.title", "place", place), Notes: []string{src.c.Title, src.total(hs)},
		Columns: []layout.ListColumn{
			{Label: src.word("head.code"), Width: 31},
			{Label: src.word("list.group"), Width: 13},
			{Label: src.word("list.head")},
			{Label: src.word("head.class"), Width: 20},
			{Label: src.word("list.size"), Width: 10, Right: true},
			{Label: src.word("list.phone"), Width: 26},
			{Label: src.word("list.note"), Width: 38},
		},
	}
	if src.job.Ask.Kind == Frozen {
		l.Title = src.word("list.frozen_title", "place", place)
		l.Notes = append(l.Notes, src.word("list.frozen", "n", src.number, "digest", src.digest))
	}
	for _, h := range hs {
		l.Rows = append(l.Rows, []string{h.Code, h.Group, h.HeadName, src.class(h.Class), size(h), h.Phone, ""})
	}
	return l
}

// worklist is what teams do, a section per team and day.
func (src *source) worklist() []layout.Part {
	var out []layout.Part
	for from := 0; from < len(src.full); {
		visit := src.visits[src.full[from].ID]
		day, team := visit.Date, src.teams[visit.Team]
		to := from
		for to < len(src.full) && src.visits[src.full[to].ID].Date == day && src.visits[src.full[to].ID].Team == visit.Team {
			to++
		}
		hs := src.full[from:to]
		from = to
		l := layout.List{
			Lang: src.lang, Title: src.word("list.worklist", "team", team) + "　" + string(day),
			Notes: []string{src.c.Title, src.word("list.members", "names", strings.Join(src.people[visit.Team], "、"))},
			Columns: []layout.ListColumn{
				{Label: src.word("list.village"), Width: 30},
				{Label: src.word("list.group"), Width: 14},
				{Label: src.word("head.code"), Width: 31},
				{Label: src.word("list.head"), Width: 28},
				{Label: src.word("head.class"), Width: 22},
				{Label: src.word("list.size"), Width: 11, Right: true},
				{Label: src.word("list.phone"), Width: 28},
				{Label: src.word("head.guide"), Width: 24},
				{Label: src.word("list.done"), Width: 11, Tick: true},
				{Label: src.word("list.note")},
			},
		}
		for _, h := range hs {
			l.Rows = append(l.Rows, []string{h.VillageName, h.Group, h.Code, h.HeadName, src.class(h.Class), size(h), h.Phone, "", "", ""})
		}
		out = append(out, layout.Part{Header: docgen.Section{Left: team + "　" + string(day), Right: src.c.Title}, List: &l})
	}
	return out
}

func size(h roster.Full) string {
	if h.Size == 0 {
		return ""
	}
	return strconv.Itoa(h.Size)
}
