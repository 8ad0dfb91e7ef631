package xform

import (
	"errors"
	"strings"

	"ruhu/form/xpath"
)

// Parse compiles a form. The error is of type Errors and holds everything that
// was found wrong; Form.Warnings holds what is only questionable.
func Parse(src []byte, o Options) (*Form, error) {
	if o.MaxBytes == 0 {
		o.MaxBytes = 32 << 20
	}
	if len(src) > o.MaxBytes {
		return nil, Errors{fail("xform.too_large", "", "")}
	}
	doc, err := xpath.ParseXML(src, xpath.Limits{Bytes: o.MaxBytes, Nodes: 4_000_000})
	if err != nil {
		var xe *xpath.XMLError
		code := "xform.syntax"
		if errors.As(err, &xe) && xe.TooLarge {
			code = "xform.too_large"
		}
		return nil, Errors{fail(code, "", err.Error())}
	}
	p := &parser{o: o, binds: map[string]*def{}, reps: map[string]bool{}, atts: map[string][]string{}, f: &Form{
		byPath: map[string]*def{}, instances: map[string]*xpath.Node{}, lastSaved: map[string]bool{}, actions: map[string][]*action{},
	}}
	p.form(doc)
	if len(p.errs) > 0 {
		return nil, p.errs
	}
	return p.f, nil
}

// parser holds what is needed only while a form is read.
type parser struct {
	o     Options
	f     *Form
	errs  Errors
	binds map[string]*def     // bind id → definition, for controls that name a bind
	reps  map[string]bool     // paths that the body repeats
	atts  map[string][]string // names of bound attributes by the path of their element
	exprs map[string]*xpath.Expr

	choiceMedia bool // itext has pictures or sounds
}

func (p *parser) err(code, path, detail string) {
	p.errs = append(p.errs, fail(code, path, detail))
}

func (p *parser) warn(code, path, detail string) {
	p.f.warnings = append(p.f.warnings, fail(code, path, detail))
}

func (p *parser) form(doc *xpath.Node) {
	f, top := p.f, doc.Element()
	model, body, title := p.sections(top)
	if model == nil {
		p.err("xform.no_model", "", "")
		return
	}
	if title != nil {
		f.title = strings.TrimSpace(title.StringValue())
	}
	p.namespaces(doc, model)
	p.instancesOf(model)
	if f.root == nil {
		p.err("xform.no_instance", "", "")
		return
	}
	p.parseIText(child(model, "itext"))
	p.repeats(body)
	p.boundAttrs(model)
	p.boundAttrs(body)
	p.definitions()
	for _, n := range model.Children {
		switch {
		case elem(n, "bind"):
			p.bind(n)
		case elem(n, "submission"):
			if m := attr(n, "method"); m != "" && m != "post" && m != "form-data-post" {
				p.err("xform.submission", "submission", m)
			}
			f.submission = submissionOf(n)
		}
	}
	if body != nil {
		f.body = p.controls(body, nil)
	}
	p.actions(model, nil)
	p.finish()
	p.buildGraph()
}

// sections finds the model, the body and the title in h:html, or in a document
// that is a bare model.
func (p *parser) sections(top *xpath.Node) (model, body, title *xpath.Node) {
	if top == nil {
		return nil, nil, nil
	}
	if elem(top, "model") {
		return top, nil, nil
	}
	head := child(top, "head")
	if head == nil {
		head = top
	}
	return child(head, "model"), child(top, "body"), child(head, "title")
}

// namespaces collects every prefix that the document declares: expressions may
// use them wherever they stand. An outer declaration wins over an inner one.
func (p *parser) namespaces(doc, model *xpath.Node) {
	f := p.f
	f.ns = map[string]string{"jr": nsJavaRosa}
	var walk func(n *xpath.Node, depth int)
	walk = func(n *xpath.Node, depth int) {
		for prefix, uri := range n.NS {
			if _, ok := f.ns[prefix]; prefix != "" && (!ok || prefix == "jr") {
				f.ns[prefix] = uri
			}
		}
		for _, c := range n.Children {
			walk(c, depth+1)
		}
	}
	walk(doc, 0)
	for prefix, uri := range usualPrefixes {
		if _, ok := f.ns[prefix]; !ok {
			f.ns[prefix] = uri
		}
	}
	f.opts = &xpath.Options{Namespaces: f.ns}
	p.exprs = map[string]*xpath.Expr{}
}

// compile compiles an expression; mistakes are reported at where. Forms repeat
// the same expressions hundreds of times, so each text is compiled once.
func (p *parser) compile(src, where string) *xpath.Expr {
	if strings.TrimSpace(src) == "" {
		return nil
	}
	if e, ok := p.exprs[src]; ok {
		return e
	}
	e, err := xpath.Compile(src, p.f.opts)
	if err != nil {
		p.err("xform.expression", where, err.Error())
		return nil
	}
	for _, ft := range e.Faults() {
		p.warn("xform.call", where, ft.Func+": "+ft.Msg)
	}
	p.exprs[src] = e
	return e
}

// CompileExpr compiles an expression in the form's namespaces, to be run with
// Session.EvalExpr: conditions of problems, calculations of indicators.
func (f *Form) CompileExpr(src string) (*xpath.Expr, error) {
	return xpath.Compile(src, f.opts)
}
