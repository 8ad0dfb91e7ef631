package submission

import (
	"context"

	"ruhu/internal/audit"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/region"
)

const (
	insertSubmission = `INSERT INTO submission (county, id, instance_id, campaign, assignment, household, village, team, day, form, form_code,
 account, revision, last_revision, state, level, reason, errors, warnings, unconfirmed, returned_times, received_at, capture) VALUES `
	insertRevision = `INSERT INTO submission_revision (county, submission, n, digest, size, base, account, form, claimed, reason, files,
 received_at, xml, via, device, capture) VALUES `
	updateCurrent = `UPDATE submission SET campaign = $3, assignment = $4, household = $5, village = $6, team = $7, day = $8, form = $9,
 form_code = $10, account = $11, revision = $12, last_revision = $12, state = $13, level = '', reason = '', errors = 0, warnings = 0,
 unconfirmed = 0, received_at = $14, capture = $16 WHERE county = $1 AND id = $2 AND last_revision = $15`
	updateAside = `UPDATE submission SET last_revision = $3, reason = $4 WHERE county = $1 AND id = $2 AND last_revision = $5`

	selectStanding = `SELECT id, campaign, assignment, state, revision, last_revision FROM submission WHERE county = $1 AND id IN (`
	selectHolders  = `SELECT assignment, id FROM submission WHERE county = $1 AND assignment IN (`
	selectReceipts = `SELECT submission, n, digest, received_at, reason FROM submission_revision WHERE county = $1 AND submission IN (`
)

type row struct {
	id, instance, campaign, assignment, household, team, form, formCode, account, capture string
	village                                                                               region.Code
	day                                                                                   db.Date
	revision, last                                                                        int
	state                                                                                 State
	reason                                                                                string
	receivedAt                                                                            db.Time
}

func (r row) args(county string) []any {
	return []any{
		county, r.id, r.instance, r.campaign, db.Null(r.assignment), db.Null(r.household), r.village, db.Null(r.team), r.day, r.form, r.formCode,
		r.account, r.revision, r.last, string(r.state), "", r.reason, 0, 0, 0, 0, r.receivedAt, r.capture,
	}
}

// insertAll writes rows. A row that exists already is a Conflict "submission.stale": somebody stored it since we looked.
func insertAll(ctx context.Context, tx *db.Tx, into string, rows [][]any) error {
	got, err := db.Insert(ctx, tx, into, rows, ` ON CONFLICT DO NOTHING`)
	if err == nil && int(got) != len(rows) {
		return errs.Conflict.New("submission.stale")
	}
	return err
}

// Logged are the rows of submission_revision, which are in the log: of the form itself, the digest.
var Logged = audit.NewTable("submission_revision", 2,
	"submission, n:int, digest, size:int, base:int, account, form, claimed, reason, files:json, received_at:time, xml:bytes, via, device, capture")

func insertRevisions(ctx context.Context, tx *db.Tx, rows [][]any) error {
	if err := insertAll(ctx, tx, insertRevision, rows); err != nil {
		return err
	}
	return audit.LogTx(ctx, tx, Logged, rows...)
}

// list writes the IN list for keys, from $2 on.
func list(keys []string) (string, []any) { return listFrom(2, keys) }

func listFrom(first int, keys []string) (string, []any) {
	in, args := db.In(first, keys...)
	return in + `)`, args
}

func standings(ctx context.Context, tx *db.Tx, county string, ids []string) (map[string]standing, error) {
	out := map[string]standing{}
	in, args := list(ids)
	err := tx.Query(ctx, selectStanding+in, append([]any{county}, args...), func(scan func(...any) error) error {
		var k string
		var s standing
		var assignment *string
		err := scan(&k, &s.campaign, &assignment, &s.state, &s.revision, &s.last)
		if assignment != nil {
			s.assignment = *assignment
		}
		out[k] = s
		return err
	})
	return out, err
}

// holdersOf tells which submission stands for each assignment.
func holdersOf(ctx context.Context, tx *db.Tx, county string, assignments []string) (map[string]string, error) {
	out := map[string]string{}
	if len(assignments) == 0 {
		return out, nil
	}
	in, args := list(assignments)
	err := tx.Query(ctx, selectHolders+in, append([]any{county}, args...), func(scan func(...any) error) error {
		var a, s string
		err := scan(&a, &s)
		out[a] = s
		return err
	})
	return out, err
}

// receiptsOf gives the receipts of all revisions of submissions, by submission id and digest.
func receiptsOf(ctx context.Context, tx *db.Tx, county string, ids []string) (map[string]Receipt, error) {
	out := map[string]Receipt{}
	in, args := list(ids)
	err := tx.Query(ctx, selectReceipts+in, append([]any{county}, args...), func(scan func(...any) error) error {
		var k, reason string
		r := Receipt{State: StateReceived}
		err := scan(&k, &r.Revision, &r.Digest, &r.ReceivedAt, &reason)
		if reason != "" {
			r.State = StateQuarantined
		}
		if r.Revision > out[k+r.Digest].Revision {
			out[k+r.Digest] = r
		}
		return err
	})
	return out, err
}
