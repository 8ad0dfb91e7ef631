//go:build js && wasm

// Command ruhu-wasm is the form engine for the browser. It hands one object with
// the functions compile, open, migrate, call, dispose and close to the page and waits;
// web/packages/engine wraps them in typed TypeScript.
//
// Every function returns JSON text: {"ok":…} or {"error":{code,message,details}}.
// Forms and sessions are named by numbers. The page calls from one thread.
package main

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall/js"

	"ruhu/form/xform"
)

type host struct {
	next     int
	forms    map[int]*xform.Form
	sessions map[int]*xform.Session
}

func main() {
	h := &host{forms: map[int]*xform.Form{}, sessions: map[int]*xform.Session{}}
	api := js.Global().Get("Object").New()
	for name, fn := range map[string]func(args []js.Value) ([]byte, error){
		"compile": h.compile, "open": h.open, "migrate": h.migrate, "call": h.call, "dispose": h.dispose, "close": h.close,
	} {
		api.Set(name, js.FuncOf(func(_ js.Value, args []js.Value) any { return answer(fn, args) }))
	}
	// The page chose the name of the global that it listens at.
	js.Global().Call(os.Args[1], api)
	select {}
}

// answer runs a function and wraps its result; a panic becomes an error, so
// that one bad call does not end the engine.
func answer(fn func([]js.Value) ([]byte, error), args []js.Value) (out string) {
	defer func() {
		if r := recover(); r != nil {
			out = string(failure(&xform.Error{Code: "xform.internal", Msg: "内部错误", MsgEN: "internal error", Detail: fmt.Sprint(r)}))
		}
	}()
	b, err := fn(args)
	if err != nil {
		return string(failure(err))
	}
	b = append([]byte(`{"ok":`), b...)
	return string(append(b, '}'))
}

func failure(err error) []byte {
	var list xform.Errors
	var one *xform.Error
	switch {
	case errors.As(err, &list):
	case errors.As(err, &one):
		list = xform.Errors{one}
	default:
		list = xform.Errors{{Code: "xform.internal", Msg: "内部错误", MsgEN: "internal error", Detail: err.Error()}}
	}
	b := append([]byte(`{"error":{"code":`), `""`...)
	b = xform.AppendString(b[:len(b)-2], list[0].Code)
	b = xform.AppendString(append(b, `,"message":`...), list[0].Msg)
	b = append(b, `,"details":[`...)
	for i, e := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = e.AppendJSON(b)
	}
	return append(b, "]}}"...)
}

// compile(xml, attachments) → {handle, form}; attachments maps URIs to texts.
func (h *host) compile(args []js.Value) ([]byte, error) {
	f, err := xform.Parse([]byte(args[0].String()), xform.Options{Attachments: func(uri string) ([]byte, error) {
		return []byte(str(args[1], uri)), nil
	}})
	if err != nil {
		return nil, err
	}
	h.next++
	h.forms[h.next] = f
	b := fmt.Appendf(nil, `{"handle":%d,"form":`, h.next)
	return append(f.AppendJSON(b), '}'), nil
}

// open(form, options) → handle
func (h *host) open(args []js.Value) ([]byte, error) {
	f := h.forms[args[0].Int()]
	if f == nil {
		return nil, gone
	}
	env, err := environment(args[1])
	if err != nil {
		return nil, err
	}
	s, err := f.NewSession(env)
	if err != nil {
		return nil, err
	}
	h.next++
	h.sessions[h.next] = s
	return fmt.Append(nil, h.next), nil
}

// migrate(form, older, options) → {handle, differences, moved}: options.instance is a record of the older form.
func (h *host) migrate(args []js.Value) ([]byte, error) {
	f, old := h.forms[args[0].Int()], h.forms[args[1].Int()]
	if f == nil || old == nil {
		return nil, gone
	}
	env, err := environment(args[2])
	if err != nil {
		return nil, err
	}
	m, err := f.Migrate(old, env)
	if err != nil {
		return nil, err
	}
	h.next++
	h.sessions[h.next] = m.Session
	b := fmt.Appendf(nil, `{"handle":%d,"differences":[`, h.next)
	for i := range m.Differences {
		if i > 0 {
			b = append(b, ',')
		}
		b = m.Differences[i].AppendJSON(b)
	}
	return append(xform.AppendMap(append(b, `],"moved":`...), m.Moved), '}'), nil
}

// dispose(form) and close(session) forget a handle.
func (h *host) dispose(args []js.Value) ([]byte, error) {
	delete(h.forms, args[0].Int())
	return []byte("null"), nil
}

func (h *host) close(args []js.Value) ([]byte, error) {
	delete(h.sessions, args[0].Int())
	return []byte("null"), nil
}

var gone = &xform.Error{Code: "xform.closed", Msg: "表单已关闭", MsgEN: "the form or session is closed"}

// call(session, method, a, b)
func (h *host) call(args []js.Value) ([]byte, error) {
	s := h.sessions[args[0].Int()]
	if s == nil {
		return nil, gone
	}
	a, b := args[2].String(), args[3].String()
	switch method := args[1].String(); method {
	case "state":
		return xform.AppendStates(nil, s.State()), nil
	case "node":
		n, ok := s.Node(a)
		if !ok {
			return []byte("null"), nil
		}
		return n.AppendJSON(nil), nil
	case "set":
		return change(s.Set(a, b))
	case "addRepeat":
		return change(s.AddRepeat(a))
	case "removeRepeat":
		return change(s.RemoveRepeat(a))
	case "confirm":
		return change(s.Confirm(a, b))
	case "verify":
		return change(s.Verify(a, b))
	case "why":
		r, ok := s.Why(a)
		if !ok {
			return []byte("null"), nil
		}
		return r.AppendJSON(nil), nil
	case "setReply":
		return []byte("null"), s.SetReply(a, b)
	case "replies":
		return xform.AppendMap(nil, s.Replies()), nil
	case "setVisit":
		return []byte("null"), s.SetVisit(a, b)
	case "visit":
		v := s.Visit()
		return v.AppendJSON(nil), nil
	case "setVouch": // account, method, time and token, which have no spaces
		f := append(strings.Fields(b), "", "", "", "")
		return []byte("null"), s.SetVouch(xform.Vouch{Ref: a, Account: f[0], Method: f[1], At: f[2], Token: f[3]})
	case "setOpening":
		to, rest, _ := strings.Cut(b, " ")
		ms, ahead, _ := strings.Cut(rest, " ")
		return []byte("null"), s.SetOpening(xform.Opening{From: a, To: to, MS: whole(ms), Ahead: whole(ahead)})
	case "setMoves":
		return []byte("null"), s.SetMoves(int(whole(a)))
	case "setTiming":
		ms, edits, _ := strings.Cut(b, " ")
		return []byte("null"), s.SetTiming(xform.Timing{Ref: a, MS: whole(ms), Edits: int(whole(edits))})
	case "setOddity":
		return []byte("null"), s.SetOddity(a, int(whole(b)))
	case "paradata":
		p := s.Paradata()
		return p.AppendJSON(nil), nil
	case "setCapture":
		return []byte("null"), s.SetCapture(a)
	case "capture":
		return xform.AppendString(nil, s.Capture()), nil
	case "setLanguage":
		return change(s.SetLanguage(a))
	case "check":
		return xform.AppendFindings(nil, s.Check()), nil
	case "progress":
		answered, total := s.Progress()
		return fmt.Appendf(nil, `{"answered":%d,"total":%d}`, answered, total), nil
	case "xml":
		return text(s.XML())
	case "draft":
		return text(s.Draft())
	default:
		return nil, &xform.Error{Code: "xform.internal", Msg: "内部错误", MsgEN: "unknown method", Detail: method}
	}
}

// whole reads a count; −1, which nothing takes, for what is none.
func whole(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return -1
	}
	return n
}

func change(ch xform.Change, err error) ([]byte, error) {
	var mistake *xform.Error
	if errors.As(err, &mistake) && mistake.Code == "xform.many_targets" {
		err = nil // the form's mistake, not the person's: the answer is stored and shown
	}
	if err != nil {
		return nil, err
	}
	return ch.AppendJSON(nil), nil
}

func text(src []byte, err error) ([]byte, error) {
	if err != nil {
		return nil, err
	}
	return xform.AppendString(nil, string(src)), nil
}
