package xform

import (
	"slices"
	"strings"
	"testing"
)

func TestHowAnAnswerWasConfirmedIsPartOfTheRecord(t *testing.T) {
	t.Parallel()
	s := memberSession(t, Env{Prefill: register})
	if _, err := s.Set("/data/size", "3"); err != nil {
		t.Fatal(err)
	}
	want := Vouch{"/data/size", "0190-a", "badge", "2026-03-02T08:00:00.000Z", "RUHU1:ABC"}
	if err := s.SetVouch(want); err != nil {
		t.Fatal(err)
	}
	for name, v := range map[string]Vouch{
		"another method":  {"/data/size", "a", "face", "", ""},
		"nobody":          {"/data/size", "", "pin", "", ""},
		"no such place":   {"/data/none", "a", "pin", "", ""},
		"a group":         {"/data", "a", "pin", "", ""},
		"a long token":    {"/data/size", "a", "badge", "", strings.Repeat("A", 401)},
		"a long time":     {"/data/size", "a", "badge", strings.Repeat("1", 401), ""},
		"a long account":  {"/data/size", strings.Repeat("a", 401), "own", "", ""},
		"a repeat's self": {"/data/member", "a", "pin", "", ""},
	} {
		if err := s.SetVouch(v); code(err) != "xform.vouch" {
			t.Errorf("%s: got %v, want xform.vouch", name, err)
		}
	}
	for _, write := range []func() ([]byte, error){s.Draft, s.XML} {
		b, err := write()
		if err != nil {
			t.Fatal(err)
		}
		if got := memberSession(t, Env{Instance: b}).Vouches(); !slices.Equal(got, []Vouch{want}) {
			t.Errorf("got %+v from\n%s", got, b)
		}
		r, err := s.f.Validate(b, Env{})
		if err != nil || slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Rule == "structure" }) {
			t.Errorf("got %v %+v", err, r.Findings)
		}
		if got := r.Session.Vouches(); !slices.Equal(got, []Vouch{want}) {
			t.Errorf("the server reads %+v", got)
		}
	}
	if _, err := s.Set("/data/size", "4"); err != nil {
		t.Fatal(err)
	}
	if got := s.Vouches(); len(got) != 0 {
		t.Errorf("another answer is still confirmed: %+v", got)
	}
	if err := s.SetVouch(want); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Set("/data/size", ""); err != nil {
		t.Fatal(err)
	}
	if err := s.SetVouch(want); code(err) != "xform.vouch" {
		t.Errorf("nothing is confirmed: %v", err)
	}
}
