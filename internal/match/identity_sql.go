package match

import (
	"context"
	"errors"

	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/survey"
)

const (
	runColumns = `id, county, campaign, kind, register, base_kind, base_register, state, phase, done, total, result, by_name, at, ended_at`
	insertRun  = `INSERT INTO match_run (county, id, campaign, kind, register, base_kind, base_register, state, phase, done, total, result, by_account, by_name, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 'running', 'read', 0, $8, $9, $10, $11, $12)`
	selectRun     = `SELECT ` + runColumns + ` FROM match_run WHERE county = $1 AND id = $2`
	selectRuns    = `SELECT ` + runColumns + ` FROM match_run WHERE county = $1 AND campaign = $2 AND state IN ('running', 'current') ORDER BY id`
	updatePhase   = `UPDATE match_run SET phase = $3, done = $4, total = $5 WHERE county = $1 AND id = $2 AND state = 'running'`
	endRun        = `UPDATE match_run SET state = $3, result = $4, ended_at = $5, done = total WHERE county = $1 AND id = $2 AND state = 'running'`
	supersedeRuns = `UPDATE match_run SET state = 'superseded' WHERE county = $1 AND campaign = $2 AND kind = $3 AND id <> $4 AND state = 'current'`
	selectOldRuns = `SELECT id FROM match_run WHERE county = $1 AND campaign = $2 AND kind = $3 AND state = 'superseded' ORDER BY id`

	linkColumns = `id, campaign, run, kind, record, base_record, record_key, base_key, village, state, step, weight, probability, reason, unsure, note, by_name, decided_at, version`
	insertLink  = `INSERT INTO match_link (county, id, campaign, run, kind, record, base_record, record_key, base_key, village, state, step, weight, probability, reason, unsure, note,
		by_account, by_name, decided_at, version) VALUES `
	selectLink  = `SELECT ` + linkColumns + ` FROM match_link WHERE county = $1 AND id = $2`
	deleteLinks = `DELETE FROM match_link WHERE county = $1 AND id IN (SELECT id FROM match_link WHERE county = $1 AND run = $2 ORDER BY record LIMIT $3)`
	deleteHouse = `DELETE FROM match_house WHERE county = $1 AND run = $2`
	decideLink  = `UPDATE match_link SET state = $3, unsure = $4, note = $5, by_account = $6, by_name = $7, decided_at = $8, version = version + 1
		WHERE county = $1 AND id = $2 AND version = $9`
	selectPairs = `SELECT record, base_record, state FROM match_link WHERE county = $1 AND run = $2 AND state <> 'rejected' ORDER BY record`

	upsertDecision = `INSERT INTO match_decision (county, campaign, kind, record_key, base_key, same, note, by_account, by_name, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (county, campaign, kind, record_key, base_key)
		DO UPDATE SET same = excluded.same, note = excluded.note, by_account = excluded.by_account, by_name = excluded.by_name, at = excluded.at`
	deleteDecision  = `DELETE FROM match_decision WHERE county = $1 AND campaign = $2 AND kind = $3 AND record_key = $4 AND base_key = $5`
	selectDecisions = `SELECT record_key, base_key, same, note, by_account, by_name, at FROM match_decision WHERE county = $1 AND campaign = $2 AND kind = $3`

	insertHouse  = `INSERT INTO match_house (county, run, household, village, base_household, members, agree, others, merged) VALUES `
	byCase       = `SELECT ` + recordColumns + ` FROM match_record WHERE county = $1 AND register = $2 AND household_key = '' AND case_key IN (`
	selectHouses = `SELECT household, village, base_household, others, merged FROM match_house
		WHERE county = $1 AND run = $2 AND village >= $3 AND village < $4 AND household > $5 ORDER BY household LIMIT $6`
)

func scanRun(scan func(...any) error) (Run, error) {
	var r Run
	var result db.JSON[RunResult]
	err := scan(&r.ID, &r.County, &r.Campaign, &r.Kind, &r.Register, &r.BaseKind, &r.BaseRegister, (*string)(&r.State), &r.Phase, &r.Done, &r.Total, &result, &r.ByName, &r.At, &r.EndedAt)
	r.Result = result.V
	return r, err
}

func runTx(ctx context.Context, tx *db.Tx, county, run string) (Run, error) {
	r, err := scanRun(tx.QueryRow(ctx, selectRun, county, run).Scan)
	if errors.Is(err, db.ErrNoRows) {
		return r, errs.NotFound.New("match.no_run", "id", run)
	}
	return r, err
}

func scanLink(scan func(...any) error) (Link, error) {
	var l Link
	var reason db.JSON[Reason]
	err := scan(&l.ID, &l.Campaign, &l.Run, &l.Kind, &l.Record, &l.BaseRecord, &l.recordKey, &l.baseKey, &l.Village, (*string)(&l.State), &l.Step, &l.Weight, &l.Probability,
		&reason, &l.Unsure, &l.Note, &l.ByName, &l.DecidedAt, &l.Version)
	l.Reason = reason.V
	return l, err
}

type stateCount struct {
	state  LinkState
	unsure bool
	n      int
}

// scopeOf adds the actor's region to a list; those who see the campaign whole also see what has no village.
func scopeOf(w *db.Where, actor authz.Actor, c survey.Campaign) {
	if !actor.Sees(c.Region) {
		lo, hi := actor.Scope()
		w.And(`village >= ? AND village < ?`, lo, hi)
	}
}

// countsTx counts the links by run and state in the actor's region.
func countsTx(ctx context.Context, tx *db.Tx, actor authz.Actor, c survey.Campaign) (map[string][]stateCount, error) {
	w := db.NewWhere(`county = ? AND campaign = ?`, c.County, c.ID)
	scopeOf(w, actor, c)
	out := map[string][]stateCount{}
	err := tx.Query(ctx, `SELECT run, state, unsure, count(*) FROM match_link WHERE `+w.Text()+` GROUP BY run, state, unsure`, w.Args(), func(scan func(...any) error) error {
		var run string
		var n stateCount
		if err := scan(&run, (*string)(&n.state), &n.unsure, &n.n); err != nil {
			return err
		}
		out[run] = append(out[run], n)
		return nil
	})
	return out, err
}

// insertLinksTx writes links, at most 100 a statement.
func insertLinksTx(ctx context.Context, tx *db.Tx, county string, ls []Link) error {
	const columns = 21
	for len(ls) > 0 {
		part := ls[:min(100, len(ls))]
		ls = ls[len(part):]
		args := make([]any, 0, len(part)*columns)
		for _, l := range part {
			args = append(args, county, id.New(), l.Campaign, l.Run, l.Kind, l.Record, l.BaseRecord, l.recordKey, l.baseKey, l.Village, string(l.State), int(l.Step), l.Weight,
				l.Probability, db.AsJSON(l.Reason), l.Unsure, l.Note, "", l.ByName, l.DecidedAt, 1)
		}
		if _, err := tx.Exec(ctx, insertLink+db.Rows(len(part), columns), args...); err != nil {
			return err
		}
	}
	return nil
}
