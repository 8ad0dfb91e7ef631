package playbooks_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"

	"ruhu/form/xform"
	"ruhu/form/xlsform"
	"ruhu/internal/errs"
	"ruhu/internal/playbook"
)

// TestWalks runs the walks that lie beside each playbook's forms: walks/<form code>.walk. A walk opens the form, gives
// answers and says what must then be shown, hidden, refused or raised. One line, one step:
//
//	walk NAME [from WALK]      a new session; the last "from" names a walk whose steps come first
//	prefill KEY VALUE          register data, before the first answer
//	set ITEM [VALUE]           an answer; none clears
//	shown ITEM … / hidden ITEM …   asked or not
//	error ITEM RULE            refused: required, constraint, type, choice
//	warning ITEM / fine ITEM   doubtful; neither wrong nor doubtful
//	confirm ITEM REASON        a written reason for a warning
//	value ITEM [VALUE]
//	options ITEM N             the choices are 1 to N, in this order
//	blocked / complete         the form can't, or can, be submitted; complete also has the server judge what is sent
//	problems [CODE …]          exactly these problems are found
//	indicator NAME [VALUE]
func TestWalks(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*/walks/*.walk")
	if err != nil || len(files) == 0 {
		t.Fatalf("walks: %v, %v", files, err)
	}
	loaded := map[string]*playbook.Playbook{}
	for _, file := range files {
		dir, code := strings.Split(file, string(filepath.Separator))[0], strings.TrimSuffix(filepath.Base(file), ".walk")
		if loaded[dir] == nil {
			pb, err := playbook.Load(os.DirFS(dir))
			if err != nil {
				t.Fatal(errs.MessageOf(err, "en"))
			}
			loaded[dir] = pb
		}
		pf, ok := loaded[dir].Form(code)
		if !ok {
			pf = unnamed(t, filepath.Join(dir, "forms", code+".md"))
		}
		form, err := xform.Parse(pf.XForm, xform.Options{})
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		walks, names := readWalks(t, file)
		for _, name := range names {
			t.Run(dir+"/"+code+"/"+name, func(t *testing.T) {
				t.Parallel()
				w := newWalker(t, file, form, pf)
				for _, s := range expand(t, walks, name, 0) {
					w.step(s)
				}
			})
		}
	}
}

// unnamed reads a form that the playbook does not name, because its format knows forms of household classes only: those of
// villages and townships are kept in shape until it does.
func unnamed(t *testing.T, file string) *playbook.Form {
	t.Helper()
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	wb, err := xlsform.Read(file, src)
	if err != nil {
		t.Fatal(err)
	}
	res, mistakes := xlsform.Convert(wb)
	for _, m := range mistakes {
		t.Errorf("%s: %s %d %s: %s", file, m.Sheet, m.Row, m.Code, m.Message.EN)
	}
	return &playbook.Form{XForm: res.XForm, FormID: res.FormID, Problems: res.Problems, Indicators: res.Indicators}
}

func TestEveryFormConvertsNamedOrNot(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*/forms/*.md")
	if err != nil || len(files) == 0 {
		t.Fatalf("forms: %v, %v", files, err)
	}
	ids := map[string]string{}
	for _, file := range files {
		f := unnamed(t, file)
		if other, dup := ids[f.FormID]; dup || f.FormID == "" {
			t.Errorf("%s: form id %q is also that of %s", file, f.FormID, other)
		}
		ids[f.FormID] = file
	}
}

type step struct {
	line int
	verb string
	args []string
	rest string // after the first argument
}

type walk struct {
	from  string
	steps []step
}

func readWalks(t *testing.T, file string) (map[string]*walk, []string) {
	t.Helper()
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	walks, names := map[string]*walk{}, []string{}
	var cur *walk
	for i, line := range strings.Split(string(src), "\n") {
		f := strings.Fields(line)
		if len(f) == 0 || strings.HasPrefix(f[0], "#") {
			continue
		}
		if f[0] == "walk" {
			name, from := strings.TrimSpace(strings.TrimPrefix(line, "walk")), ""
			if at := strings.LastIndex(name, " from "); at > 0 {
				name, from = name[:at], name[at+len(" from "):]
			}
			cur = &walk{from: from}
			if walks[name] != nil {
				t.Fatalf("%s:%d: walk %q twice", file, i+1, name)
			}
			walks[name] = cur
			names = append(names, name)
			continue
		}
		if cur == nil {
			t.Fatalf("%s:%d: step outside a walk", file, i+1)
		}
		s := step{line: i + 1, verb: f[0], args: f[1:]}
		if len(f) > 2 {
			s.rest = strings.Join(f[2:], " ")
		}
		cur.steps = append(cur.steps, s)
	}
	return walks, names
}

func expand(t *testing.T, walks map[string]*walk, name string, depth int) []step {
	t.Helper()
	w := walks[name]
	if w == nil || depth > 5 {
		t.Fatalf("no walk %q", name)
	}
	if w.from == "" {
		return w.steps
	}
	return slices.Concat(expand(t, walks, w.from, depth+1), w.steps) // walks run side by side: none may write into another's steps
}

type walker struct {
	*testing.T
	file    string
	form    *xform.Form
	pf      *playbook.Form
	refs    map[string]string
	prefill map[string]string
	session *xform.Session
}

func newWalker(t *testing.T, file string, form *xform.Form, pf *playbook.Form) *walker {
	t.Helper()
	w := &walker{T: t, file: file, form: form, pf: pf, refs: map[string]string{}, prefill: map[string]string{}}
	for _, n := range form.Nodes() {
		w.refs[n.Path[strings.LastIndexByte(n.Path, '/')+1:]] = n.Path
	}
	return w
}

func (w *walker) env() xform.Env {
	return xform.Env{
		Now:  func() time.Time { return time.Date(2020, 4, 13, 9, 0, 0, 0, time.UTC) },
		UUID: func() string { return "00000000-0000-4000-8000-000000000000" },
	}
}

func (w *walker) open() *xform.Session {
	if w.session == nil {
		e := w.env()
		e.Prefill = w.prefill
		s, err := w.form.NewSession(e)
		if err != nil {
			w.Fatal(err)
		}
		w.session = s
	}
	return w.session
}

func (w *walker) step(s step) {
	fail := func(format string, a ...any) {
		w.Errorf("%s:%d: %s %s: %s", w.file, s.line, s.verb, strings.Join(s.args, " "), fmt.Sprintf(format, a...))
	}
	if s.verb == "prefill" {
		w.prefill[s.args[0]] = s.rest
		return
	}
	ses := w.open()
	ref := ""
	var node xform.NodeState
	switch s.verb {
	case "blocked", "complete", "problems", "indicator":
	default:
		var ok bool
		ref = w.refs[s.args[0]]
		if node, ok = ses.Node(ref); !ok {
			w.Fatalf("%s:%d: there is no item %s", w.file, s.line, s.args[0])
		}
	}
	switch s.verb {
	case "set":
		if _, err := ses.Set(ref, s.rest); err != nil {
			fail("%v", err)
		}
	case "shown", "hidden":
		for _, a := range s.args {
			n, ok := ses.Node(w.refs[a])
			if !ok || n.Relevant != (s.verb == "shown") {
				fail("%s: exists %v, relevant %v", a, ok, n.Relevant)
			}
		}
	case "error":
		if node.Error == nil || node.Error.Rule != s.rest || node.Error.Message == "" {
			fail("error is %+v", node.Error)
		}
	case "warning":
		if node.Warning == nil || node.Warning.Message == "" || node.Warning.Reason != "" {
			fail("warning is %+v", node.Warning)
		}
	case "fine":
		if node.Error != nil || (node.Warning != nil && node.Warning.Reason == "") {
			fail("error %+v, warning %+v", node.Error, node.Warning)
		}
	case "confirm":
		if _, err := ses.Confirm(ref, s.rest); err != nil {
			fail("%v", err)
		}
	case "value":
		if node.Value != s.rest {
			fail("value is %q", node.Value)
		}
	case "options":
		w.options(node, s, fail)
	case "blocked":
		if open := w.against(); len(open) == 0 {
			fail("nothing is wrong")
		}
	case "complete":
		w.complete(fail)
	case "problems":
		if got, want := strings.Join(w.problems(), " "), strings.Join(s.args, " "); got != want {
			fail("found %s", got)
		}
	case "indicator":
		w.indicator(s, fail)
	default:
		w.Fatalf("%s:%d: unknown step %s", w.file, s.line, s.verb)
	}
}

func (w *walker) options(node xform.NodeState, s step, fail func(string, ...any)) {
	if fmt.Sprint(len(node.Choices)) != s.rest {
		fail("%d choices", len(node.Choices))
	}
	for i, c := range node.Choices {
		if c.Value != fmt.Sprint(i+1) || c.Label == "" || c.Label == "-" {
			fail("choice %d is %q %q", i+1, c.Value, c.Label)
		}
	}
}

// against lists what stands against submission: errors, and warnings without a reason.
func (w *walker) against() []string {
	var out []string
	for _, f := range w.session.Check() {
		if f.Severity == "error" || f.Reason == "" {
			out = append(out, f.Ref+" "+f.Rule)
		}
	}
	return out
}

func (w *walker) complete(fail func(string, ...any)) {
	if open := w.against(); len(open) > 0 {
		fail("open: %s", strings.Join(open, ", "))
		return
	}
	xml, err := w.session.XML()
	if err != nil {
		fail("%v", err)
		return
	}
	rep, err := w.form.Validate(xml, w.env())
	if err != nil {
		fail("server: %v", err)
		return
	}
	for _, f := range rep.Findings {
		if f.Severity == "error" || f.Reason == "" {
			fail("server: %s %s %s %s", f.Ref, f.Rule, f.Message["en"], f.Detail)
		}
	}
}

func (w *walker) problems() []string {
	var out []string
	for _, p := range w.pf.Problems {
		v, err := w.session.Eval(p.Condition)
		if err != nil {
			w.Fatalf("%s: %v", p.Code, err)
		}
		if v.Bool() {
			out = append(out, p.Code)
		}
	}
	sort.Strings(out)
	return out
}

func (w *walker) indicator(s step, fail func(string, ...any)) {
	for _, i := range w.pf.Indicators {
		if i.Name != s.args[0] {
			continue
		}
		v, err := w.session.Eval(i.Calculation)
		if err != nil {
			w.Fatalf("%s: %v", i.Name, err)
		}
		if v.String() != s.rest {
			fail("is %q", v.String())
		}
		return
	}
	fail("there is no such indicator")
}
