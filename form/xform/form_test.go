package xform_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"ruhu/form/xform"
)

// household is a small form with everything that the field survey uses.
const household = `<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
 xmlns:jr="http://openrosa.org/javarosa" xmlns:ruhu="https://ruhu.dev/xforms"><h:head><h:title>户表</h:title><model>
 <itext><translation lang="中文 (zh)"><text id="w"><value>请核实</value></text><text id="n"><value>第<output value="position(..)"/>人</value></text></translation>
 <translation lang="English (en)"><text id="w"><value>please verify</value></text><text id="n"><value>Person <output value="position(..)"/></value></text></translation></itext>
 <instance><data id="hh" version="1"><head/><q4/><q10/><grp><q11/><why/></grp><income/><size/><per/>
 <m jr:template=""><name/><age/></m><older/><stamp/><meta><instanceID/></meta></data></instance>
 <bind nodeset="/data/head" ruhu:prefill="household.head_name" ruhu:pii="name"/>
 <bind nodeset="/data/q4" required="true()"/>
 <bind nodeset="/data/q10" constraint="not(/data/q4 = '1' and . = '2')" jr:constraintMsg="与第4题矛盾"/>
 <bind nodeset="/data/grp" relevant="/data/q4 = '1'"/>
 <bind nodeset="/data/grp/q11" ruhu:warning=". != '2'" ruhu:warningMsg="jr:itext('w')"/>
 <bind nodeset="/data/grp/why" relevant="../q11 = '2'"/>
 <bind nodeset="/data/income" type="decimal"/><bind nodeset="/data/size" type="int" constraint=". &gt; 0"/>
 <bind nodeset="/data/per" type="decimal" calculate="round(/data/income div /data/size, 2)"/>
 <bind nodeset="/data/m/age" type="int"/>
 <bind nodeset="/data/older" type="int" calculate="count(/data/m[age &gt;= 60])"/>
 <bind nodeset="/data/stamp" calculate="now()"/>
 <bind nodeset="/data/meta/instanceID" jr:preload="uid"/></model></h:head><h:body>
 <input ref="/data/head"/>
 <select1 ref="/data/q4"><item><label>有</label><value>1</value></item><item><label>没有</label><value>2</value></item></select1>
 <select1 ref="/data/q10"><item><label>有</label><value>1</value></item><item><label>没有</label><value>2</value></item></select1>
 <group ref="/data/grp"><select1 ref="/data/grp/q11"><item><label>是</label><value>1</value></item><item><label>否</label><value>2</value></item></select1>
 <input ref="/data/grp/why"/></group>
 <input ref="/data/income"/><input ref="/data/size"/>
 <group ref="/data/m"><label>成员</label><repeat nodeset="/data/m"><input ref="/data/m/name"><label ref="jr:itext('n')"/></input><input ref="/data/m/age"/></repeat></group>
 </h:body></h:html>`

func clock() time.Time { return time.Date(2020, 4, 13, 2, 0, 0, 0, time.UTC) }

func env() xform.Env {
	return xform.Env{Now: clock, UUID: func() string { return "00000000-0000-4000-8000-000000000001" }}
}

func parse(tb testing.TB, src string) *xform.Form {
	tb.Helper()
	f, err := xform.Parse([]byte(src), xform.Options{})
	if err != nil {
		tb.Fatal(err)
	}
	return f
}

func open(tb testing.TB, e xform.Env) *xform.Session {
	tb.Helper()
	s, err := parse(tb, household).NewSession(e)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

func set(tb testing.TB, s *xform.Session, ref, v string) xform.Change {
	tb.Helper()
	ch, err := s.Set(ref, v)
	if err != nil {
		tb.Fatal(err)
	}
	return ch
}

func rules(fs []xform.Finding) string {
	var out []string
	for _, f := range fs {
		out = append(out, f.Ref+" "+f.Rule)
	}
	return strings.Join(out, ", ")
}

func code(err error) string {
	var e *xform.Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

func TestAnAnswerTouchesOnlyWhatDependsOnIt(t *testing.T) {
	t.Parallel()
	s := open(t, env())
	ch := set(t, s, "/data/q4", "1")
	var refs []string
	for _, n := range ch.Changed {
		refs = append(refs, n.Ref)
	}
	if got, want := strings.Join(refs, " "), "/data/q4 /data/grp /data/grp/q11"; got != want {
		t.Errorf("changed %s, want %s", got, want)
	}
	if ch = set(t, s, "/data/q4", "1"); len(ch.Changed) != 0 {
		t.Errorf("the same answer again changed %v", ch.Changed)
	}
}

func TestAJumpHidesTheAnswersBehindItAndBringsThemBack(t *testing.T) {
	t.Parallel()
	s := open(t, env())
	set(t, s, "/data/q4", "1")
	set(t, s, "/data/grp/q11", "2")
	set(t, s, "/data/grp/why", "病")
	set(t, s, "/data/q4", "2")
	if x, _ := s.XML(); strings.Contains(string(x), "病") {
		t.Errorf("the submission has an answer that is not asked: %s", x)
	}
	set(t, s, "/data/q4", "1")
	if got := s.Value("/data/grp/why"); got != "病" {
		t.Errorf("the answer came back as %q", got)
	}
}

func TestAConstraintIsJudgedAgainWhenWhatItReadsChanges(t *testing.T) {
	t.Parallel()
	s := open(t, env())
	set(t, s, "/data/q10", "2")
	set(t, s, "/data/q4", "1")
	n, _ := s.Node("/data/q10")
	if n.Error == nil || n.Error.Rule != "constraint" || n.Error.Message != "与第4题矛盾" {
		t.Errorf("error = %+v", n.Error)
	}
	if got, want := rules(s.Check()), "/data/q10 constraint"; got != want {
		t.Errorf("findings %s, want %s", got, want)
	}
	set(t, s, "/data/q4", "2")
	if got := rules(s.Check()); got != "" {
		t.Errorf("findings %s, want none", got)
	}
}

func TestAWarningNeedsAReasonThatAChangedAnswerDrops(t *testing.T) {
	t.Parallel()
	s := open(t, env())
	if _, err := s.Confirm("/data/grp/q11", "x"); code(err) != "xform.no_warning" {
		t.Errorf("confirming nothing: %v", err)
	}
	set(t, s, "/data/q4", "1")
	set(t, s, "/data/grp/q11", "2")
	if _, err := s.Confirm("/data/grp/q11", "  "); code(err) != "xform.no_reason" {
		t.Errorf("confirming without a reason: %v", err)
	}
	if _, err := s.Confirm("/data/grp/q11", "在外地"); err != nil {
		t.Fatal(err)
	}
	f := s.Check()
	if len(f) != 1 || f[0].Reason != "在外地" || f[0].Severity != "warning" || f[0].Message["en"] != "please verify" || f[0].Message["zh"] != "请核实" {
		t.Errorf("findings %+v", f)
	}
	draft, err := s.Draft()
	if err != nil {
		t.Fatal(err)
	}
	e := env()
	e.Instance = draft
	r := open(t, e)
	if n, _ := r.Node("/data/grp/q11"); n.Warning == nil || n.Warning.Reason != "在外地" {
		t.Errorf("restored warning %+v", n.Warning)
	}
	set(t, r, "/data/grp/q11", "1")
	set(t, r, "/data/grp/q11", "2")
	if n, _ := r.Node("/data/grp/q11"); n.Warning == nil || n.Warning.Reason != "" {
		t.Errorf("the reason outlived the answer: %+v", n.Warning)
	}
}

func TestRegisterValuesAreTranscribedAndLocked(t *testing.T) {
	t.Parallel()
	e := env()
	e.Prefill = map[string]string{"household.head_name": "某某"}
	s := open(t, e)
	n, _ := s.Node("/data/head")
	if n.Value != "某某" || !n.Readonly || !n.Prefilled || n.PII != "name" {
		t.Errorf("node %+v", n)
	}
	if _, err := s.Set("/data/head", "x"); code(err) != "xform.readonly" {
		t.Errorf("changing it: %v", err)
	}
	if n, _ := open(t, env()).Node("/data/head"); n.Readonly {
		t.Error("locked although the register has nothing")
	}
}

func TestRepeatsCountAndLabelThemselves(t *testing.T) {
	t.Parallel()
	s := open(t, env())
	for i, age := range []string{"61", "20", "80"} {
		if _, err := s.AddRepeat("/data/m"); err != nil {
			t.Fatal(err)
		}
		set(t, s, fmt.Sprintf("/data/m[%d]/age", i+1), age)
	}
	if got := s.Value("/data/older"); got != "2" {
		t.Errorf("older = %s", got)
	}
	ch, err := s.RemoveRepeat("/data/m[1]")
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(ch.Removed, " "); got != "/data/m[3] /data/m[3]/name /data/m[3]/age" {
		t.Errorf("removed %s", got)
	}
	n, _ := s.Node("/data/m[2]/name")
	if got := s.Value("/data/older") + n.Label; got != "1第2人" {
		t.Errorf("older and label %s", got)
	}
	if _, err := s.SetLanguage("en"); err != nil {
		t.Fatal(err)
	}
	if n, _ = s.Node("/data/m[2]/name"); n.Label != "Person 2" {
		t.Errorf("label %s", n.Label)
	}
}

func TestALargeRepeatIsBuiltInOneGo(t *testing.T) {
	t.Parallel()
	src := strings.NewReplacer(`<repeat nodeset="/data/m">`, `<repeat nodeset="/data/m" jr:count="/data/size">`,
		`<label ref="jr:itext('n')"/>`, "").Replace(household)
	s, err := parse(t, src).NewSession(env())
	if err != nil {
		t.Fatal(err)
	}
	set(t, s, "/data/size", "999999999")
	if n, _ := s.Node("/data/m"); n.Count != 10000 || !n.Fixed {
		t.Errorf("count %d", n.Count)
	}
	if ch := set(t, s, "/data/m[10000]/age", "60"); len(ch.Changed) != 2 {
		t.Errorf("changed %+v", ch.Changed)
	}
	if ch := set(t, s, "/data/size", "2"); len(ch.Removed) != 9998*3 {
		t.Errorf("%d refs removed", len(ch.Removed))
	}
	if _, err := s.AddRepeat("/data/m"); code(err) != "xform.fixed_repeat" {
		t.Error(err)
	}
}

func TestAnswersAreJudgedByTheirType(t *testing.T) {
	t.Parallel()
	const tmpl = `<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"><h:head><model><instance><data id="t"><a/></data></instance>
<bind nodeset="/data/a" type="%s"/></model></h:head><h:body><input ref="/data/a"/></h:body></h:html>`
	for _, c := range []struct {
		typ, in, out string
		ok           bool
	}{
		{"int", "3", "3", true},
		{"int", "3.0", "3", true},
		{"int", "3.7", "3.7", false},
		{"int", "many", "many", false},
		{"int", "99999999999", "99999999999", false},
		{"int", " 7 ", "7", true},
		{"decimal", "3.10", "3.10", true},
		{"decimal", "1e3", "1000", true},
		{"decimal", "NaN", "NaN", false},
		{"decimal", "1,5", "1,5", false},
		{"date", "2020-04-13", "2020-04-13", true},
		{"date", "2020-02-30", "2020-02-30", false},
		{"date", "20", "20", false},
		{"time", "09:30", "09:30", true},
		{"time", "25:00", "25:00", false},
		{"dateTime", "2020-04-13T09:30:00.000+08:00", "2020-04-13T09:30:00.000+08:00", true},
		{"dateTime", "13.4.", "13.4.", false},
		{"geopoint", "27.1 109.2 300 5", "27.1 109.2 300 5", true},
		{"geopoint", "127.1 109.2", "127.1 109.2", false},
		{"geotrace", "27 109;28 109", "27 109;28 109", true},
		{"geotrace", "27", "27", false},
		{"string", " x ", " x ", true},
		{"xsd:unheard", "x", "x", true},
		{"boolean", "true", "true", true},
		{"boolean", "ja", "ja", false},
	} {
		s, err := parse(t, fmt.Sprintf(tmpl, c.typ)).NewSession(env())
		if err != nil {
			t.Fatal(err)
		}
		set(t, s, "/data/a", c.in)
		n, _ := s.Node("/data/a")
		if n.Value != c.out || (n.Error == nil) != c.ok {
			t.Errorf("%s %q: %q, error %v", c.typ, c.in, n.Value, n.Error)
		}
	}
}

func TestATextThatContainsItselfEnds(t *testing.T) {
	t.Parallel()
	const src = `<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa"><h:head><model>
<itext><translation lang="x"><text id="t"><value>a<output value="jr:itext('t')"/></value></text>
<text id="c"><value><output value="jr:choice-name('1', '/data/a')"/></value></text></translation></itext>
<instance><data id="t"><a/></data></instance></model></h:head><h:body><select1 ref="/data/a"><label ref="jr:itext('t')"/>
<item><label ref="jr:itext('c')"/><value>1</value></item></select1></h:body></h:html>`
	s, err := parse(t, src).NewSession(env())
	if err != nil {
		t.Fatal(err)
	}
	n, _ := s.Node("/data/a")
	if !strings.HasPrefix(n.Label, "aaa") || len(n.Choices) != 1 {
		t.Errorf("node %+v", n)
	}
}

func TestCallsOnWrongRefsAreExplained(t *testing.T) {
	t.Parallel()
	s := open(t, env())
	for ref, want := range map[string]string{
		"/data/none": "xform.unknown_ref", "/data": "xform.not_value", "": "xform.unknown_ref",
		"/data/m[1]/age": "xform.unknown_ref", "/data/m[0]/age": "xform.unknown_ref", "/data/m[99999999999]": "xform.unknown_ref",
		"/data/q4[1": "xform.unknown_ref", "//data": "xform.unknown_ref", "/data/m": "xform.not_value",
	} {
		if _, err := s.Set(ref, "1"); code(err) != want {
			t.Errorf("set %q: %v, want %s", ref, err, want)
		}
	}
	if _, err := s.AddRepeat("/data/grp"); code(err) != "xform.not_repeat" {
		t.Error(err)
	}
}

func TestACycleIsNamed(t *testing.T) {
	t.Parallel()
	src := strings.Replace(household, `type="decimal"/><bind nodeset="/data/size" type="int"`,
		`calculate="/data/per + 1"/><bind nodeset="/data/size" type="int"`, 1)
	_, err := xform.Parse([]byte(src), xform.Options{})
	if err == nil || !strings.Contains(err.Error(), "/data/income → /data/per → /data/income") {
		t.Errorf("error %v", err)
	}
}

func TestAllMistakesAreReportedInOneRun(t *testing.T) {
	t.Parallel()
	src := strings.NewReplacer(`constraint=". &gt; 0"`, `constraint=". &gt; ("`, `calculate="now()"`, `calculate="now("`).Replace(household)
	_, err := xform.Parse([]byte(src), xform.Options{})
	var list xform.Errors
	if !errors.As(err, &list) || len(list) != 2 || list[0].Path != "/data/size/@constraint" || list[1].Path != "/data/stamp/@calculate" {
		t.Errorf("errors %v", err)
	}
}

func TestManySessionsShareOneForm(t *testing.T) {
	t.Parallel()
	f := parse(t, household)
	sub := submission(t, f)
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			for range 20 {
				s, err := f.NewSession(env())
				if err != nil {
					t.Error(err)
					return
				}
				if _, err = s.Set("/data/size", fmt.Sprint(i+1)); err != nil {
					t.Error(err)
				}
				if _, err = s.Set("/data/income", "100"); err != nil {
					t.Error(err)
				}
				if r, err := f.Validate(sub, env()); err != nil || len(r.Findings) != 0 {
					t.Errorf("%v %v", r, err)
				}
				if got, want := s.Value("/data/size"), fmt.Sprint(i+1); got != want {
					t.Errorf("size %s, want %s", got, want)
				}
			}
		})
	}
	wg.Wait()
}

// submission is a complete and correct record.
func submission(tb testing.TB, f *xform.Form) []byte {
	tb.Helper()
	s, err := f.NewSession(env())
	if err != nil {
		tb.Fatal(err)
	}
	for _, a := range [][2]string{{"/data/q4", "2"}, {"/data/q10", "2"}, {"/data/income", "12000"}, {"/data/size", "3"}} {
		set(tb, s, a[0], a[1])
	}
	x, err := s.XML()
	if err != nil {
		tb.Fatal(err)
	}
	return x
}
