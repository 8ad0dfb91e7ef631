package db

import "context"

// batches are the lengths of Insert's statements: few, so that their prepared forms are used again, and such that no number of rows takes many.
var batches = []int{64, 32, 16, 8, 4, 2, 1}

// Insert writes rows with multi-row statements: into ends with VALUES, then follows it ("" for nothing). All rows have as many values. It gives
// the number of rows that were written.
func Insert(ctx context.Context, tx *Tx, into string, rows [][]any, then string) (int64, error) {
	var written int64
	err := inBatches(rows, func(values string, args []any) error {
		got, err := tx.Exec(ctx, into+values+then, args...)
		written += got
		return err
	})
	return written, err
}

// InsertReturning is Insert with a RETURNING at the end of then; row is called for each row that was written.
func InsertReturning(ctx context.Context, tx *Tx, into string, rows [][]any, then string, row func(scan func(...any) error) error) error {
	return inBatches(rows, func(values string, args []any) error { return tx.Query(ctx, into+values+then, args, row) })
}

func inBatches(rows [][]any, write func(values string, args []any) error) error {
	for len(rows) > 0 {
		n := 1
		for _, size := range batches {
			if len(rows) >= size {
				n = size
				break
			}
		}
		columns := len(rows[0])
		args := make([]any, 0, n*columns)
		for _, r := range rows[:n] {
			args = append(args, r...)
		}
		if err := write(Rows(n, columns), args); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}
