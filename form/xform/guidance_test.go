package xform_test

import (
	"strings"
	"testing"
)

func TestGuidanceComesWithTheHintInTheLanguageThatIsSpoken(t *testing.T) {
	t.Parallel()
	const src = `<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"><h:head><model>
<itext><translation lang="zh"><text id="h"><value>上年</value><value form="guidance">借款不算<output value="/data/b"/></value></text></translation>
<translation lang="en"><text id="h"><value form="guidance">Loans do not count</value></text></translation></itext>
<instance><data id="t"><a/><b/></data></instance></model></h:head><h:body>
<input ref="/data/a"><label>收入</label><hint ref="jr:itext('h')"/></input><input ref="/data/b"><label>户</label></input></h:body></h:html>`
	s, err := parse(t, src).NewSession(env())
	if err != nil {
		t.Fatal(err)
	}
	ch := set(t, s, "/data/b", "，张家")
	n, _ := s.Node("/data/a")
	if n.Hint != "上年" || n.Guidance != "借款不算，张家" || n.Media != nil {
		t.Errorf("hint %q, guidance %q, media %v", n.Hint, n.Guidance, n.Media)
	}
	if len(ch.Changed) != 2 {
		t.Errorf("the explanation names an answer, and is not told again: %+v", ch.Changed)
	}
	if got := string(n.AppendJSON(nil)); !strings.Contains(got, `"guidance":"借款不算，张家"`) {
		t.Error(got)
	}
	if _, err := s.SetLanguage("en"); err != nil {
		t.Fatal(err)
	}
	if n, _ = s.Node("/data/a"); n.Hint != "" || n.Guidance != "Loans do not count" {
		t.Errorf("hint %q, guidance %q", n.Hint, n.Guidance)
	}
	if n, _ = s.Node("/data/b"); n.Guidance != "" {
		t.Errorf("no explanation was written: %q", n.Guidance)
	}
}
