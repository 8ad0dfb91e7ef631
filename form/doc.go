// Package form is the roof of the form library: what the ODK XForms standard
// needs, without a database, a network or a clock of its own, so that the same
// code runs on the server and, as WebAssembly, on the phone.
//
// The rooms:
//
//	form/xpath    XML node tree, XPath 1.0 expressions and the XForms functions
//	form/xform    an XForm as a model, and sessions that fill it in
//	form/xlsform  questionnaires written as tables, turned into XForms
//	form/collect  XForms with our extensions, turned into ones that other clients run
//
// xlsform hands XForm XML text to xform; xform compiles its expressions with
// xpath and keeps the node tree that they read. xpath knows nothing of forms:
// whatever comes from outside (time, random numbers, other instances,
// translations) reaches it through xpath.Env.
package form
