package audit

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"ruhu/internal/db"
	"ruhu/internal/tlog"
)

// What does not fit.
const (
	LogUnsigned  = "checkpoint"   // the checkpoint is missing or not signed by the key
	LogTree      = "tree"         // a leaf is not the one in the tree, or the tree has not the signed root
	LogEarlier   = "earlier"      // the log does not continue the earlier checkpoint
	RowChanged   = "row_changed"  // a row is not as it was logged
	RowMissing   = "row_missing"  // a logged row is gone
	RowNotLogged = "row_unlogged" // a row came in by the back door
)

// Finding is one thing that does not fit.
type Finding struct {
	Kind  string   `json:"kind"`
	Table string   `json:"table"`
	Key   string   `json:"key"`   // of the row
	Entry int64    `json:"entry"` // number in the log; -1 when it has none
	Diff  []Change `json:"diff"`  // RowChanged: the columns that differ
	Note  string   `json:"note"`
}

// Change is a column of a changed row.
type Change struct {
	Column string          `json:"column"`
	Was    json.RawMessage `json:"was"`
	Is     json.RawMessage `json:"is"`
}

// Verdict is what a verification found.
type Verdict struct {
	County  string         `json:"county"`
	Head    tlog.Head      `json:"-"`
	Size    int64          `json:"size"`
	Waiting int            `json:"waiting"` // rows that are not sealed yet; compared all the same
	Rows    map[string]int `json:"rows"`    // rows compared, by table
	Found   []Finding      `json:"found"`
}

// Whole reports whether nothing was found.
func (v Verdict) Whole() bool { return len(v.Found) == 0 }

// Verify compares the log of a county with its signed checkpoint, and every row of every logged table with the log. verifier is the public key, from a
// source other than the database; "" believes the database's own. earlier is a checkpoint that somebody kept, "" for none. It reads one state and
// writes nothing. Everything is held in memory: about 500 bytes a row.
func (l *Log) Verify(ctx context.Context, county, verifier, earlier string) (Verdict, error) {
	v := Verdict{County: county, Rows: map[string]int{}, Found: []Finding{}}
	err := l.d.View(ctx, func(tx *db.Tx) error {
		leaves, err := v.sealed(ctx, tx, verifier, earlier)
		if err != nil {
			return err
		}
		waiting, err := db.List(ctx, tx, func(scan func(...any) error) (p pending, err error) {
			err = scan(&p.id, &p.table, &p.key, &p.entry)
			return p, err
		}, selectPending, county, 1<<31-1)
		if err != nil {
			return err
		}
		v.Waiting = len(waiting)
		for _, t := range l.tables {
			if err := v.table(ctx, tx, t, leaves, waiting); err != nil {
				return fmt.Errorf("compare %s: %w", t.Name, err)
			}
		}
		return nil
	})
	return v, err
}

func (v *Verdict) find(f Finding) { v.Found = append(v.Found, f) }

const (
	selectLeaves     = `SELECT idx, table_name, row_key, entry FROM audit_leaf WHERE county = $1 ORDER BY idx`
	selectLeafHashes = `SELECT data FROM audit_tile WHERE county = $1 AND level = 0 ORDER BY n`
)

// sealed checks the tree and gives its entries.
func (v *Verdict) sealed(ctx context.Context, tx *db.Tx, verifier, earlier string) ([]pending, error) {
	var own, signed string
	err := tx.QueryRow(ctx, selectLog, v.County).Scan(&own, &signed, new(db.Time))
	if err != nil && !errors.Is(err, db.ErrNoRows) {
		return nil, err
	}
	if verifier == "" {
		verifier = own
	}
	var entries []pending
	var hashes []tlog.Hash
	gap := int64(-1)
	err = tx.Query(ctx, selectLeaves, []any{v.County}, func(scan func(...any) error) error {
		var p pending
		var idx int64
		if err := scan(&idx, &p.table, &p.key, &p.entry); err != nil {
			return err
		}
		if idx != int64(len(entries)) && gap < 0 {
			gap = int64(len(entries))
		}
		entries, hashes = append(entries, p), append(hashes, tlog.LeafHash(p.entry))
		return nil
	})
	if err != nil {
		return nil, err
	}
	if signed == "" && earlier == "" && len(entries) == 0 {
		return nil, nil // nothing has been sealed yet
	}
	var unsigned error
	if v.Head, unsigned = tlog.Open(Origin(v.County), verifier, signed); unsigned != nil {
		v.find(Finding{Kind: LogUnsigned, Entry: -1, Note: unsigned.Error()})
	}
	v.Size = v.Head.Size
	if gap >= 0 {
		v.find(Finding{Kind: LogTree, Entry: gap, Note: "the entry with this number is gone"})
	}
	if err := v.leaves(ctx, tx, entries, hashes); err != nil {
		return nil, err
	}
	if unsigned == nil && (int64(len(hashes)) != v.Head.Size || tlog.Root(hashes) != v.Head.Root) {
		v.find(Finding{Kind: LogTree, Entry: -1, Note: fmt.Sprintf("%d entries do not give the signed root of %d", len(hashes), v.Head.Size)})
	}
	if earlier != "" {
		h, err := tlog.Open(Origin(v.County), verifier, earlier)
		switch {
		case err != nil:
			v.find(Finding{Kind: LogEarlier, Entry: -1, Note: err.Error()})
		case h.Size > int64(len(hashes)) || tlog.Root(hashes[:h.Size]) != h.Root:
			v.find(Finding{Kind: LogEarlier, Entry: -1, Note: fmt.Sprintf("the first %d entries are not those of the earlier checkpoint", h.Size)})
		}
	}
	return entries, nil
}

// leaves names the entries whose hash is not the one in the tree.
func (v *Verdict) leaves(ctx context.Context, tx *db.Tx, entries []pending, hashes []tlog.Hash) error {
	at := 0
	return tx.Query(ctx, selectLeafHashes, []any{v.County}, func(scan func(...any) error) error {
		var data []byte
		if err := scan(&data); err != nil {
			return err
		}
		for ; len(data) >= len(tlog.Hash{}) && at < len(hashes); at++ {
			if !bytes.Equal(data[:len(tlog.Hash{})], hashes[at][:]) {
				v.find(Finding{Kind: LogTree, Table: entries[at].table, Key: entries[at].key, Entry: int64(at), Note: "the entry is not the one in the tree"})
			}
			data = data[len(tlog.Hash{}):]
		}
		return nil
	})
}

// table compares the rows of t with their entries.
func (v *Verdict) table(ctx context.Context, tx *db.Tx, t Table, leaves, waiting []pending) error {
	type logged struct {
		at    int64
		entry []byte
	}
	want := map[string]logged{}
	for i, p := range leaves {
		if p.table == t.Name {
			want[p.key] = logged{int64(i), p.entry}
		}
	}
	for _, p := range waiting {
		if _, ok := want[p.key]; !ok && p.table == t.Name {
			want[p.key] = logged{-1, p.entry}
		}
	}
	rows, err := t.rowsTx(ctx, tx, v.County)
	if err != nil {
		return err
	}
	v.Rows[t.Name] = len(rows)
	for _, r := range rows {
		w, ok := want[r.key]
		switch {
		case !ok:
			v.find(Finding{Kind: RowNotLogged, Table: t.Name, Key: r.key, Entry: -1})
		case !bytes.Equal(w.entry, r.entry):
			v.find(Finding{Kind: RowChanged, Table: t.Name, Key: r.key, Entry: w.at, Diff: difference(w.entry, r.entry)})
		}
		delete(want, r.key)
	}
	for _, key := range slices.Sorted(maps.Keys(want)) {
		v.find(Finding{Kind: RowMissing, Table: t.Name, Key: key, Entry: want[key].at})
	}
	return nil
}

// difference lists the columns in which two entries differ.
func difference(was, is []byte) []Change {
	var a, b struct{ Row map[string]json.RawMessage }
	if json.Unmarshal(was, &a) != nil || json.Unmarshal(is, &b) != nil {
		return nil
	}
	both := maps.Clone(a.Row)
	maps.Copy(both, b.Row)
	var out []Change
	for _, c := range slices.Sorted(maps.Keys(both)) {
		if !bytes.Equal(a.Row[c], b.Row[c]) {
			out = append(out, Change{c, a.Row[c], b.Row[c]})
		}
	}
	return out
}
