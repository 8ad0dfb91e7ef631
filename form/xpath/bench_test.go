package xpath_test

import (
	"fmt"
	"strings"
	"testing"

	"ruhu/form/xpath"
)

func BenchmarkScalar(b *testing.B) {
	doc := repeats(parse(b, household))
	c := &xpath.Context{Node: at(b, doc, "/data/age"), Env: &xpath.Env{Root: doc}}
	e := compile(b, ". > 3 and /data/name = 'x'")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := e.EvalBool(c); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkItemset filters 10,000 villages by township, as a cascading select
// does.
func BenchmarkItemset(b *testing.B) {
	var s strings.Builder
	s.WriteString("<instance><root>")
	for i := range 10_000 {
		fmt.Fprintf(&s, "<item><name>v%d</name><town>t%d</town></item>", i, i%400)
	}
	s.WriteString("</root></instance>")
	list := parse(b, s.String()).Element()
	doc := parse(b, "<data><town>t7</town><village/></data>")
	c := &xpath.Context{Node: at(b, doc, "/data/village"), Env: &xpath.Env{Root: doc, Instance: func(string) *xpath.Node { return list }}}
	e := compile(b, "instance('v')/root/item[town = current()/../town]")
	b.ReportAllocs()
	for b.Loop() {
		if ns, err := e.EvalNodes(c); err != nil || len(ns) != 25 {
			b.Fatal(len(ns), err)
		}
	}
}

func BenchmarkCompile(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := xpath.Compile("if(selected(/data/q1, '2') and ../age > 60, /data/q2 * 12 + sum(/data/m/pay), 0)", nil); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkParseXML(b *testing.B) {
	var s strings.Builder
	s.WriteString(`<data xmlns:orx="http://openrosa.org/xforms" id="s3" version="1">`)
	for i := range 100 {
		fmt.Fprintf(&s, "\n  <q%d>some answer 答案 %d</q%d>", i, i, i)
	}
	s.WriteString("\n</data>")
	src := []byte(s.String())
	b.SetBytes(int64(len(src)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := xpath.ParseXML(src, xpath.Limits{DataOnly: true}); err != nil {
			b.Fatal(err)
		}
	}
}
