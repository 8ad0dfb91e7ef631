package idnumber

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Clean makes the text of a cell comparable: compatibility characters become plain ones (NFKC: full-width digits and
// letters), every kind of blank, quote, hyphen and invisible character goes, letters are capital.
func Clean(raw string) string {
	if plain(raw) {
		return raw
	}
	var b strings.Builder
	b.Grow(len(raw))
	for _, r := range norm.NFKC.String(raw) {
		switch {
		case unicode.IsSpace(r), unicode.IsControl(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Pd, r):
		case r == '\'' || r == '"' || r == '`' || r == '´' || r >= '‘' && r <= '‟' || r == '−' || r == '′' || r == '″':
		case r >= 'a' && r <= 'z':
			b.WriteRune(r - 'a' + 'A')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// plain reports whether there is nothing to clean, which is so for nearly every cell.
func plain(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && c != 'X' {
			return false
		}
	}
	return true
}

// none are the words that departments write where there is no number.
var none = map[string]bool{
	"": true, "无": true, "无证": true, "无身份证": true, "没有": true, "暂无": true, "未办": true, "未办理": true, "不详": true, "未知": true,
	"/": true, "\\": true, "*": true, "?": true, ".": true, "。": true, "、": true, "_": true,
	"NONE": true, "NULL": true, "NA": true, "N/A": true, "#N/A": true,
}

// Scientific reports whether s looks like 4.30922E+17: what a spreadsheet makes of a long number kept as a number.
func Scientific(s string) bool {
	m, e, ok := strings.Cut(strings.ToUpper(s), "E")
	if !ok {
		return false
	}
	e = strings.TrimLeft(e, "+-")
	m = strings.Replace(m, ".", "", 1)
	return digits(m) && digits(e)
}

// Rounded reports whether the cleaned text s has 18 digits of which a spreadsheet has lost the last three (…000): it keeps 15
// significant digits. A number that really ends so passes the check and is not rounded.
func Rounded(s string) bool {
	return len(s) == 18 && digits(s) && strings.HasSuffix(s, "000") && CheckChar(s[:17]) != '0'
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
