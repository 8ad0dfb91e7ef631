package ledger

import (
	"context"
	"errors"
	"slices"
	"strings"

	"ruhu/internal/audit"
	"ruhu/internal/authz"
	"ruhu/internal/blob"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/survey"
)

// Act is what a person says when acting on an item. ID is made by the client: the same act sent twice is one.
type Act struct {
	ID      string
	Action  Action
	Seen    *int // version of the item that the person saw; nil: whatever it is now
	Note    string
	Cause   string // start
	Measure string // start
	Person  string // start, judge, decide: who answers for the measure
	Files   []blob.Digest

	Responsible string   // judge, decide: the body
	Nature      string   // judge, decide; "" leaves it
	Sector      string   // judge, decide; "" leaves it
	DueOn       db.Date  // judge, decide: new deadline; supervise: day of the answer; "" by the playbook
	Signers     []string // escalate: who signed the village's list
}

// Do acts on an item of the actor's region and gives it as it stands then.
//
// Returns Forbidden, NotFound "ledger.not_found", Invalid "ledger.measure", "ledger.note", "ledger.evidence", "ledger.file", "ledger.assign",
// "ledger.responsible", "ledger.nature", "ledger.due", "ledger.due_past", "ledger.signers", Conflict "ledger.wrong_state", "ledger.same_person",
// "ledger.stale", "ledger.other_act" and those of notices.
func (s *Service) Do(ctx context.Context, actor authz.Actor, itemID string, act Act) (Detail, error) {
	if err := actor.Require(authz.LedgerRead); err != nil {
		return Detail{}, err
	}
	actID, err := id.Parse(act.ID)
	if err != nil {
		return Detail{}, err
	}
	act.ID = actID
	act.clean()
	if len(act.Files) > 20 {
		return Detail{}, errs.Invalid.New("ledger.file", "field", "files")
	}
	for _, f := range act.Files {
		if has, err := s.blobs.Has(f); err != nil {
			return Detail{}, err
		} else if !has {
			return Detail{}, errs.Invalid.New("ledger.file", "field", "files", "sha256", db.Clip(string(f), 64))
		}
	}
	var out Detail
	err = s.d.Update(ctx, func(tx *db.Tx) error {
		if err := s.doTx(ctx, tx, actor, itemID, act); err != nil {
			return err
		}
		out, err = s.detailTx(ctx, tx, actor, itemID)
		return err
	})
	return out, err
}

func (a *Act) clean() {
	a.Note, a.Cause = db.Clip(a.Note, maxText), db.Clip(a.Cause, maxText)
	a.Measure, a.Person = db.Clip(a.Measure, maxText), db.Clip(a.Person, 60)
	a.Sector = db.Clip(a.Sector, 60)
	var signers []string
	for _, n := range a.Signers {
		if n = db.Clip(n, 40); n != "" && len(signers) < 6 {
			signers = append(signers, n)
		}
	}
	a.Signers = signers
}

func (s *Service) doTx(ctx context.Context, tx *db.Tx, actor authz.Actor, itemID string, act Act) error {
	it, c, err := getTx(ctx, tx, actor, itemID)
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
	if _, err := it.next(actor, act.Action); err != nil {
		return err
	}
	if act.Seen != nil && *act.Seen != it.Version {
		return errs.Conflict.New("ledger.stale")
	}
	if err := act.check(c, it.today); err != nil {
		return err
	}
	before := it
	s.take(&it, c, actor, act)
	if err := saveTx(ctx, tx, it); err != nil {
		return err
	}
	if err := s.noticeTx(ctx, tx, actor, it, act); err != nil {
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
	if act.Action == Claim {
		if err := evidenceTx(ctx, tx, it, files); err != nil {
			return err
		}
	}
	detail := map[string]any{"number": it.Number, "from": before.State, "to": it.State, "files": files}
	if it.DueOn != before.DueOn || it.Responsible != before.Responsible {
		detail["due_on"], detail["responsible"] = it.DueOn, it.Responsible
	}
	err = audit.Write(ctx, tx, actor, audit.Entry{
		Action: "ledger." + string(act.Action), Campaign: it.Campaign, Object: "problem", ObjectID: it.ID, Place: it.Village, Detail: detail,
	})
	if err != nil {
		return err
	}
	return s.bus.Emit(ctx, tx, it.County, EventMoved, it.movedFrom(before)...)
}

// take changes the item as the act says; that it may, is known.
func (s *Service) take(it *Item, c survey.Campaign, actor authz.Actor, act Act) {
	st, _ := it.next(actor, act.Action)
	it.State = st.to
	switch act.Action {
	case Start:
		it.Cause, it.Measure, it.Person = act.Cause, act.Measure, act.Person
	case Claim:
		it.ClaimedBy = actor.ID
	case Escalate:
		it.SignedBy = strings.Join(act.Signers, "、")
	case Judge, Decide:
		it.Responsible, it.Person, it.ClaimedBy = act.Responsible, act.Person, ""
		it.Nature, it.Sector = first(act.Nature, it.Nature), first(act.Sector, it.Sector)
		if it.DueOn = act.DueOn; it.DueOn == "" {
			it.DueOn = s.due(c, it.today, 0)
		}
	case Supervise:
		it.Notice, it.Replied = act.ID, false
		if it.ReplyBy = act.DueOn; it.ReplyBy == "" {
			it.ReplyBy = s.replyBy(c, it.today)
		}
	case Answer:
		it.Replied = true
	case Reopen:
		it.DueOn = s.again(c, *it, it.today)
	case Refer, Verify, Reject, Close: // the state says it all
	}
}

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// check asks for what each action must say, on the day today.
func (a Act) check(c survey.Campaign, today db.Date) error {
	l := c.Plan.Ledger
	switch a.Action {
	case Start:
		if a.Cause == "" || a.Measure == "" || a.Person == "" {
			return errs.Invalid.New("ledger.measure", "field", "measure")
		}
	case Claim:
		if l.Evidence == "photo" && len(a.Files) == 0 || l.Evidence == "note" && a.Note == "" && len(a.Files) == 0 {
			return errs.Invalid.New("ledger.evidence", "field", "files")
		}
	case Escalate:
		if len(a.Signers) < 2 { // the secretary and the leader of the resident team
			return errs.Invalid.New("ledger.signers", "field", "signers")
		}
		return a.note()
	case Judge, Decide:
		if a.Person == "" || a.Note == "" {
			return errs.Invalid.New("ledger.assign", "field", "person")
		}
		if !slices.Contains(l.Responsibles, a.Responsible) {
			return errs.Invalid.New("ledger.responsible", "field", "responsible", "responsible", db.Clip(a.Responsible, 40))
		}
		if _, known := l.Nature(a.Nature); a.Nature != "" && !known {
			return errs.Invalid.New("ledger.nature", "field", "nature", "nature", db.Clip(a.Nature, 40))
		}
		return day(a.DueOn, today)
	case Supervise:
		if err := day(a.DueOn, today); err != nil {
			return err
		}
		return a.note()
	case Refer, Answer, Reject, Reopen:
		return a.note()
	case Verify, Close: // need no words
	}
	return nil
}

func (a Act) note() error {
	if a.Note == "" {
		return errs.Invalid.New("ledger.note", "field", "note")
	}
	return nil
}

// day checks a deadline that a person gives; "" is none.
func day(d, today db.Date) error {
	if d == "" {
		return nil
	}
	if _, err := db.ParseDate(string(d)); err != nil {
		return errs.Invalid.Wrap(err, "ledger.due", "field", "due_on")
	}
	if d < today {
		return errs.Invalid.New("ledger.due_past", "field", "due_on")
	}
	return nil
}
