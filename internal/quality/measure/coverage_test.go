package measure_test

import (
	"math"
	"testing"

	"ruhu/internal/quality/measure"
)

// Two villages by hand: 91·51/46 − 1 and 41·21/19 − 1, variances added; of 70 found, 63 are on the list.
func TestStrataOfTwoListsAddUp(t *testing.T) {
	t.Parallel()
	got := measure.SumLists([]measure.ListPair{{First: 90, Second: 50, Both: 45}, {First: 40, Second: 20, Both: 18}})
	first, second := 91.*51/46-1, 41.*21/19-1
	v := 91.*51*45*5/(46*46*47) + 41.*21*22*2/(19*19*20)
	for what, pair := range map[string][2]float64{
		"chapman": {got.Chapman, first + second}, "se": {got.SE, math.Sqrt(v)}, "net": {got.NetErrorOfFirst, 130 - first - second}, "coverage": {got.CoverageOfFirst, 63. / 70},
	} {
		if math.Abs(pair[0]-pair[1]) > 1e-9 {
			t.Errorf("%s: %v, want %v", what, pair[0], pair[1])
		}
	}
	none := measure.SumLists([]measure.ListPair{{First: 3, Second: 2}})
	if none.Petersen != 0 || none.Chapman != 11 || none.CoverageOfFirst != 0 {
		t.Errorf("without a match: %+v", none)
	}
}
