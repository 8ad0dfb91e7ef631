package review_test

import (
	"slices"
	"strings"
	"testing"

	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/db/dbtest"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/review"
	"ruhu/internal/submission"
)

const joint = "code: joint, title: {zh: 会审, en: Joint review}, role: township_office, coverage: 1, joint: true, " +
	"powers: [approve, return, assign_code], deadline_days: 2, numbering: '{township}{village}-{class}-{n:3}'"

func sitting() review.MeetingInput {
	return review.MeetingInput{Level: "joint", HeldOn: "2026-03-09", Place: "镇政府三楼", Chair: "组长甲", Participants: []string{"成员乙", " ", "成员丙"}}
}

func (w world) call(t *testing.T) review.Meeting {
	t.Helper()
	m, err := w.reviews.PutMeeting(t.Context(), w.Office, w.Campaign.ID, id.New(), sitting())
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestAMeetingDecidesHouseholdByHouseholdAndGivesCodes(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorldBy(t, d, 8, book(first, joint))
		var subs []string
		for i := range 4 {
			sub := w.Send(t, w.Visits[i], id.New(), 0, nil)
			w.must(t, w.Supervisor, sub, review.Decision{Action: review.Approve, Revision: 1})
			subs = append(subs, sub)
		}
		early := w.Send(t, w.Visits[4], id.New(), 0, nil)
		ok := review.Decision{Action: review.Approve, Revision: 1}
		if _, err := w.decide(w.Office, subs[0], ok); errs.CodeOf(err) != "review.joint" {
			t.Errorf("outside a meeting: %v", err)
		}
		if got, _ := w.reviews.Get(t.Context(), w.Office, subs[0], "zh"); len(got.May) != 0 {
			t.Errorf("outside a meeting the office may %v", got.May)
		}
		m := w.call(t)
		if !m.May || m.Verdicts == nil || len(m.Participants) != 2 || m.LevelTitle.ZH != "会审" {
			t.Errorf("called: %+v", m)
		}
		leader := w.County
		leader.Role = authz.GroupLeader
		in := func(who authz.Actor, sub string, d review.Decision) (review.Verdict, error) {
			d.ID = id.New()
			return w.reviews.DecideIn(t.Context(), who, m.ID, sub, d)
		}
		back, refer := ok, ok
		back.Action, back.Note = review.Return, "与户口簿不符"
		refer.Action, refer.Note = review.Refer, "请县民政核实"
		bare := refer
		bare.Note = ""
		note := review.Decision{Action: review.Annotate, Revision: 1, Note: "x"}
		for _, tc := range []struct {
			name string
			who  authz.Actor
			sub  string
			d    review.Decision
			want string
		}{
			{"an inspector decides nothing", w.Inspector, subs[0], ok, "authz.forbidden"},
			{"another township", w.Other, subs[0], ok, "submission.not_found"},
			{"the supervisor, whose level is over", w.Supervisor, subs[0], ok, "review.wrong_level"},
			{"a group leader without a level", leader, subs[0], ok, "review.wrong_level"},
			{"a form that is not there yet", w.Office, early, ok, "review.wrong_level"},
			{"comments are no verdict", w.Office, subs[0], note, "review.action"},
			{"put to somebody without a word", w.Office, subs[0], bare, "review.nothing_said"},
			{"put to somebody", w.Office, subs[0], refer, ""},
			{"decided after all", w.Office, subs[0], ok, ""},
			{"decided twice", w.Office, subs[0], ok, "review.wrong_state"},
			{"returned", w.Office, subs[1], back, ""},
			{"approved", w.Office, subs[2], ok, ""},
		} {
			if _, err := in(tc.who, tc.sub, tc.d); errs.CodeOf(err) != tc.want {
				t.Errorf("%s: %v, want %q", tc.name, err, tc.want)
			}
		}
		m, err := w.reviews.CloseMeeting(t.Context(), w.Office, m.ID)
		if err != nil || m.State != review.MeetingClosed || m.ClosedAt.IsZero() {
			t.Fatalf("closed: %+v, %v", m, err)
		}
		var got []string
		for _, v := range m.Verdicts {
			got = append(got, string(v.Action)+" "+v.Code)
		}
		place := string(w.Visits[0].Village[6:12])
		want := []string{"refer " + place + "-exited-001", "approve " + place + "-exited-001", "return ", "approve " + place + "-exited-002"}
		if !slices.Equal(got, want) || m.Verdicts[0].HeadName == "" {
			t.Errorf("verdicts %v, want %v", got, want)
		}
		if _, err := in(w.Office, subs[3], ok); errs.CodeOf(err) != "review.meeting_closed" {
			t.Errorf("after the end: %v", err)
		}
		if _, err := w.reviews.PutMeeting(t.Context(), w.Office, w.Campaign.ID, m.ID, sitting()); errs.CodeOf(err) != "review.meeting_closed" {
			t.Errorf("minutes after the end: %v", err)
		}
		if _, err := w.reviews.Meeting(t.Context(), w.Other, m.ID); errs.CodeOf(err) != "review.no_meeting" {
			t.Errorf("another township reads: %v", err)
		}
		// The code stays with the form when it is returned and approved again.
		w.must(t, w.Office, subs[0], review.Decision{Action: review.Reopen, Revision: 1, Note: "抽查"})
		w.Send(t, w.Visits[0], subs[0], 1, map[string]string{"size": "4"})
		w.must(t, w.Supervisor, subs[0], review.Decision{Action: review.Approve, Revision: 2})
		m = w.call(t)
		if v, err := in(w.Office, subs[0], review.Decision{Action: review.Approve, Revision: 2}); err != nil || v.Code != place+"-exited-001" {
			t.Errorf("again: %+v, %v", v, err)
		}
	})
}

func TestWhoCallsAMeetingAndWhatWith(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorldBy(t, d, 2, book(first, joint))
		without := func(change func(*review.MeetingInput)) review.MeetingInput { in := sitting(); change(&in); return in }
		for _, tc := range []struct {
			name string
			who  authz.Actor
			in   review.MeetingInput
			want string
		}{
			{"an inspector", w.Inspector, sitting(), "authz.forbidden"},
			{"another level", w.Supervisor, sitting(), "review.wrong_level"},
			{"another township", w.Other, sitting(), "survey.not_found"},
			{"no level", w.Office, without(func(in *review.MeetingInput) { in.Level = "moon" }), "review.wrong_level"},
			{"no day", w.Office, without(func(in *review.MeetingInput) { in.HeldOn = "soon" }), "review.meeting_bare"},
			{"nobody", w.Office, without(func(in *review.MeetingInput) { in.Participants = []string{" "} }), "review.meeting_bare"},
			{"nowhere", w.Office, without(func(in *review.MeetingInput) { in.Place = "" }), "review.meeting_bare"},
			{"endless minutes", w.Office, without(func(in *review.MeetingInput) { in.Minutes = strings.Repeat("长", 20001) }), "review.text"},
			{"the office", w.Office, sitting(), ""},
		} {
			if _, err := w.reviews.PutMeeting(t.Context(), tc.who, w.Campaign.ID, id.New(), tc.in); errs.CodeOf(err) != tc.want {
				t.Errorf("%s: %v, want %q", tc.name, err, tc.want)
			}
		}
		ms, err := w.reviews.Meetings(t.Context(), w.Supervisor, w.Campaign.ID)
		if err != nil || len(ms) != 1 || ms[0].May {
			t.Errorf("%+v, %v", ms, err)
		}
	})
}

// Two who approve different households at once give two codes, each once.
func TestCodesAreNotGivenTwice(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		coded := strings.Replace(joint, " joint: true,", "", 1)
		w := newWorldBy(t, d, 6, book(coded))
		subs := make([]string, 6)
		for i := range subs {
			subs[i] = w.Send(t, w.Visits[i], id.New(), 0, nil)
		}
		errors := make(chan error)
		for _, sub := range subs {
			go func() {
				_, err := w.decide(w.Office, sub, review.Decision{Action: review.Approve, Revision: 1})
				errors <- err
			}()
		}
		for range subs {
			if err := <-errors; err != nil {
				t.Error(err)
			}
		}
		codes := map[string]bool{}
		p, err := w.reviews.Queue(t.Context(), w.Office, w.Campaign.ID, submission.Filter{State: submission.StateAccepted}, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range p.Rows {
			codes[r.Code] = true
		}
		if len(codes) != 6 || codes[""] {
			t.Errorf("codes %v", codes)
		}
	})
}
