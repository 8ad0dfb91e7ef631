package review_test

import (
	"context"
	"strings"
	"sync"
	"testing"

	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/db/dbtest"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/review"
)

func (w world) say(actor authz.Actor, sub, thread, action, text string) (review.Detail, error) {
	return w.reviews.Say(context.Background(), actor, sub, thread, review.Turn{ID: id.New(), Action: action, Text: text}, "zh")
}

// returned is what the phone is told of a form.
func (w world) returned(t *testing.T, sub string) review.Returned {
	t.Helper()
	var r review.Returned
	err := w.D.View(t.Context(), func(tx *db.Tx) error {
		got, err := review.ReturnedTx(t.Context(), tx, w.Office.County, []string{sub})
		r = got[sub]
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestAThreadIsResolvedByTheLevelThatBeganItOrALaterOne(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorldBy(t, d, 1, book(first, second))
		sub := w.Send(t, w.Visits[0], id.New(), 0, nil)
		note := func(who authz.Actor) string {
			c := review.NewComment{ID: id.New(), Ref: "/data/g_house/size", Text: "人口不符"}
			w.must(t, who, sub, review.Decision{Action: review.Annotate, Revision: 1, Comments: []review.NewComment{c}})
			return c.ID
		}
		of := map[string]string{"supervisor's": note(w.Supervisor), "office's": note(w.Office)}
		leader := w.County
		leader.Role = authz.GroupLeader
		for _, tc := range []struct {
			who    authz.Actor
			thread string
			action string
			want   string
		}{
			{w.Inspector, "supervisor's", review.Resolve, "authz.forbidden"},
			{w.Enumerator, "supervisor's", review.Reply, "authz.forbidden"},
			{w.Other, "supervisor's", review.Resolve, "submission.not_found"},
			{w.County, "supervisor's", review.Resolve, "review.wrong_level"},
			{leader, "supervisor's", review.Reply, "review.wrong_level"},
			{w.Supervisor, "supervisor's", review.ReopenThread, "review.thread_state"},
			{w.Supervisor, "supervisor's", "burn", "review.action"},
			{w.Supervisor, "office's", review.Resolve, "review.wrong_level"},
			{w.Supervisor, "office's", review.Reply, ""},
			{w.Office, "supervisor's", review.Resolve, ""},
			{w.Office, "supervisor's", review.Resolve, "review.thread_state"},
			{w.Office, "supervisor's", review.Reply, "review.thread_state"},
			{w.Supervisor, "supervisor's", review.ReopenThread, ""},
			{w.Supervisor, "supervisor's", review.Resolve, ""},
			{w.Supervisor, "no thread at all", review.Resolve, "review.no_thread"},
		} {
			thread := of[tc.thread]
			if thread == "" {
				thread = id.New()
			}
			if _, err := w.say(tc.who, sub, thread, tc.action, "已核"); errs.CodeOf(err) != tc.want {
				t.Errorf("%s by %s in the %s: %v, want %q", tc.action, tc.who.Role, tc.thread, err, tc.want)
			}
		}
		if _, err := w.say(w.Office, sub, of["office's"], review.Reply, "  "); errs.CodeOf(err) != "review.text" {
			t.Errorf("an empty reply: %v", err)
		}
		got, err := w.reviews.Get(t.Context(), w.Office, sub, "zh")
		if err != nil {
			t.Fatal(err)
		}
		states := map[string]bool{}
		for _, c := range got.Comments {
			states[c.ID] = c.Resolved
			want := "reply resolve"
			if c.Resolved {
				want = "reopen"
			}
			if strings.Join(c.May, " ") != want {
				t.Errorf("the office may %v, want %s", c.May, want)
			}
		}
		if !states[of["supervisor's"]] || states[of["office's"]] || len(got.Comments) != 2 || len(got.Comments[0].Turns)+len(got.Comments[1].Turns) != 4 {
			t.Errorf("threads %+v", got.Comments)
		}
	})
}

func TestOpenThreadsGoToThePhoneAndAnApprovalResolvesThem(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorldBy(t, d, 1, book(first, second))
		u := id.New()
		sub := w.Send(t, w.Visits[0], u, 0, nil)
		threads := []review.NewComment{{ID: id.New(), Ref: "/data/g_house/size", Text: "人口不符"}, {ID: id.New(), Ref: "/data/g_q1/q1", Text: "看房"}}
		w.must(t, w.Supervisor, sub, review.Decision{Action: review.Return, Revision: 1, Comments: threads})
		if _, err := w.say(w.Supervisor, sub, threads[1].ID, review.Resolve, ""); err != nil {
			t.Fatal(err)
		}
		if _, err := w.say(w.Office, sub, threads[0].ID, review.Reply, "以户口簿为准"); err != nil {
			t.Fatal(err)
		}
		r := w.returned(t, sub)
		if len(r.Comments) != 1 || r.Comments[0].ID != threads[0].ID || len(r.Comments[0].Turns) != 1 || r.Comments[0].Turns[0].Text != "以户口簿为准" {
			t.Errorf("the phone gets %+v", r.Comments)
		}
		// A mended form that comes back again still carries what is open.
		w.Send(t, w.Visits[0], u, 1, map[string]string{"size": "4"})
		w.must(t, w.Supervisor, sub, review.Decision{Action: review.Return, Revision: 2, Note: "还是不符"})
		if r := w.returned(t, sub); len(r.Comments) != 1 || r.Revision != 2 {
			t.Errorf("the second time the phone gets %+v", r)
		}
		w.Send(t, w.Visits[0], u, 2, map[string]string{"size": "5"})
		got := w.must(t, w.Supervisor, sub, review.Decision{Action: review.Approve, Revision: 3})
		for _, c := range got.Comments {
			if !c.Resolved {
				t.Errorf("open after the approval: %+v", c)
			}
		}
	})
}

func TestOfTwoWhoResolveAtOnceOneDoes(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorldBy(t, d, 1, book(first, second))
		sub := w.Send(t, w.Visits[0], id.New(), 0, nil)
		c := review.NewComment{ID: id.New(), Ref: "/data/g_house/size", Text: "人口不符"}
		w.must(t, w.Supervisor, sub, review.Decision{Action: review.Annotate, Revision: 1, Comments: []review.NewComment{c}})
		var wg sync.WaitGroup
		results := make([]error, 4)
		for i := range results {
			wg.Go(func() { _, results[i] = w.say(w.Supervisor, sub, c.ID, review.Resolve, "") })
		}
		wg.Wait()
		won := 0
		for _, err := range results {
			switch errs.CodeOf(err) {
			case "":
				won++
			case "review.thread_state":
			default:
				t.Error(err)
			}
		}
		if won != 1 {
			t.Errorf("%d resolved it", won)
		}
	})
}
