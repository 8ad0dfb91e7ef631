package match

import (
	"hash/maphash"
	"strings"

	"ruhu/internal/idnumber"
	"ruhu/internal/playbook"
	"ruhu/internal/roster"
	"ruhu/internal/sheet"
)

// column is a mapped column, ready for use.
type column struct {
	at     int
	header string
	field  playbook.RegisterField
	kind   string
}

// liner turns rows into records. It is used for one file, from one goroutine.
type liner struct {
	kind    *playbook.Register
	places  *roster.Places
	report  *Report
	columns []column
	sheet   string
	sheetNo int
	from04  bool
	seen    map[uint64]struct{} // numbers met, hashed: a few bytes each, however long the file
	seed    maphash.Seed
	formula map[int]bool // columns whose formulas were noted
	n       int
	reasons []string // of the present row: codes of its mistakes
}

func newLiner(kind *playbook.Register, places *roster.Places, rep *Report, from1904 bool) *liner {
	return &liner{kind: kind, places: places, report: rep, from04: from1904, seen: map[uint64]struct{}{}, seed: maphash.MakeSeed()}
}

// begin starts a sheet.
func (l *liner) begin(no int, m SheetMapping) {
	l.sheet, l.sheetNo, l.columns, l.formula = m.Name, no, l.columns[:0], map[int]bool{}
	for _, c := range m.Columns {
		if f, ok := l.kind.Field(c.Field); ok && c.Field != "" {
			l.columns = append(l.columns, column{c.Column, c.Header, *f, f.Meaning()})
		}
	}
}

// note reports a finding at a column (nil is the row as a whole); bad makes the row broken.
func (l *liner) note(row int, c *column, code, value string, bad bool) {
	n := Note{Sheet: l.sheet, Row: row, Code: code, Value: value}
	if c != nil {
		n.Column, n.Header = sheet.Letters(c.at), c.header
		n.Value = maskAs(c.kind, value)
	}
	l.report.add(n, bad)
	if bad {
		l.reasons = append(l.reasons, code)
	}
}

// record reads a row. ok is false for rows that are no data: sums, signatures, notes. A row with mistakes is counted as
// broken and has reasons; its record is not to be kept.
func (l *liner) record(r sheet.Row) (rec Record, ok bool) {
	l.reasons = l.reasons[:0]
	rec = Record{Sheet: l.sheetNo, Row: r.Number, Data: make(map[string]string, len(l.columns))}
	if l.foreign(r) {
		return rec, false
	}
	for i := range l.columns {
		c := &l.columns[i]
		cell, there := r.At(c.at)
		if there {
			l.cell(&rec, r.Number, c, cell)
		}
		if c.field.Required && rec.Data[c.field.Code] == "" && (!there || empties[cell.Text]) {
			l.note(r.Number, c, "match.empty", "", true)
		}
	}
	l.identity(&rec)
	l.report.Rows++
	if len(l.reasons) > 0 {
		l.report.Broken++
		return rec, true
	}
	l.n++
	rec.N = l.n
	return rec, true
}

// sums are what the rows below a table begin with.
var sums = []string{"合计", "总计", "小计", "备注", "说明", "填表", "制表", "审核人", "注:", "注："}

// foreign tells rows that belong to no one: nothing in the columns that say who it is about and little else, or a sum.
func (l *liner) foreign(r sheet.Row) bool {
	who, other := 0, 0
	for i := range l.columns {
		c := &l.columns[i]
		cell, ok := r.At(c.at)
		if !ok {
			continue
		}
		text := sheet.Squeeze(cell.Text)
		switch c.field.Code {
		case "name", "id_number", "household_key", "head_name", "head_id_number", "case_key":
			for _, s := range sums {
				if strings.HasPrefix(text, s) {
					return true
				}
			}
			who++
		default:
			other++
		}
	}
	if len(r.Cells) > 0 && who <= 1 {
		first := sheet.Squeeze(r.Cells[0].Text)
		for _, s := range sums {
			if strings.HasPrefix(first, s) {
				return true
			}
		}
	}
	return who == 0 && other < 2
}

func (l *liner) cell(rec *Record, row int, c *column, cell sheet.Cell) {
	switch {
	case cell.NoValue:
		l.note(row, c, "match.formula_no_value", "", true)
		return
	case cell.Failed:
		l.note(row, c, "match.cell_error", cell.Text, true)
		return
	case cell.Garbled:
		l.note(row, c, "match.garbled", cell.Text, true)
		return
	case cell.Formula && !l.formula[c.at]:
		l.formula[c.at] = true
		l.note(row, c, "match.formula", "", false)
	}
	v, code, mended := canon(c.kind, cell, l.from04, nil)
	if code != "" {
		l.note(row, c, code, cell.Text, true)
		return
	}
	if mended != "" {
		l.note(row, c, mended, cell.Text, false)
	} else if cell.Wide && v != "" && (c.kind == playbook.KindIDNumber || c.kind == playbook.KindPhone || c.kind == playbook.KindNumber || c.kind == playbook.KindMoney) {
		l.note(row, c, "match.wide", cell.Text, false)
	}
	if v != "" {
		rec.Data[c.field.Code] = v
	}
}

// village finds the place that a text means, with the township of the row. What is not found stays in the data as it is written.
func (l *liner) village(rec *Record) {
	text := sheet.Squeeze(rec.Data["village"])
	if text == "" {
		return
	}
	code, wrong := l.places.Village(text, rec.Data["township"])
	if wrong != "" {
		l.note(rec.Row, l.of("village"), "match.village", text, false)
	}
	rec.Village = string(code)
}

// identity takes out what links records to people.
func (l *liner) identity(rec *Record) {
	d := rec.Data
	l.village(rec)
	rec.Name, rec.IDNumber = d["name"], d["id_number"]
	if l.kind.Unit == "household" {
		if rec.Name == "" {
			rec.Name = d["head_name"]
		}
		if rec.IDNumber == "" {
			rec.IDNumber = d["head_id_number"]
		}
	}
	rec.Birth, rec.Sex, rec.HouseholdKey, rec.Relation, rec.CaseKey = d["birth"], d["sex"], d["household_key"], d["relation"], d["case_key"]
	if r := idnumber.Parse(rec.IDNumber, ""); r.Status == idnumber.Valid {
		if born := r.Number.BirthDate(); rec.Birth == "" {
			rec.Birth = born
		} else if rec.Birth != born {
			l.note(rec.Row, l.of("birth"), "match.birth_differs", "", false)
		}
		if sex := r.Number.Sex(); rec.Sex == "" {
			rec.Sex = sex
		} else if rec.Sex != sex {
			l.note(rec.Row, l.of("sex"), "match.sex_differs", "", false)
		}
		key := maphash.String(l.seed, rec.IDNumber)
		if _, twice := l.seen[key]; twice {
			l.note(rec.Row, l.of("id_number", "head_id_number"), "match.id_twice", rec.IDNumber, false)
		}
		l.seen[key] = struct{}{}
	}
	if rec.Name == "" && rec.IDNumber == "" && rec.HouseholdKey == "" && len(l.reasons) == 0 {
		l.note(rec.Row, nil, "match.nobody", "", true)
	}
}

// of gives the column of a field, nil when there is none.
func (l *liner) of(codes ...string) *column {
	for _, code := range codes {
		for i := range l.columns {
			if l.columns[i].field.Code == code {
				return &l.columns[i]
			}
		}
	}
	return nil
}
