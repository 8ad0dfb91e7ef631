package playbook_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"ruhu/internal/errs"
	"ruhu/internal/playbook"
)

// registered is the small playbook with registers, figures and papers.
const registered = small + `registers:
  - code: national
    title: {zh: 国扶系统, en: National}
    owner: {zh: 县扶贫办, en: County}
    unit: person
    fields:
      - {code: name}
      - {code: id_number, required: true, names: [证件号]}
      - {code: size, title: {zh: 人口, en: Size}, kind: number}
  - code: registry
    title: {zh: 户籍, en: Registry}
    owner: {zh: 派出所, en: Police}
    unit: person
    base: true
    fields: [{code: name}, {code: id_number}]
  - code: copy
    title: {zh: 村级台账, en: Village copy}
    owner: {zh: 村, en: Village}
    unit: household
    copy: village
    fields: [{code: head_id_number}, {code: size, title: {zh: 人口, en: Size}, kind: number}]
agreement:
  fields:
    - code: size
      title: {zh: 家庭人口, en: Size}
      unit: household
      kind: number
      sources: [{register: national}, {register: registry, take: count}, {register: copy}]
      paper: booklet
      rules: [registry, site]
      tolerance: {abs: 1}
      correct: [national]
      settle: {role: supervisor, days: 3}
papers:
  - {code: booklet, title: {zh: 手册, en: Booklet}, for: [poor]}
`

func TestRegistersFiguresAndPapersAreRead(t *testing.T) {
	t.Parallel()
	pb, err := playbook.Load(folder(registered, smallForm))
	if err != nil {
		t.Fatal(errs.MessageOf(err, "en"))
	}
	base, ok := pb.Base()
	if !ok || base.Code != "registry" || pb.Registers[0].Fields[1].Meaning() != playbook.KindIDNumber || pb.Registers[2].Copy != "village" {
		t.Errorf("got %+v", pb.Registers)
	}
	if f, ok := pb.Agreement.Compared("national", "size"); !ok || f.Settle.Days != 3 {
		t.Errorf("got %+v", f)
	}
	if _, ok := pb.Agreement.Compared("copy.size", "q7"); !ok {
		t.Error("a field of a register leads to its figure")
	}
	if _, ok := pb.Agreement.Compared("national", "q7"); ok {
		t.Error("a register alone means the figure of the question's name")
	}
}

func TestMistakesInRegistersAndFiguresAreExplained(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, old, with, want string }{
		{"two bases", "unit: person\n    fields", "unit: person\n    base: true\n    fields", "registers[1].base playbook.two_bases"},
		{"the roster's code", "code: copy", "code: roster", "registers[2].code playbook.register_roster"},
		{"nobody to be found", "fields: [{code: name}, {code: id_number}]", "fields: [{code: sex}]", "registers[1].fields playbook.register_anonymous"},
		{"a fixed meaning", "{code: name}\n", "{code: name, kind: number}\n", "registers[0].fields[0].kind playbook.identity_kind"},
		{"a field without a title", "{code: size, title: {zh: 人口, en: Size}, kind: number}\n", "{code: size, kind: number}\n", "registers[0].fields[2] playbook.missing_key"},
		{"a field twice", "{code: name}\n", "{code: id_number}\n", "registers[0].fields[1].code playbook.same_code"},
		{"an unknown register", "{register: copy}", "{register: copies}", "agreement.fields[0].sources[2].register playbook.unknown_register"},
		{"an unknown field", "{register: registry, take: count}", "{register: registry}", "agreement.fields[0].sources[1] playbook.unknown_register_field"},
		{"a way that gives another kind", "take: count", "take: listed", "agreement.fields[0].sources[1] playbook.take_kind"},
		{"a person's figure of households", "unit: household\n      kind", "unit: person\n      kind", "agreement.fields[0].sources[2] playbook.person_of_household"},
		{"an unknown rule", "rules: [registry, site]", "rules: [civil]", "agreement.fields[0].rules[0] playbook.unknown_source"},
		{"an unknown role", "role: supervisor, days: 3", "role: nobody, days: 3", "agreement.fields[0].settle.role playbook.unknown_role"},
		{"an unknown paper", "paper: booklet", "paper: book", "agreement.fields[0].paper playbook.unknown_paper"},
		{"a tolerance of words", "kind: number\n      sources", "kind: text\n      sources", "agreement.fields[0].tolerance playbook.tolerance_kind"},
		{"a paper for nobody", "for: [poor]}\n", "for: [rich]}\n", "papers[0].for[0] playbook.unknown_class"},
		{"a register of a class that there is not", "unit: person\n", "unit: person\n    classes: [rich]\n", "registers[0].classes[0] playbook.unknown_class"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			text := strings.Replace(registered, tt.old, tt.with, 1)
			if tt.name == "a paper for nobody" { // the form has a list of classes too
				text = registered[:strings.LastIndex(registered, tt.old)] + tt.with
			}
			var got []string
			for _, m := range playbook.Check(folder(text, smallForm)) {
				if m.Line == 0 || m.Message.ZH == m.Code || m.Message.EN == "" {
					t.Errorf("no line or sentence: %+v", m)
				}
				got = append(got, fmt.Sprint(m.Key, " ", m.Code))
			}
			if !slices.Contains(got, tt.want) {
				t.Errorf("got %v, want %s", got, tt.want)
			}
		})
	}
}

func TestAFormComparesOnlyWithWhatIsKnown(t *testing.T) {
	t.Parallel()
	for compare, want := range map[string]int{"national": 1, "copy.size": 0, "copy.size national.size": 0, "civil.size": 1} {
		form := strings.Replace(smallForm, `| type | name | label |
|---|---|---|
| integer | income | Income |`, `| type | name | label | bind::ruhu:compare |
|---|---|---|---|
| integer | income | Income | `+compare+` |`, 1)
		n := 0
		for _, m := range playbook.Check(folder(registered, form)) {
			if m.Code == "playbook.unknown_compare" && m.Line > 0 {
				n++
			}
		}
		if n != want {
			t.Errorf("%s: %d mistakes, want %d", compare, n, want)
		}
	}
}
