package listing

import (
	"cmp"
	"context"
	"slices"
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

// acceptTx makes a proposal come true. Returns the errors of roster.ApplyTx and Conflict "listing.decided".
func (s *Service) acceptTx(ctx context.Context, tx *db.Tx, actor authz.Actor, c survey.Campaign, p Proposal, note string) error {
	if err := endTx(ctx, tx, actor, c.County, p, Accepted, note); err != nil {
		return err
	}
	onList := true
	if p.Action != ConfirmIt {
		why := roster.Why{Source: roster.SourceListing, Reason: reason(p)}
		if actor.ID == p.ByAccount {
			why.Source = roster.SourceOffice
		}
		made, err := s.rosters.ApplyTx(ctx, tx, actor, c, p.op, why)
		if err != nil {
			return err
		}
		onList = made[0].State == roster.Listed
		if p.Action == roster.Split {
			for _, f := range made[1:] {
				if _, err := tx.Exec(ctx, putAnswer, c.County, c.ID, f.ID, f.Village, p.ID, roster.Add, Accepted, true); err != nil {
					return err
				}
			}
		}
	}
	_, err := tx.Exec(ctx, setAnswer, c.County, p.Household, Accepted, onList)
	return err
}

// reason is what the household's history says: the note, else the word of the strike.
func reason(p Proposal) string { return cmp.Or(p.Note, p.Reason) }

// Judge accepts one proposal, or returns it with a note: its household is left to do then. Returns Forbidden, NotFound "listing.no_proposal",
// Invalid "listing.note", Conflict "listing.wrong_state", "listing.decided", and the errors of roster.ApplyTx.
func (s *Service) Judge(ctx context.Context, actor authz.Actor, key string, accept bool, note string) (Item, error) {
	var out Item
	if err := actor.Require(authz.ListingDecide); err != nil {
		return out, err
	}
	key, err := id.Parse(key)
	if err != nil {
		return out, err
	}
	if note = strings.TrimSpace(sheet.Clip(note, maxNote)); note == "" && !accept {
		return out, errs.Invalid.New("listing.note", "field", "note")
	}
	err = s.d.Update(ctx, func(tx *db.Tx) error {
		p, c, at, err := proposalTx(ctx, tx, actor, key)
		if err != nil {
			return err
		}
		st, err := lockTx(ctx, tx, c.County, c.ID, at.Village)
		if err != nil {
			return err
		}
		if _, err := Next(c.Plan.Listing, st.State, Decide, actor, at, false); err != nil {
			return err
		}
		what := "listing.accept"
		if accept {
			err = s.acceptTx(ctx, tx, actor, c, p, note)
		} else {
			what = "listing.refuse"
			err = refuseTx(ctx, tx, actor, c.County, p, note)
		}
		if err != nil {
			return err
		}
		err = audit.Write(ctx, tx, actor, audit.Entry{
			Action: what, Campaign: c.ID, Object: "household", ObjectID: p.Household, Place: at.Village, Detail: map[string]any{"proposal": p.ID, "note": note},
		})
		if err != nil {
			return err
		}
		out, err = oneTx(ctx, tx, c.County, p.Household)
		return err
	})
	if err == nil && !actor.Can(authz.RosterPII) {
		out.Full = out.Masked()
		out.Proposal.mask()
	}
	return out, err
}

func refuseTx(ctx context.Context, tx *db.Tx, actor authz.Actor, county string, p Proposal, note string) error {
	if err := endTx(ctx, tx, actor, county, p, SentBack, note); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, setAnswer, county, p.Household, SentBack, p.Action != roster.Add)
	return err
}

// Act is a step with a village's whole list.
type Act struct {
	Step      Step  // Confirm, Approve or Return
	Version   int64 // of the list as it was seen
	Note      string
	FromPaper bool
}

// Do takes a step with a village's list and gives the list as it stands then. Approving accepts every proposal that waits.
//
// Returns Forbidden, NotFound "survey.not_found", "listing.no_village", Invalid "listing.note", Conflict "listing.none", "listing.wrong_state",
// "listing.stale", "listing.left" (number), "listing.returned_left" (number), "survey.closed", and the errors of roster.ApplyTx.
func (s *Service) Do(ctx context.Context, actor authz.Actor, campaign string, village region.Code, act Act) (Work, error) {
	var out Work
	if !actor.Can(authz.ListingWork) {
		if err := actor.Require(authz.ListingDecide); err != nil {
			return out, err
		}
	}
	campaign, err := id.Parse(campaign)
	if err != nil {
		return out, err
	}
	if act.Step != Confirm && act.Step != Approve && act.Step != Return {
		return out, errs.Invalid.New("listing.action", "action", sheet.Clip(string(act.Step), 30))
	}
	if act.Note = strings.TrimSpace(sheet.Clip(act.Note, maxNote)); act.Step == Return && act.Note == "" {
		return out, errs.Invalid.New("listing.note", "field", "note")
	}
	err = s.d.Update(ctx, func(tx *db.Tx) error {
		c, at, err := placeTx(ctx, tx, actor, campaign, village)
		if err != nil {
			return err
		}
		if err := s.doTx(ctx, tx, actor, c, at, act); err != nil {
			return err
		}
		out, err = workTx(ctx, tx, actor, c, at)
		return err
	})
	if err == nil && !actor.Can(authz.RosterPII) {
		out.mask()
	}
	return out, err
}

func (s *Service) doTx(ctx context.Context, tx *db.Tx, actor authz.Actor, c survey.Campaign, at Place, act Act) error {
	st, err := lockTx(ctx, tx, c.County, c.ID, at.Village)
	if err != nil {
		return err
	}
	if c.State == survey.Closed {
		return errs.Conflict.New("survey.closed")
	}
	to, err := Next(c.Plan.Listing, st.State, act.Step, actor, at, act.FromPaper)
	if err != nil {
		return err
	}
	if st.Version != act.Version {
		return errs.Conflict.New("listing.stale")
	}
	counts, err := countTx(ctx, tx, c.County, c.ID)
	if err != nil {
		return err
	}
	n := counts[at.Village]
	from := st.State
	st.State = to
	switch act.Step {
	case Confirm:
		if n.Left > 0 {
			return errs.Conflict.New("listing.left", "number", n.Left)
		}
		st.FromPaper, st.VillageAt, st.VillageBy = act.FromPaper, tx.Now(), actor.Name
	case Approve:
		if n.Returned > 0 {
			return errs.Conflict.New("listing.returned_left", "number", n.Returned)
		}
		if n.Left > 0 { // an import came in between
			return errs.Conflict.New("listing.left", "number", n.Left)
		}
	case Return:
		st.ReturnedAt, st.ReturnedBy, st.ReturnedWhy = tx.Now(), actor.Name, act.Note
		st.TownshipAt, st.TownshipBy = db.Time{}, ""
	}
	if to == Township {
		if err := s.acceptAllTx(ctx, tx, actor, c, at.Village); err != nil {
			return err
		}
		st.TownshipAt, st.TownshipBy = tx.Now(), actor.Name
	}
	if err := saveTx(ctx, tx, c.County, st); err != nil {
		return err
	}
	return audit.Write(ctx, tx, actor, audit.Entry{
		Action: "listing." + string(act.Step), Campaign: c.ID, Object: "village", ObjectID: string(at.Village), Place: at.Village,
		Detail: map[string]any{"from": from, "to": to, "note": act.Note, "from_paper": act.FromPaper, "counts": n},
	})
}

// acceptAllTx accepts everything that waits in a village, so that people leave one household before they enter another.
func (s *Service) acceptAllTx(ctx context.Context, tx *db.Tx, actor authz.Actor, c survey.Campaign, village region.Code) error {
	_, said, err := saidTx(ctx, tx, c, village)
	if err != nil {
		return err
	}
	var waiting []Proposal
	for _, p := range said {
		if p.State == Waiting {
			waiting = append(waiting, *p)
		}
	}
	slices.SortFunc(waiting, func(a, b Proposal) int {
		return cmp.Or(cmp.Compare(rank(a.op), rank(b.op)), strings.Compare(a.ID, b.ID))
	})
	for _, p := range waiting {
		if err := s.acceptTx(ctx, tx, actor, c, p, ""); err != nil {
			return err
		}
	}
	return nil
}
