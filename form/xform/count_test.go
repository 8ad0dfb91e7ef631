package xform_test

import "testing"

func TestACountedRepeatKeepsWhatTheFormDefinesForItsFirstInstance(t *testing.T) {
	t.Parallel()
	s, err := parse(t, `<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
	 xmlns:jr="http://openrosa.org/javarosa"><h:head><h:title>t</h:title><model><instance><data id="t"><n/><r><q>8</q></r></data></instance>
	 <bind nodeset="/data/n" type="int"/></model></h:head><h:body><input ref="/data/n"/>
	 <group ref="/data/r"><repeat nodeset="/data/r" jr:count="/data/n"><input ref="/data/r/q"/></repeat></group></h:body></h:html>`).NewSession(env())
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []string{"2", "0", "3"} {
		set(t, s, "/data/n", n)
		if n == "0" {
			continue
		}
		for ref, want := range map[string]string{"/data/r[1]/q": "8", "/data/r[2]/q": ""} {
			if got, ok := s.Node(ref); !ok || got.Value != want {
				t.Errorf("count %s: %s = %q (%v), want %q", n, ref, got.Value, ok, want)
			}
		}
	}
}
