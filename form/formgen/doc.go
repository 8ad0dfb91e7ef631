// Package formgen makes questionnaires and answers by the dozen, for tests and
// measurements. The same seed always gives the same form and the same plan.
//
//	c := formgen.Random(7)        // a random form with a random plan of steps
//	xml := c.Form.XML()           // as an XForm
//	f := formgen.Survey(60, 5)    // a form of a given size
//
// A Form is a tree of items that can be written as JSON and read back, so that
// another program can take items out of it and try again: this is how a form on
// which two engines differ is made small.
//
// What it makes keeps to what the ODK XForms specification decides: references
// inside a repeat are relative, as current converters write them; a value is
// only computed from what stands above it, so that there are no cycles; nothing
// depends on chance or the clock. Expressions are otherwise arbitrary, also
// where no author would write them so.
package formgen
