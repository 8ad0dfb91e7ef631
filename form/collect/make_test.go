package collect_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"
	"time"

	"ruhu/form/collect"
	"ruhu/form/xform"
	"ruhu/internal/playbook"
	"ruhu/playbooks"
)

const small = `<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa" xmlns:ruhu="https://ruhu.dev/xforms">
<h:head><h:title>甲</h:title><model>
<itext><translation lang="中文 (zh)" default="true()"><text id="w"><value>请核实</value></text></translation><translation lang="English (en)"><text id="w"><value>verify</value></text></translation></itext>
<instance><data id="small" version="3"><name/><phone/><code/><kind/><rep jr:template=""><n/></rep><meta><instanceID/></meta></data></instance>
<bind nodeset="/data/name" type="string" required="true()" ruhu:prefill="household.head_name" ruhu:pii="name" ruhu:compare="national"/>
<bind nodeset="/data/phone" type="string" ruhu:prefill="household.phone" ruhu:prefillEditable="true()"/>
<bind nodeset="/data/code" type="string" ruhu:prefill="household.class"/>
<bind nodeset="/data/kind" type="string" ruhu:warning="/data/code = '' or . = '1' or . = 'a.b'" ruhu:warningMsg="jr:itext('w')"/>
<setvalue ref="/data/kind" event="odk-instance-first-load" value="if(/data/code = 'poor', '1', '')"/>
<bind nodeset="/data/rep/n" type="int" relevant="/data/name != ''" ruhu:warning=". &lt; 100" ruhu:warningMsg="large"/>
<bind nodeset="/data/meta/instanceID" type="string" jr:preload="uid"/>
</model></h:head>
<h:body><input ref="/data/name"><label>name</label></input><input ref="/data/phone"><label>phone</label></input>
<input ref="/data/kind"><label>kind</label></input>
<group ref="/data/rep"><repeat nodeset="/data/rep"><input ref="/data/rep/n"><label>n</label></input></repeat></group></h:body></h:html>`

const list = "name,label,__version,form,note,household_head_name,household_phone,household_class\n" +
	"a1,张家,1,small,,张甲,12345,poor\na2,李家,1,small,请再问,李乙,,poor\na3,别的表,1,other,,王丙,,poor\n"

func parse(t *testing.T, xml []byte, csv string) *xform.Form {
	t.Helper()
	f, err := xform.Parse(xml, xform.Options{Attachments: func(uri string) ([]byte, error) {
		if uri != "jr://file-csv/"+collect.EntityList+".csv" {
			t.Errorf("the form asks for %s", uri)
		}
		return []byte(csv), nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range f.Warnings() {
		t.Errorf("warning: %v", w)
	}
	return f
}

func TestAnotherClientGetsPrefillsAndWarningsAsStandardParts(t *testing.T) {
	t.Parallel()
	made, err := collect.Make([]byte(small), strings.Repeat("ab", 32))
	if err != nil {
		t.Fatal(err)
	}
	if s := string(made.Client); strings.Contains(s, "ruhu.dev") || strings.Contains(s, "national") || !strings.Contains(s, `client-editable="true"`) || !strings.Contains(s, `version="3-abababababab"`) {
		t.Errorf("client form:\n%s", s)
	}
	at := time.Date(2026, 4, 8, 9, 0, 0, 0, time.UTC)
	env := xform.Env{Now: func() time.Time { return at }, Zone: time.UTC}
	f := parse(t, made.Client, list)
	s, err := f.NewSession(env)
	if err != nil {
		t.Fatal(err)
	}
	set := func(ref, value string) {
		t.Helper()
		if _, err := s.Set(ref, value); err != nil {
			t.Fatalf("set %s: %v", ref, err)
		}
	}
	node := func(ref string) xform.NodeState {
		t.Helper()
		for _, n := range s.State() {
			if n.Ref == ref {
				return n
			}
		}
		t.Fatalf("no node %s", ref)
		return xform.NodeState{}
	}
	if choices := node("/data/ruhu_visit/household").Choices; len(choices) != 2 || choices[0].Label != "张家" {
		t.Errorf("households to choose from: %+v", choices)
	}
	set("/data/ruhu_visit/household", "a1")
	if n := node("/data/name"); n.Value != "张甲" || !n.Readonly {
		t.Errorf("a locked prefill: %+v", n)
	}
	if n := node("/data/phone"); n.Value != "12345" || n.Readonly {
		t.Errorf("a prefill that may be changed: %+v", n)
	}
	if n := node("/data/kind"); n.Value != "1" {
		t.Errorf("what follows from a prefill: %+v", n)
	}
	if node("/data/ruhu_visit/returned").Relevant {
		t.Error("a note of a reviewer where nothing was returned")
	}
	set("/data/ruhu_visit/household", "a2")
	if n := node("/data/ruhu_visit/returned"); !n.Relevant || n.Label != "退回意见：请再问" {
		t.Errorf("the reviewer's note: %+v", n)
	}
	if node("/data/kind_ruhu_reason").Relevant {
		t.Error("a reason is asked for without a warning")
	}
	set("/data/kind", "a.c")
	if n := node("/data/kind_ruhu_warning"); !n.Relevant || n.Label != "请核实" {
		t.Errorf("the warning: %+v", n)
	}
	if n := node("/data/kind_ruhu_reason"); !n.Relevant || !n.Required || n.Label != "核实说明" {
		t.Errorf("the reason: %+v", n)
	}
	set("/data/kind_ruhu_reason", "问过村里")
	if _, err := s.AddRepeat("/data/rep"); err != nil {
		t.Fatal(err)
	}
	set("/data/rep[1]/n", "500")
	set("/data/rep[1]/n_ruhu_reason", "数过")
	xml, err := s.XML()
	if err != nil {
		t.Fatal(err)
	}

	report, err := parse(t, made.Judge, "").Validate(xml, env)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, x := range report.Findings {
		found[x.Ref+" "+x.Rule] = report.Session.Value(collect.ReasonOf(x.Ref))
	}
	if len(found) != 2 || found["/data/kind warning"] != "问过村里" || found["/data/rep[1]/n warning"] != "数过" {
		t.Errorf("the server finds %v in\n%s", found, xml)
	}
	if report.Session.Value("/data/ruhu_visit/household") != "a2" {
		t.Error("the household is lost")
	}
}

func TestEveryQuestionnaireOfThePlaybooksCanBeHandedOut(t *testing.T) {
	t.Parallel()
	lib := playbook.NewLibrary(playbooks.FS)
	ids, err := lib.IDs()
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range ids {
		book, err := lib.Load(id)
		if err != nil {
			t.Fatal(err)
		}
		for _, form := range book.Forms {
			sum := sha256.Sum256(form.XForm)
			made, err := collect.Make(form.XForm, hex.EncodeToString(sum[:]))
			if err != nil {
				t.Fatalf("%s/%s: %v", id, form.Code, err)
			}
			parse(t, made.Client, list)
			parse(t, made.Judge, "")
			if bytes.Contains(made.Client, []byte("ruhu.dev")) {
				t.Errorf("%s/%s: our extensions are still in it", id, form.Code)
			}
			for _, p := range form.Problems {
				n := bytes.Count(made.Client, []byte(p.Code)) // a short code may be a word of the questionnaire, too
				if n > 0 && strings.Contains(p.Code, "_") || n != bytes.Count(form.XForm, []byte(p.Code)) {
					t.Errorf("%s/%s: problem rule %s is handed out", id, form.Code, p.Code)
				}
			}
			if want := bytes.Count(form.XForm, []byte("ruhu:warning=")); bytes.Count(made.Client, []byte(`_ruhu_reason" appearance`)) != want {
				t.Errorf("%s/%s: not every one of %d warnings asks for a reason", id, form.Code, want)
			}
		}
	}
}

func FuzzMake(f *testing.F) {
	f.Add([]byte(small))
	f.Add([]byte("<h:html xmlns:h='x'><h:head/></h:html>"))
	f.Fuzz(func(t *testing.T, xml []byte) {
		if _, err := xform.Parse(xml, xform.Options{}); err != nil {
			return
		}
		made, err := collect.Make(xml, strings.Repeat("0", 64))
		if err != nil {
			return
		}
		if bytes.Contains(made.Client, []byte(xform.NSRuhu)) {
			t.Errorf("our namespace is left in %s", made.Client)
		}
	})
}
