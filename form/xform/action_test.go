package xform_test

import (
	"errors"
	"testing"

	"ruhu/form/xform"
)

func codeOf(err error) string {
	var e *xform.Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

func TestAnActionThatMeansSeveralInstancesIsReported(t *testing.T) {
	t.Parallel()
	f := parse(t, hostile(`<instance><data id="a"><source/><rep jr:template=""><dest/></rep></data></instance>`,
		`<input ref="/data/source"><setvalue event="xforms-value-changed" ref="/data/rep/dest" value="/data/source"/></input>
		<group ref="/data/rep"><repeat nodeset="/data/rep"><input ref="/data/rep/dest"/></repeat></group>`))
	s, err := f.NewSession(xform.Env{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.AddRepeat("/data/rep"); err != nil {
		t.Fatal(err)
	}
	set(t, s, "/data/source", "one")
	if got := s.Value("/data/rep[1]/dest"); got != "one" {
		t.Errorf("the only instance has %q", got)
	}
	if _, err := s.AddRepeat("/data/rep"); err != nil {
		t.Fatal(err)
	}
	change, err := s.Set("/data/source", "two")
	if codeOf(err) != "xform.many_targets" || s.Value("/data/source") != "two" || len(change.Changed) == 0 {
		t.Errorf("got %v, source %q, %d changes", err, s.Value("/data/source"), len(change.Changed))
	}
	if got := s.Value("/data/rep[1]/dest"); got != "one" {
		t.Errorf("the action has set %q", got)
	}
	if _, err := s.Set("/data/rep[2]/dest", "x"); err != nil {
		t.Errorf("the next call reports it again: %v", err)
	}
}

func TestAnOrderHoldsAllChoices(t *testing.T) {
	t.Parallel()
	f := parse(t, hostile(`<instance><data id="r"><r/></data></instance>`,
		`<rank ref="/data/r"><item><label>A</label><value>a</value></item><item><label>B</label><value>b</value></item></rank>`))
	s, err := f.NewSession(xform.Env{})
	if err != nil {
		t.Fatal(err)
	}
	for value, want := range map[string]string{"b a": "", "a": "xform.rank", "": "", "a c": "xform.rank"} {
		if _, err := s.Set("/data/r", value); codeOf(err) != want {
			t.Errorf("%q: %v, want %q", value, err, want)
		}
	}
}

func TestIndexesMayComeInAnyOrder(t *testing.T) {
	t.Parallel()
	f := parse(t, hostile(`<instance><data id="i"><a><b><v/></b></a></data></instance>
		<bind nodeset="/data/a/b/v" calculate="concat(position(../..), '.', position(..))"/>`,
		`<repeat nodeset="/data/a"><repeat nodeset="/data/a/b"><input ref="/data/a/b/v"/></repeat></repeat>`))
	s, err := f.NewSession(xform.Env{})
	if err != nil {
		t.Fatal(err)
	}
	for _, ref := range []string{"/data/a", "/data/a[1]/b", "/data/a[2]/b", "/data/a[2]/b"} {
		if _, err := s.AddRepeat(ref); err != nil {
			t.Fatal(err)
		}
	}
	for expr, want := range map[string]string{
		"indexed-repeat(/data/a/b/v, /data/a, 2, /data/a/b, 3)": "2.3",
		"indexed-repeat(/data/a/b/v, /data/a/b, 3, /data/a, 2)": "2.3",
		"indexed-repeat(/data/a/b/v, a/b, 1, a, 2)":             "2.1",
		"indexed-repeat(/data/a/b/v, /data/a/b, 3, /data/a, 1)": "",
	} {
		if v, err := s.Eval(expr); err != nil || v.String() != want {
			t.Errorf("%s = %q, %v; want %q", expr, v.String(), err, want)
		}
	}
}

// TestManyChildrenAreFoundByName: lists long enough for an index, with repeats
// and a second prefix among the questions.
func TestManyChildrenAreFoundByName(t *testing.T) {
	t.Parallel()
	f := parse(t, hostile(`<instance xmlns:x="urn:x"><data id="n"><a1/><a2/><a3/><a4/><a5/><a6/><rep><v/></rep><a7/><a8/><a9/><b1/><b2/><dup/><x:dup/><sum/></data></instance>
		<bind nodeset="/data/sum" calculate="concat(/data/a9, '-', count(/data/rep), '-', sum(/data/rep/v), '-', count(/data/dup), '-', /data/none)"/>`,
		`<input ref="/data/a9"/><repeat nodeset="/data/rep"><input ref="/data/rep/v"/></repeat>`))
	s, err := f.NewSession(xform.Env{})
	if err != nil {
		t.Fatal(err)
	}
	check := func(want string) {
		t.Helper()
		if got := s.Value("/data/sum"); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	set(t, s, "/data/rep[1]/v", "4")
	set(t, s, "/data/a9", "z")
	check("z-1-4-2-")
	for range 2 {
		if _, err := s.AddRepeat("/data/rep"); err != nil {
			t.Fatal(err)
		}
	}
	set(t, s, "/data/rep[2]/v", "5")
	set(t, s, "/data/rep[3]/v", "6")
	check("z-3-15-2-")
	if _, err := s.RemoveRepeat("/data/rep[2]"); err != nil {
		t.Fatal(err)
	}
	set(t, s, "/data/a9", "y")
	check("y-2-10-2-")
}
