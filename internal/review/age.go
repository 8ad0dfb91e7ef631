package review

import (
	"slices"

	"ruhu/internal/db"
	"ruhu/internal/submission"
	"ruhu/internal/survey"
)

// bounds gives, for each column of ages but the last, the earliest day since which a form may wait to be in it. Ages are working days after the day on
// which the waiting began: what came on a Friday is one working day old on Monday.
func (s *Service) bounds(c survey.Campaign, today db.Date) []db.Date {
	var out []db.Date
	d, n := today, 0
	for _, last := range c.Plan.Ages() {
		for {
			if s.cal.Works(d) {
				if n == last {
					break
				}
				n++
			}
			d = d.AddDays(-1)
		}
		out = append(out, d)
	}
	return out
}

// span gives the days since which forms in a column of ages wait; columns count from 1.
func (s *Service) span(c survey.Campaign, today db.Date, column int) submission.Days {
	bs := s.bounds(c, today)
	column = min(column, len(bs)+1)
	var d submission.Days
	if column <= len(bs) {
		d.From = bs[column-1]
	}
	if column > 1 {
		d.To = bs[column-2].AddDays(-1)
	}
	return d
}

// column is the column of ages, from 0, of a form that waits since a day.
func column(bounds []db.Date, since db.Date) int {
	if i := slices.IndexFunc(bounds, func(b db.Date) bool { return since >= b }); i >= 0 {
		return i
	}
	return len(bounds)
}
