package xlsform

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"sort"
	"strings"
)

// Text is a sentence for people, in both languages of the program.
type Text struct {
	ZH string `json:"zh"`
	EN string `json:"en"`
}

func (t Text) String() string { return t.ZH }

// Severity of a Diagnostic. A form with an error has no XForm.
type Severity string

// The severities.
const (
	SeverityError   Severity = "error"
	SeverityWarning Severity = "warning"
)

// Diagnostic is one mistake, or doubt, in a workbook.
type Diagnostic struct {
	Severity Severity `json:"severity"`
	Code     string   `json:"code"`             // xlsform.what, stable
	Sheet    string   `json:"sheet,omitempty"`  // as written
	Row      int      `json:"row,omitempty"`    // 0: the whole sheet
	Column   string   `json:"column,omitempty"` // header as written
	Message  Text     `json:"message"`
	Hint     Text     `json:"hint"` // what was probably meant, or how to mend it; may be empty

	noHint bool // too many already: no more looking for what was meant
}

func (d Diagnostic) String() string {
	where := d.Sheet
	if d.Row > 0 {
		where += fmt.Sprintf(":%d", d.Row)
	}
	if d.Column != "" {
		where += " [" + d.Column + "]"
	}
	s := fmt.Sprintf("%s %s: %s (%s)", d.Severity, where, d.Message.EN, d.Code)
	if d.Hint.EN != "" {
		s += " — " + d.Hint.EN
	}
	return s
}

// HasErrors tells whether one of the diagnostics is an error.
func HasErrors(ds []Diagnostic) bool {
	for _, d := range ds {
		if d.Severity == SeverityError {
			return true
		}
	}
	return false
}

//go:embed locale.json
var localeJSON []byte

type sentence struct {
	ZH     string `json:"zh"`
	EN     string `json:"en"`
	HintZH string `json:"hint_zh"`
	HintEN string `json:"hint_en"`
}

var sentences = func() map[string]sentence {
	m := map[string]sentence{}
	if err := json.Unmarshal(localeJSON, &m); err != nil {
		panic("xlsform: locale.json: " + err.Error())
	}
	return m
}()

// message fills the parameters {name} of a code's sentence. kv are names and values.
func message(code string, kv ...string) Text {
	s, ok := sentences[code]
	if !ok {
		return Text{ZH: code, EN: code}
	}
	r := replacer(kv)
	return Text{ZH: r.Replace(s.ZH), EN: r.Replace(s.EN)}
}

func hint(code string, kv ...string) Text {
	s := sentences[code]
	r := replacer(kv)
	return Text{ZH: r.Replace(s.HintZH), EN: r.Replace(s.HintEN)}
}

func replacer(kv []string) *strings.Replacer {
	pairs := make([]string, 0, len(kv))
	for i := 0; i+1 < len(kv); i += 2 {
		pairs = append(pairs, "{"+kv[i]+"}", kv[i+1])
	}
	return strings.NewReplacer(pairs...)
}

// place is where a diagnostic points.
type place struct {
	sheet  string
	row    int
	column string
}

// Limits that keep a hostile or ruined workbook from costing minutes.
const (
	maxDiagnostics = 1000
	maxHints       = 100     // 'did you mean' is looked for in the first so many
	maxDepth       = 100     // of groups in groups
	maxNodes       = 200_000 // after loops have been written out
)

// report collects the diagnostics of one conversion.
type report struct{ list []Diagnostic }

func (r *report) add(sev Severity, at place, code string, kv ...string) *Diagnostic {
	if len(r.list) >= maxDiagnostics {
		r.list[maxDiagnostics-1] = Diagnostic{
			Severity: SeverityError, Code: "xlsform.too_many", Message: message("xlsform.too_many", "count", itoa(maxDiagnostics)),
		}
		return &Diagnostic{noHint: true}
	}
	d := Diagnostic{
		Severity: sev, Code: code, Sheet: at.sheet, Row: at.row, Column: at.column,
		Message: message(code, kv...), Hint: hint(code, kv...),
	}
	d.noHint = len(r.list) >= maxHints
	r.list = append(r.list, d)
	return &r.list[len(r.list)-1]
}

func (r *report) error(at place, code string, kv ...string) *Diagnostic {
	return r.add(SeverityError, at, code, kv...)
}

func (r *report) warn(at place, code string, kv ...string) *Diagnostic {
	return r.add(SeverityWarning, at, code, kv...)
}

// meant fills the hint with the nearest known name, if one is near.
func (d *Diagnostic) meant(got string, known []string) {
	if d.noHint || d.Code == "" {
		return
	}
	if best := nearest(got, known); best != "" {
		d.Hint = message("xlsform.did_you_mean", "name", best)
	}
}

// sorted returns the diagnostics in reading order: sheet by sheet as the workbook has them, then by row.
func (r *report) sorted(wb *Workbook) []Diagnostic {
	order := map[string]int{}
	for i, s := range wb.Sheets {
		order[s.Name] = i
	}
	sort.SliceStable(r.list, func(i, j int) bool {
		a, b := r.list[i], r.list[j]
		if a.Sheet != b.Sheet {
			return order[a.Sheet] < order[b.Sheet]
		}
		return a.Row < b.Row
	})
	return r.list
}
