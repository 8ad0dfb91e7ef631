package listing

import (
	"context"
	"errors"

	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/region"
	"ruhu/internal/roster"
	"ruhu/internal/survey"
)

// Missed is somebody whom a register knows and the list lacks, and whom an office will have visited.
type Missed struct {
	Household string // to which they belong: on the list, or the id of the one to be made
	Listed    bool
	Village   region.Code
	Class     roster.Class // of a new household; the village corrects it
	Note      string
	People    []roster.MemberEdit
}

// Outcome is what became of it.
type Outcome struct {
	Said     bool   // false: the village lies outside, or somebody has said something about the household, which is not to be replaced
	Done     bool   // they are on the list
	Proposal string // "" without a listing
}

// MissedTx proposes them in the name of an office: a new household, or people of one that is on the list. The village answers it like its
// own words while its list is open; a list that the township has confirmed is changed at once, because nobody goes through it any more, and a
// frozen one as a late change with a number. Without a listing the office's word changes the base list. The caller has decided that the
// actor may.
//
// Returns the errors of roster.PreviewTx and roster.ApplyTx.
func (s *Service) MissedTx(ctx context.Context, tx *db.Tx, actor authz.Actor, c survey.Campaign, m Missed) (Outcome, error) {
	in := Input{Action: roster.Add, Household: m.Household, Note: m.Note, Edit: roster.Edit{Members: m.People}}
	if m.Listed {
		f, err := roster.HouseholdTx(ctx, tx, c.County, m.Household)
		if err != nil {
			return Outcome{}, err
		}
		in.Action, in.Version, m.Village = roster.Correct, f.Version, f.Village
	} else {
		in.Edit.Set = map[string]string{"class": string(m.Class)}
	}
	if !c.Plan.Listing.Asked() {
		op, _, err := in.op(c.Plan.Listing, m.Village)
		if err == nil {
			_, err = s.rosters.ApplyTx(ctx, tx, actor, c, op, roster.Why{Source: roster.SourceOffice, Reason: m.Note})
		}
		return Outcome{Said: true, Done: true}, err
	}
	c, at, err := placeTx(ctx, tx, actor, c.ID, m.Village)
	if errs.Is(err, errs.NotFound) {
		return Outcome{}, nil
	}
	if err != nil {
		return Outcome{}, err
	}
	st, err := lockTx(ctx, tx, c.County, c.ID, at.Village)
	if err != nil {
		return Outcome{}, err
	}
	before, err := scanAnswer(tx.QueryRow(ctx, selectAnswer, c.County, m.Household).Scan)
	if err == nil && before.Action != "" {
		return Outcome{}, nil
	}
	if err != nil && !errors.Is(err, db.ErrNoRows) {
		return Outcome{}, err
	}
	p, err := proposal(ctx, tx, c, at.Village, id.New(), in)
	if err != nil {
		return Outcome{}, err
	}
	if p, err = sayTx(ctx, tx, actor, c, p); err != nil {
		return Outcome{}, err
	}
	out := Outcome{Said: true, Done: st.State == Township || st.State == Frozen, Proposal: p.ID}
	if out.Done {
		err = s.acceptTx(ctx, tx, actor, c, p, "")
	}
	return out, err
}

// UnmissTx takes a proposal of MissedTx back while it waits; one that was decided on stays as it is.
func (s *Service) UnmissTx(ctx context.Context, tx *db.Tx, actor authz.Actor, county, proposal string) error {
	p, err := scanProposal(tx.QueryRow(ctx, selectProposal, county, proposal).Scan)
	if err != nil || p.State != Waiting {
		return err
	}
	if _, err := lockTx(ctx, tx, county, p.Campaign, p.Village); err != nil {
		return err
	}
	if err := endTx(ctx, tx, actor, county, p, Withdrawn, ""); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, clearAnswer, county, p.Household)
	return err
}
