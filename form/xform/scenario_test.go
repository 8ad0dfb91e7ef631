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

	"ruhu/form/xform"
)

// TestConformanceScenario plays the hand-written behaviours.
func TestConformanceScenario(t *testing.T) {
	dir := corpus(t)
	var all struct{ Cases []map[string]any }
	readJSON(t, filepath.Join(dir, "scenario-cases.json.gz"), &all)
	known := knownOpen(t, "testdata/open-scenarios.txt")
	var passed, design, open int
	for _, c := range all.Cases {
		id := c["id"].(string)
		if only := os.Getenv("RUHU_SCENARIO"); only != "" && !strings.Contains(id, only) {
			continue
		}
		if !replayable(dir, c) {
			continue // its form or attachment is in the full corpus only
		}
		diffs := play(t, dir, c)
		reason, listed := known[id]
		switch {
		case len(diffs) == 0:
			passed++
			if listed {
				t.Errorf("%s passes but is listed as open: remove it", id)
			}
		case listed && strings.HasPrefix(reason, "design:"):
			design++
		case listed:
			open++
		default:
			open++
			source, _ := c["source"].(map[string]any)
			t.Errorf("%s %v %v:\n  %s", id, c["form"], source["test"], strings.Join(diffs[:min(len(diffs), 5)], "\n  "))
		}
	}
	t.Logf("conformance scenario: %d passed, %d by design, %d open", passed, design, open)
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
	env := xform.Env{Zone: zone, Now: func() time.Time { return time.Date(2025, 3, 15, 10, 30, 0, 0, time.UTC) }, Rand: func() float64 { return 0.4 },
		Geopoint: "45.5 9.25 120 5"}
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
		if v, _ := st["verified"].(bool); !v && strings.HasPrefix(str(st, "op"), "expect") {
			continue // depends on the peer's clock, chance or harness
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
