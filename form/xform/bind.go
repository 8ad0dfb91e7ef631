package xform

import (
	"slices"
	"strings"

	"ruhu/form/xpath"
)

// bind reads one bind element into its definition.
func (p *parser) bind(n *xpath.Node) {
	ref := attr(n, "nodeset")
	if ref == "" {
		ref = plainAttr(n, "ref")
	}
	d := p.lookup(p.absolute(ref, ""))
	if d == nil {
		p.warn("xform.unknown_node", "bind", ref)
		return
	}
	if id := plainAttr(n, "id"); id != "" {
		p.binds[id] = d
	}
	b := d.bind
	if t := plainAttr(n, "type"); t != "" {
		b.typ = datatype(t)
	}
	p.bindExprs(b, n, d)
	b.preload, b.preloadParams = prefixedAttr(n, "preload"), prefixedAttr(n, "preloadParams")
	b.prefill, b.pii, b.compare = ruhuAttr(n, "prefill"), ruhuAttr(n, "pii"), ruhuAttr(n, "compare")
	b.saveTo = prefixedAttr(n, "saveto")
	for _, name := range []string{"max-pixels", "quality"} { // how a file is to be taken
		if v := prefixedAttr(n, name); v != "" {
			if b.attrs == nil {
				b.attrs = map[string]string{}
			}
			b.attrs[name] = v
		}
	}
	b.prefillEditable = truth(ruhuAttr(n, "prefillEditable"))
	b.constraintMsg = p.message(attr(n, "constraintMsg"), d.path+"/@jr:constraintMsg")
	b.requiredMsg = p.message(attr(n, "requiredMsg"), d.path+"/@jr:requiredMsg")
	b.warnMsg = p.message(ruhuAttr(n, "warningMsg"), d.path+"/@ruhu:warningMsg")
}

func (p *parser) bindExprs(b *bind, n *xpath.Node, d *def) {
	get := func(name string) *xpath.Expr {
		src := plainAttr(n, name)
		if constant(src) {
			return nil
		}
		return p.compile(src, d.path+"/@"+name)
	}
	switch src := plainAttr(n, "relevant"); {
	case truth(src): // always
	case src != "":
		b.relevant = p.compile(src, d.path+"/@relevant")
	}
	b.required, b.alwaysRequired = get("required"), truth(plainAttr(n, "required"))
	b.readonly, b.alwaysReadonly = get("readonly"), truth(plainAttr(n, "readonly"))
	b.constraint = p.compile(plainAttr(n, "constraint"), d.path+"/@constraint")
	b.calculate = p.compile(plainAttr(n, "calculate"), d.path+"/@calculate")
	b.warning = p.compile(ruhuAttr(n, "warning"), d.path+"/@ruhu:warning")
	if b.calculate != nil {
		b.volatile = volatile(b.calculate)
	}
}

// constant recognises the spellings of true and false, which need no cell.
func constant(src string) bool {
	return truth(src) || falsity(src)
}

func truth(s string) bool {
	switch strings.ReplaceAll(strings.TrimSpace(s), " ", "") {
	case "true()", "true", "1", "yes":
		return true
	}
	return false
}

func falsity(s string) bool {
	switch strings.ReplaceAll(strings.TrimSpace(s), " ", "") {
	case "", "false()", "false", "0", "no":
		return true
	}
	return false
}

// volatile says whether a calculation can give another result for the same
// answers: the clock, chance, the device, or its own former value.
func volatile(e *xpath.Expr) bool {
	return slices.ContainsFunc(e.Calls(), func(name string) bool {
		switch name {
		case "now", "today", "random", "uuid", "randomize", "once", "property":
			return true
		}
		return false
	})
}
