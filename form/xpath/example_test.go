package xpath_test

import (
	"fmt"
	"os"

	"ruhu/form/xpath"
)

func Example() {
	doc, err := xpath.ParseXML([]byte(`<data><age>61</age><sex>f</sex></data>`), xpath.Limits{})
	if err != nil {
		fmt.Println(err)
		return
	}
	e, err := xpath.Compile(`if(/data/age >= 60, 'asked', 'skipped')`, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	s, err := e.EvalString(&xpath.Context{Node: doc, Env: &xpath.Env{Root: doc}})
	fmt.Println(s, err)
	// Output: asked <nil>
}

func ExampleCompile_error() {
	_, err := xpath.Compile(`../age > 60 && ../sex = 'f'`, nil)
	fmt.Println(err)
	// Output: xpath: '&' is not expected here at offset 12 of "../age > 60 && ../sex = 'f'"
}

func ExampleExpr_Refs() {
	e, err := xpath.Compile(`/data/member[age > ../limit]/name`, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, r := range e.Refs() {
		fmt.Println(r)
	}
	// Output:
	// /data/member/age
	// /data/limit
	// /data/member/name
}

func ExampleExpr_Faults() {
	e, err := xpath.Compile(`if(. = '', today(), tomorrow())`, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range e.Faults() {
		fmt.Println(f.Func, f.Offset, f.Msg)
	}
	// Output: tomorrow 20 there is no such function
}

func ExampleWriteXML() {
	doc := &xpath.Node{Kind: xpath.KindDocument}
	root := &xpath.Node{Kind: xpath.KindElement, Name: xpath.Name{Local: "data"}, Parent: doc}
	doc.Children = []*xpath.Node{root}
	q := &xpath.Node{Kind: xpath.KindElement, Name: xpath.Name{Local: "q1"}, Text: "a < b", Parent: root}
	root.Children = []*xpath.Node{q}
	if err := xpath.WriteXML(os.Stdout, doc); err != nil {
		fmt.Println(err)
	}
	// Output: <data><q1>a &lt; b</q1></data>
}
