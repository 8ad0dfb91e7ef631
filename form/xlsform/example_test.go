package xlsform_test

import (
	"fmt"

	"ruhu/form/xform"
	"ruhu/form/xlsform"
)

const exampleTable = `
## survey

| type                 | name  | label::中文 (zh) | label::English (en) | relevant      |
|----------------------|-------|------------------|---------------------|---------------|
| integer              | age   | 年龄             | Age                 |               |
| select_one yes_no    | works | 有工作吗         | Working?            | ${age} >= 16  |

## choices

| list_name | name | label::中文 (zh) | label::English (en) |
|-----------|------|------------------|---------------------|
| yes_no    | 1    | 是               | Yes                 |
| yes_no    | 2    | 否               | No                  |

## settings

| form_id | version | form_title |
|---------|---------|------------|
| person  | 3       | Person     |
`

func Example() {
	wb, err := xlsform.Read("person.md", []byte(exampleTable))
	if err != nil {
		fmt.Println(err)
		return
	}
	res, diags := xlsform.Convert(wb)
	if xlsform.HasErrors(diags) {
		fmt.Println(diags)
		return
	}
	form, err := xform.Parse(res.XForm, xform.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	s, err := form.NewSession(xform.Env{Language: "en"})
	if err != nil {
		fmt.Println(err)
		return
	}
	_, _ = s.Set("/data/age", "40")
	n, _ := s.Node("/data/works")
	fmt.Println(form.ID(), form.Version(), form.Languages())
	fmt.Println(n.Label, n.Relevant, n.Choices[0].Label)
	// Output:
	// person 3 [中文 (zh) English (en)]
	// Working? true Yes
}

// All mistakes are found in one run, with their places.
func ExampleConvert_mistakes() {
	wb, err := xlsform.Read("person.md", []byte(`
## survey

| type              | name  | label    | relevant      |
|-------------------|-------|----------|---------------|
| intger            | age   | Age      |               |
| select_one yes_no | works | Working? | ${agee} >= 16 |
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	_, diags := xlsform.Convert(wb)
	for _, d := range diags {
		if d.Severity == xlsform.SeverityError {
			fmt.Println(d.Row, d.Column, d.Code)
		}
	}
	// Output:
	// 6 type xlsform.unknown_type
	// 7 type xlsform.no_list
	// 7 relevant xlsform.unknown_ref
}
