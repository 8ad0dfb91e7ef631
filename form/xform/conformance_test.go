package xform_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"sort"
	"strconv"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"ruhu/form/internal/conform"
	"ruhu/form/xform"
)

// root is the way to the project.
const root = "../.."

// corpus is the folder of the conformance cases; tests skip without it.
func corpus(tb testing.TB) string {
	tb.Helper()
	return conform.Dir(tb, root)
}

type plan struct {
	Form        string            `json:"form"`
	File        string            `json:"file"`
	Env         planEnv           `json:"env"`
	Attachments map[string]string `json:"attachments"`
	Steps       []step            `json:"steps"`
	Volatile    []string          `json:"volatile"`
}

type planEnv struct {
	TZ, Now, DeviceID, Username, Email, PhoneNumber, Geolocation string
	Rand                                                         float64
}

type step struct {
	Op, Ref, Value string
	Rejected       any
}

type traceLine struct {
	Step      *int        `json:"step"`
	Nodes     []traceNode `json:"nodes"`
	Changed   []traceNode `json:"changed"`
	Gone      []string    `json:"gone"`
	Result    string      `json:"result"`
	End       bool        `json:"end"`
	Restore   bool        `json:"restore"`
	XML       string      `json:"instance_xml"`
	Error     any         `json:"error"`
	NodeCount int         `json:"node_count"`
}

type traceNode struct {
	Ref          string
	Type         string
	Value        string
	Relevant     bool
	Required     bool
	Readonly     bool
	ConstraintOK *bool           `json:"constraint_ok"`
	Choices      json.RawMessage `json:"choices"`
	Count        *int            `json:"count"`
}

func (n traceNode) key() string {
	if strings.HasPrefix(n.Type, "repeat-range") {
		return n.Ref + "|range"
	}
	return n.Ref
}

func (e planEnv) env() xform.Env {
	now, _ := time.Parse(time.RFC3339, e.Now)
	zone, err := time.LoadLocation(e.TZ)
	if err != nil {
		zone = time.UTC
	}
	rnd := rand.New(rand.NewPCG(uint64(e.Rand), 1))
	return xform.Env{
		Now: func() time.Time { return now }, Zone: zone, Rand: rnd.Float64,
		DeviceID: e.DeviceID, Username: e.Username, Email: e.Email, PhoneNumber: e.PhoneNumber, Geopoint: e.Geolocation,
	}
}

func attachments(dir string, m map[string]string) func(string) ([]byte, error) {
	return func(uri string) ([]byte, error) {
		name := m[uri]
		if name == "" {
			return nil, nil
		}
		b, err := os.ReadFile(filepath.Join(dir, "forms", name))
		if errors.Is(err, fs.ErrNotExist) {
			return nil, nil
		}
		return b, err
	}
}

// TestConformancePlans replays the plans whose traces two engines agree on and
// compares the whole state after every step. With RUHU_PLANS_ALL the others are
// replayed too, for whoever looks for reasons.
func TestConformancePlans(t *testing.T) {
	dir := corpus(t)
	var cons map[string]struct{ Agree bool }
	readJSON(t, filepath.Join(dir, "consensus.json"), &cons)
	sum := conform.New("plans", conform.Known(t, "testdata/open-plans.txt"))
	all := os.Getenv("RUHU_PLANS_ALL") != ""
	for _, name := range slices.Sorted(maps.Keys(cons)) {
		if only := os.Getenv("RUHU_PLAN"); only != "" && !strings.Contains(name, only) {
			continue
		}
		family, _, _ := strings.Cut(name, "__")
		if _, err := os.Stat(filepath.Join(dir, "plans", name)); err != nil {
			continue // of the reserve
		}
		if !cons[name].Agree && !all {
			sum.Skip(name, family, "getodk and JavaRosa disagree: see the choices below")
			continue
		}
		diffs := replay(t, dir, name)
		sum.Judge(t, name, family, strings.Join(diffs[:min(len(diffs), 6)], "\n  "))
	}
	sum.Done(t, root)
}

func readJSON(tb testing.TB, path string, v any) {
	tb.Helper()
	f, err := os.Open(path)
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	var r io.Reader = f
	if strings.HasSuffix(path, ".gz") {
		if r, err = gzip.NewReader(f); err != nil {
			tb.Fatal(err)
		}
	}
	if err := json.NewDecoder(r).Decode(v); err != nil {
		tb.Fatalf("%s: %v", path, err)
	}
}

func replay(t *testing.T, dir, name string) (diffs []string) {
	var p plan
	readJSON(t, filepath.Join(dir, "plans", name), &p)
	lines := traceLines(t, filepath.Join(dir, "traces", strings.TrimSuffix(name, ".json")+".jsonl.gz"))
	src, err := os.ReadFile(filepath.Join(dir, "forms", p.File))
	if err != nil {
		return []string{err.Error()}
	}
	form, err := xform.Parse(src, xform.Options{Attachments: attachments(dir, p.Attachments)})
	if err != nil {
		return []string{"load: " + err.Error()}
	}
	s, err := form.NewSession(p.Env.env())
	if err != nil {
		return []string{"session: " + err.Error()}
	}
	volatile := map[string]bool{}
	for _, v := range p.Volatile {
		volatile[v] = true
	}
	want, live := map[string]traceNode{}, map[string]xform.NodeState{}
	for _, n := range s.State() {
		live[stateKey(n)] = n
	}
	for _, l := range lines {
		switch {
		case l.Error != nil:
			return diffs
		case l.End:
			diffs = append(diffs, compareXML(s, l.XML, volatile)...)
			continue
		case l.Restore:
			diffs = append(diffs, compareRestore(form, p.Env.env(), l, want, volatile)...)
			continue
		}
		k := *l.Step
		if k > 0 {
			ch, err := apply(s, p.Steps[k-1])
			if (err != nil) != (l.Result == "rejected") {
				diffs = append(diffs, fmt.Sprintf("step %d %v: %v, want %s", k, p.Steps[k-1], err, l.Result))
			}
			diffs = append(diffs, patch(s, live, ch, k)...)
		}
		update(want, l)
		at := fmt.Sprintf("step %d", k)
		if k > 0 {
			at += fmt.Sprintf(" %s %s=%q", p.Steps[k-1].Op, p.Steps[k-1].Ref, p.Steps[k-1].Value)
		}
		diffs = append(diffs, compareState(s, want, volatile, at)...)
		if len(diffs) > 20 {
			return diffs
		}
	}
	return diffs
}

// patch applies a Change to the last known state and compares the result with
// the state as a whole: what a screen would show must be what is.
func patch(s *xform.Session, live map[string]xform.NodeState, ch xform.Change, step int) (diffs []string) {
	for _, ref := range ch.Removed {
		delete(live, ref)
		delete(live, ref+"|range")
	}
	for _, n := range ch.Changed {
		live[stateKey(n)] = n
	}
	for _, n := range s.State() {
		if a := live[stateKey(n)]; !reflect.DeepEqual(a, n) {
			diffs = append(diffs, fmt.Sprintf("step %d: change misses %s:\n    %+v\n    %+v", step, n.Ref, a, n))
			live[stateKey(n)] = n
		}
	}
	if len(live) != len(s.State()) {
		diffs = append(diffs, fmt.Sprintf("step %d: %d nodes are known, there are %d", step, len(live), len(s.State())))
	}
	return diffs
}

func apply(s *xform.Session, st step) (ch xform.Change, err error) {
	switch st.Op {
	case "set":
		return s.Set(st.Ref, st.Value)
	case "add":
		return s.AddRepeat(st.Ref)
	case "remove":
		return s.RemoveRepeat(st.Ref)
	case "lang":
		return s.SetLanguage(st.Value)
	}
	return ch, fmt.Errorf("unknown operation %q", st.Op)
}

func traceLines(tb testing.TB, path string) (out []traceLine) {
	f, err := os.Open(path)
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		tb.Fatal(err)
	}
	sc := bufio.NewScanner(z)
	sc.Buffer(nil, 64<<20)
	for sc.Scan() {
		var l traceLine
		if err := json.Unmarshal(sc.Bytes(), &l); err != nil {
			tb.Fatal(err)
		}
		out = append(out, l)
	}
	return out
}

func update(want map[string]traceNode, l traceLine) {
	for _, g := range l.Gone {
		if _, ok := want[g]; !ok {
			g += "|range" // written without the mark when an instance around it is gone
		}
		delete(want, g)
	}
	for _, n := range l.Nodes {
		want[n.key()] = n
	}
	for _, n := range l.Changed {
		want[n.key()] = n
	}
}

func stateKey(n xform.NodeState) string {
	if n.Type == "repeat" {
		return n.Ref + "|range"
	}
	return n.Ref
}

func compareState(s *xform.Session, want map[string]traceNode, volatile map[string]bool, at string) (diffs []string) {
	got := map[string]xform.NodeState{}
	for _, n := range s.State() {
		got[stateKey(n)] = n
	}
	add := func(key, what string, g, w any) {
		diffs = append(diffs, fmt.Sprintf("%s: %s %s = %v, want %v", at, key, what, g, w))
	}
	for _, key := range slices.Sorted(maps.Keys(want)) {
		w := want[key]
		g, ok := got[key]
		if !ok {
			if strings.HasSuffix(key, "/meta") || strings.HasSuffix(key, ":meta") || strings.HasSuffix(key, ":instanceID") || strings.HasSuffix(key, "/meta/instanceID") {
				continue // the peer adds it where the form has none
			}
			add(key, "exists", false, true)
			continue
		}
		if g.Relevant != w.Relevant {
			add(key, "relevant", g.Relevant, w.Relevant)
		}
		if !g.Relevant || !w.Relevant {
			continue
		}
		if g.Readonly != w.Readonly {
			add(key, "readonly", g.Readonly, w.Readonly)
		}
		if w.Count != nil && *w.Count != g.Count {
			add(key, "count", g.Count, *w.Count)
		}
		if w.ConstraintOK == nil {
			continue
		}
		if g.Required != w.Required {
			add(key, "required", g.Required, w.Required)
		}
		if volatile[g.Ref] {
			continue
		}
		if !sameValue(g.Value, w.Value) {
			add(key, "value", strconv.Quote(g.Value), strconv.Quote(w.Value))
		}
		bad := g.Error != nil && g.Error.Rule == "constraint"
		if bad == *w.ConstraintOK && (g.Error == nil || g.Error.Rule != "type") {
			add(key, "constraint_ok", !bad, *w.ConstraintOK)
		}
		if d := compareChoices(g.Choices, w.Choices); d != "" {
			add(key, "choices", d, string(w.Choices)[:min(len(w.Choices), 200)])
		}
	}
	for _, key := range slices.Sorted(maps.Keys(got)) {
		if _, ok := want[key]; !ok {
			add(key, "exists", true, false)
		}
	}
	return diffs
}

func sameValue(a, b string) bool {
	if a == b {
		return true
	}
	// 3 and 3.0 are equal, also in the numbers of points and traces.
	p := strings.FieldsFunc(a, func(r rune) bool { return r == ' ' || r == ';' })
	q := strings.FieldsFunc(b, func(r rune) bool { return r == ' ' || r == ';' })
	for i := range p {
		if len(p) != len(q) {
			return false
		}
		x, err1 := strconv.ParseFloat(p[i], 64)
		y, err2 := strconv.ParseFloat(q[i], 64)
		if err1 != nil || err2 != nil || math.Abs(x-y) > 1e-12*math.Abs(y) {
			return false
		}
	}
	return len(p) > 0
}

func compareChoices(got []xform.Choice, raw json.RawMessage) string {
	if len(raw) == 0 {
		return ""
	}
	var list [][]any
	if json.Unmarshal(raw, &list) != nil {
		var sum struct{ Count int }
		_ = json.Unmarshal(raw, &sum)
		if sum.Count != len(got) {
			return fmt.Sprintf("%d choices", len(got))
		}
		return ""
	}
	same := len(list) == len(got)
	for i := 0; same && i < len(list); i++ {
		label, _ := list[i][1].(string)
		same = list[i][0] == got[i].Value && strings.TrimSpace(label) == strings.TrimSpace(got[i].Label)
	}
	if same {
		return ""
	}
	return fmt.Sprint(got[:min(len(got), 6)])
}

func compareXML(s *xform.Session, want string, volatile map[string]bool) (diffs []string) {
	got, err := s.XML()
	if err != nil {
		return []string{"xml: " + err.Error()}
	}
	g, w := leaves(string(got)), leaves(want)
	for _, k := range slices.Sorted(maps.Keys(w)) {
		ref, _, _ := strings.Cut(k, "#")
		if w[k] == "" && strings.HasPrefix(g[k], "2025-03-15T10:30:00") {
			continue // the time of completion, which the peer leaves to its host
		}
		if g[k] != w[k] && !sameValue(g[k], w[k]) && !volatile[ref] && !strings.HasSuffix(ref, "instanceID") &&
			!strings.HasSuffix(ref, "/meta") && !anyVolatile(volatile, ref) {
			diffs = append(diffs, fmt.Sprintf("xml: %s = %q, want %q", k, g[k], w[k]))
		}
	}
	for k := range g {
		if _, ok := w[k]; !ok {
			diffs = append(diffs, fmt.Sprintf("xml: %s is not expected", k))
		}
	}
	sort.Strings(diffs)
	return diffs
}

// anyVolatile compares without repeat numbers, which leaves does not know.
func anyVolatile(volatile map[string]bool, ref string) bool {
	for v := range volatile {
		if stripNumbers(v) == ref {
			return true
		}
	}
	return false
}

func stripNumbers(s string) string {
	var b strings.Builder
	in := false
	for _, r := range s {
		switch {
		case r == '[':
			in = true
		case r == ']':
			in = false
		case !in:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// leaves lists all elements of a document as path#n → text.
func leaves(src string) map[string]string {
	out := map[string]string{}
	seen := map[string]int{}
	var path []string
	dec := newXML(src)
	var text bytes.Buffer
	for {
		tok, err := dec.RawToken()
		if err != nil {
			return out
		}
		switch tok := tok.(type) {
		case xmlStart:
			name := tok.Name.Local
			if tok.Name.Space != "" {
				name = tok.Name.Space + ":" + name
			}
			path = append(path, name)
			text.Reset()
		case xmlText:
			text.Write(tok)
		case xmlEnd:
			p := "/" + strings.Join(path, "/")
			seen[p]++
			out[fmt.Sprintf("%s#%d", p, seen[p])] = text.String()
			text.Reset()
			path = path[:len(path)-1]
		}
	}
}

func compareRestore(form *xform.Form, env xform.Env, l traceLine, want map[string]traceNode, volatile map[string]bool) []string {
	env.Instance = []byte(l.XML)
	s, err := form.NewSession(env)
	if err != nil {
		return []string{"restore: " + err.Error()}
	}
	state := maps.Clone(want)
	update(state, l)
	return compareState(s, state, volatile, "restore")
}
