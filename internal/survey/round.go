package survey

import (
	"context"

	"ruhu/internal/db"
)

// Round names a campaign to those who look back at it.
type Round struct {
	ID       string
	Title    string
	StartsOn db.Date
}

const selectRounds = `SELECT e.id, e.title, e.starts_on FROM survey_campaign c
 JOIN survey_campaign e ON e.county = c.county AND (e.starts_on, e.created_at, e.id) < (c.starts_on, c.created_at, c.id)
 WHERE c.county = $1 AND c.id = $2 ORDER BY e.starts_on DESC, e.created_at DESC, e.id DESC`

// RoundsBeforeTx gives the campaigns of a county that were before one of them, the latest first, in whatever state they are.
func RoundsBeforeTx(ctx context.Context, tx *db.Tx, county, campaign string) ([]Round, error) {
	return db.List(ctx, tx, func(scan func(...any) error) (r Round, err error) {
		err = scan(&r.ID, &r.Title, &r.StartsOn)
		return r, err
	}, selectRounds, county, campaign)
}
