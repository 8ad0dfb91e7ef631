package quality_test

import (
	"math"
	"testing"
	"time"

	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/db/dbtest"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/quality"
	"ruhu/internal/region"
	st "ruhu/internal/submission/submissiontest"
)

type world struct {
	*st.World
	q *quality.Service
}

func run(t *testing.T, visits int, fn func(t *testing.T, w world, clock *dbtest.Clock)) {
	t.Helper()
	for _, kind := range []string{"sqlite", "postgres"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			clock := dbtest.NewClock(noon)
			open := dbtest.SQLite
			if kind == "postgres" {
				open = dbtest.Postgres
			}
			d := open(t, db.Options{Clock: clock.Now})
			w := world{World: st.New(t, d, visits)}
			w.q = quality.NewService(d, w.Bus, w.Surveys, w.Assigns, w.Reader, w.Blobs)
			w.q.Listen()
			w.Plan(t)
			fn(t, w, clock)
		})
	}
}

func (w world) list(t *testing.T, actor authz.Actor, f quality.Filter) quality.Page {
	t.Helper()
	p, err := w.q.List(t.Context(), actor, w.Campaign.ID, f)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func photo(t *testing.T, w world, s string) string { return string(w.Photo(t, s)) + ".png" }

func TestADuplicateIsFoundOnArrivalExplainedAndGoneWhenMended(t *testing.T) {
	t.Parallel()
	run(t, 4, func(t *testing.T, w world, _ *dbtest.Clock) {
		f := quality.Filter{Rule: "duplicate_photo"}
		same, other := photo(t, w, "door"), photo(t, w, "other door")
		a := w.Send(t, w.Visits[0], "uuid:"+id.New(), 0, map[string]string{"photo": same})
		if p := w.list(t, w.Office, f); len(p.Items) != 0 {
			t.Fatalf("one form has a duplicate: %+v", p.Items)
		}
		instance := "uuid:" + id.New()
		b := w.Send(t, w.Visits[1], instance, 0, map[string]string{"photo": same})
		p := w.list(t, w.Supervisor, f)
		if len(p.Items) != 2 || p.Rules["duplicate_photo"] != 2 || p.Items[0].Figure != "2" || len(p.Items[0].Others) != 1 {
			t.Fatalf("%+v", p)
		}
		one := p.Items[0]
		if one.Submission != a && one.Submission != b || one.HeadName == "" || one.VillageName == "" {
			t.Errorf("%+v", one)
		}
		if _, err := w.q.Explain(t.Context(), w.Supervisor, one.ID, "  "); errs.CodeOf(err) != "quality.reason" {
			t.Errorf("without a reason: %v", err)
		}
		for _, actor := range []authz.Actor{w.Inspector, w.Village, w.Enumerator} {
			if _, err := w.q.Explain(t.Context(), actor, one.ID, "同一张门牌照"); errs.CodeOf(err) != "authz.forbidden" {
				t.Errorf("%s: %v", actor.Role, err)
			}
		}
		if _, err := w.q.Explain(t.Context(), w.Other, one.ID, "同一张门牌照"); errs.CodeOf(err) != "quality.not_found" {
			t.Errorf("from another township: %v", err)
		}
		got, err := w.q.Explain(t.Context(), w.Supervisor, one.ID, "两户共用一个院门")
		if err != nil || got.State != quality.Explained || got.ByName != w.Supervisor.Name {
			t.Fatalf("%+v %v", got, err)
		}
		if _, err := w.q.Run(t.Context(), w.Office, w.Campaign.ID); err != nil {
			t.Fatal(err)
		}
		if p = w.list(t, w.Office, f); p.States[quality.Explained] != 1 || p.States[quality.Open] != 1 || p.Ran == nil || p.Ran.Forms != 2 {
			t.Errorf("after a run: %+v", p)
		}
		w.Send(t, w.Visits[1], instance, 1, map[string]string{"photo": other})
		if p = w.list(t, w.Office, f); p.States[quality.Gone] != 2 {
			t.Errorf("after the photo was replaced: %+v", p.States)
		}
		if _, err := w.q.Explain(t.Context(), w.Supervisor, one.ID, "…"); errs.CodeOf(err) != "quality.gone" {
			t.Errorf("%v", err)
		}
	})
}

func TestACorrectedFormKeepsTheTimesOfItsInterview(t *testing.T) {
	t.Parallel()
	run(t, 2, func(t *testing.T, w world, clock *dbtest.Clock) {
		instance := "uuid:" + id.New()
		sub := w.Send(t, w.Visits[0], instance, 0, nil)
		read := func() quality.Fact {
			var f db.JSON[quality.Fact]
			err := w.D.View(t.Context(), func(tx *db.Tx) error {
				return tx.QueryRow(t.Context(), `SELECT data FROM quality_fact WHERE county = $1 AND submission = $2`, w.Office.County, sub).Scan(&f)
			})
			if err != nil {
				t.Fatal(err)
			}
			return f.V
		}
		first := read()
		first.Start, first.End, first.Hour = noon.Add(-time.Hour), noon.Add(-15*time.Minute), 11 // as a questionnaire with start and end says
		err := w.D.Update(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `UPDATE quality_fact SET data = $3 WHERE county = $1 AND submission = $2`, w.Office.County, sub, db.AsJSON(first))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		clock.Advance(26 * time.Hour)
		w.Send(t, w.Visits[0], instance, 1, map[string]string{"size": "5"})
		if f := read(); f.Revision != 2 || !f.Start.Equal(first.Start) || !f.End.Equal(first.End) || f.Hour != 11 {
			t.Errorf("%+v", f)
		}
	})
}

func TestWhoGoesOnSiteDoesNotSeeFindings(t *testing.T) {
	t.Parallel()
	run(t, 2, func(t *testing.T, w world, _ *dbtest.Clock) {
		for _, actor := range []authz.Actor{w.Enumerator, w.Village} {
			if _, err := w.q.List(t.Context(), actor, w.Campaign.ID, quality.Filter{}); errs.CodeOf(err) != "authz.forbidden" {
				t.Errorf("%s: %v", actor.Role, err)
			}
		}
		if _, err := w.q.Run(t.Context(), w.Supervisor, w.Campaign.ID); errs.CodeOf(err) != "authz.forbidden" {
			t.Errorf("%v", err)
		}
		if _, err := w.q.List(t.Context(), w.Office, w.Campaign.ID, quality.Filter{Rule: "nonsense"}); errs.CodeOf(err) != "quality.filter" {
			t.Errorf("%v", err)
		}
	})
}

func TestAFarValueIsFoundAtNightOnceADay(t *testing.T) {
	t.Parallel()
	run(t, 8, func(t *testing.T, w world, clock *dbtest.Clock) {
		for i, v := range w.Visits {
			size := []string{"3", "4", "3", "2", "4", "3", "2", "29"}[i]
			answers := map[string]string{"size": size}
			if size == "29" {
				answers["!size"] = "四代同堂"
			}
			w.Send(t, v, "uuid:"+id.New(), 0, answers)
		}
		if err := w.q.Nightly(t.Context()); err != nil {
			t.Fatal(err)
		}
		f := quality.Filter{Rule: "outlier"}
		if p := w.list(t, w.Office, f); len(p.Items) != 0 || p.Ran != nil {
			t.Fatalf("at noon: %+v", p)
		}
		clock.Advance(8 * time.Hour) // 20:00
		for range 2 {
			if err := w.q.Nightly(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		p := w.list(t, w.Office, f)
		if len(p.Items) != 1 || p.Items[0].Figure != "29" || p.Items[0].Item != "size" || p.Ran == nil || p.Ran.Forms != 8 {
			t.Fatalf("%+v", p)
		}
		at := p.Ran.At
		clock.Advance(time.Hour)
		if err := w.q.Nightly(t.Context()); err != nil {
			t.Fatal(err)
		}
		if p = w.list(t, w.Office, f); p.Ran.At != at {
			t.Error("it ran twice in a day")
		}
	})
}

func TestASecondInterviewIsBlindIndependentAndCompared(t *testing.T) {
	t.Parallel()
	run(t, 4, func(t *testing.T, w world, _ *dbtest.Clock) {
		for _, v := range w.Visits {
			w.Send(t, v, "uuid:"+id.New(), 0, map[string]string{"size": "4"})
		}
		key := id.New()
		if _, err := w.q.Draw(t.Context(), w.Supervisor, w.Campaign.ID, key, "7 7 7", ""); errs.CodeOf(err) != "authz.forbidden" {
			t.Errorf("%v", err)
		}
		s, err := w.q.Draw(t.Context(), w.Office, w.Campaign.ID, key, "38 20 77", "当众抽签")
		if err != nil || s.Houses != 2 || s.Size != 4 || len(s.Frame) != 64 {
			t.Fatalf("%+v %v", s, err)
		}
		again, err := w.q.Draw(t.Context(), w.Office, w.Campaign.ID, key, "another seed", "")
		if err != nil || again != s {
			t.Errorf("drawn again under the same id: %+v %v", again, err)
		}
		qs, work, err := w.q.Work(t.Context(), w.Supervisor, key)
		if err != nil || len(qs) != 2 || len(work) != 2 {
			t.Fatalf("%+v %v", work, err)
		}
		for _, h := range work {
			if h.First != nil || h.HeadName == "" {
				t.Errorf("not blind: %+v", h)
			}
		}
		if _, mine, err := w.q.Work(t.Context(), w.Enumerator, key); err != nil || len(mine) != 0 {
			t.Errorf("the first team is to ask again: %+v %v", mine, err)
		}
		house := work[0].Submission
		if err := w.q.Answer(t.Context(), w.Enumerator, key, house, map[string]string{"q1": "1"}); errs.CodeOf(err) != "quality.first_team" {
			t.Errorf("%v", err)
		}
		if err := w.q.Answer(t.Context(), w.Supervisor, key, house, map[string]string{"q1": " "}); errs.CodeOf(err) != "quality.no_answers" {
			t.Errorf("nothing is an answer: %v", err)
		}
		if err := w.q.Answer(t.Context(), w.Supervisor, key, house, map[string]string{"q9": "1"}); errs.CodeOf(err) != "quality.answers" {
			t.Errorf("%v", err)
		}
		c, err := w.q.Compare(t.Context(), w.Office, key)
		if err != nil || len(c.Differences) != 0 || c.Houses[0].First != nil {
			t.Errorf("before anything was asked again: %+v %v", c, err)
		}
		second := map[string]string{"q1": "2", "size": "5"}
		for range 2 {
			if err := w.q.Answer(t.Context(), w.Supervisor, key, house, second); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.q.Answer(t.Context(), w.Supervisor, key, house, map[string]string{"q1": "1", "size": "5"}); errs.CodeOf(err) != "quality.answered" {
			t.Errorf("%v", err)
		}
		if err := w.q.Answer(t.Context(), w.Supervisor, key, work[1].Submission, map[string]string{"q1": "1", "size": "6"}); err != nil {
			t.Fatal(err)
		}
		c, err = w.q.Compare(t.Context(), w.Office, key)
		if err != nil {
			t.Fatal(err)
		}
		if c.Sample.Answered != 2 || len(c.Differences) != 2 || len(c.ByTeam) != 1 || c.ByTeam[0].Differ != 1 || c.ByTeam[0].Checked != 2 || !c.ByTeam[0].Flag {
			t.Errorf("%+v", c)
		}
		if c.ByTeam[0].Lower <= 0 || c.ByTeam[0].Upper >= 1 || len(c.ByVillage) != 2 || len(c.Questions) != 2 || c.Questions[0].N != 2 {
			t.Errorf("%+v", c)
		}
		if len(c.Coverage) != 2 || c.Coverage[0].Listing != nil || c.Coverage[0].Roster != 2 || c.Covered.Listing != nil {
			t.Errorf("before a listing: %+v", c.Coverage)
		}
		village := c.Coverage[0].Village
		for _, x := range []struct {
			who  authz.Actor
			at   region.Code
			in   quality.Listing
			want string
		}{
			{w.Supervisor, village, quality.Listing{Listed: 90, Found: 50, Both: 45}, "authz.forbidden"},
			{w.Other, village, quality.Listing{Listed: 90, Found: 50, Both: 45}, "survey.not_found"},
			{w.Office, "430922101299", quality.Listing{Listed: 90, Found: 50, Both: 45}, "quality.no_village"},
			{w.Office, village, quality.Listing{Listed: 90, Found: 50, Both: 51}, "quality.listing"},
			{w.Office, village, quality.Listing{Listed: 0, Found: 50, Both: 0}, "quality.listing"},
			{w.Office, village, quality.Listing{Listed: 9, Found: 5, Both: 4}, ""},
			{w.Office, village, quality.Listing{Listed: 90, Found: 50, Both: 45, Note: "一组、二组"}, ""}, // again replaces it
		} {
			if err := w.q.EnterListing(t.Context(), x.who, key, x.at, x.in); errs.CodeOf(err) != x.want {
				t.Errorf("%s %+v: %v, want %q", x.who.Role, x.in, err, x.want)
			}
		}
		if c, err = w.q.Compare(t.Context(), w.Office, key); err != nil {
			t.Fatal(err)
		}
		// Chapman (1951): 91·51/46 − 1 = 99.891, SE = √(91·51·45·5 / (46²·47)) = 3.2403.
		if v := c.Coverage[0]; math.Abs(v.Estimate-99.8913) > 1e-4 || math.Abs(v.SE-3.2403) > 1e-4 || v.Share != 0.9 || v.Listing.Note != "一组、二组" {
			t.Errorf("%+v", v)
		}
		if c.Covered.Estimate != c.Coverage[0].Estimate || c.Covered.Listing.Found != 50 || c.Coverage[1].Listing != nil {
			t.Errorf("%+v", c.Covered)
		}
		if _, err := w.q.Compare(t.Context(), w.Enumerator, key); errs.CodeOf(err) != "authz.forbidden" {
			t.Errorf("%v", err)
		}
		if _, err := w.q.Compare(t.Context(), w.Other, key); err == nil {
			t.Error("another township compares")
		}
	})
}
