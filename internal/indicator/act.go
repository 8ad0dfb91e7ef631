package indicator

import (
	"context"
	"errors"

	"ruhu/internal/audit"
	"ruhu/internal/authz"
	"ruhu/internal/blob"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/playbook"
	"ruhu/internal/review"
	"ruhu/internal/survey"
)

// Act is what a person says when acting on a case. ID is made by the client: the same act sent twice is one.
type Act struct {
	ID      string
	Action  Action
	Seen    *int // version of the case that the person saw; nil: whatever it is now
	Holds   bool // check
	Persons int  // check, decide, confirm: whom it concerns; 0: as it was
	Note    string
	Files   []blob.Digest // check, appeal: evidence
}

// Do acts on a case of the actor's region and gives it as it stands then.
//
// Returns Forbidden "authz.forbidden", "indicator.role", NotFound "indicator.not_found", Invalid "indicator.action", "indicator.note",
// "indicator.file", "indicator.evidence", "indicator.persons", Conflict "indicator.wrong_state", "indicator.same_person", "indicator.verifier",
// "indicator.reviewer", "indicator.appeal_late", "indicator.stale", "indicator.other_act".
func (s *Service) Do(ctx context.Context, actor authz.Actor, caseID string, act Act) (Case, error) {
	if err := actor.Require(authz.DetermineRead); err != nil {
		return Case{}, err
	}
	if err := s.clean(&act); err != nil {
		return Case{}, err
	}
	var out Case
	err := s.d.Update(ctx, func(tx *db.Tx) error {
		err := s.doTx(ctx, tx, actor, caseID, act)
		if err != nil {
			return err
		}
		out, err = s.caseTx(ctx, tx, actor, caseID)
		return err
	})
	return out, err
}

// clean checks what came from outside as far as it needs no database.
func (s *Service) clean(act *Act) (err error) {
	if act.ID, err = id.Parse(act.ID); err != nil {
		return err
	}
	act.Note = db.Clip(act.Note, maxText)
	if len(act.Files) > 20 {
		return errs.Invalid.New("indicator.file", "field", "files")
	}
	for _, f := range act.Files {
		if has, err := s.blobs.Has(f); err != nil {
			return err
		} else if !has {
			return errs.Invalid.New("indicator.file", "field", "files")
		}
	}
	return nil
}

func (s *Service) doTx(ctx context.Context, tx *db.Tx, actor authz.Actor, caseID string, act Act) error {
	x, c, err := getTx(ctx, tx, actor, caseID)
	if err != nil {
		return err
	}
	var of string
	err = tx.QueryRow(ctx, selectEvent, actor.County, act.ID).Scan(&of)
	switch {
	case err == nil && of == x.ID:
		return nil // sent again
	case err == nil:
		return errs.Conflict.New("indicator.other_act")
	case !errors.Is(err, db.ErrNoRows):
		return err
	}
	st, err := x.next(actor, c, act.Action)
	if err != nil {
		return err
	}
	if act.Seen != nil && *act.Seen != x.Version {
		return errs.Conflict.New("indicator.stale")
	}
	if err := s.checkTx(ctx, tx, actor, c, x, act); err != nil {
		return err
	}
	before, kind := x, kindOf(c, x)
	s.take(&x, c, kind, actor, st, act)
	if err := saveTx(ctx, tx, x); err != nil {
		return err
	}
	return s.recordTx(ctx, tx, actor, kind, before, x, act)
}

func kindOf(c survey.Campaign, x Determination) playbook.DeterminationKind {
	k, _ := c.Plan.Determinations.Kind(x.Kind)
	return k
}

// checkTx asks for what each action must say and, of a verifier, that he or she did not review the form.
func (s *Service) checkTx(ctx context.Context, tx *db.Tx, actor authz.Actor, c survey.Campaign, x Determination, act Act) error {
	if act.Note == "" { // every step of a case is one that somebody may have to answer for
		return errs.Invalid.New("indicator.note", "field", "note")
	}
	if act.Action == Appeal && len(act.Files) == 0 {
		return errs.Invalid.New("indicator.evidence", "field", "files")
	}
	one := []Determination{x}
	if act.Persons != 0 {
		if err := fillTx(ctx, tx, x.County, one); err != nil {
			return err
		}
		if size := max(one[0].Size, x.Persons); act.Persons < 1 || act.Persons > size {
			return errs.Invalid.New("indicator.persons", "field", "persons", "size", size)
		}
	}
	if act.Action != CheckIt || !c.Plan.Determinations.Independent || x.Submission == "" {
		return nil
	}
	reviewed, err := review.ReviewedTx(ctx, tx, x.County, x.Submission, actor.ID)
	if err == nil && reviewed {
		err = errs.Conflict.New("indicator.reviewer")
	}
	return err
}

// take changes the case as the act says; that it may, is known.
func (s *Service) take(x *Determination, c survey.Campaign, k playbook.DeterminationKind, actor authz.Actor, st step, act Act) {
	if st.to != "" {
		x.State = st.to
	}
	if act.Persons > 0 && (act.Action == CheckIt || act.Action == Decide || act.Action == Confirm) {
		x.Persons = act.Persons
	}
	switch act.Action {
	case CheckIt:
		x.Checks = append(x.Checks, CaseCheck{CheckIt, actor.ID, actor.Name, act.Holds})
		to, again := weigh(x.Checks, k.Needs())
		if x.State = to; again {
			x.again()
		}
	case Decide, Confirm:
		x.Checks = append(x.Checks, CaseCheck{act.Action, actor.ID, actor.Name, true})
		if x.State == Confirmed && c.Plan.Determinations.AppealDays > 0 {
			x.AppealBy = s.cal.Add(x.today, c.Plan.Determinations.AppealDays)
		}
	case Return, Reopen:
		x.again()
	case Appeal:
		x.AppealedBy = actor.ID
	case Uphold:
		x.AppealBy = "" // once
	case Dismiss, Reject, Overturn: // the state says it all
	}
}

// recordTx writes history and audit, and tells outside what may be known there.
func (s *Service) recordTx(ctx context.Context, tx *db.Tx, actor authz.Actor, k playbook.DeterminationKind, before, x Determination, act Act) error {
	files := make([]string, len(act.Files))
	for i, f := range act.Files {
		files[i] = string(f)
	}
	e := note{Event{ID: act.ID, Action: string(act.Action), Account: actor.ID, ByName: actor.Name, Role: actor.Role, Note: act.Note, Files: files}, x.ID}
	if act.Action == CheckIt {
		e.Opinion = map[bool]string{true: "holds", false: "fails"}[act.Holds]
	}
	if err := noteTx(ctx, tx, x.County, []note{e}); err != nil {
		return err
	}
	err := audit.Write(ctx, tx, actor, audit.Entry{
		Action: "indicator." + string(act.Action), Campaign: x.Campaign, Object: "determination", ObjectID: x.ID, Place: x.Village,
		Detail: map[string]any{"kind": x.Kind, "from": before.State, "to": x.State, "opinion": e.Opinion, "persons": x.Persons, "round": x.Round, "files": files},
	})
	if err != nil {
		return err
	}
	switch {
	case x.State == Confirmed && before.State != Appealed:
		return s.bus.Emit(ctx, tx, x.County, EventConfirmed, x.told(k))
	case before.State == Appealed && x.State == Dismissed:
		return s.bus.Emit(ctx, tx, x.County, EventWithdrawn, x.told(k))
	}
	return nil
}
