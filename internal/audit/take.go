package audit

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"ruhu/internal/db"
	"ruhu/internal/id"
)

const (
	selectCounties = `SELECT DISTINCT county FROM audit_entry ORDER BY county`
	selectTaken    = `SELECT 1 FROM audit_taken WHERE county = $1 AND table_name = $2`
	insertTaken    = `INSERT INTO audit_taken (county, table_name, at) VALUES ($1, $2, $3)`
	selectKnown    = `SELECT row_key FROM audit_leaf WHERE county = $1 AND table_name = $2
		UNION SELECT row_key FROM audit_pending WHERE county = $1 AND table_name = $2`
)

// TakeAll takes the tables of every county.
func (l *Log) TakeAll(ctx context.Context) error {
	var counties []string
	err := l.d.View(ctx, func(tx *db.Tx) (err error) {
		counties, err = db.List(ctx, tx, scanText, selectCounties)
		return err
	})
	if err != nil {
		return err
	}
	for _, c := range counties {
		if err := l.Take(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

// Take puts the rows into the log that a county's tables held before they were logged: those of an older release. Once a table is taken, a
// row of it that is not in the log is one that came in by the back door, and stays so.
func (l *Log) Take(ctx context.Context, county string) error {
	for _, t := range l.tables {
		err := l.d.Update(ctx, func(tx *db.Tx) error { return takeTx(ctx, tx, county, t) })
		if err != nil {
			return fmt.Errorf("take %s into the log: %w", t.Name, err)
		}
	}
	return nil
}

func takeTx(ctx context.Context, tx *db.Tx, county string, t Table) error {
	err := tx.QueryRow(ctx, selectTaken, county, t.Name).Scan(new(int))
	if !errors.Is(err, db.ErrNoRows) {
		return err
	}
	known := map[string]bool{}
	keys, err := db.List(ctx, tx, scanText, selectKnown, county, t.Name)
	if err != nil {
		return err
	}
	for _, k := range keys {
		known[k] = true
	}
	rows, err := t.rowsTx(ctx, tx, county)
	if err != nil {
		return err
	}
	rows = slices.DeleteFunc(rows, func(p pending) bool { return known[p.key] })
	if err := waitTx(ctx, tx, rows); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, insertTaken, county, t.Name, tx.Now())
	return err
}

// rowsTx makes the entries of all rows of a county as they stand.
func (t Table) rowsTx(ctx context.Context, tx *db.Tx, county string) ([]pending, error) {
	return db.List(ctx, tx, func(scan func(...any) error) (pending, error) {
		dest, values := t.scanInto()
		if err := scan(dest...); err != nil {
			return pending{}, err
		}
		key, entry, err := t.entry(values())
		return pending{id.New(), county, t.Name, key, entry}, err
	}, t.selectAll(), county)
}
