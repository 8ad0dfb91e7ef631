package stats_test

import (
	"strings"
	"testing"

	"ruhu/internal/stats"
	"ruhu/internal/stats/statstest"
)

// checkRaoScott reads approve_x_class: a variable of 0 and 1 against the households' class.
func (s survey) checkRaoScott(t *testing.T, d *stats.Design, r result, name string, tol float64) {
	variable, by, _ := strings.Cut(name, "_x_")
	if by != "class" {
		t.Skipf("optional, not done: by %s", by)
	}
	a, b, levels := make([]int, d.Len()), make([]int, d.Len()), map[string]int{}
	for i, y := range s.values(variable) {
		class := s.tab.Text(i, "hclass")
		if _, ok := levels[class]; !ok {
			levels[class] = len(levels)
		}
		a[i], b[i] = int(y), levels[class]
	}
	got, err := d.RaoScott(a, b)
	if err != nil {
		t.Fatal(err)
	}
	statstest.Near(t, "F", got.F, r.F, tol)
	statstest.Near(t, "numerator df", got.NDF, r.NDF, tol)
	statstest.Near(t, "denominator df", got.DDF, r.DDF, tol)
	statstest.Near(t, "p", got.P, r.P, 1e-6)
}
