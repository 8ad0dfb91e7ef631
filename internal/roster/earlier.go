package roster

import (
	"cmp"
	"context"
	"slices"

	"ruhu/internal/db"
	"ruhu/internal/survey"
)

// Earlier is a household as an earlier campaign of the county listed it.
type Earlier struct {
	Household string // of the campaign that asks
	Was       string // id of the same household in the earlier one
	Round     survey.Round
}

// A code is unique in a campaign only: two townships may have numbered their households alike. So the village must be the same, too, as before or
// after a merger.
const selectEarlier = `SELECT h.id, e.id, e.campaign FROM roster_household h
 JOIN roster_household e ON e.county = h.county AND e.code = h.code AND e.campaign <> h.campaign
 AND (e.village = h.village OR e.village = h.village_now OR e.village_now = h.village OR e.village_now = h.village_now)
 WHERE h.county = $1 AND h.campaign = $2 AND h.id IN (`

// EarlierTx gives the same households in the campaigns before, known by code and village, the latest round first. It knows no actor: the caller has
// already decided who may see them.
func EarlierTx(ctx context.Context, tx *db.Tx, county, campaign string, ids []string) ([]Earlier, error) {
	rounds, err := survey.RoundsBeforeTx(ctx, tx, county, campaign)
	if err != nil || len(rounds) == 0 {
		return nil, err
	}
	order := make(map[string]int, len(rounds))
	for i, r := range rounds {
		order[r.ID] = i
	}
	type row struct {
		Earlier
		order int
	}
	var rows []row
	for part := range slices.Chunk(ids, batch) {
		in, args := db.In(3, part...)
		err := tx.Query(ctx, selectEarlier+in+`)`, append([]any{county, campaign}, args...), func(scan func(...any) error) error {
			var x row
			var of string
			err := scan(&x.Household, &x.Was, &of)
			if i, before := order[of]; before {
				x.order, x.Round = i, rounds[i]
				rows = append(rows, x)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	slices.SortFunc(rows, func(a, b row) int {
		return cmp.Or(cmp.Compare(a.order, b.order), cmp.Compare(a.Household, b.Household))
	})
	out := make([]Earlier, len(rows))
	for i, x := range rows {
		out[i] = x.Earlier
	}
	return out, nil
}
