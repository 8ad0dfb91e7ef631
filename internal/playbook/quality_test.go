package playbook_test

import (
	"strings"
	"testing"

	"ruhu/internal/playbook"
)

// mistakesOf checks the small playbook with a section added.
func mistakesOf(t *testing.T, base, section string) string {
	t.Helper()
	var got []string
	for _, m := range playbook.Check(folder(base+section, smallForm)) {
		if m.Message.ZH == m.Code || m.Line == 0 {
			t.Errorf("%s has no sentence or no line", m.Code)
		}
		got = append(got, m.Code)
	}
	return strings.Join(got, " ")
}

func TestQualityNamesQuestionsAndRulesThatThereAre(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"{off: [night], outliers: [{item: income}]}": "",
		"{off: [nigt]}":                 "playbook.unknown_quality_rule",
		"{outliers: [{item: nothing}]}": "playbook.unknown_question",
		"{digits: [nothing], batteries: [{code: a, items: [income, nix]}]}": "playbook.unknown_question playbook.unknown_question",
		"{fast_share: 2}": "playbook.out_of_range",
		"{recheck: {items: [{item: income, title: {zh: 甲, en: A}, type: 1, lo: '-1'}]}}":                            "playbook.half_range",
		"{recheck: {items: [{item: income, title: {zh: 甲, en: A}, type: 4}]}}":                                      "playbook.out_of_range",
		"{recheck: {items: [{item: income, title: {zh: 甲, en: A}, type: 3, relative: true, lo: '-x', hi: '0.1'}]}}": "playbook.scheme_decimal",
	} {
		if got := mistakesOf(t, small, "quality: "+text+"\n"); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
	q := playbook.Quality{Outliers: []playbook.OutlierItem{{Item: "income", Method: "iqr"}}}.Filled()
	if q.FastShare != 0.5 || q.SimilarShare != 0.85 || q.Outliers[0].K != 1.5 || !q.Uses("night") {
		t.Errorf("%+v", q)
	}
}

const scored = `scoring:
  objects:
    - code: village
      title: {zh: 村, en: Village}
      kind: village
      rounds: [{code: year, title: {zh: 年度, en: Year}, weight: '1'}]
      scheme:
        rounding: {places: 2}
        items: [{code: work, weight: WEIGHT, max: '10'}]
`

func TestScoringIsCheckedAndAStatisticalSurveyHasNone(t *testing.T) {
	t.Parallel()
	at := func(weight string) string { return strings.ReplaceAll(scored, "WEIGHT", weight) }
	base := strings.Replace(small, "purpose: statistical", "purpose: assessment", 1)
	for weight, want := range map[string]string{
		"'0.5'": "", "0.5": "", "'half'": "playbook.scheme_decimal", "'0'": "playbook.scheme_positive",
	} {
		if got := mistakesOf(t, base, at(weight)); got != want {
			t.Errorf("weight %s: %q, want %q", weight, got, want)
		}
	}
	pb, err := playbook.Load(folder(base+at("'0.5'"), smallForm))
	if err != nil || !pb.Scored() {
		t.Fatalf("%v", err)
	}
	if o, ok := pb.ScoreObject("village"); !ok || o.Scheme.Items[0].Weight != "0.5" {
		t.Errorf("%+v", o)
	}
	counts := strings.Replace(at("'1'"), "max: '10'}", "max: '10', rule: {kind: errors, per_error: [{fact: late, per: '1'}]}}", 1)
	for fact, want := range map[string]string{
		"{code: late, title: {zh: 超期, en: Late}}":                                       "",
		"{code: late, title: {zh: 超期, en: Late}, count: {of: overdue}}":                 "",
		"{code: early, title: {zh: 提前, en: Early}}":                                     "playbook.score_fact",
		"{code: late, title: {zh: 超期, en: Late}, count: {severity: high}}":              "playbook.score_count",
		"{code: late, title: {zh: 超期, en: Late}, count: {of: overdue, severity: huge}}": "playbook.score_count",
		"{code: late, title: {zh: 超期, en: Late}, count: {of: sometimes}}":               "playbook.bad_value",
	} {
		if got := mistakesOf(t, base, counts+"      facts: ["+fact+"]\n"); got != want {
			t.Errorf("%s: %q, want %q", fact, got, want)
		}
	}
	if got := mistakesOf(t, small, at("'1'")); got != "playbook.scoring_statistical" {
		t.Errorf("statistical: %q", got)
	}
}
