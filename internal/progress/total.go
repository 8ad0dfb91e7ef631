package progress

import (
	"context"

	"ruhu/internal/db"
	"ruhu/internal/region"
)

// TotalsTx gives the counts of every village of a campaign, for who compares them with counts of their own. Nothing is overdue in them.
func TotalsTx(ctx context.Context, tx *db.Tx, county, campaign string, lo, hi region.Code) (map[region.Code]Counts, error) {
	cells, err := cellsTx(ctx, tx, county, campaign, lo, hi)
	if err != nil {
		return nil, err
	}
	villages := map[region.Code]*Counts{}
	for c, n := range cells {
		at(villages, c.village).add(c, n, "")
	}
	out := make(map[region.Code]Counts, len(villages))
	for code, c := range villages {
		out[code] = *c
	}
	return out, nil
}
