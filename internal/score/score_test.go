package score_test

import (
	"slices"
	"strings"
	"testing"

	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/db/dbtest"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/score"
	"ruhu/internal/score/scheme"
	"ruhu/internal/survey/surveytest"
)

const section = `scoring:
  objects:
    - code: villages
      title: {zh: 村, en: Villages}
      kind: village
      rounds:
        - {code: half, title: {zh: 半年, en: Half-year}, weight: '0.4'}
        - {code: year, title: {zh: 全年, en: Year}, weight: '0.6'}
      best: {count: 1}
      scheme:
        rounding: {places: 2}
        items:
          - {code: work, weight: '0.5', max: '50'}
          - code: forms
            weight: '0.3'
            max: '30'
            rule: {kind: errors, zero_if: [below_standard], per_error: [{fact: wrong_form, per: '0.5'}]}
          - {code: papers, weight: '0.2', max: '20', rule: {kind: manual, tolerance: '2'}}
        bonus: [{code: praise, per: '1', item_cap: '2'}]
        total_cap: '100'
        veto: {items: [missed], mode: last}
`

type world struct {
	surveytest.World
	s     *score.Service
	round string
	ev    []scheme.Ref
	group authz.Actor
}

// at is the n-th village.
func at(n int) string { return string(surveytest.VillageCode(surveytest.Township, n)) }

func run(t *testing.T, edit func(string) string, fn func(t *testing.T, w world)) {
	t.Helper()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := world{World: surveytest.NewEdited(t, d, 3, section, edit), s: score.NewService(d), round: id.New(), ev: []scheme.Ref{{Kind: "note", Note: "当场核对"}}}
		w.group = surveytest.Actor(authz.GuidanceGroup, surveytest.County)
		fn(t, w)
	})
}

func ranked(book string) string { return strings.Replace(book, "ranking: off", "ranking: on", 1) }

func (w world) open(t *testing.T) {
	t.Helper()
	r, err := w.s.Open(t.Context(), w.Office, w.Campaign.ID, w.round, score.OpenInput{Object: "villages", Round: "half"})
	if err != nil || r.State != score.Open || len(r.Digest) != 64 {
		t.Fatalf("%+v %v", r, err)
	}
}

func (w world) enter(t *testing.T, unit, kind, key, value string) {
	t.Helper()
	if err := w.s.Enter(t.Context(), w.Office, w.round, score.Entry{Unit: unit, Kind: kind, Key: key, Value: value, Evidence: w.ev}); err != nil {
		t.Fatalf("%s %s: %v", unit, key, err)
	}
}

func (w world) rate(t *testing.T, actor authz.Actor, unit string, points scheme.Decimal) {
	t.Helper()
	if err := w.s.Rate(t.Context(), actor, w.round, score.RatingInput{Unit: unit, Item: "papers", Points: points, Evidence: w.ev}); err != nil {
		t.Fatalf("%s: %v", unit, err)
	}
}

// fill gives every village its points: 40, 45 and 50 of 50, no wrong form, 18 of 20 for papers.
func (w world) fill(t *testing.T) {
	t.Helper()
	for n, points := range []string{"40", "45", "50"} {
		w.enter(t, at(n+1), score.Points, "work", points)
		w.enter(t, at(n+1), score.Fact, "wrong_form", "0")
		w.rate(t, w.group, at(n+1), "18")
		w.rate(t, w.County, at(n+1), "18")
	}
}

func (w world) get(t *testing.T, actor authz.Actor) score.Table {
	t.Helper()
	x, err := w.s.Get(t.Context(), actor, w.round)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func scores(x score.Table) []string {
	var out []string
	for _, r := range x.Results {
		out = append(out, string(r.Score))
	}
	return out
}

func TestARoundFromOpeningToClosing(t *testing.T) {
	t.Parallel()
	run(t, ranked, func(t *testing.T, w world) {
		w.open(t)
		w.open(t) // again changes nothing
		if _, err := w.s.Open(t.Context(), w.Office, w.Campaign.ID, id.New(), score.OpenInput{Object: "villages", Round: "half"}); errs.CodeOf(err) != "score.opened" {
			t.Errorf("opened twice: %v", err)
		}
		if x := w.get(t, w.Office); len(x.Units) != 3 || x.Results[0].Score != "" || !slices.Contains(x.Results[0].Missing, "work") {
			t.Fatalf("%+v", x)
		}
		if _, err := w.s.Close(t.Context(), w.Office, w.round); errs.CodeOf(err) != "score.unfinished" {
			t.Errorf("closed without scores: %v", err)
		}
		w.fill(t)
		w.enter(t, at(2), score.Fact, "wrong_form", "3")
		w.enter(t, at(1), score.Fact, "praise", "5")
		x := w.get(t, w.Office)
		if got := strings.Join(scores(x), " "); got != "90.00 91.50 98.00" {
			t.Errorf("scores %s", got)
		}
		if len(x.Places) != 3 || x.Places[2].Competition != 1 || !slices.Equal(x.Best, []string{at(3)}) {
			t.Errorf("%+v %v", x.Places, x.Best)
		}
		if x.Whole[at(1)].Score != "" {
			t.Error("a whole without the second round")
		}
		line, _ := x.Results[1].Line("forms")
		if line.Why[0].What != "per_error" || line.Why[0].Evidence[0].Note != "当场核对" {
			t.Errorf("the score does not explain itself: %+v", line)
		}
		if r, err := w.s.Close(t.Context(), w.Office, w.round); err != nil || r.State != score.Closed {
			t.Fatalf("%+v %v", r, err)
		}
		for what, err := range map[string]error{
			"enter":  w.s.Enter(t.Context(), w.Office, w.round, score.Entry{Unit: at(1), Kind: score.Points, Key: "work", Value: "1", Evidence: w.ev}),
			"rate":   w.s.Rate(t.Context(), w.group, w.round, score.RatingInput{Unit: at(1), Item: "papers", Points: "1", Evidence: w.ev}),
			"adjust": w.s.Adjust(t.Context(), w.Office, w.round, id.New(), score.Adjustment{Unit: at(1), Kind: score.Veto, Code: "missed", Reason: "x", Evidence: w.ev}),
		} {
			if errs.CodeOf(err) != "score.closed" {
				t.Errorf("%s in a closed round: %v", what, err)
			}
		}
	})
}

func TestCircularsTakePointsOffOnceAndVetoesRankLast(t *testing.T) {
	t.Parallel()
	run(t, ranked, func(t *testing.T, w world) {
		a := score.Adjustment{
			Campaign: w.Campaign.ID, Object: "villages", Round: "half", Unit: at(3), Kind: score.Deduction, Code: "last_three_times", Points: "3",
			Reason: "周通报连续三次末位", Evidence: []scheme.Ref{{Kind: "circular", ID: "2026-07"}}, Source: "circular/2026-07",
		}
		for i := range 2 { // before the round is open, and again
			err := w.D.Update(t.Context(), func(tx *db.Tx) error {
				fresh, err := score.AdjustTx(t.Context(), tx, w.Office.County, a)
				if err == nil && fresh != (i == 0) {
					t.Errorf("time %d: new %v", i+1, fresh)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		w.open(t)
		w.fill(t)
		x := w.get(t, w.Office)
		if got := strings.Join(scores(x), " "); got != "88.00 93.00 95.00" {
			t.Errorf("scores %s", got)
		}
		if !slices.ContainsFunc(x.Results[2].Steps, func(s scheme.Why) bool { return s.Note == a.Reason && s.Evidence[0].ID == "2026-07" }) {
			t.Errorf("the reason is not there: %+v", x.Results[2].Steps)
		}
		veto := score.Adjustment{Unit: at(3), Kind: score.Veto, Code: "missed", Reason: "漏评一户", Evidence: w.ev}
		if err := w.s.Adjust(t.Context(), w.Office, w.round, id.New(), veto); err != nil {
			t.Fatal(err)
		}
		if x = w.get(t, w.Office); x.Results[2].Score != "95.00" || x.Places[2].Competition != 3 || slices.Contains(x.Best, at(3)) {
			t.Errorf("%+v %v", x.Places, x.Best)
		}
		key := x.Adjusts[len(x.Adjusts)-1].ID
		if err := w.s.Withdraw(t.Context(), w.Office, w.round, key); err != nil {
			t.Fatal(err)
		}
		if x = w.get(t, w.Office); x.Places[2].Competition != 1 || len(x.Adjusts) != 2 || x.Adjusts[1].WithdrawnBy == "" {
			t.Errorf("after it was withdrawn: %+v", x.Adjusts)
		}
		if err := w.s.Withdraw(t.Context(), w.Office, w.round, key); errs.CodeOf(err) != "score.no_adjustment" {
			t.Errorf("withdrawn twice: %v", err)
		}
	})
}

func TestTwoEvaluatorsDoNotSeeEachOther(t *testing.T) {
	t.Parallel()
	run(t, ranked, func(t *testing.T, w world) {
		w.open(t)
		in := score.RatingInput{Unit: at(1), Item: "papers", Points: "12"}
		if err := w.s.Rate(t.Context(), w.group, w.round, in); errs.CodeOf(err) != "score.evidence" {
			t.Errorf("without evidence: %v", err)
		}
		w.rate(t, w.group, at(1), "12")
		for actor, hidden := range map[*authz.Actor]bool{&w.County: true, &w.group: false} {
			x := w.get(t, *actor)
			line, _ := x.Results[0].Line("papers")
			shown := slices.ContainsFunc(line.Why, func(y scheme.Why) bool { return y.What == "rating" })
			if hidden == shown || hidden != (x.Ratings[0].Points == "") {
				t.Errorf("%s: %+v %+v", actor.Role, x.Ratings, line.Why)
			}
		}
		w.rate(t, w.County, at(1), "18")
		if x := w.get(t, w.Office); !slices.Equal(x.Results[0].Disputed, []string{"papers"}) || len(x.Ratings) != 2 || x.Ratings[0].Points == "" {
			t.Errorf("%+v", x.Results[0])
		}
		ruling := score.RatingInput{Unit: at(1), Item: "papers", Points: "15", Ruling: true, Evidence: w.ev}
		if err := w.s.Rate(t.Context(), w.County, w.round, ruling); errs.CodeOf(err) != "score.ruling" {
			t.Errorf("an evaluator rules: %v", err)
		}
		if err := w.s.Rate(t.Context(), w.Office, w.round, ruling); err != nil {
			t.Fatal(err)
		}
		x := w.get(t, w.Office)
		if line, _ := x.Results[0].Line("papers"); line.State != scheme.Scored || line.Points.RatString() != "15" {
			t.Errorf("%+v", line)
		}
	})
}

func TestWhatIsEnteredIsChecked(t *testing.T) {
	t.Parallel()
	run(t, ranked, func(t *testing.T, w world) {
		w.open(t)
		village := surveytest.Actor(authz.Village, surveytest.VillageCode(surveytest.Township, 1))
		for _, c := range []struct {
			who  authz.Actor
			e    score.Entry
			code string
		}{
			{village, score.Entry{Unit: at(1), Kind: score.Points, Key: "work", Value: "50", Evidence: w.ev}, "authz.forbidden"},
			{w.Other, score.Entry{Unit: at(1), Kind: score.Points, Key: "work", Value: "50", Evidence: w.ev}, "score.no_round"},
			{w.Office, score.Entry{Unit: "nowhere", Kind: score.Points, Key: "work", Value: "50", Evidence: w.ev}, "score.no_unit"},
			{w.Office, score.Entry{Unit: at(1), Kind: score.Points, Key: "work", Value: "50.01", Evidence: w.ev}, "score.points"},
			{w.Office, score.Entry{Unit: at(1), Kind: score.Points, Key: "work", Value: "5e1", Evidence: w.ev}, "score.value"},
			{w.Office, score.Entry{Unit: at(1), Kind: score.Points, Key: "work", Value: "50"}, "score.evidence"},
			{w.Office, score.Entry{Unit: at(1), Kind: score.Points, Key: "papers", Value: "5", Evidence: w.ev}, "score.no_item"},
			{w.Office, score.Entry{Unit: at(1), Kind: score.Fact, Key: "nothing", Value: "5", Evidence: w.ev}, "score.no_item"},
			{w.Office, score.Entry{Unit: at(1), Kind: score.Fact, Key: "wrong_form", Value: "-1", Evidence: w.ev}, "score.value"},
			{w.Office, score.Entry{Unit: at(1), Kind: "mood", Key: "work", Value: "5", Evidence: w.ev}, "score.no_item"},
		} {
			if err := w.s.Enter(t.Context(), c.who, w.round, c.e); errs.CodeOf(err) != c.code {
				t.Errorf("%s %+v: %v, want %s", c.who.Role, c.e, err, c.code)
			}
		}
		w.fill(t)
		w.enter(t, at(1), score.NotApplicable, "work", "没有这项任务")
		if x := w.get(t, w.Office); x.Results[0].Score != "96.00" {
			t.Errorf("an item that does not apply: %s", x.Results[0].Score)
		}
		w.enter(t, at(1), score.NotApplicable, "work", "")
		if x := w.get(t, w.Office); x.Results[0].Score != "88.00" {
			t.Errorf("taken back: %s", x.Results[0].Score)
		}
		if x := w.get(t, village); len(x.Results) != 1 || len(x.Units) != 1 || len(x.Places) != 1 || x.Places[0].Competition != 3 {
			t.Errorf("a village sees %+v", x)
		}
		if _, err := w.s.Get(t.Context(), w.Other, w.round); errs.CodeOf(err) != "score.no_round" {
			t.Errorf("another township: %v", err)
		}
	})
}

func TestWhatIfWritesNothing(t *testing.T) {
	t.Parallel()
	run(t, ranked, func(t *testing.T, w world) {
		w.open(t)
		w.fill(t)
		before, after, err := w.s.WhatIf(t.Context(), w.Office, w.round, score.WhatIf{
			Weights: map[string]scheme.Decimal{"work": "0.1"}, Changes: []score.Change{{at(3), score.Fact, "below_standard", "1"}},
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(scores(before), " "); got != "88.00 93.00 98.00" {
			t.Errorf("before %s", got)
		}
		if got := strings.Join(scores(after), " "); got != "93.33 95.00 46.67" {
			t.Errorf("after %s", got)
		}
		if got := strings.Join(scores(w.get(t, w.Office)), " "); got != "88.00 93.00 98.00" {
			t.Errorf("it was written: %s", got)
		}
		for _, x := range []score.WhatIf{
			{Weights: map[string]scheme.Decimal{"work": "0"}}, {Weights: map[string]scheme.Decimal{"nothing": "1"}}, {VetoMode: "shout"},
		} {
			if _, _, err := w.s.WhatIf(t.Context(), w.Office, w.round, x); errs.CodeOf(err) != "score.scheme" {
				t.Errorf("%+v: %v", x, err)
			}
		}
	})
}

func TestTwoRoundsMakeAWhole(t *testing.T) {
	t.Parallel()
	run(t, ranked, func(t *testing.T, w world) {
		w.open(t)
		w.fill(t)
		w.round = id.New()
		if _, err := w.s.Open(t.Context(), w.Office, w.Campaign.ID, w.round, score.OpenInput{Object: "villages", Round: "year"}); err != nil {
			t.Fatal(err)
		}
		w.fill(t)
		w.enter(t, at(1), score.Points, "work", "50")
		if x := w.get(t, w.Office); x.Whole[at(1)].Score != "94.00" { // 0.4·88 + 0.6·98
			t.Errorf("%+v", x.Whole[at(1)])
		}
	})
}

func TestNoRankingAndNoScoringAtAll(t *testing.T) {
	t.Parallel()
	run(t, func(b string) string { return b }, func(t *testing.T, w world) {
		w.open(t)
		w.fill(t)
		if x := w.get(t, w.Office); x.Ranked || len(x.Places) != 0 || len(x.Best) != 0 || x.Results[0].Score != "88.00" {
			t.Errorf("ranking is off: %+v", x)
		}
	})
	run(t, func(b string) string { return b[:strings.Index(b, "scoring:")] }, func(t *testing.T, w world) {
		if _, err := w.s.Kinds(t.Context(), w.Office, w.Campaign.ID); errs.CodeOf(err) != "score.off" {
			t.Errorf("%v", err)
		}
		if _, err := w.s.Open(t.Context(), w.Office, w.Campaign.ID, w.round, score.OpenInput{Object: "villages", Round: "half"}); errs.CodeOf(err) != "score.off" {
			t.Errorf("%v", err)
		}
	})
}
