package quality

import (
	"fmt"
	"slices"
	"testing"

	"ruhu/internal/db"
	"ruhu/internal/db/dbtest"
	"ruhu/internal/id"
)

// sharerFact bears a place and a phone; "" is none.
func sharerFact(n, revision int, place, phone string) Fact {
	f := Fact{Submission: fmt.Sprintf("01970000-0000-7000-8000-%012d", n), Revision: revision, Village: "990101101201", Marks: map[string][]string{}}
	if place != "" {
		f.bear(markPlace, place)
	}
	if phone != "" {
		f.bear(markPhone, phone)
	}
	return f
}

func TestSharersAreReadForAllFormsAtOnceAndACrowdIsToldFromAFew(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		const county = "990101"
		campaign := id.New()
		var facts []Fact
		for n := range crowd + 1 { // one has crowd others: not yet a crowd
			facts = append(facts, sharerFact(n, 1, "flats", ""))
		}
		for n := 100; n < 200; n++ { // in pairs
			facts = append(facts, sharerFact(n, 1, "", fmt.Sprint(n/2)))
		}
		keep := func(fs ...Fact) {
			t.Helper()
			err := d.Update(ctx, func(tx *db.Tx) error {
				_, err := keepFactsTx(ctx, tx, county, campaign, fs, nil)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		sharers := func(fs ...Fact) (out []string, crowded bool) {
			t.Helper()
			err := d.View(ctx, func(tx *db.Tx) (err error) {
				out, crowded, err = sharersTx(ctx, tx, county, campaign, fs)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return out, crowded
		}
		keep(facts...)
		if got, crowded := sharers(facts[0]); len(got) != crowd || crowded || slices.Contains(got, facts[0].Submission) {
			t.Errorf("%d sharers, crowded %t", len(got), crowded)
		}
		pairs := facts[crowd+1:]
		if got, crowded := sharers(pairs...); len(got) != 100 || crowded {
			t.Errorf("%d of the pairs, crowded %t", len(got), crowded)
		}
		if got, _ := sharers(pairs[0]); !slices.Equal(got, []string{pairs[1].Submission}) {
			t.Errorf("of one pair: %v", got)
		}
		keep(sharerFact(99, 1, "flats", ""))
		if got, crowded := sharers(facts[0], pairs[0]); len(got) != crowd+1 || !crowded {
			t.Errorf("one more: %d sharers, crowded %t", len(got), crowded)
		}
		keep(sharerFact(100, 2, "", "of its own")) // corrected: it shares nothing any more
		keep(sharerFact(100, 1, "", "50"))         // the first revision is looked at late
		if got, _ := sharers(pairs[1]); len(got) != 0 {
			t.Errorf("after the correction: %v", got)
		}
	})
}
