package db

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"maps"
	"slices"
)

// Statement texts built from lists vary, so a connection of SQLite keeps only so many prepared, those that were used last, and none that is
// very long. A transaction may add as many again before it is trimmed.
const (
	maxStmts    = 500
	maxStmtText = 16384
)

// stmts are the prepared statements of one connection of SQLite. It belongs to whoever holds the connection.
type stmts struct {
	conn *sql.Conn
	kept map[string]*stmt
	turn uint64
}

type stmt struct {
	*sql.Stmt
	used uint64
}

func newStmts(c *sql.Conn) *stmts { return &stmts{conn: c, kept: map[string]*stmt{}} }

// get gives the prepared form of q; nil, nil when it is not worth keeping.
func (s *stmts) get(ctx context.Context, q string) (*sql.Stmt, error) {
	s.turn++
	if st, ok := s.kept[q]; ok {
		st.used = s.turn
		return st.Stmt, nil
	}
	if len(q) > maxStmtText || len(s.kept) >= 2*maxStmts {
		return nil, nil
	}
	st, err := s.conn.PrepareContext(ctx, q)
	if err != nil {
		return nil, err
	}
	s.kept[q] = &stmt{st, s.turn}
	return st, nil
}

// trim closes the statements that were not used for longest. It is called between transactions: a statement must not be closed while rows are read
// from it.
func (s *stmts) trim() {
	if len(s.kept) <= maxStmts {
		return
	}
	byUse := slices.SortedFunc(maps.Keys(s.kept), func(a, b string) int { return cmp.Compare(s.kept[a].used, s.kept[b].used) })
	for _, q := range byUse[:len(byUse)-maxStmts*4/5] {
		_ = s.kept[q].Close() // an error would be that of its last use, which was reported then
		delete(s.kept, q)
	}
}

// close closes the statements and the connection.
func (s *stmts) close() error {
	var all []error
	for _, st := range s.kept {
		all = append(all, st.Close())
	}
	return errors.Join(append(all, s.conn.Close())...)
}
