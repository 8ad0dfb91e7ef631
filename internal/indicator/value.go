package indicator

import (
	"context"
	"errors"

	"ruhu/internal/db"
	"ruhu/internal/region"
	"ruhu/internal/submission"
)

// Value is what the last judged form of a household says.
type Value struct {
	Household  string
	Village    region.Code
	Submission string
	Revision   int
	Figures    map[string]float64
	At         db.Time
}

const (
	valueColumns = `household, village, submission, revision, figures, at`
	insertValue  = `INSERT INTO indicator_value (county, campaign, household, village, submission, revision, figures, at) VALUES `
	replaceValue = ` ON CONFLICT (county, campaign, household) DO UPDATE SET village = excluded.village, submission = excluded.submission,
 revision = excluded.revision, figures = excluded.figures, at = excluded.at`
	selectValue  = `SELECT ` + valueColumns + ` FROM indicator_value WHERE county = $1 AND campaign = $2 AND household = $3`
	selectValues = `SELECT ` + valueColumns + ` FROM indicator_value WHERE county = $1 AND campaign = $2 AND village >= $3 AND village < $4
 ORDER BY village, household`
)

func scanValue(scan func(...any) error) (Value, error) {
	var v Value
	var f db.JSON[map[string]float64]
	err := scan(&v.Household, &v.Village, &v.Submission, &v.Revision, &f, &v.At)
	v.Figures = f.V
	return v, err
}

// valueTx gives the figures of a household; known is false when none of its forms was judged.
func valueTx(ctx context.Context, tx *db.Tx, county, campaign, household string) (v Value, known bool, err error) {
	v, err = scanValue(tx.QueryRow(ctx, selectValue, county, campaign, household).Scan)
	if errors.Is(err, db.ErrNoRows) {
		return Value{}, false, nil
	}
	return v, err == nil, err
}

// keepTx writes figures; what was there of the same households is replaced.
func keepTx(ctx context.Context, tx *db.Tx, county, campaign string, rs []submission.Record, figures map[string]map[string]float64) error {
	rows := make([][]any, len(rs))
	for i, r := range rs {
		rows[i] = []any{county, campaign, r.Household, r.Village, r.ID, r.Revision, db.AsJSON(figures[r.ID]), tx.Now()}
	}
	_, err := db.Insert(ctx, tx, insertValue, rows, replaceValue)
	return err
}
