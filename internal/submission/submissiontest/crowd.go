package submissiontest

import (
	"context"
	"fmt"
	"testing"

	"ruhu/internal/db"
	"ruhu/internal/id"
	"ruhu/internal/region"
)

const plantForm = `INSERT INTO submission (county, id, instance_id, campaign, assignment, household, village, team, day, form, form_code, account, revision, last_revision,
 state, level, reason, errors, warnings, unconfirmed, returned_times, received_at, capture, since) VALUES `

// Crowd plants n forms that stand for no visit, for measurements: in villages and teams of 50 forms each, waiting since one of 20 days; one in ten is back
// with its team, two in ten are accepted.
func (w *World) Crowd(t testing.TB, n int) {
	t.Helper()
	ctx := context.Background()
	for from := 0; from < n; from += 1000 {
		err := w.D.Update(ctx, func(tx *db.Tx) error {
			rows := make([][]any, 0, 1000)
			for i := from; i < min(n, from+1000); i++ {
				state, level := "review", []string{"first", "second"}[i%2]
				switch i % 10 {
				case 7:
					state, level = "returned", ""
				case 8, 9:
					state, level = "accepted", ""
				}
				village := region.Code(fmt.Sprintf("%s%03d%03d", w.Campaign.Region[:6], 101+i/50/200, 200+i/50%200))
				rows = append(rows, []any{
					w.Office.County, id.New(), id.New(), w.Campaign.ID, nil, id.New(), village, fmt.Sprintf("00000000-0000-7000-8000-%012d", i/50), "2026-03-02",
					w.Form.Hash, "a", w.Enumerator.ID, 1, 1, state, level, "", 0, 0, 0, 0, tx.Now(), "", fmt.Sprintf("2026-03-%02d", 1+i%20),
				})
			}
			_, err := db.Insert(ctx, tx, plantForm, rows, "")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
