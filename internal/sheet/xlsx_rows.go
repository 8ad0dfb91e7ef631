package sheet

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"ruhu/internal/errs"
)

// rows calls fn for every row of a sheet that has something in it, up to row number last.
func (w *workbook) rows(s sheetPart, merges merges, last int, fn func(r Row) error) error {
	rr := &rowReader{w: w, sheet: s.name, fn: fn, merges: merges, held: map[int]held{}, until: last}
	return w.tokens(s.part, rr.token)
}

// merges are the merged ranges of a sheet. down lists, per column, the ranges of several rows whose top left value is meant for
// every row: [first, last] row and the column that holds the value. across lists the ranges of several columns near the top.
type merges struct {
	down   map[int][]mergeRange
	across []span
}

type span struct{ row, bottom, from, to int }

type mergeRange struct{ top, bottom, from int }

// mergesOf is readMerges, once per sheet.
func (w *workbook) mergesOf(i int) (merges, error) {
	if m, ok := w.merged[i]; ok {
		return m, nil
	}
	m, err := w.readMerges(w.sheets[i])
	if err == nil {
		w.merged[i] = m
	}
	return m, err
}

// readMerges collects the merged ranges of a sheet. They stand after the rows, so the rows are skipped unread. For the rows below
// a header only ranges of more than one row matter; those of one row are kept where headers stand, see Top.
func (w *workbook) readMerges(s sheetPart) (merges, error) {
	r, err := w.part(s.part)
	if err != nil {
		return merges{}, err
	}
	defer func() { _ = r.Close() }() // only read
	rest, err := afterRows(r)
	if err != nil {
		return merges{}, broken(err)
	}
	m := merges{down: map[int][]mergeRange{}}
	n := 0
	err = walk(rest, func(t xml.Token) error {
		e, isStart := t.(xml.StartElement)
		if !isStart || e.Name.Local != "mergeCell" {
			return nil
		}
		a, b, ok := strings.Cut(attr(e, "ref"), ":")
		c1, r1 := splitRef(a)
		c2, r2 := splitRef(b)
		if n++; n > w.limits.Merges {
			return errs.TooLarge.New("sheet.merges", "sheet", s.name)
		}
		if ok && c1 > 0 && c2 > c1 && c2 <= w.limits.Columns && r1 > 0 && r2 >= r1 && r1 <= maxTop {
			m.across = append(m.across, span{r1, r2, c1, c2})
		}
		if !ok || c1 == 0 || c2 == 0 || r1 == 0 || r2 <= r1 || c2 > w.limits.Columns || c2 < c1 || c2-c1 > 20 {
			return nil
		}
		for c := c1; c <= c2; c++ {
			m.down[c] = append(m.down[c], mergeRange{r1, r2, c1})
		}
		return nil
	})
	for _, list := range m.down {
		slices.SortFunc(list, func(a, b mergeRange) int { return a.top - b.top })
	}
	return m, err
}

// afterRows skips to what follows </sheetData>, whatever its prefix; to the end when there is no such tag.
func afterRows(r io.Reader) (io.Reader, error) {
	const overlap = 64 // longer than any tag that is looked for
	tag := []byte("sheetData>")
	buf := make([]byte, 0, 64<<10)
	for {
		n, err := io.ReadFull(r, buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		for at := 0; ; {
			i := bytes.Index(buf[at:], tag)
			if i < 0 {
				break
			}
			at += i + len(tag)
			if open := bytes.LastIndexByte(buf[:at], '<'); open >= 0 && buf[open+1] == '/' {
				return io.MultiReader(bytes.NewReader(buf[at:]), r), nil
			}
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return bytes.NewReader(nil), nil
		}
		if err != nil {
			return nil, err
		}
		buf = append(buf[:0], buf[len(buf)-overlap:]...)
	}
}

type held struct {
	until int
	cell  Cell
}

// rowReader turns tokens into rows.
type rowReader struct {
	w      *workbook
	sheet  string
	fn     func(r Row) error
	merges merges
	held   map[int]held // by column: the value of a merged range that reaches further down
	next   map[int]int

	row     Row
	until   int // last row wanted; 0 is all
	kept    int
	last    int // number of the last row
	col     int // column of the last Cell
	kind    string
	value   strings.Builder
	inValue bool
	inRow   bool
	c       Cell
	hasV    bool
	skip    int // inside phonetic text
}

func (rr *rowReader) token(t xml.Token) error {
	switch t := t.(type) {
	case xml.StartElement:
		return rr.start(t)
	case xml.EndElement:
		return rr.end(t.Name.Local)
	case xml.CharData:
		if rr.inValue && rr.skip == 0 && rr.value.Len() < 4*rr.w.limits.Text {
			rr.value.Write(t)
		}
	}
	return nil
}

func (rr *rowReader) start(e xml.StartElement) error {
	switch e.Name.Local {
	case "row":
		n := rr.last + 1
		if r := attr(e, "r"); r != "" {
			v, err := strconv.Atoi(r)
			if err != nil || v <= rr.last || v > 1<<20 {
				return errors.New("bad row number " + strconv.Quote(r))
			}
			n = v
		}
		if rr.until > 0 && n > rr.until {
			return errStop
		}
		rr.row, rr.last, rr.col, rr.inRow = Row{Number: n, Cells: rr.row.Cells[:0]}, n, 0, true
	case "c":
		if !rr.inRow {
			return errors.New("a cell outside a row")
		}
		rr.col++
		if r := attr(e, "r"); r != "" {
			c, _ := splitRef(r)
			if c < rr.col {
				return errors.New("bad cell reference " + strconv.Quote(r))
			}
			rr.col = c
		}
		rr.c, rr.hasV = Cell{Column: rr.col}, false
		rr.kind = attr(e, "t")
		rr.value.Reset()
	case "v":
		rr.inValue, rr.hasV = true, true
	case "t":
		if rr.kind == "inlineStr" {
			rr.inValue, rr.hasV = true, true
		}
	case "rPh":
		rr.skip++
	case "f":
		rr.c.Formula = true
	}
	return nil
}

func (rr *rowReader) end(name string) error {
	switch name {
	case "v", "t":
		rr.inValue = false
	case "rPh":
		rr.skip--
	case "c":
		return rr.endCell()
	case "row":
		rr.inRow = false
		return rr.endRow()
	}
	return nil
}

func (rr *rowReader) endCell() error {
	c, v := rr.c, rr.value.String()
	switch rr.kind {
	case "s":
		i, err := strconv.Atoi(strings.TrimSpace(v))
		if !rr.hasV {
			break
		}
		if err != nil || i < 0 || i >= rr.w.strings.n {
			return errors.New("bad shared string " + strconv.Quote(Clip(v, 20)))
		}
		if c.Text, err = rr.w.strings.get(i); err != nil {
			return err
		}
	case "inlineStr", "str", "d":
		c.Text = v
	case "b":
		c.Text = map[string]string{"1": "是", "0": "否"}[strings.TrimSpace(v)]
	case "e":
		c.Text, c.Failed = v, true
	default: // n
		c.Text, c.Number = strings.TrimSpace(v), true
	}
	c.Wide = wide(c.Text)
	c.Text = Clean(unescape(c.Text))
	c.NoValue = c.Formula && !rr.hasV
	if c.Text == "" && !c.NoValue && !c.Failed {
		return nil
	}
	if c.Column > rr.w.limits.Columns {
		return errs.TooLarge.New("sheet.columns", "sheet", rr.sheet, "row", rr.row.Number, "limit", rr.w.limits.Columns)
	}
	c.Text = Clip(c.Text, rr.w.limits.Text)
	rr.row.Cells = append(rr.row.Cells, c)
	return nil
}

func (rr *rowReader) endRow() error {
	rr.fillMerged()
	if len(rr.row.Cells) == 0 {
		return nil // a million empty rows cost reading time only
	}
	if rr.kept++; rr.kept > rr.w.limits.Rows {
		return errs.TooLarge.New("sheet.rows", "sheet", rr.sheet, "limit", rr.w.limits.Rows)
	}
	return rr.fn(rr.row)
}

// fillMerged gives the rows of a merged range the value of its first cell. A row that has nothing of its own stays empty.
func (rr *rowReader) fillMerged() {
	if len(rr.merges.down) == 0 || len(rr.row.Cells) == 0 {
		return
	}
	own := len(rr.row.Cells)
	n := rr.row.Number
	if rr.next == nil {
		rr.next = map[int]int{}
	}
	var added []Cell
	for col, list := range rr.merges.down {
		i := rr.next[col]
		for i < len(list) && list[i].bottom < n {
			i++
		}
		rr.next[col] = i
		if i == len(list) || list[i].top > n {
			continue
		}
		m := list[i]
		if c, ok := find(rr.row.Cells[:own], m.from); ok && m.top == n {
			c.Column = col
			rr.held[col] = held{m.bottom, c}
		}
		if _, ok := find(rr.row.Cells[:own], col); ok {
			continue
		}
		if h, ok := rr.held[col]; ok && h.until >= n {
			added = append(added, h.cell)
		}
	}
	if len(added) > 0 {
		rr.row.Cells = append(rr.row.Cells, added...)
		slices.SortFunc(rr.row.Cells, func(a, b Cell) int { return a.Column - b.Column })
	}
}

func find(cells []Cell, column int) (Cell, bool) {
	for _, c := range cells {
		if c.Column == column {
			return c, true
		}
	}
	return Cell{}, false
}

// splitRef reads "AB12" as column 28, row 12; zeros when it is not a reference.
func splitRef(s string) (column, rowNumber int) {
	i := 0
	for i < len(s) && i < 4 && (s[i]|0x20) >= 'a' && (s[i]|0x20) <= 'z' {
		column = column*26 + int(s[i]|0x20-'a') + 1
		i++
	}
	n, err := strconv.Atoi(s[i:])
	if i == 0 || err != nil || n < 1 {
		return 0, 0
	}
	return column, n
}

// Letters is the name of a column: 1 is A, 28 is AB.
func Letters(column int) string {
	var b []byte
	for column > 0 {
		column--
		b = append([]byte{byte('A' + column%26)}, b...)
		column /= 26
	}
	return string(b)
}
