package xform_test

import (
	"testing"

	"ruhu/form/xform"
)

const keptForm = `<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa" xmlns:odk="http://www.opendatakit.org/xforms" xmlns:entities="http://www.opendatakit.org/xforms/entities"><h:head><h:title>k</h:title>
<model><itext><translation lang="zh" default="true()"><text id="c-0"><value>红</value><value form="image">jr://images/red.png</value></text><text id="c-1"><value>绿</value></text></translation></itext>
<instance><data id="k"><a/><b/><sound/><meta><instanceID/></meta></data></instance>
<instance id="__last-saved" src="jr://instance/last-saved"/>
<instance id="c"><root><item><name>r</name><itextId>c-0</itextId></item><item><name>g</name><itextId>c-1</itextId></item></root></instance>
<submission action="https://example.org/s" method="post" base64RsaPublicKey="AAAA
 BBBB" orx:auto-send="true" orx:auto-delete="false" xmlns:orx="http://openrosa.org/xforms"/>
<bind nodeset="/data/a" type="string" entities:saveto="colour"/><bind nodeset="/data/sound" type="binary"/>
<setvalue event="odk-instance-first-load" ref="/data/b" value="instance('__last-saved')/data/b"/>
<odk:recordaudio event="odk-instance-load" ref="/data/sound" odk:quality="low"/>
</model></h:head><h:body><select1 ref="/data/a"><itemset nodeset="instance('c')/root/item"><value ref="name"/><label ref="jr:itext(itextId)"/></itemset></select1><input ref="/data/b"/></h:body></h:html>`

func TestWhatTheClientNeedsIsKept(t *testing.T) {
	t.Parallel()
	f := parse(t, keptForm)
	if got := f.Submission(); got != (xform.Submission{
		Action: "https://example.org/s", Method: "post", PublicKey: "AAAABBBB", AutoSend: "true", AutoDelete: "false",
	}) {
		t.Errorf("submission %+v", got)
	}
	tasks := f.Tasks()
	if len(tasks) != 1 || tasks[0].Ref != "/data/sound" || tasks[0].Attrs["odk:quality"] != "low" || tasks[0].Events[0] != "odk-instance-load" {
		t.Errorf("tasks %+v", tasks)
	}
	if n := f.Nodes()[0]; n.SaveTo != "colour" {
		t.Errorf("node %+v", n)
	}
	s, err := f.NewSession(xform.Env{})
	if err != nil {
		t.Fatal(err)
	}
	n, _ := s.Node("/data/a")
	if n.Choices[0].Media["image"] != "jr://images/red.png" || n.Choices[1].Media != nil {
		t.Errorf("choices %+v", n.Choices)
	}
}

func TestTheRecordSavedLastIsRead(t *testing.T) {
	t.Parallel()
	f := parse(t, keptForm)
	for last, want := range map[string]string{"": "", `<data id="k"><b>before</b></data>`: "before"} {
		s, err := f.NewSession(xform.Env{Last: []byte(last)})
		if err != nil {
			t.Fatal(err)
		}
		if got := s.Value("/data/b"); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if _, err := f.NewSession(xform.Env{Last: []byte("<data")}); err == nil {
		t.Error("a broken record is accepted")
	}
}
