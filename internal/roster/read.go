package roster

import (
	"slices"

	"ruhu/internal/errs"
	"ruhu/internal/idnumber"
	"ruhu/internal/region"
	"ruhu/internal/sheet"
)

// headerRows is how far down the header is looked for: titles and notes stand above it.
const headerRows = 20

// MaxFile is how many bytes a roster file may have.
const MaxFile = 20 << 20

// reader turns a workbook into households. It is used once.
type reader struct {
	b       *sheet.Book
	rep     *Report
	places  *Places
	sheet   string
	head    head
	warned  map[[2]int]bool // (sheet, column) that had a formula
	sheetNo int

	households []*inHousehold
	byCode     map[string]*inHousehold
	members    []*inMember
	byID       map[IDNumber]*inMember
}

// inHousehold is a household as the file has it. has tells which columns the file has: what it lacks, an import leaves as it was.
type inHousehold struct {
	Household
	has     [fieldCount]bool
	at      place
	members []*inMember
	listed  bool // from a sheet of households
	badID   bool // the head's number was refused, and reported
}

// bare reports whether the household's only member is the head, taken from the list of households: the file then says nothing about
// who else lives there.
func (h *inHousehold) bare() bool {
	return h.listed && len(h.members) == 1 && h.members[0].at == h.at
}

// inMember is a member as the file has it.
type inMember struct {
	Member
	code string
	has  [fieldCount]bool
	at   place

	badID bool
}

// readFile reads a roster. Mistakes in the cells go into rep; the error is for a file that can't be read at all.
// regions are the places that the campaign covers.
func readFile(src []byte, regions []region.Region, rep *Report) ([]*inHousehold, error) {
	b, err := sheet.OpenBytes(src, sheet.Limits{File: MaxFile})
	if errs.CodeOf(err) == "sheet.kind" || err == nil && b.Format != sheet.XLSX {
		return nil, errs.Invalid.New("roster.xlsx_kind")
	}
	if err != nil {
		return nil, err
	}
	defer func() { _ = b.Close() }() // a temporary file that can't be removed harms nobody
	r := &reader{b: b, rep: rep, places: NewPlaces(regions), warned: map[[2]int]bool{}, byCode: map[string]*inHousehold{}, byID: map[IDNumber]*inMember{}}
	return r.read()
}

func (r *reader) read() ([]*inHousehold, error) {
	heads := make([]head, len(r.b.Names))
	hasHouseholds := false
	for i := range r.b.Names {
		var err error
		if heads[i], err = r.findHead(i); err != nil {
			return nil, err
		}
		hasHouseholds = hasHouseholds || heads[i].kind() == kindHousehold
	}
	used := false
	for i, name := range r.b.Names {
		kind := heads[i].kind()
		if kind == kindPerson && hasHouseholds {
			kind = kindMember // its household columns repeat the other sheet
		}
		sr := SheetReport{Name: name, Kind: kind}
		if kind != kindIgnored {
			used = true
			sr.HeaderRow = heads[i].row
			r.sheet, r.sheetNo, r.head = name, i, heads[i]
			var err error
			if sr.Rows, err = r.readSheet(i, kind); err != nil {
				return nil, err
			}
		}
		r.rep.Sheets = append(r.rep.Sheets, sr)
	}
	if !used {
		r.rep.fail(place{}, "roster.no_header", "", "rows", headerRows)
	}
	r.join()
	return r.households, nil
}

// findHead looks for the row with the most known names; of equals the lower one, because two-line headers are merged downwards.
func (r *reader) findHead(i int) (head, error) {
	var best head
	err := r.b.Rows(i, headerRows, func(rw sheet.Row) error {
		if h := readHead(rw); h.found >= best.found && h.found > 0 {
			best = h
		}
		return nil
	})
	return best, err
}

var required = map[string][]field{
	kindHousehold: {fCode},
	kindMember:    {fCode, fName, fRelation},
	kindPerson:    {fCode, fName, fID, fRelation},
}

func (r *reader) readSheet(i int, kind string) (int, error) {
	miss := func(f field) {
		r.rep.fail(place{sheet: r.sheet, row: r.head.row}, "roster.column_missing", "", "column", headers[f][0])
	}
	for _, f := range required[kind] {
		if !r.head.has(f) {
			miss(f)
		}
	}
	if kind != kindMember {
		if !r.head.has(fVillage) && !r.head.has(fVillageCode) {
			miss(fVillage)
		}
		if !r.head.has(fClass) && !r.head.has(fExitState) {
			miss(fClass)
		}
		if r.head.has(fLat) && !r.head.has(fLon) {
			miss(fLon)
		}
		if r.head.has(fLon) && !r.head.has(fLat) {
			miss(fLat)
		}
	}
	for _, c := range r.head.doubles {
		r.rep.warn(place{r.sheet, r.head.row, c.Column, c.Text}, "roster.column_twice", c.Text)
	}
	n := 0
	err := r.b.Rows(i, 0, func(rw sheet.Row) error {
		if rw.Number <= r.head.row {
			return nil
		}
		c := r.cut(rw)
		if c == nil || c.text(fCode) == "" && c.text(fName) == "" && c.text(fHeadName) == "" {
			return nil // sums, signatures and notes below the table
		}
		n++
		switch kind {
		case kindHousehold:
			r.addHousehold(c)
		case kindMember:
			r.addMember(c)
		case kindPerson:
			r.addPerson(c)
		}
		return nil
	})
	return n, err
}

// cut takes the known columns out of a row and reports cells that have no usable value; nil when there is none.
func (r *reader) cut(rw sheet.Row) *line {
	l := &line{r: r, number: rw.Number}
	any := false
	for f := fCode; f < fieldCount; f++ {
		col := r.head.column[f]
		if col == 0 {
			continue
		}
		c, ok := rw.At(col)
		if !ok {
			continue
		}
		p := l.at(f)
		switch {
		case c.NoValue:
			r.rep.fail(p, "roster.formula_no_value", "")
			l.bad[f] = true
			continue
		case c.Failed:
			r.rep.fail(p, "roster.cell_error", c.Text)
			l.bad[f] = true
			continue
		case c.Formula:
			if key := [2]int{r.sheetNo, col}; !r.warned[key] {
				r.warned[key] = true
				r.rep.warn(p, "roster.formula", "")
			}
		}
		l.cells[f] = c
		any = any || c.Text != ""
	}
	if !any {
		return nil
	}
	return l
}

// join brings members to their households and checks what only shows in the whole.
func (r *reader) join() {
	for _, m := range r.members {
		h := r.byCode[m.code]
		if h == nil {
			r.rep.fail(m.at, "roster.no_such_code", m.code)
			continue
		}
		h.members = append(h.members, m)
	}
	for _, h := range r.households {
		r.checkHousehold(h)
	}
}

func (r *reader) checkHousehold(h *inHousehold) {
	heads := 0
	for _, m := range h.members {
		if m.Relation != Head {
			continue
		}
		if heads++; heads > 1 {
			r.rep.fail(m.at, "roster.two_heads", h.Code)
			continue
		}
		if h.listed && h.HeadName != "" && m.Name != "" && m.Name != h.HeadName {
			r.rep.warn(m.at, "roster.head_differs", m.Name, "name", h.HeadName)
		}
		if m.Phone == "" {
			m.Phone, m.has[fPhone] = h.Phone, h.has[fPhone]
		}
		if h.HeadIDNumber == "" {
			h.HeadIDNumber, h.badID, h.has[fHeadID] = m.IDNumber, h.badID || m.badID, true
		}
		if h.HeadName == "" {
			h.HeadName = m.Name
		}
	}
	switch {
	case heads == 0 && h.HeadName != "" && h.listed: // the list of households names the head, the list of members forgot them
		m := &inMember{Member: Member{Name: h.HeadName, IDNumber: h.HeadIDNumber, Relation: Head}, code: h.Code, at: h.at}
		m.Sex, m.BirthDate, m.Phone = m.IDNumber.Sex(), dateOf(m.IDNumber), h.Phone
		m.has[fName], m.has[fID], m.has[fRelation], m.has[fPhone] = true, true, true, true
		if !r.takeID(m) {
			break
		}
		h.members = append([]*inMember{m}, h.members...)
	case heads == 0:
		r.rep.fail(h.at, "roster.no_head", h.Code)
	}
	if n := len(h.members); h.bare() {
		// the file has no list of members: how many there are is not known from it
	} else if h.Size == 0 {
		h.Size = n
	} else if n != h.Size {
		r.rep.warn(h.at, "roster.size_differs", "", "size", h.Size, "count", n)
	}
	if h.HeadIDNumber == "" && !h.badID && (heads > 0 || h.listed) {
		r.rep.fail(h.at, "roster.head_no_id", h.Code) // the questionnaires take it over and can't do without
	}
	if h.Class == Exited && h.ExitYear == 0 && h.has[fExitYear] {
		r.rep.warn(h.at, "roster.no_exit_year", "")
	}
	if h.Class == Poor && h.ExitYear != 0 {
		r.rep.warn(h.at, "roster.exit_year_poor", "", "year", h.ExitYear)
	}
	for i, m := range h.members {
		m.ordinal = i + 1
	}
}

// takeID makes sure that a number stands once in the file. It reports false when it does not.
func (r *reader) takeID(m *inMember) bool {
	if m.IDNumber == "" {
		return true
	}
	if first := r.byID[m.IDNumber]; first != nil {
		r.rep.fail(m.at, "roster.id_twice", idnumber.Mask(string(m.IDNumber)), "sheet", first.at.sheet, "row", first.at.row)
		return false
	}
	r.byID[m.IDNumber] = m
	return true
}

// Places finds villages by code or name.
type Places struct {
	codes     map[region.Code]string
	byName    map[string][]region.Code // village name without 村委会 and the like
	townships map[string]region.Code
	unchecked bool // nobody told the places
}

// NewPlaces indexes the places that a file may name; nil leaves names unchecked.
func NewPlaces(rs []region.Region) *Places {
	p := &Places{codes: map[region.Code]string{}, byName: map[string][]region.Code{}, townships: map[string]region.Code{}, unchecked: rs == nil}
	for _, r := range rs {
		switch r.Code.Level() {
		case region.Village:
			p.codes[r.Code] = r.Name
			p.byName[bareVillage(r.Name)] = append(p.byName[bareVillage(r.Name)], r.Code)
		case region.Township:
			p.townships[sheet.Clean(r.Name)] = r.Code
		}
	}
	return p
}

// Village finds the village that text means, inside township when it is given. The error code is "" when there is exactly one.
// When nobody told the places, names are not checked: that is for Check only.
func (p *Places) Village(text, township string) (region.Code, string) {
	if allDigits(text) {
		c, err := region.Parse(text)
		if err != nil || c.Level() != region.Village {
			return "", "roster.village_code"
		}
		if p.unchecked {
			return c, ""
		}
		if _, ok := p.codes[c]; !ok {
			return "", "roster.village_unknown"
		}
		return c, ""
	}
	if p.unchecked {
		return "", ""
	}
	found := p.byName[bareVillage(text)]
	if t, ok := p.townships[sheet.Squeeze(township)]; ok {
		found = slices.DeleteFunc(slices.Clone(found), func(c region.Code) bool { return !t.Contains(c) })
	}
	switch len(found) {
	case 0:
		return "", "roster.village_unknown"
	case 1:
		return found[0], ""
	}
	return "", "roster.village_ambiguous"
}
