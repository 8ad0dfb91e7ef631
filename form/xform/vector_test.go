package xform_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ruhu/form/internal/conform"
	"ruhu/form/xform"
)

// TestVectorsGiveTheSameStates plays the plans in testdata/forms. The golden
// files, one line per step, are played by the phone's engine too
// (web/packages/engine): server and phone must agree to the byte.
func TestVectorsGiveTheSameStates(t *testing.T) {
	t.Parallel()
	plans, err := filepath.Glob("testdata/forms/*.plan.json")
	if err != nil || len(plans) == 0 {
		t.Fatal("no plans", err)
	}
	for _, file := range plans {
		base := strings.TrimSuffix(file, ".plan.json")
		t.Run(filepath.Base(base), func(t *testing.T) {
			t.Parallel()
			got := vector(t, base)
			if *conform.Update {
				if err := os.WriteFile(base+".golden", got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(base + ".golden")
			if err != nil {
				t.Fatal(err)
			}
			g, w := bytes.Split(got, []byte("\n")), bytes.Split(want, []byte("\n"))
			for i := range g {
				if i >= len(w) || !bytes.Equal(g[i], w[i]) {
					t.Fatalf("line %d:\n%s\nwant\n%s", i+1, g[i], w[min(i, len(w)-1)])
				}
			}
		})
	}
}

func vector(t *testing.T, base string) []byte {
	var p struct {
		Prefill   map[string]string
		Now, Zone string
		Steps     []step
	}
	readJSON(t, base+".plan.json", &p)
	src, err := os.ReadFile(base + ".xml")
	if err != nil {
		t.Fatal(err)
	}
	now, err := time.Parse(time.RFC3339, p.Now)
	if err != nil {
		t.Fatal(err)
	}
	zone, err := time.LoadLocation(p.Zone)
	if err != nil {
		t.Fatal(err)
	}
	s, err := parse(t, string(src)).NewSession(xform.Env{Prefill: p.Prefill, Now: func() time.Time { return now }, Zone: zone})
	if err != nil {
		t.Fatal(err)
	}
	out := append(xform.AppendStates(nil, s.State()), '\n')
	for _, st := range p.Steps {
		var ch xform.Change
		if st.Op == "confirm" {
			ch, err = s.Confirm(st.Ref, st.Value)
		} else {
			ch, err = apply(s, st)
		}
		var e *xform.Error
		if errors.As(err, &e) {
			out = append(xform.AppendString(out, e.Code), '\n')
			continue
		}
		out = append(ch.AppendJSON(out), '\n')
	}
	out = append(xform.AppendFindings(out, s.Check()), '\n')
	draft, err := s.Draft()
	if err != nil {
		t.Fatal(err)
	}
	return append(xform.AppendString(out, string(draft)), '\n')
}
