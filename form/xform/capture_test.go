package xform_test

import (
	"errors"
	"strings"
	"testing"

	"ruhu/form/xform"
)

func TestARecordKeyedFromPaperSaysSo(t *testing.T) {
	t.Parallel()
	f, err := xform.Parse([]byte(`<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"><h:head><model>
		<instance><data id="a"><q/><meta><instanceID/></meta></data></instance></model></h:head><h:body><input ref="/data/q"/></h:body></h:html>`), xform.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s, err := f.NewSession(xform.Env{})
	if err != nil {
		t.Fatal(err)
	}
	plain, err := s.XML()
	if err != nil || strings.Contains(string(plain), "capture") {
		t.Errorf("%s, %v", plain, err)
	}
	var e *xform.Error
	if err := s.SetCapture("telepathy"); !errors.As(err, &e) || e.Code != "xform.capture" || s.Capture() != "" {
		t.Errorf("%v, %q", err, s.Capture())
	}
	if err := s.SetCapture(xform.CapturePaper); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Set("/data/q", "x"); err != nil {
		t.Fatal(err)
	}
	draft, err := s.Draft()
	if err != nil {
		t.Fatal(err)
	}
	again, err := f.NewSession(xform.Env{Instance: draft})
	if err != nil || again.Capture() != xform.CapturePaper {
		t.Fatalf("a draft forgets it: %v", err)
	}
	xml, err := again.XML()
	if err != nil || strings.Count(string(xml), ">paper</ruhu:capture>") != 1 {
		t.Errorf("%s, %v", xml, err)
	}
	r, err := f.Validate(xml, xform.Env{})
	if err != nil || len(r.Findings) > 0 || r.Session.Capture() != xform.CapturePaper {
		t.Errorf("%+v, %v", r, err)
	}
}
