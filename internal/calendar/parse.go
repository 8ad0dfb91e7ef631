package calendar

import (
	"bufio"
	"errors"
	"io"
	"strconv"
	"strings"

	"ruhu/internal/db"
	"ruhu/internal/errs"
)

// longest is the number of days that a holiday may have; more is a slip of the pen.
const longest = 60

// Parse reads a calendar: lines "year 2027 number", "rest 2027-02-05 [2027-02-11] name", "work 2027-02-20 name"; "#" begins a comment.
// Returns Invalid "calendar.line" with the number of the line and the text in it, joined when there are several.
func Parse(r io.Reader) (*Calendar, error) {
	c := &Calendar{notice: map[int]string{}, rest: map[db.Date]string{}, work: map[db.Date]string{}}
	var all []error
	sc := bufio.NewScanner(r)
	for n := 1; sc.Scan(); n++ {
		line := strings.TrimSpace(strings.TrimPrefix(sc.Text(), "\ufeff"))
		if line == "" || line[0] == '#' {
			continue
		}
		if !c.line(strings.Fields(line)) {
			all = append(all, errs.Invalid.New("calendar.line", "line", n, "text", line))
		}
	}
	if err := errors.Join(append(all, sc.Err())...); err != nil {
		return nil, err
	}
	return c, nil
}

// line takes one line's words; false when they make no sense or contradict an earlier line.
func (c *Calendar) line(w []string) bool {
	if len(w) < 3 {
		return false
	}
	if w[0] == "year" {
		y, err := strconv.Atoi(w[1])
		if _, twice := c.notice[y]; err != nil || y < 1950 || y > 2200 || twice {
			return false
		}
		c.notice[y] = strings.Join(w[2:], " ")
		return true
	}
	from, err := db.ParseDate(w[1])
	if err != nil {
		return false
	}
	to, name := from, w[2:]
	if last, err := db.ParseDate(w[2]); err == nil {
		to, name = last, w[3:]
	}
	mine, other := c.rest, c.work
	if w[0] == "work" {
		mine, other = c.work, c.rest
	}
	if w[0] != "work" && w[0] != "rest" || len(name) == 0 || to < from || to > from.AddDays(longest) {
		return false
	}
	for d := from; d <= to; d = d.AddDays(1) {
		_, a := mine[d]
		_, b := other[d]
		if a || b {
			return false
		}
		mine[d] = strings.Join(name, " ")
	}
	return true
}
