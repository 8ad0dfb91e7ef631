package xform_test

import (
	"strings"
	"testing"

	"ruhu/form/xform"
)

func TestValidateJudgesASubmission(t *testing.T) {
	t.Parallel()
	f := parse(t, household)
	good := string(submission(t, f))
	for name, c := range map[string]struct {
		old, new string
		want     string
	}{
		"a good one":                           {"", "", ""},
		"a required answer is missing":         {"<q4>2</q4>", "<q4/>", "/data/q4 required"},
		"a required element is missing":        {"<q4>2</q4>", "", "/data/q4 structure, /data/q4 required"},
		"a broken constraint":                  {"<q4>2</q4>", "<q4>1</q4>", "/data/q10 constraint"},
		"an unknown choice":                    {"<q10>2</q10>", "<q10>7</q10>", "/data/q10 choice"},
		"a wrong type":                         {"<size>3</size>", "<size>many</size>", "/data/per calculate, /data/size type"},
		"a calculation that was tampered with": {"<per>4000</per>", "<per>9999</per>", "/data/per calculate"},
		"an answer to a question not asked":    {"<income>", "<grp><q11>1</q11></grp><income>", "/data/grp/q11 irrelevant"},
		"an unknown element":                   {"<income>", "<evil/><income>", "/data structure"},
		"an element twice":                     {"<q4>2</q4>", "<q4>2</q4><q4>1</q4>", "/data structure"},
		"text between elements":                {"<income>", "stray<income>", "/data structure"},
		"another version":                      {`version="1"`, `version="0"`, "/data structure"},
		"an unconfirmed warning": {
			"<q4>2</q4><q10>2</q10>", "<q4>1</q4><q10>1</q10><grp><q11>2</q11><why/></grp>",
			"/data/grp/q11 warning",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			src := strings.Replace(good, c.old, c.new, 1)
			if c.old != "" && src == good {
				t.Fatalf("nothing to replace in %s", good)
			}
			r, err := f.Validate([]byte(src), env())
			if err != nil {
				t.Fatal(err)
			}
			if got := rules(r.Findings); got != c.want {
				t.Errorf("findings %q, want %q\n%s", got, c.want, src)
			}
			if r.InstanceID != "uuid:00000000-0000-4000-8000-000000000001" {
				t.Errorf("instance id %q", r.InstanceID)
			}
		})
	}
}

func TestValidateAcceptsAConfirmedWarning(t *testing.T) {
	t.Parallel()
	f := parse(t, household)
	s, err := f.NewSession(env())
	if err != nil {
		t.Fatal(err)
	}
	set(t, s, "/data/q4", "1")
	set(t, s, "/data/grp/q11", "2")
	if _, err = s.Confirm("/data/grp/q11", "外出 <务工>"); err != nil {
		t.Fatal(err)
	}
	x, _ := s.XML()
	r, err := f.Validate(x, env())
	if err != nil {
		t.Fatal(err)
	}
	if e, w := r.Errors(); e != 0 || w != 0 || len(r.Findings) != 1 || r.Findings[0].Reason != "外出 <务工>" {
		t.Errorf("%d errors, %d unconfirmed: %+v", e, w, r.Findings)
	}
	if v, err := r.Session.Eval("/data/q4 = '1' and /data/grp/q11 = '2'"); err != nil || !v.Bool() {
		t.Errorf("condition on the record: %v %v", v, err)
	}
}

func TestValidateRefusesWhatIsNoRecordOfTheForm(t *testing.T) {
	t.Parallel()
	f := parse(t, household)
	bomb := `<data id="hh">` + strings.Repeat("<m>", 300) + strings.Repeat("</m>", 300) + `</data>`
	for src, want := range map[string]string{
		"": "xform.instance", "<data": "xform.instance", "<other/>": "xform.wrong_form", `<data id="another"/>`: "xform.wrong_form",
		`<!DOCTYPE data [<!ENTITY a "aaaa">]><data id="hh">&a;</data>`: "xform.instance",
		bomb: "xform.too_large",
	} {
		if _, err := f.Validate([]byte(src), env()); code(err) != want {
			t.Errorf("%.40q: %v, want %s", src, err, want)
		}
	}
	if _, err := f.Validate(make([]byte, 9<<20), xform.Env{}); code(err) != "xform.too_large" {
		t.Errorf("9 MB: %v", err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(household))
	f.Add([]byte(`<h:html xmlns:h="http://www.w3.org/1999/xhtml"><h:head><model><instance><a id="x"><b/></a></instance>
<bind nodeset="/a/b" calculate="../b"/></model></h:head><h:body><repeat nodeset="/a/b" jr:count="3" xmlns:jr="http://openrosa.org/javarosa"/></h:body></h:html>`))
	f.Fuzz(func(t *testing.T, src []byte) {
		form, err := xform.Parse(src, xform.Options{MaxBytes: 1 << 16})
		if err != nil {
			return
		}
		s, err := form.NewSession(env())
		if err != nil {
			return
		}
		state := s.State()
		for _, n := range state[:min(len(state), 40)] {
			switch n.Type {
			case "repeat":
				_, _ = s.AddRepeat(n.Ref)
			case "root", "group", "instance":
			default:
				_, _ = s.Set(n.Ref, "1")
			}
		}
		if _, err := s.XML(); err != nil {
			t.Log(err)
		}
	})
}

func FuzzValidate(f *testing.F) {
	form := parse(f, household)
	f.Add(submission(f, form))
	f.Add([]byte(`<data id="hh"><m><age>61</age></m><m/><meta><ruhu:note xmlns:ruhu="https://ruhu.dev/xforms" ref="/data/m[2]/age">x</ruhu:note></meta></data>`))
	f.Fuzz(func(t *testing.T, src []byte) {
		r, err := form.Validate(src, env())
		if err != nil {
			return
		}
		if _, err := r.Session.Draft(); err != nil {
			t.Error(err)
		}
	})
}
