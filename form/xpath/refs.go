package xpath

// maxRefWork bounds the steps that collectRefs handles: predicates on unions
// inside each other multiply, and a form must not be able to stop a server.
const maxRefWork = 1_000_000

// collectRefs lists the paths that an expression reads; false if they are too
// many to list.
func collectRefs(x node) ([]Ref, bool) {
	c := &refCollector{seen: map[string]bool{}}
	c.visit(x, Ref{})
	return c.refs, c.work <= maxRefWork
}

type refCollector struct {
	refs []Ref
	seen map[string]bool
	work int
}

// visit collects the paths in x, where relative paths start at from. The result
// is the paths whose nodes x can return, so that steps behind a filter
// expression know where they start.
func (c *refCollector) visit(x node, from Ref) []Ref {
	if c.work++; c.work > maxRefWork {
		return nil
	}
	switch x := x.(type) {
	case *negation:
		c.visit(x.x, from)
	case *binaryOp:
		l, r := c.visit(x.l, from), c.visit(x.r, from)
		if x.op == "|" {
			return append(l, r...)
		}
	case *path:
		return c.path(x, from)
	case *filtered:
		out := c.visit(x.x, from)
		for _, p := range x.preds {
			for _, o := range out {
				c.visit(p, o)
			}
			if len(out) == 0 {
				c.visit(p, from)
			}
		}
		return out
	case *call:
		return c.call(x, from)
	}
	return nil
}

func (c *refCollector) call(x *call, from Ref) []Ref {
	if x.key == "current" {
		return []Ref{{}}
	}
	if x.key == "instance" || x.key == "pulldata" {
		id := ""
		if len(x.args) > 0 {
			if s, ok := x.args[0].(*stringLit); ok {
				id = s.v
			}
		}
		for _, a := range x.args {
			c.visit(a, from)
		}
		r := Ref{Base: RefInstance, Instance: id}
		c.add(r)
		return []Ref{r}
	}
	var out []Ref
	for _, a := range x.args {
		out = append(out, c.visit(a, from)...)
	}
	if len(x.args) == 0 && readsContext[x.key] {
		c.add(from)
	}
	if x.key == "once" {
		c.add(from)
	}
	return out // of randomize(), indexed-repeat(), if(): any of their nodes
}

// readsContext: functions that read the context node when called without
// arguments.
var readsContext = map[string]bool{
	"string": true, "number": true, "normalize-space": true, "string-length": true,
	"name": true, "local-name": true, "namespace-uri": true, "position": true, "last": true,
}

func (c *refCollector) path(x *path, from Ref) []Ref {
	bases := []Ref{from}
	switch {
	case x.root:
		bases = []Ref{{Base: RefRoot}}
	case x.filter != nil:
		bases = c.visit(x.filter, from)
	}
	out := make([]Ref, 0, len(bases))
	for _, b := range bases {
		c.work += len(b.Steps) + len(x.steps)
		r := b
		for _, s := range x.steps {
			r = r.with(s)
			for _, p := range s.preds {
				c.visit(p, r)
			}
		}
		c.add(r)
		out = append(out, r)
	}
	return out
}

// with appends a step, resolving "." and ".." where the step before is a child.
func (r Ref) with(s *step) Ref {
	n := len(r.Steps)
	steps := r.Steps[:n:n]
	switch {
	case s.axis == AxisSelf && s.kind == testNode && len(s.preds) == 0:
		return r
	case s.axis == AxisParent && s.kind == testNode && len(s.preds) == 0 && n > 0 &&
		(steps[n-1].Axis == AxisChild || steps[n-1].Axis == AxisAttribute):
		r.Steps = steps[: n-1 : n-1]
		return r
	}
	name := s.src
	if s.kind == testText && s.axis == AxisChild {
		return r // the text of an element is its value
	}
	r.Steps = append(steps, RefStep{Axis: s.axis, Name: name, Filter: len(s.preds) > 0})
	return r
}

func (c *refCollector) add(r Ref) {
	key := r.String()
	if !c.seen[key] {
		c.seen[key] = true
		c.refs = append(c.refs, r)
	}
}
