package xpath

// Expr is a compiled expression. It never changes and may be evaluated by many
// goroutines at once, each with a Context of its own.
type Expr struct {
	src      string
	prog     *prog
	refs     []Ref
	calls    []string
	faults   []Fault
	plainNaN bool
}

// Fault is a call in an expression that can only fail: of a function that does
// not exist, with a wrong number of arguments, or with a value where nodes are
// needed.
type Fault struct {
	Func   string // as written; "$name" for a variable
	Offset int    // in bytes, from 0
	Msg    string
}

// Compile parses an expression and prepares it for evaluation; o may be nil.
// The error is a *SyntaxError. A call that can only fail is not an error here
// but when it is evaluated, as in other engines, for forms in the field have
// such calls in branches that are never taken; Faults lists them for whoever
// checks a form.
func Compile(src string, o *Options) (*Expr, error) {
	if o == nil {
		o = &Options{}
	}
	tree, err := parse(src, o)
	if err != nil {
		return nil, err
	}
	e := &Expr{src: src, plainNaN: o.PlainNaN}
	c := &compiler{expr: e, opt: o, seen: map[string]bool{}}
	e.prog = c.compile(tree)
	if c.err != nil {
		return nil, c.err
	}
	var ok bool
	if e.refs, ok = collectRefs(tree); !ok {
		return nil, &SyntaxError{Expr: src, Msg: "the expression reads too many paths"}
	}
	return e, nil
}

// Eval evaluates the expression at c. The error is an *EvalError.
func (e *Expr) Eval(c *Context) (Value, error) {
	m := newMachine(e, c)
	defer m.free()
	v := e.prog.val(m)
	if m.err != nil {
		return Value{}, m.err
	}
	if v.typ == TypeNodeSet {
		v.nodes = append([]*Node(nil), v.nodes...)
	}
	if v.typ == TypeNumber && v.num != v.num && e.plainNaN {
		v.str = "NaN"
	}
	return v, nil
}

// EvalBool is Eval with boolean(). For scalar expressions it does not allocate.
func (e *Expr) EvalBool(c *Context) (bool, error) {
	m := newMachine(e, c)
	defer m.free()
	b := e.prog.boo(m)
	if m.err != nil {
		return false, m.err
	}
	return b, nil
}

// EvalNumber is Eval with number(). For scalar expressions it does not allocate.
func (e *Expr) EvalNumber(c *Context) (float64, error) {
	m := newMachine(e, c)
	defer m.free()
	f := e.prog.num(m)
	if m.err != nil {
		return 0, m.err
	}
	return f, nil
}

// EvalString is Eval with string(). It allocates only when the string is new.
func (e *Expr) EvalString(c *Context) (string, error) {
	m := newMachine(e, c)
	defer m.free()
	s := e.prog.str(m)
	if m.err != nil {
		return "", m.err
	}
	return s, nil
}

// EvalNodes evaluates an expression whose result must be a node-set.
func (e *Expr) EvalNodes(c *Context) ([]*Node, error) {
	v, err := e.Eval(c)
	if err != nil {
		return nil, err
	}
	if v.typ != TypeNodeSet {
		return nil, &EvalError{Expr: e.src, Msg: "the result is not a set of nodes"}
	}
	return v.nodes, nil
}

// Refs returns the location paths that the expression reads, each once. The
// slice is shared: do not change it.
func (e *Expr) Refs() []Ref { return e.refs }

// Calls returns the names of the functions called, each once, prefixed names in
// their usual form ("jr:itext").
func (e *Expr) Calls() []string { return e.calls }

// Faults returns the calls that fail whenever they are evaluated.
func (e *Expr) Faults() []Fault { return e.faults }

// String returns the source text.
func (e *Expr) String() string { return e.src }
