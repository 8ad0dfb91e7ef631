package sim

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strings"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// file writes a register as the department sends it: a workbook with a title and merged header cells, or delimited text in UTF-8 with a
// byte order mark or in GBK.
func (l *list) file(w *World) (Raw, error) {
	head, rows := l.cells(w)
	if strings.HasSuffix(l.hint.Name, ".csv") {
		return l.text(append(head, rows...))
	}
	return l.workbook(head, rows)
}

func (l *list) text(rows [][]string) (Raw, error) {
	var b bytes.Buffer
	cw := csv.NewWriter(&b)
	cw.UseCRLF = true
	if err := cw.WriteAll(rows); err != nil {
		return Raw{}, fmt.Errorf("%s: %w", l.hint.Name, err)
	}
	out := append([]byte("\xef\xbb\xbf"), b.Bytes()...)
	if l.hint.Coding == "gbk" {
		var err error
		if out, err = simplifiedchinese.GBK.NewEncoder().Bytes(b.Bytes()); err != nil {
			return Raw{}, fmt.Errorf("%s in GBK: %w", l.hint.Name, err)
		}
	}
	return Raw{Type: "text/csv", Bytes: out}, nil
}

func (l *list) workbook(head, rows [][]string) (Raw, error) {
	f := excelize.NewFile()
	defer func() { _ = f.Close() }()
	const sheet = "Sheet1"
	fail := func(err error) (Raw, error) { return Raw{}, fmt.Errorf("%s: %w", l.hint.Name, err) }
	for i, r := range append(head, rows...) {
		cells := make([]any, len(r))
		for j, c := range r {
			cells[j] = c
		}
		if err := f.SetSheetRow(sheet, fmt.Sprintf("A%d", i+1), &cells); err != nil {
			return fail(err)
		}
	}
	for _, m := range l.merges(head) {
		if err := f.MergeCell(sheet, m[0], m[1]); err != nil {
			return fail(err)
		}
	}
	b, err := f.WriteToBuffer()
	if err != nil {
		return fail(err)
	}
	return Raw{Type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Bytes: b.Bytes()}, nil
}

// merges gives the ranges of a header: the title over all columns, and each group over its own.
func (l *list) merges(head [][]string) [][2]string {
	name := func(col, row int) string {
		s, err := excelize.CoordinatesToCellName(col, row)
		if err != nil {
			return ""
		}
		return s
	}
	var out [][2]string
	row := 1
	if l.hint.Title != "" {
		out = append(out, [2]string{name(1, 1), name(len(l.hint.Columns), 1)})
		row++
	}
	if row == len(head) { // no groups
		return out
	}
	for from := 0; from < len(l.hint.Columns); {
		to := from
		for to+1 < len(l.hint.Columns) && l.hint.Columns[to+1].Group == l.hint.Columns[from].Group {
			to++
		}
		switch {
		case l.hint.Columns[from].Group == "":
			for c := from; c <= to; c++ { // a column without a group: the header's own cell reaches up
				out = append(out, [2]string{name(c+1, row), name(c+1, row+1)})
			}
		case to > from:
			out = append(out, [2]string{name(from+1, row), name(to+1, row)})
		}
		from = to + 1
	}
	return out
}
