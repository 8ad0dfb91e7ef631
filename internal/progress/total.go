package progress

import (
	"context"

	"ruhu/internal/db"
	"ruhu/internal/region"
)

const selectVillages = `SELECT item, assigned, submitted, returned, accepted, problems_open, problems_closed FROM progress_sum
 WHERE county = $1 AND campaign = $2 AND axis = 'village' AND item >= $3 AND item < $4`

// TotalsTx gives the counts of every village of a campaign, for who compares them with counts of their own. Nothing is overdue in them.
func TotalsTx(ctx context.Context, tx *db.Tx, county, campaign string, lo, hi region.Code) (map[region.Code]Counts, error) {
	out := map[region.Code]Counts{}
	return out, tx.Query(ctx, selectVillages, []any{county, campaign, lo, hi}, func(scan func(...any) error) error {
		var code region.Code
		var c Counts
		err := scan(&code, &c.Assigned, &c.Submitted, &c.Returned, &c.Accepted, &c.ProblemsOpen, &c.ProblemsClosed)
		if c != (Counts{}) {
			out[code] = c
		}
		return err
	})
}
