package earlier_test

import (
	"fmt"
	"os"
	"testing"
	"time"

	"ruhu/internal/db"
	"ruhu/internal/db/dbtest"
	"ruhu/internal/device"
	"ruhu/internal/earlier"
	"ruhu/internal/id"
	st "ruhu/internal/submission/submissiontest"
)

// BenchmarkCarried500 measures what a phone's question costs a team with 500 households, each with six pictures of a round before.
func BenchmarkCarried500(b *testing.B) {
	if os.Getenv("RUHU_BENCH") == "" {
		b.Skip("set RUHU_BENCH")
	}
	for name, open := range map[string]func(testing.TB, db.Options) *db.DB{"sqlite": dbtest.SQLite, "postgres": dbtest.Postgres} {
		b.Run(name, func(b *testing.B) {
			w := st.New(b, open(b, db.Options{Clock: dbtest.NewClock(time.Date(2026, 3, 20, 10, 0, 0, 0, time.UTC)).Now}), 500)
			w.Plan(b)
			plantRound(b, w)
			now := w.Again(b, 500, "2026-06-01")
			now.Plan(b)
			dev := id.New()
			if _, err := device.NewService(w.D, w.Accounts, w.Blobs).Hello(b.Context(), w.Enumerator, device.Report{Device: dev}); err != nil {
				b.Fatal(err)
			}
			e := earlier.NewService(w.D, w.Bus, w.Surveys, w.Assigns, w.Blobs)
			pictures := 0
			for b.Loop() {
				got, making, err := e.Carried(b.Context(), w.Enumerator, dev)
				if err != nil || making {
					b.Fatalf("%v %v", making, err)
				}
				pictures = 0
				for _, h := range got {
					pictures += len(h.Pictures)
				}
			}
			b.ReportMetric(float64(pictures), "pictures")
		})
	}
}

// plantRound puts accepted forms with six pictures each into the tables, as if they had been looked through.
func plantRound(b *testing.B, w *st.World) {
	b.Helper()
	err := w.D.Update(b.Context(), func(tx *db.Tx) error {
		for n, v := range w.Visits {
			sub := id.New()
			_, err := tx.Exec(b.Context(), `INSERT INTO submission (county, id, instance_id, campaign, assignment, household, village, team, day, form, form_code, account,
 revision, last_revision, state, level, reason, errors, warnings, unconfirmed, returned_times, received_at, capture)
 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'a', $11, 1, 1, 'accepted', '', '', 0, 0, 0, 0, $12, '')`,
				v.County, sub, "uuid:"+sub, v.Campaign, v.ID, v.Household, v.Village, v.Team, v.Date, v.FormHash, w.Enumerator.ID, tx.Now())
			if err != nil {
				return err
			}
			for i := range 6 {
				original := fmt.Sprintf("%064x", n*6+i)
				if _, err := tx.Exec(b.Context(), `INSERT INTO earlier_shot (county, submission, revision, n, original, label_zh, label_en)
 VALUES ($1, $2, 1, $3, $4, '照片', 'Photo')`, v.County, sub, i, original); err != nil {
					return err
				}
				if _, err := tx.Exec(b.Context(), `INSERT INTO earlier_picture (county, original, small, size, made_at) VALUES ($1, $2, $3, 2000, $4)`,
					v.County, original, "f"+original[1:], tx.Now()); err != nil {
					return err
				}
			}
			if _, err := tx.Exec(b.Context(), `INSERT INTO earlier_form (county, submission, revision, visited_on, position, looked_at)
 VALUES ($1, $2, 1, '2026-03-10', 'null', $3)`, v.County, sub, tx.Now()); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
}
