package draw_test

import (
	"math"
	"testing"

	"ruhu/internal/sampling/draw"
	"ruhu/internal/stats"
)

func TestRowsStandForTheWholeFrame(t *testing.T) {
	t.Parallel()
	r, _ := record(t)
	answered := map[string]bool{}
	for _, u := range append(append([]draw.Unit{}, r.Sample.Units...), r.Sample.Reserve...) {
		answered[u.Household] = true
	}
	rows, codes, merges := draw.Rows(r.Plan, r.Sample, r.Uses, answered)
	if len(rows) != len(r.Sample.Units) || len(codes) != len(rows) || len(merges) != 0 {
		t.Fatalf("%d rows for %d households, merges %v", len(rows), len(r.Sample.Units), merges)
	}
	base := 0.0
	for _, u := range r.Sample.Units {
		base += u.Weight.Float()
	}
	d, err := stats.NewDesign(rows, stats.Options{Collapse: draw.Neighbours(r.Sample)})
	if err != nil || math.Abs(d.SumWeights()-base) > 1e-9 { // the replacement has the weight of the household that is gone
		t.Errorf("weights add up to %v, want %v; %v", d.SumWeights(), base, err)
	}
	for i, c := range codes {
		if c == r.Uses[0].Household || rows[i].M == 0 || rows[i].N == 0 {
			t.Errorf("row %d: %s %+v", i, c, rows[i])
		}
	}
	answered[codes[0]] = false
	rows, _, _ = draw.Rows(r.Plan, r.Sample, r.Uses, answered)
	if d, err = stats.NewDesign(rows, stats.Options{}); err != nil || d.Len() != len(codes)-1 || math.Abs(d.SumWeights()-base) > 1e-9 {
		t.Errorf("without one answer the weights add up to %v, want %v; %v", d.SumWeights(), base, err)
	}
}

func TestSingleVillagesJoinTheNextOfTheirGroup(t *testing.T) {
	t.Parallel()
	v := func(stratum, group string, drawn, of int) draw.DrawnVillage {
		return draw.DrawnVillage{Stratum: stratum, Group: group, Village: stratum + "1", Drawn: drawn, Of: of}
	}
	got := draw.Neighbours(draw.Sample{Villages: []draw.DrawnVillage{
		v("a", "key", 1, 5), v("b", "other", 1, 4), v("c", "key", 2, 6), v("c", "key", 2, 6), v("d", "key", 1, 1), v("e", "key", 1, 3), v("f", "lone", 1, 3), v("g", "other", 1, 4),
	}})
	want := map[string]string{"a": "c", "e": "d", "b": "g"} // d has one village only and is not lonely; f has no neighbour; g has b already
	if len(got) != len(want) {
		t.Fatalf("got %v, want %v", got, want)
	}
	for k, x := range want {
		if got[k] != x {
			t.Errorf("got %v, want %v", got, want)
		}
	}
}
