// Package assigntest puts teams and assignments into a database for tests of the rooms further down the street, without a plan.
package assigntest

import (
	"context"
	"testing"

	"ruhu/internal/assign"
	"ruhu/internal/db"
	"ruhu/internal/id"
	"ruhu/internal/job"
)

// Team makes a team of a campaign.
func Team(t testing.TB, d *db.DB, county, campaign, name string, members ...string) string {
	t.Helper()
	team := id.New()
	update(t, d, func(ctx context.Context, tx *db.Tx) error {
		if _, err := tx.Exec(ctx, `INSERT INTO assign_team (county, id, campaign, name, created_at) VALUES ($1, $2, $3, $4, $5)`,
			county, team, campaign, name, tx.Now()); err != nil {
			return err
		}
		for i, m := range members {
			if _, err := tx.Exec(ctx, `INSERT INTO assign_member (county, campaign, account, team, ordinal) VALUES ($1, $2, $3, $4, $5)`,
				county, campaign, m, team, i); err != nil {
				return err
			}
		}
		return nil
	})
	return team
}

// Plant makes open assignments and emits assign.planned for them. Their ids are set.
func Plant(t testing.TB, d *db.DB, bus *job.Bus, as []assign.Assignment) {
	t.Helper()
	for i := range as {
		as[i].ID, as[i].State = id.New(), assign.Open
	}
	update(t, d, func(ctx context.Context, tx *db.Tx) error {
		for _, a := range as {
			_, err := tx.Exec(ctx, `INSERT INTO assign_assignment (county, id, campaign, household, village, form, form_hash, team, day, state, pinned, updated_at)
				VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
				a.County, a.ID, a.Campaign, a.Household, a.Village, a.Form, a.FormHash, a.Team, a.Date, string(a.State), false, tx.Now())
			if err != nil {
				return err
			}
			m := assign.Moved{Campaign: a.Campaign, Assignment: a.ID, Village: a.Village, Team: a.Team, Day: a.Date, To: a.State}
			if err := bus.Emit(ctx, tx, a.County, assign.EventPlanned, m); err != nil {
				return err
			}
		}
		return nil
	})
}

func update(t testing.TB, d *db.DB, fn func(ctx context.Context, tx *db.Tx) error) {
	t.Helper()
	ctx := context.Background()
	if err := d.Update(ctx, func(tx *db.Tx) error { return fn(ctx, tx) }); err != nil {
		t.Fatalf("plant: %v", err)
	}
}
