package review

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"ruhu/internal/audit"
	"ruhu/internal/db"
	"ruhu/internal/playbook"
	"ruhu/internal/roster"
	"ruhu/internal/submission"
)

const (
	insertCode = `INSERT INTO review_code (county, campaign, submission, code, series, n, decision, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING`
	selectLast = `SELECT coalesce(max(n), 0) FROM review_code WHERE county = $1 AND campaign = $2 AND series = $3`
	selectCode = `SELECT submission, code FROM review_code WHERE county = $1 AND campaign = $2 AND submission IN (`
)

// LoggedCodes are the codes in the log.
var LoggedCodes = audit.NewTable("review_code", 2, "campaign, submission, code, series, n:int, decision, at:time")

// giveCode gives a form its code (S1.10: 编码) when the level may and the playbook says how codes are written. A form has one for the round, whatever is
// decided about it later.
func giveCode(ctx context.Context, tx *db.Tx, rec submission.Record, level playbook.Level, decision string) error {
	if !level.May("assign_code") || level.Numbering == "" {
		return nil
	}
	known, err := codesTx(ctx, tx, rec.County, rec.Campaign, []string{rec.ID})
	if err != nil || known[rec.ID] != "" {
		return err
	}
	houses, err := roster.NamesTx(ctx, tx, rec.County, []string{rec.Household})
	if err != nil {
		return err
	}
	village := string(rec.Village)
	series, digits := level.Series(map[string]string{
		"township": village[6:9], "village": village[9:12], "class": string(houses[rec.Household].Class), "form": rec.FormCode,
	})
	var n int
	if err := tx.QueryRow(ctx, selectLast, rec.County, rec.Campaign, series).Scan(&n); err != nil {
		return err
	}
	for range 1000 { // others may be taking the next ones
		n++
		code := strings.Replace(series, playbook.RunningNumber, fmt.Sprintf("%0*d", digits, n), 1)
		row := []any{rec.County, rec.Campaign, rec.ID, code, series, n, decision, tx.Now()}
		switch got, err := tx.Exec(ctx, insertCode, row...); {
		case err != nil:
			return err
		case got == 1:
			return audit.LogTx(ctx, tx, LoggedCodes, row)
		}
	}
	return errors.New("review: no code is free")
}

// codesTx gives the codes of forms, by submission.
func codesTx(ctx context.Context, tx *db.Tx, county, campaign string, submissions []string) (map[string]string, error) {
	out := map[string]string{}
	for len(submissions) > 0 {
		part := submissions[:min(500, len(submissions))]
		submissions = submissions[len(part):]
		in, args := db.In(3, part...)
		err := tx.Query(ctx, selectCode+in+`)`, append([]any{county, campaign}, args...), func(scan func(...any) error) error {
			var s, c string
			err := scan(&s, &c)
			out[s] = c
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}
