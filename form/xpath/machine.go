package xpath

import (
	"sync"
)

// machine is the state of one evaluation. Compiled expressions are closures
// over a *machine, so that evaluating allocates nothing: machines are pooled,
// and node-sets live on a stack inside.
//
// A closure that gets a node-set from another takes m.mark() before and calls
// m.release() when it has read the nodes. Errors do not travel through return
// values: the first one is kept and everything after it is of no account.
type machine struct {
	env       *Env
	node, cur *Node
	pos, size int
	expr      *Expr
	err       error
	work      int // nodes looked at so far

	stack []*Node
	texts map[*Node]*Node // text of leaf elements as nodes, made on demand
	names map[nsKey]*Node // namespace nodes, the same
}

var machines = sync.Pool{New: func() any { return &machine{stack: make([]*Node, 0, 64)} }}

var emptyEnv = &Env{}

func newMachine(e *Expr, c *Context) *machine {
	m := machines.Get().(*machine)
	m.expr, m.env, m.node, m.cur, m.pos, m.size = e, c.Env, c.Node, c.Current, c.Pos, c.Size
	if m.env == nil {
		m.env = emptyEnv
	}
	if m.node == nil {
		m.node = m.env.Root
	}
	if m.node == nil {
		m.node = &Node{Kind: KindDocument}
	}
	if m.cur == nil {
		m.cur = m.node
	}
	m.pos, m.size = max(m.pos, 1), max(m.size, 1)
	return m
}

func (m *machine) free() {
	if m.env.Work != nil {
		*m.env.Work += m.work + 1
	}
	s := m.stack[:cap(m.stack)]
	if len(s) > 1<<16 {
		s = make([]*Node, 64)
	}
	// A pooled machine must not keep a form's tree alive. The stack is used from
	// the bottom, so that what was used ends at the first nil.
	for i := 0; i < len(s) && s[i] != nil; i++ {
		s[i] = nil
	}
	*m = machine{stack: s[:0]}
	machines.Put(m)
}

func (m *machine) mark() int        { return len(m.stack) }
func (m *machine) release(mark int) { m.stack = m.stack[:mark] }

// since returns the nodes pushed since the mark.
func (m *machine) since(mark int) []*Node { return m.stack[mark:len(m.stack):len(m.stack)] }

func (m *machine) fail(c *call, msg string, err error) {
	if m.err == nil {
		m.err = &EvalError{Expr: m.expr.src, Offset: c.offset(), Func: c.name, Msg: msg, Err: err}
	}
}

// maxWork bounds the nodes that one evaluation may look at, about half a
// second: //*[//*[//*[…]]] must not be able to stop a server.
const maxWork = 20_000_000

// spend counts n nodes as looked at; false when there have been too many.
func (m *machine) spend(n int) bool {
	if m.work += n; m.work > maxWork {
		if m.err == nil {
			m.err = &EvalError{Expr: m.expr.src, Msg: "the expression looks at too many nodes"}
		}
		return false
	}
	return true
}

func (m *machine) root() *Node {
	if m.env.Root != nil {
		return m.env.Root
	}
	return m.cur.Root()
}

func (m *machine) parseNumber(s string) float64 { return ParseNumber(s, m.env.Zone) }

func (m *machine) formatNumber(f float64) string {
	if f != f && m.expr.plainNaN {
		return "NaN"
	}
	return FormatNumber(f)
}

// number, text and truth convert a Value with the settings of this evaluation.
func (m *machine) number(v Value) float64 {
	switch v.typ {
	case TypeString:
		return m.parseNumber(v.str)
	case TypeNodeSet:
		return m.parseNumber(v.String())
	}
	return v.Number()
}

func (m *machine) text(v Value) string {
	if v.typ == TypeNumber {
		return m.formatNumber(v.num)
	}
	return v.String()
}

func (m *machine) truth(v Value) bool {
	if v.date {
		return v.str != "" && v.str != invalidDate
	}
	return v.Bool()
}

type nsKey struct {
	element *Node
	prefix  string
}

// textOf returns the text of a leaf element as a node, the same one all through
// an evaluation; nil if there is none.
func (m *machine) textOf(n *Node) *Node {
	if n.Kind != KindElement || n.Text == "" || len(n.Children) > 0 {
		return nil
	}
	t := m.texts[n]
	if t == nil {
		t = &Node{Kind: KindText, Text: n.Text, Parent: n, Blank: n.Blank}
		if m.texts == nil {
			m.texts = map[*Node]*Node{}
		}
		m.texts[n] = t
	}
	return t
}
