package assign

import (
	"context"
	"errors"
	"slices"

	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
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

// OfMemberTx gives an assignment of a team that the actor is in. Returns NotFound "assign.not_found".
func (s *Service) OfMemberTx(ctx context.Context, tx *db.Tx, actor authz.Actor, assignment string) (Assignment, error) {
	a, err := scanAssignment(tx.QueryRow(ctx, selectOne, actor.County, assignment).Scan)
	if err != nil && !errors.Is(err, db.ErrNoRows) {
		return a, err
	}
	n := 0
	if err == nil {
		if err := tx.QueryRow(ctx, memberOf, actor.County, actor.ID, a.Team).Scan(&n); err != nil {
			return a, err
		}
	}
	if n == 0 {
		return a, errs.NotFound.New("assign.not_found", "id", assignment)
	}
	return a, nil
}
