package circular

import (
	"context"
	"errors"

	"ruhu/internal/audit"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/region"
	"ruhu/internal/survey"
)

const (
	// Sums up to the last day ($6): over all days, over the days of the period (from $5), over what was due by then and in the period. A problem is
	// closed in time if it was closed at the end of the day it was due.
	selectFigures = `SELECT village, what, CAST(sum(n) AS BIGINT), CAST(sum(CASE WHEN day >= $5 THEN n ELSE 0 END) AS BIGINT),
 CAST(sum(CASE WHEN due_on <> '' AND due_on <= $6 THEN n ELSE 0 END) AS BIGINT),
 CAST(sum(CASE WHEN due_on >= $5 AND due_on <= $6 THEN n ELSE 0 END) AS BIGINT),
 CAST(sum(CASE WHEN due_on >= $5 AND due_on <= $6 AND day <= due_on THEN n ELSE 0 END) AS BIGINT)
 FROM circular_count WHERE county = $1 AND campaign = $2 AND village >= $3 AND village < $4 AND day <= $6 GROUP BY village, what`

	columns = `id, campaign, series, from_on, to_on, state, number, content, digest, computed_at, computed_name, approved_at, approved_by, approved_name,
 issued_at, issued_name, withdrawn_at, withdrawn_name, reason`
	selectSheet  = `SELECT ` + columns + ` FROM circular_sheet WHERE county = $1 AND id = $2`
	selectSheets = `SELECT ` + columns + ` FROM circular_sheet WHERE county = $1 AND campaign = $2 ORDER BY to_on DESC, series, id DESC`
	selectIssued = `SELECT content FROM circular_sheet WHERE county = $1 AND campaign = $2 AND series = $3 AND state = 'issued' AND to_on < $4 ORDER BY to_on`
	selectLater  = `SELECT count(*) FROM circular_sheet WHERE county = $1 AND campaign = $2 AND series = $3 AND state = 'issued' AND to_on > $4`
	selectKnown  = `SELECT series, to_on FROM circular_sheet WHERE county = $1 AND campaign = $2`
	insertSheet  = `INSERT INTO circular_sheet (county, id, campaign, series, from_on, to_on, state, number, content, digest, computed_at, computed_name, approved_by,
 approved_name, issued_name, withdrawn_name, reason) VALUES ($1, $2, $3, $4, $5, $6, 'computed', 0, $7, $8, $9, $10, '', '', '', '', '') ON CONFLICT DO NOTHING`
	updateSheet = `UPDATE circular_sheet SET state = $3, number = $4, approved_at = $5, approved_by = $6, approved_name = $7, issued_at = $8, issued_name = $9,
 withdrawn_at = $10, withdrawn_name = $11, reason = $12 WHERE county = $1 AND id = $2 AND state = $13`
	takeNumber = `INSERT INTO circular_number (county, campaign, series, last) VALUES ($1, $2, $3, $4)
 ON CONFLICT (county, campaign, series) DO UPDATE SET last = circular_number.last + excluded.last RETURNING last`
	insertIssue = `INSERT INTO circular_issue (county, id, sheet, campaign, series, number, action, from_on, to_on, digest, content, account, by_name, role, note, at)
 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`
)

// Logged are the rows of circular_issue, which are in the log.
var Logged = audit.NewTable("circular_issue", 1,
	"id, sheet, campaign, series, number:int, action, from_on, to_on, digest, content, account, by_name, role, note, at:time")

// figuresTx gives the figures of the villages between lo and hi at the end of a period.
func figuresTx(ctx context.Context, tx *db.Tx, county, campaign string, lo, hi region.Code, p Period) (map[region.Code]Figures, error) {
	out := map[region.Code]Figures{}
	err := tx.Query(ctx, selectFigures, []any{county, campaign, lo, hi, string(p.From), string(p.To)}, func(scan func(...any) error) error {
		var village region.Code
		var what string
		var all, fresh, due, dueNew, inTime int
		err := scan(&village, &what, &all, &fresh, &due, &dueNew, &inTime)
		f := out[village]
		switch what {
		case whatAssigned:
			f.Assigned, f.Planned, f.PlannedNew = all, due, dueNew
		case whatSubmitted:
			f.Submitted, f.SubmittedNew, f.OnPlan = all, fresh, due
		case whatAccepted:
			f.Accepted, f.AcceptedNew = all, fresh
		case whatProblem:
			f.Problems, f.ProblemsDue = all, dueNew
		case whatClosed:
			f.ProblemsClosed, f.ProblemsInTime = all, inTime
		}
		out[village] = f
		return err
	})
	return out, err
}

// sheet is a row of circular_sheet.
type sheet struct {
	Head
	campaign   string
	content    string
	approvedBy string
}

func scanSheet(scan func(...any) error) (sheet, error) {
	var s sheet
	err := scan(&s.ID, &s.campaign, &s.Series, &s.Period.From, &s.Period.To, (*string)(&s.State), &s.Number, &s.content, &s.Digest, &s.ComputedAt, &s.ComputedBy,
		&s.ApprovedAt, &s.approvedBy, &s.ApprovedBy, &s.IssuedAt, &s.IssuedBy, &s.WithdrawnAt, &s.WithdrawnBy, &s.Reason)
	return s, err
}

// sheetTx gives a circular that the actor may see, with its campaign. Returns NotFound "circular.not_found".
func sheetTx(ctx context.Context, tx *db.Tx, actor authz.Actor, circular string) (sheet, survey.Campaign, error) {
	none := errs.NotFound.New("circular.not_found", "id", circular)
	s, err := scanSheet(tx.QueryRow(ctx, selectSheet, actor.County, circular).Scan)
	if errors.Is(err, db.ErrNoRows) {
		return s, survey.Campaign{}, none
	}
	if err != nil {
		return s, survey.Campaign{}, err
	}
	c, err := survey.VisibleTx(ctx, tx, actor, s.campaign)
	if errs.Is(err, errs.NotFound) || err == nil && !s.shownTo(actor, c) {
		return s, c, none
	}
	s.fill(c)
	return s, c, err
}

// saveTx writes what may change of a circular that was in state before. Returns Conflict "circular.stale" when it is not any more.
func (s sheet) saveTx(ctx context.Context, tx *db.Tx, county string, before State) error {
	n, err := tx.Exec(ctx, updateSheet, county, s.ID, string(s.State), s.Number, s.ApprovedAt, s.approvedBy, s.ApprovedBy, s.IssuedAt, s.IssuedBy,
		s.WithdrawnAt, s.WithdrawnBy, s.Reason, string(before))
	if err == nil && n != 1 {
		return errs.Conflict.New("circular.stale")
	}
	return err
}

// keepTx keeps word for word what was issued or withdrawn.
func (s sheet) keepTx(ctx context.Context, tx *db.Tx, actor authz.Actor, action, content, note string) error {
	row := []any{
		actor.County, id.New(), s.ID, s.campaign, s.Series, s.Number, action, string(s.Period.From), string(s.Period.To), s.Digest, content,
		actor.ID, actor.Name, string(actor.Role), note, tx.Now(),
	}
	if _, err := tx.Exec(ctx, insertIssue, row...); err != nil {
		return err
	}
	return audit.LogTx(ctx, tx, Logged, row)
}

// beforeTx gives the contents of the circulars of a series that were issued for earlier periods, in their order.
func beforeTx(ctx context.Context, tx *db.Tx, county, campaign, series string, to db.Date) ([]Content, error) {
	return db.List(ctx, tx, func(scan func(...any) error) (Content, error) {
		var text string
		if err := scan(&text); err != nil {
			return Content{}, err
		}
		return decode(text)
	}, selectIssued, county, campaign, series, string(to))
}
