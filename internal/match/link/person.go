package link

import (
	"strings"

	"ruhu/internal/idnumber"
)

// Person is a row of a register as far as identity goes, as it stands there. Any field may be empty.
type Person struct {
	Name      string
	Number    string // ID number in any spelling that idnumber understands
	Birth     string // 2006-01-02, 2006-01 or 2006
	Sex       string // male, female, 男, 女, 1, 2
	Village   string // 12 digits
	Household string // the register's own key of the household: hukou number, case number, household code
}

// rec is a Person made comparable, small enough for millions.
type rec struct {
	number    uint64 // a valid number: 17 digits and the check character in base 11; 0 none
	raw       string // the cleaned characters of a number that is not valid
	births    [2]day // inside the number, in the column (only where it says something else)
	column    day    // the column's date
	name      int32  // into dict.names; 0 none
	village   int32
	household int32
	sex, said int8 // 1 male, 2 female: by the number first; what the column says
}

// packed makes one word of a valid number.
func packed(n idnumber.Number) uint64 {
	v := uint64(0)
	for i := range 17 {
		v = v*10 + uint64(n[i]-'0')
	}
	c := uint64(10)
	if n[17] != 'X' {
		c = uint64(n[17] - '0')
	}
	return v*11 + c
}

func (r *rec) digits() string {
	if r.number == 0 {
		return r.raw
	}
	var b [18]byte
	v, c := r.number/11, r.number%11
	b[17] = 'X'
	if c < 10 {
		b[17] = byte('0' + c)
	}
	for i := 16; i >= 0; i-- {
		b[i] = byte('0' + v%10)
		v /= 10
	}
	return string(b[:])
}

// withoutNumber is the record when its number turned out to be somebody else's. Day of birth and sex that only repeat what that
// number says were taken from it by whoever made the register, and go with it.
func (r rec) withoutNumber() rec {
	if r.column == 0 || r.column == r.births[0] {
		r.column = 0
		if r.said == r.sex {
			r.said = 0
		}
	}
	r.number, r.raw, r.births, r.sex = 0, "", [2]day{0, r.column}, r.said
	return r
}

// name is a distinct name of the dictionary: places in its flat slices, because there are hundreds of thousands.
type name struct {
	runes   uint32 // into dict.runes
	keys    uint32 // into dict.keys: a key for every reading of the whole name, at most maxReadings
	length  uint8
	surname uint8 // characters of the surname
	reads   uint8 // number of keys
}

// maxReadings bounds the combinations of readings that a name is found under.
const maxReadings = 12

// dict holds the distinct names, places and households of a run, so that records are small and equal things have equal numbers.
type dict struct {
	names      []name
	runes      []rune
	keys       []uint64
	byForm     map[string]int32
	byRaw      map[string]int32
	syllables  map[string]int32
	readings   map[rune][]int32
	villages   map[string]int32
	townships  []int32 // by village
	towns      map[string]int32
	households map[string]int32
}

func newDict() *dict {
	return &dict{
		names: make([]name, 1), byForm: map[string]int32{}, byRaw: map[string]int32{}, syllables: map[string]int32{}, readings: map[rune][]int32{},
		villages: map[string]int32{}, townships: make([]int32, 1), towns: map[string]int32{}, households: map[string]int32{},
	}
}

func (d *dict) name(raw string) int32 {
	if i, ok := d.byForm[raw]; ok { // clean as it stands, and met before
		return i
	}
	if i, ok := d.byRaw[raw]; ok {
		return i
	}
	form := CleanName(raw)
	i := d.form(form)
	if form != raw {
		d.byRaw[strings.Clone(raw)] = i
	}
	return i
}

// maxLength of a name in characters: longer ones are cut.
const maxLength = 60

func (d *dict) form(form string) int32 {
	if form == "" {
		return 0
	}
	if i, ok := d.byForm[form]; ok {
		return i
	}
	runes := []rune(form)
	runes = runes[:min(len(runes), maxLength)]
	keys := []uint64{uint64(len(runes))}
	for _, r := range runes {
		s := d.sounds(r)
		if len(s) == 1 {
			for i := range keys {
				keys[i] = mix(keys[i], uint64(s[0]))
			}
			continue
		}
		next := make([]uint64, 0, len(keys)*len(s))
		for _, k := range keys {
			for _, x := range s {
				next = append(next, mix(k, uint64(x)))
			}
		}
		keys = next[:min(len(next), maxReadings)]
	}
	i := int32(len(d.names))
	d.names = append(d.names, name{
		runes: uint32(len(d.runes)), keys: uint32(len(d.keys)), length: uint8(len(runes)), surname: uint8(surnameLength(runes)), reads: uint8(len(keys)),
	})
	d.runes, d.keys = append(d.runes, runes...), append(d.keys, keys...)
	d.byForm[strings.Clone(form)] = i
	return i
}

func (d *dict) runesOf(n int32) []rune {
	x := &d.names[n]
	return d.runes[x.runes : x.runes+uint32(x.length)]
}

func (d *dict) keysOf(n int32) []uint64 {
	x := &d.names[n]
	return d.keys[x.keys : x.keys+uint32(x.reads)]
}

// sounds gives the syllables of a character as numbers; a character without a reading sounds only like itself.
func (d *dict) sounds(r rune) []int32 {
	if s, ok := d.readings[r]; ok {
		return s
	}
	texts := Readings(r)
	if len(texts) == 0 {
		texts = []string{string(r)}
	}
	s := make([]int32, len(texts))
	for i, t := range texts {
		s[i] = intern(d.syllables, t)
	}
	d.readings[r] = s
	return s
}

func intern(m map[string]int32, s string) int32 {
	if i, ok := m[s]; ok {
		return i
	}
	i := int32(len(m) + 1)
	m[strings.Clone(s)] = i
	return i
}

// mix joins numbers into a key (the finaliser of splitmix64: Steele, Lea and Flood 2014).
func mix(a, b uint64) uint64 {
	z := a*0x9e3779b97f4a7c15 ^ (b + 0x9e3779b97f4a7c15)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

func (d *dict) prepare(p Person) rec {
	r := rec{name: d.name(p.Name), column: parseDay(p.Birth)}
	id := idnumber.Parse(p.Number, "")
	r.births[1] = r.column
	switch strings.TrimSpace(p.Sex) {
	case "male", "男", "1":
		r.said = 1
	case "female", "女", "2":
		r.said = 2
	}
	r.sex = r.said
	switch {
	case id.Number != "":
		r.number = packed(id.Number)
		r.births[0] = parseDay(string(id.Number[6:14]))
		r.sex = 2 - int8(id.Number[16]-'0')%2
	case len(id.Clean) >= 12 && id.Status != idnumber.Missing:
		r.raw = strings.Clone(id.Clean)
		if len(r.raw) == 18 && idnumber.ValidDay(r.raw[6:14]) && r.column == 0 {
			r.births[0] = parseDay(r.raw[6:14])
		}
	}
	if r.births[0] == r.births[1] {
		r.births[1] = 0
	}
	if p.Village != "" {
		r.village = intern(d.villages, p.Village)
		if int(r.village) == len(d.townships) {
			d.townships = append(d.townships, intern(d.towns, p.Village[:min(9, len(p.Village))]))
		}
	}
	if p.Household != "" {
		r.household = intern(d.households, p.Household)
	}
	return r
}
