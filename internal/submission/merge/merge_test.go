package merge_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"ruhu/form/xform"
	"ruhu/internal/submission/merge"
)

const form = `<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:ruhu="https://ruhu.dev/xforms"><h:head>
<h:title>x</h:title><model><instance><data id="x" version="1"><size/><pupil/><school/><total/><m><age/></m><meta><instanceID/></meta></data></instance>
<bind nodeset="/data/size" type="int" ruhu:warning=". &lt; 10" ruhu:warningMsg="many"/><bind nodeset="/data/school" relevant="/data/pupil = '1'"/>
<bind nodeset="/data/total" calculate="/data/size * 2"/><bind nodeset="/data/m/age" type="int"/></model></h:head><h:body>
<input ref="/data/size"><label>size</label></input>
<select1 ref="/data/pupil"><label>pupil</label><item><label>yes</label><value>1</value></item><item><label>no</label><value>2</value></item></select1>
<input ref="/data/school"><label>school</label></input>
<repeat nodeset="/data/m"><input ref="/data/m/age"><label>age</label></input></repeat></h:body></h:html>`

// instance writes answers; members are the ages.
func instance(size, pupil, school string, members ...string) []byte {
	var m strings.Builder
	for _, age := range members {
		fmt.Fprintf(&m, "<m><age>%s</age></m>", age)
	}
	return fmt.Appendf(nil, `<data id="x" version="1"><size>%s</size><pupil>%s</pupil><school>%s</school><total/>%s<meta><instanceID>uuid:1</instanceID></meta></data>`,
		size, pupil, school, m.String())
}

func TestEditsMeet(t *testing.T) {
	t.Parallel()
	f, err := xform.Parse([]byte(form), xform.Options{})
	if err != nil {
		t.Fatal(err)
	}
	env := xform.Env{Now: func() time.Time { return time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC) }, Zone: time.UTC}
	base := instance("3", "2", "", "30", "5")
	for name, tc := range map[string]struct {
		current, other []byte
		overlaps       string   // labels or refs
		has            []string // of the merged instance
	}{
		"different questions":                {instance("4", "2", "", "30", "5"), instance("3", "2", "", "31", "5"), "", []string{"<size>4</size>", "<age>31</age>", "<total>8</total>"}},
		"a filter and what it opens":         {instance("4", "2", "", "30", "5"), instance("3", "1", "村小", "30", "5"), "", []string{"<size>4</size>", "<pupil>1</pupil>", "<school>村小</school>"}},
		"the same question, the same answer": {instance("4", "2", "", "30", "5"), instance("4", "1", "", "30", "5"), "", []string{"<size>4</size>", "<pupil>1</pupil>"}},
		"the same question, two answers":     {instance("4", "2", "", "30", "5"), instance("5", "1", "", "30", "5"), "size", nil},
		"one removes a member":               {instance("4", "2", "", "30", "5"), instance("3", "2", "", "30"), "/data/m", nil},
		"both add a member":                  {instance("3", "2", "", "30", "5", "1"), instance("3", "2", "", "30", "5", "2"), "age", nil},
		"only the standing one adds":         {instance("3", "2", "", "30", "5", "1"), instance("4", "2", "", "30", "5"), "", []string{"<size>4</size>", "<age>1</age>"}},
		"nothing new in the second":          {instance("4", "2", "", "30", "5"), base, "", nil},
	} {
		got, err := merge.Merge(f, base, tc.current, tc.other, env)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var overlaps []string
		for _, a := range got.Overlaps {
			if a.Label == "" {
				a.Label = a.Ref
			}
			overlaps = append(overlaps, a.Label)
		}
		if s := strings.Join(overlaps, " "); s != tc.overlaps {
			t.Errorf("%s: overlaps %q, want %q", name, s, tc.overlaps)
		}
		for _, want := range tc.has {
			if !strings.Contains(string(got.XML), want) {
				t.Errorf("%s: no %s in %s", name, want, got.XML)
			}
		}
		if tc.has == nil && got.XML != nil {
			t.Errorf("%s: merged into %s", name, got.XML)
		}
	}
	if _, err := merge.Merge(f, base, []byte("<other/>"), base, env); err == nil {
		t.Error("what is no instance of the form is merged")
	}
}

func TestHowAnAnswerWasConfirmedComesWithIt(t *testing.T) {
	t.Parallel()
	f, err := xform.Parse([]byte(form), xform.Options{})
	if err != nil {
		t.Fatal(err)
	}
	env := xform.Env{Now: func() time.Time { return time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC) }, Zone: time.UTC}
	vouch := `<ruhu:vouch xmlns:ruhu="https://ruhu.dev/xforms" ref="/data/school" account="a1" method="badge" at="2026-03-02T08:00:00.000Z">T</ruhu:vouch></meta>`
	other := []byte(strings.Replace(string(instance("3", "1", "村小")), "</meta>", vouch, 1))
	got, err := merge.Merge(f, instance("3", "1", ""), instance("4", "1", ""), other, env)
	if err != nil || !strings.Contains(string(got.XML), `ref="/data/school" account="a1" method="badge"`) {
		t.Errorf("got %v\n%s", err, got.XML)
	}
}
