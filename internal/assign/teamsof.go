package assign

import (
	"context"
	"slices"

	"ruhu/internal/db"
)

const selectTeamsOf = `SELECT account, team FROM assign_member WHERE county = $1 AND account IN (`

// TeamsOfTx gives the ids of the teams that accounts belong to, in all campaigns. An account without a team is absent.
func TeamsOfTx(ctx context.Context, tx *db.Tx, county string, accounts []string) (map[string][]string, error) {
	out := make(map[string][]string, len(accounts))
	for part := range slices.Chunk(accounts, batch) {
		in, args := db.In(2, part...)
		err := tx.Query(ctx, selectTeamsOf+in+`)`, append([]any{county}, args...), func(scan func(...any) error) error {
			var account, team string
			err := scan(&account, &team)
			out[account] = append(out[account], team)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}
