package query_test

import (
	"strings"
	"testing"

	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/db/dbtest"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/query"
	st "ruhu/internal/submission/submissiontest"
)

type world struct {
	*st.World
	queries *query.Service
}

func newWorld(t *testing.T, d *db.DB) world {
	t.Helper()
	w := world{World: st.New(t, d, 2)}
	w.queries = query.NewService(d, w.Assigns)
	w.Plan(t)
	return w
}

func (w world) said(action, item, text string) query.Said {
	return query.Said{ID: id.New(), Item: item, Action: action, Text: text, Assignment: w.Visits[0].ID, Ref: "/data/g_q1/q1", Label: "住房安全吗"}
}

func (w world) must(t *testing.T, who authz.Actor, x query.Said) query.Item {
	t.Helper()
	it, err := w.queries.Say(t.Context(), who, x)
	if err != nil {
		t.Fatalf("%s: %v", x.Action, err)
	}
	return it
}

func (w world) rulings(t *testing.T) []query.Ruling {
	t.Helper()
	var out []query.Ruling
	err := w.D.View(t.Context(), func(tx *db.Tx) (err error) {
		out, err = query.RulingsTx(t.Context(), tx, w.Office.County, w.Campaign.ID)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestAQueryIsAskedAnsweredAndSettled(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		ask := w.said(query.Ask, id.New(), "土墙有一道缝，算不算安全")
		first := w.must(t, w.Enumerator, ask)
		again := w.must(t, w.Enumerator, ask)
		if first.State != query.Open || len(again.Turns) != 1 {
			t.Fatalf("asked twice: state %s, %d turns", first.State, len(again.Turns))
		}
		items, open, _, err := w.queries.List(t.Context(), w.Supervisor, w.Campaign.ID, query.Filter{State: query.Open})
		if err != nil || open != 1 || len(items) != 1 || items[0].Label != "住房安全吗" {
			t.Fatalf("the supervisor sees %d open of %d: %v", open, len(items), err)
		}
		r := query.Reply{ID: id.New(), Text: "以鉴定为准", Ruling: true}
		for range 2 {
			it, err := w.queries.Answer(t.Context(), w.Supervisor, ask.Item, r)
			if err != nil || it.State != query.Answered || len(it.Turns) != 2 {
				t.Fatalf("answered: %+v %v", it, err)
			}
		}
		got := w.rulings(t)
		if len(got) != 1 || got[0].Answer != "以鉴定为准" || got[0].Asked != ask.Text || got[0].Form != "a" {
			t.Errorf("rulings: %+v", got)
		}
		if it := w.must(t, w.Partner, w.said(query.Close, ask.Item, "")); it.State != query.Closed {
			t.Errorf("settled: %s", it.State)
		}
		_, err = w.queries.Answer(t.Context(), w.Office, ask.Item, query.Reply{ID: id.New(), Text: "另一说"})
		if errs.CodeOf(err) != "query.closed" {
			t.Errorf("an answer after the end: %v", err)
		}
		if it := w.must(t, w.Enumerator, w.said(query.Reopen, ask.Item, "鉴定书丢了")); it.State != query.Open || it.Ruling {
			t.Errorf("asked again: %s, ruling %v", it.State, it.Ruling)
		}
		if got := w.rulings(t); len(got) != 0 {
			t.Errorf("what is asked again is still a ruling: %+v", got)
		}
	})
}

func TestWhatWasAskedByMistakeIsWithdrawnWithAReason(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		ask := w.said(query.Ask, id.New(), "这一题问的是谁")
		w.must(t, w.Enumerator, ask)
		back := w.said(query.Withdraw, ask.Item, "看错了题，不用答复")
		for range 2 {
			if it := w.must(t, w.Partner, back); it.State != query.Closed || len(it.Turns) != 2 {
				t.Fatalf("withdrawn: %s, %d turns", it.State, len(it.Turns))
			}
		}
		items, open, _, err := w.queries.List(t.Context(), w.Supervisor, w.Campaign.ID, query.Filter{State: query.Closed})
		if err != nil || open != 0 || len(items) != 1 || items[0].Turns[1].Action != query.Withdraw || items[0].Turns[1].Text != back.Text {
			t.Fatalf("the supervisor sees %d open, %+v: %v", open, items, err)
		}

		late := w.said(query.Ask, id.New(), "怎么填")
		w.must(t, w.Enumerator, late)
		if _, err := w.queries.Answer(t.Context(), w.Supervisor, late.Item, query.Reply{ID: id.New(), Text: "填户主", Ruling: true}); err != nil {
			t.Fatal(err)
		}
		// The phone did not know of the answer yet: it stands.
		if it := w.must(t, w.Enumerator, w.said(query.Withdraw, late.Item, "不用了")); it.State != query.Answered || !it.Ruling || len(it.Turns) != 3 {
			t.Errorf("withdrawn after the answer: %s, ruling %v, %d turns", it.State, it.Ruling, len(it.Turns))
		}
	})
}

func TestQueriesReachThePhonesOfTheirTeamWithEverythingSaid(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		ask := w.said(query.Ask, id.New(), "怎么填")
		w.must(t, w.Enumerator, ask)
		err := d.View(t.Context(), func(tx *db.Tx) error {
			got, err := query.OfAssignmentsTx(t.Context(), tx, w.Office.County, []string{w.Visits[0].ID, w.Visits[1].ID})
			if len(got) != 1 || len(got[w.Visits[0].ID]) != 1 || got[w.Visits[0].ID][0].Turns[0].Text != "怎么填" {
				t.Errorf("got %+v", got)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestWhoMayNotAskOrAnswer(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		ask := w.said(query.Ask, id.New(), "怎么填")
		w.must(t, w.Enumerator, ask)
		elsewhere := w.said(query.Ask, id.New(), "怎么填")
		elsewhere.Assignment = id.New()
		for _, c := range []struct {
			who  authz.Actor
			said query.Said
			code string
		}{
			{w.Supervisor, w.said(query.Ask, id.New(), "怎么填"), "authz.forbidden"},
			{w.Enumerator, elsewhere, "query.no_assignment"},
			{w.Enumerator, w.said(query.Close, id.New(), ""), "query.not_found"},
			{w.Enumerator, w.said("shout", ask.Item, "怎么填"), "query.action"},
			{w.Enumerator, w.said(query.Reopen, ask.Item, " "), "query.text"},
			{w.Enumerator, w.said(query.Withdraw, ask.Item, " "), "query.text"},
			{w.Enumerator, w.said(query.Reopen, ask.Item, strings.Repeat("长", 1001)), "query.text"},
		} {
			if _, err := w.queries.Say(t.Context(), c.who, c.said); errs.CodeOf(err) != c.code {
				t.Errorf("%s %s: got %v, want %s", c.who.Role, c.said.Action, err, c.code)
			}
		}
		for _, c := range []struct {
			who  authz.Actor
			text string
			code string
		}{
			{w.Other, "可以", "query.not_found"},
			{w.Enumerator, "可以", "authz.forbidden"},
			{w.Inspector, "可以", "authz.forbidden"},
			{w.Office, "", "query.text"},
		} {
			if _, err := w.queries.Answer(t.Context(), c.who, ask.Item, query.Reply{ID: id.New(), Text: c.text}); errs.CodeOf(err) != c.code {
				t.Errorf("%s: got %v, want %s", c.who.Role, err, c.code)
			}
		}
		if items, _, _, err := w.queries.List(t.Context(), w.Inspector, w.Campaign.ID, query.Filter{}); err != nil || len(items) != 1 {
			t.Errorf("the inspector reads %d: %v", len(items), err)
		}
	})
}
