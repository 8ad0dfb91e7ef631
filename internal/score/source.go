package score

import (
	"context"

	"ruhu/internal/db"
	"ruhu/internal/errs"
)

// UnitsTx lists the units whose score in a round bears an adjustment of a source that has not been taken back.
func UnitsTx(ctx context.Context, tx *db.Tx, county string, a Adjustment) ([]string, error) {
	return db.List(ctx, tx, func(scan func(...any) error) (string, error) {
		var u string
		err := scan(&u)
		return u, err
	}, selectFromSource, county, a.Campaign, a.Object, a.Round, a.Source)
}

// TakeBackTx takes all adjustments of a source in a round back, in the caller's transaction, and gives their number; they stay on record. The caller writes
// the audit row. Returns Conflict "score.closed".
func TakeBackTx(ctx context.Context, tx *db.Tx, county string, a Adjustment) (int64, error) {
	if err := a.openTx(ctx, tx, county); err != nil {
		return 0, err
	}
	return tx.Exec(ctx, withdrawSource, county, a.Campaign, a.Object, a.Round, a.Source, tx.Now(), a.ByName)
}

// openTx returns Conflict "score.closed" when the round of the adjustment is over. One that has not been opened yet is open to it.
func (a Adjustment) openTx(ctx context.Context, tx *db.Tx, county string) error {
	var closed int
	if err := tx.QueryRow(ctx, countClosed, county, a.Campaign, a.Object, a.Round).Scan(&closed); err != nil {
		return err
	}
	if closed > 0 {
		return errs.Conflict.New("score.closed")
	}
	return nil
}
