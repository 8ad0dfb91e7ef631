package xform

import (
	"strings"
	"testing"
)

const memberForm = `<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:ruhu="https://ruhu.dev/xforms"
 xmlns:jr="http://openrosa.org/javarosa"><h:head><model><instance><data id="m"><size/><phone/><m jr:template=""><who/><job/></m><meta><instanceID/></meta></data></instance>
<bind nodeset="/data/size" type="int" ruhu:prefill="household.size" ruhu:prefillEditable="true()"/>
<bind nodeset="/data/phone" ruhu:prefill="household.phone"/>
<bind nodeset="/data/m/who" ruhu:prefill="member.name"/></model></h:head><h:body><input ref="/data/size"><label>人口</label></input>
<input ref="/data/phone"><label>电话</label></input>
<group><label>成员</label><repeat nodeset="/data/m"><input ref="/data/m/who"><label>姓名</label></input><input ref="/data/m/job"><label>务工</label></input></repeat></group></h:body></h:html>`

var register = map[string]string{"household.size": "2", "member[1].name": "甲", "member[2].name": "乙"}

func memberSession(t *testing.T, e Env) *Session {
	t.Helper()
	f, err := Parse([]byte(memberForm), Options{})
	if err != nil {
		t.Fatal(err)
	}
	s, err := f.NewSession(e)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func code(err error) string {
	if e, ok := err.(*Error); ok {
		return e.Code
	}
	return ""
}

func transcribed(t *testing.T, s *Session, ref string) Transcribed {
	t.Helper()
	n, ok := s.Node(ref)
	if !ok || n.Transcribed == nil {
		t.Fatalf("%s is not transcribed", ref)
	}
	return *n.Transcribed
}

func TestEachMemberOfTheRegisterHasAnInstance(t *testing.T) {
	t.Parallel()
	s := memberSession(t, Env{Prefill: register})
	if n, _ := s.Node("/data/m"); n.Count != 2 {
		t.Fatalf("got %d members, want 2", n.Count)
	}
	if got := s.Value("/data/m[1]/who") + s.Value("/data/m[2]/who"); got != "甲乙" {
		t.Errorf("got %s, want 甲乙", got)
	}
	if n, _ := s.Node("/data/m[2]"); !n.Prefilled {
		t.Error("the member is not marked as the register's")
	}
	if got := transcribed(t, s, "/data/m[2]/who").Key; got != "member[2].name" {
		t.Errorf("got key %s", got)
	}
}

func TestAMemberOfTheRegisterIsNeverRemovedAnAddedOneMay(t *testing.T) {
	t.Parallel()
	s := memberSession(t, Env{Prefill: register})
	if _, err := s.AddRepeat("/data/m"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Set("/data/m[3]/who", "丙"); err != nil {
		t.Fatalf("an added member has no name of its own: %v", err)
	}
	if _, err := s.RemoveRepeat("/data/m[1]"); code(err) != "xform.member" {
		t.Errorf("got %v, want xform.member", err)
	}
	draft, err := s.Draft()
	if err != nil {
		t.Fatal(err)
	}
	again := memberSession(t, Env{Prefill: register, Instance: draft})
	if _, err := again.RemoveRepeat("/data/m[2]"); code(err) != "xform.member" {
		t.Errorf("after opening the draft: got %v, want xform.member", err)
	}
	if _, err := again.RemoveRepeat("/data/m[3]"); err != nil {
		t.Error(err)
	}
	if n, _ := again.Node("/data/m"); n.Count != 2 {
		t.Errorf("got %d members, want 2", n.Count)
	}
}

func TestAnInstanceThatSomebodyAddedDoesNotBecomeTheRegistersLater(t *testing.T) {
	t.Parallel()
	s := memberSession(t, Env{Prefill: register})
	_, _ = s.AddRepeat("/data/m")
	_, _ = s.Set("/data/m[3]/who", "丙")
	draft, _ := s.Draft()
	more := map[string]string{"member[3].name": "丁"}
	for k, v := range register {
		more[k] = v
	}
	again := memberSession(t, Env{Prefill: more, Instance: draft})
	if _, err := again.RemoveRepeat("/data/m[3]"); err != nil {
		t.Error(err)
	}
}

func TestACorrectionOfTheRegisterAsksForAReason(t *testing.T) {
	t.Parallel()
	s := memberSession(t, Env{Prefill: register})
	if _, err := s.Verify("/data/phone", ""); code(err) != "xform.not_prefilled" {
		t.Errorf("got %v, want xform.not_prefilled", err)
	}
	if _, err := s.Verify("/data/size", ""); err != nil {
		t.Fatal(err)
	}
	if got := transcribed(t, s, "/data/size"); !got.Checked || got.Was != "2" {
		t.Errorf("got %+v", got)
	}
	if _, err := s.Set("/data/size", "3"); err != nil {
		t.Fatal(err)
	}
	if transcribed(t, s, "/data/size").Checked {
		t.Error("a changed answer still counts as looked at")
	}
	if _, err := s.Verify("/data/size", " "); code(err) != "xform.no_reason" {
		t.Errorf("got %v, want xform.no_reason", err)
	}
	if _, err := s.Verify("/data/size", "新生一人"); err != nil {
		t.Fatal(err)
	}
	xml, err := s.XML()
	if err != nil {
		t.Fatal(err)
	}
	if want := `ref="/data/size" was="2">新生一人</ruhu:prefill>`; !strings.Contains(string(xml), want) {
		t.Errorf("the record has no %s:\n%s", want, xml)
	}
	// The register has moved on: what was corrected stays what it was then.
	again := memberSession(t, Env{Prefill: map[string]string{"household.size": "4"}, Instance: xml})
	if got := transcribed(t, again, "/data/size"); !got.Checked || got.Was != "2" || got.Reason != "新生一人" {
		t.Errorf("got %+v", got)
	}
	if got := again.Value("/data/size"); got != "3" {
		t.Errorf("got %s, want 3", got)
	}
}

func TestALockedAnswerStaysAndTheReasonSaysWhatIsWrongWithIt(t *testing.T) {
	t.Parallel()
	s := memberSession(t, Env{Prefill: register})
	if _, err := s.Verify("/data/m[2]/who", " 应为丙，有身份证 "); err != nil {
		t.Fatal(err)
	}
	xml, err := s.XML()
	if err != nil {
		t.Fatal(err)
	}
	if want := `ref="/data/m[2]/who" was="乙">应为丙，有身份证</ruhu:prefill>`; !strings.Contains(string(xml), want) {
		t.Errorf("the record has no %s:\n%s", want, xml)
	}
	// As the server reads it, which has no register at hand; and on the phone, when it is gone on with.
	report, err := s.f.Validate(xml, Env{})
	if err != nil {
		t.Fatal(err)
	}
	again := memberSession(t, Env{Prefill: register, Instance: xml})
	for _, s := range []*Session{report.Session, again} {
		if got := transcribed(t, s, "/data/m[2]/who"); !got.Checked || got.Was != "乙" || got.Reason != "应为丙，有身份证" {
			t.Errorf("got %+v", got)
		}
		if got := s.Value("/data/m[2]/who"); got != "乙" {
			t.Errorf("got %s, want 乙", got)
		}
	}
	if _, err := again.Verify("/data/m[2]/who", ""); err != nil {
		t.Fatal(err)
	}
	if got := transcribed(t, again, "/data/m[2]/who"); !got.Checked || got.Reason != "" {
		t.Errorf("taken back: got %+v", got)
	}
	// What can be corrected is corrected, not remarked upon.
	if _, err := again.Verify("/data/size", "应为 3 人"); err != nil {
		t.Fatal(err)
	}
	if got := transcribed(t, again, "/data/size"); got.Reason != "" {
		t.Errorf("got %+v", got)
	}
}

func TestWhyNamesTheConditionAndTheAnswersBehindIt(t *testing.T) {
	t.Parallel()
	f, err := Parse([]byte(`<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"><h:head><model><instance><data id="w"><a/><sum/><g><b/></g><r><x/><y/></r></data></instance>
<bind nodeset="/data/sum" calculate="/data/a * 2"/><bind nodeset="/data/g" relevant="/data/sum &gt; 4"/><bind nodeset="/data/g/b" relevant="/data/a &gt; 1"/>
<bind nodeset="/data/r/y" relevant="../x = '1'"/></model></h:head>
<h:body><input ref="/data/a"><label>甲题</label></input><group ref="/data/g"><input ref="/data/g/b"><label>乙题</label></input></group>
<group><repeat nodeset="/data/r"><input ref="/data/r/x"><label>丙题</label></input><input ref="/data/r/y"><label>丁题</label></input></repeat></group></h:body></h:html>`), Options{})
	if err != nil {
		t.Fatal(err)
	}
	s, err := f.NewSession(Env{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Set("/data/a", "1"); err != nil {
		t.Fatal(err)
	}
	why, ok := s.Why("/data/g/b")
	if !ok || why.Ref != "/data/g" || len(why.Reads) != 1 || why.Reads[0].Ref != "/data/a" {
		t.Errorf("got %+v: want the group around, and the answer behind the calculation", why)
	}
	if _, ok := s.Why("/data/a"); ok {
		t.Error("a question that is asked has a reason not to be")
	}
	for func() int { n, _ := s.Node("/data/r"); return n.Count }() < 2 {
		if _, err := s.AddRepeat("/data/r"); err != nil {
			t.Fatal(err)
		}
	}
	why, ok = s.Why("/data/r[2]/y")
	if !ok || len(why.Reads) != 1 || why.Reads[0].Ref != "/data/r[2]/x" {
		t.Errorf("got %+v, want the answer of the same instance only", why)
	}
}
