package listing

import (
	"context"
	"errors"
	"strings"

	"ruhu/internal/audit"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/region"
	"ruhu/internal/roster"
	"ruhu/internal/sheet"
	"ruhu/internal/survey"
)

// Propose says something about a household under an id made by the client; the same id again changes nothing. An earlier proposal about
// the household that still waits is replaced. Once the village is frozen it is a late change: it needs a note, and an office's own is accepted
// at once. It gives the household as it stands in the working list then.
//
// Returns Forbidden, NotFound "survey.not_found", "listing.no_village", "roster.no_household", Conflict "listing.none", "listing.wrong_state",
// "listing.changed_meanwhile" (by), "roster.changed_meanwhile", "listing.other_proposal", "survey.closed", "roster.struck_already", Invalid as Input.op and roster.Edit.Apply,
// "listing.file", "roster.frozen_reason".
func (s *Service) Propose(ctx context.Context, actor authz.Actor, campaign string, village region.Code, key string, in Input) (Item, error) {
	if err := actor.Require(authz.ListingWork); err != nil && !actor.Can(authz.ListingFreeze) {
		return Item{}, err
	}
	var err error
	if key, err = id.Parse(key); err != nil {
		return Item{}, err
	}
	if campaign, err = id.Parse(campaign); err != nil {
		return Item{}, err
	}
	if in.Household, err = id.Parse(in.Household); err != nil {
		return Item{}, err
	}
	if in.Into != "" {
		if in.Into, err = id.Parse(in.Into); err != nil {
			return Item{}, err
		}
	}
	in.Note = strings.TrimSpace(sheet.Clip(in.Note, maxNote))
	if len(in.Files) > maxFiles {
		return Item{}, errs.Invalid.New("listing.file", "field", "files")
	}
	for _, f := range in.Files {
		if has, err := s.blobs.Has(f); err != nil {
			return Item{}, err
		} else if !has {
			return Item{}, errs.Invalid.New("listing.file", "field", "files")
		}
	}
	var out Item
	err = s.d.Update(ctx, func(tx *db.Tx) error {
		if err := s.proposeTx(ctx, tx, actor, campaign, village, key, in); err != nil {
			return err
		}
		out, err = oneTx(ctx, tx, actor.County, in.Household)
		return err
	})
	if err == nil && !actor.Can(authz.RosterPII) {
		out.Full = out.Masked()
		out.Proposal.mask()
	}
	return out, err
}

func (s *Service) proposeTx(ctx context.Context, tx *db.Tx, actor authz.Actor, campaign string, village region.Code, key string, in Input) error {
	c, at, err := placeTx(ctx, tx, actor, campaign, village)
	if err != nil {
		return err
	}
	st, err := lockTx(ctx, tx, c.County, c.ID, at.Village)
	if err != nil {
		return err
	}
	if known, err := scanProposal(tx.QueryRow(ctx, selectProposal, c.County, key).Scan); err == nil {
		if known.Household == in.Household && known.Village == at.Village && known.Campaign == c.ID {
			return nil // sent again
		}
		return errs.Conflict.New("listing.other_proposal")
	} else if !errors.Is(err, db.ErrNoRows) {
		return err
	}
	if c.State == survey.Closed {
		return errs.Conflict.New("survey.closed")
	}
	if _, err := Next(c.Plan.Listing, st.State, Propose, actor, at, in.FromPaper || st.State == Frozen); err != nil {
		return err
	}
	before, err := seenTx(ctx, tx, c.County, in)
	if err != nil {
		return err
	}
	p, err := proposal(ctx, tx, c, at.Village, key, in)
	if err != nil {
		return err
	}
	if st.State == Frozen && p.Note == "" {
		return errs.Invalid.New("roster.frozen_reason", "field", "note")
	}
	if before.Proposal != "" {
		if _, err := tx.Exec(ctx, endProposal, c.County, before.Proposal, Replaced, tx.Now(), actor.Name, ""); err != nil {
			return err
		}
	}
	if p, err = sayTx(ctx, tx, actor, c, p); err != nil || st.State != Frozen {
		return err
	}
	if _, err := Next(c.Plan.Listing, Frozen, Decide, actor, at, false); err != nil {
		return nil //nolint:nilerr // a village's late proposal waits for an office
	}
	return s.acceptTx(ctx, tx, actor, c, p, "")
}

// sayTx writes a proposal in the actor's name as the present word about its household.
func sayTx(ctx context.Context, tx *db.Tx, actor authz.Actor, c survey.Campaign, p Proposal) (Proposal, error) {
	p.At, p.ByAccount, p.ByName, p.ByRole = tx.Now(), actor.ID, actor.Name, actor.Role
	if err := insertTx(ctx, tx, c.County, p); err != nil {
		return p, err
	}
	if _, err := tx.Exec(ctx, putAnswer, c.County, c.ID, p.Household, p.Village, p.ID, p.Action, Waiting, p.Action != roster.Add); err != nil {
		return p, err
	}
	return p, audit.Write(ctx, tx, actor, audit.Entry{
		Action: "listing.propose", Campaign: c.ID, Object: "household", ObjectID: p.Household, Place: p.Village,
		Detail: map[string]any{"proposal": p.ID, "what": p.Action, "reason": p.Reason, "from_paper": p.FromPaper, "files": p.Files},
	})
}

// seenTx compares what the person looked at with what is there. Returns Conflict "listing.changed_meanwhile".
func seenTx(ctx context.Context, tx *db.Tx, county string, in Input) (Answer, error) {
	a, err := scanAnswer(tx.QueryRow(ctx, selectAnswer, county, in.Household).Scan)
	if err != nil && !errors.Is(err, db.ErrNoRows) {
		return a, err
	}
	if a.Version == in.Seen {
		return a, nil
	}
	name := ""
	if a.Proposal != "" {
		p, err := scanProposal(tx.QueryRow(ctx, selectProposal, county, a.Proposal).Scan)
		if err != nil {
			return a, err
		}
		name = p.ByName
	}
	return a, errs.Conflict.New("listing.changed_meanwhile", "by", name)
}

// proposal works out what a person says, with the differences it makes.
func proposal(ctx context.Context, tx *db.Tx, c survey.Campaign, village region.Code, key string, in Input) (Proposal, error) {
	op, changes, err := in.op(c.Plan.Listing, village)
	if err != nil {
		return Proposal{}, err
	}
	p := Proposal{
		ID: key, Campaign: c.ID, Village: village, Household: in.Household, Action: in.Action, State: Waiting, Reason: op.Struck, Note: in.Note,
		FromPaper: in.FromPaper, Files: []string{}, Differences: []roster.Difference{}, op: op,
	}
	for _, f := range in.Files {
		p.Files = append(p.Files, string(f))
	}
	if in.Action != roster.Add {
		f, err := roster.HouseholdTx(ctx, tx, c.County, in.Household)
		if err != nil {
			return p, err
		}
		if f.Campaign != c.ID || f.Village != village {
			return p, errs.NotFound.New("roster.no_household", "id", in.Household)
		}
		if f.Version != in.Version || f.State != roster.Listed {
			return p, errs.Conflict.New("roster.changed_meanwhile", "head_name", f.HeadName, "code", f.Code)
		}
		p.Name = f.HeadName
	}
	if !changes {
		return p, nil
	}
	preview, err := roster.PreviewTx(ctx, tx, c, op)
	if err != nil {
		return p, err
	}
	p.Name, p.Differences = preview.Name, preview.Differences
	if in.Action == roster.Correct && len(p.Differences) == 0 {
		return p, errs.Invalid.New("listing.nothing")
	}
	return p, nil
}

// oneTx gives a household as the working list shows it.
func oneTx(ctx context.Context, tx *db.Tx, county, household string) (Item, error) {
	a, err := scanAnswer(tx.QueryRow(ctx, selectAnswer, county, household).Scan)
	if err != nil {
		return Item{}, err
	}
	p, err := scanProposal(tx.QueryRow(ctx, selectProposal, county, a.Proposal).Scan)
	if err != nil {
		return Item{}, err
	}
	f, err := roster.HouseholdTx(ctx, tx, county, household)
	if errs.Is(err, errs.NotFound) {
		f = roster.Full{Household: roster.Household{HeadName: p.Name, Village: a.Village, State: roster.Listed}}
		f.ID = household
		err = nil
	}
	return item(f, a, map[string]*Proposal{p.ID: &p}), err
}

// Withdraw takes back what was said about a household and still waits: nothing is said about it then. Returns Forbidden, NotFound
// "listing.no_proposal", Conflict "listing.wrong_state", "listing.decided".
func (s *Service) Withdraw(ctx context.Context, actor authz.Actor, key string) error {
	if err := actor.Require(authz.ListingWork); err != nil {
		return err
	}
	key, err := id.Parse(key)
	if err != nil {
		return err
	}
	return s.d.Update(ctx, func(tx *db.Tx) error {
		p, c, at, err := proposalTx(ctx, tx, actor, key)
		if err != nil {
			return err
		}
		st, err := lockTx(ctx, tx, c.County, c.ID, at.Village)
		if err != nil {
			return err
		}
		if _, err := Next(c.Plan.Listing, st.State, Propose, actor, at, true); err != nil {
			return err
		}
		if err := endTx(ctx, tx, actor, c.County, p, Withdrawn, ""); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, clearAnswer, c.County, p.Household); err != nil {
			return err
		}
		return audit.Write(ctx, tx, actor, audit.Entry{
			Action: "listing.withdraw", Campaign: c.ID, Object: "household", ObjectID: p.Household, Place: at.Village, Detail: map[string]any{"proposal": p.ID},
		})
	})
}

// endTx closes a proposal that waits. Returns Conflict "listing.decided".
func endTx(ctx context.Context, tx *db.Tx, actor authz.Actor, county string, p Proposal, state, note string) error {
	n, err := tx.Exec(ctx, endProposal, county, p.ID, state, tx.Now(), actor.Name, note)
	if err == nil && n != 1 {
		return errs.Conflict.New("listing.decided")
	}
	return err
}
