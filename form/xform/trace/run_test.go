package trace_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"ruhu/form/xform"
	"ruhu/form/xform/trace"
)

const form = `<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"><h:head><h:title>t</h:title><model>
<instance><data id="t"><a/><b/><r><c/></r></data></instance><bind nodeset="/data/a" constraint=". &lt; 3" required="true()"/>
<bind nodeset="/data/b" relevant="/data/a = 1"/></model></h:head><h:body><input ref="/data/a"/><input ref="/data/b"/>
<repeat nodeset="/data/r"><input ref="/data/r/c"/></repeat></h:body></h:html>`

func TestATraceTellsWhatEachStepHasChanged(t *testing.T) {
	t.Parallel()
	f, err := xform.Parse([]byte(form), xform.Options{})
	if err != nil {
		t.Fatal(err)
	}
	plan := trace.Plan{Env: trace.Env{TZ: "UTC", Now: "2025-03-15T10:30:00Z"}, Steps: []trace.Step{
		{Op: "set", Ref: "/data/a", Value: "1"},
		{Op: "set", Ref: "/data/a", Value: "5"},
		{Op: "add", Ref: "/data/r"},
		{Op: "remove", Ref: "/data/r[2]"},
		{Op: "set", Ref: "/data/none", Value: "1"},
	}}
	var b bytes.Buffer
	if err := trace.Run(f, &plan, &b); err != nil {
		t.Fatal(err)
	}
	want := []string{
		`nodes=6 violations=[[/data/a required]]`,
		`changed=[/data/a /data/b] gone=[] violations=[]`,
		`changed=[/data/a /data/b] gone=[] violations=[[/data/a constraint]]`,
		`changed=[/data/r /data/r[2] /data/r[2]/c] gone=[] violations=[[/data/a constraint]]`,
		`changed=[/data/r] gone=[/data/r[2] /data/r[2]/c] violations=[[/data/a constraint]]`,
		`rejected changed=[] gone=[] violations=[[/data/a constraint]]`,
		`end <data id="t"><a>5</a><r><c/></r></data>`,
		`restore changed=[] gone=[]`,
	}
	sc := bufio.NewScanner(&b)
	for i := 0; sc.Scan(); i++ {
		if got := digest(t, sc.Bytes()); got != want[i] {
			t.Errorf("line %d: %s, want %s", i, got, want[i])
		}
	}
}

func digest(t *testing.T, src []byte) string {
	var l struct {
		Nodes, Changed []trace.Node
		Gone           []string
		Violations     [][]string
		Result         string
		End, Restore   bool
		XML            string `json:"instance_xml"`
	}
	if err := json.Unmarshal(src, &l); err != nil {
		t.Fatal(err)
	}
	var refs []string
	for _, n := range l.Changed {
		refs = append(refs, n.Ref)
	}
	diff := "changed=[" + strings.Join(refs, " ") + "] gone=[" + strings.Join(l.Gone, " ") + "]"
	switch {
	case l.End:
		return "end " + l.XML
	case l.Restore:
		return "restore " + diff
	}
	v := " violations=["
	for _, x := range l.Violations {
		v += "[" + strings.Join(x, " ") + "]"
	}
	v += "]"
	switch {
	case l.Nodes != nil:
		return "nodes=" + string(rune('0'+len(l.Nodes))) + v
	case l.Result == "rejected":
		return "rejected " + diff + v
	}
	return diff + v
}
