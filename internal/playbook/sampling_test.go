package playbook_test

import (
	"strings"
	"testing"

	"ruhu/internal/errs"
	"ruhu/internal/playbook"
)

// sampled is the small playbook with two classes and a design as in S2.8.
var sampled = strings.NewReplacer(
	"    - {code: poor, title: {zh: 贫困户, en: Poor}}\n", `    - {code: poor, title: {zh: 贫困户, en: Poor}}
    - {code: exited, title: {zh: 脱贫户, en: Exited}}
    - {code: marginal, title: {zh: 边缘户, en: Marginal}}
    - {code: ordinary, title: {zh: 一般农户, en: Ordinary}}
    - {code: ill, title: {zh: 重病户, en: Ill}}
`, "for: [poor]", "for: [poor, exited, marginal, ordinary, ill]").Replace(small) + `sampling:
  design: two_stage
  groups:
    - {code: key, title: {zh: 重点乡镇, en: Key}, villages: 3, townships: 6}
    - {code: other, title: {zh: 其他乡镇, en: Other}, villages: 2, townships: 5}
  village_types:
    rule: both
    types:
      - {code: poor_village, title: {zh: 贫困村, en: Poor}}
      - {code: other_village, title: {zh: 非贫困村, en: Other}}
  quotas:
    - {code: poor, title: {zh: 贫困户, en: Poor}, households: 5, classes: [poor]}
    - {code: exited, title: {zh: 脱贫户, en: Exited}, households: 5, classes: [exited]}
    - code: unregistered
      title: {zh: 非建档立卡户, en: Unregistered}
      households: 5
      classes: [ordinary, ill]
      priority: {title: {zh: 重点标签户, en: Tagged}, classes: [ill], tags: [低保], min_other: 2}
  certainty:
    - {code: marginal, title: {zh: 边缘户, en: Marginal}, quota: unregistered, classes: [marginal]}
    - {code: monitored, title: {zh: 监测户, en: Monitored}, quota: exited, tags: [监测户]}
  shortfall_order: [exited, unregistered, poor]
  claims:
    - {code: wrong_exit, title: {zh: 错退率, en: Wrongly exited}, quotas: [exited], threshold: 0.02, side: below}
`

func TestADesignOfSamplingIsRead(t *testing.T) {
	t.Parallel()
	pb, err := playbook.Load(folder(sampled, smallForm))
	if err != nil {
		t.Fatal(errs.MessageOf(err, "en"))
	}
	s := pb.Sampling
	if !s.Sampled() || s.Groups[0].Villages != 3 || s.Quotas[2].Priority.MinOther != 2 || s.Certainty[1].Tags[0] != "监测户" || s.CertaintyCounts {
		t.Errorf("got %+v", s)
	}
	pb, err = playbook.Load(folder(small, smallForm))
	if err != nil || pb.Sampling.Sampled() {
		t.Errorf("without the section everybody is visited: %v, %v", pb.Sampling, err)
	}
}

func TestEachMistakeInADesignIsReported(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ old, new, want string }{
		"unknown design":              {"design: two_stage", "design: cluster", "sampling.design playbook.bad_value"},
		"census with quotas":          {"design: two_stage", "design: census", "sampling.design playbook.census_with_quotas"},
		"sampling where forbidden":    {"levels: [township]", "levels: [township]\n  no_sampling: true", "sampling.design playbook.sampling_forbidden"},
		"size missing":                {"villages: 3, ", "", "sampling.groups[0] playbook.sample_size"},
		"size of the other design":    {"villages: 3, ", "villages: 3, households: 9, ", "sampling.groups[0] playbook.sample_size"},
		"group twice":                 {"code: other, title: {zh: 其他乡镇", "code: key, title: {zh: 其他乡镇", "sampling.groups[1].code playbook.same_code"},
		"one type":                    {"      - {code: other_village, title: {zh: 非贫困村, en: Other}}\n", "", "sampling.village_types playbook.two_types"},
		"types and pps":               {"design: two_stage", "design: two_stage\n  method: pps", "sampling.village_types.rule playbook.types_need_srs"},
		"both types of one village":   {"villages: 2,", "villages: 1,", "sampling.groups[1].villages playbook.both_types_need_two"},
		"allocation without share":    {"rule: both", "rule: allocate", "sampling.village_types.types playbook.type_share_first"},
		"unknown class":               {"households: 5, classes: [poor]", "households: 5, classes: [poor, rich]", "sampling.quotas[0].classes[1] playbook.unknown_class"},
		"class in two quotas":         {"households: 5, classes: [exited]", "households: 5, classes: [exited, poor]", "sampling.quotas[1].classes[1] playbook.class_in_two_quotas"},
		"class in no quota":           {"classes: [ordinary, ill]", "classes: [ill]", "scope.classes[3].code playbook.class_without_quota"},
		"priority class of elsewhere": {"Tagged}, classes: [ill]", "Tagged}, classes: [poor]", "sampling.quotas[2].priority.classes[0] playbook.class_outside_quota"},
		"min_other too large":         {"min_other: 2", "min_other: 6", "sampling.quotas[2].priority.min_other playbook.min_other"},
		"certainty of no quota":       {"quota: exited, tags", "quota: exitd, tags", "sampling.certainty[1].quota playbook.unknown_quota"},
		"certainty named as a quota":  {"code: monitored, title", "code: exited, title", "sampling.certainty[1].code playbook.same_code"},
		"certainty of nobody":         {", tags: [监测户]", "", "sampling.certainty[1] playbook.missing_key"},
		"order lacks a quota":         {"[exited, unregistered, poor]", "[exited, unregistered]", "sampling.shortfall_order playbook.shortfall_order"},
		"order missing":               {"  shortfall_order: [exited, unregistered, poor]\n", "", "sampling.shortfall_order playbook.shortfall_order"},
		"claim without side":          {", side: below", "", "sampling.claims[0] playbook.missing_key"},
		"claim of no quota":           {"quotas: [exited]", "quotas: [exit]", "sampling.claims[0].quotas[0] playbook.unknown_quota"},
		"pps of households":           {"design: two_stage", "design: one_stage\n  method: pps", "sampling.method playbook.pps_of_households"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			yaml := strings.Replace(sampled, tc.old, tc.new, 1)
			if yaml == sampled {
				t.Fatal("the case changes nothing")
			}
			var all []string
			for _, m := range playbook.Check(folder(yaml, smallForm)) {
				all = append(all, m.Key+" "+m.Code)
				if m.Message.ZH == m.Code || m.Message.EN == "" || m.Line == 0 {
					t.Errorf("%s: line %d, %v", m.Code, m.Line, m.Message)
				}
				if m.Key+" "+m.Code == tc.want {
					return
				}
			}
			t.Errorf("got\n\t%s\nwant\n\t%s", strings.Join(all, "\n\t"), tc.want)
		})
	}
}
