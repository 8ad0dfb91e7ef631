package sheet

import (
	"strconv"
	"strings"
	"time"
)

// Day reads a day as people and programs write it: 2026-03-04, 2026/3/4, 2026.3.4, 2026年3月4日, 20260304, without a day
// (2026-3, 2026年3月, 202603: the first of the month), a time after it, or a spreadsheet's day number (number tells that the cell
// was kept as one; 1 is 1 January 1900, as ECMA-376 part 1, 18.17.4.1 has it, or 2 January 1904 with from1904). It gives
// 2006-01-02, and false for what is no day between 1870 and 2199.
func Day(text string, number, from1904 bool) (string, bool) {
	s := Clean(text)
	if i := strings.IndexAny(s, " T"); i > 7 && strings.Contains(s[i:], ":") { // a time behind the day
		s = s[:i]
	}
	s = Squeeze(s)
	if n, err := strconv.ParseFloat(s, 64); err == nil && number && n >= 1 && n < 80_000 {
		first := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC) // the day before day 1, less the 29 February 1900 that never was
		switch {
		case from1904:
			first = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
		case n < 60:
			first = first.AddDate(0, 0, 1)
		}
		return first.AddDate(0, 0, int(n)).Format(time.DateOnly), true
	}
	s = strings.NewReplacer("年", "-", "月", "-", "日", "", "号", "", "/", "-", ".", "-").Replace(s)
	for _, form := range []string{"2006-1-2", "20060102", "2006-1", "200601", "2006-1-"} {
		if t, err := time.Parse(form, s); err == nil && t.Year() >= 1870 && t.Year() < 2200 {
			return t.Format(time.DateOnly), true
		}
	}
	return "", false
}
