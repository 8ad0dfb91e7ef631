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
	return db.Counts[region.Code](ctx, tx, countUnvisited, county, campaign, lo, hi)
}

// UnvisitedOfTx gives the visits of a village that have no form, by day.
func UnvisitedOfTx(ctx context.Context, tx *db.Tx, county, campaign string, village region.Code, limit int) ([]Assignment, error) {
	return db.List(ctx, tx, scanAssignment, selectUnvisited, county, campaign, village, limit)
}
