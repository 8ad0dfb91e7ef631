package query

import (
	"context"
	"errors"

	"ruhu/internal/db"
	"ruhu/internal/region"
)

const (
	columns    = `id, campaign, assignment, household, village, team, form, ref, label, state, ruling, asked_at, moved_at`
	insertItem = `INSERT INTO query_item (county, ` + columns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
 ON CONFLICT DO NOTHING`
	selectItem = `SELECT ` + columns + ` FROM query_item WHERE county = $1 AND id = $2`
	selectOf   = `SELECT ` + columns + ` FROM query_item WHERE county = $1 AND assignment IN (`
	selectPage = `SELECT ` + columns + ` FROM query_item WHERE county = $1 AND campaign = $2 AND village >= $3 AND village < $4
  AND (CAST($5 AS TEXT) = '' OR state = $5) AND id < $6 ORDER BY id DESC LIMIT $7`
	countOpen          = `SELECT count(*) FROM query_item WHERE county = $1 AND campaign = $2 AND village >= $3 AND village < $4 AND state = 'open'`
	countOpenByVillage = `SELECT village, count(*) FROM query_item WHERE county = $1 AND campaign = $2 AND village >= $3 AND village < $4 AND state = 'open' GROUP BY village`
	updateItem         = `UPDATE query_item SET state = $3, ruling = $4, moved_at = $5 WHERE county = $1 AND id = $2 AND state = $6`
	insertTurn         = `INSERT INTO query_turn (county, id, item, action, text, account, by_name, role, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING`
	selectTurns        = `SELECT item, id, action, text, by_name, role, at FROM query_turn WHERE county = $1 AND item IN (`
	// The latest answer of each ruling, with the question that it was given for.
	selectRulings = `SELECT i.id, i.form, i.ref,
  (SELECT t.text FROM query_turn t WHERE t.county = i.county AND t.item = i.id AND t.action <> 'answer' ORDER BY t.at, t.id LIMIT 1),
  a.text, a.by_name, a.at
 FROM query_item i JOIN query_turn a ON a.county = i.county AND a.item = i.id AND a.action = 'answer'
 WHERE i.county = $1 AND i.campaign = $2 AND i.ruling AND NOT EXISTS (
   SELECT 1 FROM query_turn b WHERE b.county = a.county AND b.item = a.item AND b.action = 'answer' AND (b.at > a.at OR b.at = a.at AND b.id > a.id))
 ORDER BY a.at DESC, i.id LIMIT 200`
)

func scanItem(scan func(...any) error) (Item, error) {
	var it Item
	err := scan(&it.ID, &it.Campaign, &it.Assignment, &it.Household, (*string)(&it.Village), &it.Team, &it.Form, &it.Ref, &it.Label, (*string)(&it.State),
		&it.Ruling, &it.AskedAt, &it.MovedAt)
	return it, err
}

// itemTx gives a query, false when there is none.
func itemTx(ctx context.Context, tx *db.Tx, county, key string) (Item, bool, error) {
	it, err := scanItem(tx.QueryRow(ctx, selectItem, county, key).Scan)
	if errors.Is(err, db.ErrNoRows) {
		return it, false, nil
	}
	return it, err == nil, err
}

// withTurns fills in what was said.
func withTurns(ctx context.Context, tx *db.Tx, county string, items []Item) error {
	at := make(map[string]int, len(items))
	ids := make([]string, len(items))
	for i, it := range items {
		at[it.ID], ids[i] = i, it.ID
		items[i].Turns = []Turn{}
	}
	for len(ids) > 0 {
		part := ids[:min(500, len(ids))]
		ids = ids[len(part):]
		in, args := db.In(2, part...)
		type row struct {
			item string
			Turn
		}
		rows, err := db.List(ctx, tx, func(scan func(...any) error) (r row, err error) {
			err = scan(&r.item, &r.ID, &r.Action, &r.Text, &r.ByName, (*string)(&r.Role), &r.At)
			return r, err
		}, selectTurns+in+`) ORDER BY item, at, id`, append([]any{county}, args...)...)
		if err != nil {
			return err
		}
		for _, r := range rows {
			i := at[r.item]
			items[i].Turns = append(items[i].Turns, r.Turn)
		}
	}
	return nil
}

// OfAssignmentsTx gives the queries of assignments, by assignment, each with what was said.
func OfAssignmentsTx(ctx context.Context, tx *db.Tx, county string, assignments []string) (map[string][]Item, error) {
	out := map[string][]Item{}
	for len(assignments) > 0 {
		part := assignments[:min(500, len(assignments))]
		assignments = assignments[len(part):]
		in, args := db.In(2, part...)
		items, err := db.List(ctx, tx, scanItem, selectOf+in+`) ORDER BY id`, append([]any{county}, args...)...)
		if err != nil {
			return nil, err
		}
		if err := withTurns(ctx, tx, county, items); err != nil {
			return nil, err
		}
		for _, it := range items {
			out[it.Assignment] = append(out[it.Assignment], it)
		}
	}
	return out, nil
}

// RulingsTx gives the rulings of a campaign, the latest first, 200 at most.
func RulingsTx(ctx context.Context, tx *db.Tx, county, campaign string) ([]Ruling, error) {
	return db.List(ctx, tx, func(scan func(...any) error) (r Ruling, err error) {
		err = scan(&r.ID, &r.Form, &r.Ref, &r.Asked, &r.Answer, &r.ByName, &r.At)
		return r, err
	}, selectRulings, county, campaign)
}

func insert(ctx context.Context, tx *db.Tx, county string, it Item) (int64, error) {
	return tx.Exec(ctx, insertItem, county, it.ID, it.Campaign, it.Assignment, it.Household, string(it.Village), it.Team, it.Form, it.Ref, it.Label,
		string(it.State), it.Ruling, it.AskedAt, it.MovedAt)
}

// OpenTx counts the queries of a campaign that nobody has answered, by village.
func OpenTx(ctx context.Context, tx *db.Tx, county, campaign string, lo, hi region.Code) (map[region.Code]int, error) {
	return db.Counts[region.Code](ctx, tx, countOpenByVillage, county, campaign, lo, hi)
}
