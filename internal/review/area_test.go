package review_test

import (
	"context"
	"testing"

	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/db/dbtest"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/job"
	"ruhu/internal/region"
	"ruhu/internal/review"
)

func (w world) accept(t *testing.T, who authz.Actor, v region.Code) (review.Area, error) {
	t.Helper()
	return w.reviews.Accept(t.Context(), who, w.Campaign.ID, v, review.AreaAct{ID: id.New()})
}

func (w world) lack(t *testing.T, v region.Code) review.Lack {
	t.Helper()
	a, err := w.reviews.Area(t.Context(), w.Office, w.Campaign.ID, v)
	if err != nil {
		t.Fatal(err)
	}
	return a.Lack
}

func TestAVillageIsAcceptedWhenNothingIsMissingAndReopensWhenAFormGoesBack(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorldBy(t, d, 6, book(first, second))
		events := map[string]int{}
		for _, e := range []string{"review.area_accepted", "review.area_reopened"} {
			w.Bus.Inside(e, func(_ context.Context, _ *db.Tx, evs []job.Event) error { events[e] += len(evs); return nil })
		}
		village := w.Visits[0].Village
		approve := func(sub string, rev int) {
			w.must(t, w.Supervisor, sub, review.Decision{Action: review.Approve, Revision: rev})
			w.must(t, w.Office, sub, review.Decision{Action: review.Approve, Revision: rev})
		}
		if _, err := w.accept(t, w.Office, village); errs.CodeOf(err) != "review.area_lacks" {
			t.Errorf("without a form: %v", err)
		}
		clean := w.Send(t, w.Visits[0], id.New(), 0, nil)
		wrong := w.Send(t, w.Visits[1], id.New(), 0, map[string]string{"q1": "2", "q1_1": "1", "q2": "1"})
		doubt := w.Send(t, w.Visits[2], id.New(), 0, map[string]string{"size": "12"})
		if got, want := w.lack(t, village), (review.Lack{Forms: 3, Errors: 1, Warnings: 1}); got != want {
			t.Errorf("missing %+v, want %+v", got, want)
		}
		approve(clean, 1)
		for _, sub := range []string{wrong, doubt} {
			w.must(t, w.Supervisor, sub, review.Decision{Action: review.Return, Revision: 1, Note: "改"})
		}
		w.Send(t, w.Visits[1], wrong, 1, nil)
		w.Send(t, w.Visits[2], doubt, 1, map[string]string{"size": "12", "!size": "三代同堂"})
		approve(wrong, 2)
		approve(doubt, 2)
		thread := review.NewComment{ID: id.New(), Ref: "/data/g_house/size", Text: "核"}
		w.must(t, w.Office, clean, review.Decision{Action: review.Annotate, Revision: 1, Comments: []review.NewComment{thread}})
		_, err := w.accept(t, w.Office, village)
		if e, ok := errs.As(err); !ok || e.Code != "review.area_lacks" || e.Message("zh") == "" || w.lack(t, village) != (review.Lack{Threads: 1}) {
			t.Errorf("with an open comment: %v, %+v", err, w.lack(t, village))
		}
		show, err := w.reviews.Area(t.Context(), w.Office, w.Campaign.ID, village)
		if err != nil || len(show.Items) != 1 || show.Items[0].Kind != "threads" || show.Items[0].Submission != clean || !show.May {
			t.Errorf("shown %+v, %v", show, err)
		}
		if _, err := w.reviews.Say(t.Context(), w.Office, clean, thread.ID, review.Turn{ID: id.New(), Action: review.Resolve}, "zh"); err != nil {
			t.Fatal(err)
		}
		for _, tc := range []struct {
			who  authz.Actor
			want string
		}{
			{w.Supervisor, "authz.forbidden"}, {w.Inspector, "authz.forbidden"}, {w.Other, "survey.not_found"}, {w.Office, ""}, {w.County, "review.area_state"},
		} {
			if _, err := w.accept(t, tc.who, village); errs.CodeOf(err) != tc.want {
				t.Errorf("%s: %v, want %q", tc.who.Role, err, tc.want)
			}
		}
		gate := func() int {
			c, err := w.Surveys.Get(t.Context(), w.Office, w.Campaign.ID)
			if err != nil {
				t.Fatal(err)
			}
			n := 0
			err = d.View(t.Context(), func(tx *db.Tx) error {
				missing, err := review.AreasAccepted(t.Context(), tx, c)
				n = len(missing)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		if gate() != 1 { // the other village is not
			t.Error("the gate is open")
		}
		w.must(t, w.Office, clean, review.Decision{Action: review.Reopen, Revision: 1, Note: "抽查不符"})
		show, err = w.reviews.Area(t.Context(), w.Office, w.Campaign.ID, village)
		if err != nil || show.State != review.AreaReopened || show.Reason != "抽查不符" || show.ByName != w.Office.Name || show.Lack.Forms != 1 {
			t.Errorf("after a return: %+v, %v", show.Area, err)
		}
		w.Send(t, w.Visits[0], clean, 1, map[string]string{"size": "4"})
		approve(clean, 2)
		if a, err := w.accept(t, w.Office, village); err != nil || a.State != review.AreaAccepted || a.Accepted != 3 {
			t.Errorf("again: %+v, %v", a, err)
		}
		if _, err := w.reviews.ReopenArea(t.Context(), w.Office, w.Campaign.ID, village, review.AreaAct{ID: id.New(), Reason: " "}); errs.CodeOf(err) != "review.nothing_said" {
			t.Errorf("without a reason: %v", err)
		}
		act := review.AreaAct{ID: id.New(), Reason: "上级复查"}
		for range 2 { // sent twice it is one
			if a, err := w.reviews.ReopenArea(t.Context(), w.Office, w.Campaign.ID, village, act); err != nil || a.State != review.AreaReopened {
				t.Errorf("reopened: %+v, %v", a, err)
			}
		}
		if events["review.area_accepted"] != 2 || events["review.area_reopened"] != 2 {
			t.Errorf("events %v", events)
		}
	})
}

func TestAnAcceptanceAndAReturnAtOnceDoNotBothStand(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, 10)
		village := w.Visits[0].Village
		var sub string
		for i := range 5 {
			sub = w.Send(t, w.Visits[i], id.New(), 0, nil)
			w.must(t, w.Supervisor, sub, review.Decision{Action: review.Approve, Revision: 1})
			w.must(t, w.Office, sub, review.Decision{Action: review.Approve, Revision: 1})
		}
		accepted := make(chan error)
		go func() {
			_, err := w.accept(t, w.Office, village)
			accepted <- err
		}()
		_, back := w.decide(w.Office, sub, review.Decision{Action: review.Reopen, Revision: 1, Note: "抽查"})
		err := <-accepted
		if back != nil || err != nil && errs.CodeOf(err) != "review.area_lacks" {
			t.Errorf("return: %v, acceptance: %v", back, err)
		}
		a, err := w.reviews.Area(t.Context(), w.Office, w.Campaign.ID, village)
		if err != nil || a.State == review.AreaAccepted || a.Lack.Forms != 1 {
			t.Errorf("stands as %+v, %v", a.Area, err)
		}
	})
}
