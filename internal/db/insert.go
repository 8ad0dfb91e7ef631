package db

import "context"

// batches are the lengths of Insert's statements: few, so that their prepared forms are used again.
var batches = []int{64, 16, 4, 1}

// Insert writes rows with multi-row statements: into ends with VALUES, then follows it ("" for nothing). All rows have as many values. It gives
// the number of rows that were written.
func Insert(ctx context.Context, tx *Tx, into string, rows [][]any, then string) (int64, error) {
	var written int64
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
		got, err := tx.Exec(ctx, into+Rows(n, columns)+then, args...)
		if err != nil {
			return written, err
		}
		written += got
		rows = rows[n:]
	}
	return written, nil
}
