package idnumber

import "strings"

// Number is a citizen identity number: 18 characters, written with a capital X. The zero value is none.
type Number string

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

// Place is the code of the county where the person was first registered, 6 digits; "" for no number. Married women and
// people who moved keep the code of their first registration, and the code may be one that is no longer used.
func (n Number) Place() string {
	if len(n) != 18 {
		return ""
	}
	return string(n[:6])
}

// BirthDate is the date inside the number as 2006-01-02; "" for no number.
func (n Number) BirthDate() string {
	if len(n) != 18 {
		return ""
	}
	return string(n[6:10] + "-" + n[10:12] + "-" + n[12:14])
}

// Sex is Male or Female by the 17th digit; "" for no number.
func (n Number) Sex() string {
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
