package indicator

import (
	"context"
	"errors"
	"slices"

	"ruhu/internal/authz"
	"ruhu/internal/blob"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/roster"
	"ruhu/internal/survey"
)

// Input is a suspicion that a person has: from a petition, a check, a comparison of registers.
type Input struct {
	Kind      string
	Household string
	Persons   int // 0: the whole household
	Note      string
	Files     []blob.Digest
}

// Open opens a case by hand under an id made by the caller; the same id again gives the case as it stands. Returns Forbidden, NotFound
// "survey.not_found", "roster.no_household", Invalid "indicator.kind", "indicator.class", "indicator.note", "indicator.file", "indicator.persons",
// Conflict "indicator.twice" when the household has a case of this kind.
func (s *Service) Open(ctx context.Context, actor authz.Actor, campaign, caseID string, in Input) (Case, error) {
	if err := actor.Require(authz.DetermineOpen); err != nil {
		return Case{}, err
	}
	act := Act{ID: id.New(), Action: actedOpen, Note: in.Note, Files: in.Files}
	if err := s.clean(&act); err != nil {
		return Case{}, err
	}
	if act.Note == "" {
		return Case{}, errs.Invalid.New("indicator.note", "field", "note")
	}
	var out Case
	err := s.d.Update(ctx, func(tx *db.Tx) error {
		_, err := scanCase(tx.QueryRow(ctx, selectCase, actor.County, caseID).Scan)
		if errors.Is(err, db.ErrNoRows) {
			err = s.openTx(ctx, tx, actor, campaign, caseID, in, act)
		}
		if err != nil {
			return err
		}
		out, err = s.caseTx(ctx, tx, actor, caseID)
		return err
	})
	return out, err
}

func (s *Service) openTx(ctx context.Context, tx *db.Tx, actor authz.Actor, campaign, caseID string, in Input, act Act) error {
	c, err := survey.VisibleTx(ctx, tx, actor, campaign)
	if err != nil {
		return err
	}
	k, ok := c.Plan.Determinations.Kind(in.Kind)
	if !ok {
		return errs.Invalid.New("indicator.kind", "field", "kind", "kind", db.Clip(in.Kind, 40))
	}
	h, err := roster.HouseholdTx(ctx, tx, actor.County, in.Household)
	if err != nil {
		return err
	}
	if h.Campaign != campaign || !actor.Sees(h.Village) {
		return errs.NotFound.New("roster.no_household", "id", in.Household)
	}
	if !slices.Contains(k.Classes, string(h.Class)) {
		return errs.Invalid.New("indicator.class", "field", "kind", "class", roster.ClassName(h.Class))
	}
	if in.Persons == 0 {
		in.Persons = max(h.Size, 1)
	}
	if in.Persons < 1 || in.Persons > max(h.Size, 1) {
		return errs.Invalid.New("indicator.persons", "field", "persons", "size", max(h.Size, 1))
	}
	if _, err := scanCase(tx.QueryRow(ctx, selectByKey, actor.County, campaign, in.Kind, in.Household).Scan); err == nil {
		return errs.Conflict.New("indicator.twice")
	} else if !errors.Is(err, db.ErrNoRows) {
		return err
	}
	x := Determination{
		County: c.County, ID: caseID, Campaign: c.ID, Kind: k.Code, Household: h.ID, Village: h.Village, Source: ByHand, State: Suspected,
		Grounds: []Ground{}, Checks: []CaseCheck{}, Round: 1, Persons: in.Persons,
	}
	v, known, err := valueTx(ctx, tx, c.County, c.ID, h.ID)
	if err != nil {
		return err
	}
	if known {
		x.Submission, x.Revision = v.Submission, v.Revision
	}
	if err := insertTx(ctx, tx, []Determination{x}); err != nil {
		return err
	}
	return s.recordTx(ctx, tx, actor, k, x, x, act)
}
