package xform

import (
	"ruhu/form/xpath"
)

// Options are fixed when a form is parsed. The zero value will do for a form
// without attachments.
type Options struct {
	// Attachments returns the content of an external secondary instance by its
	// URI ("jr://file/wards.csv"); a nil function, a nil slice or an error
	// gives an empty instance.
	Attachments func(uri string) ([]byte, error)
	// MaxBytes limits the form; 0: 32 MiB.
	MaxBytes int
}

// Form is a compiled form. It never changes after Parse and may be shared.
type Form struct {
	id, version, title string
	languages          []string
	defaultLang        int

	defs   []*def          // document order
	byPath map[string]*def // "/data/rep/q"
	root   *def
	tree   *xpath.Node // the primary instance document, as written
	ns     map[string]string

	body      []*Control
	cells     []*cell // in the order of evaluation
	instances map[string]*xpath.Node
	lastSaved map[string]bool    // ids of instances that are the record saved last
	itext     []map[string]*text // per language
	actions   map[string][]*action
	opts      *xpath.Options
	warnings  []*Error
	nValues   int
	instID    *def // meta/instanceID

	submission Submission
	tasks      []Task
}

// def is one element of the primary instance.
type def struct {
	id       int
	node     *xpath.Node // as written in the form
	path     string
	parent   *def
	children []*def
	attrs    []*def         // bound attributes
	names    map[string]int // of many children: local name → order, -1: several
	last     int            // id of the last definition below; own id for leaves
	order    int            // among the parent's children

	attr     bool // an attribute of the parent
	repeat   bool
	template *xpath.Node   // shape of a new instance
	first    []*xpath.Node // instances written in the form
	blankNew bool          // no template: new instances start blank
	anchor   *def          // nearest repeat at or above, nil: none

	bind    *bind
	control *Control // nil: no body control
	cells   [numCells]*cell
	readers []reader

	onChange []*action // value changed here
	onNew    []*action // new instance of this repeat
	notes    bool      // the meta element: carries confirmations
}

// bind is what the form says about a definition.
type bind struct {
	typ                                 string
	relevant, required, readonly        *xpath.Expr
	constraint, calculate, warning      *xpath.Expr
	alwaysRequired, alwaysReadonly      bool
	constraintMsg, requiredMsg, warnMsg *text
	preload, preloadParams              string
	prefill, pii, compare, saveTo       string
	prefillEditable, volatile           bool
	attrs                               map[string]string // what a widget needs to know
}

func (b *bind) rules(f *Form, lang int) Rules {
	src := func(e *xpath.Expr) string {
		if e == nil {
			return ""
		}
		return e.String()
	}
	r := Rules{
		Relevant: src(b.relevant), Required: src(b.required), Readonly: src(b.readonly), Constraint: src(b.constraint),
		Calculate: src(b.calculate), Warning: src(b.warning),
		ConstraintMsg: b.constraintMsg.plain(f, lang), WarningMsg: b.warnMsg.plain(f, lang),
	}
	if b.alwaysRequired {
		r.Required = "true()"
	}
	if b.alwaysReadonly {
		r.Readonly = "true()"
	}
	return r
}

func (d *def) leaf() bool { return len(d.children) == 0 && !d.repeat }

func (d *def) within(a *def) bool { return d.id >= a.id && d.id <= a.last }

// ID returns the form's id.
func (f *Form) ID() string { return f.id }

// Version returns the form's version, "" when it has none.
func (f *Form) Version() string { return f.version }

// Title returns the form's title.
func (f *Form) Title() string { return f.title }

// Languages returns the names of the itext translations in the order of the
// form. It is empty for a form in one unnamed language.
func (f *Form) Languages() []string { return append([]string(nil), f.languages...) }

// Body returns the controls in the order of the form. They are shared: do not
// change them.
func (f *Form) Body() []*Control { return f.body }

// Warnings returns what Parse found questionable but not wrong.
func (f *Form) Warnings() []*Error { return f.warnings }

// Node describes one question or group of the form, for those who list columns.
type Node struct {
	Path     string // without numbers
	Type     string // as NodeState.Type
	Datatype string // "" for groups and repeats
	Repeat   bool
	SaveTo   string   // bind entities:saveto
	PII      string   // bind ruhu:pii
	Prefill  string   // bind ruhu:prefill
	Compare  string   // bind ruhu:compare
	Label    string   // in the default language, outputs left out
	Control  *Control // nil for fields without a control
	Rules    Rules
}

// Rules are the conditions of a definition as the form writes them, "" where it has none, for those who explain a form on
// paper. Messages are in the language that was asked for, outputs left out.
type Rules struct {
	Relevant, Required, Readonly, Constraint, Calculate, Warning string
	ConstraintMsg, WarningMsg                                    string
}

// Nodes lists all definitions in document order, the root left out, with texts in the default language.
func (f *Form) Nodes() []Node { return f.NodesIn("") }

// NodesIn is Nodes with texts in a language, named as in Env.Language; the default language when the form has no such.
func (f *Form) NodesIn(language string) []Node {
	lang := f.language(language)
	if language == "" || lang < 0 {
		lang = f.defaultLang
	}
	out := make([]Node, 0, len(f.defs))
	for _, d := range f.defs {
		if d == f.root || d.attr {
			continue
		}
		n := Node{
			Path: d.path, Type: d.nodeType(), Repeat: d.repeat, Control: d.control,
			SaveTo: d.bind.saveTo, PII: d.bind.pii, Prefill: d.bind.prefill, Compare: d.bind.compare,
		}
		if d.leaf() {
			n.Datatype = d.bind.typ
		}
		if d.control != nil && d.control.label != nil {
			n.Label = d.control.label.plain(f, lang)
		}
		n.Rules = d.bind.rules(f, lang)
		out = append(out, n)
	}
	return out
}

// nodeType names the kind of node that people and programs see.
func (d *def) nodeType() string {
	switch {
	case d.parent == nil:
		return "root"
	case d.repeat:
		return "repeat"
	case !d.leaf():
		return "group"
	case d.control == nil:
		return "model-value"
	}
	return d.control.Type
}
