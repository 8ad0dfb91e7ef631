package calendar

import (
	_ "embed"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"ruhu/internal/db"
)

//go:embed official.txt
var notices string

// Calendar tells working days from others. It does not change; the zero Calendar knows no notice.
type Calendar struct {
	notice map[int]string // year → number of its notice
	rest   map[db.Date]string
	work   map[db.Date]string
}

// Day is what is known of a day.
type Day struct {
	Works   bool
	Name    string // of the holiday that it belongs to or that it is worked for; "" on ordinary days
	Assumed bool   // the year has no notice
}

// official is parsed once; a mistake in it fails the package's tests and every start.
var official = func() *Calendar {
	c, err := Parse(strings.NewReader(notices))
	if err != nil {
		panic(err)
	}
	return c
}()

// Official is the calendar of the State Council's notices that the program knows.
func Official() *Calendar { return official }

// With gives c with the days and years of more on top: where both speak of a day, more is right.
func (c *Calendar) With(more *Calendar) *Calendar {
	out := &Calendar{notice: maps.Clone(c.notice), rest: maps.Clone(c.rest), work: maps.Clone(c.work)}
	maps.Copy(out.notice, more.notice)
	for d, name := range more.rest {
		delete(out.work, d)
		out.rest[d] = name
	}
	for d, name := range more.work {
		delete(out.rest, d)
		out.work[d] = name
	}
	return out
}

// Day tells what is known of d, which must be a date.
func (c *Calendar) Day(d db.Date) Day {
	_, noticed := c.notice[year(d)]
	if name, ok := c.work[d]; ok {
		return Day{Works: true, Name: name, Assumed: !noticed}
	}
	if name, ok := c.rest[d]; ok {
		return Day{Name: name, Assumed: !noticed}
	}
	w := d.Weekday()
	day := Day{Works: w != time.Saturday && w != time.Sunday, Assumed: !noticed}
	if !noticed {
		if name := fixedHoliday(d); name != "" {
			day.Works, day.Name = false, name
		}
	}
	return day
}

// fixedHoliday names the holidays of the Regulation, article 2, that lie on the same day every year.
func fixedHoliday(d db.Date) string {
	switch d[len("2006-"):] {
	case "01-01":
		return "元旦"
	case "05-01":
		return "劳动节"
	case "05-02":
		if year(d) >= 2025 { // decree 795
			return "劳动节"
		}
	case "10-01", "10-02", "10-03":
		return "国庆节"
	}
	return ""
}

// Works reports whether d, which must be a date, is a working day.
func (c *Calendar) Works(d db.Date) bool { return c.Day(d).Works }

// Add gives the n-th working day after d; d itself when n is not positive.
func (c *Calendar) Add(d db.Date, n int) db.Date {
	for n > 0 {
		d = d.AddDays(1)
		if c.Works(d) {
			n--
		}
	}
	return d
}

// Assumed lists the years from the one of from to the one of to that have no notice.
func (c *Calendar) Assumed(from, to db.Date) []int {
	var out []int
	for y := year(from); y <= year(to); y++ {
		if _, ok := c.notice[y]; !ok {
			out = append(out, y)
		}
	}
	return out
}

// Years lists the years that have a notice, in order.
func (c *Calendar) Years() []int { return slices.Sorted(maps.Keys(c.notice)) }

// Notice is the number of a year's notice, "" if there is none.
func (c *Calendar) Notice(year int) string { return c.notice[year] }

func year(d db.Date) int {
	y, err := strconv.Atoi(string(d[:min(4, len(d))]))
	if err != nil {
		return 0
	}
	return y
}
