package playbook_test

import (
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"ruhu/internal/errs"
	"ruhu/internal/playbook"
	"ruhu/playbooks"
)

func library(t *testing.T) *playbook.Library {
	t.Helper()
	return playbook.NewLibrary(playbooks.FS)
}

func TestEveryEmbeddedPlaybookLoadsWithoutMistake(t *testing.T) {
	t.Parallel()
	ids, err := library(t).IDs()
	if err != nil || len(ids) == 0 {
		t.Fatalf("IDs() = %v, %v", ids, err)
	}
	for _, id := range ids {
		pb, err := library(t).Load(id)
		if err != nil {
			t.Fatalf("%s: %v", id, errs.MessageOf(err, "en"))
		}
		if pb.ID != id {
			t.Errorf("folder %s holds the playbook %s", id, pb.ID)
		}
		for _, f := range pb.Forms {
			if len(f.XForm) == 0 || f.FormID == "" || f.Version == "" {
				t.Errorf("%s: form %s: %d bytes, id %q, version %q", id, f.Code, len(f.XForm), f.FormID, f.Version)
			}
		}
	}
}

func TestAnUnknownPlaybookIsNotFound(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"nothing", "../playbooks", "", "."} {
		if _, err := library(t).Load(id); !errs.Is(err, errs.NotFound) {
			t.Errorf("Load(%q) = %v, want NotFound", id, err)
		}
	}
}

// small is a valid playbook with the line that a case changes.
const small = `id: small
title: {zh: 小方案, en: Small}
time_zone: Asia/Shanghai
switches: {purpose: statistical, ranking: off}
stages:
  - {code: visits, title: {zh: 入户, en: Visits}, from: 2026-03-01, to: 2026-03-10}
  - {code: report, title: {zh: 上报, en: Report}, from: 2026-03-11, to: 2026-03-12}
roles:
  - {code: supervisor, title: {zh: 指导员, en: Supervisor}, level: township}
  - {code: village, title: {zh: 村, en: Village}, level: village}
scope:
  levels: [township]
  classes:
    - {code: poor, title: {zh: 贫困户, en: Poor}}
team: {size: 2, households_per_day: 10, own_village: forbidden, county_share: 0.5}
forms:
  - {code: a, title: {zh: 问卷, en: Form}, file: forms/a.md, for: [poor]}
review:
  - {level: 1, code: first, title: {zh: 审核, en: Review}, role: supervisor, coverage: 1, powers: [approve, return], deadline_days: 1}
ledger:
  due_days: 10
  responsible: village
  verify_by: supervisor
  evidence: photo
  responsibles: [village]
  severities: [{code: high, title: {zh: 严重, en: High}}]
thresholds:
  - {code: line, title: {zh: 标准, en: Line}, value: 4000}
`

const smallForm = `## survey

| type | name | label |
|---|---|---|
| integer | income | Income |

## settings

| form_id | version |
|---|---|
| a | 1 |

## problems

| code | label | condition | severity | responsible |
|---|---|---|---|---|
| low | Low | ${income} < $line | high | village |
`

func folder(yaml, form string) fstest.MapFS {
	return fstest.MapFS{
		"playbook.yaml": {Data: []byte(yaml)},
		"forms/a.md":    {Data: []byte(form)},
	}
}

func TestThresholdsAreFilledIntoConditions(t *testing.T) {
	t.Parallel()
	pb, err := playbook.Load(folder(small, smallForm))
	if err != nil {
		t.Fatal(errs.MessageOf(err, "en"))
	}
	if got, want := pb.Forms[0].Problems[0].Condition, "/data/income  < 4000"; got != want {
		t.Errorf("condition = %q, want %q", got, want)
	}
	f, ok := pb.FormFor("poor")
	if !ok || f.Code != "a" {
		t.Errorf("FormFor(poor) = %v, %v", f, ok)
	}
}

func TestEachMistakeIsReportedWithLineKeyAndCode(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		old, new string
		want     string // file:line key code
		hint     string // English, part
	}{
		"unknown key":         {"time_zone:", "timezone:", "playbook.yaml:3 timezone playbook.unknown_key", "time_zone"},
		"missing key":         {"id: small\n", "", "playbook.yaml:1  playbook.missing_key", ""},
		"key twice":           {"id: small\n", "id: small\nid: large\n", "playbook.yaml:2 id playbook.same_key", ""},
		"bad word":            {"purpose: statistical", "purpose: statistics", "playbook.yaml:4 switches.purpose playbook.bad_value", "statistical"},
		"bad code":            {"code: visits", "code: Visits", "playbook.yaml:6 stages[0].code playbook.bad_code", ""},
		"not a date":          {"from: 2026-03-11", "from: 11 March", "playbook.yaml:7 stages[1].from playbook.want_date", ""},
		"ends before start":   {"to: 2026-03-10", "to: 2026-02-10", "playbook.yaml:6 stages[0].to playbook.dates", ""},
		"stages out of order": {"from: 2026-03-11, to: 2026-03-12", "from: 2026-02-11, to: 2026-03-12", "playbook.yaml:7 stages[1].from playbook.stage_order", ""},
		"code twice":          {"code: report", "code: visits", "playbook.yaml:7 stages[1].code playbook.same_code", ""},
		"not a number":        {"households_per_day: 10", "households_per_day: ten", "playbook.yaml:15 team.households_per_day playbook.want_whole", ""},
		"out of range":        {"county_share: 0.5", "county_share: 50", "playbook.yaml:15 team.county_share playbook.out_of_range", ""},
		"not a list":          {"levels: [township]", "levels: township", "playbook.yaml:12 scope.levels playbook.want_list", ""},
		"unknown role":        {"role: supervisor", "role: supervisr", "playbook.yaml:19 review[0].role playbook.unknown_role", "supervisor"},
		"unknown class":       {"for: [poor]", "for: [poor, rich]", "playbook.yaml:17 forms[0].for[1] playbook.unknown_class", ""},
		"class without form":  {"    - {code: poor,", "    - {code: rich, title: {zh: 富, en: Rich}}\n    - {code: poor,", "playbook.yaml:14 scope.classes[0].code playbook.class_without_form", ""},
		"missing file":        {"forms/a.md", "forms/b.md", "playbook.yaml:17 forms[0].file playbook.no_file", ""},
		"file outside":        {"forms/a.md", "../a.md", "playbook.yaml:17 forms[0].file playbook.bad_path", ""},
		"time zone":           {"Asia/Shanghai", "Asia/Shangai", "playbook.yaml:3 time_zone playbook.bad_zone", ""},
		"not YAML":            {"roles:", "roles: [", "playbook.yaml:8  playbook.yaml", ""},
		"unused threshold":    {"thresholds:", "thresholds:\n  - {code: other, title: {zh: 其, en: Other}, value: 1}", "playbook.yaml:28 thresholds[0].code playbook.unused_threshold", ""},
		"unknown threshold":   {"| ${income} < $line |", "| ${income} < $lines |", "forms/a.md:17 problems.condition playbook.unknown_threshold", "line"},
		"unknown severity":    {"| high | village |", "| hihg | village |", "forms/a.md:17 problems.severity playbook.unknown_severity", "high"},
		"mistake in a form":   {"| ${income} < $line |", "| ${incom} < $line |", "forms/a.md:17 problems.condition xlsform.unknown_ref", "income"},
		"unknown type":        {"| integer |", "| integr |", "forms/a.md:5 survey.type xlsform.unknown_type", "integer"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			yaml, form := strings.Replace(small, tc.old, tc.new, 1), strings.Replace(smallForm, tc.old, tc.new, 1)
			if yaml == small && form == smallForm {
				t.Fatal("the case changes nothing")
			}
			var all []string
			for _, m := range playbook.Check(folder(yaml, form)) {
				line := m.File + ":" + itoa(m.Line) + " " + m.Key + " " + m.Code
				all = append(all, line)
				if m.Message.ZH == m.Code || m.Message.EN == "" {
					t.Errorf("%s has no sentence", m.Code)
				}
				if line == tc.want && strings.Contains(m.Hint.EN, tc.hint) {
					return
				}
			}
			t.Errorf("got\n\t%s\nwant\n\t%s (hint %q)", strings.Join(all, "\n\t"), tc.want, tc.hint)
		})
	}
}

func TestAllMistakesAreFoundInOneRun(t *testing.T) {
	t.Parallel()
	yaml := strings.NewReplacer("purpose: statistical", "purpose: x", "size: 2", "size: two", "role: supervisor", "role: y").Replace(small)
	form := strings.Replace(smallForm, "| high |", "| z |", 1)
	if got := len(playbook.Check(folder(yaml, form))); got != 4 {
		t.Errorf("%d mistakes, want 4", got)
	}
	if _, err := playbook.Load(folder(yaml, form)); !errs.Is(err, errs.Invalid) {
		t.Errorf("Load = %v, want Invalid", err)
	}
}

func itoa(n int) string { return strconv.Itoa(n) }

func TestTheRulesOfTeamsAreRead(t *testing.T) {
	t.Parallel()
	rules := func(more string) string {
		return strings.Replace(small, "own_village: forbidden", "own_village: forbidden, "+more, 1)
	}
	pb, err := playbook.Load(folder(rules("villages_per_day: 2, ties: [workplace, kin], cross: township, no_swaps: village, share_by: team, days: working"), smallForm))
	if err != nil {
		t.Fatal(errs.MessageOf(err, "en"))
	}
	if got := pb.Team; got.VillagesPerDay != 2 || len(got.Ties) != 2 || got.Cross != playbook.ByTownship || got.NoSwaps != "village" || got.Days != playbook.WorkingDays {
		t.Errorf("%+v", got)
	}
	for more, want := range map[string]string{
		"villages_per_day: 20":  "team.villages_per_day playbook.villages_per_day",
		"ties: [kin, kin]":      "team.ties[1] playbook.same_code",
		"ties: [friend]":        "team.ties[0] playbook.bad_value",
		"no_swaps: county":      "team.no_swaps playbook.bad_value",
		"days: weekdays":        "team.days playbook.bad_value",
		"villages_per_day: two": "team.villages_per_day playbook.want_whole",
	} {
		ms := playbook.Check(folder(rules(more), smallForm))
		if len(ms) != 1 || ms[0].Key+" "+ms[0].Code != want {
			t.Errorf("%q: %+v", more, ms)
		}
	}
}
