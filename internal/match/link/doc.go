// Package link decides which records of two registers are the same person. Values in, values out: no database, no clock, no
// chance; the same input gives the same result on any number of processors.
//
//	b := link.NewBase(persons)      // the register that others are linked to
//	r := b.Register(); r.Add(p) …   // another one
//	res := r.Link()                 // at most one link per record, each with its reason
//
// In order: names and numbers are cleaned (name.go, hanzi.go, package idnumber); candidates are the persons that share a
// block (block.go); the name veto takes a number off a record whose name is another's (pair.go); nine deterministic steps
// link what is certain (cascade.go); the weights of the Fellegi–Sunter model are estimated from the same data (estimate.go,
// em.go); the model, with the household as evidence (household.go), decides on what is left (link.go): certain at a
// probability of .99, a clerk's decision from .5. house.go joins households. docs/match.md explains it for readers who
// ask how the program knows.
package link
