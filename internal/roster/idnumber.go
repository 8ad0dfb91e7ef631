package roster

import (
	"strings"

	"ruhu/internal/idnumber"
)

// IDNumber is a citizen identity number: 18 characters, written with a capital X. The zero value is none.
type IDNumber = idnumber.Number

// Sex of a person, as the API gives it.
const (
	Male   = idnumber.Male
	Female = idnumber.Female
)

// ParseIDNumber checks s as a base list must have it: 18 characters, nothing that would have to be guessed or completed. The
// code says what is wrong: "roster.id_scientific" (a spreadsheet made a rounded number of it), "roster.id_old" (15 digits),
// "roster.id_length", "roster.id_chars", "roster.id_date", "roster.id_check"; "" when the number is right.
func ParseIDNumber(s string) (IDNumber, string) {
	if idnumber.Scientific(s) {
		return "", "roster.id_scientific"
	}
	r := idnumber.Parse(s, "")
	if len(r.Clean) == 15 && allDigits(r.Clean) {
		return "", "roster.id_old"
	}
	switch r.Status {
	case idnumber.Valid:
		return r.Number, ""
	case idnumber.InvalidCharacter:
		return "", "roster.id_chars"
	case idnumber.BadBirthDate:
		return "", "roster.id_date"
	case idnumber.BadChecksum:
		if !idnumber.ValidDay(r.Clean[6:14]) { // the misread digit is most likely there
			return "", "roster.id_date"
		}
		return "", "roster.id_check"
	}
	return "", "roster.id_length"
}

func allDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}
