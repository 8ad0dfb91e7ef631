package xpath

import "time"

// Options are fixed when an expression is compiled. The zero value will do.
type Options struct {
	// Namespaces maps the prefixes of the expression to namespace URIs; a
	// prefix that is missing here makes Compile fail. nil: the prefixes that
	// forms commonly use (jr, odk, orx, h, xsd, ev, entities).
	Namespaces map[string]string
	// DefaultSpace is the namespace of unprefixed names. When it is empty, an
	// unprefixed name matches by local name in any namespace: forms put their
	// data in whatever default namespace their author's tool chose.
	DefaultSpace string
	// StrictNames gives unprefixed names the meaning of XPath 1.0: no
	// namespace (or DefaultSpace).
	StrictNames bool
	// PlainNaN makes string(NaN) "NaN", as XPath 1.0 has it.
	PlainNaN bool
	// Funcs adds functions, or replaces built-in ones, by name as written.
	Funcs map[string]Func
}

// Func is a function provided by the host.
type Func struct {
	Min, Max int // number of arguments allowed; Max < 0: no upper bound
	Call     func(c *Context, args []Value) (Value, error)
}

// Context is where an expression is evaluated.
type Context struct {
	Node    *Node // the context node "."
	Current *Node // what current() returns; nil: Node
	Pos     int   // position(); 0 counts as 1
	Size    int   // last(); 0 counts as 1
	Env     *Env  // nil: an empty Env
}

// Env is everything outside the node tree that an expression can ask for. It
// may be shared by evaluations as far as its functions allow. A nil function
// means that the thing is not there; each field says what happens then.
type Env struct {
	// Now is the clock of now() and today(); nil: these functions fail.
	Now func() time.Time
	// Zone is the local time zone of dates without offset; nil: UTC.
	Zone *time.Location
	// Rand returns numbers in [0,1) for random(), uuid() and randomize();
	// nil: these functions fail.
	Rand func() float64
	// Root is where absolute paths start: the document of the primary
	// instance. nil: the root of the tree of the context node.
	Root *Node
	// Instance finds the root node (a document, or an element that is to be
	// seen as one) of a secondary instance; nil or a nil result: an empty
	// node-set.
	Instance func(id string) *Node
	// IText resolves a text id in the active language for jr:itext; without
	// it, or when it does not know the id, the result is "".
	IText func(id string) (string, bool)
	// ITextNodes makes jr:itext a node-set for those who count or walk it: all
	// forms of the translation (short, audio, …). Its string is still IText's.
	ITextNodes func(id string) []*Node
	// ChoiceName returns the label of the choice with this value in the
	// question at path (as written in the expression), seen from the node ctx;
	// without it jr:choice-name gives "".
	ChoiceName func(value, path string, ctx *Node) (string, bool)
	// PullData answers pulldata(instance, column, key column, key); when nil
	// the function looks into Instance(instance).
	PullData func(instance, column, keyColumn, key string) (string, bool)
	// Property answers property(name), which asks about the device; "" without it.
	Property func(name string) (string, bool)
	// Work counts the nodes that evaluations have looked at, for whoever wants to
	// know what an expression costs. Not to be shared between goroutines.
	Work *int
	// Version is the form's version, for version().
	Version string
	// Names are the words of format-date; nil: English.
	Names *DateNames
	// ContextualRepeats: an absolute path through a repeat (Node.Repeat) means
	// the instance that Current belongs to, as JavaRosa and Enketo read it. The
	// last step and steps with a predicate are not narrowed.
	ContextualRepeats bool
}

// DateNames are the words of format-date in one language.
type DateNames struct {
	Months, ShortMonths [12]string
	Days, ShortDays     [7]string // Sunday first
}
