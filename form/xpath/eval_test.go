package xpath_test

import (
	"errors"
	"math"
	"testing"
	"time"

	"ruhu/form/xpath"
)

func parse(t testing.TB, src string) *xpath.Node {
	t.Helper()
	doc, err := xpath.ParseXML([]byte(src), xpath.Limits{DataOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func compile(t testing.TB, src string) *xpath.Expr {
	t.Helper()
	e, err := xpath.Compile(src, nil)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// at follows a path of child names, the k-th of its name with name[k].
func at(t testing.TB, doc *xpath.Node, path string) *xpath.Node {
	t.Helper()
	ns, err := compile(t, path).EvalNodes(&xpath.Context{Node: doc, Env: &xpath.Env{Root: doc}})
	if err != nil || len(ns) != 1 {
		t.Fatalf("%s: %d nodes, %v", path, len(ns), err)
	}
	return ns[0]
}

const household = `<data>
  <name>户主</name><age>61</age><blank/>
  <member><name>a</name><age>61</age><job><pay>1</pay></job><job><pay>2</pay></job></member>
  <member><name>b</name><age>30</age><job><pay>10</pay></job></member>
  <member><name>c</name><age/></member>
  <picked>x y  z</picked>
</data>`

// repeats marks the repeat instances as the owner of the tree does.
func repeats(n *xpath.Node) *xpath.Node {
	n.Repeat = n.Name.Local == "member" || n.Name.Local == "job"
	for _, c := range n.Children {
		repeats(c)
	}
	return n
}

func TestExpressionsGiveWhatFormsRelyOn(t *testing.T) {
	t.Parallel()
	doc := repeats(parse(t, household))
	shanghai := time.FixedZone("", 8*3600)
	env := &xpath.Env{
		Root: doc, Zone: shanghai,
		Now:  func() time.Time { return time.Date(2026, 3, 3, 17, 0, 0, 0, time.UTC) },
		Rand: func() float64 { return 0.25 },
	}
	for _, c := range []struct{ at, expr, want string }{
		{"/data", "age > 60 and name = '户主'", "true"},
		{"/data", "if(age >= 60, 'old', 'young')", "old"},
		{"/data", "count(member)", "3"},
		{"/data", "sum(member[age != '']/age)", "91"},
		{"/data", "sum(member/age)", ""}, // a blank is no number
		{"/data", "max(member/age, 100)", ""},
		{"/data", "min(3, 1, 2)", "1"},
		{"/data", "max(-4, -1, -3)", "-1"},
		{"/data", "min()", ""},
		{"/data", "coalesce(blank, missing, 'z')", "z"},
		{"/data", "selected(picked, 'y')", "true"},
		{"/data", "selected(picked, 'xy')", "false"},
		{"/data", "selected(blank, '')", "true"},
		{"/data", "selected-at(picked, 2)", "z"},
		{"/data", "selected-at(picked, 3)", ""},
		{"/data", "selected-at(picked, -1)", ""},
		{"/data", "count-selected(picked)", "3"},
		{"/data", "join(',', member/name)", "a,b,c"},
		{"/data", "concat(member/name, '-', age)", "abc-61"},
		{"/data", "string-length('入户')", "2"},
		{"/data", "substr('入户调查', 1, 3)", "户调"},
		{"/data", "substr('abc', -2)", "bc"},
		{"/data", "substring('12345', 1.5, 2.6)", "234"},
		{"/data", "normalize-space('  a \n b ')", "a b"},
		{"/data", "translate('abc', 'abc', 'AB')", "AB"},
		{"/data", "substring-after('2026-03', '-')", "03"},
		{"/data", "boolean-from-string('false') or boolean-from-string(1)", "true"},
		{"/data", "boolean('false')", "true"},
		{"/data", "boolean-from-string('TRUE')", "false"},
		{"/data", "0.1 + 0.2", "0.30000000000000004"},
		{"/data", "1 div 3 * 3", "1"},
		{"/data", "-7 mod 3", "-1"},
		{"/data", "5 - -3", "8"},
		{"/data", "- - 3", "3"},
		{"/data", "round(2.5)", "3"},
		{"/data", "round(-2.5)", "-2"},
		{"/data", "round(-2.5, 0)", "-3"},
		{"/data", "round(1234.567, 2)", "1234.57"},
		{"/data", "round(1250, -2)", "1300"},
		{"/data", "int(-2.7)", "-2"},
		{"/data", "number('')", ""},
		{"/data", "100000000", "100000000"},
		{"/data", "0.00001234", "0.00001234"},
		{"/data", "regex('432522199001011234', '^[0-9]{17}[0-9X]$')", "true"},
		{"/data", `regex('中', '^[\u4e00-\u9fa5]$')`, "true"},
		{"/data", "today()", "2026-03-04"},
		{"/data", "now()", "2026-03-04T01:00:00.000+08:00"},
		{"/data", "date(today() + 30)", "2026-04-03"},
		{"/data", "today() + 30", "20546"},
		{"/data", "today() <= now()", "true"},
		{"/data", "today() > now()", "false"},
		{"/data", "date('2026-03-04') = '2026-3-4'", "true"},
		{"/data", "date('')", ""},
		{"/data", "'2026-02-30' > 0", "false"}, // no such day
		{"/data", "format-date('2026-03-04', '%Y年%n月%e日')", "2026年3月4日"},
		{"/data", "format-date(now(), '%H:%M')", "01:00"},
		{"/data", "format-date('', '%Y')", ""},
		{"/data", "decimal-time('06:00:00.000+08:00')", "0.25"},
		{"/data", "round((decimal-date-time(now()) - decimal-date-time(today())) * 24, 6)", "1"},
		{"/data", "digest('abc', 'MD5', 'hex')", "900150983cd24fb0d6963f7d28e17f72"},
		{"/data", "base64-decode('5YWl5oi3')", "入户"},
		{"/data", "uuid()", "44444444-4444-4444-8444-444444444444"},
		{"/data", "checklist(1, 2, true(), false(), true())", "true"},
		{"/data", "weighted-checklist(5, -1, true(), 3, true(), 2)", "true"},
		{"/data", "position(member[2])", "2"},
		{"/data/member[2]", "position(.)", "2"},
		{"/data/member[2]", "position(..)", "1"},
		{"/data/member[2]/name", "../../member[position() = last()]/name", "c"},
		{"/data/member[2]/name", "count(../preceding-sibling::member)", "1"},
		{"/data/member[2]/name", "/data/member/name", "a"}, // XPath: the first
		{"/data/member[1]", "job[pay = current()/../member[1]/job[2]/pay]/pay", "2"},
		{"/data", "(//pay)[last()]", "10"},
		{"/data", "//job[1]/pay | //job[2]/pay", "1"},
		{"/data", "count(//job[1]/pay | //job[2]/pay | //pay)", "3"},
		{"/data", "count(//text())", "11"},
		{"/data", "indexed-repeat(/data/member/name, /data/member, 2)", "b"},
		{"/data", "indexed-repeat(/data/member/job/pay, /data/member, 1, /data/member/job, 2)", "2"},
		{"/data", "indexed-repeat(/data/member/name, /data/member, 9)", ""},
		{"/data", "indexed-repeat(/data/member/name, /data/member, '')", ""},
		{"/data", "/data/missing = ''", "false"},
		{"/data", "blank = ''", "true"},
		{"/data", "not(missing)", "true"},
		{"/data", "6andage", "true"},
		{"/data", "jr:choice-name(name, 'x')", ""},
		{"/data", "instance('none')/root/item", ""},
		{"/data", "pulldata('none', 'a', 'b', 'c')", ""},
	} {
		got, err := compile(t, c.expr).EvalString(&xpath.Context{Node: at(t, doc, c.at), Env: env})
		if err != nil || got != c.want {
			t.Errorf("%s: got %q, %v; want %q", c.expr, got, err, c.want)
		}
	}
}

func TestOnceKeepsTheValueThatIsThere(t *testing.T) {
	t.Parallel()
	doc := parse(t, `<data><a>kept</a><b/></data>`)
	e := compile(t, "once('new')")
	for path, want := range map[string]string{"/data/a": "kept", "/data/b": "new"} {
		if got, err := e.EvalString(&xpath.Context{Node: at(t, doc, path)}); err != nil || got != want {
			t.Errorf("%s: got %q, %v; want %q", path, got, err, want)
		}
	}
}

func TestAbsolutePathsMeanTheCurrentRepeatWhenAskedTo(t *testing.T) {
	t.Parallel()
	doc := repeats(parse(t, household))
	env := &xpath.Env{Root: doc, ContextualRepeats: true}
	for _, c := range []struct{ at, expr, want string }{
		{"/data/member[2]/age", "/data/member/name", "b"},
		{"/data/member[1]/job[2]/pay", "/data/member/job/pay", "2"},
		{"/data/member[1]/job[2]/pay", "/data/member/name", "a"},
		{"/data/member[2]/age", "count(/data/member)", "3"},            // the last step is not narrowed
		{"/data/member[1]/job[2]/pay", "count(/data/member/job)", "2"}, // but those before it are
		{"/data/member[2]/age", "/data/member[1]/name", "a"},           // nor one with a predicate
		{"/data/member[2]/age", "indexed-repeat(/data/member/name, /data/member, 3)", "c"},
		{"/data/member[2]/age", "indexed-repeat(/data/member/job/pay, /data/member, 1, /data/member/job, 2)", "2"},
		{"/data/age", "/data/member/name", "a"},
		{"/data/member[3]/age", "sum(/data/member/job/pay)", "0"},
	} {
		got, err := compile(t, c.expr).EvalString(&xpath.Context{Node: at(t, doc, c.at), Env: env})
		if err != nil || got != c.want {
			t.Errorf("%s at %s: got %q, %v; want %q", c.expr, c.at, got, err, c.want)
		}
	}
}

func TestBlankNodesReadAsNothingButAreCounted(t *testing.T) {
	t.Parallel()
	doc := parse(t, `<data><a>5</a><b>7</b></data>`)
	at(t, doc, "/data/a").Blank = true
	for expr, want := range map[string]string{
		"/data/a": "", "/data/a = ''": "true", "/data/a > 1": "false", "/data": "7",
		"count(/data/*)": "2", "concat(/data/*)": "7", "/data/a/text()": "",
	} {
		if got, err := compile(t, expr).EvalString(&xpath.Context{Node: doc}); err != nil || got != want {
			t.Errorf("%s: got %q, %v; want %q", expr, got, err, want)
		}
	}
}

func TestSecondaryInstancesAndTextsComeFromTheEnv(t *testing.T) {
	t.Parallel()
	doc := parse(t, `<data><town>t2</town></data>`)
	list := parse(t, `<instance id="v"><root>
	  <item><name>v1</name><town>t1</town><label>一</label></item>
	  <item><name>v2</name><town>t2</town><label>二</label></item>
	  <item><name>v3</name><town>t2</town><label>三</label></item></root></instance>`)
	env := &xpath.Env{
		Root: doc,
		Instance: func(id string) *xpath.Node {
			if id == "v" {
				return list.Element()
			}
			return nil
		},
		IText:      func(id string) (string, bool) { return "text of " + id, true },
		ChoiceName: func(v, path string, _ *xpath.Node) (string, bool) { return v + " at " + path, true },
	}
	for expr, want := range map[string]string{
		"instance('v')/root/item[town = /data/town]/name":                     "v2",
		"instance('v')/root/item[town = current()/town]/name":                 "v2",
		"count(instance('v')/root/item[town = current()/town])":               "2",
		"instance('v')/root/item[town = 't2'][2]/label":                       "三",
		"count(instance('v')/root/item['t2' = town])":                         "2",
		"count(instance('v')/root/item[town = /data/none])":                   "0",
		"count(instance('v')/root/item[*[. = 't2']])":                         "2",
		"count(instance('v')/root/item[town = instance('v')/root/item/town])": "3",
		"pulldata('v', 'label', 'name', 'v1')":                                "一",
		"pulldata('v', 'label', 'name', 'v9')":                                "",
		"jr:itext('q1')":                                                      "text of q1",
		"jr:choice-name('v1', '/data/town')":                                  "v1 at /data/town",
		"join(' ', randomize(instance('v')/root/item, 42)/name)":              "v1 v2 v3", // a step puts nodes back into document order
	} {
		got, err := compile(t, expr).EvalString(&xpath.Context{Node: at(t, doc, "/data"), Env: env})
		if err != nil || got != want {
			t.Errorf("%s: got %q, %v; want %q", expr, got, err, want)
		}
	}
}

func TestHostFunctionsGetTypedArguments(t *testing.T) {
	t.Parallel()
	boom := errors.New("boom")
	o := &xpath.Options{Funcs: map[string]xpath.Func{
		"double": {Min: 1, Max: 1, Call: func(_ *xpath.Context, a []xpath.Value) (xpath.Value, error) {
			return xpath.Number(2 * a[0].Number()), nil
		}},
		"nodes": {Call: func(c *xpath.Context, _ []xpath.Value) (xpath.Value, error) {
			return xpath.NodeSet(c.Node.Children...), nil
		}},
		"fails": {Call: func(*xpath.Context, []xpath.Value) (xpath.Value, error) { return xpath.Value{}, boom }},
	}}
	doc := parse(t, `<data><a>1</a><b>2</b></data>`)
	for expr, want := range map[string]string{
		"double(/data/b) + 1": "5", "count(nodes())": "1", "nodes()/b": "2",
		"double(2) = 4": "true", "nodes()/a = 1": "true", "nodes()[1]/a": "1",
	} {
		e, err := xpath.Compile(expr, o)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := e.EvalString(&xpath.Context{Node: doc}); err != nil || got != want {
			t.Errorf("%s: got %q, %v; want %q", expr, got, err, want)
		}
	}
	e, err := xpath.Compile("1 + fails()", o)
	if err != nil {
		t.Fatal(err)
	}
	var ee *xpath.EvalError
	if _, err := e.Eval(&xpath.Context{Node: doc}); !errors.Is(err, boom) || !errors.As(err, &ee) || ee.Offset != 4 {
		t.Errorf("got %v, want the error of the function at offset 4", err)
	}
}

func TestValuesConvertByTheRulesOfForms(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		v xpath.Value
		s string
		n float64
		b bool
	}{
		{xpath.Value{}, "", math.NaN(), false},
		{xpath.String("false"), "false", math.NaN(), true},
		{xpath.String(" 12 "), " 12 ", 12, true},
		{xpath.String("1970-01-03"), "1970-01-03", 2, true},
		{xpath.Number(0), "0", 0, false},
		{xpath.Number(math.NaN()), "", math.NaN(), false},
		{xpath.Number(1e21), "1e+21", 1e21, true},
		{xpath.Boolean(true), "true", 1, true},
		{xpath.NodeSet(), "", math.NaN(), false},
		{xpath.NodeSet(&xpath.Node{Kind: xpath.KindElement}), "", math.NaN(), true},
	} {
		same := c.v.Number() == c.n || math.IsNaN(c.n) && math.IsNaN(c.v.Number())
		if c.v.String() != c.s || !same || c.v.Bool() != c.b {
			t.Errorf("%#v: got %q %v %v", c.v, c.v.String(), c.v.Number(), c.v.Bool())
		}
	}
}
