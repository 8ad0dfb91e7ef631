package trace

import (
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/ledger"
	"ruhu/internal/region"
	"ruhu/internal/signature"
)

// Trace is what is known about a household: who signed, what happened, what was found.
type Trace struct {
	Campaign  string              `json:"campaign_id"`
	Title     string              `json:"title"` // of the campaign
	Household Subject             `json:"household"`
	Form      signature.FormChain `json:"form"`
	Story     []TracedEvent       `json:"story"`    // the oldest first
	Problems  []TracedProblem     `json:"problems"` // of the household
	Problem   string              `json:"problem"`  // the one that is asked about; "" for none
	Signers   []TracedSigner      `json:"signers"`  // before it was found, from the household up; null when none is asked about
	Log       LogHead             `json:"log"`
	MadeAt    db.Time             `json:"made_at"`
	MadeBy    string              `json:"made_by"`
}

// Subject is the household.
type Subject struct {
	ID          string      `json:"id"`
	Code        string      `json:"code"`
	HeadName    string      `json:"head_name"`
	Village     region.Code `json:"village"`
	VillageName string      `json:"village_name"`
	Group       string      `json:"group"`
	Class       string      `json:"class"`
}

// Proof is the row that proves something, and the number of its entry in the log; −1 when it is not sealed yet.
type Proof struct {
	Table string `json:"table"`
	Key   string `json:"key"`
	Entry int64  `json:"entry"`
}

// LogHead is the checkpoint of the log when the trace was made.
type LogHead struct {
	Origin string `json:"origin"`
	Size   int64  `json:"size"` // 0 before the first seal
	Root   string `json:"root"`
}

// TracedEvent is one thing that happened.
type TracedEvent struct {
	At       db.Time    `json:"at"`
	What     string     `json:"what"` // arrived, approve, return …, signed, problem.ACTION
	ByName   string     `json:"by_name"`
	Role     authz.Role `json:"role"`
	Note     string     `json:"note"`
	Revision int        `json:"revision"` // of a form
	Digest   string     `json:"digest"`
	Step     string     `json:"step"`    // of a signature or a review
	For      string     `json:"for"`     // of a signature: in whose place
	Problem  string     `json:"problem"` // number
	Void     bool       `json:"void"`    // of a signature: the content has changed since
	Proof    Proof      `json:"proof"`
}

// TracedProblem is a problem of the household.
type TracedProblem struct {
	ID        string        `json:"id"`
	Number    string        `json:"number"`
	Code      string        `json:"code"`
	Title     errs.Text     `json:"title"`
	Source    ledger.Source `json:"source"`
	Reference string        `json:"reference"`
	State     ledger.State  `json:"state"`
	FoundAt   db.Time       `json:"found_at"`
	FoundBy   string        `json:"found_by"`
	Check     bool          `json:"check"` // found by a check, so that signers are traced
}

// What a signed document said about the problem that is asked about.
const (
	SaidNone   = "none"   // the household has no problem
	SaidOther  = "other"  // it has others
	SaidIt     = "it"     // it has this one
	SaidAbsent = "absent" // the list does not know the household
)

// TracedSigner is the last word of a step before the problem was found.
type TracedSigner struct {
	signature.Entry
	Title   errs.Text `json:"title"` // of the step
	Said    string    `json:"said"`
	Answers bool      `json:"answers"` // signed otherwise than it was, and a check found it
	Void    bool      `json:"void"`    // the content has changed since
	Proof   Proof     `json:"proof"`
}
