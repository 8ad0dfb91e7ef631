// Package xpath evaluates the expressions of a form: when a question is asked,
// whether an answer is allowed, what a computed field holds.
//
// It has two halves. ParseXML reads an XML document into a tree of Nodes, and
// WriteXML writes one. Compile turns the text of an expression into an Expr,
// which can then be evaluated against any Node, as often as needed and from
// many goroutines at once:
//
//	doc, err := xpath.ParseXML([]byte(`<data><age>61</age></data>`), xpath.Limits{})
//	e, err := xpath.Compile(`/data/age >= 60`, nil)
//	old, err := e.EvalBool(&xpath.Context{Node: doc, Env: &xpath.Env{Root: doc}})
//
// The language is XPath 1.0 with the functions of the ODK XForms
// specification. An expression has one of four types: number (float64), string,
// boolean, node-set (nodes in document order, each once). The differences from
// plain XPath 1.0, all taken from that specification or from what forms in the
// field rely on:
//
//   - NaN prints as the empty string, because a computed field that cannot be
//     computed is an unanswered one. Options.PlainNaN restores "NaN".
//   - A string that is an ISO 8601 date counts as days since 1970-01-01 where a
//     number is asked for: '2026-03-04' + 1 is a number, date() turns it back.
//   - A node whose Blank mark is set (a question that is not asked) reads as "".
//   - With Env.ContextualRepeats, an absolute path through a repeat means the
//     repeat instance that the evaluated node belongs to.
//
// Nothing here reads a clock, a zone, a file or a random source: see Env. Trees
// are not locked: do not change a tree while an expression reads it.
package xpath
