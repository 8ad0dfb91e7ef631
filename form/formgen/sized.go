package formgen

import (
	"fmt"

	"ruhu/form/xform/trace"
)

// Sized makes a form of a kind and size for measurements, with steps that
// answer it.
//
//	survey   n questions in groups of ten and a repeat of m members with six more, as surveys are
//	calc     n number questions, each with a calculation over the one before and running totals; 100 answers
//	repeat   a repeat of n instances with a calculation each, and totals outside; 100 answers
func Sized(kind string, n, m int) (Form, []trace.Step) {
	switch kind {
	case "calc":
		return calc(n)
	case "repeat":
		return repeats(n)
	}
	return survey(n, m)
}

var yesNo = List{Name: "yn", Choices: []Choice{{Value: "1", Label: "是"}, {Value: "2", Label: "否"}, {Value: "3", Label: "不清楚"}}}

func survey(n, members int) (Form, []trace.Step) {
	f := Form{ID: fmt.Sprintf("survey%d", n), Lists: []List{yesNo}}
	var steps []trace.Step
	set := func(ref, value string) { steps = append(steps, trace.Step{Op: "set", Ref: ref, Value: value}) }
	for first := 0; first < n; first += 10 {
		g := Item{Kind: "group", Name: fmt.Sprintf("g%d", first/10)}
		path := "/data/" + g.Name
		if first > 0 {
			g.Relevant = fmt.Sprintf("/data/g%d/q%d != '2'", first/10-1, first-10)
		}
		for i := first; i < min(first+10, n); i++ {
			q := Item{Kind: "select1", Name: fmt.Sprintf("q%d", i), Type: "string", List: "yn", Required: "true()"}
			value := "1"
			switch i % 5 {
			case 2:
				q = Item{Kind: "input", Name: q.Name, Type: "int", Constraint: ". >= 0 and . < 100000"}
				value = "12"
			case 3:
				q = Item{Kind: "input", Name: q.Name, Type: "decimal", Calculate: fmt.Sprintf("round(%s/q%d * 12, 2)", path, i-1), Readonly: "true()"}
				value = ""
			case 4:
				q = Item{Kind: "input", Name: q.Name, Type: "string", Relevant: fmt.Sprintf("%s/q%d = '1'", path, i-4)}
				value = "记录"
			}
			g.Items = append(g.Items, q)
			if value != "" {
				set(path+"/"+q.Name, value)
			}
		}
		f.Items = append(f.Items, g)
	}
	if members == 0 {
		return f, steps
	}
	f.Items = append(f.Items, Item{Kind: "repeat", Name: "member", Items: []Item{
		{Kind: "input", Name: "name", Type: "string", Required: "true()"},
		{Kind: "input", Name: "age", Type: "int", Constraint: ". >= 0 and . <= 120"},
		{Kind: "select1", Name: "pupil", Type: "string", List: "yn", Relevant: "../age >= 6 and ../age < 16"},
		{Kind: "input", Name: "school", Type: "string", Relevant: "../pupil = '1'"},
		{Kind: "input", Name: "income", Type: "decimal", Relevant: "../age >= 16"},
		{Kind: "value", Name: "no", Type: "int", Calculate: "position(..)"},
	}}, Item{Kind: "value", Name: "persons", Type: "int", Calculate: "count(/data/member)"},
		Item{Kind: "value", Name: "total", Type: "decimal", Calculate: "sum(/data/member/income[. != ''])"})
	for i := 1; i <= members; i++ {
		if i > 1 {
			steps = append(steps, trace.Step{Op: "add", Ref: "/data/member"})
		}
		ref := fmt.Sprintf("/data/member[%d]/", i)
		set(ref+"name", "某某")
		if i%2 == 0 {
			set(ref+"age", "9")
			set(ref+"pupil", "1")
			set(ref+"school", "村小")
		} else {
			set(ref+"age", "40")
			set(ref+"income", "12000.5")
		}
	}
	return f, steps
}

// calc chains calculations: an answer changes all totals after it.
func calc(n int) (Form, []trace.Step) {
	f := Form{ID: fmt.Sprintf("calc%d", n)}
	for i := range n / 2 {
		q := Item{Kind: "input", Name: fmt.Sprintf("q%d", i), Type: "int", Constraint: ". >= 0"}
		v := Item{Kind: "value", Name: fmt.Sprintf("v%d", i), Type: "decimal", Calculate: fmt.Sprintf("coalesce(/data/q%d, 0) * 2 + 1", i)}
		if i%10 > 0 {
			v.Calculate = fmt.Sprintf("if(/data/q%d > 5, /data/v%d + /data/q%d, /data/v%d + 1)", i, i-1, i, i-1)
		}
		f.Items = append(f.Items, q, v)
	}
	var steps []trace.Step
	for i := range 100 {
		steps = append(steps, trace.Step{Op: "set", Ref: fmt.Sprintf("/data/q%d", i*7%(n/2)), Value: fmt.Sprint(i % 12)})
	}
	return f, steps
}

// repeats fills one repeat with n instances, then answers a hundred times.
func repeats(n int) (Form, []trace.Step) {
	f := Form{ID: fmt.Sprintf("repeat%d", n), Items: []Item{
		{Kind: "repeat", Name: "r", Items: []Item{
			{Kind: "input", Name: "a", Type: "int"},
			{Kind: "input", Name: "b", Type: "int"},
			{Kind: "value", Name: "c", Type: "int", Calculate: "../a * ../b"},
			{Kind: "input", Name: "d", Type: "string", Relevant: "../c > 20"},
		}},
		{Kind: "value", Name: "total", Type: "int", Calculate: "sum(/data/r/c)"},
		{Kind: "value", Name: "n", Type: "int", Calculate: "count(/data/r)"},
	}}
	var steps []trace.Step
	for range n - 1 {
		steps = append(steps, trace.Step{Op: "add", Ref: "/data/r"})
	}
	for i := range 100 {
		steps = append(steps, trace.Step{Op: "set", Ref: fmt.Sprintf("/data/r[%d]/%s", 1+i*7%n, []string{"a", "b"}[i%2]), Value: fmt.Sprint(3 + i%9)})
	}
	return f, steps
}
