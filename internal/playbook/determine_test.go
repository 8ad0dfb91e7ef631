package playbook_test

import (
	"strings"
	"testing"

	"ruhu/internal/playbook"
)

const determining = `
determinations:
  independent: true
  verify: [township_office, township_leader]
  decide: [township_leader]
  appeal_days: 5
  kinds:
    - code: wrongly_exited
      title: {zh: 错退, en: Wrongly exited}
      classes: [poor]
      rules:
        - {code: low, title: {zh: 收入低, en: Low}, all: [{indicator: income, op: below, threshold: line}]}
      persons: persons
      county: true
      consequence: correction
      severity: high
    - {code: missed, title: {zh: 漏评, en: Missed}, classes: [poor], consequence: correction, severity: high}
rates:
  population: list
  list:
    - {code: wrongly_exited, title: {zh: 错退率, en: Wrongly exited}, classes: [poor], threshold: 0.02, side: below}
    - {code: missed, title: {zh: 漏评率, en: Missed}, classes: [poor], threshold: 0.02, side: below}
    - {code: composite, title: {zh: 综合, en: Composite}, poor: [poor], threshold: 0.02, side: below}
    - {code: approval, title: {zh: 认可度, en: Approval}, indicator: happy, threshold: 0.9, side: at_least}
exit_standard:
  household:
    classes: [poor]
    items:
      - {code: income, title: {zh: 收入, en: Income}, indicator: happy, figure: income, threshold: line, reason: {zh: 收入低, en: Low}}
      - {code: power, title: {zh: 用电, en: Power}}
  village:
    items:
      - {code: incidence, title: {zh: 发生率, en: Incidence}, measure: {zh: 低于2%, en: below 2 %}, incidence: composite}
`

const indicators = `
## indicators

| name | label | calculation | unit |
|---|---|---|---|
| income | Income | ${income} | household |
| happy | Happy | number(${income} > 5000) | household |
| persons | Persons | 1 | person |
`

func TestDeterminationsAreChecked(t *testing.T) {
	t.Parallel()
	const roles = "roles:\n  - {code: township_leader, title: {zh: 领导, en: Leader}, level: township}\n  - {code: township_office, title: {zh: 镇办, en: Office}, level: township}\n"
	base := strings.Replace(strings.Replace(small, "roles:\n", roles, 1), "statistical", "assessment", 1) + determining
	for _, c := range []struct{ old, by, want string }{
		{"", "", ""},
		{"assessment", "statistical", "playbook.determine_statistical determinations playbook.determine_statistical rates"},
		{"verify: [township_office", "verify: [supervisor", "playbook.role_may_not determinations.verify[0]"},
		{"decide: [township_leader]", "decide: [boss]", "playbook.unknown_role determinations.decide[0]"},
		{"code: missed, title: {zh: 漏评, en: Missed}", "code: lost, title: {zh: 漏评, en: Missed}", "playbook.bad_value determinations.kinds[1].code playbook.rate_without_kind rates.list[1].code"},
		{"classes: [poor]\n      rules", "classes: [rich]\n      rules", "playbook.unknown_class determinations.kinds[0].classes[0] playbook.unknown_indicator determinations.kinds[0].rules[0].all[0].indicator playbook.unknown_indicator determinations.kinds[0].persons"},
		{"[{indicator: income,", "[{indicator: incom,", "playbook.unknown_indicator determinations.kinds[0].rules[0].all[0].indicator"},
		{"op: below, threshold: line", "op: under, threshold: line", "playbook.bad_value determinations.kinds[0].rules[0].all[0].op"},
		{"op: below, threshold: line", "op: below, threshold: limit", "playbook.unknown_threshold determinations.kinds[0].rules[0].all[0].threshold"},
		{"op: below, threshold: line", "op: below", "playbook.determine_limit determinations.kinds[0].rules[0].all[0]"},
		{"op: below, threshold: line", "op: below, value: 3, threshold: line", "playbook.determine_limit determinations.kinds[0].rules[0].all[0]"},
		{"{code: low, title: {zh: 收入低, en: Low}, all", "{code: low, title: {zh: 收入低, en: Low}, classes: [exited], all", "playbook.determine_class determinations.kinds[0].rules[0].classes[0] playbook.unknown_indicator determinations.kinds[0].rules[0].all[0].indicator"},
		{"persons: persons", "persons: heads", "playbook.unknown_indicator determinations.kinds[0].persons"},
		{"severity: high\n    - {code: missed", "severity: awful\n    - {code: missed", "playbook.unknown_severity determinations.kinds[0].severity"},
		{"county: true", "verifiers: 1", "playbook.out_of_range determinations.kinds[0].verifiers"},
		{"population: list", "population: guessed", "playbook.bad_value rates.population"},
		{"indicator: happy, threshold: 0.9", "threshold: 0.9", "playbook.missing_key rates.list[3]"},
		{"poor: [poor], threshold", "threshold", "playbook.missing_key rates.list[2]"},
		{"    - {code: missed, title: {zh: 漏评率, en: Missed}, classes: [poor], threshold: 0.02, side: below}\n", "", "playbook.composite_needs rates"},
		{"threshold: 0.9", "threshold: 90", "playbook.out_of_range rates.list[3].threshold"},
		{", reason: {zh: 收入低, en: Low}", "", "playbook.missing_key exit_standard.household.items[0]"},
		{"figure: income", "figure: wages", "playbook.unknown_indicator exit_standard.household.items[0].figure"},
		{"incidence: composite", "incidence: poverty", "playbook.unknown_rate exit_standard.village.items[0].incidence"},
	} {
		text := strings.Replace(base, c.old, c.by, 1)
		if c.old != "" && text == base {
			t.Fatalf("nothing changed: %s", c.old)
		}
		var got []string
		for _, m := range playbook.Check(folder(text, smallForm+indicators)) {
			got = append(got, m.Code+" "+m.Key)
			if m.Line == 0 || m.Message.ZH == m.Code {
				t.Errorf("%s: line %d, %s", c.by, m.Line, m.Message.ZH)
			}
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s → %s: %v, want %q", c.old, c.by, got, c.want)
		}
	}
}

func TestAConditionComparesAFigureWithItsLimit(t *testing.T) {
	t.Parallel()
	for op, want := range map[string][3]bool{
		"is": {false, true, false}, "below": {true, false, false}, "at_most": {true, true, false}, "above": {false, false, true}, "at_least": {false, true, true}, "like": {},
	} {
		for i, x := range []float64{3999.99, 4000, 4000.01} {
			if got := (playbook.Condition{Op: op}).Holds(x, 4000); got != want[i] {
				t.Errorf("%v %s 4000 is %v", x, op, got)
			}
		}
	}
}
