package review

import (
	"context"
	"errors"
	"strconv"

	"ruhu/internal/audit"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/region"
	"ruhu/internal/survey"
)

const (
	// The update that changes nothing holds the row until the transaction ends.
	holdArea = `INSERT INTO review_area (county, campaign, village, state, by_name, reason, at) VALUES ($1, $2, $3, 'open', '', '', $4)
 ON CONFLICT (county, campaign, village) DO UPDATE SET state = review_area.state`
	updateArea = `UPDATE review_area SET state = $4, by_name = $5, reason = $6, at = $7
 WHERE county = $1 AND campaign = $2 AND village = $3 AND state IN ($8, $9)`
	selectAreas   = `SELECT village, state, by_name, reason, at FROM review_area WHERE county = $1 AND campaign = $2 AND village >= $3 AND village < $4`
	insertAreaAct = `INSERT INTO review_area_act (county, id, campaign, village, action, reason, forms, submission, account, by_name, role, at)
 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`
	selectAreaAct = `SELECT campaign, village FROM review_area_act WHERE county = $1 AND id = $2`
	countThreads  = `SELECT village, count(*) FROM review_thread WHERE county = $1 AND campaign = $2 AND village >= $3 AND village < $4 AND state = 'open'
 GROUP BY village`
	selectThreads = `SELECT submission, count(*) FROM review_thread WHERE county = $1 AND campaign = $2 AND village = $3 AND state = 'open'
 GROUP BY submission ORDER BY submission LIMIT $4`
)

// LoggedAreas are the decisions about villages in the log.
var LoggedAreas = audit.NewTable("review_area_act", 1, "id, campaign, village, action, reason, forms:int, submission, account, by_name, role, at:time")

func itoa(n int) string { return strconv.Itoa(n) }

// moveArea moves a village to a state from one of two. Returns Conflict "review.area_state".
func moveArea(ctx context.Context, tx *db.Tx, c survey.Campaign, village region.Code, to, from, or, by, reason string) error {
	if _, err := tx.Exec(ctx, holdArea, c.County, c.ID, village, tx.Now()); err != nil {
		return err
	}
	n, err := tx.Exec(ctx, updateArea, c.County, c.ID, village, to, by, reason, tx.Now(), from, or)
	if err == nil && n != 1 {
		err = errs.Conflict.New("review.area_state")
	}
	return err
}

func areaStatesTx(ctx context.Context, tx *db.Tx, county, campaign string, lo, hi region.Code) (map[region.Code]Area, error) {
	out := map[region.Code]Area{}
	err := tx.Query(ctx, selectAreas, []any{county, campaign, lo, hi}, func(scan func(...any) error) error {
		var a Area
		err := scan(&a.Village, &a.State, &a.ByName, &a.Reason, &a.At)
		out[a.Village] = a
		return err
	})
	return out, err
}

// areaTx gives one village. Returns NotFound "review.no_area".
func areaTx(ctx context.Context, tx *db.Tx, c survey.Campaign, village region.Code) (Area, error) {
	lo, hi := village.Range()
	as, err := areasTx(ctx, tx, c, lo, hi)
	if err != nil {
		return Area{}, err
	}
	if len(as) != 1 || as[0].Village != village {
		return Area{}, errs.NotFound.New("review.no_area", "village", string(village))
	}
	return as[0], nil
}

func writeArea(ctx context.Context, tx *db.Tx, actor authz.Actor, c survey.Campaign, a Area, act AreaAct, action, form string) error {
	var submission any
	if form != "" {
		submission = form
	}
	row := []any{c.County, act.ID, c.ID, string(a.Village), action, act.Reason, a.Accepted, submission, actor.ID, actor.Name, string(actor.Role), tx.Now()}
	if _, err := tx.Exec(ctx, insertAreaAct, row...); err != nil {
		return err
	}
	return audit.LogTx(ctx, tx, LoggedAreas, row)
}

// areaOf gives campaign and village that a decision was made about, "" when there is no such decision.
func areaOf(ctx context.Context, tx *db.Tx, county, act string) (string, error) {
	var campaign, village string
	err := tx.QueryRow(ctx, selectAreaAct, county, act).Scan(&campaign, &village)
	if errors.Is(err, db.ErrNoRows) {
		return "", nil
	}
	return campaign + village, err
}

func openThreadsTx(ctx context.Context, tx *db.Tx, county, campaign string, lo, hi region.Code) (map[region.Code]int, error) {
	return db.Counts[region.Code](ctx, tx, countThreads, county, campaign, lo, hi)
}
