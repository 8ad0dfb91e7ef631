package xform_test

import (
	"strings"
	"testing"

	"ruhu/form/xform"
)

const entityForm = `<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa" xmlns:entities="http://www.opendatakit.org/xforms/entities"><h:head><h:title>e</h:title>
<model entities:entities-version="2024.1.0"><instance><data id="e" version="3"><name/><keep/>
<meta><instanceID/><entity dataset="people" id="" create="" update=""><label/></entity></meta></data></instance>
<bind nodeset="/data/name" type="string" entities:saveto="full_name"/><bind nodeset="/data/keep" type="string"/>
<bind nodeset="/data/meta/entity/@id" type="string" readonly="true()"/>
<setvalue event="odk-instance-first-load" ref="/data/meta/entity/@id" value="concat('u-', 1 + 1)"/>
<bind nodeset="/data/meta/entity/@create" calculate="/data/keep = 'yes'" type="string" readonly="true()"/>
<bind nodeset="/data/meta/entity/@update" relevant="/data/keep = 'yes'" type="string" readonly="true()"/>
<bind nodeset="/data/meta/entity/label" calculate="concat(/data/name, ' ', ../@id)" type="string" readonly="true()"/>
</model></h:head><h:body><input ref="/data/name"><label>Name</label></input><input ref="/data/keep"><label>Keep</label></input></h:body></h:html>`

func TestAttributesAreCalculatedAndSent(t *testing.T) {
	t.Parallel()
	f := parse(t, entityForm)
	s, err := f.NewSession(xform.Env{})
	if err != nil {
		t.Fatal(err)
	}
	set(t, s, "/data/name", "Anna")
	for ref, want := range map[string]string{
		"/data/meta/entity/@id": "u-2", "/data/meta/entity/@create": "false", "/data/meta/entity/label": "Anna u-2",
	} {
		if got := s.Value(ref); got != want {
			t.Errorf("%s = %q, want %q", ref, got, want)
		}
	}
	want := func(part string, there bool) {
		t.Helper()
		x, err := s.XML()
		if err != nil || strings.Contains(string(x), part) != there {
			t.Errorf("%q in %s: %v, %v", part, x, !there, err)
		}
	}
	want(`update=`, false) // not relevant
	set(t, s, "/data/keep", "yes")
	want(`<entity dataset="people" id="u-2" create="true" update=""><label>Anna u-2</label></entity>`, true)

	x, err := s.XML()
	if err != nil {
		t.Fatal(err)
	}
	again, err := f.NewSession(xform.Env{Instance: []byte(strings.Replace(string(x), `id="u-2"`, `id="u-9"`, 1))})
	if err != nil || again.Value("/data/meta/entity/@id") != "u-9" {
		t.Errorf("a record's id is not kept: %q, %v", again.Value("/data/meta/entity/@id"), err)
	}
	r, err := f.Validate([]byte(strings.Replace(string(x), `create="true"`, `create="false"`, 1)), xform.Env{})
	if err != nil || len(r.Findings) != 1 || r.Findings[0].Ref != "/data/meta/entity/@create" || r.Findings[0].Rule != "calculate" {
		t.Errorf("a changed attribute is not found: %+v, %v", r, err)
	}
	for _, n := range s.State() {
		if strings.Contains(n.Ref, "@") {
			t.Errorf("an attribute is on the screen: %+v", n)
		}
	}
}

func TestAttributesInRepeats(t *testing.T) {
	t.Parallel()
	f := parse(t, `<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa"><h:head><h:title>r</h:title>
<model><instance><data id="r"><rep jr:template="" n=""><a/><m id=""/></rep></data></instance>
<bind nodeset="/data/rep/@n" calculate="position(..)"/><bind nodeset="/data/rep/m/@id" calculate="concat(../../a, '-', /data/rep/@n)"/></model></h:head>
<h:body><group ref="/data/rep"><repeat nodeset="/data/rep"><input ref="/data/rep/a"/></repeat></group></h:body></h:html>`)
	s, err := f.NewSession(xform.Env{})
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if _, err := s.AddRepeat("/data/rep"); err != nil {
			t.Fatal(err)
		}
	}
	set(t, s, "/data/rep[3]/a", "x")
	if _, err := s.RemoveRepeat("/data/rep[1]"); err != nil {
		t.Fatal(err)
	}
	if got := s.Value("/data/rep[2]/m/@id"); got != "x-2" {
		t.Errorf("got %q", got)
	}
}
