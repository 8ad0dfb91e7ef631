package submission

import (
	"context"

	"ruhu/internal/db"
	"ruhu/internal/region"
)

const (
	// A form that was put aside, because another stands for the household, is done with.
	countVillages = `SELECT village, count(*) FILTER (WHERE state = 'accepted'), count(*) FILTER (WHERE state NOT IN ('accepted', 'aside')),
  count(*) FILTER (WHERE errors > 0 AND state <> 'aside'), count(*) FILTER (WHERE unconfirmed > 0 AND state <> 'aside')
 FROM submission WHERE county = $1 AND campaign = $2 AND village >= $3 AND village < $4 GROUP BY village`
	selectLacking = `SELECT ` + recordColumns + ` FROM submission WHERE county = $1 AND campaign = $2 AND village = $3
  AND (state NOT IN ('accepted', 'aside') OR state = 'accepted' AND (errors > 0 OR unconfirmed > 0)) ORDER BY received_at, id LIMIT $4`
	// The condition is written like that of the index, which holds these forms alone.
	fromWaiting    = ` FROM submission WHERE county = $1 AND campaign = $2 AND state IN ('review', 'returned') AND village >= $3 AND village < $4 GROUP BY state, level, since`
	countByLevel   = `SELECT state, level, since, count(*), '', NULL` + fromWaiting
	countByVillage = `SELECT state, level, since, count(*), village, NULL` + fromWaiting + `, village`
	countByTeam    = `SELECT state, level, since, count(*), '', team` + fromWaiting + `, team`
	selectStuck    = `SELECT received_at, village, team FROM submission
 WHERE county = $1 AND campaign = $2 AND state = 'quarantined' AND village >= $3 AND village < $4`
)

// AreaCount is how many forms of a village are where.
type AreaCount struct {
	Accepted    int
	Open        int // not through their levels, or quarantined
	Errors      int // forms with an error
	Unconfirmed int // forms with a warning that nobody explained
}

// AreaCountsTx counts the forms of a campaign by village; villages without any are absent.
func AreaCountsTx(ctx context.Context, tx *db.Tx, county, campaign string, lo, hi region.Code) (map[region.Code]AreaCount, error) {
	out := map[region.Code]AreaCount{}
	err := tx.Query(ctx, countVillages, []any{county, campaign, lo, hi}, func(scan func(...any) error) error {
		var v region.Code
		var s AreaCount
		err := scan(&v, &s.Accepted, &s.Open, &s.Errors, &s.Unconfirmed)
		out[v] = s
		return err
	})
	return out, err
}

// LackingTx gives the forms of a village that keep it from being done, the longest waiting first.
func LackingTx(ctx context.Context, tx *db.Tx, county, campaign string, village region.Code, limit int) ([]Row, error) {
	rs, err := db.List(ctx, tx, scanRecord, selectLacking, county, campaign, village, limit)
	if err != nil {
		return nil, err
	}
	return RowsTx(ctx, tx, county, rs)
}

// Waiting is how many forms wait in one state, at one level, with one team, since one day.
type Waiting struct {
	State   State
	Level   string
	Since   db.Date
	At      db.Time // of a quarantined form, in place of Since: it came at no day of a survey
	Village region.Code
	Team    string
	N       int
}

// WaitingTx counts the forms of a campaign in review, returned and quarantined, told apart by "team", by "village" (also for townships), or by neither.
func WaitingTx(ctx context.Context, tx *db.Tx, county, campaign, by string, lo, hi region.Code) ([]Waiting, error) {
	args := []any{county, campaign, lo, hi}
	q := countByLevel
	switch by {
	case "team":
		q = countByTeam
	case "village", "township":
		q = countByVillage
	}
	out, err := db.List(ctx, tx, func(scan func(...any) error) (Waiting, error) {
		var w Waiting
		var team *string
		err := scan((*string)(&w.State), &w.Level, &w.Since, &w.N, &w.Village, &team)
		w.Team = db.Text(team)
		return w, err
	}, q, args...)
	if err != nil {
		return nil, err
	}
	stuck, err := db.List(ctx, tx, func(scan func(...any) error) (Waiting, error) {
		w := Waiting{State: StateQuarantined, N: 1}
		var team *string
		err := scan(&w.At, &w.Village, &team)
		w.Team = db.Text(team)
		return w, err
	}, selectStuck, args...)
	return append(out, stuck...), err
}
