package roster

import (
	"strings"
	"time"
)

// IDNumber is a citizen identity number: 18 characters, written with a capital X. The zero value is none.
type IDNumber string

// Sex of a person, as the API gives it.
const (
	Male   = "male"
	Female = "female"
)

// weights of the first 17 digits and the check characters by remainder: GB 11643-1999, 4.2 (ISO 7064 MOD 11-2).
var weights = [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}

const checkChars = "10X98765432"

// CheckChar gives the 18th character for 17 digits, or 0 when they are not 17 digits.
func CheckChar(first17 string) byte {
	if len(first17) != 17 {
		return 0
	}
	sum := 0
	for i := range 17 {
		c := first17[i]
		if c < '0' || c > '9' {
			return 0
		}
		sum += int(c-'0') * weights[i]
	}
	return checkChars[sum%11]
}

// ParseIDNumber checks s, which must be free of spaces and in half-width characters (see clean). The code says what is
// wrong: "roster.id_scientific" (a spreadsheet made a rounded number of it), "roster.id_old" (15 digits), "roster.id_length",
// "roster.id_chars", "roster.id_date", "roster.id_check"; "" when the number is right.
func ParseIDNumber(s string) (IDNumber, string) {
	s = strings.ToUpper(s)
	switch {
	case scientific(s):
		return "", "roster.id_scientific"
	case len(s) == 15 && allDigits(s):
		return "", "roster.id_old"
	case len(s) != 18:
		return "", "roster.id_length"
	case !allDigits(s[:17]) || !(s[17] >= '0' && s[17] <= '9' || s[17] == 'X'):
		return "", "roster.id_chars"
	}
	if _, err := time.Parse("20060102", s[6:14]); err != nil || s[6:10] < "1870" {
		return "", "roster.id_date"
	}
	if CheckChar(s[:17]) != s[17] {
		return "", "roster.id_check"
	}
	return IDNumber(s), ""
}

// BirthDate is the date inside the number as 2006-01-02; "" for no number.
func (n IDNumber) BirthDate() string {
	if len(n) != 18 {
		return ""
	}
	return string(n[6:10] + "-" + n[10:12] + "-" + n[12:14])
}

// Sex is Male or Female by the 17th digit; "" for no number.
func (n IDNumber) Sex() string {
	switch {
	case len(n) != 18:
		return ""
	case (n[16]-'0')%2 == 1:
		return Male
	}
	return Female
}

// Mask keeps the first 4 and last 2 characters of anything that may be an ID number: "4309************34". Shorter
// values than 8 are hidden whole.
func Mask(s string) string { return mask(s, 4, 2) }

// MaskPhone keeps the first 3 and last 4 digits: "138****0000".
func MaskPhone(s string) string { return mask(s, 3, 4) }

func mask(s string, head, tail int) string {
	r := []rune(s)
	if len(r) < head+tail+2 {
		return strings.Repeat("*", len(r))
	}
	return string(r[:head]) + strings.Repeat("*", len(r)-head-tail) + string(r[len(r)-tail:])
}

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// scientific reports whether s looks like 4.30922E+17: what a spreadsheet makes of a long number kept as a number.
func scientific(s string) bool {
	m, e, ok := strings.Cut(strings.ToUpper(s), "E")
	if !ok {
		return false
	}
	e = strings.TrimLeft(e, "+-")
	m = strings.Replace(m, ".", "", 1)
	return allDigits(m) && allDigits(e)
}
