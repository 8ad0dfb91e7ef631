package ledger

import (
	"context"

	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/playbook"
	"ruhu/internal/region"
)

// Empty words do not narrow.
const (
	tallyWhere = ` FROM ledger_item WHERE county = $1 AND campaign = $2 AND village >= $3 AND village < $4
 AND ($5 = '' OR severity = $5) AND ($6 = '' OR nature = $6) AND ($7 = '' OR sector = $7) AND ($8 = '' OR source = $8)`
	tallyFound   = `SELECT count(*)` + tallyWhere
	tallyOpen    = `SELECT count(*)` + tallyWhere + ` AND state <> 'closed'`
	tallyClosed  = `SELECT count(*)` + tallyWhere + ` AND state = 'closed'`
	tallyOverdue = `SELECT count(*)` + tallyWhere + ` AND state <> 'closed' AND due_on < $9`
)

// TallyTx counts the problems of a campaign in the places lo <= code < hi, for who scores them. Returns Invalid "ledger.filter".
func TallyTx(ctx context.Context, tx *db.Tx, county, campaign string, lo, hi region.Code, c playbook.ScoreCount, today db.Date) (int, error) {
	args := []any{county, campaign, lo, hi, c.Severity, c.Nature, c.Sector, c.Source}
	var q string
	switch c.Of {
	case "found":
		q = tallyFound
	case "open":
		q = tallyOpen
	case "closed":
		q = tallyClosed
	case "overdue":
		q = tallyOverdue
		args = append(args, string(today))
	default:
		return 0, errs.Invalid.New("ledger.filter", "field", "of")
	}
	var n int
	err := tx.QueryRow(ctx, q, args...).Scan(&n)
	return n, err
}
