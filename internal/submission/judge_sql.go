package submission

import (
	"context"
	"fmt"

	"ruhu/internal/db"
)

const (
	selectBodies = `SELECT submission, n, account, form, xml, received_at FROM submission_revision WHERE county = $1 AND submission IN (`
	selectXML    = `SELECT submission, n, xml FROM submission_revision WHERE county = $1 AND submission IN (`
	selectJudged = `SELECT submission, n FROM submission_judgement WHERE county = $1 AND submission IN (`

	insertJudgement = `INSERT INTO submission_judgement (county, submission, n, judged_at, errors, warnings, unconfirmed, reason, problems) VALUES `
	insertFinding   = `INSERT INTO submission_finding (county, submission, n, seq, ref, rule, severity, message, reason) VALUES `

	updateJudged = `UPDATE submission SET state = $1, level = $2, reason = $3, errors = $4, warnings = $5, unconfirmed = $6, since = $7
 WHERE county = $8 AND revision = $9 AND state = 'received' AND id IN (`
)

// loadTasks reads the bytes of the revisions.
func loadTasks(ctx context.Context, tx *db.Tx, county string, ts []*task) error {
	at := map[key]*task{}
	for _, t := range ts {
		at[t.key] = t
	}
	in, args := list(submissionsOf(ts))
	found := 0
	err := tx.Query(ctx, selectBodies+in, append([]any{county}, args...), func(scan func(...any) error) error {
		var t task
		if err := scan(&t.submission, &t.n, &t.account, &t.form, &t.xml, &t.at); err != nil {
			return err
		}
		if want := at[t.key]; want != nil {
			want.account, want.form, want.xml, want.at = t.account, t.form, t.xml, t.at
			found++
		}
		return nil
	})
	if err == nil && found != len(ts) {
		return fmt.Errorf("%d of %d revisions are missing", len(ts)-found, len(ts))
	}
	return err
}

// judgedBefore tells which of the tasks have their verdict already: a batch may come again after a crash.
func judgedBefore(ctx context.Context, tx *db.Tx, county string, ts []*task) (map[key]bool, error) {
	out := map[key]bool{}
	in, args := list(submissionsOf(ts))
	err := tx.Query(ctx, selectJudged+in, append([]any{county}, args...), func(scan func(...any) error) error {
		var k key
		err := scan(&k.submission, &k.n)
		out[k] = true
		return err
	})
	return out, err
}

// moveJudged moves the submissions that still stand at the judged revision and tells which those are.
func moveJudged(ctx context.Context, tx *db.Tx, county string, o outcome, ts []*task) (map[string]bool, error) {
	moved := map[string]bool{}
	in, ids := listFrom(10, submissionsOf(ts))
	args := append([]any{string(o.state), o.level, o.reason, o.errors, o.warnings, o.open, o.since, county, o.n}, ids...)
	err := tx.Query(ctx, updateJudged+in+` RETURNING id`, args, func(scan func(...any) error) error {
		var k string
		err := scan(&k)
		moved[k] = true
		return err
	})
	return moved, err
}

func submissionsOf(ts []*task) []string {
	ids := make([]string, len(ts))
	for i, t := range ts {
		ids[i] = t.submission
	}
	return ids
}
