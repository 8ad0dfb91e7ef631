package ledger

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
	"ruhu/internal/survey"
)

// Act is what a person says when acting on an item. ID is made by the client: the same act sent twice is one.
type Act struct {
	ID      string
	Action  Action
	Note    string
	Cause   string // start
	Measure string // start
	Person  string // start: who answers for the measure
	Files   []blob.Digest
}

// Do acts on an item of the actor's region and gives it as it stands then.
//
// Returns Forbidden, NotFound "ledger.not_found", Invalid "ledger.measure", "ledger.note", "ledger.evidence", "ledger.file",
// Conflict "ledger.wrong_state", "ledger.same_person", "ledger.stale", "ledger.other_act".
func (s *Service) Do(ctx context.Context, actor authz.Actor, itemID string, act Act) (Detail, error) {
	if err := actor.Require(authz.LedgerRead); err != nil {
		return Detail{}, err
	}
	actID, err := id.Parse(act.ID)
	if err != nil {
		return Detail{}, err
	}
	act.ID = actID
	act.Note, act.Cause = clip(act.Note, maxText), clip(act.Cause, maxText)
	act.Measure, act.Person = clip(act.Measure, maxText), clip(act.Person, 60)
	if len(act.Files) > 20 {
		return Detail{}, errs.Invalid.New("ledger.file", "field", "files")
	}
	for _, f := range act.Files {
		if has, err := s.blobs.Has(f); err != nil {
			return Detail{}, err
		} else if !has {
			return Detail{}, errs.Invalid.New("ledger.file", "field", "files", "sha256", clip(string(f), 64))
		}
	}
	var out Detail
	err = s.d.Update(ctx, func(tx *db.Tx) error {
		if err := s.doTx(ctx, tx, actor, itemID, act); err != nil {
			return err
		}
		out, err = detailTx(ctx, tx, actor, itemID)
		return err
	})
	return out, err
}

func (s *Service) doTx(ctx context.Context, tx *db.Tx, actor authz.Actor, itemID string, act Act) error {
	it, err := getTx(ctx, tx, actor, itemID)
	if err != nil {
		return err
	}
	var of string
	err = tx.QueryRow(ctx, selectEvent, actor.County, act.ID).Scan(&of)
	switch {
	case err == nil && of == it.ID:
		return nil // sent again
	case err == nil:
		return errs.Conflict.New("ledger.other_act")
	case !errors.Is(err, db.ErrNoRows):
		return err
	}
	st, err := it.next(actor, act.Action)
	if err != nil {
		return err
	}
	c, err := survey.CampaignTx(ctx, tx, it.County, it.Campaign)
	if err != nil {
		return err
	}
	if err := act.check(c.Plan.Ledger.Evidence); err != nil {
		return err
	}
	before := it.State
	it.State = st.to
	switch act.Action {
	case Start:
		it.Cause, it.Measure, it.Person = act.Cause, act.Measure, act.Person
	case Claim:
		it.ClaimedBy = actor.ID
	}
	if err := saveTx(ctx, tx, it, before); err != nil {
		return err
	}
	files := make([]string, len(act.Files))
	for i, f := range act.Files {
		files[i] = string(f)
	}
	e := note{Event{ID: act.ID, Action: string(act.Action), Account: actor.ID, ByName: actor.Name, Role: actor.Role, Note: act.Note, Files: files}, it.ID}
	if err := noteTx(ctx, tx, it.County, []note{e}); err != nil {
		return err
	}
	err = audit.Write(ctx, tx, actor, audit.Entry{
		Action: "ledger." + string(act.Action), Campaign: it.Campaign, Object: "problem", ObjectID: it.ID, Place: it.Village,
		Detail: map[string]any{"number": it.Number, "from": before, "to": it.State, "files": files},
	})
	if err != nil || before == it.State {
		return err
	}
	return s.bus.Emit(ctx, tx, it.County, EventMoved, it.moved(before, it.State))
}

// check asks for what each action must say. evidence is the playbook's word: none, note or photo.
func (a Act) check(evidence string) error {
	switch a.Action {
	case Start:
		if a.Cause == "" || a.Measure == "" || a.Person == "" {
			return errs.Invalid.New("ledger.measure", "field", "measure")
		}
	case Claim:
		if evidence == "photo" && len(a.Files) == 0 || evidence == "note" && a.Note == "" && len(a.Files) == 0 {
			return errs.Invalid.New("ledger.evidence", "field", "files")
		}
	case Reject, Reopen:
		if a.Note == "" {
			return errs.Invalid.New("ledger.note", "field", "note")
		}
	}
	return nil
}

func sameCode(code string) func(playbook.Severity) bool {
	return func(s playbook.Severity) bool { return s.Code == code }
}
