package sheet

import (
	"bytes"
	"io"

	"ruhu/internal/errs"
)

// Limits of a file. A zero field takes the value of Small.
type Limits struct {
	File     int64 // bytes as sent
	Unzipped int64 // bytes of one part of a workbook, counted while reading: the sizes in the zip directory may lie
	Rows     int   // rows that hold something, in one sheet
	Columns  int
	Sheets   int
	Strings  int // shared strings of a workbook
	Text     int // characters of one cell; longer ones are cut
	Merges   int // merged ranges of a sheet
}

// Small is far above what a county sends as its roster and far below what hurts the server; Large is for registers of half a
// million rows.
var (
	Small = Limits{File: 20 << 20, Unzipped: 160 << 20, Rows: 120_000, Columns: 200, Sheets: 60, Strings: 3_000_000, Text: 2_000, Merges: 400_000}
	Large = Limits{File: 200 << 20, Unzipped: 2 << 30, Rows: 500_100, Columns: 200, Sheets: 60, Strings: 20_000_000, Text: 2_000, Merges: 400_000}
)

func (l Limits) filled() Limits {
	fill(&l.File, Small.File)
	fill(&l.Unzipped, Small.Unzipped)
	fill(&l.Rows, Small.Rows)
	fill(&l.Columns, Small.Columns)
	fill(&l.Sheets, Small.Sheets)
	fill(&l.Strings, Small.Strings)
	fill(&l.Text, Small.Text)
	fill(&l.Merges, Small.Merges)
	return l
}

func fill[T int | int64](v *T, usual T) {
	if *v == 0 {
		*v = usual
	}
}

// Cell is one non-blank cell. Column counts from 1.
type Cell struct {
	Column  int
	Text    string // cleaned, see Clean
	Number  bool   // kept as a number, not as text; days are such numbers, see Day
	Wide    bool   // had full-width digits or letters
	Garbled bool   // had bytes that are no characters of the file's encoding
	Formula bool
	NoValue bool // a formula that was never calculated
	Failed  bool // #REF! and the like
}

// Row is one row with something in it. Number is the spreadsheet's, from 1; of delimited text, the number of the line.
type Row struct {
	Number int
	Cells  []Cell // by column
}

// At gives the cell of a column.
func (r Row) At(column int) (Cell, bool) { return find(r.Cells, column) }

// The formats of files.
const (
	XLSX = "xlsx"
	Text = "text"
)

// Book is an open file. It is not safe for several goroutines.
type Book struct {
	Format   string // XLSX or Text
	Encoding string // of Text: "utf-8", "utf-16", "gb18030"
	Names    []string

	w *workbook
	t *textFile
}

// Open looks at a file of size bytes. It reads from src until Close. Returns TooLarge "sheet.size", Invalid "sheet.kind" (neither an
// .xlsx nor text, or locked with a password), "sheet.broken", TooLarge "sheet.unzipped", "sheet.sheets".
func Open(src io.ReaderAt, size int64, l Limits) (*Book, error) {
	l = l.filled()
	if size > l.File {
		return nil, errs.TooLarge.New("sheet.size", "limit", l.File>>20)
	}
	start := make([]byte, min(size, 8))
	if _, err := src.ReadAt(start, 0); err != nil && size > 0 {
		return nil, broken(err)
	}
	if bytes.HasPrefix(start, []byte("PK")) {
		w, err := openWorkbook(src, size, l)
		if err != nil {
			return nil, err
		}
		b := &Book{Format: XLSX, w: w}
		for _, s := range w.sheets {
			b.Names = append(b.Names, s.name)
		}
		return b, nil
	}
	t, err := openText(src, size, l)
	if err != nil {
		return nil, err
	}
	return &Book{Format: Text, Encoding: t.encoding, Names: []string{""}, t: t}, nil
}

// OpenBytes is Open for a file in memory.
func OpenBytes(b []byte, l Limits) (*Book, error) { return Open(bytes.NewReader(b), int64(len(b)), l) }

// Close removes the temporary file, if there is one.
func (b *Book) Close() error {
	if b.w != nil {
		return b.w.strings.close()
	}
	return nil
}

// Rows calls fn for every row of sheet i (an index of Names) that has something in it, up to row number last (0 is all), with
// the cells of merged ranges filled downwards. r and its cells are valid during the call only. Returns TooLarge "sheet.rows",
// "sheet.columns", "sheet.unzipped", "sheet.merges"; Invalid "sheet.broken"; and what fn returns.
func (b *Book) Rows(i, last int, fn func(r Row) error) error {
	if b.t != nil {
		return b.t.rows(last, fn)
	}
	m, err := b.w.mergesOf(i)
	if err != nil {
		return err
	}
	return b.w.rows(b.w.sheets[i], m, last, fn)
}

// Date1904 reports whether the workbook counts its days from 1904, as old ones of another maker do.
func (b *Book) Date1904() bool { return b.w != nil && b.w.date1904 }
