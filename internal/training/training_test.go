package training_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"ruhu/internal/audit"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/db/dbtest"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/playbook"
	st "ruhu/internal/submission/submissiontest"
	"ruhu/internal/survey/surveytest"
	"ruhu/internal/training"
)

const sections = `
training:
  county: 练习县
  township: 练习乡
  village: 练习村
  households:
    - code: first
      form: a
      head_name: 练习户甲
      group: 一组
      class: exited
      size: 3
      told: {zh: 三口人, en: Three persons}
      answers: [{item: q1, value: '1', why: {zh: 住得稳, en: It stands}}]
quiz:
  ask: 2
  pass: 2
  questions:
    - {code: one, text: {zh: 一, en: One}, options: [{zh: 对, en: Yes, right: true}, {zh: 错, en: No}], why: {zh: 一, en: one}, source: S3.4}
    - {code: two, text: {zh: 二, en: Two}, options: [{zh: 错, en: No}, {zh: 对, en: Yes, right: true}], why: {zh: 二, en: two}, source: S1.5}
    - {code: all, text: {zh: 三, en: Three}, several: true, options: [{zh: 对, en: Yes, right: true}, {zh: 也对, en: Too, right: true}, {zh: 错, en: No}], why: {zh: 三, en: three}, source: S0.18}
`

// key are the right answers.
var key = map[string][]int{"one": {0}, "two": {1}, "all": {1, 0}}

type world struct {
	*st.World
	trainings *training.Service
}

func newWorld(t *testing.T, d *db.DB) world {
	t.Helper()
	w := world{World: st.NewBy(t, d, 2, st.Book()+sections)}
	w.trainings = training.NewService(d, w.Assigns)
	return w
}

// attempt answers every question right but for those of wrong.
func (w world) attempt(wrong ...string) training.QuizAttempt {
	a := training.QuizAttempt{ID: id.New(), Campaign: w.Campaign.ID, FinishedAt: w.D.Now()}
	for code, chosen := range key {
		if slices.Contains(wrong, code) {
			chosen = []int{2}
		}
		a.Answers = append(a.Answers, training.QuizAnswer{Question: code, Chosen: chosen})
	}
	return a
}

func (w world) send(t *testing.T, who authz.Actor, a training.QuizAttempt) training.QuizMark {
	t.Helper()
	m, err := w.trainings.Receive(t.Context(), who, a)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func (w world) standing(t *testing.T, f training.Filter) training.Standing {
	t.Helper()
	s, err := w.trainings.Summary(t.Context(), w.Office, w.Campaign.ID, f)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestTheServerMarksAnAttemptAndTheSameOneSentTwiceIsOne(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		a := w.attempt("one", "two")
		a.FinishedAt = w.D.Now().Add(time.Hour) // a clock that is fast
		first := w.send(t, w.Enumerator, a)
		drawn := training.Draw(w.Campaign.Plan.Quiz, a.ID)
		if first.Asked != 2 || first.Correct+len(first.Wrong) != 2 || first.Passed || first.FinishedAt != first.ReceivedAt {
			t.Fatalf("marked: %+v", first)
		}
		for _, x := range drawn {
			if slices.Contains(first.Wrong, x.Code) != (x.Code != "all") {
				t.Errorf("%s was drawn, wrong are %v", x.Code, first.Wrong)
			}
		}
		a.Answers = nil // what comes again under the id changes nothing
		if again := w.send(t, w.Enumerator, a); again.Correct != first.Correct || !slices.Equal(again.Wrong, first.Wrong) {
			t.Errorf("again: %+v, first %+v", again, first)
		}
		if s := w.standing(t, training.Filter{}); s.People[0].Attempts != 1 {
			t.Errorf("%d attempts", s.People[0].Attempts)
		}
		records, _, err := audit.NewService(d).List(t.Context(), w.County, audit.Filter{})
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, r := range records {
			if r.Action == "training.result" {
				n++
			}
		}
		if n != 1 {
			t.Errorf("%d audit rows", n)
		}
	})
}

func TestTheOfficeSeesWhoPassedWhoDidNotAndWhatIsOftenWrong(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		if s := w.standing(t, training.Filter{}); s.Untried != 2 || s.People[0].State != training.Untried || s.People[0].TeamName != "一组" {
			t.Fatalf("before anybody tried: %+v", s)
		}
		w.send(t, w.Enumerator, w.attempt("one", "two", "all"))
		w.send(t, w.Enumerator, w.attempt())
		w.send(t, w.Enumerator, w.attempt("one", "two", "all")) // has passed nevertheless
		s := w.standing(t, training.Filter{})
		if s.Passed != 1 || s.Untried != 1 || s.Failed != 0 || s.Ask != 2 || s.Pass != 2 {
			t.Fatalf("counts: %+v", s)
		}
		p := s.People[slices.IndexFunc(s.People, func(p training.Trainee) bool { return p.Account == w.Enumerator.ID })]
		if p.State != training.Passed || p.Attempts != 3 || p.Best != 2 || p.Last != 0 || p.PassedAt.IsZero() || p.Place.Name != "东镇" {
			t.Errorf("got %+v", p)
		}
		asked, wrong := 0, 0
		for i, q := range s.Questions {
			asked, wrong = asked+q.Asked, wrong+q.Wrong
			if i > 0 && q.Wrong*s.Questions[i-1].Asked > s.Questions[i-1].Wrong*max(q.Asked, 1) {
				t.Errorf("%s is wrong more often than the one before it", q.Code)
			}
		}
		if asked != 6 || wrong != 4 {
			t.Errorf("%d asked, %d wrong", asked, wrong)
		}
		w.send(t, w.Partner, w.attempt("one", "two", "all"))
		if got := w.standing(t, training.Filter{State: training.Failed}); len(got.People) != 1 || got.People[0].Account != w.Partner.ID || got.Passed != 1 {
			t.Errorf("failed: %+v", got)
		}
		if got := w.standing(t, training.Filter{Team: id.New()}); len(got.People) != 0 || got.Passed != 0 {
			t.Errorf("of another team: %+v", got)
		}
		if got := w.standing(t, training.Filter{Region: surveytest.Elsewhere}); len(got.People) != 0 {
			t.Errorf("elsewhere: %+v", got)
		}
	})
}

func TestWhoMayNotSendOrSee(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		a := w.attempt()
		w.send(t, w.Enumerator, a)
		stranger := w.Enumerator
		stranger.Region = surveytest.Elsewhere
		long := w.attempt()
		long.Answers = make([]training.QuizAnswer, 101)
		noID, lost := w.attempt(), w.attempt()
		noID.ID, lost.Campaign = "7", id.New()
		for _, c := range []struct {
			who  authz.Actor
			a    training.QuizAttempt
			code string
		}{
			{w.Supervisor, w.attempt(), "authz.forbidden"},
			{w.Partner, a, "training.taken"},
			{stranger, w.attempt(), "survey.not_found"},
			{w.Enumerator, lost, "survey.not_found"},
			{w.Enumerator, noID, "id.malformed"},
			{w.Enumerator, long, "training.answers"},
		} {
			if _, err := w.trainings.Receive(t.Context(), c.who, c.a); errs.CodeOf(err) != c.code {
				t.Errorf("%s: %v, want %s", c.who.Account, err, c.code)
			}
		}
		for _, c := range []struct {
			who  authz.Actor
			code string
		}{{w.Enumerator, "authz.forbidden"}, {w.Village, "authz.forbidden"}, {w.Other, "survey.not_found"}, {w.Inspector, ""}} {
			if _, err := w.trainings.Summary(t.Context(), c.who, w.Campaign.ID, training.Filter{}); errs.CodeOf(err) != c.code {
				t.Errorf("%s: %v, want %q", c.who.Account, err, c.code)
			}
		}
	})
}

func TestACampaignWithoutAQuizTakesNoAttempt(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := world{World: st.New(t, d, 2)}
		w.trainings = training.NewService(d, w.Assigns)
		if _, err := w.trainings.Receive(t.Context(), w.Enumerator, w.attempt()); errs.CodeOf(err) != "training.no_quiz" {
			t.Error(err)
		}
		if s := w.standing(t, training.Filter{}); s.Ask != 0 || len(s.People) != 0 {
			t.Errorf("%+v", s)
		}
		if body, digest, err := training.MaterialOf(w.Campaign); body != nil || digest != "" || err != nil {
			t.Errorf("%q %q %v", body, digest, err)
		}
	})
}

func TestMaterialHasHouseholdsReadyToBeFilledIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.SQLite(t, db.Options{}))
	body, digest, err := training.MaterialOf(w.Campaign)
	if err != nil || len(digest) != 64 {
		t.Fatal(digest, err)
	}
	var m training.Material
	if err := json.Unmarshal(body, &m); err != nil {
		t.Fatal(err)
	}
	h := m.Households[0]
	if h.FormHash != w.Form.Hash || h.Prefill["household.village"] != "练习村" || h.Prefill["household.size"] != "3" || h.Answers[0].Value != "1" {
		t.Errorf("%+v", h)
	}
	if len(m.Quiz.Questions) != 3 || !m.Quiz.Questions[1].Options[1].Right || m.Quiz.Questions[1].Options[1].ZH != "对" {
		t.Errorf("%+v", m.Quiz)
	}
	if !strings.Contains(string(body), `"zh":"对","en":"Yes","right":true`) {
		t.Errorf("options on the phone: %s", body)
	}
}

func TestDrawingAndMarking(t *testing.T) {
	t.Parallel()
	q := playbook.Quiz{Ask: 2}
	for _, code := range []string{"one", "two", "all"} {
		q.Questions = append(q.Questions, playbook.QuizQuestion{Code: code, Options: []playbook.QuizOption{{Right: true}, {Right: code == "all"}, {}}})
	}
	// SHA-256 of "seed one" begins with 43, of "seed all" with 7b, of "seed two" with ba; the phone's test has the same.
	drawn := training.Draw(q, "seed")
	if len(drawn) != 2 || drawn[0].Code != "one" || drawn[1].Code != "all" {
		t.Errorf("drawn %+v", drawn)
	}
	for _, c := range []struct {
		chosen []int
		ok     bool
	}{{[]int{0, 1}, true}, {[]int{1, 0, 0}, true}, {[]int{0}, false}, {[]int{0, 1, 2}, false}, {nil, false}, {[]int{-1, 9}, false}} {
		wrong := training.Mark(q.Questions[2:], []training.QuizAnswer{{Question: "all", Chosen: c.chosen}, {Question: "all", Chosen: []int{0, 1}}})
		if (len(wrong) == 0) != c.ok {
			t.Errorf("%v: wrong %v", c.chosen, wrong)
		}
	}
	if wrong := training.Mark(q.Questions, nil); len(wrong) != 3 {
		t.Errorf("unanswered: %v", wrong)
	}
}
