package merge_test

import (
	"strings"
	"testing"
	"time"

	"ruhu/form/xform"
	"ruhu/internal/submission/merge"
)

const signed = `<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:ruhu="https://ruhu.dev/xforms"><h:head>
<h:title>x</h:title><model><instance><data id="x" version="1"><size/><m><age/><face/></m><sign/><who/><at/><meta><instanceID/></meta></data></instance>
<bind nodeset="/data/size" type="int" ruhu:warning=". &lt; 10" ruhu:warningMsg="many"/><bind nodeset="/data/m/age" type="int"/>
<bind nodeset="/data/m/face" type="binary"/><bind nodeset="/data/sign" type="binary"/><bind nodeset="/data/who" type="string"/>
<bind nodeset="/data/at" type="geopoint"/></model></h:head><h:body>
<input ref="/data/size"><label>size</label></input>
<repeat nodeset="/data/m"><input ref="/data/m/age"><label>age</label></input><upload ref="/data/m/face" mediatype="image/*"><label>face</label></upload></repeat>
<upload ref="/data/sign" mediatype="image/*" appearance="signature"><label>sign</label></upload>
<input ref="/data/who" appearance="enumerator"><label>who</label></input><input ref="/data/at"><label>at</label></input></h:body></h:html>`

func TestTwoKeyingsDifferInAnswersAlone(t *testing.T) {
	t.Parallel()
	f, err := xform.Parse([]byte(signed), xform.Options{})
	if err != nil {
		t.Fatal(err)
	}
	env := xform.Env{Now: func() time.Time { return time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC) }, Zone: time.UTC}
	keyed := func(size, reason, ages, by string) []byte {
		var m strings.Builder
		for age := range strings.FieldsSeq(ages) {
			m.WriteString("<m><age>" + age + "</age><face>" + by + ".jpg</face></m>")
		}
		return []byte(`<data id="x" version="1" xmlns:ruhu="https://ruhu.dev/xforms"><size ruhu:reason="` + reason + `">` + size + "</size>" + m.String() + "<sign>" + by + ".png</sign><who>" + by +
			"</who><at>" + map[string]string{"a": "28.1 112.2 0 5", "b": "28.9 112.9 0 9"}[by] + "</at><meta><instanceID>uuid:" + by + "</instanceID></meta></data>")
	}
	for name, tc := range map[string]struct {
		second []byte
		want   string
	}{
		"alike, by somebody else":  {keyed("12", "as on paper", "30 5", "b"), ""},
		"another answer":           {keyed("13", "as on paper", "30 5", "b"), "size"},
		"another answer of member": {keyed("12", "as on paper", "30 6", "b"), "age"},
		"a member left out":        {keyed("12", "as on paper", "30", "b"), "/data/m"},
	} {
		got, err := merge.Compare(f, keyed("12", "ten people and two", "30 5", "a"), tc.second, env)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var labels []string
		for _, a := range got {
			if a.Label == "" {
				a.Label = a.Ref
			}
			labels = append(labels, a.Label)
		}
		if s := strings.Join(labels, ","); s != tc.want {
			t.Errorf("%s: %q, want %q", name, s, tc.want)
		}
	}
}
