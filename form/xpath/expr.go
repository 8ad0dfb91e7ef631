package xpath

// Expr is a compiled expression. It never changes and may be evaluated by many
// goroutines at once, each with a Context of its own.
type Expr struct {
	src   string
	refs  []Ref
	calls []string
}

// Compile parses an expression and prepares it for evaluation; o may be nil.
// The error is a *SyntaxError.
func Compile(src string, o *Options) (*Expr, error) {
	return nil, &SyntaxError{Expr: src, Msg: "no grammar yet"}
}

// Eval evaluates the expression at c. The error is an *EvalError.
func (e *Expr) Eval(c *Context) (Value, error) { return Value{}, nil }

// EvalBool is Eval with boolean(); it does not allocate for scalar expressions.
func (e *Expr) EvalBool(c *Context) (bool, error) { return false, nil }

// EvalNumber is Eval with number().
func (e *Expr) EvalNumber(c *Context) (float64, error) { return 0, nil }

// EvalString is Eval with string().
func (e *Expr) EvalString(c *Context) (string, error) { return "", nil }

// Refs returns the location paths that the expression reads. The slice is
// shared: do not change it.
func (e *Expr) Refs() []Ref { return e.refs }

// Calls returns the names of the functions called, each once, as written.
func (e *Expr) Calls() []string { return e.calls }

// String returns the source text.
func (e *Expr) String() string { return e.src }
