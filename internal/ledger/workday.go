package ledger

import (
	"time"

	"ruhu/internal/db"
)

// Calendar tells working days from others. Weekdays serves until the official calendar, with its holidays and shifted
// working days, is kept in a table.
type Calendar interface {
	Works(d db.Date) bool
}

// Weekdays is Monday to Friday.
type Weekdays struct{}

// Works reports whether d is no weekend.
func (Weekdays) Works(d db.Date) bool {
	w := d.Weekday()
	return w != time.Saturday && w != time.Sunday
}

// AddWorkingDays gives the n-th working day after d; d itself when n is not positive. The calendar must know a working day in
// every year.
func AddWorkingDays(d db.Date, n int, cal Calendar) db.Date {
	for n > 0 {
		d = d.AddDays(1)
		if cal.Works(d) {
			n--
		}
	}
	return d
}
