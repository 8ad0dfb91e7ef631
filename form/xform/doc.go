// Package xform runs questionnaires that are written as ODK XForms.
//
// A form is compiled once with Parse. The result never changes and is shared by
// everybody who fills the form in. Each filling-in is a Session: it holds the
// answers, knows which questions are asked, which answers are wrong and what is
// computed from what, and works out again only what an answer touches.
//
//	form, err := xform.Parse(xml, xform.Options{})
//	s, err := form.NewSession(xform.Env{Now: time.Now, Zone: zone})
//	change, err := s.Set("/data/q1", "2")
//	for _, f := range s.Check() { … }
//	xml, err := s.XML()
//
// The words used here:
//
//   - A definition is one element of the form's primary instance, an inst is one
//     element of a session's instance. They differ in repeats: one definition,
//     any number of insts.
//   - A cell is one thing that is computed for a definition: whether it is
//     relevant, its calculated value, its list of choices, …  Cells are put in an
//     order in which each comes after those that it reads.
//   - A ref names an inst: "/data/rep[2]/q", with [n] on repeat instances only.
//
// The same code runs on the server (Form.Validate looks at a submission that has
// arrived) and, as WebAssembly, on the phone.
//
// What the ODK specification leaves open is decided like this. Answers that break
// a constraint are stored and flagged. A question that is not asked reads as
// blank, is left out of the submission and gets its answer back when it is asked
// again; a calculation of a question that is not asked is not run. An answer
// whose choice is filtered out of the list reads as blank until the choice is
// back. A repeat with a count follows the count in both directions. A person's
// change of a calculated question stands until something that the calculation
// reads has changed.
//
// Attributes that the form binds (those of entities) are computed, set and sent
// like questions, but are no nodes of State. All choices, with reasons and the
// engines that decide otherwise, are in docs/conformance.md.
//
// What an answer costs depends on what reads it, not on the length of the form:
// see Session.Work. What a client has to do itself is listed by Form.Submission
// (where to send, with what key to encrypt) and Form.Tasks (record sound).
//
// A newer version of a form is another form. Form.Migrate carries a record over to
// it and says what is not as it was, Form.Compare says what the version changes.
//
// Nothing here reads a clock, a zone, a file or a random source: see Env and
// Options. A Form may be used from many goroutines, a Session from one.
package xform
