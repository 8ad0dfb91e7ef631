package xpath_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"ruhu/form/xpath"
)

func TestSyntaxErrorsPointAtTheMistake(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		expr   string
		offset int
		has    string
	}{
		{"", 0, "empty"},
		{"1 +", 3, "too early"},
		{"/data/a = 'x", 10, "not closed"},
		{"(1 + 2", 6, "missing"},
		{"a b", 2, "operator"},
		{"a == b", 3, "not expected"},
		{"a && b", 2, "not expected"},
		{"${q1} > 2", 0, "variable"},
		{"if(a, b", 7, "missing"},
		{"../a[1", 6, "missing"},
		{"nope::a", 0, "axis"},
		{"p:a", 0, "not declared"},
		{"a = “x”", 4, "quotation"},
		{"（1）", 0, "full-width"},
		{"..[1]", 2, "not expected"},
		{"'a'/b", 0, "follow nodes"},
		{"'a'[1]", 0, "filtered"},
		{"a | true()", 2, "joins"},
		{strings.Repeat("(", 1000), 401, "deeply"},
	} {
		_, err := xpath.Compile(c.expr, nil)
		var se *xpath.SyntaxError
		if !errors.As(err, &se) || !strings.Contains(se.Msg, c.has) {
			t.Errorf("%.40s: got %v, want %q", c.expr, err, c.has)
			continue
		}
		if se.Offset != c.offset && c.has != "deeply" {
			t.Errorf("%.40s: got offset %d (%v), want %d", c.expr, se.Offset, se.Msg, c.offset)
		}
	}
}

func TestHostileExpressionsAreRefusedQuickly(t *testing.T) {
	t.Parallel()
	deep := func(open string, n int, in, shut string) string {
		return strings.Repeat(open, n) + in + strings.Repeat(shut, n)
	}
	for name, src := range map[string]string{
		"unions in predicates": deep("(a|b)[", 60, "c", "]"),
		"long path":            strings.Repeat("a/", 20_000) + "a",
		"parents":              strings.Repeat("a/../", 20_000) + "a",
		"long sum":             strings.Repeat("1+", 40_000) + "1",
		"predicates":           deep("/a[b=", 390, "1", "]"),
		"calls":                deep("if(1,2,", 390, "3", ")"),
		"brackets":             deep("(", 100_000, "1", ")"),
		"minus":                strings.Repeat("-", 30_000) + "1",
	} {
		e, err := xpath.Compile(src, nil)
		var se *xpath.SyntaxError
		if err != nil && !errors.As(err, &se) {
			t.Errorf("%s: %v", name, err)
		}
		if err == nil {
			if _, err := e.Eval(&xpath.Context{}); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

func TestEvaluationStopsWhenItLooksAtTooMuch(t *testing.T) {
	t.Parallel()
	if raceEnabled {
		t.Skip("one goroutine that counts to twenty million: nothing for the race detector to find")
	}
	doc := parse(t, "<data>"+strings.Repeat("<a><b/></a>", 1000)+"</data>")
	for _, src := range []string{
		"count(//*[//*[//*[. = 'x']]])",
		"count(//*[count(//*[count(//*) = 1]) = 1])",
		"//a/following::*[preceding::*[following::*[. = 'x']]]",
		"count(//*[//* < //*])",
	} {
		var ee *xpath.EvalError
		if _, err := compile(t, src).Eval(&xpath.Context{Node: doc}); !errors.As(err, &ee) {
			t.Errorf("%s: got %v, want an EvalError", src, err)
		}
	}
}

func TestFaultsAreListedAndFailOnlyWhenReached(t *testing.T) {
	t.Parallel()
	e := compile(t, "if(true(), 1, nope(2)) + count-selected() + $v")
	var got []string
	for _, f := range e.Faults() {
		got = append(got, fmt.Sprintf("%s@%d", f.Func, f.Offset))
	}
	if s := strings.Join(got, " "); s != "nope@14 count-selected@25 $v@44" {
		t.Errorf("got %s", s)
	}
	var ee *xpath.EvalError
	if _, err := e.Eval(&xpath.Context{}); !errors.As(err, &ee) || ee.Func != "count-selected" || ee.Offset != 25 {
		t.Errorf("got %v, want an error of count-selected at 25", err)
	}
	for _, ok := range []string{"true() or nope()", "false() and count(1)", "if(false(), nope(), 2) = 2"} {
		if v, err := compile(t, ok).Eval(&xpath.Context{}); err != nil || v.String() == "" {
			t.Errorf("%s: got %v, %v", ok, v, err)
		}
	}
	for _, bad := range []string{"now()", "today()", "random()", "uuid()", "regex('a', concat('(', ''))", "digest('a', 'ROT13')", "regex('a', '(?=b)')"} {
		if _, err := compile(t, bad).Eval(&xpath.Context{}); !errors.As(err, &ee) {
			t.Errorf("%s: got %v, want an EvalError", bad, err)
		}
	}
}

func TestRefsNameThePathsAnExpressionReads(t *testing.T) {
	t.Parallel()
	for expr, want := range map[string]string{
		". > 3 and /data/a = 'x'":                    ". /data/a",
		"../a + ../a":                                "../a",
		"/data/rep[b = 1]/c":                         "/data/rep/b /data/rep/c",
		"/data/rep[../x = current()/y]/c":            "/data/x y /data/rep/c",
		"instance('l')/root/item[n = /data/q]/label": "instance('l') instance('l')/root/item/n /data/q instance('l')/root/item/label",
		"current()/../a":                             "../a",
		"sum(/data/rep/x | y)":                       "/data/rep/x y",
		"//q":                                        "/descendant-or-self::node()/q",
		"if(a, b, 'c')":                              "a b",
		"(a | b)[@k]/c":                              "a b a/@k b/@k a/c b/c",
		"once(/data/x)":                              "/data/x .",
		"pulldata('v', 'l', 'n', ../k)":              "../k instance('v')",
		"indexed-repeat(/d/r/x, /d/r, position(..))": "/d/r/x /d/r ..",
		"string-length()":                            ".",
		"a/text()":                                   "a",
		"1 + 1":                                      "",
		"jr:choice-name(/data/q, '/data/q')":         "/data/q",
	} {
		var got []string
		for _, r := range compile(t, expr).Refs() {
			got = append(got, r.String())
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("%s:\n got %s\nwant %s", expr, s, want)
		}
	}
}

func TestCallsNameTheFunctions(t *testing.T) {
	t.Parallel()
	e, err := xpath.Compile("concat(today(), concat(j:itext('x'), 1))", &xpath.Options{
		Namespaces: map[string]string{"j": "http://openrosa.org/javarosa"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(e.Calls(), " "); got != "concat today jr:itext" {
		t.Errorf("got %s", got)
	}
}

func TestNamesFollowTheOptions(t *testing.T) {
	t.Parallel()
	doc := parse(t, `<d xmlns="urn:d" xmlns:p="urn:p"><a>1</a><p:a>2</p:a></d>`)
	for _, c := range []struct {
		expr string
		o    xpath.Options
		want string
	}{
		{"count(/d/a)", xpath.Options{}, "2"}, // any namespace
		{"count(/d/a)", xpath.Options{DefaultSpace: "urn:d"}, "1"},
		{"count(/d/a)", xpath.Options{StrictNames: true}, "0"},
		{"/d/x:a", xpath.Options{Namespaces: map[string]string{"x": "urn:p"}}, "2"},
		{"number('x')", xpath.Options{PlainNaN: true}, "NaN"},
		{"number('x')", xpath.Options{}, ""},
	} {
		e, err := xpath.Compile(c.expr, &c.o)
		if err != nil {
			t.Fatal(err)
		}
		v, err := e.Eval(&xpath.Context{Node: doc})
		s, _ := e.EvalString(&xpath.Context{Node: doc})
		if err != nil || v.String() != c.want || s != c.want {
			t.Errorf("%s %+v: got %q and %q, %v; want %q", c.expr, c.o, v, s, err, c.want)
		}
	}
}

func TestScalarExpressionsDoNotAllocate(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector empties pools at random")
	}
	doc := repeats(parse(t, household))
	node := at(t, doc, "/data/age")
	for _, contextual := range []bool{false, true} {
		c := &xpath.Context{Node: node, Env: &xpath.Env{Root: doc, ContextualRepeats: contextual}}
		for _, src := range []string{
			". > 3 and /data/name = 'x'",
			". > 3 and /data/name = '户主'",
			"../age + 1 = 62",
			"if(. >= 60, 1, 2)",
			"selected(/data/picked, 'z')",
			"count(/data/member[age > 40]) = 1",
			"sum(/data/member/job/pay) > 12",
			"not(/data/blank != '') or string-length(/data/name) > 2",
			"/data/member[2]/age = 30",
			"coalesce(/data/blank, /data/age) = 61",
			"'2026-03-04' > '2026-03-03'",
			"round(../age div 7, 2) > 8",
		} {
			e := compile(t, src)
			if n := testing.AllocsPerRun(100, func() { _, _ = e.EvalBool(c) }); n > 0 {
				t.Errorf("%s: %v allocations", src, n)
			}
			if n := testing.AllocsPerRun(100, func() { _, _ = e.EvalNumber(c) }); n > 0 {
				t.Errorf("%s as a number: %v allocations", src, n)
			}
		}
	}
}

func TestOneExpressionServesManyGoroutines(t *testing.T) {
	t.Parallel()
	doc := repeats(parse(t, household))
	e := compile(t, "concat(count(//pay[. > 1]), regex(/data/name, concat('户', '主')), /data/member[2]/name/text())")
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 200 {
				if s, err := e.EvalString(&xpath.Context{Node: doc}); err != nil || s != "2trueb" {
					t.Errorf("got %q, %v", s, err)
					return
				}
			}
		})
	}
	wg.Wait()
}
