package sheet

import (
	"bufio"
	"encoding/csv"
	"errors"
	"io"
	"strings"

	"golang.org/x/text/encoding"

	"ruhu/internal/errs"
)

// textFile is delimited text: a sheet without a name.
type textFile struct {
	src      io.ReaderAt
	size     int64
	limits   Limits
	encoding string
	decode   encoding.Encoding
	comma    rune
}

// sampleText is how much is looked at to find the delimiter.
const sampleText = 64 << 10

func kind() error { return errs.Invalid.New("sheet.kind") }

func openText(src io.ReaderAt, size int64, l Limits) (*textFile, error) {
	t := &textFile{src: src, size: size, limits: l}
	if size == 0 {
		return nil, kind()
	}
	var err error
	if t.encoding, t.decode, err = encodingOf(io.NewSectionReader(src, 0, size)); err != nil {
		return nil, err
	}
	sample := make([]byte, sampleText)
	n, err := io.ReadFull(t.reader(), sample)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return nil, broken(err)
	}
	text := strings.TrimLeft(string(sample[:n]), " \t\r\n")
	if strings.HasPrefix(text, "<") || strings.HasPrefix(text, "{") || strings.HasPrefix(text, "%PDF") || strings.HasPrefix(text, "{\\rtf") { // web pages that call themselves .xls
		return nil, kind()
	}
	if t.comma = delimiter(string(sample[:n])); t.comma == 0 {
		return nil, kind()
	}
	return t, nil
}

func (t *textFile) reader() io.Reader {
	return t.decode.NewDecoder().Reader(io.NewSectionReader(t.src, 0, t.size))
}

// delimiter finds the sign between fields: the one that cuts most lines of the sample into the same number of parts, of equals
// the one with more parts. 0 when none cuts anything.
func delimiter(sample string) rune {
	if i := strings.LastIndexByte(sample, '\n'); i > 0 && len(sample) >= sampleText/2 { // the last line may be cut
		sample = sample[:i]
	}
	best, bestScore := rune(0), 0
	for _, comma := range ",\t;|" {
		r := reader(strings.NewReader(sample), comma)
		count, lines := map[int]int{}, 0
		for lines < 200 {
			rec, err := r.Read()
			if err != nil {
				break
			}
			lines++
			count[len(rec)]++
		}
		for parts, n := range count {
			if score := n * (parts - 1); parts > 1 && score > bestScore {
				best, bestScore = comma, score
			}
		}
	}
	return best
}

// reader reads records leniently: quotes inside fields stand for themselves, rows may be ragged.
func reader(r io.Reader, comma rune) *csv.Reader {
	c := csv.NewReader(r)
	c.Comma, c.LazyQuotes, c.FieldsPerRecord, c.ReuseRecord = comma, true, -1, true
	return c
}

func (t *textFile) rows(last int, fn func(r Row) error) error {
	limit := &recordLimit{r: bufio.NewReaderSize(t.reader(), 64<<10), limit: int64(t.limits.Columns) * int64(t.limits.Text) * 4}
	in := reader(limit, t.comma)
	kept := 0
	var row Row
	for {
		rec, err := in.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return broken(err)
		}
		limit.since = 0
		row.Number, _ = in.FieldPos(0)
		if last > 0 && row.Number > last {
			return nil
		}
		row.Cells = row.Cells[:0]
		for i, s := range rec {
			c := Cell{Column: i + 1, Wide: wide(s), Garbled: strings.ContainsRune(s, '�')}
			if c.Text = Clip(Clean(strings.TrimPrefix(s, "=")), t.limits.Text); c.Text == "" {
				continue
			}
			if strings.HasPrefix(s, "=") { // ="430922…": how programs keep spreadsheets from rounding
				c.Text = strings.Trim(c.Text, `"`)
			}
			if c.Column > t.limits.Columns {
				return errs.TooLarge.New("sheet.columns", "sheet", "", "row", row.Number, "limit", t.limits.Columns)
			}
			row.Cells = append(row.Cells, c)
		}
		if len(row.Cells) == 0 {
			continue
		}
		if kept++; kept > t.limits.Rows {
			return errs.TooLarge.New("sheet.rows", "sheet", "", "limit", t.limits.Rows)
		}
		if err := fn(row); err != nil {
			if errors.Is(err, errStop) {
				return nil
			}
			return err
		}
	}
}

// recordLimit fails when limit bytes come without the end of a record: a quote that is never closed, or no table at all. Whoever
// reads records sets since to 0 after each.
type recordLimit struct {
	r            io.Reader
	limit, since int64
}

func (l *recordLimit) Read(p []byte) (int, error) {
	n, err := l.r.Read(p)
	if l.since += int64(n); l.since > l.limit {
		return 0, errors.New("a record without an end")
	}
	return n, err
}
