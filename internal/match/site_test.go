package match

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"ruhu/form/xform"
	"ruhu/form/xlsform"
	"ruhu/internal/playbook"
	"ruhu/internal/roster"
	"ruhu/internal/submission"
)

const peopleForm = `## settings

| form_title | form_id | version | namespaces |
|---|---|---|---|
| 家庭成员 | people | 1 | ruhu="https://ruhu.dev/xforms" |

## survey

| type | name | label | relevant | bind::ruhu:pii | bind::ruhu:compare |
|---|---|---|---|---|---|
| integer | size | 人口 | | | national |
| begin repeat | person | 成员 | | | |
| text | who | 姓名 | | name | |
| text | number | 证件号码 | | id_number | |
| select_one yn | insured | 参保 | | | national |
| integer | size_again | 人口 | | | national.size |
| end repeat | | | | | |
| select_one yn | insured_all | 都参保 | | | national.insured |

## choices

| list_name | name | label |
|---|---|---|
| yn | 1 | 是 |
| yn | 2 | 否 |
`

// figuresAsked are a figure of the household and one of a person.
var figuresAsked = playbook.Agreement{Fields: []playbook.AgreementField{
	{Code: "size", Unit: "household", Kind: playbook.KindNumber, Sources: []playbook.Source{{Register: "national"}}},
	{Code: "insured", Unit: "person", Kind: playbook.KindYesNo, Sources: []playbook.Source{{Register: "national"}}},
}}

func TestAnswersInsideARepeatAreThoseOfTheMemberItNames(t *testing.T) {
	t.Parallel()
	wb, err := xlsform.Read("people.md", []byte(peopleForm))
	if err != nil {
		t.Fatal(err)
	}
	res, diags := xlsform.Convert(wb)
	if res == nil || res.XForm == nil {
		t.Fatalf("%v", diags)
	}
	form, err := xform.Parse(res.XForm, xform.Options{})
	if err != nil {
		t.Fatal(err)
	}
	members := []roster.Member{
		{ID: "m1", Name: "王秀英", IDNumber: "990101194001010016", State: roster.Present},
		{ID: "m2", Name: "李强", State: roster.Present},
		{ID: "m3", Name: "张伟", State: roster.Present},
		{ID: "m4", Name: "张伟", State: roster.Present},
		{ID: "m5", Name: "陈静", State: roster.Gone},
	}
	person := func(who, number, insured string) string {
		return "<person><who>" + who + "</who><number>" + number + "</number><insured>" + insured + "</insured><size_again>9</size_again></person>"
	}
	for name, c := range map[string]struct {
		people string
		want   map[answerKey]string
	}{
		"by number, whatever the name": {person("王秀莺", "990101194001010016", "2"), map[answerKey]string{{"m1", "insured"}: "no"}},
		"by name, blanks aside":        {person("李 强", "", "1"), map[answerKey]string{{"m2", "insured"}: "yes"}},
		"two of that name":             {person("张伟", "", "1"), nil},
		"one who left":                 {person("陈静", "", "1"), nil},
		"a stranger":                   {person("赵敏", "", "1"), nil},
		"each their own":               {person("李强", "", "1") + person("王秀英", "", "2"), map[answerKey]string{{"m1", "insured"}: "no", {"m2", "insured"}: "yes"}},
		"no answer":                    {person("李强", "", ""), nil},
	} {
		want := map[answerKey]string{{"", "size"}: "5"} // what is asked of the household counts outside repeats only, and the other way round
		for k, v := range c.want {
			want[k] = v
		}
		instance := `<data id="people" version="1"><size>5</size>` + c.people + `<insured_all>1</insured_all></data>`
		read, err := form.Validate([]byte(instance), xform.Env{Now: time.Now, Zone: time.UTC})
		if err != nil {
			t.Fatal(err)
		}
		got := answers(wantedOf(form, &figuresAsked), submission.ReadingOf(read.Session).Answers, members)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}
