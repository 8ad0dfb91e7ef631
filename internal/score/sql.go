package score

import (
	"context"

	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/score/scheme"
)

const (
	roundColumns = `id, county, campaign, object, round, scheme, digest, state, by_name, opened_at, closed_at`
	selectRounds = `SELECT ` + roundColumns + ` FROM score_round WHERE county = $1 AND campaign = $2 ORDER BY opened_at, id`
	selectRound  = `SELECT ` + roundColumns + ` FROM score_round WHERE county = $1 AND id = $2`
	insertRound  = `INSERT INTO score_round (county, id, campaign, object, round, scheme, digest, state, account, by_name, opened_at)
 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`
	closeRound  = `UPDATE score_round SET state = 'closed', closed_at = $3 WHERE county = $1 AND id = $2 AND state = 'open'`
	insertUnit  = `INSERT INTO score_unit (county, round, code, name, place) VALUES ($1, $2, $3, $4, $5)`
	selectUnits = `SELECT code, name, place FROM score_unit WHERE county = $1 AND round = $2 ORDER BY place, code`

	upsertEntry = `INSERT INTO score_entry (county, round, unit, kind, key, value, evidence, account, by_name, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
 ON CONFLICT (county, round, unit, kind, key) DO UPDATE SET value = excluded.value, evidence = excluded.evidence, account = excluded.account, by_name = excluded.by_name,
 at = excluded.at`
	deleteEntry   = `DELETE FROM score_entry WHERE county = $1 AND round = $2 AND unit = $3 AND kind = $4 AND key = $5`
	selectEntries = `SELECT unit, kind, key, value, evidence, by_name, at FROM score_entry WHERE county = $1 AND round = $2 ORDER BY unit, kind, key`

	upsertRating = `INSERT INTO score_rating (county, round, unit, item, account, points, ruling, evidence, note, by_name, at)
 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (county, round, unit, item, account) DO UPDATE SET points = excluded.points,
 evidence = excluded.evidence, note = excluded.note, by_name = excluded.by_name, at = excluded.at`
	selectRatings = `SELECT unit, item, account, points, ruling, evidence, note, by_name, at FROM score_rating WHERE county = $1 AND round = $2 ORDER BY unit, item, account`

	insertAdjustment = `INSERT INTO score_adjustment (county, id, campaign, object, round, unit, kind, code, points, reason, evidence, source, by_name, at, withdrawn_by)
 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) ON CONFLICT (county, campaign, object, round, unit, source) DO NOTHING`
	selectAdjustments = `SELECT id, unit, kind, code, points, reason, evidence, source, by_name, at, withdrawn_at, withdrawn_by FROM score_adjustment
 WHERE county = $1 AND campaign = $2 AND object = $3 AND round = $4 ORDER BY at, id`
	countClosed      = `SELECT count(*) FROM score_round WHERE county = $1 AND campaign = $2 AND object = $3 AND round = $4 AND state = 'closed'`
	selectFromSource = `SELECT unit FROM score_adjustment
 WHERE county = $1 AND campaign = $2 AND object = $3 AND round = $4 AND source = $5 AND withdrawn_at IS NULL ORDER BY unit`
	withdrawSource = `UPDATE score_adjustment SET withdrawn_at = $6, withdrawn_by = $7
 WHERE county = $1 AND campaign = $2 AND object = $3 AND round = $4 AND source = $5 AND withdrawn_at IS NULL`
	withdrawAdjustment = `UPDATE score_adjustment SET withdrawn_at = $6, withdrawn_by = $7
 WHERE county = $1 AND id = $2 AND campaign = $3 AND object = $4 AND round = $5 AND withdrawn_at IS NULL`
)

func scanRound(scan func(...any) error) (Round, error) {
	var r Round
	var s db.JSON[scheme.Scheme]
	err := scan(&r.ID, &r.County, &r.Campaign, &r.Object, &r.Code, &s, &r.Digest, &r.State, &r.ByName, &r.OpenedAt, &r.ClosedAt)
	r.Scheme = s.V
	return r, err
}

// roundTx returns NotFound "score.no_round".
func roundTx(ctx context.Context, tx *db.Tx, county, round string) (Round, error) {
	rs, err := db.List(ctx, tx, scanRound, selectRound, county, round)
	if err != nil {
		return Round{}, err
	}
	if len(rs) == 0 {
		return Round{}, errs.NotFound.New("score.no_round")
	}
	return rs[0], nil
}

func scanUnit(scan func(...any) error) (Unit, error) {
	var u Unit
	err := scan(&u.Code, &u.Name, &u.Place)
	return u, err
}

func scanEntry(scan func(...any) error) (Entry, error) {
	var e Entry
	var refs db.JSON[[]scheme.Ref]
	err := scan(&e.Unit, &e.Kind, &e.Key, &e.Value, &refs, &e.ByName, &e.At)
	e.Evidence = refs.V
	return e, err
}

func scanRating(scan func(...any) error) (Rating, error) {
	var r Rating
	var refs db.JSON[[]scheme.Ref]
	err := scan(&r.Unit, &r.Item, &r.Account, (*string)(&r.Points), &r.Ruling, &refs, &r.Note, &r.ByName, &r.At)
	r.Evidence = refs.V
	return r, err
}

func inputsTx(ctx context.Context, tx *db.Tx, r Round) (inputs, error) {
	var in inputs
	var err error
	if in.units, err = db.List(ctx, tx, scanUnit, selectUnits, r.County, r.ID); err != nil {
		return in, err
	}
	if in.entries, err = db.List(ctx, tx, scanEntry, selectEntries, r.County, r.ID); err != nil {
		return in, err
	}
	if in.ratings, err = db.List(ctx, tx, scanRating, selectRatings, r.County, r.ID); err != nil {
		return in, err
	}
	in.adjusts, err = db.List(ctx, tx, func(scan func(...any) error) (Adjusted, error) {
		a := Adjusted{Adjustment: Adjustment{Campaign: r.Campaign, Object: r.Object, Round: r.Code}}
		var refs db.JSON[[]scheme.Ref]
		err := scan(&a.ID, &a.Unit, &a.Kind, &a.Code, (*string)(&a.Points), &a.Reason, &refs, &a.Source, &a.ByName, &a.At, &a.WithdrawnAt, &a.WithdrawnBy)
		a.Evidence = refs.V
		return a, err
	}, selectAdjustments, r.County, r.Campaign, r.Object, r.Code)
	return in, err
}
