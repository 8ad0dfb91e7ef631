package circular_test

import (
	"strings"
	"testing"

	"ruhu/internal/circular"
	"ruhu/internal/id"
	"ruhu/internal/score"
	"ruhu/internal/score/scheme"
	st "ruhu/internal/submission/submissiontest"
	"ruhu/internal/survey/surveytest"
)

const scoring = `scoring:
  objects:
    - code: villages
      title: {zh: 村, en: Villages}
      kind: village
      rounds:
        - {code: year, title: {zh: 全年, en: Year}, weight: '1'}
      scheme:
        rounding: {places: 2}
        items:
          - {code: work, weight: '1', max: '100'}
`

var evidence = []scheme.Ref{{Kind: "paper", ID: "7"}}

// scored is the book with points that go to the year's score.
func scored() string {
	return strings.Replace(st.Book(), "      consequences:", "      score: {object: villages, round: year}\n      consequences:", 1) + scoring
}

// thirdLast lets the second village be last three times running, and issues.
func (w *world) thirdLast(t *testing.T) circular.Circular {
	t.Helper()
	w.send(t, 0)
	var c circular.Circular
	for _, day := range []int{6, 13, 20} {
		w.at(day, 18, 2)
		w.sweep(t)
		c = w.publish(t)
	}
	return c
}

// year gives the score of the second village in the year's round, as everybody works a full hundred.
func (w *world) year(t *testing.T, s *score.Service, round string) (string, []score.Adjusted) {
	t.Helper()
	for n := 1; n <= 2; n++ {
		e := score.Entry{Unit: string(surveytest.VillageCode(surveytest.Township, n)), Kind: score.Points, Key: "work", Value: "100", Evidence: evidence}
		if err := s.Enter(t.Context(), w.Office, round, e); err != nil {
			t.Fatal(err)
		}
	}
	x, err := s.Get(t.Context(), w.Office, round)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range x.Results {
		if r.Unit == string(surveytest.VillageCode(surveytest.Township, 2)) {
			return string(r.Score), x.Adjusts
		}
	}
	t.Fatal("the village has no score")
	return "", nil
}

func TestPointsOfAConsequenceGoOffTheScoreAndComeBack(t *testing.T) {
	t.Parallel()
	onBook(t, scored(), func(t *testing.T, w *world) {
		s, round := score.NewService(w.D), id.New()
		third := w.thirdLast(t)
		village := string(surveytest.VillageCode(surveytest.Township, 2))
		if len(third.Scored) != 1 || third.Scored[0] != village {
			t.Errorf("scored: %v", third.Scored)
		}
		// The round is opened after the circular: the points wait for it.
		if _, err := s.Open(t.Context(), w.Office, w.Campaign.ID, round, score.OpenInput{Object: "villages", Round: "year"}); err != nil {
			t.Fatal(err)
		}
		got, adjusts := w.year(t, s, round)
		if got != "97.00" || len(adjusts) != 1 || !strings.Contains(adjusts[0].Reason, "第 3 期：连续 3 期末位") || adjusts[0].Evidence[0].ID != third.ID {
			t.Errorf("%s %+v", got, adjusts)
		}
		gone, err := w.circulars.Withdraw(t.Context(), w.Office, third.ID, "有误")
		if err != nil || gone.Scored == nil || len(gone.Scored) != 0 {
			t.Fatalf("%v %v", gone.Scored, err)
		}
		if got, _ = w.year(t, s, round); got != "100.00" {
			t.Errorf("after the withdrawal: %s", got)
		}
	})
}

func TestAClosedRoundIsLeftAloneAndTheCircularIsIssued(t *testing.T) {
	t.Parallel()
	onBook(t, scored(), func(t *testing.T, w *world) {
		s, round := score.NewService(w.D), id.New()
		if _, err := s.Open(t.Context(), w.Office, w.Campaign.ID, round, score.OpenInput{Object: "villages", Round: "year"}); err != nil {
			t.Fatal(err)
		}
		w.year(t, s, round)
		if _, err := s.Close(t.Context(), w.Office, round); err != nil {
			t.Fatal(err)
		}
		third := w.thirdLast(t)
		if third.State != circular.Issued || third.Scored == nil || len(third.Scored) != 0 {
			t.Errorf("%s %v", third.State, third.Scored)
		}
		x, err := s.Get(t.Context(), w.Office, round)
		if err != nil || len(x.Adjusts) != 0 {
			t.Errorf("%+v %v", x.Adjusts, err)
		}
	})
}
