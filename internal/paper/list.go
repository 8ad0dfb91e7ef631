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
func (src *source) total() string {
	n := 0
	for _, h := range src.full {
		n += h.Size
	}
	return src.word("list.total", "n", len(src.full), "persons", n)
}

func (src *source) part(l layout.List) []layout.Part {
	l.Lang = src.lang
	return []layout.Part{{Header: docgen.Section{Left: src.file.Name, Right: src.c.Title}, List: &l}}
}

// roster is the household list of a village.
func (src *source) roster() []layout.Part {
	l := layout.List{
		Title: src.word("list.title", "place", src.file.Name), Notes: []string{src.c.Title, src.total()},
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
	for _, h := range src.full {
		l.Rows = append(l.Rows, []string{h.Code, h.Group, h.HeadName, src.class(h.Class), size(h), h.Phone, ""})
	}
	return src.part(l)
}

// listing is the sheet of the listing (S4.3): the list with a box for each thing that may have happened to a household, empty rows for
// those that are missing, and room for the stamps of village and township.
func (src *source) listing() []layout.Part {
	l := layout.List{
		Title: src.word("list.listing", "place", src.file.Name), Notes: []string{src.c.Title + "　" + src.total(), src.word("listing.how")}, Spare: listingSpare,
		Columns: []layout.ListColumn{
			{Label: src.word("head.code"), Width: 31},
			{Label: src.word("list.group"), Width: 12},
			{Label: src.word("list.head"), Width: 26},
			{Label: src.word("head.class"), Width: 20},
			{Label: src.word("list.size"), Width: 10, Right: true},
			{Label: src.word("list.id_number"), Width: 36},
		},
		Signers: []string{src.word("listing.enumerator"), src.word("listing.village"), src.word("listing.township")},
	}
	for _, k := range []string{"confirmed", "corrected", "moved", "died", "merged", "split", "lost"} {
		l.Columns = append(l.Columns, layout.ListColumn{Label: src.word("listing." + k), Width: 10, Tick: true})
	}
	l.Columns = append(l.Columns, layout.ListColumn{Label: src.word("listing.reason")})
	for _, h := range src.full {
		row := []string{h.Code, h.Group, h.HeadName, src.class(h.Class), size(h), string(h.HeadIDNumber)}
		l.Rows = append(l.Rows, append(row, make([]string, 8)...))
	}
	return src.part(l)
}

// worklist is what a team does, a section per day.
func (src *source) worklist() []layout.Part {
	var out []layout.Part
	for from := 0; from < len(src.full); {
		day := src.visits[src.full[from].ID].Date
		to := from
		for to < len(src.full) && src.visits[src.full[to].ID].Date == day {
			to++
		}
		hs := src.full[from:to]
		from = to
		l := layout.List{
			Lang: src.lang, Title: src.word("list.worklist", "team", src.file.Name) + "　" + string(day),
			Notes: []string{src.c.Title, src.word("list.members", "names", strings.Join(src.people, "、"))},
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
		out = append(out, layout.Part{Header: docgen.Section{Left: src.file.Name + "　" + string(day), Right: src.c.Title}, List: &l})
	}
	return out
}

func size(h roster.Full) string {
	if h.Size == 0 {
		return ""
	}
	return strconv.Itoa(h.Size)
}
