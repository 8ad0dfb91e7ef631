package quality

import (
	"fmt"
	"testing"

	"ruhu/internal/playbook"
)

// In a block of flats hundreds of forms share a position: the count is exact, and the work and the list are bounded.
func TestACrowdIsCountedAndNotListed(t *testing.T) {
	t.Parallel()
	const n = 400
	facts := make([]Fact, n)
	for i := range facts {
		facts[i] = Fact{Submission: fmt.Sprintf("s%03d", i), Household: fmt.Sprintf("h%03d", i), Marks: map[string][]string{markPlace: {"cell"}}}
	}
	found := duplicates(facts, playbook.Quality{}.Filled())
	if len(found) != n {
		t.Fatalf("%d findings", len(found))
	}
	for _, f := range found {
		if f.Figure != "400" || len(f.Others) != maxOthers {
			t.Fatalf("%s of %s, %d others", f.Figure, f.Submission, len(f.Others))
		}
	}
}
