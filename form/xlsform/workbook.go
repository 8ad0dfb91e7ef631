package xlsform

import (
	"path"
	"strings"
)

// Workbook is what an author wrote, as cells of text. It is made by Read and not changed by Convert.
type Workbook struct {
	// Name is the file's name without folder and ending. It is the form's id and title where settings give none.
	Name string
	// Root is the name of the instance's root element where settings give none; "data" if empty.
	Root   string
	Sheets []*Sheet
	// Files gives the files that lie beside the form, by name. When it is set, what they hold is written into the form, so that a
	// form is whole wherever it goes; when it is nil, the form refers to them.
	Files func(name string) ([]byte, error)
}

// Sheet is one table. In Markdown several tables under one heading make one sheet; Columns is then their union.
type Sheet struct {
	Name    string
	Columns []Column
	Rows    []Row
}

// Column is a header cell as written, and the row it stands in.
type Column struct {
	Header string
	Row    int
}

// Row is one row of cells; Cells[i] belongs to Columns[i], missing cells at the end are empty.
type Row struct {
	Num   int // as the author counts: row of the spreadsheet, line of the file
	Cells []string
}

// Sheet returns the sheet of that name (letter case ignored), or nil.
func (wb *Workbook) Sheet(name string) *Sheet {
	for _, s := range wb.Sheets {
		if strings.EqualFold(strings.TrimSpace(s.Name), name) {
			return s
		}
	}
	return nil
}

func stem(name string) string {
	base := path.Base(strings.ReplaceAll(name, `\`, "/"))
	if i := strings.LastIndexByte(base, '.'); i > 0 {
		base = base[:i]
	}
	return base
}

// table adds a block of rows to the sheet: header cells first. Columns already known keep their place.
func (s *Sheet) table(headRow int, header []string) []int {
	at := make([]int, len(header))
	used := map[int]bool{}
	for i, h := range header {
		at[i] = -1
		h = strings.TrimSpace(h)
		if h == "" {
			continue
		}
		for j, c := range s.Columns {
			if c.Header == h && !used[j] {
				at[i] = j
				break
			}
		}
		if at[i] < 0 {
			at[i] = len(s.Columns)
			s.Columns = append(s.Columns, Column{Header: h, Row: headRow})
		}
		used[at[i]] = true
	}
	return at
}

// add puts a row's cells under the columns that table returned. Empty rows are left out.
func (s *Sheet) add(num int, at []int, cells []string) bool {
	row := Row{Num: num}
	for i, c := range cells {
		c = strings.TrimSpace(c)
		if c == "" || i >= len(at) || at[i] < 0 {
			continue
		}
		for len(row.Cells) <= at[i] {
			row.Cells = append(row.Cells, "")
		}
		row.Cells[at[i]] = c
	}
	if row.Cells == nil {
		return false
	}
	s.Rows = append(s.Rows, row)
	return true
}
