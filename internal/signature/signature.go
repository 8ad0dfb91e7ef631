package signature

import (
	"slices"

	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/playbook"
	"ruhu/internal/region"
)

// Entry is a signature.
type Entry struct {
	ID         string      `json:"id"`
	Campaign   string      `json:"-"`
	Kind       string      `json:"kind"`
	Subject    string      `json:"subject"` // id of the household, code of the village
	Village    region.Code `json:"village"`
	Step       string      `json:"step"`
	Digest     string      `json:"digest"`
	Submission string      `json:"submission"` // "" for a list
	Revision   int         `json:"revision"`   // 0 for a list
	Problems   string      `json:"problems"`   // codes that the form showed, with spaces between; of a list, how many
	Account    string      `json:"account"`    // "" when the household signed
	ByName     string      `json:"by_name"`
	Role       authz.Role  `json:"role"`
	For        string      `json:"for"`    // role that should have signed, or household; "" in one's own name
	Reason     string      `json:"reason"` // remote, carried, paper: why somebody signed for the household
	Note       string      `json:"note"`
	Image      string      `json:"image"`     // file name of the drawn picture
	SignedAt   db.Time     `json:"signed_at"` // by the clock of the phone
	At         db.Time     `json:"at"`
}

// Household stands for the household where a role would stand.
const Household = "household"

// Why somebody signs for a household.
const (
	Remote  = "remote"  // nobody met anybody face to face: the form says why
	Carried = "carried" // the picture was drawn for an earlier revision
	Paper   = "paper"   // the form was keyed from paper, where the household signed
)

// States of a step.
const (
	Signed = "signed"
	Void   = "void" // somebody signed, and the content has changed since
	Open   = "open"
	Passed = "passed" // the level did not look at this form
)

// Step is a step of a chain as it stands.
type ChainStep struct {
	Code    string        `json:"code"`
	Title   playbook.Text `json:"title"`
	Role    string        `json:"role"` // who should sign; household; "" when the form says who
	SignFor []string      `json:"sign_for"`
	State   string        `json:"state"`
	Entry   *Entry        `json:"entry"` // that counts, or the last one that is void; null when nobody has signed
}

// stand says how far a chain has come under a content, by all signatures of the document, the oldest first.
func stand(c playbook.SignChain, levels []playbook.Level, all []Entry, digest string) []ChainStep {
	out := make([]ChainStep, len(c.Steps))
	for i, s := range c.Steps {
		out[i] = ChainStep{Code: s.Code, Title: s.Title, Role: s.Role, SignFor: append([]string{}, s.SignFor...), State: Open}
		if s.Drawn {
			out[i].Role = Household
		}
		for _, l := range levels {
			if s.Level == l.Code {
				out[i].Role = l.Role
			}
		}
		for j := range all {
			if all[j].Step != s.Code {
				continue
			}
			if all[j].Digest == digest {
				out[i].State, out[i].Entry = Signed, &all[j]
				break
			}
			out[i].State, out[i].Entry = Void, &all[j]
		}
	}
	return out
}

// next is the place of the first step that does not count; len(steps) when all do.
func next(steps []ChainStep) int {
	if i := slices.IndexFunc(steps, func(s ChainStep) bool { return s.State != Signed }); i >= 0 {
		return i
	}
	return len(steps)
}

// may reports why the actor can't sign step i of a list now, in the order in which a person would ask. forWhom is the role in whose place
// the actor signs, "" in their own name. Returns Forbidden "signature.wrong_role", Conflict "signature.signed", "signature.before",
// "signature.same_person".
func may(actor authz.Actor, steps []ChainStep, i int) (forWhom string, err error) {
	s := steps[i]
	switch {
	case s.Role == string(actor.Role):
	case slices.Contains(s.SignFor, string(actor.Role)):
		forWhom = s.Role
	default:
		return "", errs.Forbidden.New("signature.wrong_role", "zh", s.Title.ZH, "en", s.Title.EN)
	}
	if s.State == Signed {
		return "", errs.Conflict.New("signature.signed")
	}
	if before := next(steps); before < i {
		t := steps[before].Title
		return "", errs.Conflict.New("signature.before", "zh", t.ZH, "en", t.EN, "step", steps[before].Code)
	}
	for _, other := range steps {
		if other.State == Signed && other.Entry.Account == actor.ID {
			return "", errs.Conflict.New("signature.same_person")
		}
	}
	return forWhom, nil
}
