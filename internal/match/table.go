package match

import (
	"context"
	"encoding/csv"
	"io"
	"strconv"
	"strings"

	"ruhu/internal/playbook"
	"ruhu/internal/roster"
	"ruhu/internal/sheet"
)

// read goes through a file as mapped. sink gets every sound record and may be nil; left gets every broken row and may be nil. A
// record is valid during the call only where it says so: sink may keep it. Errors are those of the file and of sink.
func read(ctx context.Context, b *sheet.Book, kind *playbook.Register, places *roster.Places, m Mapping, sink func(Record) error, left *leftOut) (*Report, error) {
	rep := newReport(b)
	l := newLiner(kind, places, rep, b.Date1904())
	for _, s := range m.Sheets {
		if !s.Use || s.Sheet < 0 || s.Sheet >= len(b.Names) {
			continue
		}
		s.Name = b.Names[s.Sheet]
		l.begin(s.Sheet, s)
		err := b.Rows(s.Sheet, 0, func(r sheet.Row) error {
			if r.Number <= s.HeaderTo {
				return nil
			}
			rec, ok := l.record(r)
			switch {
			case !ok:
				return nil
			case len(l.reasons) > 0:
				return left.write(s.Name, r, l.reasons)
			case sink == nil:
				return nil
			}
			if rec.N%1000 == 0 && ctx.Err() != nil {
				return ctx.Err()
			}
			return sink(rec)
		})
		if err != nil {
			return nil, err
		}
	}
	return rep.close(), nil
}

// leftOut writes the rows that were left out as a table: sheet, row, reasons, then the cells as they are.
type leftOut struct {
	w *csv.Writer
	n int
}

func newLeftOut(w io.Writer) (*leftOut, error) {
	if _, err := io.WriteString(w, "\ufeff"); err != nil { // so that spreadsheets take it for UTF-8
		return nil, err
	}
	l := &leftOut{w: csv.NewWriter(w)}
	return l, l.w.Write([]string{"工作表 Sheet", "行 Row", "原因 Reason"})
}

func (l *leftOut) write(name string, r sheet.Row, reasons []string) error {
	if l == nil {
		return nil
	}
	l.n++
	why := make([]string, 0, len(reasons))
	for _, code := range reasons {
		why = append(why, sentence(code, "", "zh"))
	}
	out := []string{harmless(name), strconv.Itoa(r.Number), strings.Join(why, "；")}
	for _, c := range r.Cells {
		for len(out) < c.Column+2 {
			out = append(out, "")
		}
		out = append(out, harmless(c.Text))
	}
	return l.w.Write(out)
}

func (l *leftOut) close() error {
	l.w.Flush()
	return l.w.Error()
}

// harmless keeps a spreadsheet from taking a text for a formula.
func harmless(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t", rune(s[0])) {
		return "'" + s
	}
	return s
}
