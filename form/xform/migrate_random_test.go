package xform_test

import (
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"ruhu/form/formgen"
	"ruhu/form/xform"
)

// drafted plays the plan of a random form and gives the draft.
func drafted(t *testing.T, f *xform.Form, c formgen.Case) []byte {
	t.Helper()
	s, err := f.NewSession(env())
	if err != nil {
		t.Fatal(err)
	}
	for _, st := range c.Plan.Steps {
		_, _ = apply(s, step{Op: st.Op, Ref: st.Ref, Value: st.Value}) // some steps are refused on purpose
	}
	return draftOf(t, s)
}

func draftOf(t *testing.T, s *xform.Session) []byte {
	t.Helper()
	b, err := s.Draft()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func resumed(instance []byte) xform.Env {
	e := env()
	e.Instance = instance
	return e
}

func TestMigratingToTheSameFormChangesNothing(t *testing.T) {
	t.Parallel()
	same := func(t *testing.T, f *xform.Form, draft []byte) {
		t.Helper()
		opened, err := f.NewSession(resumed(draft))
		if err != nil {
			t.Fatal(err)
		}
		m, err := f.Migrate(f, resumed(draft))
		if err != nil {
			t.Fatal(err)
		}
		if len(m.Differences) > 0 || len(m.Moved) > 0 {
			t.Errorf("differences %+v, moved %v", m.Differences, m.Moved)
		}
		if got, want := draftOf(t, m.Session), draftOf(t, opened); string(got) != string(want) {
			t.Errorf("got\n%s\nwant\n%s", got, want)
		}
	}
	for seed := range uint64(150) {
		c := formgen.Random(seed)
		f := parse(t, string(c.Form.XML()))
		same(t, f, drafted(t, f, c))
	}
	src, err := os.ReadFile("testdata/forms/household.xml")
	if err != nil {
		t.Fatal(err)
	}
	f := parse(t, string(src))
	s, err := f.NewSession(env())
	if err != nil {
		t.Fatal(err)
	}
	same(t, f, draftOf(t, s))
}

// shuffled takes items out of a form, and moves others to the end.
func shuffled(rng *rand.Rand, items []formgen.Item) []formgen.Item {
	var out, last []formgen.Item
	for _, it := range items {
		it.Items = shuffled(rng, it.Items)
		switch {
		case rng.IntN(8) == 0 && it.Kind != "group" && it.Kind != "repeat":
			continue
		case rng.IntN(6) == 0:
			last = append(last, it)
		default:
			out = append(out, it)
		}
		if n := len(out); n > 1 && rng.IntN(8) == 0 && out[n-2].Kind == "group" && out[n-1].Kind != "repeat" {
			out[n-2].Items = append(slices.Clone(out[n-2].Items), out[n-1])
			out = out[:n-1]
		}
	}
	return append(out, last...)
}

// TestNoAnswerIsLostWithoutAWord: whatever becomes of a form, each answer that counted is in the new record, or among the differences.
func TestNoAnswerIsLostWithoutAWord(t *testing.T) {
	t.Parallel()
	kept, told := 0, 0
	for seed := range uint64(400) {
		c := formgen.Random(seed)
		old := parse(t, string(c.Form.XML()))
		rng := rand.New(rand.NewPCG(seed, 1))
		other := formgen.Form{ID: c.Form.ID, Items: shuffled(rng, c.Form.Items), Lists: c.Form.Lists}
		now, err := xform.Parse(other.XML(), xform.Options{})
		if err != nil {
			continue // what reads a question that is gone
		}
		draft := drafted(t, old, c)
		m, err := now.Migrate(old, resumed(draft))
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		was, err := old.NewSession(resumed(draft))
		if err != nil {
			t.Fatal(err)
		}
		by := map[string]xform.Difference{}
		for _, d := range m.Differences {
			by[d.Was] = d
		}
		for _, n := range was.State() {
			switch n.Type {
			case "input", "select", "select1", "rank", "trigger":
			default:
				continue
			}
			if n.Value == "" || !n.Relevant || n.Readonly || calculated(old, n.Ref) {
				continue
			}
			d, noted := by[n.Ref]
			if noted {
				told++
			} else {
				d.Ref = n.Ref // its group may have moved as a whole
				if to := m.Moved[n.Ref]; to != "" {
					d.Ref = to
				}
				kept++
			}
			got := m.Session.Value(d.Ref)
			if d.Lost || d.Kind == xform.DiffSkipped {
				continue
			}
			if got != n.Value {
				t.Errorf("seed %d: %s was %q, is %q at %q, and %+v", seed, n.Ref, n.Value, got, d.Ref, d)
			}
		}
	}
	if kept < 500 || told < 200 {
		t.Errorf("%d answers kept and %d told of: the forms hardly change", kept, told)
	}
	t.Logf("%d answers kept, %d told of", kept, told)
}

func calculated(f *xform.Form, ref string) bool {
	at := plainRef(ref)
	return slices.ContainsFunc(f.Nodes(), func(n xform.Node) bool { return n.Path == at && n.Rules.Calculate != "" })
}

func plainRef(ref string) string {
	var out []rune
	depth := 0
	for _, r := range ref {
		switch {
		case r == '[':
			depth++
		case r == ']':
			depth--
		case depth == 0:
			out = append(out, r)
		}
	}
	return string(out)
}
