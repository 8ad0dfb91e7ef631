package xpath

import (
	"math"
	"strings"
	"time"
)

// moment is a parsed ISO 8601 date or date-time. A plain date is a whole day
// in any zone: counting it as local midnight would make tomorrow - today
// depend on where the phone is.
type moment struct {
	t       time.Time // in its own or the local zone
	hasTime bool
}

// days counts days since 1970-01-01T00:00Z, with a fraction for a date-time.
func (m moment) days() float64 {
	if !m.hasTime {
		y, mo, d := m.t.Date()
		return float64(time.Date(y, mo, d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
	}
	return float64(m.t.UnixMilli()) / 86400e3
}

func orUTC(zone *time.Location) *time.Location {
	if zone == nil {
		return time.UTC
	}
	return zone
}

// parseDate reads "2026-03-04", "2026-3-4" and these with "T10:30", seconds,
// fraction, and offset "Z", "+08:00", "+08". It does not allocate.
func parseDate(s string, zone *time.Location) (moment, bool) {
	neg := strings.HasPrefix(s, "-")
	rest := strings.TrimPrefix(s, "-")
	y, rest, ok := digits(rest, 4, 6)
	if !ok || !cut(&rest, '-') {
		return moment{}, false
	}
	if neg {
		y = -y
	}
	mo, rest, ok := digits(rest, 1, 2)
	if !ok || !cut(&rest, '-') {
		return moment{}, false
	}
	d, rest, ok := digits(rest, 1, 2)
	if !ok || mo < 1 || mo > 12 || d < 1 || d > daysIn(y, mo) {
		return moment{}, false
	}
	if rest == "" {
		return moment{t: time.Date(y, time.Month(mo), d, 0, 0, 0, 0, orUTC(zone))}, true
	}
	if !cut(&rest, 'T') && !cut(&rest, ' ') {
		return moment{}, false
	}
	c, loc, ok := parseClock(rest, zone)
	if !ok {
		return moment{}, false
	}
	return moment{time.Date(y, time.Month(mo), d, c.h, c.m, c.s, c.ns, loc), true}, true
}

type clock struct{ h, m, s, ns int }

// parseClock reads "10:30", "10:30:00", "10:30:00.123" with optional offset.
func parseClock(s string, zone *time.Location) (c clock, loc *time.Location, ok bool) {
	loc = orUTC(zone)
	if c.h, s, ok = digits(s, 2, 2); !ok || !cut(&s, ':') {
		return c, loc, false
	}
	if c.m, s, ok = digits(s, 2, 2); !ok {
		return c, loc, false
	}
	if cut(&s, ':') {
		if c.s, s, ok = digits(s, 2, 2); !ok {
			return c, loc, false
		}
		if cut(&s, '.') {
			n, before := 0, len(s)
			if n, s, ok = digits(s, 1, 9); !ok {
				return c, loc, false
			}
			for i := before - len(s); i < 9; i++ {
				n *= 10
			}
			c.ns = n
		}
	}
	if c.h > 23 || c.m > 59 || c.s > 59 {
		return c, loc, false
	}
	if s == "" {
		return c, loc, true
	}
	if s == "Z" {
		return c, time.UTC, true
	}
	sign := 1
	if cut(&s, '-') {
		sign = -1
	} else if !cut(&s, '+') {
		return c, loc, false
	}
	oh, s, ok := digits(s, 2, 2)
	om := 0
	if ok && s != "" {
		cut(&s, ':')
		om, s, ok = digits(s, 2, 2)
	}
	if !ok || s != "" || oh > 14 || om > 59 {
		return c, loc, false
	}
	return c, fixedZone(sign * (oh*60 + om)), true
}

// digits takes between lo and hi digits from the front of s.
func digits(s string, lo, hi int) (n int, rest string, ok bool) {
	i := 0
	for i < len(s) && i < hi && s[i] >= '0' && s[i] <= '9' {
		n = n*10 + int(s[i]-'0')
		i++
	}
	if i < lo || i < len(s) && s[i] >= '0' && s[i] <= '9' {
		return 0, s, false
	}
	return n, s[i:], true
}

func cut(s *string, c byte) bool {
	if *s == "" || (*s)[0] != c {
		return false
	}
	*s = (*s)[1:]
	return true
}

func daysIn(y, mo int) int {
	switch mo {
	case 2:
		if y%4 == 0 && (y%100 != 0 || y%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

// zones holds every quarter-hour offset once: time.FixedZone allocates.
var zones = func() (z [2*15*4 + 1]*time.Location) {
	for i := range z {
		z[i] = time.FixedZone("", (i-15*4)*15*60)
	}
	return z
}()

func fixedZone(minutes int) *time.Location {
	switch {
	case minutes == 0:
		return time.UTC
	case minutes%15 == 0:
		return zones[minutes/15+15*4]
	}
	return time.FixedZone("", minutes*60)
}

const (
	isoDay    = "2006-01-02"
	isoMoment = "2006-01-02T15:04:05.000-07:00"
)

// String writes a plain date, or a date-time with milliseconds and offset.
func (m moment) String() string {
	if m.hasTime {
		return m.t.Format(isoMoment)
	}
	return m.t.Format(isoDay)
}

// momentOf turns a number of days into a date (a whole number, or one that is
// midnight here, as decimal-date-time makes them) or a local date-time. It is
// false for NaN, infinities and years outside 1..9999.
func momentOf(days float64, zone *time.Location) (moment, bool) {
	if math.IsNaN(days) || days < -719162 || days >= 2932897 {
		return moment{}, false
	}
	if days == math.Trunc(days) {
		t := time.Unix(int64(days)*86400, 0).UTC()
		y, mo, d := t.Date()
		return moment{t: time.Date(y, mo, d, 0, 0, 0, 0, orUTC(zone))}, true
	}
	t := time.UnixMilli(int64(math.Round(days * 86400e3))).In(orUTC(zone))
	h, mi, s := t.Clock()
	midnight := h == 0 && mi == 0 && s == 0 && t.Nanosecond() == 0
	return moment{t, !midnight}, true
}
