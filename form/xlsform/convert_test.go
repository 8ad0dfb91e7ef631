package xlsform_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"ruhu/form/xlsform"
)

var unfilled = regexp.MustCompile(`(^|[^$])\{[a-z]+\}`)

func convert(t *testing.T, name, src string) (*xlsform.Result, []xlsform.Diagnostic) {
	t.Helper()
	wb, err := xlsform.Read(name, []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	return xlsform.Convert(wb)
}

// ok converts and wants no diagnostic at all.
func ok(t *testing.T, src string) string {
	t.Helper()
	res, ds := convert(t, "form.md", src)
	for _, d := range ds {
		t.Errorf("unexpected: %v", d)
	}
	return string(res.XForm)
}

func TestSeveralTablesUnderOneHeadingMakeOneSheet(t *testing.T) {
	t.Parallel()
	got := ok(t, `# A form
Prose with a | pipe is no table.

## survey
### page 1
| type | name | label |
|------|------|-------|
| text | a    | A \| B |

More prose.

| type    | name | relevant | label |
|---------|------|----------|-------|
| integer | b    | ${a} != '' | B |

## notes
| type | name |
|---|---|
| not a sheet of ours | |

## settings
| form_id | version |
|---|---|
| x | 7 |
`)
	for _, want := range []string{
		`<data id="x" version="7">`, `<label>A | B</label>`, `<bind nodeset="/data/b" type="int" relevant=" /data/a  != ''"/>`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in\n%s", want, got)
		}
	}
}

func TestReferencesAreRelativeInsideARepeatAndAbsoluteOutside(t *testing.T) {
	t.Parallel()
	got := ok(t, `
| survey | | | | |
| | type | name | label | calculation | relevant |
| | integer | top | T | | |
| | begin repeat | member | M | | |
| | begin group | g | G | | ${age} = '' |
| | integer | age | A | | |
| | end group | | | | |
| | calculate | older | | ${age} + ${top} |
| | calculate | mine | | count(${member}[${age} > 3]) |
| | end repeat | | | |
| | calculate | all | | sum(${age}) |
| | calculate | second | | indexed-repeat(${age}, ${member}, 2) |
`)
	for _, want := range []string{
		`calculate=" ../g/age  +  /data/top "`,
		`calculate="count( /data/member [ current()/../g/age  > 3])"`,
		`calculate="sum( /data/member/g/age )"`,
		`<bind nodeset="/data/member/g" relevant=" ../g/age  = ''"/>`,
		`calculate="indexed-repeat( /data/member/g/age ,  /data/member , 2)"`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in\n%s", want, got)
		}
	}
}

func TestOurColumnsBecomeBindAttributesWithTranslatedMessages(t *testing.T) {
	t.Parallel()
	got := ok(t, `
## survey
| type | name | label::中文 (zh) | label::English (en) | bind::ruhu:warning | bind::ruhu:warningMsg::中文 (zh) | bind::ruhu:warningMsg::English (en) | bind::ruhu:prefill | bind::ruhu:pii |
|---|---|---|---|---|---|---|---|---|
| text | q | 问“题” | Question | . != “2” | 请核实 | Verify | household.phone | phone |

## settings
| default_language |
|---|
| 中文 (zh) |
`)
	for _, want := range []string{
		`xmlns:ruhu="https://ruhu.dev/xforms"`,
		`ruhu:warning=". != &quot;2&quot;"`, `ruhu:warningMsg="jr:itext('/data/q:ruhu:warningMsg')"`,
		`ruhu:prefill="household.phone" ruhu:pii="phone"`,
		`<translation lang="中文 (zh)" default="true()">`, `<value>问“题”</value>`, `<value>Verify</value>`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in\n%s", want, got)
		}
	}
}

func TestServerSheetsAreReturnedAndNeverEnterTheXForm(t *testing.T) {
	t.Parallel()
	res, ds := convert(t, "form.md", `
## survey
| type | name | label |
|---|---|---|
| integer | income | I |

## problems
| code | label::中文 (zh) | label::English (en) | category | sector | condition | severity | due_days | responsible |
|---|---|---|---|---|---|---|---|---|
| low | 收入低 | Low secret | 收入 | 扶贫 | ${income} < $line | high | 5 | village |

## indicators
| name | label | calculation | unit |
|---|---|---|---|
| secret_income | Income | number(${income}) | household |
`)
	if len(ds) > 0 {
		t.Fatal(ds)
	}
	if strings.Contains(string(res.XForm), "secret") {
		t.Error("the server's sheets are in the XForm")
	}
	p := res.Problems[0]
	if p.Code != "low" || p.Label["zh"] != "收入低" || p.Label["en"] != "Low secret" || p.Condition != "/data/income  < $line" ||
		p.DueDays != 5 || p.Responsible != "village" || p.Severity != "high" || p.Sector != "扶贫" || p.Row != 10 {
		t.Errorf("problem %+v", p)
	}
	i := res.Indicators[0]
	if i.Name != "secret_income" || i.Calculation != "number( /data/income )" || i.Unit != "household" {
		t.Errorf("indicator %+v", i)
	}
	if got := xlsform.FillThresholds(p.Condition, map[string]string{"line": "4000"}); got != "/data/income  < 4000" {
		t.Errorf("filled %q", got)
	}
}

// base is a form in which each case changes one thing. Row numbers are lines.
const base = `## survey
| type | name | label | relevant | choice_filter | trigger | calculation | parameters |
|---|---|---|---|---|---|---|---|
| begin group | g | G | | | | | |
| integer | age | Age | | | | | |
| select_one yn | q | Q | ${age} > 6 | | | | |
| end group | | | | | | | |
| calculate | c | | | | | ${age} + 1 | |
| range | r | R | | | | | start=0 end=10 |

## choices
| list_name | name | label |
|---|---|---|
| yn | 1 | Yes |
| yn | 2 | No |

## problems
| code | label | condition | severity | due_days |
|---|---|---|---|---|
| p1 | P | ${q} = '2' | high | 3 |
`

func TestEachMistakeNamesSheetRowColumnAndWhatWasMeant(t *testing.T) {
	t.Parallel()
	ok(t, base)
	for name, tc := range map[string]struct{ old, new, want, hint string }{
		"unknown type":           {"| integer |", "| integr |", "survey:5 type xlsform.unknown_type", "integer"},
		"unknown column":         {"relevant |", "relevent |", "survey:2 relevent xlsform.unknown_column", "relevant"},
		"unknown reference":      {"${age} > 6", "${agee} > 6", "survey:6 relevant xlsform.unknown_ref", "age"},
		"unfinished reference":   {"${age} > 6", "${age > 6", "survey:6 relevant xlsform.broken_ref", ""},
		"bad XPath":              {"${age} > 6", "${age} > > 6", "survey:6 relevant xlsform.bad_xpath", ""},
		"unknown function":       {"${age} > 6", "selectd(${age}, 6)", "survey:6 relevant xlsform.bad_call", ""},
		"double name":            {"| q | Q |", "| age | Q |", "survey:6 name xlsform.same_name", ""},
		"bad name":               {"| q | Q |", "| 1q | Q |", "survey:6 name xlsform.bad_name", ""},
		"no name":                {"| q | Q |", "| | Q |", "survey:6 type xlsform.no_name", ""},
		"no label":               {"| q | Q |", "| q | |", "survey:6 type xlsform.no_label", ""},
		"group not closed":       {"| end group | | | | | | | |\n", "", "survey:4 type xlsform.not_closed", ""},
		"group not opened":       {"| begin group | g | G | | | | | |\n", "", "survey:6 type xlsform.not_open", ""},
		"wrong end":              {"| end group |", "| end repeat |", "survey:7 type xlsform.wrong_end", ""},
		"missing list":           {"select_one yn", "select_one yns", "survey:6 type xlsform.no_list", "yn"},
		"choice twice":           {"| yn | 2 |", "| yn | 1 |", "choices:15 name xlsform.same_choice", ""},
		"choice without name":    {"| yn | 2 |", "| yn | |", "choices:15 name xlsform.choice_no_name", ""},
		"calculation missing":    {"${age} + 1", "", "survey:8 type xlsform.no_calculation", ""},
		"bad parameter":          {"start=0 end=10", "start=0 ende=10", "survey:9 parameters xlsform.unknown_parameter", "end"},
		"parameter no number":    {"start=0 end=10", "start=zero end=10", "survey:9 parameters xlsform.parameter_number", ""},
		"same meaning":           {"| trigger |", "| relevance |", "survey:2 relevance xlsform.same_column", ""},
		"near-miss sheet":        {"## choices", "## choises", "choises:0  xlsform.unknown_sheet", "choices"},
		"problem without code":   {"| p1 |", "| |", "problems:20 code xlsform.empty_cell", ""},
		"problem's reference":    {"${q} = '2'", "${qq} = '2'", "problems:20 condition xlsform.unknown_ref", ""},
		"problem's days":         {"| 3 |", "| soon |", "problems:20 due_days xlsform.bad_days", ""},
		"survey sheet misspelt":  {"## survey", "## survay", ":0  xlsform.no_survey", "survay"},
		"trigger is a reference": {"| calculate | c | | | | |", "| calculate | c | | | | age |", "survey:8 trigger xlsform.bad_trigger", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			src := strings.Replace(base, tc.old, tc.new, 1)
			if src == base {
				t.Fatal("the case changes nothing")
			}
			_, ds := convert(t, "form.md", src)
			var all []string
			for _, d := range ds {
				line := fmt.Sprintf("%s:%d %s %s", d.Sheet, d.Row, d.Column, d.Code)
				all = append(all, d.String())
				if d.Message.ZH == d.Code || d.Message.EN == d.Code || unfilled.MatchString(d.Message.ZH) {
					t.Errorf("no sentence for %s: %v", d.Code, d.Message)
				}
				if line == tc.want && strings.Contains(d.Hint.EN, tc.hint) {
					return
				}
			}
			t.Errorf("want %s (hint %q), got\n\t%s", tc.want, tc.hint, strings.Join(all, "\n\t"))
		})
	}
}

func TestAllMistakesAreFoundInOneRun(t *testing.T) {
	t.Parallel()
	src := strings.NewReplacer("| integer |", "| integr |", "select_one yn", "select_one yns", "| yn | 2 |", "| yn | 1 |", "| 3 |", "| x |").Replace(base)
	res, ds := convert(t, "form.md", src)
	codes := map[string]bool{}
	for _, d := range ds {
		codes[d.Code] = true
	}
	for _, want := range []string{"unknown_type", "no_list", "same_choice", "bad_days"} {
		if !codes["xlsform."+want] {
			t.Errorf("%s is missing in %v", want, ds)
		}
	}
	if res.XForm != nil {
		t.Error("a form with errors has an XForm")
	}
}

func TestAnEntityLivesInTheRepeatItsQuestionsAreIn(t *testing.T) {
	t.Parallel()
	got := ok(t, `
## survey
| type | name | label | save_to |
|---|---|---|---|
| begin repeat | member | M | |
| text | who | W | full_name |
| end repeat | | | |

## entities
| list_name | label |
|---|---|
| people | ${who} |
`)
	for _, want := range []string{
		`entities:entities-version="2025.1.0"`,
		`<bind nodeset="/data/member/who" type="string" entities:saveto="full_name"/>`,
		`<bind nodeset="/data/member/meta/entity/label" readonly="true()" type="string" calculate=" ../../../who "/>`,
		`<setvalue ref="/data/member/meta/entity/@id" event="odk-new-repeat" value="uuid()"/>`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in\n%s", want, got)
		}
	}
}

func TestTriggeredValuesAreSetByTheQuestionThatTriggersThem(t *testing.T) {
	t.Parallel()
	got := ok(t, `
## survey
| type | name | label | trigger | calculation |
|---|---|---|---|---|
| text | a | A | | |
| dateTime | when | | ${a} | now() |
`)
	if want := `<setvalue ref="/data/when" event="xforms-value-changed" value="now()"/>`; !strings.Contains(got, want) {
		t.Errorf("no %s in\n%s", want, got)
	}
	if strings.Contains(got, "calculate=") {
		t.Error("a triggered value must not be calculated as well")
	}
}
