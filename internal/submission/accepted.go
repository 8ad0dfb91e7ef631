package submission

import (
	"context"

	"ruhu/internal/db"
)

const selectAcceptedOf = `SELECT ` + recordColumns + ` FROM submission WHERE county = $1 AND state = 'accepted' AND assignment IS NOT NULL AND household IN (`

// AcceptedOfTx gives the accepted forms of households, by household id, without asking who looks.
func AcceptedOfTx(ctx context.Context, tx *db.Tx, county string, households []string) (map[string]Record, error) {
	out := map[string]Record{}
	for len(households) > 0 {
		part := households[:min(500, len(households))]
		households = households[len(part):]
		in, args := list(part)
		rs, err := db.List(ctx, tx, scanRecord, selectAcceptedOf+in, append([]any{county}, args...)...)
		if err != nil {
			return nil, err
		}
		for _, r := range rs {
			out[r.Household] = r
		}
	}
	return out, nil
}
