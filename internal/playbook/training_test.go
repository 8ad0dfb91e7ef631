package playbook_test

import (
	"strings"
	"testing"

	"ruhu/internal/playbook"
)

// checked gives the mistakes of a playbook with one more section, as "code key" each, and holds that every one has a line and a sentence.
func checked(t *testing.T, section string) string {
	t.Helper()
	var got []string
	form := strings.Replace(smallForm, "Income |\n", "Income |\n| select_one yn | q1 | Safe |\n", 1) + `
## choices

| list_name | name | label |
|---|---|---|
| yn | 1 | Yes |
| yn | 2 | No |
`
	for _, m := range playbook.Check(folder(small+section, form)) {
		got = append(got, m.Code+" "+m.Key)
		if m.Line == 0 || m.Message.ZH == m.Code {
			t.Errorf("%s: line %d, %s", section, m.Line, m.Message.ZH)
		}
	}
	return strings.Join(got, " ")
}

func TestAQuizIsChecked(t *testing.T) {
	t.Parallel()
	const question = `code: two
      text: {zh: 几个人, en: How many}
      options: [{zh: 一个, en: One}, {zh: 两个, en: Two, right: true}]
      why: {zh: 两人一组, en: Teams of two}
      source: S3.4`
	for _, c := range []struct{ old, new, want string }{
		{"", "", ""},
		{"source: S3.4", "item: a.q1", ""},
		{"source: S3.4", "item: a.q9", "playbook.unknown_question quiz.questions[0].item"},
		{"source: S3.4", "source: the plan", "playbook.quiz_rule quiz.questions[0].source"},
		{"source: S3.4", "several: false", "playbook.quiz_source quiz.questions[0]"},
		{", right: true", "", "playbook.quiz_no_right quiz.questions[0].options"},
		{"en: One}", "en: One, right: true}", "playbook.quiz_two_right quiz.questions[0].options"},
		{"en: One}", "en: One, right: true}, {zh: 三个, en: Three}", "playbook.quiz_two_right quiz.questions[0].options"},
		{"[{zh: 一个, en: One}, ", "[", "playbook.quiz_options quiz.questions[0].options"},
		{"source: S3.4", "source: S3.4\n    - " + question, "playbook.same_code quiz.questions[1].code"},
		{"ask: 1", "ask: 2", "playbook.quiz_few quiz.ask"},
		{"pass: 1", "pass: 2", "playbook.quiz_pass quiz.pass"},
		{"pass: 1", "pass: 0", "playbook.out_of_range quiz.pass"},
		{"  pass: 1\n", "", "playbook.missing_key quiz"},
		{"why:", "because:", "playbook.missing_key quiz.questions[0] playbook.unknown_key quiz.questions[0].because"},
	} {
		section := strings.Replace("\nquiz:\n  ask: 1\n  pass: 1\n  questions:\n    - "+question+"\n", c.old, c.new, 1)
		if got := checked(t, section); got != c.want {
			t.Errorf("%q for %q: %s, want %q", c.new, c.old, got, c.want)
		}
	}
}

func TestHouseholdsToPractiseOnAreChecked(t *testing.T) {
	t.Parallel()
	const section = `
training:
  county: 练习县
  township: 练习乡
  village: 练习村
  households:
    - code: first
      form: a
      head_name: 练习户甲
      group: 一组
      class: poor
      size: 3
      told: {zh: 一家三口, en: Three persons}
      answers: [{item: q1, value: '1', why: {zh: 如此, en: So}}]
`
	for _, c := range []struct{ old, new, want string }{
		{"", "", ""},
		{"form: a", "form: b", "playbook.unknown_form training.households[0].form playbook.training_form training.households"},
		{"class: poor", "class: ordinary", "playbook.training_class training.households[0].class"},
		{"item: q1", "item: q8", "playbook.unknown_question training.households[0].answers[0].item"},
		{"value: '1'", "value: '3'", "playbook.training_value training.households[0].answers[0].value"},
		{"size: 3", "size: 0", "playbook.out_of_range training.households[0].size"},
		{"  village: 练习村\n", "", "playbook.missing_key training"},
	} {
		got := checked(t, strings.Replace(section, c.old, c.new, 1))
		for _, want := range strings.Split(c.want, " ") {
			if !strings.Contains(got, want) || c.want == "" && got != "" {
				t.Errorf("%q for %q: %q, want %q", c.new, c.old, got, c.want)
			}
		}
	}
}
