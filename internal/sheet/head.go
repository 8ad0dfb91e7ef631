package sheet

import (
	"slices"
	"strings"
)

// maxTop is how far down a header may stand.
const maxTop = 40

// Top gives the first rows of a sheet, down to row number n (at most 40), with merged ranges filled downwards and to the right:
// what a person sees above and in the header.
func (b *Book) Top(i, n int) ([]Row, error) {
	var out []Row
	err := b.Rows(i, min(n, maxTop), func(r Row) error {
		out = append(out, Row{Number: r.Number, Cells: slices.Clone(r.Cells)})
		return nil
	})
	if err != nil || b.w == nil {
		return out, err
	}
	m, err := b.w.mergesOf(i)
	if err != nil {
		return nil, err
	}
	for j := range out {
		out[j].Cells = across(out[j], m.across)
	}
	return out, nil
}

// across fills a row's ranges of several columns with the value of the first.
func across(r Row, spans []span) []Cell {
	cells := r.Cells
	for _, s := range spans {
		if r.Number < s.row || r.Number > s.bottom {
			continue
		}
		first, ok := find(r.Cells, s.from)
		if !ok {
			continue
		}
		for c := s.from + 1; c <= s.to; c++ {
			if _, taken := find(cells, c); !taken {
				first.Column = c
				cells = append(cells, first)
			}
		}
	}
	slices.SortFunc(cells, func(a, b Cell) int { return a.Column - b.Column })
	return cells
}

// Column is one column of a header: its own name is the lowest cell, Path all cells from the top down without repetitions.
type Column struct {
	Column int
	Name   string   // of the lowest cell
	Path   []string // "家庭成员", "姓名"
}

// Header joins the header rows top to bottom (the last one is the lowest) to columns. Spaces inside names go.
func Header(rows []Row) []Column {
	byColumn := map[int]*Column{}
	for _, r := range rows {
		for _, c := range r.Cells {
			name := Squeeze(c.Text)
			if name == "" {
				continue
			}
			h := byColumn[c.Column]
			if h == nil {
				h = &Column{Column: c.Column}
				byColumn[c.Column] = h
			}
			if len(h.Path) == 0 || h.Path[len(h.Path)-1] != name {
				h.Path = append(h.Path, name)
			}
			h.Name = name
		}
	}
	out := make([]Column, 0, len(byColumn))
	for _, h := range byColumn {
		out = append(out, *h)
	}
	slices.SortFunc(out, func(a, b Column) int { return a.Column - b.Column })
	return out
}

// String is the whole path: "家庭成员/姓名".
func (c Column) String() string { return strings.Join(c.Path, "/") }
