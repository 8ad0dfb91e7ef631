package db_test

import (
	"context"
	"errors"
	"testing"

	"ruhu/internal/db"
	"ruhu/internal/db/dbtest"
)

func TestWhatIsMadeOnceIsSharedAndNeverWhatWasTakenBack(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		made := 0
		get := func(tx *db.Tx, fail error) (*int, error) {
			return db.Once(tx, "piece", func() (*int, error) {
				made++
				return new(made), fail
			})
		}
		back := errors.New("taken back")
		if err := d.Update(ctx, func(tx *db.Tx) error { _, _ = get(tx, nil); return back }); !errors.Is(err, back) {
			t.Fatal(err)
		}
		if err := d.View(ctx, func(tx *db.Tx) error { _, err := get(tx, back); return err }); !errors.Is(err, back) {
			t.Fatal(err)
		}
		if made != 2 {
			t.Errorf("made %d times before anything was committed", made)
		}
		var first, second *int
		read := func(into **int) func(tx *db.Tx) error {
			return func(tx *db.Tx) (err error) { *into, err = get(tx, nil); return err }
		}
		if err := errors.Join(d.Update(ctx, read(&first)), d.View(ctx, read(&second))); err != nil {
			t.Fatal(err)
		}
		if first != second || made != 3 {
			t.Errorf("made %d times, shared: %t", made, first == second)
		}
	})
}
