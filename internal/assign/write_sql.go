package assign

import (
	"context"
	"slices"

	"ruhu/internal/db"
	"ruhu/internal/survey"
)

const (
	insertAssignments = `INSERT INTO assign_assignment (` + insertColumns + `, updated_at) VALUES `
	updatePlace       = `UPDATE assign_assignment SET village = $3, form = $4, form_hash = $5, team = $6, day = $7, pinned = $8, updated_at = $9
		WHERE county = $1 AND id = $2`
	deleteOne  = `DELETE FROM assign_assignment WHERE county = $1 AND id = $2`
	upsertPlan = `INSERT INTO assign_plan (county, campaign, from_day, to_day, at, by_account) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (county, campaign) DO UPDATE SET from_day = excluded.from_day, to_day = excluded.to_day, at = excluded.at, by_account = excluded.by_account`
	selectPlan      = `SELECT from_day, to_day FROM assign_plan WHERE county = $1 AND campaign = $2`
	selectAllScoped = `SELECT ` + columns + ` FROM assign_assignment WHERE county = $1 AND campaign = $2 AND village >= $3 AND village < $4 ORDER BY village, id`
	countDay        = `SELECT count(*) FROM assign_assignment WHERE county = $1 AND team = $2 AND day = $3 AND id <> $4 AND state <> 'replaced'`
	lockAll         = `UPDATE assign_team SET name = name WHERE county = $1 AND campaign = $2`

	insertTeam    = `INSERT INTO assign_team (county, id, campaign, name, created_at) VALUES ($1, $2, $3, $4, $5)`
	updateTeam    = `UPDATE assign_team SET name = $3 WHERE county = $1 AND id = $2`
	deleteTeam    = `DELETE FROM assign_team WHERE county = $1 AND id = $2`
	deleteMembers = `DELETE FROM assign_member WHERE county = $1 AND team = $2`
	insertMember  = `INSERT INTO assign_member (county, campaign, account, team, ordinal) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (county, campaign, account) DO NOTHING`
)

// lockTeams makes changes of a campaign's plan wait for one another, so that two of them can't fill the same day twice.
func lockTeams(ctx context.Context, tx *db.Tx, c survey.Campaign) error {
	_, err := tx.Exec(ctx, lockAll, c.County, c.ID)
	return err
}

func insertTx(ctx context.Context, tx *db.Tx, as []Assignment) error {
	const cols = 13
	for part := range slices.Chunk(as, 100) {
		args := make([]any, 0, len(part)*cols)
		for _, a := range part {
			args = append(args, a.ID, a.County, a.Campaign, a.Household, a.Village, a.Form, a.FormHash, a.Team, a.Date, string(a.State), nil, a.Pinned, tx.Now())
		}
		if _, err := tx.Exec(ctx, insertAssignments+db.Rows(len(part), cols), args...); err != nil {
			return err
		}
	}
	return nil
}
