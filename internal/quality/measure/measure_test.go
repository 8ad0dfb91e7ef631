package measure_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"pgregory.net/rapid"

	"ruhu/internal/quality/measure"
)

func TestEqualValuesAreNoOutliers(t *testing.T) {
	t.Parallel()
	flat := []float64{5, 5, 5, 5, 5, 5}
	if out := measure.ModifiedZ(flat).Out(measure.MADThreshold); out != nil {
		t.Errorf("of equal values, %v are outliers", out)
	}
	m := measure.ModifiedZ([]float64{5, 5, 5, 5, 5, 5, 5, 40})
	if !m.MeanAD || len(m.Out(measure.MADThreshold)) != 1 {
		t.Errorf("a MAD of 0 hides 40 among fives: %+v", m)
	}
	if e := measure.GeneralisedESD(flat, 3, 0.05); e.Outliers != 0 {
		t.Errorf("%+v", e)
	}
}

func TestARangeIsInclusiveAndExact(t *testing.T) {
	t.Parallel()
	v := measure.Variable{Name: "income", Range: &measure.OKRange{Relative: true, Lo: "-0.15", Hi: "0.15"}}
	for _, c := range []struct {
		first, second string
		want          bool
	}{
		{"5300", "6095", false},
		{"5300", "6095.01", true},
		{"5300", "4505", false},
		{"5300", "4504.99", true},
		{"-100", "-115", false},
		{"-100", "-116", true},
		{"", "1", true},
		{"5300.0", "5300", false},
		{"don't know", "5300", true},
	} {
		if got := v.Differ(c.first, c.second); got != c.want {
			t.Errorf("%q and %q: %v", c.first, c.second, got)
		}
	}
	v.NoDiff = []string{"-999"}
	if v.Differ("-999", "7") || v.Differ("7", "-999") {
		t.Error("an excused value counts as a difference")
	}
}

func TestPercentMatchCountsAsByHand(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		items := rapid.IntRange(1, 130).Draw(t, "items")
		n := rapid.IntRange(2, 12).Draw(t, "interviews")
		options := rapid.IntRange(1, 40).Draw(t, "options")
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		a := make(measure.Answers, n)
		for i := range a {
			for range items {
				v := fmt.Sprint(r.IntN(options))
				if r.IntN(10) == 0 {
					v = ""
				}
				a[i] = append(a[i], v)
			}
		}
		s := measure.PercentMatch(a, measure.MatchOptions{Comparable: 0.5, Threshold: 0.4})
		pairs := 0
		for i := range a {
			best := -1.0
			for j := range a {
				both, same := 0, 0
				for k := range a[i] {
					if a[i][k] != "" && a[j][k] != "" {
						both++
						if a[i][k] == a[j][k] {
							same++
						}
					}
				}
				if i == j || both == 0 || float64(both) < 0.5*float64(items) {
					continue
				}
				best = max(best, float64(same)/float64(both))
				if j > i && float64(same)/float64(both) >= 0.4 {
					pairs++
				}
			}
			if m := s.Of[i]; best < 0 && m.Partner >= 0 || best >= 0 && m.Max != best {
				t.Fatalf("interview %d: %+v, by hand %v", i, m, best)
			}
		}
		if s.Pairs != pairs || len(s.Over) != pairs {
			t.Fatalf("%d pairs, by hand %d", s.Pairs, pairs)
		}
	})
}

func TestOnlyInterviewsOfABlockAreCompared(t *testing.T) {
	t.Parallel()
	a := measure.Answers{{"1", "2"}, {"1", "2"}, {"1", "3"}}
	s := measure.PercentMatch(a, measure.MatchOptions{Block: []string{"x", "y", "x"}})
	if s.Pairs != 0 || s.Of[1].Partner != -1 || s.Of[0].Partner != 2 {
		t.Errorf("%+v", s)
	}
}

// The first two skipped what the third was asked: they share 4 of 8 items, all that either answered.
func TestACopyOfAHouseholdThatSkippedMostItemsIsCompared(t *testing.T) {
	t.Parallel()
	a := measure.Answers{
		{"1", "2", "1", "2", "", "", "", ""},
		{"1", "2", "1", "2", "", "", "", ""},
		{"1", "2", "1", "2", "1", "1", "1", "1"},
		{"1", "2", "1", "1", "", "", "", ""},
	}
	if s := measure.PercentMatch(a, measure.MatchOptions{}); s.Excluded != 6 {
		t.Errorf("%+v", s)
	}
	s := measure.PercentMatch(a, measure.MatchOptions{Sparse: 0.95, SparseItems: 4})
	if s.Pairs != 1 || s.Of[0].Partner != 1 || s.Of[1].Max != 1 || s.Of[2].Partner != -1 || s.Of[3].Partner != -1 {
		t.Errorf("%+v", s)
	}
	if s := measure.PercentMatch(a, measure.MatchOptions{Sparse: 0.95, SparseItems: 5}); s.Pairs != 0 {
		t.Errorf("four items were enough: %+v", s)
	}
}

func TestItemsThatDoNotVaryAreLeftOut(t *testing.T) {
	t.Parallel()
	var a measure.Answers
	for i := range 40 {
		a = append(a, []string{"1", fmt.Sprint(i % 2), ""})
	}
	a[0][0] = "2"
	if got := a.Varied(0.95); len(got) != 1 || got[0] != 1 {
		t.Errorf("varied items %v", got)
	}
	if got := a.Pick([]int{1}); len(got[0]) != 1 || got[3][0] != "1" {
		t.Errorf("%v", got[3])
	}
}

func TestAdjustedPValuesAreNeverSmaller(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SliceOfN(rapid.Float64Range(0, 1), 1, 20).Draw(t, "p")
		holm, bh := measure.Holm(p), measure.BenjaminiHochberg(p)
		for i := range p {
			if bh[i] < p[i]-1e-12 || holm[i] < bh[i]-1e-12 || holm[i] > 1 {
				t.Fatalf("%v: Holm %v, BH %v", p[i], holm[i], bh[i])
			}
		}
	})
}

func TestNeighboursOnTheMapAreFoundLikeAllPairs(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(7, 7))
	var v []measure.Visit
	for i := range 300 {
		v = append(v, measure.Visit{Who: fmt.Sprint(i % 3), At: measure.Place{Lat: 29.4 + r.Float64()*0.004, Lon: 107.2 + r.Float64()*0.004}})
	}
	v[0].At.Lat = math.NaN()
	got := measure.Near(v, 20)
	marked := 0
	for i := range v {
		want := false
		for j := range v {
			want = want || i != j && v[i].Who == v[j].Who && measure.Distance(v[i].At, v[j].At) <= 20
		}
		if got[i] != want {
			t.Errorf("visit %d: %v, want %v", i, got[i], want)
		}
		if want {
			marked++
		}
	}
	if marked == 0 || marked == len(v) {
		t.Fatalf("%d marked", marked)
	}
}

func TestSpeedIsFromTheEndOfOneVisitToTheStartOfTheNext(t *testing.T) {
	t.Parallel()
	at := func(h, m int) time.Time { return time.Date(2026, 4, 13, h, m, 0, 0, time.UTC) }
	v := []measure.Visit{
		{Who: "a", Start: at(9, 0), End: at(9, 30), At: measure.Place{Lat: 29, Lon: 107}},
		{Who: "a", Start: at(9, 40), End: at(10, 0), At: measure.Place{Lat: 29.2, Lon: 107}},
		{Who: "a", Start: at(9, 50), End: at(10, 10), At: measure.Place{Lat: 29.2, Lon: 107}},
	}
	s := measure.Speed(v)
	if !math.IsNaN(s[0]) || s[1] < 133 || s[1] > 134 || !math.IsNaN(s[2]) {
		t.Errorf("%v", s)
	}
	if o := measure.Overlaps(v); o[0] || o[1] || !o[2] {
		t.Errorf("%v", o)
	}
}

func TestNobodyChangedIsNoInconsistency(t *testing.T) {
	t.Parallel()
	r := measure.Compare([]measure.Twice{{First: "1", Second: "1", Weight: 1}, {First: "1", Second: "1", Weight: 1}, {First: "", Second: "2", Weight: 1}})
	if r.IOI != 0 || r.GDR != 0 || r.N != 2 || measure.IOIBand(r.IOI) != "low" || measure.NDRBand(-0.06) != "high" {
		t.Errorf("%+v", r)
	}
}

func TestTheExactIntervalCoversAndZeroOfManyIsNotZero(t *testing.T) {
	t.Parallel()
	i := measure.Share{X: 0, N: 30}.Exact(0.95)
	if i.Lo != 0 || i.Hi < 0.11 || i.Hi > 0.12 {
		t.Errorf("%+v", i)
	}
	if i = (measure.Share{X: 3, N: 27}).Exact(0.95); math.Abs(i.Lo-0.0235) > 0.001 {
		t.Errorf("%+v", i)
	}
}

func BenchmarkPercentMatchTwoThousandInterviews(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	a := make(measure.Answers, 2000)
	for i := range a {
		for range 60 {
			a[i] = append(a[i], fmt.Sprint(r.IntN(4)))
		}
	}
	for b.Loop() {
		measure.PercentMatch(a, measure.MatchOptions{})
	}
}
