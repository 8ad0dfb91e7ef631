package assign

import (
	"context"

	"ruhu/internal/db"
	"ruhu/internal/region"
)

const countVillages = `SELECT village, count(*), count(*) FILTER (WHERE state = 'done') FROM assign_assignment
 WHERE county = $1 AND campaign = $2 AND village >= $3 AND village < $4 AND state <> 'replaced' GROUP BY village ORDER BY village`

// VillageCount is how far the visits of a village have come.
type VillageCount struct {
	Village      region.Code
	Visits, Done int // Done: the form is accepted
}

// VillagesTx gives the villages of a plan between lo and hi, by code.
func VillagesTx(ctx context.Context, tx *db.Tx, county, campaign string, lo, hi region.Code) ([]VillageCount, error) {
	return db.List(ctx, tx, func(scan func(...any) error) (VillageCount, error) {
		var v VillageCount
		err := scan(&v.Village, &v.Visits, &v.Done)
		return v, err
	}, countVillages, county, campaign, lo, hi)
}
