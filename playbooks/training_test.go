package playbooks_test

import (
	"strconv"
	"strings"
	"testing"

	"ruhu/form/xform"
	"ruhu/internal/playbook"
	"ruhu/playbooks"
)

// TestModelAnswersOfTrainingHouseholdsFit gives the model answers in their order: each question is asked by then, takes the answer, and has
// nothing against it but what needs a reason.
func TestModelAnswersOfTrainingHouseholdsFit(t *testing.T) {
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
		if len(pb.Training.Households) == 0 || len(pb.Quiz.Questions) < 10 {
			t.Errorf("%s: %d households, %d questions", id, len(pb.Training.Households), len(pb.Quiz.Questions))
		}
		for _, h := range pb.Training.Households {
			f, _ := pb.Form(h.Form)
			form, err := xform.Parse(f.XForm, xform.Options{})
			if err != nil {
				t.Fatal(err)
			}
			s, err := form.NewSession(xform.Env{Prefill: map[string]string{"household.size": strconv.Itoa(h.Size), "household.class": h.Class}})
			if err != nil {
				t.Fatal(err)
			}
			refs := map[string]string{}
			for _, n := range form.Nodes() {
				refs[n.Path[strings.LastIndexByte(n.Path, '/')+1:]] = n.Path
			}
			for _, a := range h.Answers {
				if _, err := s.Set(refs[a.Item], a.Value); err != nil {
					t.Errorf("%s: %s: %s: %v", id, h.Code, a.Item, err)
				}
				n, _ := s.Node(refs[a.Item])
				if !n.Relevant || n.Readonly || n.Error != nil || n.Value != a.Value {
					t.Errorf("%s: %s: %s: asked %v, locked %v, %+v, value %q", id, h.Code, a.Item, n.Relevant, n.Readonly, n.Error, n.Value)
				}
			}
		}
	}
}
