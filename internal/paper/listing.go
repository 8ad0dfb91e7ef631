package paper

import (
	"slices"
	"strings"

	"ruhu/internal/listing"
	"ruhu/internal/paper/layout"
	"ruhu/internal/roster"
)

// What may be ticked about a household, in the order of the columns.
var ticks = []string{"confirmed", "corrected", "moved", "died", "merged", "split", "lost"}

// listing is the sheet of the listing (S4.3): what the working list shows, with a box for each thing that may have happened to a household,
// empty rows for those that are missing, and room for the stamps of village and township.
func (src *source) listing(place string, hs []roster.Full) layout.List {
	l := layout.List{
		Title: src.word("list.listing", "place", place), Notes: []string{src.c.Title + "　" + src.total(hs), src.word("listing.how")}, Spare: listingSpare,
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
	for _, k := range ticks {
		l.Columns = append(l.Columns, layout.ListColumn{Label: src.word("listing." + k), Width: 10, Tick: true})
	}
	l.Columns = append(l.Columns, layout.ListColumn{Label: src.word("listing.reason")})
	w, ok := src.works[hs[0].Village]
	if !ok {
		for _, h := range hs {
			l.Rows = append(l.Rows, src.listingRow(listing.Item{Full: h}))
		}
		return l
	}
	l.Notes[0] += "　" + src.word("listing.state", "state", src.word("listing.state_"+string(w.State)))
	for _, it := range here(w, hs) {
		l.Rows = append(l.Rows, src.listingRow(it))
	}
	return l
}

// here gives the items of a working list that belong into a file with these households: those themselves, and with the last of the village the
// ones that are struck or only proposed.
func here(w listing.Work, hs []roster.Full) []listing.Item {
	mine := map[string]bool{}
	for _, h := range hs {
		mine[h.ID] = true
	}
	last := ""
	for _, it := range w.Items {
		if listed(it) {
			last = it.ID
		}
	}
	return slices.DeleteFunc(slices.Clone(w.Items), func(it listing.Item) bool {
		return !mine[it.ID] && (listed(it) || !mine[last] && last != "")
	})
}

// listed tells a household of the list from one that is struck or only proposed.
func listed(it listing.Item) bool { return it.State == roster.Listed && it.Code != "" }

func (src *source) listingRow(it listing.Item) []string {
	p := it.Proposal
	class, group, people, number := src.class(it.Class), it.Group, size(it.Full), string(it.HeadIDNumber)
	if it.Code == "" && p != nil { // all that is known is what was proposed
		for _, d := range p.Differences {
			switch d.Field {
			case "class":
				class = src.class(roster.Class(d.To))
			case "group":
				group = d.To
			case "size":
				people = d.To
			case "head_id_number":
				number = d.To
			}
		}
	}
	row := append([]string{it.Code, group, it.HeadName, class, people, number}, make([]string, len(ticks)+1)...)
	if p == nil {
		return row
	}
	if at := slices.Index(ticks, tick(*p)); at >= 0 && p.State != listing.SentBack {
		row[6+at] = "x"
	}
	row[len(row)-1] = src.said(it)
	return row
}

// tick names the column of what was said; "" for a new household.
func tick(p listing.Proposal) string {
	switch p.Action {
	case listing.ConfirmIt:
		return "confirmed"
	case roster.Correct:
		return "corrected"
	case roster.Add:
		return ""
	}
	return p.Reason
}

// said is what was said in words: the note, and before → after.
func (src *source) said(it listing.Item) string {
	p := it.Proposal
	var out []string
	if p.State == listing.SentBack {
		out = append(out, src.word("listing.sent_back", "why", p.DecidedNote))
	}
	switch {
	case p.Action == roster.Add:
		out = append(out, src.word("listing.added"))
	case it.State == roster.Struck:
		out = append(out, src.word("listing.gone"))
	}
	if p.Note != "" {
		out = append(out, p.Note)
	}
	if p.Action == roster.Correct {
		for _, d := range p.Differences {
			if d.Field != "size" { // follows from the people
				out = append(out, src.difference(d))
			}
		}
	}
	return strings.Join(out, "；")
}

func (src *source) difference(d roster.Difference) string {
	switch {
	case d.Field == "member" && d.From == "":
		return "+ " + d.To
	case d.Field == "member":
		return "− " + d.From
	case d.Field == "class":
		d.From, d.To = src.class(roster.Class(d.From)), src.class(roster.Class(d.To))
	}
	s := d.From + "→" + d.To
	if d.Member != "" {
		s = d.Member + " " + s
	}
	return s
}
