package roster

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"ruhu/internal/db"
	"ruhu/internal/idnumber"
	"ruhu/internal/sheet"
)

// line is one row of a table, by field.
type line struct {
	r      *reader
	number int
	cells  [fieldCount]sheet.Cell
	bad    [fieldCount]bool // already reported
}

func (l *line) at(f field) place {
	return place{l.r.sheet, l.number, l.r.head.column[f], l.r.head.text[f]}
}

func (l *line) text(f field) string { return l.cells[f].Text }

// str takes a text of at most n characters. Names of people lose the spaces that align them.
func (l *line) str(f field, n int) string {
	s := l.text(f)
	if utf8.RuneCountInString(s) > n {
		l.r.rep.fail(l.at(f), "roster.too_long", "", "limit", n)
		return ""
	}
	if l.cells[f].Number && idnumber.Scientific(s) {
		l.r.rep.fail(l.at(f), "roster.number_scientific", s)
		return ""
	}
	return s
}

func (l *line) name(f field) string {
	s := l.str(f, 40)
	for _, r := range s {
		if unicode.Is(unicode.Han, r) {
			return sheet.Squeeze(s)
		}
	}
	return s
}

// need is str for a cell that must not be empty.
func (l *line) need(f field, s string) string {
	if s == "" && l.text(f) == "" && !l.bad[f] && l.r.head.has(f) {
		l.r.rep.fail(l.at(f), "roster.empty", "", "column", headers[f][0])
	}
	return s
}

// idNumber takes an ID number; "" when the cell is empty or wrong.
func (l *line) idNumber(f field) IDNumber {
	s := sheet.Squeeze(l.text(f))
	if s == "" {
		return ""
	}
	n, code := ParseIDNumber(s)
	if code != "" {
		v := idnumber.Mask(s)
		switch {
		case idnumber.Scientific(s):
			v = s // what is left of it tells no more than the masked number would
		case l.cells[f].Number && len(s) > 15:
			code = "roster.id_rounded" // a spreadsheet keeps 15 digits of a number
		}
		l.r.rep.fail(l.at(f), code, v, "length", len(s))
	}
	return n
}

// spoilt reports whether the cell of an ID number held something that was refused.
func (l *line) spoilt(f field, n IDNumber) bool { return n == "" && (l.text(f) != "" || l.bad[f]) }

// whole takes a whole number between lo and hi; 0 when the cell is empty or wrong.
func (l *line) whole(f field, lo, hi int, code string) int {
	s := strings.TrimRight(sheet.Squeeze(l.text(f)), "年人口")
	if s == "" || s == "-" || s == "无" || s == "/" {
		return 0
	}
	if f == fExitYear && len(s) >= 8 && s[4] == '-' { // a date: the year counts
		s = s[:4]
	}
	x, err := strconv.ParseFloat(s, 64)
	if err != nil || x != math.Trunc(x) || x < float64(lo) || x > float64(hi) {
		l.r.rep.fail(l.at(f), code, l.text(f), "lo", lo, "hi", hi)
		return 0
	}
	return int(x)
}

var phoneForm = regexp.MustCompile(`^(1[3-9]\d{9}|0\d{2,3}-?\d{7,8}|\d{7,8})$`)

// The national system has exited households since 2014.
const firstExitYear, lastExitYear = 2014, 2099

// splitTags reads tags as people write them in one cell: at most 10.
func splitTags(s string) (tags []string) {
	for _, t := range strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("、,;/ ", r) }) {
		if len(tags) < 10 {
			tags = append(tags, sheet.Clip(t, 20))
		}
	}
	return tags
}

// phone takes the first of several numbers. What does not look like one is kept with a warning: people know why.
func (l *line) phone() string {
	s := l.str(fPhone, 60)
	first := s
	if i := strings.IndexAny(s, "、,;/ "); i > 0 {
		first = s[:i]
	}
	if s == "无" || s == "-" || s == "/" {
		return ""
	}
	if first != "" && !phoneForm.MatchString(first) {
		l.r.rep.warn(l.at(fPhone), "roster.phone", idnumber.MaskPhone(first))
	}
	return first
}

func (l *line) class() Class {
	word := sheet.Squeeze(l.text(fClass))
	c, ok := ParseClass(word)
	if word != "" && !ok {
		l.r.rep.fail(l.at(fClass), "roster.class", word)
		return ""
	}
	state := sheet.Squeeze(l.text(fExitState)) // 脱贫属性 refines 贫困户属性: the register keeps an exited household as 一般贫困户
	switch {
	case state == "":
	case c == "" || c == Poor:
		switch s, ok := ParseClass(state); {
		case state == "是":
			return Exited
		case state == "否":
			return Poor
		case ok:
			return s
		default:
			l.r.rep.fail(l.at(fExitState), "roster.class", state)
			return ""
		}
	}
	if c == "" && !l.bad[fClass] && !l.bad[fExitState] {
		f := fClass
		if !l.r.head.has(f) {
			f = fExitState
		}
		l.need(f, "")
	}
	return c
}

// household takes the columns of a household; headName and headID name the columns of its head, or are noField.
func (l *line) household(headName, headID field) *inHousehold {
	h := &inHousehold{at: place{sheet: l.r.sheet, row: l.number}}
	for f := fCode; f < fieldCount; f++ {
		h.has[f] = l.r.head.has(f)
	}
	h.has[fHeadName], h.has[fHeadID] = true, l.r.head.has(headID)
	h.Code = l.code()
	h.HeadName = l.need(headName, l.name(headName))
	h.HeadIDNumber = l.idNumber(headID)
	h.badID = l.spoilt(headID, h.HeadIDNumber)
	h.Group = l.str(fGroup, 40)
	h.Phone = l.phone()
	h.Class = l.class()
	h.ExitYear = l.whole(fExitYear, firstExitYear, lastExitYear, "roster.exit_year")
	h.Size = l.whole(fSize, 1, 30, "roster.size")
	h.Tags = splitTags(l.str(fTags, 200))
	h.Position = l.position()
	f := fVillageCode
	if l.text(f) == "" {
		f = fVillage
	}
	if text := sheet.Squeeze(l.str(f, 60)); text != "" {
		v, code := l.r.places.Village(text, l.text(fTownship))
		if code != "" {
			l.r.rep.fail(l.at(f), code, text)
		}
		h.Village = v
	} else if l.r.head.has(f) {
		l.need(f, "")
	}
	return h
}

func (l *line) code() string {
	return l.need(fCode, sheet.Squeeze(l.str(fCode, 40)))
}

func dateOf(n IDNumber) db.Date { return db.Date(n.BirthDate()) }

// member takes the columns of a member.
func (l *line) member() *inMember {
	m := &inMember{at: place{sheet: l.r.sheet, row: l.number}, code: sheet.Squeeze(l.text(fCode))}
	for f := fCode; f < fieldCount; f++ {
		m.has[f] = l.r.head.has(f)
	}
	m.Name = l.need(fName, l.name(fName))
	m.IDNumber = l.idNumber(fID)
	m.badID = l.spoilt(fID, m.IDNumber)
	m.Relation = relationWord(l.need(fRelation, sheet.Squeeze(l.str(fRelation, 20))))
	m.Health = l.str(fHealth, 60)
	m.Schooling = l.str(fSchooling, 60)
	m.Sex = map[string]string{"男": Male, "女": Female, "男性": Male, "女性": Female}[sheet.Squeeze(l.text(fSex))]
	if m.IDNumber != "" {
		if m.Sex != "" && m.Sex != m.IDNumber.Sex() {
			l.r.rep.warn(l.at(fSex), "roster.sex_differs", l.text(fSex))
		}
		m.Sex, m.BirthDate = m.IDNumber.Sex(), dateOf(m.IDNumber)
	} else {
		m.BirthDate = l.birth()
		if l.text(fID) == "" && !l.bad[fID] && m.Relation != Head {
			l.r.rep.warn(l.at(fID), "roster.no_id", m.Name)
		}
	}
	return m
}

// birth reads 出生日期 of somebody without an ID number: text in several forms, or a spreadsheet's day number.
func (l *line) birth() db.Date {
	if l.text(fBirth) == "" {
		return ""
	}
	if d, ok := sheet.Day(l.text(fBirth), l.cells[fBirth].Number, l.r.b.Date1904()); ok {
		return db.Date(d)
	}
	l.r.rep.warn(l.at(fBirth), "roster.birth", l.text(fBirth))
	return ""
}

// relationWord brings the words for the head of the household to one.
func relationWord(s string) string {
	switch s {
	case "本人", "本人或户主", "户主本人":
		return Head
	}
	return s
}

// bareVillage drops the ending that some lists have and others have not.
func bareVillage(name string) string {
	s := sheet.Squeeze(sheet.Clean(name))
	for _, end := range []string{"村民委员会", "居民委员会", "村委会", "居委会", "(社区)"} {
		if t, ok := strings.CutSuffix(s, end); ok && t != "" {
			s = t
			break
		}
	}
	if t := strings.TrimRight(s, "村"); t != "" {
		return t
	}
	return s
}

func (r *reader) addHousehold(l *line) {
	headName, headID := fHeadName, fHeadID
	if !r.head.has(fHeadName) {
		headName = fName
	}
	if !r.head.has(fHeadID) {
		headID = fID
	}
	h := l.household(headName, headID)
	h.listed = true
	r.keepHousehold(h, l)
}

func (r *reader) keepHousehold(h *inHousehold, l *line) {
	if h.Code == "" {
		return
	}
	if first := r.byCode[h.Code]; first != nil {
		code := "roster.code_twice"
		if !h.listed {
			code = "roster.two_heads"
		}
		r.rep.fail(l.at(fCode), code, h.Code, "sheet", first.at.sheet, "row", first.at.row)
		return
	}
	r.byCode[h.Code] = h
	r.households = append(r.households, h)
}

func (r *reader) addMember(l *line) {
	m := l.member()
	if m.Relation != Head || m.Phone == "" {
		m.Phone = l.phone()
	}
	if l.need(fCode, m.code) == "" || !r.takeID(m) {
		return
	}
	r.members = append(r.members, m)
}

// addPerson takes a row of the one-sheet layout: everybody is a member, the head's row makes the household.
func (r *reader) addPerson(l *line) {
	m := l.member()
	if l.need(fCode, m.code) == "" {
		return
	}
	if m.Relation == Head {
		h := l.household(noField, noField) // name and number were read with the member
		h.HeadName, h.HeadIDNumber, h.badID, h.has[fHeadID], m.Phone = m.Name, m.IDNumber, m.badID, true, h.Phone
		r.keepHousehold(h, l)
	} else {
		m.Phone = l.phone()
	}
	if r.takeID(m) {
		r.members = append(r.members, m)
	}
}
