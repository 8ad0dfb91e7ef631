// Package authz says who may do what, and where.
//
// A person (Actor) has one role and one region. What the role allows is a table of actions and roles, policy.go; where it
// is allowed is the region: a service puts Actor.Scope into its SQL, so that what lies outside is not found rather than
// forbidden. Nobody filters afterwards.
//
// Each HTTP route names its action; a test in package web holds a golden table of every role at every route.
package authz
