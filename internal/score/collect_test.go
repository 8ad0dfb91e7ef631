package score_test

import (
	"strings"
	"testing"

	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/job"
	"ruhu/internal/ledger"
	"ruhu/internal/survey/surveytest"
)

// counting lets the program count wrong forms among the problems of a severity.
func counting(book string) string {
	const high = "    - {code: high, title: {zh: 严重, en: High}}\n"
	book = strings.Replace(book, high, high+"    - {code: low, title: {zh: 一般, en: Low}}\n", 1)
	return book + "      facts: [{code: wrong_form, title: {zh: 错表, en: Wrong form}, count: {of: found, severity: high}}]\n"
}

func TestFactsAreCountedInTheLedgerOnceTheOfficeAsks(t *testing.T) {
	t.Parallel()
	run(t, counting, func(t *testing.T, w world) {
		w.open(t)
		w.fill(t)
		problems := ledger.NewService(w.D, job.New(w.D), w.Surveys, nil, nil)
		for n, severities := range [][]string{{"high", "low", "high"}, {"low"}, nil} {
			for _, s := range severities {
				in := ledger.Input{Village: surveytest.VillageCode(surveytest.Township, n+1), Title: errs.Text{ZH: "错"}, Severity: s, DueOn: "2026-03-06"}
				if _, err := problems.Register(t.Context(), w.Office, w.Campaign.ID, id.New(), in); err != nil {
					t.Fatal(err)
				}
			}
		}
		before := w.get(t, w.Office)
		if err := w.s.Collect(t.Context(), w.Office, w.round); err != nil {
			t.Fatal(err)
		}
		after := w.get(t, w.Office)
		found := map[string]string{}
		for _, e := range after.Entries {
			if e.Key == "wrong_form" {
				found[e.Unit] = e.Value
				if len(e.Evidence) != 1 || e.Evidence[0].Kind != "ledger" || !strings.Contains(e.Evidence[0].Note, "错表 "+e.Value) {
					t.Errorf("evidence: %+v", e.Evidence)
				}
			}
		}
		if found[at(1)] != "2" || found[at(2)] != "0" || found[at(3)] != "0" {
			t.Errorf("counted %v", found)
		}
		if before.Results[0].Score == after.Results[0].Score || before.Results[1].Score != after.Results[1].Score {
			t.Errorf("scores %v, then %v", scores(before), scores(after))
		}
		for _, who := range []struct {
			name string
			err  error
			want string
		}{
			{"another township", w.s.Collect(t.Context(), w.Other, w.round), "score.no_round"},
			{"the guidance group", w.s.Collect(t.Context(), w.group, w.round), "authz.forbidden"},
		} {
			if errs.CodeOf(who.err) != who.want {
				t.Errorf("%s: %v, want %s", who.name, who.err, who.want)
			}
		}
		if _, err := w.s.Close(t.Context(), w.Office, w.round); err != nil {
			t.Fatal(err)
		}
		if err := w.s.Collect(t.Context(), w.Office, w.round); errs.CodeOf(err) != "score.closed" {
			t.Errorf("after the end: %v", err)
		}
	})
}

func TestNothingIsCountedWhereThePlaybookNamesNothing(t *testing.T) {
	t.Parallel()
	run(t, ranked, func(t *testing.T, w world) {
		w.open(t)
		if err := w.s.Collect(t.Context(), w.Office, w.round); errs.CodeOf(err) != "score.nothing_counted" {
			t.Errorf("%v", err)
		}
	})
}
