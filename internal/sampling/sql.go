package sampling

import (
	"context"
	"errors"
	"slices"

	"ruhu/internal/audit"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/region"
)

const (
	selectPlaces = `SELECT place, value FROM sampling_place WHERE county = $1 AND campaign = $2`
	upsertPlace  = `INSERT INTO sampling_place (county, campaign, place, value) VALUES ($1, $2, $3, $4)
		ON CONFLICT (county, campaign, place) DO UPDATE SET value = excluded.value`

	drawColumns = `county, id, campaign, number, state, reason, frame, frame_bytes, villages, households, plan, plan_digest, frozen_at, frozen_by,
		seed, seed_source, witnesses, drawn_at, drawn_by, sample, published_at, published_by`
	selectDraws = `SELECT ` + drawColumns + ` FROM sampling_draw WHERE county = $1 AND campaign = $2 ORDER BY number DESC`
	selectDraw  = `SELECT ` + drawColumns + ` FROM sampling_draw WHERE county = $1 AND id = $2`
	insertDraw  = `INSERT INTO sampling_draw (` + drawColumns + `)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, '', '', '', NULL, '', '', NULL, '')
		ON CONFLICT (county, campaign, number) DO NOTHING`
	withdraw   = `UPDATE sampling_draw SET state = 'withdrawn' WHERE county = $1 AND campaign = $2 AND state = 'frozen'`
	supersede  = `UPDATE sampling_draw SET state = 'replaced' WHERE county = $1 AND campaign = $2 AND id <> $3 AND state IN ('drawn', 'published')`
	updateSeed = `UPDATE sampling_draw SET state = 'drawn', seed = $3, seed_source = $4, witnesses = $5, drawn_at = $6, drawn_by = $7, sample = $8
		WHERE county = $1 AND id = $2 AND state = 'frozen'`
	updatePublished = `UPDATE sampling_draw SET state = 'published', published_at = $3, published_by = $4 WHERE county = $1 AND id = $2 AND state = 'drawn'`

	unitColumns = `household, code, village, stratum, quota, ordinal, state, p1, p2, weight, weight_value, persons`
	insertUnits = `INSERT INTO sampling_unit (county, draw, ` + unitColumns + `) VALUES `
	selectUnits = `SELECT ` + unitColumns + ` FROM sampling_unit WHERE county = $1 AND draw = $2 AND village >= $3 AND village < $4
		ORDER BY village, stratum, ordinal, household`
	selectUnit    = `SELECT ` + unitColumns + ` FROM sampling_unit WHERE county = $1 AND draw = $2 AND household = $3`
	selectReserve = `SELECT ` + unitColumns + ` FROM sampling_unit WHERE county = $1 AND draw = $2 AND village = $3 AND stratum = $4 AND state = 'reserve'
		ORDER BY ordinal, household LIMIT 1`
	selectReserveAnywhere = `SELECT ` + unitColumns + ` FROM sampling_unit WHERE county = $1 AND draw = $2 AND stratum = $3 AND state = 'reserve'
		ORDER BY ordinal, household LIMIT 1`
	updateUnit = `UPDATE sampling_unit SET state = $4 WHERE county = $1 AND draw = $2 AND household = $3 AND state = $5`

	insertUse = `INSERT INTO sampling_use (county, id, draw, household, replacement, reason, note, at, by_name) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`
	selectUse = `SELECT u.code, COALESCE(r.code, ''), u.village, u.stratum, s.reason, s.note, s.at, s.by_name FROM sampling_use s
		JOIN sampling_unit u ON u.county = s.county AND u.draw = s.draw AND u.household = s.household
		LEFT JOIN sampling_unit r ON r.county = s.county AND r.draw = s.draw AND r.household = s.replacement
		WHERE s.county = $1 AND s.draw = $2 AND u.village >= $3 AND u.village < $4 ORDER BY s.id`
	selectCurrent = `SELECT id FROM sampling_draw WHERE county = $1 AND campaign = $2 AND state IN ('drawn', 'published')`
	selectVisited = `SELECT household FROM sampling_unit WHERE county = $1 AND draw = $2 AND state IN ('selected', 'used')`
)

func scanDraw(scan func(...any) error) (Draw, error) {
	var d Draw
	err := scan(&d.County, &d.ID, &d.Campaign, &d.Number, (*string)(&d.State), &d.Reason, &d.FrameDigest, &d.FrameBytes, &d.Villages, &d.Households,
		&d.plan, &d.PlanDigest, &d.FrozenAt, &d.FrozenBy, &d.Seed, &d.SeedSource, &d.Witnesses, &d.DrawnAt, &d.DrawnBy, &d.sample, &d.PublishedAt, &d.PublishedBy)
	return d, err
}

func scanUnit(scan func(...any) error) (Unit, error) {
	var u Unit
	err := scan(&u.Household, &u.Code, &u.Village, &u.Stratum, &u.Quota, &u.Order, (*string)(&u.State), &u.P1, &u.P2, &u.Weight, &u.WeightValue, &u.Persons)
	return u, err
}

func scanUse(scan func(...any) error) (UseRow, error) {
	var u UseRow
	err := scan(&u.Household, &u.With, &u.Village, &u.Stratum, (*string)(&u.Reason), &u.Note, &u.At, &u.By)
	return u, err
}

// drawTx gives a draw. Returns NotFound "sampling.no_draw".
func drawTx(ctx context.Context, tx *db.Tx, county, id string) (Draw, error) {
	d, err := scanDraw(tx.QueryRow(ctx, selectDraw, county, id).Scan)
	if errors.Is(err, db.ErrNoRows) {
		return d, errs.NotFound.New("sampling.no_draw", "id", id)
	}
	return d, err
}

func placesTx(ctx context.Context, tx *db.Tx, county, campaign string) (map[region.Code]string, error) {
	out := map[region.Code]string{}
	err := tx.Query(ctx, selectPlaces, []any{county, campaign}, func(scan func(...any) error) error {
		var c region.Code
		var v string
		err := scan(&c, &v)
		out[c] = v
		return err
	})
	return out, err
}

func insertUnitsTx(ctx context.Context, tx *db.Tx, county, draw string, us []Unit) error {
	const columns = 14
	for part := range slices.Chunk(us, 100) {
		args := make([]any, 0, len(part)*columns)
		for _, u := range part {
			args = append(args, county, draw, u.Household, u.Code, u.Village, u.Stratum, u.Quota, u.Order, string(u.State), u.P1, u.P2, u.Weight, u.WeightValue, u.Persons)
		}
		if _, err := tx.Exec(ctx, insertUnits+db.Rows(len(part), columns), args...); err != nil {
			return err
		}
	}
	return nil
}

// Logged are the rows of sampling_use, which are in the log.
var Logged = audit.NewTable("sampling_use", 1, "id, draw, household, replacement, reason, note, at:time, by_name")
