package xpath

// maxSteps bounds the steps of one path.
const maxSteps = 500

// path parses a location path or a filter expression with steps behind it.
func (p *parser) path() (node, error) {
	t := p.peek()
	switch {
	case t.kind == tokOp && t.text == "/":
		p.pos++
		x := &path{at: at(t.off), root: true}
		if !p.startsStep() {
			return x, nil
		}
		return x, p.steps(x)
	case t.kind == tokOp && t.text == "//":
		p.pos++
		x := &path{at: at(t.off), root: true, steps: []*step{descend()}}
		return x, p.steps(x)
	case p.startsStep():
		x := &path{at: at(t.off)}
		return x, p.steps(x)
	}
	return p.filterExpr()
}

func descend() *step { return &step{axis: AxisDescendantOrSelf, kind: testNode} }

func (p *parser) startsStep() bool {
	switch t := p.peek(); t.kind {
	case tokName, tokNodeType, tokAxis:
		return true
	case tokOp:
		return t.text == "." || t.text == ".." || t.text == "@"
	}
	return false
}

// filterExpr parses a primary expression, its predicates, and steps from it.
func (p *parser) filterExpr() (node, error) {
	x, err := p.primary()
	if err != nil {
		return nil, err
	}
	off := x.offset()
	if p.isOp("[") {
		preds, err := p.predicates()
		if err != nil {
			return nil, err
		}
		x = &filtered{at(off), x, preds}
	}
	if !p.isOp("/") && !p.isOp("//") {
		return x, nil
	}
	pa := &path{at: at(off), filter: x}
	if p.take().text == "//" {
		pa.steps = append(pa.steps, descend())
	}
	return pa, p.steps(pa)
}

func (p *parser) steps(x *path) error {
	for {
		s, err := p.step()
		if err != nil {
			return err
		}
		x.steps = append(x.steps, s)
		if len(x.steps) > maxSteps {
			return p.fail(x.offset(), "the path has more than %d steps", maxSteps)
		}
		if p.accept("//") {
			x.steps = append(x.steps, descend())
		} else if !p.accept("/") {
			return nil
		}
	}
}

func (p *parser) step() (*step, error) {
	s := &step{axis: AxisChild}
	t := p.take()
	switch {
	case t.kind == tokOp && t.text == ".":
		s.axis, s.kind = AxisSelf, testNode
		return s, nil // an abbreviated step takes no predicates
	case t.kind == tokOp && t.text == "..":
		s.axis, s.kind = AxisParent, testNode
		return s, nil
	case t.kind == tokOp && t.text == "@":
		s.axis = AxisAttribute
		t = p.take()
	case t.kind == tokAxis:
		i := 0
		for i < len(axisNames) && axisNames[i] != t.text {
			i++
		}
		if i == len(axisNames) {
			return nil, p.fail(t.off, "there is no axis %q", t.text)
		}
		s.axis = Axis(i)
		t = p.take()
	}
	if err := p.nodeTest(s, t); err != nil {
		return nil, err
	}
	var err error
	s.preds, err = p.predicates()
	return s, err
}

func (p *parser) nodeTest(s *step, t token) error {
	switch t.kind {
	case tokName:
		return p.nameTest(s, t)
	case tokNodeType:
		switch t.text {
		case "node":
			s.kind = testNode
		case "text":
			s.kind = testText
		case "comment":
			s.kind = testComment
		default:
			s.kind, s.any = testPI, true
		}
		p.pos++ // the lexer saw "("
		if a := p.peek(); s.kind == testPI && a.kind == tokString {
			s.any, s.name.Local = false, a.text
			p.pos++
		}
		return p.expect(")")
	}
	return p.unexpected(t)
}

func (p *parser) nameTest(s *step, t token) error {
	s.src = t.text
	prefix, local := splitName(t.text)
	s.name.Local, s.any = local, local == "*"
	if prefix == "" {
		// Attributes without prefix are in no namespace, in any reading.
		s.loose = s.any || s.axis != AxisAttribute && !p.opt.StrictNames && p.opt.DefaultSpace == ""
		if s.axis != AxisAttribute && s.axis != AxisNamespace {
			s.name.Space = p.opt.DefaultSpace
		}
		return nil
	}
	uri, ok := p.opt.lookup(prefix)
	if !ok {
		return p.fail(t.off, "namespace prefix %q is not declared", prefix)
	}
	s.name.Space = uri
	return nil
}

func (p *parser) predicates() ([]node, error) {
	var preds []node
	for p.accept("[") {
		x, err := p.expr()
		if err != nil {
			return nil, err
		}
		if err := p.expect("]"); err != nil {
			return nil, err
		}
		preds = append(preds, x)
	}
	return preds, nil
}
