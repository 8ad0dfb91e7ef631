package circular

import (
	"slices"
	"time"

	"ruhu/internal/db"
	"ruhu/internal/playbook"
	"ruhu/internal/survey"
)

// Period is what a circular is about, both days included. Its last day names it.
type Period struct {
	From db.Date `json:"from"`
	To   db.Date `json:"to"`
}

// accountDay is the day that an instant belongs to when days end at the cut-off (minutes after midnight). The minute of the cut-off itself is in
// time up to its first instant: 18:00:00.000 is, 18:00:00.001 is not.
func accountDay(at time.Time, zone *time.Location, cutoff int) db.Date {
	local := at.In(zone)
	end := time.Date(local.Year(), local.Month(), local.Day(), cutoff/60, cutoff%60, 0, 0, zone)
	day := db.DateOf(local, zone)
	if local.After(end) {
		return day.AddDays(1)
	}
	return day
}

// Periods lists the periods of a series, the earliest first. Weeks end on the weekday; the first begins with the stages, the last ends on the
// weekday on or after their end, so that what is late at the end still counts.
func Periods(s playbook.CircularSeries, stages []survey.Stage) []Period {
	var of []survey.Stage
	for _, st := range stages {
		if len(s.Stages) == 0 || slices.Contains(s.Stages, st.Code) {
			of = append(of, st)
		}
	}
	if len(of) == 0 {
		return nil
	}
	var out []Period
	if s.Period == playbook.ByStage {
		for _, st := range of {
			out = append(out, Period{st.From, st.To})
		}
		slices.SortStableFunc(out, func(a, b Period) int { return compareDates(a.To, b.To) })
		return slices.CompactFunc(out, func(a, b Period) bool { return a.To == b.To })
	}
	from, end := of[0].From, of[0].To
	for _, st := range of {
		from, end = min(from, st.From), max(end, st.To)
	}
	to := from
	for to.Weekday() != s.Day() {
		to = to.AddDays(1)
	}
	step := 7
	if s.Period == playbook.Fortnight {
		step = 14
		to = to.AddDays(7)
	}
	for {
		out = append(out, Period{from, to})
		if to >= end {
			return out
		}
		from, to = to.AddDays(1), to.AddDays(step)
	}
}

func compareDates(a, b db.Date) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
