package ledger

import (
	"context"
	"errors"
	"slices"

	"ruhu/internal/audit"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/playbook"
	"ruhu/internal/region"
	"ruhu/internal/roster"
	"ruhu/internal/survey"
)

// Input is a problem that a person registers.
type Input struct {
	Household string // "" for a problem of the village
	Village   region.Code
	Title     errs.Text // one language is enough
	Category  string
	Sector    string
	Severity  string // of the playbook
	DueOn     db.Date
	Note      string
	Source    Source // "" is ByVisit
	Nature    string // of the playbook
	Reference string // document of the check that found it
	OffName   string // a household outside the roster, as the office writes it; no number is asked for (S0.8)
	Petition  *Petition
}

// Register opens an item by hand under an id made by the caller; the same id again gives the item as it stands.
// Returns Forbidden, NotFound "survey.not_found", "roster.no_household", "region.not_found", Invalid "ledger.title", "ledger.severity", "ledger.due",
// "ledger.source", "ledger.nature", "ledger.off_roster" and those of petitions.
func (s *Service) Register(ctx context.Context, actor authz.Actor, campaign, itemID string, in Input) (Detail, error) {
	if err := actor.Require(authz.LedgerRegister); err != nil {
		return Detail{}, err
	}
	if in.Title = bothLanguages(in.Title); in.Title.ZH == "" || tooLong(in.Title.ZH) || tooLong(in.Title.EN) {
		return Detail{}, errs.Invalid.New("ledger.title", "field", "title")
	}
	if in.DueOn != "" {
		if _, err := db.ParseDate(string(in.DueOn)); err != nil {
			return Detail{}, errs.Invalid.Wrap(err, "ledger.due", "field", "due_on")
		}
	}
	if err := in.check(); err != nil {
		return Detail{}, err
	}
	var out Detail
	err := s.d.Update(ctx, func(tx *db.Tx) error {
		_, err := scanItem(tx.QueryRow(ctx, selectItem, actor.County, itemID).Scan)
		if err == nil {
			out, err = s.detailTx(ctx, tx, actor, itemID)
			return err
		}
		if !errors.Is(err, db.ErrNoRows) {
			return err
		}
		if err := s.registerTx(ctx, tx, actor, campaign, itemID, in); err != nil {
			return err
		}
		out, err = s.detailTx(ctx, tx, actor, itemID)
		return err
	})
	return out, err
}

// check looks at what needs no database.
func (in *Input) check() error {
	if in.Source == "" {
		in.Source = ByVisit
	}
	if in.Source == ByRule || in.Source == ByDetermination || !slices.Contains(Sources(), in.Source) {
		return errs.Invalid.New("ledger.source", "field", "source", "source", db.Clip(string(in.Source), 40))
	}
	if in.OffName = db.Clip(in.OffName, 60); in.OffName != "" && in.Household != "" {
		return errs.Invalid.New("ledger.off_roster", "field", "off_name")
	}
	in.Reference = db.Clip(in.Reference, 100)
	if in.Petition == nil != (in.Source != ByPetition) {
		return errs.Invalid.New("ledger.petition", "field", "petition.content")
	}
	if in.Petition != nil {
		return in.Petition.check()
	}
	return nil
}

func (s *Service) registerTx(ctx context.Context, tx *db.Tx, actor authz.Actor, campaign, itemID string, in Input) error {
	c, err := survey.VisibleTx(ctx, tx, actor, campaign)
	if err != nil {
		return err
	}
	if in.Household != "" {
		h, err := roster.HouseholdTx(ctx, tx, actor.County, in.Household)
		if err != nil {
			return err
		}
		if h.Campaign != campaign || !actor.Sees(h.Village) {
			return errs.NotFound.New("roster.no_household", "id", in.Household)
		}
		in.Village = h.Village
	}
	if !actor.Sees(in.Village) || !c.Region.Contains(in.Village) {
		return errs.NotFound.New("region.not_found", "code", string(in.Village))
	}
	if !slices.ContainsFunc(c.Plan.Ledger.Severities, func(v playbook.Severity) bool { return v.Code == in.Severity }) {
		return errs.Invalid.New("ledger.severity", "field", "severity", "severity", db.Clip(in.Severity, 40))
	}
	if _, known := c.Plan.Ledger.Nature(in.Nature); in.Nature != "" && !known {
		return errs.Invalid.New("ledger.nature", "field", "nature", "nature", db.Clip(in.Nature, 40))
	}
	it := s.byHand(c, itemID, in, c.Today(tx.Now()))
	items := []Item{it}
	if err := numberTx(ctx, tx, actor.County, items); err != nil {
		return err
	}
	if err := insertItemsTx(ctx, tx, items); err != nil {
		return err
	}
	if in.Petition != nil {
		if err := insertPetitionTx(ctx, tx, it, *in.Petition); err != nil {
			return err
		}
	}
	e := note{Event{ID: id.New(), Action: acted, Account: actor.ID, ByName: actor.Name, Role: actor.Role, Note: db.Clip(in.Note, maxText)}, itemID}
	if err := noteTx(ctx, tx, actor.County, []note{e}); err != nil {
		return err
	}
	err = audit.Write(ctx, tx, actor, audit.Entry{
		Action: "ledger.register", Campaign: campaign, Object: "problem", ObjectID: itemID, Place: in.Village, Detail: map[string]any{"number": items[0].Number, "source": it.Source},
	})
	if err != nil {
		return err
	}
	return s.bus.Emit(ctx, tx, actor.County, EventMoved, items[0].moved("", Registered))
}

// byHand makes the item. A petition is never the village's to answer: it may be about the village.
func (s *Service) byHand(c survey.Campaign, itemID string, in Input, today db.Date) Item {
	it := Item{
		County: c.County, ID: itemID, Campaign: c.ID, RuleKey: itemID, Code: manual, Title: in.Title,
		Category: db.Clip(in.Category, 60), Sector: db.Clip(in.Sector, 60), Nature: in.Nature, Severity: in.Severity, Source: in.Source,
		Reference: in.Reference, Household: in.Household, OffName: in.OffName, Village: in.Village, State: Registered,
		Responsible: c.Plan.Ledger.Responsible, FoundOn: today, DueOn: in.DueOn,
	}
	days := 0
	if in.Petition != nil {
		it.Responsible, it.Sealed = string(authz.TownshipOffice), in.Petition.Kind == Complaint
		days = c.Plan.Ledger.PetitionDays
	}
	if it.DueOn == "" {
		it.DueOn = s.due(c, today, days)
	}
	return it
}
