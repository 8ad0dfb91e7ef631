package xpath

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// invalidDate is what date() makes of text that is no date: a word that no
// question holds, false, and NaN as a number.
const invalidDate = "Invalid Date"

func init() {
	register(0, 0, func(_ *compiler, x *call, _ []*prog) *prog {
		return dateProg(func(m *machine) string { return moment{t: m.now(x)}.String() })
	}, "today")
	register(0, 0, func(_ *compiler, x *call, _ []*prog) *prog {
		return dateProg(func(m *machine) string { return moment{m.now(x), true}.String() })
	}, "now")
	register(1, 1, makeDate, "date", "date-time")
	register(2, 2, makeFormatDate, "format-date", "format-date-time")
	register(1, 1, func(_ *compiler, _ *call, a []*prog) *prog {
		return numberProg(func(m *machine) float64 {
			d, ok := m.toMoment(a[0])
			if !ok {
				return nan
			}
			return float64(d.t.UnixMilli()) / 86400e3
		})
	}, "decimal-date-time")
	register(1, 1, func(_ *compiler, _ *call, a []*prog) *prog {
		return numberProg(func(m *machine) float64 { return m.decimalTime(a[0].str(m)) })
	}, "decimal-time")
}

func (m *machine) now(x *call) time.Time {
	if m.env.Now == nil {
		m.fail(x, "there is no clock here", nil)
		return time.Time{}
	}
	return m.env.Now().In(orUTC(m.env.Zone))
}

// toMoment reads a date from text or from a number of days.
func (m *machine) toMoment(p *prog) (moment, bool) {
	if !p.dyn && p.typ == TypeNumber {
		return momentOf(p.num(m), m.env.Zone)
	}
	if !p.dyn && p.typ == TypeBoolean {
		return moment{}, false
	}
	if p.dyn {
		mark := m.mark()
		defer m.release(mark)
		switch v := p.val(m); v.typ {
		case TypeNumber:
			return momentOf(v.num, m.env.Zone)
		case TypeBoolean:
			return moment{}, false
		default:
			return m.readMoment(v.String())
		}
	}
	return m.readMoment(p.str(m))
}

func (m *machine) readMoment(s string) (moment, bool) {
	s = trimBlanks(s)
	if d, ok := parseDate(s, m.env.Zone); ok {
		return d, true
	}
	if s == "" {
		return moment{}, false
	}
	if f, ok := parseDecimal(s); ok {
		return momentOf(f, m.env.Zone)
	}
	return moment{}, false
}

// makeDate compiles date(x): text that is a date or date-time, or days since
// 1970-01-01, as ISO 8601 text; date-times in the local zone, "" for blank.
func makeDate(_ *compiler, _ *call, a []*prog) *prog {
	p := a[0]
	return dateProg(func(m *machine) string {
		if p.typ == TypeString || p.typ == TypeNodeSet {
			if trimBlanks(p.str(m)) == "" && !p.dyn {
				return ""
			}
		}
		d, ok := m.toMoment(p)
		if !ok {
			if p.dyn && p.str(m) == "" {
				return ""
			}
			return invalidDate
		}
		if d.hasTime {
			d.t = d.t.In(orUTC(m.env.Zone))
		}
		return d.String()
	})
}

// decimalTime is the fraction of the local day that a time, or the time of a
// date-time, names.
func (m *machine) decimalTime(s string) float64 {
	s = trimBlanks(s)
	zone := orUTC(m.env.Zone)
	t := time.Time{}
	if d, ok := parseDate(s, zone); ok && d.hasTime {
		t = d.t.In(zone)
	} else {
		c, loc, ok := parseClock(s, zone)
		if !ok {
			return nan
		}
		// A time without a day: the offset of the zone on the first day of 1970
		// stands for all days, so that one answer has one value.
		t = time.Date(1970, 1, 1, c.h, c.m, c.s, c.ns, loc).In(zone)
	}
	h, mi, sec := t.Clock()
	return (float64(h*3600+mi*60+sec) + float64(t.Nanosecond())/1e9) / 86400
}

var englishNames = &DateNames{
	Months: [12]string{
		"January", "February", "March", "April", "May", "June", "July",
		"August", "September", "October", "November", "December",
	},
	ShortMonths: [12]string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
	Days:        [7]string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
	ShortDays:   [7]string{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"},
}

// makeFormatDate compiles format-date(date, format) with the escapes of the
// ODK specification; other escapes stand for themselves. No date gives "".
func makeFormatDate(_ *compiler, _ *call, a []*prog) *prog {
	return stringProg(func(m *machine) string {
		d, ok := m.toMoment(a[0])
		if !ok {
			return ""
		}
		names := m.env.Names
		if names == nil {
			names = englishNames
		}
		return formatDate(d.t.In(orUTC(m.env.Zone)), a[1].str(m), names)
	})
}

func formatDate(t time.Time, format string, names *DateNames) string {
	var b strings.Builder
	pad := func(n, width int) {
		s := strconv.Itoa(n)
		for i := len(s); i < width; i++ {
			b.WriteByte('0')
		}
		b.WriteString(s)
	}
	for i := 0; i < len(format); i++ {
		if format[i] != '%' || i+1 == len(format) {
			b.WriteByte(format[i])
			continue
		}
		i++
		switch format[i] {
		case '%':
			b.WriteByte('%')
		case 'Y':
			pad(t.Year(), 4)
		case 'y':
			pad(int(math.Abs(float64(t.Year())))%100, 2)
		case 'm':
			pad(int(t.Month()), 2)
		case 'n':
			pad(int(t.Month()), 1)
		case 'B':
			b.WriteString(names.Months[t.Month()-1])
		case 'b':
			b.WriteString(names.ShortMonths[t.Month()-1])
		case 'd':
			pad(t.Day(), 2)
		case 'e':
			pad(t.Day(), 1)
		case 'H':
			pad(t.Hour(), 2)
		case 'h':
			pad(t.Hour(), 1)
		case 'M':
			pad(t.Minute(), 2)
		case 'S':
			pad(t.Second(), 2)
		case '3':
			pad(t.Nanosecond()/1e6, 3)
		case 'A':
			b.WriteString(names.Days[t.Weekday()])
		case 'a':
			b.WriteString(names.ShortDays[t.Weekday()])
		default:
			b.WriteString(format[i-1 : i+1])
		}
	}
	return b.String()
}
