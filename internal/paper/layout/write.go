package layout

import (
	"embed"
	"html/template"
	"io"
	"strings"

	"ruhu/internal/docgen"
)

//go:embed page.html page.css
var files embed.FS

// Document is what is printed as one file.
type Document struct {
	Title  string
	Lang   string
	Layout docgen.Layout
	Parts  []Part
}

// Part is a section of a document: a sheet or a list, with its running header.
type Part struct {
	Header docgen.Section
	Sheet  *Sheet
	List   *List
}

// List is a table of households with a heading, notes and room for signatures.
type List struct {
	Lang    string
	Title   string
	Notes   []string
	Columns []ListColumn
	Rows    [][]string
	Spare   int // empty rows at the end, numbered on
	Signers []string
	URL     string // QR code of the whole list, "" for none
	Scan    string // what the code opens
}

// ListColumn is a column of a list. Width is in millimetres, 0 takes what is left.
type ListColumn struct {
	Label string
	Width int
	Tick  bool // a box to tick
	Right bool
}

// Write writes a document as HTML for docgen. The error is that of w, or of a QR code that does not fit.
func Write(w io.Writer, d Document) error {
	css, err := files.ReadFile("page.css")
	if err != nil {
		return err
	}
	headers := make([]docgen.Section, len(d.Parts))
	for i, p := range d.Parts {
		headers[i] = p.Header
	}
	lang := map[string]string{"en": "en", "zh": "zh-CN"}[d.Lang]
	err = page.ExecuteTemplate(w, "top", map[string]any{
		"Lang": lang, "Title": d.Title, "Head": docgen.Head, "Pages": docgen.Style(d.Layout, headers), "CSS": template.CSS(css), //nolint:gosec // ours
	})
	if err != nil {
		return err
	}
	for i, p := range d.Parts {
		name, data := "list", any(p.List)
		if p.Sheet != nil {
			name, data = "sheet", p.Sheet
		}
		if err := page.ExecuteTemplate(w, name, map[string]any{"Class": docgen.Class(i), "ID": docgen.Anchor(i), "X": data}); err != nil {
			return err
		}
	}
	return page.ExecuteTemplate(w, "bottom", nil)
}

var page = template.Must(template.New("").Funcs(template.FuncMap{
	"qr":    docgen.QR,
	"word":  Word,
	"boxes": boxes,
	"times": func(n int) []struct{} { return make([]struct{}, max(0, n)) },
	"add":   func(a, b int) int { return a + b },
	"sex":   sex,
	"pair":  func(a, b any) any { return struct{ A, B any }{a, b} },
	"respondents": func() []string {
		return []string{"respondent.self", "respondent.family", "respondent.cadre", "respondent.phone", "respondent.registers"}
	},
}).ParseFS(files, "page.html"))

// box is what is ticked: of the Chinese font itself, so that no other font is needed.
const box, ticked = "□", "■"

// boxes gives the boxes of a number: one per digit, the decimals behind a point.
func boxes(q *Question) string {
	s := strings.Repeat(box, q.Digits)
	if q.Decimals > 0 {
		s += "." + strings.Repeat(box, q.Decimals)
	}
	return s
}

func sex(lang, s string) string {
	if s == "male" || s == "female" {
		return Word(lang, "member."+s)
	}
	return s
}

// Box is the sign of an option.
func (c Choice) Box() string {
	if c.Ticked {
		return ticked
	}
	return box
}
