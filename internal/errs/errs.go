package errs

import (
	"errors"
	"fmt"
	"sort"
	"strings"
)

// Kind says what sort of failure an error is. The zero Kind is Internal.
type Kind uint8

// The kinds. Edges translate them: package web to HTTP statuses, cmd to exit codes.
const (
	Internal        Kind = iota // a bug or a broken machine; details never leave the log
	Invalid                     // the input is wrong; the person can mend it
	Unauthenticated             // nobody is logged in
	Forbidden                   // somebody is, but role or region does not allow it
	NotFound                    // no such thing, or not in the person's region
	Conflict                    // the thing is in another state than the request supposes
	TooLarge                    // more bytes or rows than accepted
	RateLimited                 // too many attempts; try later
	Unavailable                 // busy or shutting down; the same request may succeed later
)

var kindNames = [...]string{
	"internal", "invalid", "unauthenticated", "forbidden", "not_found",
	"conflict", "too_large", "rate_limited", "unavailable",
}

func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return fmt.Sprintf("kind(%d)", uint8(k))
}

// Error is a failure that may be shown to a person. It is immutable after New and Wrap.
type Error struct {
	Kind   Kind
	Code   string         // `package.what`, stable
	Fields map[string]any // message parameters and details for the client; JSON-encodable, no secrets
	cause  error
}

// New makes an error of this kind. kv are pairs of a name and a value; an odd tail is a programming error and
// is kept under "!".
func (k Kind) New(code string, kv ...any) *Error {
	return &Error{Kind: k, Code: code, Fields: pairs(kv)}
}

// Wrap is New with the error that caused it. The cause is for the log; it is never shown.
func (k Kind) Wrap(cause error, code string, kv ...any) *Error {
	return &Error{Kind: k, Code: code, Fields: pairs(kv), cause: cause}
}

func pairs(kv []any) map[string]any {
	if len(kv) == 0 {
		return nil
	}
	m := make(map[string]any, len(kv)/2)
	for i := 0; i+1 < len(kv); i += 2 {
		name, ok := kv[i].(string)
		if !ok {
			name = fmt.Sprint(kv[i])
		}
		m[name] = kv[i+1]
	}
	if len(kv)%2 == 1 {
		m["!"] = kv[len(kv)-1]
	}
	return m
}

// Error is the form for logs: the code, the fields in order of name, and the cause.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Code)
	if len(e.Fields) > 0 {
		names := make([]string, 0, len(e.Fields))
		for n := range e.Fields {
			names = append(names, n)
		}
		sort.Strings(names)
		b.WriteString(" (")
		for i, n := range names {
			if i > 0 {
				b.WriteString(", ")
			}
			fmt.Fprintf(&b, "%s=%v", n, e.Fields[n])
		}
		b.WriteString(")")
	}
	if e.cause != nil {
		b.WriteString(": ")
		b.WriteString(e.cause.Error())
	}
	return b.String()
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.cause }

// As finds the *Error in err's chain.
func As(err error) (*Error, bool) {
	var e *Error
	ok := errors.As(err, &e)
	return e, ok
}

// KindOf is the kind of the first *Error in the chain; Internal for a foreign error. It must not be asked of nil.
func KindOf(err error) Kind {
	if e, ok := As(err); ok {
		return e.Kind
	}
	return Internal
}

// CodeOf is the code of the first *Error in the chain, "internal" for a foreign error, "" for nil.
func CodeOf(err error) string {
	if err == nil {
		return ""
	}
	if e, ok := As(err); ok {
		return e.Code
	}
	return "internal"
}

// Is reports whether err is (or wraps) an Error of kind k.
func Is(err error, k Kind) bool {
	return err != nil && KindOf(err) == k
}
