package xform_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ruhu/form/xform"
)

// sixty makes a form of 60 questions in ten groups: every question with a
// choice list or a type, every third with a constraint, every group with a jump,
// five calculations, as the questionnaires of a survey are.
func sixty() string {
	var inst, binds, body strings.Builder
	for g := range 10 {
		fmt.Fprintf(&inst, "<g%d>", g)
		fmt.Fprintf(&body, `<group ref="/data/g%d" appearance="field-list"><label>第%d组</label>`, g, g)
		if g > 0 {
			fmt.Fprintf(&binds, `<bind nodeset="/data/g%d" relevant="/data/g%d/q0 != '2' or /data/g0/q1 = '1'"/>`, g, g-1)
		}
		for q := range 6 {
			fmt.Fprintf(&inst, "<q%d/>", q)
			ref := fmt.Sprintf("/data/g%d/q%d", g, q)
			switch q % 3 {
			case 0, 1:
				fmt.Fprintf(&binds, `<bind nodeset="%s" required="true()" ruhu:warning="not(. = '3' and /data/g0/q0 = '1')"/>`, ref)
				fmt.Fprintf(&body, `<select1 ref="%s"><label>问题</label><itemset nodeset="instance('yn')/root/item"><value ref="name"/><label ref="label"/></itemset></select1>`, ref)
			case 2:
				calc := ""
				if q == 5 && g%2 == 0 {
					calc = fmt.Sprintf(` calculate="round(/data/g%d/q2 * 12, 2)"`, g)
				}
				fmt.Fprintf(&binds, `<bind nodeset="%s" type="decimal" constraint=". &gt;= 0 and . &lt; 100000"%s/>`, ref, calc)
				fmt.Fprintf(&body, `<input ref="%s"><label>元</label></input>`, ref)
			}
		}
		fmt.Fprintf(&inst, "</g%d>", g)
		body.WriteString("</group>")
	}
	return `<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa" xmlns:ruhu="https://ruhu.dev/xforms"><h:head><h:title>60</h:title><model><instance><data id="sixty" version="1">` +
		inst.String() + `<meta><instanceID/></meta></data></instance><instance id="yn"><root><item><name>1</name><label>是</label></item><item><name>2</name><label>否</label></item><item><name>3</name><label>不清楚</label></item></root></instance>` +
		binds.String() + `<bind nodeset="/data/meta/instanceID" jr:preload="uid"/></model></h:head><h:body>` + body.String() + `</h:body></h:html>`
}

func filled(tb testing.TB, f *xform.Form) []byte {
	s, err := f.NewSession(env())
	if err != nil {
		tb.Fatal(err)
	}
	for _, n := range s.State() {
		switch {
		case n.Type == "select1":
			set(tb, s, n.Ref, "1")
		case n.Type == "input" && !n.Readonly && !strings.HasSuffix(n.Ref, "q5"):
			set(tb, s, n.Ref, "1200")
		}
	}
	x, err := s.XML()
	if err != nil {
		tb.Fatal(err)
	}
	r, err := f.Validate(x, env())
	if err != nil || len(r.Findings) > 0 {
		tb.Fatalf("%v %+v", err, r.Findings)
	}
	return x
}

// BenchmarkValidate is what the server does for every submission.
func BenchmarkValidate(b *testing.B) {
	f := parse(b, sixty())
	x := filled(b, f)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := f.Validate(x, env()); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkNewSession(b *testing.B) {
	f := parse(b, sixty())
	b.ReportAllocs()
	for b.Loop() {
		if _, err := f.NewSession(env()); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSet(b *testing.B) {
	s, err := parse(b, sixty()).NewSession(env())
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if _, err := s.Set("/data/g3/q0", []string{"1", "2"}[i%2]); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkWHO compiles the largest form of the corpus.
func BenchmarkWHO(b *testing.B) {
	src, err := os.ReadFile(filepath.Join(corpus(b), "forms/enketo-core/va_who_v1_5_3.xml"))
	if err != nil {
		b.Skip(err)
	}
	for b.Loop() {
		if _, err := xform.Parse(src, xform.Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
