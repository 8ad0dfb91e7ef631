package db

import (
	"strconv"
	"strings"
)

// Where collects conditions of a list whose filters vary. In a condition ? stands for the next parameter; no text from outside
// may be part of a condition.
//
//	w := db.NewWhere(`county = ?`, county)
//	w.And(`state = ?`, state)
//	tx.Query(ctx, `SELECT … FROM t WHERE `+w.Text(), w.Args(), …)
type Where struct {
	text strings.Builder
	args []any
}

// NewWhere starts with a condition.
func NewWhere(cond string, args ...any) *Where {
	w := &Where{}
	w.write(cond, args)
	return w
}

// And adds a condition.
func (w *Where) And(cond string, args ...any) {
	w.text.WriteString(" AND ")
	w.write(cond, args)
}

// Clone gives a copy that can go its own way.
func (w *Where) Clone() *Where {
	c := &Where{args: append([]any(nil), w.args...)}
	c.text.WriteString(w.text.String())
	return c
}

// Text is the conditions with $1, $2 ….
func (w *Where) Text() string { return w.text.String() }

// Args are the parameters in order.
func (w *Where) Args() []any { return w.args }

func (w *Where) write(cond string, args []any) {
	for cond != "" {
		i := strings.IndexByte(cond, '?')
		if i < 0 {
			w.text.WriteString(cond)
			return
		}
		w.text.WriteString(cond[:i])
		cond = cond[i+1:]
		w.args = append(w.args, args[0])
		args = args[1:]
		w.text.WriteString("$" + strconv.Itoa(len(w.args)))
	}
}
