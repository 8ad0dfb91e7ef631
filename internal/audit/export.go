package audit

import (
	"context"

	"ruhu/internal/db"
	"ruhu/internal/tlog"
)

// Export gives every file of a county's log to write, with its path: the checkpoint, the public key as log.pub, tiles, bundles of entries. It
// tells the number of entries. Returns NotFound "audit.no_log".
func (l *Log) Export(ctx context.Context, county string, write func(name string, data []byte) error) (int64, error) {
	c, err := l.Checkpoint(ctx, county)
	if err != nil {
		return 0, err
	}
	if err := write("log.pub", []byte(c.Verifier+"\n")); err != nil {
		return 0, err
	}
	size := c.Size
	for level := tlog.Entries; size > 0; level++ {
		for n := int64(0); n*tlog.Width < size; n++ {
			p := tlog.Piece{Level: level, N: n, W: int(min(tlog.Width, size-n*tlog.Width))}
			data, err := l.Piece(ctx, county, p)
			if err != nil {
				return 0, err
			}
			if err := write(p.Path(), data); err != nil {
				return 0, err
			}
		}
		if level >= 0 {
			size /= tlog.Width
		}
	}
	return c.Size, write("checkpoint", []byte(c.Signed))
}

// Entries gives every entry of a county's log in order.
func (l *Log) Entries(ctx context.Context, county string, visit func(index int64, entry []byte) error) error {
	return l.d.View(ctx, func(tx *db.Tx) error {
		return tx.Query(ctx, selectLeaves, []any{county}, func(scan func(...any) error) error {
			var p pending
			var idx int64
			if err := scan(&idx, &p.table, &p.key, &p.entry); err != nil {
				return err
			}
			return visit(idx, p.entry)
		})
	})
}
