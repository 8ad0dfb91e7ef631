package layout_test

import (
	"strings"
	"testing"

	"ruhu/form/xform"
	"ruhu/form/xlsform"
	"ruhu/internal/docgen"
	"ruhu/internal/paper/layout"
)

const book = `
## settings

| form_title | form_id | version | namespaces | default_language |
|---|---|---|---|---|
| 试表 | try | 7 | ruhu="https://ruhu.dev/xforms" | 中文 (zh) |

## survey

| type | name | label::中文 (zh) | label::English (en) | hint::中文 (zh) | required | relevant | constraint | calculation | read_only | appearance | bind::ruhu:prefill | bind::ruhu:prefillEditable | bind::ruhu:pii | bind::ruhu:warning | bind::ruhu:warningMsg::中文 (zh) |
|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|
| hidden | class_code | | | | | | | | | | household.class | | | | |
| text | head | 户主姓名 | Head | | yes | | | | | | household.head_name | | name | | |
| text | idn | 身份证 | ID | | | | | | | | household.head_id_number | | id_number | | |
| select_one yn | q1 | 1. 有无学生 | 1. Pupils? | 幼儿园不算 | yes | | | | | | | | | | |
| select_one yn | q1_1 | 1—1. 是否在校 | 1—1. In school? | | yes | ${q1} = '1' | | | | | | | | | |
| select_multiple many | q1_2 | 1—2. 原因 | 1—2. Why | | | ${q1} = '1' and ${q1_1} = '2' | | | | | | | | | |
| integer | q2 | 2. 人口 | 2. Persons | | | | . >= 1 and . <= 30 | | | | household.size | true() | | | |
| decimal | q3 | 3. 收入（元） | 3. Income | | | | | | | | | | | . < 100000 | 收入很高，请核实 |
| decimal | q4 | 4. 人均 | 4. Per head | | | | | ${q3} div ${q2} | yes | | | | | | |
| text | q5 | 5. 只问贫困户 | 5. Poor only | | | ${class_code} = 'poor' | | | | | | | | | |
| text | q6 | 6. 只问脱贫户 | 6. Exited only | | | ${class_code} = 'exited' | | | | | | | | | |
| text | q7 | 7. 说不清的 | 7. Unsayable | | | count(${m}) > 2 | | | | | | | | | |
| begin repeat | m | 家庭成员 | Members | | | | | | | | | | | | |
| text | m_name | 姓名 | Name | | | | | | | | member.name | true() | | | |
| select_one yn | m_here | 在家 | At home | | | | | | | | | | | | |
| end repeat | | | | | | | | | | | | | | | |
| image | sign | 户主签名 | Signed | | | | | | | signature | | | | | |
| text | e1 | 调查员甲 | First | | | | | | | enumerator | | | | | |
| image | e1_hand | 手写 | By hand | | | | | | | signature enumerator | | | | | |

## choices

| list_name | name | label::中文 (zh) | label::English (en) |
|---|---|---|---|
| yn | 1 | 是 | Yes |
| yn | 2 | 否 | No |
| many | a | 病 | Ill |
| many | b | 穷 <b>& | Poor |
`

func form(t *testing.T) *xform.Form {
	t.Helper()
	wb, err := xlsform.Read("a.md", []byte(book))
	if err != nil {
		t.Fatal(err)
	}
	res, ds := xlsform.Convert(wb)
	for _, d := range ds {
		if d.Severity == "error" {
			t.Fatal(d)
		}
	}
	f, err := xform.Parse(res.XForm, xform.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func build(t *testing.T, in layout.Input) (layout.Sheet, map[string]*layout.Question) {
	t.Helper()
	in.Form = form(t)
	sh, err := layout.Build(in)
	if err != nil {
		t.Fatal(err)
	}
	qs := map[string]*layout.Question{}
	for _, b := range sh.Blocks {
		for _, q := range b.Questions() {
			qs[q.Ref[strings.LastIndexByte(q.Ref, '/')+1:]] = q
		}
	}
	return sh, qs
}

func household() layout.Input {
	return layout.Input{
		Lang: "zh", Spare: 2,
		Prefill: map[string]string{"household.head_name": "某某", "household.head_id_number": "990101195701205759", "household.class": "exited", "household.size": "4"},
		Members: []layout.Member{{Name: "某某", Keys: map[string]string{"member.name": "某某"}}, {Name: "成员", Keys: map[string]string{"member.name": "成员"}}},
	}
}

func TestQuestionsKeepNumbersOptionsAndConditions(t *testing.T) {
	t.Parallel()
	sh, qs := build(t, household())
	for name, want := range map[string]layout.Question{
		"q1":   {Number: "1", Label: "有无学生", Kind: layout.KindOne, Required: true, Hint: "幼儿园不算"},
		"q1_1": {Number: "1—1", Label: "是否在校", Kind: layout.KindOne, Required: true, When: "若第1题选①"},
		"q1_2": {Number: "1—2", Label: "原因", Kind: layout.KindMany, When: "若第1题选①且第1—1题选②"},
		"q2":   {Number: "2", Label: "人口", Kind: layout.KindNumber, Value: "4", Source: "底册", Digits: 2},
		"q3":   {Number: "3", Label: "收入（元）", Kind: layout.KindNumber, Digits: 7, Decimals: 2},
		"q4":   {Number: "4", Label: "人均", Kind: layout.KindAuto},
		"q6":   {Number: "6", Label: "只问脱贫户", Kind: layout.KindText},
	} {
		q := qs[name]
		if q == nil {
			t.Errorf("%s is not on the sheet", name)
			continue
		}
		if q.Number != want.Number || q.Label != want.Label || q.Kind != want.Kind || q.Required != want.Required || q.When != want.When || q.Hint != want.Hint ||
			q.Value != want.Value || q.Source != want.Source || q.Digits != want.Digits || q.Decimals != want.Decimals {
			t.Errorf("%s: %+v, want %+v", name, *q, want)
		}
	}
	if qs["q5"] != nil {
		t.Error("a question that the roster's class rules out is printed")
	}
	if got := qs["q3"].Checks; len(got) != 1 || got[0] != "核对：收入很高，请核实" {
		t.Errorf("checks %q", got)
	}
	if len(sh.Unsaid) != 1 || !strings.HasSuffix(sh.Unsaid[0], "/q7") {
		t.Errorf("unsaid %q", sh.Unsaid)
	}
	if got := strings.Join(sh.Signers, " "); got != "户主签名 调查员甲" || sh.SignsHousehold != 1 || sh.SignsTeam != 1 {
		t.Errorf("signers %s", got)
	}
}

func TestAnswersThatRuleOutWhatFollowsSayWhereToGo(t *testing.T) {
	t.Parallel()
	_, qs := build(t, household())
	for name, want := range map[string]string{"q1": "①是 ②否→第2题", "q1_1": "①是→第2题 ②否", "q1_2": "a.病 b.穷 <b>&"} {
		var got []string
		for _, c := range qs[name].Choices {
			got = append(got, c.Mark+c.Label+c.Jump)
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("%s: %s, want %s", name, s, want)
		}
	}
}

func TestMembersFillTheTableOfTheFormWhichReplacesOurs(t *testing.T) {
	t.Parallel()
	sh, _ := build(t, household())
	var tables []*layout.Table
	for _, b := range sh.Blocks {
		tables = append(tables, b.Tables()...)
	}
	if len(tables) != 1 || len(sh.Members) != 0 {
		t.Fatalf("%d tables, %d members", len(tables), len(sh.Members))
	}
	tb := tables[0]
	if tb.Label != "家庭成员" || len(tb.Columns) != 2 || tb.Columns[1].Hint != "①是 ②否" || len(tb.Rows) != 2 || tb.Rows[1][0] != "成员" || tb.Spare != 2 {
		t.Errorf("%+v", tb)
	}
	empty, _ := build(t, layout.Input{Lang: "zh", Spare: 5})
	for _, b := range empty.Blocks {
		for _, tb := range b.Tables() {
			if len(tb.Rows) != 0 || tb.Spare != 5 {
				t.Errorf("an empty form: %+v", tb)
			}
		}
	}
}

func TestAnEmptyFormAsksEverything(t *testing.T) {
	t.Parallel()
	_, qs := build(t, layout.Input{Lang: "en"})
	if qs["q5"] == nil || qs["q6"] == nil || qs["head"].Value != "" {
		t.Errorf("%v", qs)
	}
	if qs["q1_1"].When != "If item 1 is ①" || qs["q1_1"].Label != "In school?" {
		t.Errorf("%+v", qs["q1_1"])
	}
}

func TestWhatMayNotBeReadIsMasked(t *testing.T) {
	t.Parallel()
	in := household()
	in.Mask = func(pii, v string) string { return pii + ":" + v[:2] }
	_, qs := build(t, in)
	if qs["idn"].Value != "id_number:99" || qs["q2"].Value != "4" {
		t.Errorf("%q %q", qs["idn"].Value, qs["q2"].Value)
	}
}

func TestADocumentEscapesEverything(t *testing.T) {
	t.Parallel()
	in := household()
	in.Prefill["household.head_name"] = `<script>x</script>`
	sh, _ := build(t, in)
	sh.House = &layout.House{Code: `"><img src=x>`, Head: "<i>", URL: "https://ruhu.example/h/1"}
	var b strings.Builder
	err := layout.Write(&b, layout.Document{Lang: "zh", Title: "<title>", Layout: docgen.Layout{Foot: "</style>"}, Parts: []layout.Part{
		{Header: docgen.Section{Left: "</style><b>"}, Sheet: &sh},
		{List: &layout.List{Lang: "zh", Title: "<h9>", Columns: []layout.ListColumn{{Label: "<s>"}, {Label: "x", Tick: true}}, Rows: [][]string{{"<em>", ""}}, Signers: []string{"<q>"}}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	out := b.String()
	for _, bad := range []string{"<script", "<img", "<i>底", "</style><b>", "<h9>", "<s>", "<q>", "穷 <b>"} {
		if strings.Contains(out, bad) {
			t.Errorf("%s is not escaped", bad)
		}
	}
	if strings.Count(out, "</style>") != 1 || !strings.Contains(out, `id="s1"`) {
		t.Error("a part is missing")
	}
}
