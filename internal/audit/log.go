package audit

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"

	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/tlog"
)

const (
	insertPending = `INSERT INTO audit_pending (county, id, table_name, row_key, entry) VALUES `
	selectWaiting = `SELECT DISTINCT county FROM audit_pending ORDER BY county`
	selectPending = `SELECT id, table_name, row_key, entry FROM audit_pending WHERE county = $1 ORDER BY id LIMIT $2`
	deletePending = `DELETE FROM audit_pending WHERE county = $1 AND id IN (`

	lockLog = `INSERT INTO audit_log (county, verifier, checkpoint, touched) VALUES ($1, '', '', 0)
		ON CONFLICT (county) DO UPDATE SET touched = audit_log.touched + 1 RETURNING verifier, checkpoint`
	selectLog  = `SELECT verifier, checkpoint, sealed_at FROM audit_log WHERE county = $1`
	updateLog  = `UPDATE audit_log SET verifier = $2, checkpoint = $3, sealed_at = $4 WHERE county = $1`
	insertLeaf = `INSERT INTO audit_leaf (county, idx, table_name, row_key, entry) VALUES `
	upsertTile = `INSERT INTO audit_tile (county, level, n, data) VALUES ($1, $2, $3, $4)
		ON CONFLICT (county, level, n) DO UPDATE SET data = excluded.data`
	selectTile    = `SELECT data FROM audit_tile WHERE county = $1 AND level = $2 AND n = $3`
	selectNumbers = `SELECT row_key, idx FROM audit_leaf WHERE county = $1 AND table_name = $2 AND row_key IN (`
	selectBundle  = `SELECT entry FROM audit_leaf WHERE county = $1 AND idx >= $2 AND idx < $3 ORDER BY idx`
)

// LogTx puts rows of t that are written in tx into the log. A row is the county and the values of the columns, in their order.
func LogTx(ctx context.Context, tx *db.Tx, t Table, rows ...[]any) error {
	waiting := make([]pending, len(rows))
	for i, row := range rows {
		key, entry, err := t.entry(row[1:])
		if err != nil {
			return fmt.Errorf("log: %w", err)
		}
		waiting[i] = pending{id.New(), fmt.Sprint(row[0]), t.Name, key, entry}
	}
	return waitTx(ctx, tx, waiting)
}

func waitTx(ctx context.Context, tx *db.Tx, waiting []pending) error {
	rows := make([][]any, len(waiting))
	for i, p := range waiting {
		rows[i] = []any{p.county, p.id, p.table, p.key, p.entry}
	}
	_, err := db.Insert(ctx, tx, insertPending, rows, "")
	return err
}

// Keys gives the secret key of a county's log; the first one who asks makes it.
type Keys func(county string) (secret string, err error)

// Log seals what was written into Merkle logs, one of each county, and gives them out.
type Log struct {
	d      *db.DB
	keys   Keys
	tables []Table
}

// NewLog makes a Log of the rows of tables; those of audit_entry are always among them.
func NewLog(d *db.DB, keys Keys, tables ...Table) *Log {
	return &Log{d, keys, append([]Table{entries}, tables...)}
}

// Origin names the log of a county.
func Origin(county string) string { return "ruhu/" + county }

// sealBatch is how many rows are sealed in one transaction.
const sealBatch = 1000

// Seal puts all rows that wait into the logs and signs the new checkpoints. It may run beside others. An error names the county; its rows go on
// waiting.
func (l *Log) Seal(ctx context.Context) error {
	var counties []string
	err := l.d.View(ctx, func(tx *db.Tx) (err error) {
		counties, err = db.List(ctx, tx, scanText, selectWaiting)
		return err
	})
	if err != nil {
		return err
	}
	for _, county := range counties {
		secret, err := l.keys(county)
		if err != nil {
			return fmt.Errorf("key of log %s: %w", county, err)
		}
		for n := sealBatch; n == sealBatch; {
			err := l.d.Update(ctx, func(tx *db.Tx) (err error) {
				n, err = sealTx(ctx, tx, county, secret)
				return err
			})
			if err != nil {
				return fmt.Errorf("seal log %s: %w", county, err)
			}
		}
	}
	return nil
}

func scanText(scan func(...any) error) (s string, err error) {
	err = scan(&s)
	return s, err
}

// pending is a row that waits, or an entry.
type pending struct {
	id, county, table, key string
	entry                  []byte
}

// sealTx seals one batch and tells how many rows it held.
func sealTx(ctx context.Context, tx *db.Tx, county, secret string) (int, error) {
	verifier, err := tlog.VerifierOf(secret)
	if err != nil {
		return 0, err
	}
	var before, signed string
	if err := tx.QueryRow(ctx, lockLog, county).Scan(&before, &signed); err != nil {
		return 0, err
	}
	if before != "" && before != verifier {
		return 0, errs.Conflict.New("audit.log_key", "county", county)
	}
	head := tlog.Head{}
	if signed != "" {
		if head, err = tlog.Open(Origin(county), verifier, signed); err != nil {
			return 0, err
		}
	}
	rows, err := db.List(ctx, tx, func(scan func(...any) error) (p pending, err error) {
		err = scan(&p.id, &p.table, &p.key, &p.entry)
		return p, err
	}, selectPending, county, sealBatch)
	if err != nil || len(rows) == 0 {
		return 0, err
	}
	leaves, values := make([]tlog.Hash, len(rows)), make([][]any, len(rows))
	for i, p := range rows {
		leaves[i] = tlog.LeafHash(p.entry)
		values[i] = []any{county, head.Size + int64(i), p.table, p.key, p.entry}
	}
	if _, err := db.Insert(ctx, tx, insertLeaf, values, ""); err != nil {
		return 0, err
	}
	head, tiles, err := tlog.Append(head, leaves, func(level int, n int64, _ int) (data []byte, err error) {
		err = tx.QueryRow(ctx, selectTile, county, level, n).Scan(&data)
		return data, err
	})
	if err != nil {
		return 0, err
	}
	for _, t := range tiles {
		if _, err := tx.Exec(ctx, upsertTile, county, t.Level, t.N, t.Data); err != nil {
			return 0, err
		}
	}
	if signed, err = tlog.Sign(Origin(county), secret, head); err != nil {
		return 0, err
	}
	if _, err := tx.Exec(ctx, updateLog, county, verifier, signed, tx.Now()); err != nil {
		return 0, err
	}
	return len(rows), removePending(ctx, tx, county, rows)
}

func removePending(ctx context.Context, tx *db.Tx, county string, rows []pending) error {
	for len(rows) > 0 {
		part := rows[:min(len(rows), 500)]
		rows = rows[len(part):]
		ids := make([]string, len(part))
		for i, p := range part {
			ids[i] = p.id
		}
		in, args := db.In(2, ids...)
		if _, err := tx.Exec(ctx, deletePending+in+`)`, append([]any{county}, args...)...); err != nil {
			return err
		}
	}
	return nil
}

// Checkpoint is the signed state of a log.
type Checkpoint struct {
	County   string  `json:"county"`
	Origin   string  `json:"origin"`
	Verifier string  `json:"verifier"` // public key, as signed notes write it
	Size     int64   `json:"size"`
	Root     string  `json:"root"` // hexadecimal
	SealedAt db.Time `json:"sealed_at"`
	Signed   string  `json:"signed"` // the checkpoint itself
}

// Checkpoint gives the newest checkpoint of a county. Returns NotFound "audit.no_log" before the first seal.
func (l *Log) Checkpoint(ctx context.Context, county string) (Checkpoint, error) {
	var c Checkpoint
	err := l.d.View(ctx, func(tx *db.Tx) (err error) {
		c, err = CheckpointTx(ctx, tx, county)
		return err
	})
	return c, err
}

// CheckpointTx is Log.Checkpoint in a transaction.
func CheckpointTx(ctx context.Context, tx *db.Tx, county string) (Checkpoint, error) {
	c := Checkpoint{County: county, Origin: Origin(county)}
	err := tx.QueryRow(ctx, selectLog, county).Scan(&c.Verifier, &c.Signed, &c.SealedAt)
	if errors.Is(err, db.ErrNoRows) || err == nil && c.Signed == "" {
		return c, errs.NotFound.New("audit.no_log", "county", county)
	}
	if err != nil {
		return c, err
	}
	h, err := tlog.Open(c.Origin, c.Verifier, c.Signed)
	c.Size, c.Root = h.Size, hex.EncodeToString(h.Root[:])
	return c, err
}

// NumbersTx gives the numbers in the log of rows of a table, by their keys. Rows that wait to be sealed are absent.
func NumbersTx(ctx context.Context, tx *db.Tx, county string, t Table, keys []string) (map[string]int64, error) {
	out := map[string]int64{}
	for len(keys) > 0 {
		part := keys[:min(len(keys), 400)]
		keys = keys[len(part):]
		in, args := db.In(3, part...)
		err := tx.Query(ctx, selectNumbers+in+`)`, append([]any{county, t.Name}, args...), func(scan func(...any) error) error {
			var key string
			var n int64
			err := scan(&key, &n)
			out[key] = n
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Piece gives a tile or a bundle of entries. Returns NotFound "audit.no_piece".
func (l *Log) Piece(ctx context.Context, county string, p tlog.Piece) ([]byte, error) {
	none := errs.NotFound.New("audit.no_piece", "path", p.Path())
	var data []byte
	err := l.d.View(ctx, func(tx *db.Tx) (err error) {
		if p.Level != tlog.Entries {
			return tx.QueryRow(ctx, selectTile, county, p.Level, p.N).Scan(&data)
		}
		from := p.N * tlog.Width
		list, err := db.List(ctx, tx, func(scan func(...any) error) (b []byte, err error) {
			err = scan(&b)
			return b, err
		}, selectBundle, county, from, from+int64(p.W))
		if err != nil {
			return err
		}
		if len(list) != p.W {
			return none
		}
		data, err = tlog.Bundle(list)
		return err
	})
	if errors.Is(err, db.ErrNoRows) {
		return nil, none
	}
	if err != nil || p.Level == tlog.Entries {
		return data, err
	}
	size := p.W * len(tlog.Hash{})
	if len(data) < size {
		return nil, none
	}
	return data[:size], nil
}
