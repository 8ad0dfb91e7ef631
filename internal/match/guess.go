package match

import (
	"regexp"
	"strings"
	"unicode"

	"ruhu/internal/idnumber"
	"ruhu/internal/playbook"
	"ruhu/internal/roster"
	"ruhu/internal/sheet"
)

const (
	topRows = 40 // how far down a header is looked for, and values are looked at
	samples = 3
)

// names gives the field of a column's name.
func names(kind *playbook.Register) map[string]string {
	known := roster.HeaderNames()
	out := map[string]string{}
	put := func(name, field string) {
		if key := nameKey(name); key != "" && out[key] == "" {
			out[key] = field
		}
	}
	for _, f := range kind.Fields { // the playbook's own words first
		put(f.Title.ZH, f.Code)
		for _, n := range f.Names {
			put(n, f.Code)
		}
	}
	for _, f := range kind.Fields {
		put(titleOf(f, "zh"), f.Code)
		for _, n := range known[f.Code] {
			put(n, f.Code)
		}
	}
	return out
}

// nameKey makes names of columns comparable: blanks, marks of duty and remarks in brackets do not matter.
func nameKey(s string) string {
	s = strings.Trim(sheet.Squeeze(sheet.Clean(s)), "*:;")
	if i := strings.IndexByte(s, '('); i > 0 {
		s = s[:i]
	}
	return strings.TrimRight(s, "*:;")
}

// fieldOf looks a column of a header up: two rows together ("户主"/"姓名") mean more than the lower one alone.
func fieldOf(known map[string]string, c sheet.Column) string {
	if n := len(c.Path); n > 1 {
		if f := known[nameKey(c.Path[n-2]+c.Path[n-1])]; f != "" {
			return f
		}
	}
	return known[nameKey(c.Name)]
}

// guessSheet proposes header and meaning of a sheet from its first rows. saved holds the fields that the office chose for headers
// before; "" in it means nothing to us.
func guessSheet(top []sheet.Row, kind *playbook.Register, saved map[string]string) SheetMapping {
	known := names(kind)
	first, last, found := findHeader(top, known, saved)
	return guessColumns(top, first, last, found >= 2, kind, known, saved)
}

// findHeader gives the indexes of the header's first and last row in top, and how many columns in it are known. The last row is the one
// that knows most; of equals the lower one, because merged headers repeat downwards. A row above belongs to it when the two share a
// merged cell or it says more than a title does.
func findHeader(top []sheet.Row, known, saved map[string]string) (first, last, found int) {
	last = -1
	for i, r := range top {
		n := 0
		for _, c := range sheet.Header([]sheet.Row{r}) {
			if _, ok := saved[c.String()]; ok || known[nameKey(c.Name)] != "" {
				n++
			}
		}
		if n >= found && n > 0 && (n > found || i == last+1) {
			last, found = i, n
		}
	}
	if last < 0 { // nobody knows a name: the first row with several texts
		for i, r := range top {
			if len(r.Cells) >= 3 && texts(r) == len(r.Cells) {
				return i, i, 0
			}
		}
		return -1, -1, 0
	}
	first = last
	for first > 0 && belongs(top[first-1], top[first]) {
		first--
	}
	return first, last, found
}

func texts(r sheet.Row) (n int) {
	for _, c := range r.Cells {
		if !c.Number {
			n++
		}
	}
	return n
}

// belongs reports whether a row is part of the header below it.
func belongs(above, below sheet.Row) bool {
	if above.Number != below.Number-1 {
		return false
	}
	different, shared := map[string]bool{}, false
	for _, c := range above.Cells {
		different[c.Text] = true
		if b, ok := below.At(c.Column); ok && b.Text == c.Text {
			shared = true
		}
	}
	return len(different) > 1 && (shared || len(different) >= 3) && texts(above) == len(above.Cells)
}

func guessColumns(top []sheet.Row, first, last int, use bool, kind *playbook.Register, known, saved map[string]string) SheetMapping {
	m := SheetMapping{Use: use, Columns: []ColumnMapping{}}
	if last < 0 {
		return m
	}
	m.HeaderFrom, m.HeaderTo = top[first].Number, top[last].Number
	data := top[last+1:]
	taken := map[string]bool{}
	for _, h := range sheet.Header(top[first : last+1]) {
		c := ColumnMapping{Column: h.Column, Letter: sheet.Letters(h.Column), Header: h.String(), Samples: samplesOf(top, m.HeaderTo, h.Column)}
		if f, ok := saved[c.Header]; ok && !taken[f] {
			c.Field, c.Why = f, WhySaved
		} else if f := fieldOf(known, h); f != "" && !taken[f] {
			c.Field, c.Why = f, WhyName
		}
		if _, ok := kind.Field(c.Field); !ok && c.Field != "" {
			c.Field, c.Why = "", "" // saved under an older playbook
		}
		if c.Field != "" {
			taken[c.Field] = true
		}
		m.Columns = append(m.Columns, c)
	}
	byValues(&m, data, kind, taken)
	return m
}

// samplesOf gives the first values of a column below the header.
func samplesOf(top []sheet.Row, header, column int) []string {
	out := []string{}
	for _, r := range top {
		if v, ok := r.At(column); ok && r.Number > header && len(out) < samples {
			out = append(out, sheet.Clip(v.Text, 40))
		}
	}
	return out
}

// byValues gives columns that nobody knows by name a meaning by what stands in them, where it can't be mistaken.
func byValues(m *SheetMapping, data []sheet.Row, kind *playbook.Register, taken map[string]bool) {
	for _, want := range []string{"id_number", "head_id_number", "phone", "name", "head_name", "birth", "sex"} {
		f, ok := kind.Field(want)
		if !ok || taken[want] {
			continue
		}
		for i := range m.Columns {
			if c := &m.Columns[i]; c.Field == "" && c.Why == "" && looksLike(f.Meaning(), data, c.Column) {
				c.Field, c.Why, taken[want] = want, WhyValues, true
				break
			}
		}
	}
}

var (
	phoneForm   = regexp.MustCompile(`^1[3-9]\d{9}$`)
	villageForm = regexp.MustCompile(`(村|社区|组|镇|乡|县|市|户|校|类|级|料|款|局|所|站)$`)
)

// looksLike reports whether at least four fifths of a column's values, and at least three, are of that kind.
func looksLike(kind string, data []sheet.Row, column int) bool {
	n, fit, different := 0, 0, map[string]bool{}
	for _, r := range data {
		c, ok := r.At(column)
		if !ok {
			continue
		}
		n++
		different[c.Text] = true
		switch s := sheet.Squeeze(c.Text); kind {
		case playbook.KindIDNumber:
			switch idnumber.Parse(s, "").Status {
			case idnumber.Valid, idnumber.Converted15, idnumber.Disability20, idnumber.BadChecksum, idnumber.BadBirthDate:
				fit++
			}
		case playbook.KindPhone:
			if phoneForm.MatchString(s) {
				fit++
			}
		case playbook.KindName:
			if r := []rune(s); len(r) >= 2 && len(r) <= 4 && han(r) && !villageForm.MatchString(s) {
				fit++
			}
		case playbook.KindDate:
			if d, ok := sheet.Day(s, false, false); ok && len(s) > 6 && d < "2100" {
				fit++
			}
		case playbook.KindSex:
			if s == "男" || s == "女" {
				fit++
			}
		}
	}
	if kind == playbook.KindName && len(different)*3 < n*2 { // words of a list repeat, names do not
		return false
	}
	return n >= 3 && fit*5 >= n*4
}

func han(rs []rune) bool {
	for _, r := range rs {
		if !unicode.Is(unicode.Han, r) && r != '·' {
			return false
		}
	}
	return true
}
