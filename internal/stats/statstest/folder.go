// Package statstest reads the yardsticks: folders of inputs and of figures that other programs computed from them.
package statstest

import (
	"encoding/csv"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"testing"
)

// Root is the folder that RUHU_FIXTURES names, else ../shared/fixtures/stats beside the repository. It skips t when there is none.
func Root(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("RUHU_FIXTURES")
	if dir == "" {
		wd, err := os.Getwd()
		if err != nil {
			t.Fatal(err)
		}
		for {
			if _, err := os.Stat(filepath.Join(wd, "go.mod")); err == nil || filepath.Dir(wd) == wd {
				break
			}
			wd = filepath.Dir(wd)
		}
		dir = filepath.Join(wd, "..", "shared", "fixtures", "stats")
	}
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("no yardsticks at %s: set RUHU_FIXTURES", dir)
	}
	return dir
}

// Glob finds files of the root by pattern and skips t when there are none.
func Glob(t testing.TB, pattern string) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(Root(t), pattern))
	if err != nil {
		t.Fatal(err)
	}
	if len(found) == 0 {
		t.Skipf("no yardstick fits %s", pattern)
	}
	return found
}

// JSON reads a file into v.
func JSON(t testing.TB, file string, v any) {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, v); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
}

// Table is a CSV file by columns.
type Table struct {
	Rows   [][]string
	column map[string]int
}

// CSV reads a file whose first line names the columns.
func CSV(t testing.TB, file string) Table {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil || len(rows) == 0 {
		t.Fatalf("%s: %v", file, err)
	}
	tab := Table{Rows: rows[1:], column: map[string]int{}}
	for i, name := range rows[0] {
		tab.column[name] = i
	}
	return tab
}

// Has reports whether there is such a column.
func (tab Table) Has(column string) bool { _, ok := tab.column[column]; return ok }

// Text is a cell. It panics for a column that does not exist.
func (tab Table) Text(row int, column string) string {
	i, ok := tab.column[column]
	if !ok {
		panic("no column " + column)
	}
	return tab.Rows[row][i]
}

// Number is a cell as a number, NaN when it is blank or not one.
func (tab Table) Number(row int, column string) float64 {
	x, err := strconv.ParseFloat(tab.Text(row, column), 64)
	if err != nil {
		return math.NaN()
	}
	return x
}

// Numbers is a whole column.
func (tab Table) Numbers(column string) []float64 {
	out := make([]float64, len(tab.Rows))
	for i := range out {
		out[i] = tab.Number(i, column)
	}
	return out
}

// Mask marks the rows for which ok holds.
func (tab Table) Mask(ok func(row int) bool) []bool {
	out := make([]bool, len(tab.Rows))
	for i := range out {
		out[i] = ok(i)
	}
	return out
}

// Near compares within tol, relative where want is over 1 (SAMPLING §4).
func Near(t testing.TB, what string, got, want, tol float64) {
	t.Helper()
	if diff := math.Abs(got - want); !(diff <= tol*max(1, math.Abs(want))) {
		t.Errorf("%s: got %.15g, want %.15g (%.2g off)", what, got, want, diff)
	}
}
