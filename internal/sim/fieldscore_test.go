package sim

import (
	"slices"
	"testing"
)

func scoreOf(t *testing.T, scores []Score, stage, kind string) Score {
	t.Helper()
	i := slices.IndexFunc(scores, func(s Score) bool { return s.Stage == stage && s.Kind == kind })
	if i < 0 {
		t.Fatalf("no score %s %s in %+v", stage, kind, scores)
	}
	return scores[i]
}

func flagOf(rule, household string) flag {
	return flag{Rule: rule, Household: &struct {
		Code string `json:"code"`
	}{household}}
}

// H1 and H2 were made up, H2 from the answers of H3; H4 is honest.
func TestAnInterviewIsFoundOnceAndTheOneCopiedFromIsNoError(t *testing.T) {
	t.Parallel()
	planted := []Interview{{Kind: "desk", Household: "H1", Team: "T1"}, {Kind: "copied", Household: "H2", Team: "T2", Of: "H3"}}
	scores := scoreInterviews("fabricated", planted, []flag{
		flagOf("near", "H1"), flagOf("fast", "H1"), flagOf("fast", "H4"), flagOf("similar", "H3"),
		{Rule: "digits", Team: "T1"},
		{Rule: "digits", Team: "T9"},
		{Rule: "hasty_signer"},
	})
	for _, tc := range []struct {
		stage, kind                    string
		planted, found, flagged, right int
	}{
		{"fabricated", "desk", 1, 1, 0, 0},
		{"fabricated", "copied", 1, 0, 0, 0},
		{"fabricated_by", "any", 2, 1, 3, 2},
		{"fabricated_by", "fast", 2, 1, 2, 1},
		{"fabricated_by", "similar", 2, 0, 1, 1},
		{"fabricated_by", "two_families", 2, 1, 1, 1},
		{"team", "digits", 2, 1, 2, 1},
	} {
		if s := scoreOf(t, scores, tc.stage, tc.kind); s.Planted != tc.planted || s.Found != tc.found || s.Flagged != tc.flagged || s.Right != tc.right {
			t.Errorf("%s %s: %+v", tc.stage, tc.kind, s)
		}
	}
}

func TestWhatTheProgramNotesIsScoredApartFromWhoLooks(t *testing.T) {
	t.Parallel()
	scores := scoreClaims([]*Claim{
		{Kind: "old_photo", Noted: true},
		{Kind: "new_photo", Verified: true, Rejected: true},
		{Kind: "new_photo", Verified: true},
		{Noted: true},
		{Verified: true},
	})
	if s := scoreOf(t, scores, "noted", "all"); s.Planted != 3 || s.Found != 1 || s.Flagged != 2 || s.Right != 1 {
		t.Errorf("%+v", s)
	}
	if s := scoreOf(t, scores, "verified", "all"); s.Planted != 2 || s.Found != 1 || s.Flagged != 1 || s.Right != 1 {
		t.Errorf("%+v", s)
	}
	if s := scoreClaims([]*Claim{{Verified: true}}); s != nil {
		t.Errorf("nothing was planted: %+v", s)
	}
}

func TestATeamHasOneMannerAtMostAndASeedTheSame(t *testing.T) {
	t.Parallel()
	f := fieldwork{Fabricated: []manner{{Kind: "a", Teams: 2}, {Kind: "b", Teams: 1}}, Signed: []manner{{Kind: "c", Teams: 9}}}
	madeUp, signed := f.planned(7, 6)
	again, _ := f.planned(7, 6)
	n := map[string]int{}
	for i := range madeUp {
		if madeUp[i] != again[i] || madeUp[i] != nil && signed[i] != nil {
			t.Errorf("team %d: %v, %v", i, madeUp[i], signed[i])
		}
		for _, m := range []*manner{madeUp[i], signed[i]} {
			if m != nil {
				n[m.Kind]++
			}
		}
	}
	if n["a"] != 2 || n["b"] != 1 || n["c"] != 3 {
		t.Errorf("%v", n)
	}
}
