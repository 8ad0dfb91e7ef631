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
	x := filledLoose(tb, f)
	r, err := f.Validate(x, env())
	if err != nil || len(r.Findings) > 0 {
		tb.Fatalf("%v %+v", err, r.Findings)
	}
	return x
}

func filledLoose(tb testing.TB, f *xform.Form) []byte {
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

// benchHousehold is sixty() with a repeat of members, eight questions each.
func benchHousehold() string {
	var inst, binds, body strings.Builder
	inst.WriteString(`<total/><m jr:template="">`)
	body.WriteString(`<group ref="/data/m"><label>成员 <output value="position(.)"/></label><repeat nodeset="/data/m">`)
	for q := range 8 {
		ref := fmt.Sprintf("/data/m/p%d", q)
		fmt.Fprintf(&inst, "<p%d/>", q)
		switch q % 4 {
		case 0:
			fmt.Fprintf(&binds, `<bind nodeset="%s" type="int" required="true()" constraint=". &gt;= 0 and . &lt; 120"/>`, ref)
			fmt.Fprintf(&body, `<input ref="%s"><label>岁</label></input>`, ref)
		case 3:
			fmt.Fprintf(&binds, `<bind nodeset="%s" calculate="if(../p0 &gt;= 60, 1, 0) + number(../p%d = '1')"/>`, ref, q-1)
		default:
			fmt.Fprintf(&binds, `<bind nodeset="%s" relevant="../p0 != '' and ../p0 &lt; 99" ruhu:warning="not(. = '3' and ../p0 = 1)"/>`, ref)
			fmt.Fprintf(&body, `<select1 ref="%s"><label>问题</label><itemset nodeset="instance('yn')/root/item"><value ref="name"/><label ref="label"/></itemset></select1>`, ref)
		}
	}
	inst.WriteString(`</m>`)
	binds.WriteString(`<bind nodeset="/data/total" calculate="sum(/data/m/p3) + count(/data/m)"/>`)
	body.WriteString(`</repeat></group>`)
	src := strings.Replace(sixty(), `<meta>`, inst.String()+`<meta>`, 1)
	src = strings.Replace(src, `<bind nodeset="/data/meta/instanceID"`, binds.String()+`<bind nodeset="/data/meta/instanceID"`, 1)
	return strings.Replace(src, `</h:body>`, body.String()+`</h:body>`, 1)
}

// fiveMembers fills in a household of five.
func fiveMembers(tb testing.TB, f *xform.Form) []byte {
	e := env()
	e.Instance = filledLoose(tb, f)
	s, err := f.NewSession(e)
	if err != nil {
		tb.Fatal(err)
	}
	for m := 1; m <= 5; m++ {
		if _, err := s.AddRepeat("/data/m"); err != nil {
			tb.Fatal(err)
		}
		for q := range 8 {
			if q%4 != 3 {
				set(tb, s, fmt.Sprintf("/data/m[%d]/p%d", m, q), "1")
			}
		}
	}
	x, err := s.XML()
	if err != nil {
		tb.Fatal(err)
	}
	if r, err := f.Validate(x, env()); err != nil || len(r.Findings) > 0 {
		tb.Fatalf("%v %+v", err, r.Findings)
	}
	return x
}

// BenchmarkValidateHousehold is the measure of the server: a form of 60
// questions with a repeat of five members, judged whole.
func BenchmarkValidateHousehold(b *testing.B) {
	f := parse(b, benchHousehold())
	x := fiveMembers(b, f)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := f.Validate(x, env()); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "validations/s")
}

// BenchmarkParse compiles long forms; the time per question must not grow.
func BenchmarkParse(b *testing.B) {
	for _, n := range []int{50, 500, 5000} {
		src := []byte(questions(n))
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := xform.Parse(src, xform.Options{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkOpen starts sessions: what one costs in bytes is the memory per
// session.
func BenchmarkOpen(b *testing.B) {
	for _, n := range []int{50, 500, 5000} {
		f := parse(b, questions(n))
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := f.NewSession(env()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkAnswers gives 100 answers in a form in which each is followed by
// twenty calculations, and describes what has changed.
func BenchmarkAnswers(b *testing.B) {
	var inst, binds, body strings.Builder
	for i := range 100 {
		fmt.Fprintf(&inst, "<q%d/>", i)
		fmt.Fprintf(&body, `<input ref="/data/q%d"><label>Q</label></input>`, i)
		fmt.Fprintf(&binds, `<bind nodeset="/data/q%d" type="int"/>`, i)
		for k := range 20 {
			fmt.Fprintf(&inst, "<c%d_%d/>", i, k)
			src := fmt.Sprintf("q%d", i)
			if k > 0 {
				src = fmt.Sprintf("c%d_%d", i, k-1)
			}
			fmt.Fprintf(&binds, `<bind nodeset="/data/c%d_%d" type="int" calculate="if(/data/%s mod 2 = 0, /data/%s div 2, /data/%s * 3 + 1)"/>`, i, k, src, src, src)
		}
	}
	f := parse(b, hostile(`<instance><data id="c">`+inst.String()+`</data></instance>`+binds.String(), body.String()))
	s, err := f.NewSession(env())
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for n := 0; b.Loop(); n++ {
		for i := range 100 {
			set(b, s, fmt.Sprintf("/data/q%d", i), fmt.Sprint(i+n%7))
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
