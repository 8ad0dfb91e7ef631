package sim

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// tiny makes lists by hand: a base of three persons and a register in which one number is wrong, one person is unknown to the base and one
// is in it twice.
func tiny() []list {
	h := &Household{Code: "h"}
	row := func(person, mark string) entry {
		return entry{h: h, person: person, m: Member{Key: person}, values: map[string]string{markOf: mark}}
	}
	base := list{hint: registerHint{Kind: "base"}, rows: []entry{row("P1", "0"), row("P2", "1"), row("P3", "2")}}
	reg := list{
		hint: registerHint{Kind: "reg"}, rows: []entry{row("P1", "0"), row("P2", "1"), row("", "2"), row("P2", "3")},
		faults: []Fault{{Kind: "id_digit", Person: "P1", mark: "0"}, {Kind: "stranger", mark: "2"}, {Kind: "duplicate", Person: "P2", mark: "3"}},
	}
	base.number()
	reg.number()
	return []list{base, reg}
}

func TestLinksAreScoredAgainstTheTruth(t *testing.T) {
	t.Parallel()
	// Rows begin at 2, below the header. P1 is right, P2 is linked to P3's row, the stranger to P1's, the second P2 to nobody.
	links := []pairOf{{"reg", 2, 2}, {"reg", 3, 4}, {"reg", 4, 2}}
	third, one, zero := 1./3, 1., 0.
	want := map[string]Score{
		"all":       {Planted: 3, Found: 1, Flagged: 3, Right: 1, Recall: &third, Precision: &third},
		"id_digit":  {Planted: 1, Found: 1, Flagged: 1, Right: 1, Recall: &one, Precision: &one},
		"stranger":  {Planted: 0, Found: 0, Flagged: 1, Right: 0, Precision: &zero},
		"duplicate": {Planted: 1, Found: 0, Flagged: 0, Right: 0, Recall: &zero},
	}
	got := scoreLinks(tiny(), "base", links, "auto")
	if len(got) != len(want) {
		t.Fatalf("got %+v", got)
	}
	for _, s := range got {
		w := want[s.Kind]
		w.Kind, w.Register, w.Stage = s.Kind, "reg", "auto"
		if d := cmp.Diff(w, s); d != "" {
			t.Errorf("%s: %s", s.Kind, d)
		}
	}
}

func TestAFindingIsRightWhenItWasPlantedOrIsExplained(t *testing.T) {
	t.Parallel()
	a, b, c, d := finding{household: "a", field: "size"}, finding{household: "b", field: "size"}, finding{household: "c", field: "size"}, finding{household: "d", field: "size"}
	got := scoreFindings("wrong_size", "reg", "compare", []finding{a, b}, []finding{a, c, d}, func(f finding) bool { return f == c })
	half, most := .5, 2./3
	want := Score{Kind: "wrong_size", Register: "reg", Stage: "compare", Planted: 2, Found: 1, Flagged: 3, Right: 2, Recall: &half, Precision: &most}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}
