package db

import (
	"context"
	"database/sql"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Tx is a running transaction. It belongs to the goroutine that runs the function and must not outlive it.
type Tx struct {
	d     *DB
	conn  conn
	now   Time
	reads bool // it is a View
	after []func()
}

// conn runs one statement; the two kinds differ in how they prepare.
type conn interface {
	exec(ctx context.Context, q string, args []any) (sql.Result, error)
	query(ctx context.Context, q string, args []any) (*sql.Rows, error)
}

// Now is the one time of this transaction.
func (tx *Tx) Now() Time { return tx.now }

// Dialect tells which database this is; domain code has no use for it.
func (tx *Tx) Dialect() Dialect { return tx.d.dialect }

// AfterCommit registers f to run once, after the commit, on the caller's goroutine.
func (tx *Tx) AfterCommit(f func()) { tx.after = append(tx.after, f) }

// Exec runs a statement and returns the number of rows it changed.
func (tx *Tx) Exec(ctx context.Context, q string, args ...any) (int64, error) {
	tx.d.watch(q)
	res, err := tx.conn.exec(ctx, tx.d.bind(q), args)
	if err != nil {
		return 0, translate(err)
	}
	n, err := res.RowsAffected()
	return n, translate(err)
}

// Query runs a statement and calls row for each row of the result.
func (tx *Tx) Query(ctx context.Context, q string, args []any, row func(scan func(...any) error) error) error {
	tx.d.watch(q)
	rows, err := tx.conn.query(ctx, tx.d.bind(q), args)
	if err != nil {
		return translate(err)
	}
	defer func() { _ = rows.Close() }() // rows.Err below tells what went wrong
	for rows.Next() {
		if err := row(rows.Scan); err != nil {
			return err
		}
	}
	return translate(rows.Err())
}

// Row is the result of QueryRow.
type Row struct {
	rows *sql.Rows
	err  error
}

// QueryRow runs a statement of which the first row is wanted.
func (tx *Tx) QueryRow(ctx context.Context, q string, args ...any) *Row {
	tx.d.watch(q)
	rows, err := tx.conn.query(ctx, tx.d.bind(q), args)
	return &Row{rows, err}
}

// Scan reads the row. It returns ErrNoRows when there is none.
func (r *Row) Scan(dest ...any) error {
	if r.err != nil {
		return translate(r.err)
	}
	defer func() { _ = r.rows.Close() }()
	if !r.rows.Next() {
		if err := r.rows.Err(); err != nil {
			return translate(err)
		}
		return ErrNoRows
	}
	if err := r.rows.Scan(dest...); err != nil {
		return translate(err)
	}
	return translate(r.rows.Close())
}

// List runs a query and collects one T per row.
func List[T any](ctx context.Context, tx *Tx, scan func(scan func(...any) error) (T, error), q string, args ...any) ([]T, error) {
	var out []T
	err := tx.Query(ctx, q, args, func(s func(...any) error) error {
		v, err := scan(s)
		if err == nil {
			out = append(out, v)
		}
		return err
	})
	return out, err
}

// poolConn runs statements on a transaction of PostgreSQL's pool. pgx keeps their prepared form per connection by itself.
type poolConn struct{ tx *sql.Tx }

func (c poolConn) exec(ctx context.Context, q string, args []any) (sql.Result, error) {
	return c.tx.ExecContext(ctx, q, args...)
}

func (c poolConn) query(ctx context.Context, q string, args []any) (*sql.Rows, error) {
	return c.tx.QueryContext(ctx, q, args...)
}

var bound sync.Map // statement text -> text for SQLite

// bind rewrites $n to ?n for SQLite. $ inside quotes and comments stays.
func (d *DB) bind(q string) string {
	if d.dialect == Postgres || !strings.Contains(q, "$") {
		return q
	}
	if s, ok := bound.Load(q); ok {
		return s.(string)
	}
	s := rebind(q)
	if len(q) < 4096 { // long texts are generated lists; keeping them would be a leak
		bound.Store(q, s)
	}
	return s
}

// rebind writes ?n for $n; when the parameters stand in order, each once, a bare ?, because SQLite looks the name of each
// numbered parameter up in a list: for the hundreds of a multi-row INSERT that is a tenth of the whole work.
func rebind(q string) string {
	var b strings.Builder
	b.Grow(len(q))
	inOrder, next := true, 1
	var digits []int // where the numbers begin in the result
	for i := 0; i < len(q); {
		switch c := q[i]; {
		case c == '\'' || c == '"':
			j := strings.IndexByte(q[i+1:], c)
			if j < 0 {
				j = len(q) - i - 2
			}
			b.WriteString(q[i : i+j+2])
			i += j + 2
		case c == '-' && strings.HasPrefix(q[i:], "--"):
			j := strings.IndexByte(q[i:], '\n')
			if j < 0 {
				j = len(q) - i
			}
			b.WriteString(q[i : i+j])
			i += j
		case c == '$' && i+1 < len(q) && isDigit(q[i+1]):
			b.WriteByte('?')
			i++
			digits = append(digits, b.Len())
			n := 0
			for ; i < len(q) && isDigit(q[i]); i++ {
				n = min(n*10+int(q[i]-'0'), 1<<20)
				b.WriteByte(q[i])
			}
			inOrder = inOrder && n == next
			next++
		default:
			b.WriteByte(c)
			i++
		}
	}
	numbered := b.String()
	if !inOrder {
		return numbered
	}
	var bare strings.Builder
	bare.Grow(len(numbered))
	from := 0
	for _, at := range digits {
		bare.WriteString(numbered[from:at])
		for from = at; from < len(numbered) && isDigit(numbered[from]); from++ {
		}
	}
	bare.WriteString(numbered[from:])
	return bare.String()
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// lengths are those that lists are brought to: few, so that the prepared statement of one serves for many.
var lengths = []int{1, 4, 16, 64, 128, 256, 500}

// Padded repeats the last value up to one of a few lengths.
func Padded[T any](values []T) []T {
	i, _ := slices.BinarySearch(lengths, len(values))
	if len(values) == 0 || i == len(lengths) {
		return values
	}
	out := make([]T, lengths[i])
	for k := copy(out, values); k < len(out); k++ {
		out[k] = values[len(values)-1]
	}
	return out
}

// In builds the list for "column IN (…)": In(3, "a", "b") gives "$3,$4,$5,$6" and as many arguments, because lists are padded. Nothing may be
// numbered after it. Batches hold at most 500.
func In[T any](first int, values ...T) (string, []any) {
	var b strings.Builder
	values = Padded(values)
	args := make([]any, len(values))
	for i, v := range values {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(first + i))
		args[i] = v
	}
	return b.String(), args
}

// Rows builds the list for a multi-row "VALUES …": Rows(2, 3) gives "($1,$2,$3),($4,$5,$6)".
func Rows(rows, columns int) string {
	var b strings.Builder
	n := 0
	for r := range rows {
		if r > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('(')
		for c := range columns {
			if c > 0 {
				b.WriteByte(',')
			}
			n++
			b.WriteByte('$')
			b.WriteString(strconv.Itoa(n))
		}
		b.WriteByte(')')
	}
	return b.String()
}
