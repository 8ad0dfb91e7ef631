package xform

import (
	"strings"
	"testing"
)

func TestWhoWasMetIsPartOfTheRecord(t *testing.T) {
	t.Parallel()
	s := memberSession(t, Env{})
	for field, v := range map[string]string{"guide": " 村支书 ", "respondent": "cadre", "name": "某某", "elsewhere": "在村委会作答"} {
		if err := s.SetVisit(field, v); err != nil {
			t.Fatal(err)
		}
	}
	for _, bad := range [][2]string{{"respondent", "nobody"}, {"weather", "rain"}, {"guide", strings.Repeat("长", 101)}} {
		if err := s.SetVisit(bad[0], bad[1]); code(err) != "xform.visit" {
			t.Errorf("%v: got %v, want xform.visit", bad, err)
		}
	}
	want := Visit{"村支书", "cadre", "某某", "在村委会作答"}
	for _, write := range []func() ([]byte, error){s.Draft, s.XML} {
		b, err := write()
		if err != nil {
			t.Fatal(err)
		}
		if got := memberSession(t, Env{Instance: b}).Visit(); got != want {
			t.Errorf("got %+v, want %+v from\n%s", got, want, b)
		}
	}
	if b, _ := memberSession(t, Env{}).XML(); strings.Contains(string(b), "ruhu:visit") {
		t.Error("a record says nothing in many words")
	}
}

func TestAnswersToCommentsAreKeptWithTheRecord(t *testing.T) {
	t.Parallel()
	s := memberSession(t, Env{})
	for _, x := range [][2]string{{"c1", "已核对 <工资条>"}, {"c2", "先写后删"}, {"c2", " "}} {
		if err := s.SetReply(x[0], x[1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.SetReply("", "给谁"); code(err) != "xform.reply" {
		t.Errorf("got %v, want xform.reply", err)
	}
	b, err := s.XML()
	if err != nil {
		t.Fatal(err)
	}
	got := memberSession(t, Env{Instance: b}).Replies()
	if len(got) != 1 || got["c1"] != "已核对 <工资条>" {
		t.Errorf("got %v from\n%s", got, b)
	}
}

func TestTheServerTakesWhatTheDoorstepAdds(t *testing.T) {
	t.Parallel()
	s := memberSession(t, Env{Prefill: register})
	for _, err := range []error{s.SetVisit("guide", "村会计"), s.SetReply("c1", "已核对")} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Verify("/data/size", ""); err != nil {
		t.Fatal(err)
	}
	b, err := s.XML()
	if err != nil {
		t.Fatal(err)
	}
	r, err := s.f.Validate(b, Env{})
	if err != nil || len(r.Findings) != 0 {
		t.Errorf("got %v %+v from\n%s", err, r.Findings, b)
	}
}
