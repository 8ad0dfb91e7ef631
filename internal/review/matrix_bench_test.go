package review_test

import (
	"testing"

	"ruhu/internal/db"
	"ruhu/internal/db/dbtest"
	"ruhu/internal/review"
	"ruhu/internal/signature"
	st "ruhu/internal/submission/submissiontest"
)

// The matrix, and what is missing in every village, over 100,000 forms of a county.
func BenchmarkWaiting(b *testing.B) {
	for name, open := range map[string]func(testing.TB, db.Options) *db.DB{"sqlite": dbtest.SQLite, "postgres": dbtest.Postgres} {
		b.Run(name, func(b *testing.B) {
			w := st.New(b, open(b, db.Options{}), 2)
			reviews := review.NewService(w.D, w.Bus, w.Surveys, w.Accounts, w.Blobs, nil, signature.NewService(w.D, w.Surveys, w.Accounts))
			w.Crowd(b, 100_000)
			for _, by := range []string{"", "team"} {
				b.Run("by="+by, func(b *testing.B) {
					for b.Loop() {
						if m, err := reviews.Waiting(b.Context(), w.County, w.Campaign.ID, by); err != nil || len(m.Rows) == 0 {
							b.Fatal(err)
						}
					}
				})
			}
			b.Run("areas", func(b *testing.B) {
				for b.Loop() {
					if as, err := reviews.Areas(b.Context(), w.County, w.Campaign.ID); err != nil || len(as) < 2000 {
						b.Fatal(len(as), err)
					}
				}
			})
		})
	}
}
