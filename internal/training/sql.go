package training

import (
	"context"

	"ruhu/internal/audit"
	"ruhu/internal/db"
)

const (
	columns      = `id, campaign, account, by_name, asked, correct, wrong, passed, finished_at, received_at`
	insertResult = `INSERT INTO training_result (county, id, campaign, account, by_name, answers, asked, correct, wrong, passed, finished_at, received_at)
 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING`
	selectResult = `SELECT ` + columns + ` FROM training_result WHERE county = $1 AND id = $2`
	selectAll    = `SELECT ` + columns + ` FROM training_result WHERE county = $1 AND campaign = $2 ORDER BY account, finished_at, id`
)

// Logged: results are never changed.
var Logged = audit.NewTable("training_result", 1,
	"id, campaign, account, by_name, answers:json, asked:int, correct:int, wrong:json, passed:bool, finished_at:time, received_at:time")

func scanResult(scan func(...any) error) (QuizMark, error) {
	var r QuizMark
	var wrong db.JSON[[]string]
	err := scan(&r.ID, &r.campaign, &r.account, &r.name, &r.Asked, &r.Correct, &wrong, &r.Passed, &r.FinishedAt, &r.ReceivedAt)
	r.Wrong = wrong.V
	return r, err
}

// insertTx writes a result; false when there is one of that id.
func insertTx(ctx context.Context, tx *db.Tx, county string, r QuizMark, answers []QuizAnswer) (bool, error) {
	row := []any{
		county, r.ID, r.campaign, r.account, r.name, db.AsJSON(answers), r.Asked, r.Correct, db.AsJSON(r.Wrong), r.Passed, r.FinishedAt, r.ReceivedAt,
	}
	n, err := tx.Exec(ctx, insertResult, row...)
	if err != nil || n == 0 {
		return false, err
	}
	return true, audit.LogTx(ctx, tx, Logged, row)
}

func resultTx(ctx context.Context, tx *db.Tx, county, key string) (QuizMark, error) {
	return scanResult(tx.QueryRow(ctx, selectResult, county, key).Scan)
}
