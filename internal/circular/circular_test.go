package circular

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"ruhu/internal/db"
	"ruhu/internal/playbook"
	"ruhu/internal/region"
	"ruhu/internal/survey"
)

func TestADayEndsAtTheCutoff(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("", 8*3600)
	for at, want := range map[string]db.Date{
		"2026-03-06T00:00:00.000": "2026-03-06",
		"2026-03-06T17:59:59.999": "2026-03-06",
		"2026-03-06T18:00:00.000": "2026-03-06",
		"2026-03-06T18:00:00.001": "2026-03-07",
		"2026-03-06T23:59:59.999": "2026-03-07",
		"2026-12-31T19:00:00.000": "2027-01-01",
	} {
		x, err := time.ParseInLocation("2006-01-02T15:04:05.000", at, zone)
		if err != nil {
			t.Fatal(err)
		}
		if got := accountDay(x.UTC(), zone, 18*60); got != want {
			t.Errorf("%s belongs to %s, want %s", at, got, want)
		}
	}
}

func TestPeriodsCoverTheStagesWithoutHoles(t *testing.T) {
	t.Parallel()
	stages := []survey.Stage{
		{Code: "before", From: "2026-03-01", To: "2026-03-10"},
		{Code: "visits", From: "2026-03-11", To: "2026-03-29"}, // a Wednesday to a Sunday
		{Code: "mend", From: "2026-03-15", To: "2026-04-05"},
	}
	for _, c := range []struct {
		series playbook.CircularSeries
		want   string
	}{
		{playbook.CircularSeries{Period: playbook.Weekly, Weekday: "friday", Stages: []string{"visits"}}, "03-11..03-13 03-14..03-20 03-21..03-27 03-28..04-03"},
		{playbook.CircularSeries{Period: playbook.Weekly, Weekday: "sunday", Stages: []string{"visits"}}, "03-11..03-15 03-16..03-22 03-23..03-29"},
		{playbook.CircularSeries{Period: playbook.Weekly, Weekday: "wednesday", Stages: []string{"visits"}}, "03-11..03-11 03-12..03-18 03-19..03-25 03-26..04-01"},
		{playbook.CircularSeries{Period: playbook.Fortnight, Weekday: "friday", Stages: []string{"visits", "mend"}}, "03-11..03-20 03-21..04-03 04-04..04-17"},
		{playbook.CircularSeries{Period: playbook.ByStage, Stages: []string{"visits", "mend"}}, "03-11..03-29 03-15..04-05"},
		{playbook.CircularSeries{Period: playbook.ByStage}, "03-01..03-10 03-11..03-29 03-15..04-05"},
	} {
		var got []string
		for _, p := range Periods(c.series, stages) {
			got = append(got, string(p.From[5:])+".."+string(p.To[5:]))
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s %s: %v, want %s", c.series.Period, c.series.Weekday, got, c.want)
		}
	}
}

func shares(of ...int) []Row { // pairs: accepted, assigned
	var out []Row
	for i := 0; i+1 < len(of); i += 2 {
		f := Figures{Accepted: of[i], Assigned: of[i+1]}
		out = append(out, Row{Village: region.Code(fmt.Sprintf("9901011%05d", i/2)), Figures: f, Share: f.Share(playbook.Accepted)})
	}
	return out
}

func places(rows []Row) string {
	rows = slices.Clone(rows)
	slices.SortFunc(rows, func(a, b Row) int { return strings.Compare(string(a.Village), string(b.Village)) })
	var out []string
	for _, r := range rows {
		s := fmt.Sprint(r.Rank)
		if r.Last {
			s += "!"
		}
		out = append(out, s)
	}
	return strings.Join(out, " ")
}

func TestPlacesAreThoseOfExactFractions(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		rows []Row
		want string
	}{
		{shares(1, 3, 2, 6, 1, 2), "2! 2! 1"},                      // a third is a third
		{shares(333333333, 1000000000, 1, 3), "2! 1"},              // floats would nearly agree
		{shares(1, 2, 1, 2, 1, 2), "1 1 1"},                        // all equal: nobody is last
		{shares(0, 5, 0, 0, 3, 5), "2! 0 1"},                       // no task, no place
		{shares(4, 5), "1"},                                        // alone: nobody is last
		{shares(4, 5, 0, 0), "1 0"},                                //
		{shares(0, 0, 0, 0), "0 0"},                                //
		{shares(5, 5, 4, 5, 4, 5, 3, 5), "1 2 2 4!"},               // the third place is left out
		{shares(9007199254740993, 9007199254740994, 1, 1), "2! 1"}, // beyond 2^53
	} {
		rank(c.rows, nil)
		if got := places(c.rows); got != c.want {
			t.Errorf("%v: %s, want %s", c.rows, got, c.want)
		}
	}
}

func TestTiesAreBrokenByTheMeasuresOfThePlaybook(t *testing.T) {
	t.Parallel()
	rows := shares(1, 2, 2, 4, 3, 6)
	rows[0].Figures.Submitted, rows[1].Figures.Submitted, rows[2].Figures.Submitted = 2, 2, 6
	rank(rows, []string{playbook.Submitted})
	if got := places(rows); got != "1 3! 1" {
		t.Error(got)
	}
	rows = shares(1, 2, 2, 4)
	rows[0].Figures.ProblemsDue = 1 // and not mended; the other had none: nothing to mend is all mended
	rank(rows, []string{playbook.ProblemsInTime})
	if got := places(rows); got != "2! 1" {
		t.Error(got)
	}
}

// Whatever the figures: who is better stands higher, equal ones together, and places count those before.
func TestPlacesHoldForAnyFigures(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		rows := shares(rapid.SliceOfN(rapid.IntRange(0, 6), 2, 24).Draw(rt, "figures")...)
		rank(rows, nil)
		for i, a := range rows {
			better, ranked := 0, a.Share.Of > 0
			for j, b := range rows {
				if b.Share.Of > 0 && ranked && b.Share.N*a.Share.Of > a.Share.N*b.Share.Of {
					better++
				}
				if i < j && a.Last && b.Rank > a.Rank {
					rt.Errorf("%d is last, and %d is after it", i, j)
				}
			}
			if ranked != (a.Rank > 0) || ranked && a.Rank != better+1 {
				rt.Errorf("%+v: place %d, %d are better", a.Share, a.Rank, better)
			}
		}
	})
}

func rule(consequences ...playbook.CircularConsequence) playbook.CircularSeries {
	return playbook.CircularSeries{Code: "weekly", Measure: playbook.Accepted, Consequences: consequences}
}

var (
	named = playbook.CircularConsequence{Run: 2, Code: "named", Title: playbook.Text{ZH: "点名"}}
	talk  = playbook.CircularConsequence{Run: 3, Code: "talk", Title: playbook.Text{ZH: "约谈"}, Points: "3"}
)

func book(purpose, ranking string) *playbook.Playbook {
	return &playbook.Playbook{Switches: playbook.Switches{Purpose: purpose, Ranking: ranking}, Circulars: playbook.Circulars{Cutoff: "18:00"}}
}

// weeks plays periods in which each village has accepted so many of ten ("-": no task) and gives the runs and consequences of the last.
func weeks(t *testing.T, pb *playbook.Playbook, s playbook.CircularSeries, all ...string) Content {
	t.Helper()
	var before []Content
	for i, week := range all {
		figures := map[region.Code]Figures{}
		for v, x := range strings.Fields(week) {
			f := Figures{Assigned: 10}
			if x == "-" {
				f = Figures{}
			} else if _, err := fmt.Sscan(x, &f.Accepted); err != nil {
				t.Fatal(err)
			}
			figures[region.Code(fmt.Sprintf("9901011%05d", v))] = f
		}
		c, err := compose(pb, s, Period{To: db.Date(fmt.Sprintf("2026-03-%02d", 1+i))}, figures, nil, before)
		if err != nil {
			t.Fatal(err)
		}
		before = append(before, c)
	}
	return before[len(before)-1]
}

func TestConsequencesFollowFromStreaks(t *testing.T) {
	t.Parallel()
	every, reset := rule(named, talk), rule(named, talk)
	every.Beyond, reset.Unranked = "every", "reset"
	for name, c := range map[string]struct {
		series playbook.CircularSeries
		weeks  []string
		run    int
		want   string
	}{
		"once":                                    {rule(named, talk), []string{"1 2 3"}, 1, ""},
		"twice running: named":                    {rule(named, talk), []string{"1 2 3", "1 2 3"}, 2, "named"},
		"three times: talk and points":            {rule(named, talk), []string{"1 2 3", "1 2 3", "1 2 3"}, 3, "talk -3"},
		"a fourth time costs nothing more":        {rule(named, talk), []string{"1 2 3", "1 2 3", "1 2 3", "1 2 3"}, 4, ""},
		"unless the playbook says every":          {every, []string{"1 2 3", "1 2 3", "1 2 3", "1 2 3"}, 4, "talk -3"},
		"a better week breaks the streak":         {rule(named, talk), []string{"1 2 3", "4 2 3", "1 2 3"}, 1, ""},
		"tied in the last place is last":          {rule(named, talk), []string{"1 1 3", "1 2 3"}, 2, "named"},
		"all tied is not":                         {rule(named, talk), []string{"1 1 1", "1 2 3"}, 1, ""},
		"a week without tasks neither":            {rule(named, talk), []string{"1 2 3", "- 2 3", "1 2 3"}, 2, "named"},
		"unless the playbook says it begins anew": {reset, []string{"1 2 3", "- 2 3", "1 2 3"}, 1, ""},
	} {
		got := weeks(t, book("assessment", "on"), c.series, c.weeks...)
		for _, v := range got.Villages {
			if v.Village != "990101100000" {
				continue
			}
			var due []string
			for _, q := range v.Consequences {
				s := q.Code
				if q.Points != "" {
					s += " -" + q.Points
				}
				due = append(due, s)
			}
			if v.Run != c.run || strings.Join(due, ", ") != c.want {
				t.Errorf("%s: run %d, %v", name, v.Run, due)
			}
		}
	}
}

func TestStatisticalSurveysAndTheSwitchRankNobody(t *testing.T) {
	t.Parallel()
	for _, pb := range []*playbook.Playbook{book("statistical", "on"), book("statistical", "off"), book("assessment", "off")} {
		got := weeks(t, pb, rule(named, talk), "1 2 3", "1 2 3", "1 2 3")
		if got.Ranked {
			t.Errorf("%+v ranks", pb.Switches)
		}
		for i, v := range got.Villages {
			if v.Rank != 0 || v.Last || v.Run != 0 || len(v.Consequences) != 0 {
				t.Errorf("%+v: %+v", pb.Switches, v)
			}
			if i > 0 && got.Villages[i-1].Village > v.Village {
				t.Error("the order tells the places")
			}
		}
	}
	if got := weeks(t, book("assessment", "on"), rule(named, talk), "1 2 3"); !got.Ranked || !got.Villages[2].Last {
		t.Errorf("the switch does nothing: %+v", got)
	}
}

func TestTheSameContentHasTheSameBytes(t *testing.T) {
	t.Parallel()
	a := weeks(t, book("assessment", "on"), rule(named, talk), "1 2 3", "3 2 1")
	text, digest, err := a.encode()
	if err != nil {
		t.Fatal(err)
	}
	back, err := decode(text)
	if err != nil {
		t.Fatal(err)
	}
	again, digest2, err := back.encode()
	if err != nil || again != text || digest2 != digest || len(digest) != 64 {
		t.Error(cmp.Diff(text, again), err)
	}
}
