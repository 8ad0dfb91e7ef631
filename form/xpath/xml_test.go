package xpath_test

import (
	"errors"
	"strings"
	"testing"

	"ruhu/form/xpath"
)

func TestParseXMLThenWriteXMLKeepsTheDocument(t *testing.T) {
	t.Parallel()
	for _, src := range []string{
		`<a/>`,
		`<a>text &amp; &lt;more&gt;</a>`,
		`<a xmlns="urn:d" xmlns:p="urn:p" p:k="&quot;v&quot;"><p:b>1</p:b><b/> tail</a>`,
		`<a><!-- note --><?pi data?><b>1</b></a>`,
		`<数据><户 编号="1">张</户></数据>`,
	} {
		doc, err := xpath.ParseXML([]byte(src), xpath.Limits{})
		if err != nil {
			t.Errorf("%s: %v", src, err)
			continue
		}
		var out strings.Builder
		if err := xpath.WriteXML(&out, doc); err != nil {
			t.Fatal(err)
		}
		if out.String() != src {
			t.Errorf("got %s\nwant %s", out.String(), src)
		}
	}
}

func TestParseXMLReadsWhatTheStandardSays(t *testing.T) {
	t.Parallel()
	doc, err := xpath.ParseXML([]byte("\xef\xbb\xbf<?xml version='1.0' encoding='UTF-8'?>\r\n"+
		"<r xmlns='urn:d' a='1&#10;2\n3'>x<![CDATA[<y>]]>&#x4e2d;\r\n<e xmlns=''>leaf</e></r>\n"), xpath.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	r := doc.Element()
	if got, want := r.StringValue(), "x<y>中\nleaf"; got != want {
		t.Errorf("string-value: got %q, want %q", got, want)
	}
	if got, _ := r.Attr("", "a"); got != "1\n2 3" {
		t.Errorf("attribute: got %q", got)
	}
	if r.Name.Space != "urn:d" || r.Children[1].Name.Space != "" {
		t.Errorf("namespaces: got %q and %q", r.Name.Space, r.Children[1].Name.Space)
	}
}

func TestDataOnlyDropsIndentationAndComments(t *testing.T) {
	t.Parallel()
	doc, err := xpath.ParseXML([]byte("<a>\n  <!-- c -->\n  <b>1<!-- c -->2</b> <c> </c>\n</a>"), xpath.Limits{DataOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := xpath.WriteXML(&out, doc); err != nil {
		t.Fatal(err)
	}
	if got, want := out.String(), "<a><b>12</b> <c> </c></a>"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestParseXMLRefusesBrokenAndHostileDocuments(t *testing.T) {
	t.Parallel()
	for name, src := range map[string]string{
		"empty":               "",
		"no element":          "<!-- c -->",
		"doctype":             `<!DOCTYPE a><a/>`,
		"entity bomb":         `<!DOCTYPE a [<!ENTITY b "bbbb">]><a>&b;</a>`,
		"unknown entity":      `<a>&nbsp;</a>`,
		"bare ampersand":      `<a>a & b</a>`,
		"end tag":             `<a></b>`,
		"end tag prefix":      `<a></aa>`,
		"not closed":          `<a><b></b>`,
		"two roots":           `<a/><b/>`,
		"text after root":     `<a/>x`,
		"undeclared prefix":   `<p:a/>`,
		"attribute twice":     `<a k="1" k="2"/>`,
		"same expanded name":  `<a xmlns:p="u" xmlns:q="u" p:k="1" q:k="2"/>`,
		"unquoted":            `<a k=1/>`,
		"glued attributes":    `<a k="1"l="2"/>`,
		"less-than in value":  `<a k="<"/>`,
		"control character":   "<a>\x01</a>",
		"control reference":   "<a>&#1;</a>",
		"surrogate reference": "<a>&#xD800;</a>",
		"not UTF-8":           "<a>\xff</a>",
		"other encoding":      `<?xml version="1.0" encoding="GBK"?><a/>`,
		"cdata end in text":   `<a>]]></a>`,
		"open cdata":          `<a><![CDATA[x</a>`,
		"open comment":        `<a><!-- </a>`,
		"deep":                strings.Repeat("<a>", 300),
	} {
		doc, err := xpath.ParseXML([]byte(src), xpath.Limits{})
		var xe *xpath.XMLError
		if !errors.As(err, &xe) || doc != nil {
			t.Errorf("%s: got %v, %v; want an XMLError", name, doc, err)
		}
	}
}

func TestParseXMLStopsAtItsLimits(t *testing.T) {
	t.Parallel()
	for name, lim := range map[string]xpath.Limits{
		"bytes": {Bytes: 10}, "depth": {Depth: 1}, "nodes": {Nodes: 2},
	} {
		_, err := xpath.ParseXML([]byte(`<a><b/><b/><b/><b><c/></b></a>`), lim)
		var xe *xpath.XMLError
		if !errors.As(err, &xe) || !xe.TooLarge {
			t.Errorf("%s: got %v, want TooLarge", name, err)
		}
	}
}

func TestXMLErrorsNameLineAndColumn(t *testing.T) {
	t.Parallel()
	_, err := xpath.ParseXML([]byte("<a>\n  <b x=1/>\n</a>"), xpath.Limits{})
	var xe *xpath.XMLError
	if !errors.As(err, &xe) || xe.Line != 2 || xe.Column != 8 {
		t.Errorf("got %v, want line 2, column 8", err)
	}
}

func TestWriteXMLMakesAPartStandAlone(t *testing.T) {
	t.Parallel()
	doc, err := xpath.ParseXML([]byte(`<a xmlns="urn:d" xmlns:p="urn:p"><p:b p:k="1"><c/></p:b></a>`), xpath.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := xpath.WriteXML(&out, doc.Element().Children[0]); err != nil {
		t.Fatal(err)
	}
	if got, want := out.String(), `<p:b xmlns:p="urn:p" p:k="1"><c xmlns="urn:d"/></p:b>`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestPathNumbersOnlyRepeatInstances(t *testing.T) {
	t.Parallel()
	doc, err := xpath.ParseXML([]byte(`<data><rep><q/></rep><rep><q/><q k="1"/></rep></data>`), xpath.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	reps := doc.Element().Children
	for _, r := range reps {
		r.Repeat = true
	}
	if got, want := reps[1].Children[1].Attrs[0].Path(), "/data/rep[2]/q/@k"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := doc.Path(); got != "/" {
		t.Errorf("document: got %s", got)
	}
}

func TestCDATAIsOneTextOrItsOwn(t *testing.T) {
	t.Parallel()
	const src = `<a>one <![CDATA[<two>]]> three<b/><![CDATA[]]></a>`
	for split, want := range map[bool]string{false: "1", true: "3"} {
		doc, err := xpath.ParseXML([]byte(src), xpath.Limits{SplitCDATA: split})
		if err != nil {
			t.Fatal(err)
		}
		e, err := xpath.Compile("string(count(/a/text()))", nil)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := e.EvalString(&xpath.Context{Node: doc}); err != nil || got != want {
			t.Errorf("split %v: %s texts, %v; want %s", split, got, err, want)
		}
		if got := doc.StringValue(); got != "one <two> three" {
			t.Errorf("split %v: %q", split, got)
		}
	}
}

func TestKeepSourceReadsTheSame(t *testing.T) {
	t.Parallel()
	const src = `<a x="1 &amp; 2"><b>plain</b><c>a &lt; b</c><d> mixed <e/> text </d><!-- c --><f><![CDATA[x]]></f></a>`
	plain, err := xpath.ParseXML([]byte(src), xpath.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	shared, err := xpath.ParseXML([]byte(src), xpath.Limits{KeepSource: true})
	if err != nil {
		t.Fatal(err)
	}
	var a, b strings.Builder
	if err := xpath.WriteXML(&a, plain); err != nil {
		t.Fatal(err)
	}
	if err := xpath.WriteXML(&b, shared); err != nil {
		t.Fatal(err)
	}
	if a.String() != b.String() {
		t.Errorf("%s\n%s", a.String(), b.String())
	}
}
