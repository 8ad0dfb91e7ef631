package assign

import (
	"context"

	"ruhu/internal/db"
	"ruhu/internal/region"
)

const (
	countUnvisited = `SELECT village, count(*) FILTER (WHERE state = 'open') FROM assign_assignment
 WHERE county = $1 AND campaign = $2 AND state <> 'replaced' AND village >= $3 AND village < $4 GROUP BY village`
	selectUnvisited = `SELECT ` + columns + ` FROM assign_assignment WHERE county = $1 AND campaign = $2 AND village = $3 AND state = 'open' ORDER BY day, id LIMIT $4`
)

// UnvisitedTx counts the visits of a campaign that have no form, by village; villages without visits are absent.
func UnvisitedTx(ctx context.Context, tx *db.Tx, county, campaign string, lo, hi region.Code) (map[region.Code]int, error) {
	out := map[region.Code]int{}
	err := tx.Query(ctx, countUnvisited, []any{county, campaign, lo, hi}, func(scan func(...any) error) error {
		var v region.Code
		var n int
		err := scan(&v, &n)
		out[v] = n
		return err
	})
	return out, err
}

// UnvisitedOfTx gives the visits of a village that have no form, by day.
func UnvisitedOfTx(ctx context.Context, tx *db.Tx, county, campaign string, village region.Code, limit int) ([]Assignment, error) {
	return db.List(ctx, tx, scanAssignment, selectUnvisited, county, campaign, village, limit)
}
