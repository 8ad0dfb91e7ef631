package db_test

import (
	"context"
	"testing"

	"ruhu/internal/db"
	"ruhu/internal/db/dbtest"
)

func TestInsertWritesEveryRowOnceWhateverTheirNumber(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		for _, n := range []int{0, 1, 3, 4, 5, 31, 64, 65, 150} {
			exists := 0
			err := d.Update(context.Background(), func(tx *db.Tx) error {
				var rows [][]any
				for i := range n {
					rows = append(rows, []any{"990101", n, i})
				}
				if _, err := tx.Exec(context.Background(), `CREATE TEMPORARY TABLE IF NOT EXISTS piece (county TEXT, n BIGINT, i BIGINT, UNIQUE (n, i))`); err != nil {
					return err
				}
				for range 2 { // the second time, all of them are there
					got, err := db.Insert(context.Background(), tx, `INSERT INTO piece (county, n, i) VALUES `, rows, ` ON CONFLICT DO NOTHING`)
					if err != nil {
						return err
					}
					exists += int(got)
				}
				var sum, count int
				err := tx.QueryRow(context.Background(), `SELECT count(*), COALESCE(sum(i), 0) FROM piece WHERE n = $1`, n).Scan(&count, &sum)
				if count != n || sum != n*(n-1)/2 {
					t.Errorf("%d rows: %d, sum %d", n, count, sum)
				}
				return err
			})
			if err != nil || exists != n {
				t.Errorf("%d rows: %d written, %v", n, exists, err)
			}
		}
	})
}
