package xform_test

import (
	"fmt"
	"time"

	"ruhu/form/xform"
)

const exampleForm = `<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
 xmlns:jr="http://openrosa.org/javarosa" xmlns:ruhu="https://ruhu.dev/xforms">
<h:head><h:title>Household</h:title><model>
 <instance><data id="household" version="1"><income/><members/><each/><reason/></data></instance>
 <bind nodeset="/data/income" type="int" required="true()" ruhu:warning=". &lt; 1000000" ruhu:warningMsg="More than a million?"/>
 <bind nodeset="/data/members" type="int" constraint=". &gt; 0" jr:constraintMsg="At least one person lives here."/>
 <bind nodeset="/data/each" type="decimal" calculate="round(/data/income div /data/members, 2)"/>
 <bind nodeset="/data/reason" relevant="/data/each &lt; 4000"/>
</model></h:head>
<h:body>
 <input ref="/data/income"><label>Income of the year</label></input>
 <input ref="/data/members"><label>Members</label></input>
 <input ref="/data/reason"><label>Why so little?</label></input>
</h:body></h:html>`

func Example() {
	form, err := xform.Parse([]byte(exampleForm), xform.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	s, err := form.NewSession(xform.Env{Now: time.Now, Zone: time.UTC})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, a := range [][2]string{{"/data/income", "9000"}, {"/data/members", "3"}} {
		change, err := s.Set(a[0], a[1])
		if err != nil {
			fmt.Println(err)
			return
		}
		for _, n := range change.Changed {
			fmt.Println(n.Ref, n.Value, n.Relevant)
		}
	}
	xml, err := s.XML()
	fmt.Println(string(xml), err)
	// Output:
	// /data/income 9000 true
	// /data/members 3 true
	// /data/each 3000 true
	// /data/reason  true
	// <data id="household" version="1"><income>9000</income><members>3</members><each>3000</each><reason/></data> <nil>
}

func ExampleSession_Check() {
	form, _ := xform.Parse([]byte(exampleForm), xform.Options{})
	s, _ := form.NewSession(xform.Env{})
	_, _ = s.Set("/data/members", "0")
	for _, f := range s.Check() {
		fmt.Println(f.Ref, f.Rule, f.Message["en"])
	}
	// Output:
	// /data/income required an answer is required
	// /data/members constraint At least one person lives here.
}

func ExampleSession_Confirm() {
	form, _ := xform.Parse([]byte(exampleForm), xform.Options{})
	s, _ := form.NewSession(xform.Env{})
	_, _ = s.Set("/data/income", "2000000")
	n, _ := s.Node("/data/income")
	fmt.Println(n.Warning.Message)
	_, _ = s.Confirm("/data/income", "sold the workshop")
	n, _ = s.Node("/data/income")
	fmt.Println(n.Warning.Reason)
	// Output:
	// More than a million?
	// sold the workshop
}

// A server judges what has arrived by the form that it was made with.
func ExampleForm_Validate() {
	form, _ := xform.Parse([]byte(exampleForm), xform.Options{})
	report, err := form.Validate([]byte(
		`<data id="household" version="1"><income>9000</income><members>3</members><each>9000</each><extra/></data>`), xform.Env{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range report.Findings {
		fmt.Printf("%s %s %s %q\n", f.Severity, f.Ref, f.Rule, f.Detail)
	}
	// Output:
	// error /data structure "extra"
	// warning /data/reason structure ""
	// error /data/each calculate "9000 ≠ 3000"
}

// Indicators and conditions of problems are compiled once and run on many
// records.
func ExampleForm_CompileExpr() {
	form, _ := xform.Parse([]byte(exampleForm), xform.Options{})
	poor, err := form.CompileExpr("/data/each < 4000")
	if err != nil {
		fmt.Println(err)
		return
	}
	report, _ := form.Validate([]byte(`<data id="household"><income>9000</income><members>3</members><each>3000</each><reason/></data>`), xform.Env{})
	v, err := report.Session.EvalExpr(poor)
	fmt.Println(v.Bool(), err)
	// Output: true <nil>
}

// Mistakes of a form are reported together, cycles with their way.
func ExampleParse_errors() {
	_, err := xform.Parse([]byte(`<model xmlns="http://www.w3.org/2002/xforms"><instance><data id="c"><a/><b/></data></instance>
 <bind nodeset="/data/a" calculate="/data/b + 1"/><bind nodeset="/data/b" calculate="/data/a + 1"/></model>`), xform.Options{})
	fmt.Println(err)
	// Output: xform.cycle at /data/a: calculations depend on each other in a cycle: /data/a → /data/b → /data/a
}
