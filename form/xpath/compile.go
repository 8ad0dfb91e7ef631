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
	bad  bool // the call being made has a fault
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
		return c.fault(&call{at: x.at, name: "$" + x.name}, x.offset(), "there are no variables")
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
	p := compare(x.op, l, r)
	p.look = lookupOf(x, l, r)
	return p
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
		return c.fault(x, x.offset(), "there is no such function")
	}
	if p := c.arity(x, f.min, f.max); p != nil {
		return p
	}
	c.bad = false
	p := f.make(c, x, args)
	if c.bad {
		return failing(x, c.expr.faults[len(c.expr.faults)-1].Msg)
	}
	return p
}

// fault notes that x can only fail, and makes a program that does.
func (c *compiler) fault(x *call, off int, format string, args ...any) *prog {
	msg := fmt.Sprintf(format, args...)
	c.expr.faults = append(c.expr.faults, Fault{x.name, off, msg})
	c.bad = true
	return failing(x, msg)
}

func failing(x *call, msg string) *prog {
	return dynProg(x, func(m *machine) Value {
		m.fail(x, msg, nil)
		return Value{typ: TypeNodeSet}
	})
}

// arity returns a failing program if the number of arguments is wrong.
func (c *compiler) arity(x *call, lo, hi int) *prog {
	n := len(x.args)
	switch {
	case n < lo:
		return c.fault(x, x.offset(), "at least %d arguments are needed, not %d", lo, n)
	case hi >= 0 && n > hi:
		return c.fault(x, x.offset(), "at most %d arguments are allowed, not %d", hi, n)
	}
	return nil
}

func (c *compiler) hostCall(x *call, f Func, args []*prog) *prog {
	if p := c.arity(x, f.Min, f.Max); p != nil {
		return p
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

// wantSet notes a fault if an argument can never be a node-set.
func (c *compiler) wantSet(x *call, i int, args []*prog) {
	if i < len(args) && !args[i].maySet() {
		c.fault(x, x.args[i].offset(), "nodes are needed here, not a value")
	}
}
