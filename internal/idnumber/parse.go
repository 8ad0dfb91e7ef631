package idnumber

// Status says what the text of an ID column turned out to be.
type Status string

// The states of a text. The first three give a number.
const (
	Valid            Status = "valid"
	Converted15      Status = "converted15"       // 15 digits, completed to 18
	Disability20     Status = "disability20"      // the citizen number inside a disability card number
	Missing          Status = "missing"           // empty, or a word for none
	InvalidCharacter Status = "invalid_character" // includes scientific notation
	InvalidLength    Status = "invalid_length"
	BadChecksum      Status = "bad_checksum" // includes numbers that a spreadsheet rounded
	BadBirthDate     Status = "bad_birth_date"
	FutureBirthDate  Status = "future_birth_date"
)

// earliest is the first year of birth that is believed.
const earliest = 1850

// Result is what Parse found.
type Result struct {
	Status Status
	Number Number // "" unless the status is Valid, Converted15 or Disability20
	Clean  string // what was judged, for near matches and for messages
}

// Parse reads the text of an ID column. today (2006-01-02) is the last day of birth that is believed; "" knows no future.
// The tests run in this order: clean, missing, characters, length, checksum (not for 15 digits), birth date.
func Parse(raw, today string) Result {
	s := Clean(raw)
	r := Result{Clean: s}
	switch {
	case none[s]:
		r.Status = Missing
		return r
	case !charactersFit(s):
		r.Status = InvalidCharacter
		return r
	}
	full, found := s, Valid
	switch {
	case len(s) == 18:
	case len(s) == 15 && digits(s):
		full = s[:6] + "19" + s[6:]
		full, found = full+string(CheckChar(full)), Converted15
	case len(s) == 20 && s[18] >= '1' && s[18] <= '7' && s[19] >= '1' && s[19] <= '4':
		full, found = s[:18], Disability20
	default:
		r.Status = InvalidLength
		return r
	}
	if CheckChar(full[:17]) != full[17] {
		r.Status = BadChecksum
		return r
	}
	switch birth := Number(full).BirthDate(); {
	case !ValidDay(full[6:14]):
		r.Status = BadBirthDate
	case today != "" && birth > today:
		r.Status = FutureBirthDate
	default:
		r.Status, r.Number = found, Number(full)
	}
	return r
}

// charactersFit reports whether s holds digits only, with one X allowed as the check character: at the 18th place, or at
// the end of a number whose length is wrong.
func charactersFit(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && (c != 'X' || i != 17 && (i != len(s)-1 || i < 15)) {
			return false
		}
	}
	return true
}

// ValidDay reports whether the 8 digits YYYYMMDD name a day of the calendar since 1850.
func ValidDay(s string) bool {
	if len(s) != 8 || !digits(s) {
		return false
	}
	n := func(a, b int) (v int) {
		for _, c := range s[a:b] {
			v = v*10 + int(c-'0')
		}
		return v
	}
	y, m, d := n(0, 4), n(4, 6), n(6, 8)
	if y < earliest || m < 1 || m > 12 || d < 1 {
		return false
	}
	last := [...]int{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}[m-1]
	if m == 2 && (y%4 == 0 && y%100 != 0 || y%400 == 0) {
		last = 29
	}
	return d <= last
}
