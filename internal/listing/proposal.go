package listing

import (
	"ruhu/internal/authz"
	"ruhu/internal/blob"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/playbook"
	"ruhu/internal/region"
	"ruhu/internal/roster"
	"ruhu/internal/sheet"
)

// ConfirmIt is the action that says a household's record is right. The others are those of package roster.
const ConfirmIt = "confirm"

// Actions lists what may be said about a household.
func Actions() []string {
	return []string{ConfirmIt, roster.Correct, roster.Add, roster.Strike, roster.Merge, roster.Split}
}

// States of a proposal.
const (
	Waiting   = "open"
	Accepted  = "accepted"
	SentBack  = "returned"
	Withdrawn = "withdrawn"
	Replaced  = "replaced" // by a later one about the same household
)

// Proposal is what somebody said about a household.
type Proposal struct {
	ID          string
	Campaign    string
	Village     region.Code
	Household   string // of Add: the new one
	Action      string
	State       string
	Reason      string // of a strike: moved, died, merged, split, lost
	Note        string
	Files       []string // digests of evidence
	Name        string   // of the head
	Differences []roster.Difference
	FromPaper   bool
	At          db.Time
	ByAccount   string
	ByName      string
	ByRole      authz.Role
	DecidedAt   db.Time
	DecidedBy   string
	DecidedNote string
	op          roster.Op
}

// Input is a proposal as a person makes it.
type Input struct {
	Action    string
	Household string // of Add: an id made by the client
	Version   int64  // of the household as it was seen
	Seen      int64  // version of the answer as it was seen; 0 for none
	Reason    string
	Note      string
	Files     []blob.Digest
	FromPaper bool
	Edit      roster.Edit
	Code      string // Add: 户编号 where the national system has one
	OffSystem bool   // Add
	Into      string // Merge
	Parts     []roster.Part
}

const (
	maxNote  = 1000
	maxFiles = 10
)

// op turns the input into the change of the list; ok is false for a confirmation. The rule of a strike decides whether the household stays.
// Returns Invalid "listing.action", "listing.strike_reason", "listing.evidence_note", "listing.evidence_photo", "listing.evidence_statement",
// "listing.nothing".
func (in Input) op(l playbook.Listing, village region.Code) (op roster.Op, ok bool, err error) {
	op = roster.Op{Kind: in.Action, Household: in.Household, Version: in.Version, Village: village}
	switch in.Action {
	case ConfirmIt:
		return op, false, nil
	case roster.Correct:
		if in.Edit.Empty() {
			return op, false, errs.Invalid.New("listing.nothing")
		}
		op.Edit = in.Edit
		return op, true, nil
	case roster.Add:
		op.Edit, op.Code, op.OffSystem = in.Edit, sheet.Clip(sheet.Clean(in.Code), 40), in.OffSystem
		return op, true, nil
	case roster.Strike, roster.Merge, roster.Split:
	default:
		return op, false, errs.Invalid.New("listing.action", "action", sheet.Clip(in.Action, 30))
	}
	reason := map[string]string{roster.Merge: "merged", roster.Split: "split", roster.Strike: in.Reason}[in.Action]
	rule, known := l.Strike(reason)
	if !known || in.Action == roster.Strike && (reason == "merged" || reason == "split") {
		return op, false, errs.Invalid.New("listing.strike_reason", "field", "reason")
	}
	if err := evidence(rule.Evidence, in.Note, len(in.Files)); err != nil {
		return op, false, err
	}
	op.Struck, op.Into, op.Parts = reason, in.Into, in.Parts
	if rule.Stays {
		op.Kind, op.Tag = roster.Correct, rule.Tag
	}
	return op, true, nil
}

func evidence(need, note string, files int) error {
	switch {
	case need == playbook.EvidenceNote && note == "" && files == 0:
		return errs.Invalid.New("listing.evidence_note", "field", "note")
	case need == playbook.EvidencePhoto && files == 0:
		return errs.Invalid.New("listing.evidence_photo", "field", "files")
	case need == playbook.EvidenceStatement && (note == "" || files == 0):
		return errs.Invalid.New("listing.evidence_statement", "field", "files")
	}
	return nil
}

// rank orders proposals so that people leave one household before they enter another.
func rank(op roster.Op) int {
	switch op.Kind {
	case roster.Strike:
		return 0
	case roster.Correct:
		for _, m := range op.Edit.Members {
			if m.Do == roster.LoseMember {
				return 1
			}
		}
		return 2
	case roster.Split:
		return 3
	case roster.Merge:
		return 4
	}
	return 5 // Add
}
