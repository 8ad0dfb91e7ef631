package match

import (
	"cmp"
	"slices"

	"ruhu/internal/errs"
	"ruhu/internal/sheet"
)

// Report says what a file holds: every mistake and everything that was mended, by sheet, row and column. Counts are complete,
// Errors and Warnings hold the first 500 of each. Numbers in it are masked.
type Report struct {
	Rows     int         `json:"rows"`   // below the headers; empty ones and sums not counted
	Broken   int         `json:"broken"` // rows with a mistake
	Format   string      `json:"format"` // xlsx, text
	Encoding string      `json:"encoding"`
	Counts   []CodeCount `json:"counts"` // most frequent first, errors before warnings
	Errors   []Note      `json:"errors"`
	Warnings []Note      `json:"warnings"`

	byCode map[string]*CodeCount
}

// CodeCount tells how often something was found.
type CodeCount struct {
	Code    string `json:"code"`
	Error   bool   `json:"error"`
	Count   int    `json:"count"`
	Message string `json:"message"` // in the language asked for, see Say
}

// Note is one finding. Column "" is the row as a whole.
type Note struct {
	Sheet   string `json:"sheet"`
	Row     int    `json:"row"`
	Column  string `json:"column"`
	Header  string `json:"header"`
	Code    string `json:"code"`
	Value   string `json:"value"`
	Message string `json:"message"` // in the language asked for, see Say
}

const maxNotes = 500

func newReport(b *sheet.Book) *Report {
	return &Report{Format: b.Format, Encoding: b.Encoding, Counts: []CodeCount{}, Errors: []Note{}, Warnings: []Note{}, byCode: map[string]*CodeCount{}}
}

func (r *Report) add(n Note, bad bool) {
	c := r.byCode[n.Code]
	if c == nil {
		c = &CodeCount{Code: n.Code, Error: bad}
		r.byCode[n.Code] = c
	}
	c.Count++
	n.Value = sheet.Clip(n.Value, 40)
	switch {
	case bad && len(r.Errors) < maxNotes:
		r.Errors = append(r.Errors, n)
	case !bad && len(r.Warnings) < maxNotes && c.Count <= maxNotes/4: // a frequent one must not hide the rare ones
		r.Warnings = append(r.Warnings, n)
	}
}

// close sorts the counts.
func (r *Report) close() *Report {
	r.Counts = r.Counts[:0]
	for _, c := range r.byCode {
		r.Counts = append(r.Counts, *c)
	}
	slices.SortFunc(r.Counts, func(a, b CodeCount) int {
		if a.Error != b.Error {
			if a.Error {
				return -1
			}
			return 1
		}
		return cmp.Or(b.Count-a.Count, cmp.Compare(a.Code, b.Code))
	})
	return r
}

// Say fills in the sentences in a language.
func (r *Report) Say(lang string) {
	for i := range r.Counts {
		r.Counts[i].Message = sentence(r.Counts[i].Code, "", lang)
	}
	for _, list := range [][]Note{r.Errors, r.Warnings} {
		for i := range list {
			list[i].Message = sentence(list[i].Code, list[i].Value, lang)
		}
	}
}

func sentence(code, value, lang string) string {
	return errs.Invalid.New(code, "value", value).Message(lang)
}
