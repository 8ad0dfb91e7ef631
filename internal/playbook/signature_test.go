package playbook_test

import (
	"strings"
	"testing"

	"ruhu/internal/playbook"
)

func TestChainsOfSignaturesAreChecked(t *testing.T) {
	t.Parallel()
	const form = `signatures:
  - kind: household
    steps:
      - {code: money, title: {zh: 户, en: Household}, item: income, sign_for: [supervisor], note: income}
      - {code: first, title: {zh: 审核, en: Review}, level: first}
  - kind: ledger
    steps:
      - {code: boss, title: {zh: 指导员, en: Supervisor}, role: supervisor, sign_for: [supervisor]}
`
	for name, tc := range map[string]struct{ old, new, want string }{
		"as it should be":         {"", "", ""},
		"a kind twice":            {"kind: ledger", "kind: household", "playbook.sign_no_ledger stages[0].gates[0] playbook.sign_twice signatures[1].kind playbook.sign_by signatures[1].steps[0] playbook.sign_levels signatures[1].steps"},
		"no such kind":            {"kind: ledger", "kind: report", "playbook.sign_no_ledger stages[0].gates[0] playbook.bad_value signatures[1].kind"},
		"a code twice":            {"code: first", "code: money", "playbook.same_code signatures[0].steps[1].code"},
		"nobody":                  {", role: supervisor, sign", ", sign", "playbook.sign_by signatures[1].steps[0]"},
		"two at once":             {"level: first", "level: first, item: income", "playbook.sign_by signatures[0].steps[1]"},
		"a role on a form":        {"item: income, sign_for: [supervisor], note: income", "role: supervisor", "playbook.sign_by signatures[0].steps[0]"},
		"a drawing of nothing":    {"level: first", "level: first, drawn: true", "playbook.sign_drawn signatures[0].steps[1]"},
		"a hand beside a picture": {"item: income", "item: income, drawn: true, drawing: income", "playbook.sign_drawn signatures[0].steps[0] playbook.sign_picture signatures[0].steps[0].item playbook.sign_picture signatures[0].steps[0].drawing"},
		"a hand of no question":   {"item: income", "item: income, drawing: hand", "playbook.sign_question signatures[0].steps[0].drawing"},
		"for a reviewer":          {"level: first", "level: first, sign_for: [supervisor]", "playbook.sign_for_level signatures[0].steps[1].sign_for"},
		"for, by no reviewer":     {"sign_for: [supervisor], note", "sign_for: [village], note", "playbook.sign_for_reviewer signatures[0].steps[0].sign_for[0]"},
		"a role that may not":     {"role: supervisor,", "role: village,", "playbook.sign_role signatures[1].steps[0].role"},
		"no such role":            {"role: supervisor,", "role: supervisr,", "playbook.unknown_role signatures[1].steps[0].role"},
		"no such level":           {"level: first", "level: second", "playbook.sign_levels signatures[0].steps playbook.sign_level signatures[0].steps[1].level"},
		"a level left out":        {"      - {code: first, title: {zh: 审核, en: Review}, level: first}\n", "", "playbook.sign_levels signatures[0].steps"},
		"no such question":        {"item: income", "item: incom", "playbook.sign_question signatures[0].steps[0].item"},
		"no such note":            {"note: income", "note: why", "playbook.sign_question signatures[0].steps[0].note"},
		"a question, no picture":  {"item: income", "item: income, drawn: true", "playbook.sign_picture signatures[0].steps[0].item"},
		"a gate without a chain":  {"  - kind: ledger\n    steps:\n      - {code: boss, title: {zh: 指导员, en: Supervisor}, role: supervisor, sign_for: [supervisor]}\n", "", "playbook.sign_no_ledger stages[0].gates[0]"},
		"the form after a review": {"level: first}\n", "level: first}\n      - {code: late, title: {zh: 户, en: Household}, item: income}\n", "playbook.sign_item_late signatures[0].steps[2]"},
	} {
		book := strings.Replace(small, "to: 2026-03-10}", "to: 2026-03-10, gates: [ledger_signed]}", 1) + strings.Replace(form, tc.old, tc.new, 1)
		var got []string
		for _, m := range playbook.Check(folder(book, smallForm)) {
			got = append(got, m.Code+" "+m.Key)
			if m.Line == 0 || m.Message.ZH == m.Code || m.Message.EN == "" {
				t.Errorf("%s: %s has line %d and says %q", name, m.Code, m.Line, m.Message.EN)
			}
		}
		if s := strings.Join(got, " "); s != tc.want {
			t.Errorf("%s: got %s, want %s", name, s, tc.want)
		}
	}
}
