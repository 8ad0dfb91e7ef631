package xpath

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// FormatNumber writes a number as XPath 1.0 does: plain decimals without
// exponent, no trailing zeros, "-0" as "0", infinities in words; NaN is "".
// Beyond 1e21 and below 1e-7 exponents are used, as all peers do, since plain
// digits would claim a precision that is not there.
func FormatNumber(f float64) string {
	switch {
	case math.IsNaN(f):
		return ""
	case math.IsInf(f, 1):
		return "Infinity"
	case math.IsInf(f, -1):
		return "-Infinity"
	case f == 0:
		return "0"
	}
	if a := math.Abs(f); a >= 1e21 || a < 1e-6 {
		s := strconv.FormatFloat(f, 'e', -1, 64)
		// Go writes 1e-07 where ECMAScript and forms have 1e-7.
		if i := strings.IndexByte(s, 'e'); i >= 0 && i+2 < len(s) && s[i+2] == '0' {
			s = s[:i+2] + s[i+3:]
		}
		return s
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

// ParseNumber converts text as number() does: an optional '-', digits with an
// optional point, an optional exponent, white space around; or an ISO 8601
// date or date-time, as days since 1970-01-01T00:00Z (zone is for date-times
// without offset, nil: UTC; plain dates are whole days in any zone). All else
// is NaN.
func ParseNumber(s string, zone *time.Location) float64 {
	s = trimBlanks(s)
	if s == "" {
		return math.NaN()
	}
	if c := s[0]; c > '9' || c < '-' {
		return math.NaN() // words, the usual case of a failure, cost nothing
	}
	if f, ok := parseDecimal(s); ok {
		return f
	}
	if d, ok := parseDate(s, zone); ok {
		return d.days()
	}
	return math.NaN()
}

func trimBlanks(s string) string {
	if s == "" || !isSpace(s[0]) && !isSpace(s[len(s)-1]) {
		return s
	}
	return strings.Trim(s, xmlBlanks)
}

// parseDecimal accepts what the XPath grammar calls a number, with a sign and
// an exponent; strconv alone would also take "Inf", "0x1p4" and "1_000".
func parseDecimal(s string) (float64, bool) {
	i, neg := 0, false
	if s[0] == '-' {
		i, neg = 1, true
	}
	digits, mant, frac, point := 0, uint64(0), 0, false
	for ; i < len(s); i++ {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			digits++
			if digits <= 15 {
				mant = mant*10 + uint64(c-'0')
				if point {
					frac++
				}
			}
		case c == '.' && !point:
			point = true
		case (c == 'e' || c == 'E') && digits > 0:
			return parseSlow(s)
		default:
			return 0, false
		}
	}
	if digits == 0 {
		return 0, false
	}
	if digits > 15 {
		return parseSlow(s)
	}
	// Exact: both are integers below 2^53, and one division rounds once.
	f := float64(mant) / pow10[frac]
	if neg {
		f = -f
	}
	return f, true
}

var pow10 = [...]float64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15}

func parseSlow(s string) (float64, bool) {
	if strings.Trim(s, "+-.0123456789eE") != "" {
		return 0, false
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil && !math.IsInf(f, 0) {
		return 0, false
	}
	return f, true
}
