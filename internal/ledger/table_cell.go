package ledger

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"

	"github.com/xuri/excelize/v2"

	"ruhu/internal/playbook"
	"ruhu/internal/survey"
)

// cell is what a column of a register says of an item.
func cell(column string, it Item, p past, c survey.Campaign, lang string) string {
	l := c.Plan.Ledger
	switch column {
	case "number":
		return it.Number
	case "village":
		return it.VillageName
	case "group":
		return it.Group
	case "household":
		return it.HeadName
	case "title", "lack":
		return in(it.Title, lang)
	case "nature":
		n, _ := l.Nature(it.Nature)
		return titleOf(n.Title, lang)
	case "sector", "supplier":
		return it.Sector
	case "severity":
		i := slices.IndexFunc(l.Severities, func(s playbook.Severity) bool { return s.Code == it.Severity })
		if i < 0 {
			return it.Severity
		}
		return titleOf(l.Severities[i].Title, lang)
	case "source":
		return say("source."+string(it.Source), lang)
	case "reference":
		return it.Reference
	case "found_on":
		return string(it.FoundOn)
	case "detail":
		return p.detail
	case "cause":
		return it.Cause
	case "measure":
		return it.Measure
	case "responsible":
		i := slices.IndexFunc(c.Plan.Roles, func(r playbook.Role) bool { return r.Code == it.Responsible })
		if i < 0 {
			return it.Responsible
		}
		return titleOf(c.Plan.Roles[i].Title, lang)
	case "person":
		return it.Person
	case "due_on":
		if it.Overdue(it.today) {
			return string(it.DueOn) + say("overdue", lang)
		}
		return string(it.DueOn)
	case "state":
		return say("state."+string(it.State), lang)
	}
	return p.cell(column)
}

func (p past) cell(column string) string {
	switch column {
	case "result":
		return p.result
	case "done_on":
		return p.doneOn
	case "verified_by":
		return p.verifiedBy
	case "closed_by":
		return p.closedBy
	case "closed_on":
		return p.closedOn
	case "no":
		return strconv.Itoa(p.notice.No)
	case "demand":
		return p.notice.Demand
	case "issued_on":
		return p.issuedOn
	case "reply_by":
		return string(p.notice.ReplyBy)
	case "reply":
		return p.notice.Reply
	}
	return ""
}

// workbook writes a register as .xlsx: title, date, heads, rows; cells are texts, whatever they begin with.
func workbook(t Table) ([]byte, error) {
	x := excelize.NewFile()
	defer func() { _ = x.Close() }() // in memory
	w, err := x.NewStreamWriter("Sheet1")
	if err != nil {
		return nil, fmt.Errorf("register: %w", err)
	}
	if err := w.SetColWidth(1, len(t.Heads), 16); err != nil {
		return nil, fmt.Errorf("register: %w", err)
	}
	rows := [][]string{{t.Title + " · " + t.Campaign + " · " + string(t.Today)}, t.Heads}
	for _, r := range t.Rows {
		rows = append(rows, r.Cells)
	}
	for i, cells := range rows {
		at, err := excelize.CoordinatesToCellName(1, i+1)
		if err != nil {
			return nil, fmt.Errorf("register: %w", err)
		}
		out := make([]any, len(cells))
		for j, text := range cells {
			out[j] = text
		}
		if err := w.SetRow(at, out); err != nil {
			return nil, fmt.Errorf("register: %w", err)
		}
	}
	if err := w.Flush(); err != nil {
		return nil, fmt.Errorf("register: %w", err)
	}
	var out bytes.Buffer
	if err := x.Write(&out); err != nil {
		return nil, fmt.Errorf("register: %w", err)
	}
	return out.Bytes(), nil
}
