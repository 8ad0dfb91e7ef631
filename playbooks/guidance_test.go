package playbooks_test

import (
	"testing"

	"ruhu/form/xform"
	"ruhu/internal/playbook"
	"ruhu/playbooks"
)

var asked = map[string]bool{"input": true, "select": true, "select1": true, "rank": true, "range": true, "trigger": true, "upload": true}

// TestEveryItemIsExplained: who stands at a door with a choice, a figure, a picture or a signature to enter can read how it is meant, in both
// languages. What the base list gives, and words that say more about an answer, explain themselves.
func TestEveryItemIsExplained(t *testing.T) {
	t.Parallel()
	lib := playbook.NewLibrary(playbooks.FS)
	ids, err := lib.IDs()
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range ids {
		pb, err := lib.Load(id)
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for _, h := range pb.Training.Households {
			if seen[h.Form] {
				continue
			}
			seen[h.Form] = true
			f, _ := pb.Form(h.Form)
			form, err := xform.Parse(f.XForm, xform.Options{})
			if err != nil {
				t.Fatal(err)
			}
			s, err := form.NewSession(xform.Env{})
			if err != nil {
				t.Fatal(err)
			}
			explained := 0
			for _, language := range []string{"中文 (zh)", "English (en)"} {
				if _, err := s.SetLanguage(language); err != nil {
					t.Fatal(err)
				}
				for _, n := range s.State() {
					words := n.Type == "input" && n.Datatype == "string"
					if n.Label == "" || n.Readonly || words || !asked[n.Type] {
						continue
					}
					explained++
					if n.Guidance == "" {
						t.Errorf("%s: %s: %s has no explanation in %s", id, h.Form, n.Ref, language)
					}
				}
			}
			if explained < 30 {
				t.Errorf("%s: %s: only %d items were looked at", id, h.Form, explained)
			}
		}
	}
}
