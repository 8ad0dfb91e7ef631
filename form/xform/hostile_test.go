package xform_test

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"ruhu/form/xform"
)

const hostileHead = `<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa"><h:head><h:title>h</h:title><model>`

func hostile(model, body string) string {
	return hostileHead + model + `</model></h:head><h:body>` + body + `</h:body></h:html>`
}

// memory returns what fn allocates altogether, in MB: an upper bound of what it
// holds at any time, and independent of other tests' garbage collection.
func memory(fn func()) float64 {
	var a, b runtime.MemStats
	runtime.ReadMemStats(&a)
	fn()
	runtime.ReadMemStats(&b)
	return float64(b.TotalAlloc-a.TotalAlloc) / (1 << 20)
}

// TestHostileFormsAreRefusedOrBorne: never a crash or a hang, and memory in
// proportion to the size of the form. code "" means that the form is accepted
// and a session runs.
func TestHostileFormsAreRefusedOrBorne(t *testing.T) {
	instance := func(s string) string { return `<instance><data id="h">` + s + `</data></instance>` }
	nested := func(n int, open, shut string) string { return strings.Repeat(open, n) + strings.Repeat(shut, n) }
	items := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "<item><name>c%d</name><label>选项 %d</label></item>", i, i)
		}
		return b.String()
	}
	chain := func(n int) string {
		var inst, binds strings.Builder
		for i := range n {
			fmt.Fprintf(&inst, "<q%d/>", i)
			if i > 0 {
				fmt.Fprintf(&binds, `<bind nodeset="/data/q%d" calculate="/data/q%d + 1"/>`, i, i-1)
			}
		}
		return instance(inst.String()) + binds.String()
	}
	ring := strings.Replace(chain(2000), `</instance>`, `</instance><bind nodeset="/data/q0" calculate="/data/q1999"/>`, 1)
	for _, c := range []struct {
		name, src, code string
		mb              float64
	}{
		{"entity expansion", `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>` + hostile(instance("<a>&b;</a>"), ""), "xform.syntax", 1},
		{"external entity", `<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>` + hostile(instance("<a>&a;</a>"), ""), "xform.syntax", 1},
		{"100,000 elements inside each other", hostile(instance(nested(100_000, "<a>", "</a>")), ""), "xform.too_large", 16},
		{"100,000 groups inside each other", hostile(instance("<a/>"), nested(100_000, "<group>", "</group>")), "xform.too_large", 16},
		{"an expression of 100,000 parentheses", hostile(instance("<a/>")+`<bind nodeset="/data/a" calculate="`+nested(100_000, "(", ")")+`"/>`, ""), "xform.expression", 32},
		{"an expression of 100,000 terms", hostile(instance("<a/>")+`<bind nodeset="/data/a" calculate="1`+strings.Repeat("+1", 100_000)+`"/>`, ""), "xform.expression", 64},
		{"a label of 10 MB", hostile(instance("<a/>"), `<input ref="/data/a"><label>`+strings.Repeat("很长的题目", 10<<20/15)+`</label></input>`), "", 120},
		{"a label of 100,000 outputs", hostile(instance("<a/>"), `<input ref="/data/a"><label>`+strings.Repeat(`<output value="/data/a"/>`, 100_000)+`</label></input>`), "", 200},
		{"100,000 choices", hostile(instance("<a/>")+`<instance id="c"><root>`+items(100_000)+`</root></instance>`, `<select1 ref="/data/a"><itemset nodeset="instance('c')/root/item"><value ref="name"/><label ref="label"/></itemset></select1>`), "", 300},
		{"100,000 choices with a filter", hostile(instance("<a/><f/>")+`<instance id="c"><root>`+items(100_000)+`</root></instance>`, `<select1 ref="/data/a"><itemset nodeset="instance('c')/root/item[name != /data/f]"><value ref="name"/><label ref="label"/></itemset></select1>`), "", 400},
		{"a chain of 2,000 calculations", hostile(chain(2000), ""), "", 60},
		{"a ring of 2,000 calculations", hostile(ring, ""), "xform.cycle", 60},
		{"a node that is its own relevance", hostile(instance("<a/>")+`<bind nodeset="/data/a" relevant="/data/a = ''"/>`, ""), "", 4},
		{"a count that grows by itself", hostile(instance("<r><x/></r>"), `<group ref="/data/r"><repeat nodeset="/data/r" jr:count="count(/data/r) + 1"><input ref="/data/r/x"/></repeat></group>`), "", 600},
		{"a count of a billion", hostile(instance("<r><x/></r>"), `<group ref="/data/r"><repeat nodeset="/data/r" jr:count="1000000000"><input ref="/data/r/x"/></repeat></group>`), "", 60},
		{"an action that wakes itself", hostile(instance("<a/><b/>")+"", `<input ref="/data/a"><setvalue event="xforms-value-changed" ref="/data/b" value="/data/b + 1"/></input><input ref="/data/b"><setvalue event="xforms-value-changed" ref="/data/a" value="/data/a + 1"/></input>`), "", 400},
		{"a predicate over everything in a predicate over everything", hostile(instance(strings.Repeat("<g><a/></g>", 500))+`<bind nodeset="/data/g/a" calculate="count(//*[count(//*[count(//*) > 1]) > 1])"/>`, ""), "", 200},
		{"a text that is its own output", hostile(`<itext><translation lang="zh"><text id="t"><value><output value="jr:itext('t')"/></value></text></translation></itext>`+instance("<a/>"), `<input ref="/data/a"><label ref="jr:itext('t')"/></input>`), "", 4},
		{"5,000 attributes", hostile(instance("<a "+manyAttrs(5000)+"/>"), ""), "xform.too_large", 16},
	} {
		t.Run(c.name, func(t *testing.T) {
			var err error
			mb := memory(func() {
				var f *xform.Form
				if f, err = xform.Parse([]byte(c.src), xform.Options{}); err != nil {
					return
				}
				s, serr := f.NewSession(env())
				if serr != nil {
					var xe *xform.Error
					if !errors.As(serr, &xe) || xe.Code != "xform.runaway" {
						t.Errorf("session: %v", serr)
					}
					return
				}
				if _, serr = s.Set("/data/a", "1"); serr != nil {
					t.Logf("set: %.200s", serr)
				}
				s.State()
				s.Check()
			})
			got := ""
			var list xform.Errors
			if errors.As(err, &list) {
				got = list[0].Code
			}
			if got != c.code {
				t.Errorf("got %q (%.300v), want %q", got, err, c.code)
			}
			if mb > c.mb {
				t.Errorf("allocated %.0f MB for %.1f MB of form, more than %.0f", mb, float64(len(c.src))/(1<<20), c.mb)
			}
			t.Logf("%.1f MB for %.2f MB", mb, float64(len(c.src))/(1<<20))
		})
	}
}

func manyAttrs(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `x%d="" `, i)
	}
	return b.String()
}

// TestHostileRecordsAreRefusedOrJudged does the same for what arrives from
// outside at the server.
func TestHostileRecordsAreRefusedOrJudged(t *testing.T) {
	f := parse(t, hostile(`<instance><data id="h"><a/><r><x/></r></data></instance>`,
		`<input ref="/data/a"/><group ref="/data/r"><repeat nodeset="/data/r"><input ref="/data/r/x"/></repeat></group>`))
	for name, src := range map[string]string{
		"not XML":                "{}",
		"entities":               `<!DOCTYPE d [<!ENTITY a "b">]><data id="h">&a;</data>`,
		"deep":                   strings.Repeat("<data>", 100_000),
		"20 MB":                  `<data id="h"><a>` + strings.Repeat("x", 20<<20) + `</a></data>`,
		"another form":           `<data id="other"/>`,
		"100,000 nodes":          `<data id="h">` + strings.Repeat("<q/>", 100_000) + `</data>`,
		"100,000 repeats":        `<data id="h">` + strings.Repeat("<r><x>1</x></r>", 100_000) + `</data>`,
		"an answer of 7 MB":      `<data id="h"><a>` + strings.Repeat("x", 7<<20) + `</a></data>`,
		"100,000 notes":          `<data id="h"><meta>` + strings.Repeat(`<n:note xmlns:n="https://ruhu.dev/xforms" ref="/data/r[9]/x">y</n:note>`, 50_000) + `</meta></data>`,
		"the root a second time": `<data id="h"><data id="h"><a>1</a></data></data>`,
	} {
		t.Run(name, func(t *testing.T) {
			mb := memory(func() {
				r, err := f.Validate([]byte(src), env())
				if err == nil && len(r.Findings) == 0 && name != "an answer of 7 MB" {
					t.Error("accepted without a finding")
				}
				if err == nil && len(r.Findings) > 1000 {
					t.Errorf("%d findings", len(r.Findings))
				}
			})
			if mb > 150 {
				t.Errorf("allocated %.0f MB for %.1f MB", mb, float64(len(src))/(1<<20))
			}
		})
	}
}
