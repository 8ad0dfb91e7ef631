package sheet

import (
	"strconv"
	"strings"
	"unicode"
)

// Clean makes cell texts comparable: full-width digits, letters and signs become half-width, line breaks and every kind of
// space become one space, invisible characters and the apostrophe that forces text in spreadsheets go.
func Clean(s string) string {
	plain := true
	for i := range len(s) {
		if s[i] >= 0x80 || s[i] < ' ' || s[i] == '\'' || s[i] == ' ' {
			plain = false
			break
		}
	}
	if plain {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	space := false
	for _, r := range s {
		switch {
		case r == '\u3000' || unicode.IsSpace(r):
			space = b.Len() > 0
			continue
		case r >= 0xFF01 && r <= 0xFF5E:
			r -= 0xFEE0
		case unicode.Is(unicode.Cf, r) || unicode.IsControl(r): // zero-width marks, BOM
			continue
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		b.WriteRune(r)
	}
	return strings.TrimPrefix(b.String(), "'")
}

// Squeeze removes all spaces: "户 主 姓 名" is 户主姓名.
func Squeeze(s string) string { return strings.ReplaceAll(s, " ", "") }

// unescape resolves _x000D_ and the like, the way spreadsheets write control characters.
func unescape(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		if i+7 <= len(s) && s[i] == '_' && s[i+1] == 'x' && s[i+6] == '_' {
			if n, err := strconv.ParseUint(s[i+2:i+6], 16, 16); err == nil && n < 0xD800 {
				b.WriteRune(rune(n))
				i += 7
				continue
			}
		}
		b.WriteByte(s[i])
		i++
	}
	return b.String()
}

// wide reports whether s has full-width digits or letters.
func wide(s string) bool {
	for _, r := range s {
		if r >= 0xFF10 && r <= 0xFF5A && (r <= 0xFF19 || r >= 0xFF41 || r >= 0xFF21 && r <= 0xFF3A) {
			return true
		}
	}
	return false
}
