package xform_test

import (
	"strings"
	"testing"

	"ruhu/form/xform"
)

func TestAnOsmQuestionSaysWhatItAsksInTheLanguageThatIsSpoken(t *testing.T) {
	t.Parallel()
	const src = `<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"><h:head><model>
<itext><translation lang="zh"><text id="k"><value>用途</value></text><text id="v"><value>住房<output value="/data/b"/></value></text></translation>
<translation lang="en"><text id="k"><value>Use</value></text><text id="v"><value>House</value></text></translation></itext>
<instance><data id="t"><a/><b/><c/></data></instance></model></h:head><h:body>
<upload ref="/data/a" mediatype="osm/*"><label>房</label><tag key="building"><label ref="jr:itext('k')"/>
<item><label ref="jr:itext('v')"/><value>house</value></item></tag><tag key="name"/></upload>
<input ref="/data/b"><label>户</label></input><upload ref="/data/c" mediatype="osm/*"><label>路</label></upload></h:body></h:html>`
	s, err := parse(t, src).NewSession(env())
	if err != nil {
		t.Fatal(err)
	}
	ch := set(t, s, "/data/b", "（张家）")
	if len(ch.Changed) != 2 {
		t.Errorf("a choice of a tag names an answer, and is not told again: %+v", ch.Changed)
	}
	n, _ := s.Node("/data/a")
	want := `"tags":[{"key":"building","label":"用途","choices":[{"value":"house","label":"住房（张家）"}]},{"key":"name","label":"","choices":[]}]`
	if got := string(n.AppendJSON(nil)); !strings.Contains(got, want) || n.Choices != nil {
		t.Error(got)
	}
	if _, err := s.SetLanguage("en"); err != nil {
		t.Fatal(err)
	}
	if n, _ = s.Node("/data/a"); n.Tags[0].Label != "Use" || n.Tags[0].Choices[0].Label != "House" {
		t.Errorf("in English: %+v", n.Tags)
	}
	if n, _ = s.Node("/data/c"); n.Tags != nil {
		t.Errorf("no tags are named: %+v", n.Tags)
	}
}

func TestARangeTellsWhatItsNumbersAreCalledAndTakesTheOthersToo(t *testing.T) {
	t.Parallel()
	const src = `<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:orx="http://openrosa.org/xforms"><h:head><model>
<instance><data id="t"><a/><b/></data></instance>
<instance id="w"><root><item><name>0</name><label>从不</label></item><item><name>10</name><label>总是</label></item></root></instance>
<bind nodeset="/data/a" type="int"/><bind nodeset="/data/b" type="binary" orx:max-pixels="640"/></model></h:head><h:body>
<range ref="/data/a" start="0" end="10" step="1"><label>频次</label><itemset nodeset="instance('w')/root/item"><value ref="name"/><label ref="label"/></itemset></range>
<upload ref="/data/b" mediatype="image/*"><label>照片</label></upload></h:body></h:html>`
	f := parse(t, src)
	s, err := f.NewSession(env())
	if err != nil {
		t.Fatal(err)
	}
	set(t, s, "/data/a", "5")
	n, _ := s.Node("/data/a")
	if n.Value != "5" || n.Error != nil || n.Choices != nil || len(n.Ticks) != 2 || n.Ticks[1].Value != "10" || n.Ticks[1].Label != "总是" {
		t.Errorf("%+v", n)
	}
	var photo *xform.Control
	for _, c := range f.Body() {
		if c.Type == "upload" {
			photo = c
		}
	}
	if photo == nil || photo.Attrs["max-pixels"] != "640" {
		t.Errorf("the widget is not told how large a picture may be: %+v", photo)
	}
}
