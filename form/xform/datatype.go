package xform

import (
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// entered tidies an answer that a person gave or a record holds. What does not
// fit the type stays as it is and is flagged: 3.7 persons are a mistake, not 3.
func entered(typ, v string) string {
	switch typ {
	case "int":
		if f, err := strconv.ParseFloat(strings.TrimSpace(v), 64); err == nil && f != math.Trunc(f) {
			return strings.TrimSpace(v)
		}
	case "date":
		return strings.TrimSpace(v)
	}
	return canonical(typ, v)
}

// canonical writes a computed value in the form of its type. What does not fit
// is returned as it is, but a number computed for an int loses its fraction and
// one computed for a date is a day number.
func canonical(typ, v string) string {
	switch typ {
	case "string", "binary", "barcode", "intent":
		return v
	}
	t := strings.TrimSpace(v)
	if t == "" {
		return ""
	}
	switch typ {
	case "int":
		if f, err := strconv.ParseFloat(t, 64); err == nil && math.Abs(f) < 1e15 && decimalText(t) {
			return strconv.FormatInt(int64(f), 10)
		}
	case "decimal":
		if f, err := strconv.ParseFloat(t, 64); err == nil && !math.IsInf(f, 0) && (t[0] == '+' || strings.ContainsAny(t, "eE")) {
			return strconv.FormatFloat(f, 'f', -1, 64)
		}
	case "date":
		// A date-time (from now()) or a day number (from arithmetic) is cut to the day.
		if len(t) > 10 && t[4] == '-' && t[10] == 'T' && validDate(t[:10]) {
			return t[:10]
		}
		if n, err := strconv.ParseFloat(t, 64); err == nil && math.Abs(n) < 3e6 {
			return time.Unix(0, 0).UTC().AddDate(0, 0, int(math.Floor(n))).Format(time.DateOnly)
		}
	}
	return t
}

func decimalText(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if (c < '0' || c > '9') && c != '.' && c != '-' && c != '+' && c != 'e' && c != 'E' {
			return false
		}
	}
	return true
}

// valid says whether a non-empty value is in the lexical space of its type.
func valid(typ, v string) bool {
	switch typ {
	case "int":
		n, err := strconv.ParseInt(v, 10, 64)
		return err == nil && n >= math.MinInt32 && n <= math.MaxInt32
	case "decimal":
		f, err := strconv.ParseFloat(v, 64)
		return err == nil && decimalText(v) && !math.IsInf(f, 0) && !math.IsNaN(f)
	case "boolean":
		return v == "true" || v == "false" || v == "1" || v == "0"
	case "date":
		return validDate(v)
	case "time":
		return validTime(v)
	case "dateTime":
		return (len(v) > 10 && v[10] == 'T' && validDate(v[:10]) && validTime(v[11:])) || validDate(v)
	case "geopoint":
		return validPoint(v)
	case "geotrace", "geoshape":
		for p := range strings.SplitSeq(strings.TrimRight(v, "; "), ";") {
			if !validPoint(strings.TrimSpace(p)) {
				return false
			}
		}
		return true
	}
	return utf8.ValidString(v)
}

func validDate(v string) bool {
	_, err := time.Parse(time.DateOnly, v)
	return err == nil
}

func validTime(v string) bool {
	for _, layout := range [...]string{
		"15:04:05.999999999Z07:00", "15:04:05.999999999", "15:04Z07:00", "15:04",
		"15:04:05.999999999Z07",
	} {
		if _, err := time.Parse(layout, v); err == nil {
			return true
		}
	}
	return false
}

func validPoint(v string) bool {
	n := 0
	for w := range strings.FieldsSeq(v) {
		f, err := strconv.ParseFloat(w, 64)
		if err != nil || (n == 0 && math.Abs(f) > 90) || (n == 1 && math.Abs(f) > 180) {
			return false
		}
		n++
	}
	return n >= 2 && n <= 4
}
