package ledger_test

import (
	"testing"

	"ruhu/internal/db"
	"ruhu/internal/ledger"
)

// holidays is a calendar with days off and a shifted working Saturday.
type holidays struct{ off, on map[db.Date]bool }

func (h holidays) Works(d db.Date) bool {
	if h.on[d] {
		return true
	}
	return !h.off[d] && ledger.Weekdays{}.Works(d)
}

func TestWorkingDays(t *testing.T) {
	t.Parallel()
	feast := holidays{off: map[db.Date]bool{"2026-10-01": true, "2026-10-02": true}, on: map[db.Date]bool{"2026-10-10": true}}
	for _, tc := range []struct {
		name string
		from db.Date
		n    int
		cal  ledger.Calendar
		want db.Date
	}{
		{"none", "2026-03-04", 0, ledger.Weekdays{}, "2026-03-04"},
		{"the next day", "2026-03-04", 1, ledger.Weekdays{}, "2026-03-05"},
		{"over a weekend", "2026-03-06", 1, ledger.Weekdays{}, "2026-03-09"},
		{"found on a Sunday", "2026-03-08", 1, ledger.Weekdays{}, "2026-03-09"},
		{"three weeks", "2026-03-04", 15, ledger.Weekdays{}, "2026-03-25"},
		{"over a year", "2026-12-31", 2, ledger.Weekdays{}, "2027-01-04"},
		{"a holiday", "2026-09-30", 1, feast, "2026-10-05"},
		{"a working Saturday", "2026-10-09", 1, feast, "2026-10-10"},
	} {
		if got := ledger.AddWorkingDays(tc.from, tc.n, tc.cal); got != tc.want {
			t.Errorf("%s: got %s, want %s", tc.name, got, tc.want)
		}
	}
}
