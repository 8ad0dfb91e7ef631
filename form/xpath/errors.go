package xpath

import "fmt"

// SyntaxError says that an expression cannot be compiled: it does not follow
// the grammar, or calls a function that does not exist, or with a wrong number
// of arguments.
type SyntaxError struct {
	Expr   string
	Offset int // in bytes, from 0
	Msg    string
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("xpath: %s at offset %d of %q", e.Msg, e.Offset, e.Expr)
}

// EvalError says that a compiled expression failed on the data it was given.
type EvalError struct {
	Expr   string
	Offset int    // where the failing function begins, in bytes, from 0
	Func   string // its name; "" when the failure is not that of a function
	Msg    string
	Err    error // what a host function returned, or nil
}

func (e *EvalError) Error() string {
	msg := e.Msg
	if e.Err != nil {
		msg = e.Err.Error()
	}
	if e.Func == "" {
		return fmt.Sprintf("xpath: %s: %q", msg, e.Expr)
	}
	return fmt.Sprintf("xpath: %s(): %s, at offset %d of %q", e.Func, msg, e.Offset, e.Expr)
}

// Unwrap returns the error of a host function.
func (e *EvalError) Unwrap() error { return e.Err }

// XMLError says that a document is not well-formed, uses what is refused
// (DOCTYPE, encodings other than UTF-8), or is larger than its Limits.
type XMLError struct {
	Line, Column int // from 1; Column in bytes
	Msg          string
	TooLarge     bool // a limit was exceeded
}

func (e *XMLError) Error() string {
	return fmt.Sprintf("xml: line %d, column %d: %s", e.Line, e.Column, e.Msg)
}
