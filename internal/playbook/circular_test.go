package playbook_test

import (
	"strings"
	"testing"

	"ruhu/internal/playbook"
)

func TestCircularsAreChecked(t *testing.T) {
	t.Parallel()
	const roles = "  - {code: township_leader, title: {zh: 领导, en: Leader}, level: township}\n  - {code: township_office, title: {zh: 镇办, en: Office}, level: township}\nscope:"
	with := strings.Replace(small, "scope:", roles, 1)
	for text, want := range map[string]string{
		"":                    "",
		"cutoff: '18:00'":     "",
		"cutoff: '25:00'":     "playbook.circular_cutoff circulars.cutoff",
		"cutoff: six":         "playbook.circular_cutoff circulars.cutoff",
		"series: []":          "playbook.missing_key circulars",
		"measure: speed":      "playbook.bad_value circulars.series[0].measure",
		"stages: [nowhere]":   "playbook.unknown_stage circulars.series[0].stages[0]",
		"weekday: ''":         "playbook.missing_key circulars.series[0] playbook.bad_value circulars.series[0].weekday",
		"period: stage":       "playbook.circular_stage_weekday circulars.series[0].weekday",
		"ties: [accepted]":    "playbook.circular_tie_twice circulars.series[0].ties[0]",
		"ties: [on_plan]":     "",
		"approve: [boss]":     "playbook.unknown_role circulars.series[0].approve[0]",
		"approve: [village]":  "playbook.role_may_not circulars.series[0].approve[0]",
		"issue: [supervisor]": "playbook.role_may_not circulars.series[0].issue[0]",
		"approve: [township_office]": "playbook.role_may_not circulars.series[0].approve[0] " +
			"playbook.circular_same_role circulars.series[0].issue[0]",
		"consequences: [{run: 2, code: named, title: {zh: 点名, en: Named}}, {run: 3, code: talk, title: {zh: 约谈, en: Talk}, points: 3}]": "",
		"consequences: [{run: 3, code: talk, title: {zh: 约谈, en: Talk}}, {run: 2, code: named, title: {zh: 点名, en: Named}}]":            "playbook.circular_run_order circulars.series[0].consequences[1].run",
		"consequences: [{run: 3, code: talk, title: {zh: 约谈, en: Talk}, points: -3}]":                                                   "playbook.circular_points circulars.series[0].consequences[0].points",
		"score: {object: villages, round: year}":                          "playbook.circular_score circulars.series[0].score.object",
		"consequences: [{run: 1, code: talk, title: {zh: 约谈, en: Talk}}]": "playbook.out_of_range circulars.series[0].consequences[0].run",
	} {
		key, value, _ := strings.Cut(text, ": ")
		section := "circulars:\n"
		switch key {
		case "cutoff", "series":
			section += "  " + text + "\n"
		default:
			section += "  cutoff: '18:00'\n  series:\n    - code: weekly\n"
			for _, line := range []string{
				"title: {zh: 周通报, en: Weekly}", "period: weekly", "weekday: friday", "measure: accepted", "approve: [township_leader]", "issue: [township_office]",
			} {
				if k, _, _ := strings.Cut(line, ": "); k == key {
					line = key + ": " + value
					key = ""
				}
				section += "      " + line + "\n"
			}
			if key != "" {
				section += "      " + key + ": " + value + "\n"
			}
		}
		files := folder(with+section, smallForm)
		var got []string
		for _, m := range playbook.Check(files) {
			got = append(got, m.Code+" "+m.Key)
			if m.Line == 0 || m.Message.ZH == m.Code {
				t.Errorf("%s: line %d, %s", text, m.Line, m.Message.ZH)
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %v, want %q", text, got, want)
		}
	}
}
