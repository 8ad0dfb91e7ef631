package link

import "strings"

// day is a day of birth as yyyymmdd; day and month may be 0 where only the year is known; 0 is none.
type day int32

func (d day) year() int  { return int(d) / 10000 }
func (d day) month() int { return int(d) / 100 % 100 }
func (d day) dom() int   { return int(d) % 100 }
func (d day) full() bool { return d.month() != 0 && d.dom() != 0 }

// serial counts days (Fliegel and Van Flandern 1968), for differences only.
func (d day) serial() int {
	y, m, n := d.year(), d.month(), d.dom()
	a := (14 - m) / 12
	y, m = y+4800-a, m+12*a-3
	return n + (153*m+2)/5 + 365*y + y/4 - y/100 + y/400
}

// parseDay reads 2006-01-02, 2006-01, 2006 and 20060102. Where the month cannot be one but the day can, they were swapped.
func parseDay(s string) day {
	s = strings.NewReplacer("-", "", "/", "", ".", "").Replace(s)
	n := 0
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return 0
		}
		n = n*10 + int(c-'0')
	}
	switch len(s) {
	case 8:
	case 6:
		n *= 100
	case 4:
		n *= 10000
	default:
		return 0
	}
	d := day(n)
	if m, dom := d.month(), d.dom(); m > 12 && m <= 31 && dom >= 1 && dom <= 12 {
		d = day(d.year()*10000 + dom*100 + m)
	}
	if d.year() < 1850 || d.year() > 2200 || d.month() > 12 || d.dom() > 31 || d.month() == 0 && d.dom() != 0 {
		return 0
	}
	return d
}

func dayLevel(a, b day) Level {
	if a == 0 || b == 0 {
		return Missing
	}
	years := a.year() - b.year()
	if a.full() && b.full() {
		if a == b {
			return BirthSame
		}
		apart := a.serial() - b.serial()
		if apart >= -60 && apart <= 60 || years == 0 && a.month() == b.dom() && a.dom() == b.month() {
			return BirthNear
		}
	}
	switch {
	case years == 0:
		return BirthYear
	case years >= -2 && years <= 2:
		return BirthYears2
	}
	return BirthElse
}
