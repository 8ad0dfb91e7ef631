package match

import (
	"ruhu/internal/errs"
	"ruhu/internal/playbook"
)

// Mapping says which sheets of a file are read and what their columns mean.
type Mapping struct {
	Sheets []SheetMapping `json:"sheets"`
}

// SheetMapping is a sheet with its header, the rows from HeaderFrom to HeaderTo; data stand below.
type SheetMapping struct {
	Sheet      int             `json:"sheet"` // from 0
	Name       string          `json:"name"`
	Use        bool            `json:"use"`
	HeaderFrom int             `json:"header_from"` // 0 is no header
	HeaderTo   int             `json:"header_to"`
	Columns    []ColumnMapping `json:"columns"`
}

// ColumnMapping is a column and the field of the register that it holds; "" means nothing to us.
type ColumnMapping struct {
	Column  int      `json:"column"` // from 1
	Letter  string   `json:"letter"`
	Header  string   `json:"header"`  // the rows of the header joined by /
	Field   string   `json:"field"`   // code
	Why     string   `json:"why"`     // how it was guessed: WhySaved, WhyName, WhyValues, "" not at all
	Samples []string `json:"samples"` // the first values
}

// The grounds of a guess.
const (
	WhySaved  = "saved"  // the office chose so the last time
	WhyName   = "name"   // by the name of the column
	WhyValues = "values" // by what stands in it
)

// check makes sure that a mapping can be used for a kind. Returns Invalid "match.no_sheet" (no sheet is used), "match.field"
// (unknown field), "match.field_twice", "match.column_missing" (a required field has no column; field column).
func (m Mapping) check(kind *playbook.Register, lang string) error {
	used := false
	for _, s := range m.Sheets {
		if !s.Use {
			continue
		}
		used = true
		taken := map[string]bool{}
		for _, c := range s.Columns {
			if c.Field == "" {
				continue
			}
			f, ok := kind.Field(c.Field)
			if !ok || c.Column < 1 {
				return errs.Invalid.New("match.field", "field", c.Field)
			}
			if taken[c.Field] {
				return errs.Invalid.New("match.field_twice", "sheet", s.Name, "column", titleOf(*f, lang))
			}
			taken[c.Field] = true
		}
		for _, f := range kind.Fields {
			if f.Required && !taken[f.Code] {
				return errs.Invalid.New("match.column_missing", "sheet", s.Name, "column", titleOf(f, lang), "field", f.Code)
			}
		}
	}
	if !used {
		return errs.Invalid.New("match.no_sheet")
	}
	return nil
}

// same reports whether two mappings read the same from a file.
func (m Mapping) same(o Mapping) bool {
	a, b := m.key(), o.key()
	if len(a) != len(b) {
		return false
	}
	for k := range a {
		if !b[k] {
			return false
		}
	}
	return true
}

type mapKey struct {
	sheet, header, column int
	field                 string
}

func (m Mapping) key() map[mapKey]bool {
	out := map[mapKey]bool{}
	for _, s := range m.Sheets {
		for _, c := range s.Columns {
			if s.Use && c.Field != "" {
				out[mapKey{s.Sheet, s.HeaderTo, c.Column, c.Field}] = true
			}
		}
	}
	return out
}

// titleOf is the field's name for people.
func titleOf(f playbook.RegisterField, lang string) string {
	t := f.Title
	if t.ZH == "" {
		t = identityTitle[f.Code]
	}
	if lang == "en" {
		return t.EN
	}
	return t.ZH
}

var identityTitle = map[string]playbook.Text{
	"name": {ZH: "姓名", EN: "Name"}, "id_number": {ZH: "身份证号码", EN: "ID number"}, "birth": {ZH: "出生日期", EN: "Date of birth"},
	"sex": {ZH: "性别", EN: "Sex"}, "relation": {ZH: "与户主关系", EN: "Relation to the head"}, "phone": {ZH: "联系电话", EN: "Phone"},
	"village": {ZH: "村", EN: "Village"}, "township": {ZH: "乡镇", EN: "Township"}, "group": {ZH: "组", EN: "Group"},
	"household_key": {ZH: "户编号", EN: "Household number"}, "case_key": {ZH: "救助证号", EN: "Case number"},
	"head_name": {ZH: "户主姓名", EN: "Head of household"}, "head_id_number": {ZH: "户主身份证号码", EN: "Head's ID number"},
}

// TitleOf gives the name of a register's field in both languages.
func TitleOf(f playbook.RegisterField) playbook.Text {
	return playbook.Text{ZH: titleOf(f, "zh"), EN: titleOf(f, "en")}
}

// fields are those that some sheet that is read has a column for.
func (m Mapping) fields() map[string]bool {
	out := map[string]bool{}
	for _, s := range m.Sheets {
		for _, c := range s.Columns {
			if s.Use && c.Field != "" {
				out[c.Field] = true
			}
		}
	}
	return out
}
