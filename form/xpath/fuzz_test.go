package xpath_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"ruhu/form/xpath"
)

// FuzzCompile: whatever the text, Compile and Eval return; errors are of the
// promised types and point into the text; what compiles evaluates alike in
// every conversion.
func FuzzCompile(f *testing.F) {
	for _, s := range []string{
		"", "/data/a[. > 3]/@k | //b", "if(a, 'x', \"y\")", "1 + -2 div .5 mod 3", "instance('v')/root/item[n = current()/../q]",
		"jr:itext(concat('a', 1))", "ancestor-or-self::node()[position() < 3]", "format-date(now(), '%Y-%m-%d')", "$v", "a//b/..",
		"indexed-repeat(/d/r/x, /d/r, 2)", "randomize(//*, 7)", "selected-at('a b', 1)", "substr('中文', -1)", "regex('a', '(')", "（1）",
		"preceding::text()", "namespace::*", "area('0 0;0 1;1 1')", "round(1e400, 3)", "*** **", "id('x')/following::*",
	} {
		f.Add(s)
	}
	doc, err := xpath.ParseXML([]byte(`<data k="1"><a id="x">5</a><b>t<c/>u</b><r><x>1</x></r><r><x/></r></data>`), xpath.Limits{})
	if err != nil {
		f.Fatal(err)
	}
	env := &xpath.Env{
		Root: doc, Rand: func() float64 { return 0.5 }, ContextualRepeats: true,
		Now: func() time.Time { return time.Unix(0, 0) },
	}
	f.Fuzz(func(t *testing.T, src string) {
		e, err := xpath.Compile(src, nil)
		if err != nil {
			var se *xpath.SyntaxError
			if !errors.As(err, &se) || se.Offset < 0 || se.Offset > len(src) || se.Msg == "" {
				t.Fatalf("%q: %#v", src, err)
			}
			return
		}
		if strings.Count(src, "//")+strings.Count(src, "::") > 6 || strings.Contains(src, "uuid") {
			return // long by design, not by mistake
		}
		c := &xpath.Context{Node: doc.Element(), Env: env}
		v, err := e.Eval(c)
		var ee *xpath.EvalError
		if err != nil && !errors.As(err, &ee) {
			t.Fatalf("%q: %#v", src, err)
		}
		s, err2 := e.EvalString(c)
		b, err3 := e.EvalBool(c)
		if (err == nil) != (err2 == nil) || (err == nil) != (err3 == nil) {
			t.Fatalf("%q: %v, %v, %v", src, err, err2, err3)
		}
		if err == nil && v.String() != s {
			t.Fatalf("%q: %q as a value, %q as a string", src, v.String(), s)
		}
		if err == nil && v.Type() == xpath.TypeBoolean && v.Bool() != b {
			t.Fatalf("%q: %v as a value, %v as a boolean", src, v.Bool(), b)
		}
		for _, r := range e.Refs() {
			_ = r.String()
		}
	})
}

// FuzzParseXML: whatever the bytes, ParseXML returns; what it accepts can be
// written and read again with the same text.
func FuzzParseXML(f *testing.F) {
	for _, s := range []string{
		"<a/>", "<a b='1' xmlns='u'>x&amp;<![CDATA[y]]><!--c--><?p d?></a>", "<p:a xmlns:p='u' p:b=''/>",
		"<?xml version='1.0'?><a>\r\n</a>", "<!DOCTYPE a><a/>", "<a>&#x4e2d;&#13;</a>", "<a><b></a>", "\xef\xbb\xbf<a/>", "<a b=\"\n\t\"/>",
		"<a xmlns:p='u'><p:b xmlns:p='v' p:c=''/></a>", "<a xmlns='u'><b xmlns=''/></a>",
	} {
		f.Add([]byte(s), true)
		f.Add([]byte(s), false)
	}
	f.Fuzz(func(t *testing.T, src []byte, dataOnly bool) {
		doc, err := xpath.ParseXML(src, xpath.Limits{DataOnly: dataOnly})
		if err != nil {
			var xe *xpath.XMLError
			if !errors.As(err, &xe) {
				t.Fatalf("%#v", err)
			}
			return
		}
		first := write(t, doc)
		again, err := xpath.ParseXML([]byte(first), xpath.Limits{})
		if err != nil {
			t.Fatalf("%q was written as %q: %v", src, first, err)
		}
		if got := write(t, again); got != first {
			t.Fatalf("%q became %q", first, got)
		}
		if got, want := again.Element().StringValue(), doc.Element().StringValue(); got != want {
			t.Fatalf("text %q became %q", want, got)
		}
	})
}

func write(t *testing.T, n *xpath.Node) string {
	t.Helper()
	var b strings.Builder
	if err := xpath.WriteXML(&b, n); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
