package xform

import "strconv"

// walk visits all insts and ranges in document order with their refs. Refs are
// put together on the way: asking each inst for its number among its siblings
// would take quadratic time in long repeats.
func (s *Session) walk(fn func(in *inst, ref string)) {
	w := walker{fn: fn}
	w.visit(s.root, -1)
}

// Work counts what the session has computed so far: cells, expressions and the
// nodes that these have looked at. It says what an answer costs, whatever the
// machine.
func (s *Session) Work() int { return s.work }

// walkFrom does the same below one inst or range.
func (s *Session) walkFrom(in *inst, fn func(in *inst, ref string)) {
	w := walker{fn: fn}
	if in.up != nil {
		w.path = append(w.path, in.up.node.Path()...)
	}
	w.visit(in, -1)
}

// walkTouched visits what has changed, without looking where nothing has.
func (s *Session) walkTouched(fn func(in *inst, ref string)) {
	w := walker{fn: fn, touched: true}
	w.visit(s.root, -1)
}

type walker struct {
	fn      func(in *inst, ref string)
	path    []byte
	touched bool // visit only what is touched
}

// visit goes into in; i is its index among the instances of a repeat, or -1.
func (w *walker) visit(in *inst, i int) {
	if w.touched && !in.touched && !in.below {
		return
	}
	below := !w.touched || in.below
	mark := len(w.path)
	w.path = append(w.path, '/')
	if in.node.Prefix != "" {
		w.path = append(append(w.path, in.node.Prefix...), ':')
	}
	w.path = append(w.path, in.node.Name.Local...)
	if in.isRange {
		if !w.touched || in.touched {
			w.fn(in, string(w.path))
		}
		w.path = w.path[:mark]
		for k, x := range in.kids {
			w.visit(x, k)
		}
		return
	}
	if i >= 0 {
		w.path = append(w.path, '[')
		w.path = append(strconv.AppendInt(w.path, int64(i)+1, 10), ']')
	}
	if !w.touched || in.touched {
		w.fn(in, in.def.ref(w.path))
	}
	if below {
		for _, k := range in.kids {
			w.visit(k, -1)
		}
	}
	w.path = w.path[:mark]
}

// ref is the path as a string, without a copy outside of repeats.
func (d *def) ref(path []byte) string {
	if d.path == string(path) {
		return d.path
	}
	return string(path)
}
