package xform_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"ruhu/form/internal/conform"
	"ruhu/form/xform"
)

// TestConformanceScenario plays the hand-written behaviours.
func TestConformanceScenario(t *testing.T) {
	dir := corpus(t)
	var all struct{ Cases []map[string]any }
	readJSON(t, filepath.Join(dir, "scenario-cases.json.gz"), &all)
	sum := conform.New("scenario", conform.Known(t, "testdata/open-scenarios.txt"))
	unverified := 0
	for _, c := range all.Cases {
		id := c["id"].(string)
		if only := os.Getenv("RUHU_SCENARIO"); only != "" && !strings.Contains(id, only) {
			continue
		}
		family := scenarioFamily(c)
		if !replayable(dir, c) {
			sum.Skip(id, family, "its form or attachment is not in this collection")
			continue
		}
		if note := str(c, "note"); c["verified"] == nil && note != "" {
			sum.Skip(id, family, "the record to be edited is not in the case")
			continue
		}
		unverified += countUnverified(c)
		diffs := play(t, dir, c)
		sum.Judge(t, id, family, strings.Join(diffs[:min(len(diffs), 5)], "\n  "))
	}
	sum.Notes = append(sum.Notes, fmt.Sprintf("%d observations are played but not compared: they depend on the upstream test's own clock, random numbers or harness (`verified: false`).", unverified))
	sum.Done(t, root)
}

// scenarioFamily is the upstream test's file without its folders.
func scenarioFamily(c map[string]any) string {
	source, _ := c["source"].(map[string]any)
	name := strings.TrimSuffix(filepath.Base(str(source, "path")), ".test.ts")
	return name
}

func countUnverified(c map[string]any) (n int) {
	steps, _ := c["steps"].([]any)
	for _, x := range steps {
		st := x.(map[string]any)
		if v, ok := st["verified"].(bool); ok && !v {
			n++
		}
	}
	return n
}

func replayable(dir string, c map[string]any) bool {
	files := []string{str(c, "form")}
	if m, ok := c["attachments"].(map[string]any); ok {
		for _, v := range m {
			name, _ := v.(string)
			files = append(files, name)
		}
	}
	for _, f := range files {
		if _, err := os.Stat(filepath.Join(dir, "forms", f)); f != "" && err != nil {
			return false
		}
	}
	return true
}

func str(m map[string]any, k string) string { s, _ := m[k].(string); return s }

func play(t *testing.T, dir string, c map[string]any) (diffs []string) {
	src := []byte(str(c, "form_xml"))
	if f := str(c, "form"); f != "" {
		b, err := os.ReadFile(filepath.Join(dir, "forms", f))
		if err != nil {
			t.Fatal(err)
		}
		src = b
	}
	atts := map[string]string{}
	if m, ok := c["attachments"].(map[string]any); ok {
		for k, v := range m {
			atts[k], _ = v.(string)
		}
	}
	zone, err := time.LoadLocation(str(c, "timezone"))
	if err != nil {
		zone = time.UTC
	}
	env := xform.Env{
		Zone: zone, Now: func() time.Time { return time.Date(2025, 3, 15, 10, 30, 0, 0, time.UTC) }, Rand: func() float64 { return 0.4 },
		Geopoint: "45.5 9.25 120 5",
	}
	want := c["load_ok"] != false
	form, err := xform.Parse(src, xform.Options{Attachments: attachments(dir, atts)})
	var s *xform.Session
	if err == nil {
		s, err = form.NewSession(env)
	}
	if (err == nil) != want {
		return []string{fmt.Sprintf("load: %v, want ok=%v", err, want)}
	}
	if err != nil {
		return nil
	}
	steps, _ := c["steps"].([]any)
	for i, x := range steps {
		st := x.(map[string]any)
		if v, ok := st["verified"].(bool); ok && !v {
			continue // depends on the upstream test's clock, chance or harness
		}
		for _, d := range playStep(&s, form, env, st) {
			diffs = append(diffs, fmt.Sprintf("%d %v %v: %s", i, st["op"], st["ref"], d))
		}
	}
	return diffs
}

func playStep(sp **xform.Session, form *xform.Form, env xform.Env, st map[string]any) (diffs []string) {
	s, ref := *sp, str(st, "ref")
	add := func(what string, got, want any) {
		diffs = append(diffs, fmt.Sprintf("%s = %q, want %q", what, got, want))
	}
	switch op := str(st, "op"); op {
	case "set", "add", "remove", "lang":
		if _, err := apply(s, step{Op: op, Ref: ref, Value: str(st, "value")}); err != nil {
			add("error", err, nil)
		}
	case "restore", "new-instance":
		if op == "restore" {
			b, err := s.XML()
			if err != nil {
				add("error", err, nil)
			}
			env.Instance = b
		}
		n, err := form.NewSession(env)
		if err != nil {
			add("error", err, nil)
			return diffs
		}
		*sp = n
	case "expect", "expect-node":
		n, ok := s.Node(ref)
		if !ok {
			if st["relevant"] != false && st["value"] != nil {
				add("node", "missing", "there")
			}
			return diffs
		}
		if v, ok := st["relevant"].(bool); ok && v != n.Relevant {
			add("relevant", fmt.Sprint(n.Relevant), fmt.Sprint(v))
		}
		if !n.Relevant {
			return diffs
		}
		if v, ok := st["value"].(string); ok && !sameValue(n.Value, v) && n.Datatype != "" {
			add("value", n.Value, v)
		}
		if v, ok := st["required"].(bool); ok && v != n.Required && n.Datatype != "" {
			add("required", fmt.Sprint(n.Required), fmt.Sprint(v))
		}
		if v, ok := st["readonly"].(bool); ok && v != n.Readonly {
			add("readonly", fmt.Sprint(n.Readonly), fmt.Sprint(v))
		}
		if v, ok := st["constraint_ok"].(bool); ok && v == (n.Error != nil && n.Error.Rule == "constraint") {
			add("constraint_ok", fmt.Sprint(!v), fmt.Sprint(v))
		}
	case "expect-choices":
		n, _ := s.Node(ref)
		list, _ := st["choices"].([]any)
		var got, want []string
		for _, x := range n.Choices {
			got = append(got, x.Value)
		}
		for _, x := range list {
			switch x := x.(type) {
			case string:
				want = append(want, x)
			case []any:
				want = append(want, fmt.Sprint(x[0]))
			case map[string]any:
				want = append(want, str(x, "value"))
			}
		}
		if !slices.Equal(got, want) {
			add("choices", got, want)
		}
	case "expect-repeat-count":
		n, _ := s.Node(ref)
		if v, ok := st["count"].(float64); ok && int(v) != n.Count {
			add("count", fmt.Sprint(n.Count), fmt.Sprint(v))
		}
	case "expect-violations":
		var got, want []string
		for _, f := range s.Check() {
			if f.Severity == "error" {
				got = append(got, f.Ref+" "+f.Rule)
			}
		}
		list, _ := st["list"].([]any)
		for _, x := range list {
			m := x.(map[string]any)
			want = append(want, str(m, "ref")+" "+str(m, "condition"))
		}
		if !slices.Equal(got, want) {
			add("violations", got, want)
		}
	case "expect-throw":
		args, _ := st["args"].([]any)
		if str(st, "call") != "answer" || len(args) < 2 {
			return diffs // an answer to whatever question was at hand: no ref is recorded
		}
		var words []string
		for _, a := range args[1:] {
			words = append(words, fmt.Sprint(a))
		}
		ref := fmt.Sprint(args[0])
		ch, err := s.Set(ref, strings.Join(words, " "))
		n, _ := s.Node(ref)
		if err == nil && n.Error == nil {
			add("answer", ch, "refused or flagged")
		}
	case "expect-xml":
		b, err := s.XML()
		if err != nil {
			add("error", err, nil)
		}
		g, w := leaves(string(b)), leaves(str(st, "xml"))
		for _, k := range slices.Sorted(maps.Keys(w)) {
			if v, ok := g[k]; (!ok || !sameValue(v, w[k])) && !strings.Contains(k, "instanceID") && !strings.Contains(k, "meta#") {
				add("xml "+k, g[k], w[k])
			}
		}
		for _, k := range slices.Sorted(maps.Keys(g)) {
			if _, ok := w[k]; !ok {
				add("xml "+k, "there", "absent")
			}
		}
	}
	return diffs
}
