package calendar_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"ruhu/internal/calendar"
	"ruhu/internal/db"
	"ruhu/internal/errs"
)

// Days off and worked weekends of the notices, counted by hand from their sentences: days of holiday that the notice names, and the
// weekend days that it says are worked.
func TestEveryNoticeIsKnownWhole(t *testing.T) {
	t.Parallel()
	c := calendar.Official()
	for _, tt := range []struct{ year, off, worked int }{
		{2020, 1 + 10 + 3 + 5 + 3 + 8, 1 + 2 + 1 + 2},
		{2021, 3 + 7 + 3 + 5 + 3 + 3 + 7, 2 + 2 + 1 + 2},
		{2022, 3 + 7 + 3 + 5 + 3 + 3 + 7 + 1, 2 + 1 + 2 + 2}, // the last day of the year is of the next notice
		{2023, 2 + 7 + 1 + 5 + 3 + 8, 2 + 2 + 1 + 2},
		{2024, 1 + 8 + 3 + 5 + 1 + 3 + 7, 2 + 1 + 2 + 1 + 2},
		{2025, 1 + 8 + 3 + 5 + 3 + 8, 2 + 1 + 2},
		{2026, 3 + 9 + 3 + 5 + 3 + 3 + 7, 1 + 2 + 1 + 2},
	} {
		off, worked := 0, 0
		first := db.DateOf(time.Date(tt.year, 1, 1, 0, 0, 0, 0, time.UTC), time.UTC)
		for d := first; d[:4] == first[:4]; d = d.AddDays(1) {
			day := c.Day(d)
			weekend := d.Weekday() == time.Saturday || d.Weekday() == time.Sunday
			switch {
			case day.Assumed:
				t.Fatalf("%s is assumed", d)
			case day.Works && weekend:
				worked++
			case !day.Works && day.Name != "":
				off++
			case day.Works == weekend:
				t.Errorf("%s: %+v", d, day)
			}
		}
		if off != tt.off || worked != tt.worked {
			t.Errorf("%d: %d days off and %d weekend days worked, want %d and %d", tt.year, off, worked, tt.off, tt.worked)
		}
		if c.Notice(tt.year) == "" {
			t.Errorf("%d has no number", tt.year)
		}
	}
}

func TestWorkingDaysAfterADay(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		from db.Date
		n    int
		want db.Date
	}{
		{"none", "2026-03-04", 0, "2026-03-04"},
		{"the next day", "2026-03-04", 1, "2026-03-05"},
		{"over a weekend", "2026-03-06", 1, "2026-03-09"},
		{"found on a Sunday", "2026-03-08", 1, "2026-03-09"},
		{"three weeks", "2026-03-04", 15, "2026-03-25"},
		{"over National Day to a worked Saturday", "2026-09-30", 3, "2026-10-10"},
		{"a worked Sunday counts", "2026-09-18", 1, "2026-09-20"},
		{"over Labour Day of the look-back survey", "2020-04-30", 3, "2020-05-08"},
		{"into a year without a notice, over its first day", "2026-12-31", 1, "2027-01-04"},
	} {
		if got := calendar.Official().Add(tt.from, tt.n); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, got, tt.want)
		}
	}
}

func TestAYearWithoutANoticeIsAssumedAndSaysSo(t *testing.T) {
	t.Parallel()
	c := calendar.Official()
	if diff := cmp.Diff([]int{2027, 2028}, c.Assumed("2026-12-01", "2028-01-31")); diff != "" {
		t.Error(diff)
	}
	if got := c.Assumed("2020-01-01", "2026-12-31"); len(got) > 0 {
		t.Errorf("assumed %v", got)
	}
	want := calendar.Day{Name: "国庆节", Assumed: true}
	if got := c.Day("2027-10-01"); got != want {
		t.Errorf("got %+v", got)
	}
	if !c.Works("2018-05-02") || c.Works("2028-05-02") {
		t.Error("the second day of May is a holiday from 2025")
	}
}

func TestACountysFileIsRightWhereItSpeaks(t *testing.T) {
	t.Parallel()
	own, err := calendar.Parse(strings.NewReader("\ufeff# 县里\nyear 2027 县府办〔2026〕9号\nrest 2026-11-11 2026-11-12 民族节\nrest 2026-10-10 停工\nwork 2026-10-07 补班\n"))
	if err != nil {
		t.Fatal(err)
	}
	c := calendar.Official().With(own)
	for d, works := range map[db.Date]bool{"2026-11-11": false, "2026-11-12": false, "2026-10-10": false, "2026-10-07": true, "2026-10-06": false, "2026-11-13": true} {
		if c.Works(d) != works {
			t.Errorf("%s works is %v", d, !works)
		}
	}
	if len(c.Assumed("2027-01-01", "2027-12-31")) > 0 {
		t.Error("the file's year is assumed")
	}
	if calendar.Official().Works("2026-11-11") == false {
		t.Error("the official calendar was changed")
	}
}

func TestEveryBadLineIsNamed(t *testing.T) {
	t.Parallel()
	for _, line := range []string{
		"holiday 2026-01-01 元旦", "rest 2026-13-01 元旦", "rest 2026-01-01", "rest 2026-01-03 2026-01-01 元旦", "rest 2026-01-01 2027-01-01 元旦",
		"year twenty 号", "year 2026", "work 2026-01-01 2026-01-02",
	} {
		_, err := calendar.Parse(strings.NewReader("# first\n" + line))
		if errs.CodeOf(err) != "calendar.line" || !strings.Contains(err.Error(), "line=2") {
			t.Errorf("%q: %v", line, err)
		}
	}
	for _, twice := range []string{"rest 2026-01-01 元旦\nwork 2026-01-01 元旦", "year 2026 a\nyear 2026 b"} {
		if _, err := calendar.Parse(strings.NewReader(twice)); errs.CodeOf(err) != "calendar.line" {
			t.Errorf("%q: %v", twice, err)
		}
	}
}
