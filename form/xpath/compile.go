package xpath

import (
	"fmt"
	"math"
)

type compiler struct {
	expr *Expr
	opt  *Options
	seen map[string]bool
	err  error
}

func (c *compiler) fail(off int, format string, args ...any) *prog {
	if c.err == nil {
		c.err = &SyntaxError{Expr: c.expr.src, Offset: off, Msg: fmt.Sprintf(format, args...)}
	}
	return constant(Value{})
}

func (c *compiler) compile(x node) *prog {
	switch x := x.(type) {
	case *numberLit:
		return constant(Number(x.v))
	case *stringLit:
		return constant(String(x.v))
	case *varRef:
		c.expr.unknown = append(c.expr.unknown, Call{"$" + x.name, x.offset()})
		cl := &call{at: x.at, name: "$" + x.name}
		return dynProg(cl, func(m *machine) Value {
			m.fail(cl, "there are no variables", nil)
			return Value{}
		})
	case *negation:
		a := c.compile(x.x)
		if a.lit != nil && a.typ == TypeNumber {
			return constant(Number(-a.lit.num))
		}
		return numberProg(func(m *machine) float64 { return -a.num(m) })
	case *binaryOp:
		return c.binary(x)
	case *call:
		return c.call(x)
	case *path:
		return c.path(x)
	case *filtered:
		return c.filtered(x)
	}
	return c.fail(x.offset(), "unexpected expression")
}

func (c *compiler) binary(x *binaryOp) *prog {
	l, r := c.compile(x.l), c.compile(x.r)
	switch x.op {
	case "or":
		return boolProg(func(m *machine) bool { return l.boo(m) || r.boo(m) })
	case "and":
		return boolProg(func(m *machine) bool { return l.boo(m) && r.boo(m) })
	case "+":
		return numberProg(func(m *machine) float64 { return l.num(m) + r.num(m) })
	case "-":
		return numberProg(func(m *machine) float64 { return l.num(m) - r.num(m) })
	case "*":
		return numberProg(func(m *machine) float64 { return l.num(m) * r.num(m) })
	case "div":
		return numberProg(func(m *machine) float64 { return l.num(m) / r.num(m) })
	case "mod":
		return numberProg(func(m *machine) float64 { return math.Mod(l.num(m), r.num(m)) })
	case "|":
		if !l.maySet() || !r.maySet() {
			return c.fail(x.offset(), "'|' joins nodes, not other values")
		}
		return setProg(func(m *machine) []*Node {
			mark := m.mark()
			m.gather(l)
			m.gather(r)
			m.sortUnique(mark)
			return m.since(mark)
		}, nil)
	}
	return compare(x.op, l, r)
}

func (p *prog) maySet() bool { return p.dyn || p.typ == TypeNodeSet }

// gather makes sure that the nodes of p end up on the stack, each after the
// other, wherever p keeps them.
func (m *machine) gather(p *prog) {
	mark := m.mark()
	ns := p.set(m)
	m.release(mark)
	m.stack = append(m.stack, ns...) // onto itself when they are there already
}

func (c *compiler) call(x *call) *prog {
	if !c.seen[x.key] {
		c.seen[x.key] = true
		c.expr.calls = append(c.expr.calls, x.key)
	}
	args := make([]*prog, len(x.args))
	for i, a := range x.args {
		args[i] = c.compile(a)
	}
	if c.err != nil {
		return constant(Value{})
	}
	if f, ok := c.opt.Funcs[x.name]; ok {
		return c.hostCall(x, f, args)
	}
	f, ok := builtins[x.key]
	if !ok {
		c.expr.unknown = append(c.expr.unknown, Call{x.name, x.offset()})
		return dynProg(x, func(m *machine) Value {
			m.fail(x, "there is no such function", nil)
			return Value{}
		})
	}
	if !c.arity(x, f.min, f.max) {
		return constant(Value{})
	}
	return f.make(c, x, args)
}

func (c *compiler) arity(x *call, lo, hi int) bool {
	n := len(x.args)
	switch {
	case n < lo:
		c.fail(x.offset(), "%s() needs at least %d arguments, not %d", x.name, lo, n)
	case hi >= 0 && n > hi:
		c.fail(x.offset(), "%s() takes at most %d arguments, not %d", x.name, hi, n)
	default:
		return true
	}
	return false
}

func (c *compiler) hostCall(x *call, f Func, args []*prog) *prog {
	if !c.arity(x, f.Min, f.Max) {
		return constant(Value{})
	}
	return dynProg(x, func(m *machine) Value {
		vals := make([]Value, len(args))
		for i, a := range args {
			vals[i] = a.val(m)
		}
		v, err := f.Call(&Context{Node: m.node, Current: m.cur, Pos: m.pos, Size: m.size, Env: m.env}, vals)
		if err != nil {
			m.fail(x, "", err)
		}
		return v
	})
}

// wantSet refuses arguments that can never be node-sets, when compiling.
func (c *compiler) wantSet(x *call, i int, args []*prog) {
	if i < len(args) && !args[i].maySet() {
		c.fail(x.args[i].offset(), "%s() needs nodes here, not a value", x.name)
	}
}
