package formgen_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"ruhu/form/formgen"
	"ruhu/form/xform"
	"ruhu/form/xform/trace"
)

func TestTheSameSeedGivesTheSameCase(t *testing.T) {
	t.Parallel()
	for seed := range uint64(20) {
		a, err := json.Marshal(formgen.Random(seed))
		if err != nil {
			t.Fatal(err)
		}
		b, err := json.Marshal(formgen.Random(seed))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(a, b) {
			t.Errorf("seed %d gives two cases", seed)
		}
		var c formgen.Case
		if err := json.Unmarshal(a, &c); err != nil || !bytes.Equal(c.Form.XML(), xmlOf(seed)) {
			t.Errorf("seed %d: another form after JSON: %v", seed, err)
		}
	}
}

func xmlOf(seed uint64) []byte {
	c := formgen.Random(seed)
	return c.Form.XML()
}

func TestRandomFormsLoadAndTheirPlansRun(t *testing.T) {
	t.Parallel()
	accepted := 0
	for seed := range uint64(60) {
		c := formgen.Random(seed)
		f, err := xform.Parse(c.Form.XML(), xform.Options{})
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		var b bytes.Buffer
		if err := trace.Run(f, &c.Plan, &b); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		accepted += bytes.Count(b.Bytes(), []byte(`"result":"ok"`))
	}
	if accepted < 60*15 {
		t.Errorf("%d steps of 60 plans were accepted; the plans answer hardly anything", accepted)
	}
}

func TestFormsOfAGivenSizeAreAnsweredWithoutMistakes(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		kind string
		n, m int
		want int // nodes at least
	}{{"survey", 60, 5, 90}, {"calc", 500, 0, 500}, {"repeat", 50, 0, 250}} {
		form, steps := formgen.Sized(tt.kind, tt.n, tt.m)
		f, err := xform.Parse(form.XML(), xform.Options{})
		if err != nil {
			t.Fatal(err)
		}
		s, err := f.NewSession(xform.Env{})
		if err != nil {
			t.Fatal(err)
		}
		for _, st := range steps {
			if st.Op == "add" {
				_, err = s.AddRepeat(st.Ref)
			} else {
				_, err = s.Set(st.Ref, st.Value)
			}
			if err != nil {
				t.Fatalf("%s: %+v: %v", tt.kind, st, err)
			}
		}
		if got := len(s.State()); got < tt.want {
			t.Errorf("%s: %d nodes, want %d", tt.kind, got, tt.want)
		}
		if list := s.Check(); len(list) > 0 {
			t.Errorf("%s: %+v", tt.kind, list[0])
		}
	}
}
