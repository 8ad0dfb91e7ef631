package draw_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"ruhu/internal/sampling/draw"
)

// s28 is the plan of S2.8 in small: quotas of 2, both types of villages, two kinds of certainty households.
func s28(minOther int) draw.Plan {
	return draw.Plan{
		Design: draw.TwoStage, Method: draw.SRS,
		Groups: []draw.Group{{Code: "key", Villages: 3}, {Code: "other", Villages: 2}},
		Quotas: []draw.Quota{
			{Code: "poor", Households: 2, Classes: []string{"poor"}},
			{Code: "exited", Households: 2, Classes: []string{"exited"}},
			{Code: "unregistered", Households: 3, Classes: []string{"ordinary", "ill"}, Priority: &draw.Priority{Stratum: "tagged", Other: "untagged", Classes: []string{"ill"}, Tags: []string{"低保"}, MinOther: minOther}},
		},
		Certainty:      []draw.Certainty{{Code: "marginal", Quota: "unregistered", Classes: []string{"marginal"}}, {Code: "suspect", Quota: "unregistered", Tags: []string{"suspect_missed"}}},
		ShortfallOrder: []string{"exited", "unregistered", "poor"},
	}
}

// plans of every kind.
func anyPlan() *rapid.Generator[draw.Plan] {
	return rapid.Custom(func(t *rapid.T) draw.Plan {
		p := s28(rapid.IntRange(0, 3).Draw(t, "min_other"))
		p.Method = rapid.SampledFrom([]string{draw.SRS, draw.Systematic, draw.PPS}).Draw(t, "method")
		p.CertaintyCounts = rapid.Bool().Draw(t, "certainty_counts")
		if p.Method == draw.SRS {
			p.TypeRule = rapid.SampledFrom([]string{"", draw.Both, draw.Allocate}).Draw(t, "type_rule")
		}
		if p.TypeRule != "" {
			p.Types = []draw.Type{{Code: "poor_village", Share: rapid.IntRange(1, 2).Draw(t, "share")}, {Code: "other_village"}}
		}
		if p.Method != draw.PPS && p.TypeRule == "" && rapid.Bool().Draw(t, "one_stage") {
			p.Design, p.Certainty = draw.OneStage, nil
			p.Groups = []draw.Group{{Code: "key", Households: 7}, {Code: "other", Households: 3}}
		}
		return p
	})
}

func anyFrame() *rapid.Generator[draw.Frame] {
	return rapid.Custom(func(t *rapid.T) draw.Frame {
		var f draw.Frame
		for town := range rapid.IntRange(1, 4).Draw(t, "townships") {
			group := rapid.SampledFrom([]string{"key", "other"}).Draw(t, "group")
			for v := range rapid.IntRange(1, 6).Draw(t, "villages") {
				village := draw.Village{Township: fmt.Sprint("T", town), Group: group, Code: fmt.Sprint("T", town, "V", v), Type: rapid.SampledFrom([]string{"poor_village", "other_village"}).Draw(t, "type")}
				f.Villages = append(f.Villages, village)
				for h := range rapid.IntRange(1, 15).Draw(t, "households") {
					hh := draw.Household{Village: village.Code, Code: fmt.Sprint(village.Code, "H", h), Class: rapid.SampledFrom([]string{"poor", "exited", "ordinary", "ill", "marginal"}).Draw(t, "class"), Persons: 3}
					if rapid.IntRange(0, 4).Draw(t, "tag") == 0 {
						hh.Tags = []string{rapid.SampledFrom([]string{"低保", "suspect_missed"}).Draw(t, "which")}
					}
					f.Households = append(f.Households, hh)
				}
			}
		}
		return f
	})
}

func mustDraw(t *rapid.T, p draw.Plan, f draw.Frame, seed string) draw.Sample {
	s, err := draw.Draw(p, f, seed)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func asJSON(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(raw)
}

func TestTheSameSeedGivesTheSameDrawWhateverTheOrderOfTheFrame(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p, f, seed := anyPlan().Draw(t, "plan"), anyFrame().Draw(t, "frame"), rapid.StringN(1, 12, -1).Draw(t, "seed")
		want := asJSON(mustDraw(t, p, f, seed))
		file := f.CSV()
		mixed := draw.Frame{Villages: rapid.Permutation(f.Villages).Draw(t, "villages"), Households: rapid.Permutation(f.Households).Draw(t, "households")}
		if !bytes.Equal(mixed.CSV(), file) {
			t.Fatal("the file depends on the order of the list")
		}
		read, err := draw.ReadFrame(file)
		if err != nil {
			t.Fatal(err)
		}
		if got := asJSON(mustDraw(t, p, read, seed)); got != want {
			t.Fatalf("got %s\nwant %s", got, want)
		}
	})
}

func TestQuotasHoldForEveryFrame(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p, f := anyPlan().Draw(t, "plan"), anyFrame().Draw(t, "frame")
		s := mustDraw(t, p, f, "seed")
		class, size, villages, certain := map[string]draw.Household{}, map[string]int{}, map[string]map[string]bool{}, map[string]int{}
		for _, v := range f.Villages {
			if villages[v.Township] == nil {
				villages[v.Township] = map[string]bool{}
			}
			villages[v.Township][v.Code] = true
		}
		for _, h := range f.Households {
			class[h.Code] = h
			size[h.Village]++
		}
		seen, drawn, quota := map[string]bool{}, map[string]int{}, map[string]int{}
		for _, u := range s.Units {
			if seen[u.Household] {
				t.Fatalf("%s twice", u.Household)
			}
			seen[u.Household] = true
			drawn[u.Village]++
			if u.Stratum == "marginal" || u.Stratum == "suspect" {
				certain[u.Village]++
			} else {
				quota[u.Village]++
			}
			if u.P1.Sign() <= 0 || u.P2.Sign() <= 0 {
				t.Fatalf("%s was drawn with the probability 0", u.Household)
			}
		}
		for _, u := range s.Reserve {
			if seen[u.Household] {
				t.Fatalf("%s is in the sample and in the reserve, or twice in the reserve", u.Household)
			}
			seen[u.Household] = true
		}
		if p.Design == draw.OneStage {
			return
		}
		count := map[string]int{}
		for _, v := range s.Villages {
			count[v.Township]++
			// seven by quota, or all there are; certainty households on top or instead
			want := min(7, size[v.Village]-certain[v.Village])
			if p.CertaintyCounts {
				want = quota[v.Village]
				if over := drawn[v.Village]; over < min(7, size[v.Village]) {
					t.Fatalf("%s: %d drawn of %d", v.Village, over, size[v.Village])
				}
			}
			if quota[v.Village] != want {
				t.Fatalf("%s: %d drawn by quota, want %d (%d households, %d certain)", v.Village, quota[v.Village], want, size[v.Village], certain[v.Village])
			}
			if !p.CertaintyCounts && v.Short > 0 && drawn[v.Village] != size[v.Village] {
				t.Fatalf("%s is short by %d and not taken whole", v.Village, v.Short)
			}
		}
		for _, v := range s.Villages {
			want := 2
			if v.Group == "key" {
				want = 3
			}
			if got := count[v.Township]; got != min(want, len(villages[v.Township])) {
				t.Fatalf("%s: %d villages, want %d of %d", v.Township, got, want, len(villages[v.Township]))
			}
		}
		for _, h := range f.Households { // every certainty household of a village in the sample
			if (h.Class == "marginal") && drawn[h.Village] > 0 && !seen[h.Code] {
				t.Fatalf("%s is certain and was left out", h.Code)
			}
		}
	})
}

func TestProbabilitiesAddUpToTheExpectedSize(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p, f := anyPlan().Draw(t, "plan"), anyFrame().Draw(t, "frame")
		chances, err := draw.Chances(p, f)
		if err != nil {
			t.Fatal(err)
		}
		outlook, err := draw.Expect(p, f)
		if err != nil {
			t.Fatal(err)
		}
		sum, gap := new(big.Rat), 0
		for _, c := range chances {
			if c.Sign() < 0 || c.Cmp(big.NewRat(1, 1)) > 0 {
				t.Fatalf("a probability of %v", c)
			}
			if c.Sign() == 0 {
				gap++
			}
			sum.Add(sum, c.Rat)
		}
		if x, _ := sum.Float64(); x-outlook.Expected > 1e-9 || outlook.Expected-x > 1e-9 {
			t.Fatalf("probabilities add up to %v, expected are %v", x, outlook.Expected)
		}
		if gap != outlook.Gap+outlook.Outside {
			t.Fatalf("%d households without a chance, the outlook says %d", gap, outlook.Gap+outlook.Outside)
		}
		s := mustDraw(t, p, f, "seed")
		if n := len(s.Units); n < outlook.Min || n > outlook.Max {
			t.Fatalf("%d drawn, between %d and %d were announced", n, outlook.Min, outlook.Max)
		}
		for _, u := range s.Units {
			if want := new(big.Rat).Mul(u.P1.Rat, u.P2.Rat); want.Cmp(chances[u.Household].Rat) != 0 {
				t.Fatalf("%s: %v in the sample, %v announced", u.Household, want, chances[u.Household])
			}
			if new(big.Rat).Mul(u.Weight.Rat, chances[u.Household].Rat).Cmp(big.NewRat(1, 1)) != 0 {
				t.Fatalf("%s: the weight is not the inverse of the probability", u.Household)
			}
		}
	})
}
