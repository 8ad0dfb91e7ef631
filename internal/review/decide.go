package review

import (
	"context"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"ruhu/internal/assign"
	"ruhu/internal/audit"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/playbook"
	"ruhu/internal/region"
	"ruhu/internal/submission"
	"ruhu/internal/survey"
)

// Action is what a reviewer decides.
type Action string

// The actions.
const (
	Approve  Action = "approve"
	Return   Action = "return"
	Annotate Action = "annotate" // write at questions; the form stays where it is
	Reopen   Action = "reopen"   // return a form that was accepted
	Refer    Action = "refer"    // in a meeting: put to somebody else; the form stays where it is
)

// Decision is what a reviewer says. ID is made by the client: the same decision sent twice is one.
type Decision struct {
	ID       string
	Action   Action
	Revision int // the one that was looked at
	Note     string
	Comments []NewComment
	Meeting  string // in which it is made; "" outside any
}

// NewComment is a comment at a question.
type NewComment struct{ ID, Ref, Text string }

// Done is the payload of review.accepted and review.returned.
type Done struct {
	Campaign   string      `json:"campaign"`
	Submission string      `json:"submission"`
	Revision   int         `json:"revision"`
	Assignment string      `json:"assignment"`
	Team       string      `json:"team"`
	Village    region.Code `json:"village"`
	Day        db.Date     `json:"day"`
	Level      string      `json:"level"`
}

const (
	maxText     = 2000 // characters of a note or comment
	maxComments = 200
)

// Decide approves, returns, annotates or reopens a form of the actor's region.
//
// Returns Forbidden, NotFound "submission.not_found", Invalid "review.action", "review.nothing_said", "review.text",
// Conflict "review.stale", "review.wrong_state", "review.wrong_level", "review.errors", "review.unconfirmed", "review.files",
// "review.other_decision", "review.joint", "signature.before".
func (s *Service) Decide(ctx context.Context, actor authz.Actor, submissionID string, d Decision, lang string) (Detail, error) {
	if err := actor.Require(authz.ReviewDecide); err != nil {
		return Detail{}, err
	}
	if err := s.decide(ctx, actor, submissionID, d); err != nil {
		return Detail{}, err
	}
	return s.Get(ctx, actor, submissionID, lang)
}

func (s *Service) decide(ctx context.Context, actor authz.Actor, submissionID string, d Decision) error {
	if err := d.check(); err != nil {
		return err
	}
	return s.d.Update(ctx, func(tx *db.Tx) error { return s.decideTx(ctx, tx, actor, submissionID, d) })
}

// check normalises what the reviewer wrote.
func (d *Decision) check() error {
	var err error
	if d.ID, err = id.Parse(d.ID); err != nil {
		return err
	}
	actions := []Action{Approve, Return, Annotate, Reopen}
	if d.Meeting != "" {
		actions = []Action{Approve, Return, Refer}
	}
	if !slices.Contains(actions, d.Action) {
		return errs.Invalid.New("review.action", "field", "action")
	}
	d.Note = strings.TrimSpace(d.Note)
	if !writable(d.Note) {
		return errs.Invalid.New("review.text", "field", "note", "limit", maxText)
	}
	if len(d.Comments) > maxComments {
		return errs.Invalid.New("review.text", "field", "comments", "limit", maxText)
	}
	for i := range d.Comments {
		c := &d.Comments[i]
		if c.ID, err = id.Parse(c.ID); err != nil {
			return err
		}
		c.Text = strings.TrimSpace(c.Text)
		if c.Text == "" || c.Ref == "" || len(c.Ref) > 500 || !writable(c.Text) || !writable(c.Ref) {
			return errs.Invalid.New("review.text", "field", "comments", "limit", maxText)
		}
	}
	silent := d.Note == "" && len(d.Comments) == 0
	if silent && (d.Action == Return || d.Action == Refer) || d.Action == Reopen && d.Note == "" || d.Action == Annotate && len(d.Comments) == 0 {
		return errs.Invalid.New("review.nothing_said", "field", "note")
	}
	return nil
}

func writable(s string) bool {
	return utf8.ValidString(s) && utf8.RuneCountInString(s) <= maxText && !strings.ContainsRune(s, 0)
}

func (s *Service) decideTx(ctx context.Context, tx *db.Tx, actor authz.Actor, submissionID string, d Decision) error {
	rec, err := submission.GetTx(ctx, tx, actor, submissionID)
	if err != nil {
		return err
	}
	switch of, err := decisionOf(ctx, tx, actor.County, d.ID); {
	case err != nil:
		return err
	case of == rec.ID:
		return nil // sent again
	case of != "":
		return errs.Conflict.New("review.other_decision")
	}
	if rec.Revision != d.Revision {
		return errs.Conflict.New("review.stale", "revision", rec.Revision)
	}
	c, err := survey.CampaignTx(ctx, tx, rec.County, rec.Campaign)
	if errs.Is(err, errs.NotFound) { // it fits none
		return errs.Conflict.New("review.wrong_state", "state", string(rec.State))
	}
	if err != nil {
		return err
	}
	level, err := mayDecide(actor, rec, c.Plan.Review, d.Action)
	if err != nil {
		return err
	}
	if d.Action == Approve {
		if err := s.fit(ctx, tx, rec); err != nil {
			return err
		}
		if err := s.signs.ApproveTx(ctx, tx, c, actor, rec, level.Code, d.Note); err != nil {
			return err
		}
	}
	if err := write(ctx, tx, actor, rec, level, d); err != nil {
		return err
	}
	if err := sitting(ctx, tx, actor, rec, level, d); err != nil {
		return err
	}
	if d.Action == Approve {
		if err := giveCode(ctx, tx, rec, level, d.ID); err != nil {
			return err
		}
		if err := settle(ctx, tx, actor, rec, c.Plan.Review); err != nil {
			return err
		}
	}
	if err := s.move(ctx, tx, c, rec, level, d.Action); err != nil {
		return err
	}
	if d.Action == Return || d.Action == Reopen {
		return s.returnedIn(ctx, tx, actor, c, rec, d.Note)
	}
	return nil
}

// fit refuses to approve what is not complete.
func (s *Service) fit(ctx context.Context, tx *db.Tx, rec submission.Record) error {
	if rec.Errors > 0 {
		return errs.Conflict.New("review.errors", "count", rec.Errors)
	}
	if rec.Unconfirmed > 0 {
		return errs.Conflict.New("review.unconfirmed", "count", rec.Unconfirmed)
	}
	revs, err := submission.RevisionsTx(ctx, tx, rec.County, rec.ID)
	if err != nil {
		return err
	}
	missing, err := s.missingTx(ctx, tx, rec, revs)
	if err == nil && len(missing) > 0 {
		err = errs.Conflict.New("review.files", "file", missing[0])
	}
	return err
}

// missingTx lists the files that the current revision names and that have not arrived.
func (s *Service) missingTx(ctx context.Context, tx *db.Tx, rec submission.Record, revs []submission.Revision) ([]string, error) {
	files, err := submission.FilesTx(ctx, tx, rec.County, rec.ID, revs, rec.Revision)
	if err != nil {
		return nil, err
	}
	out := []string{}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		has := files[name] != ""
		if has {
			if has, err = s.blobs.Has(files[name]); err != nil {
				return nil, err
			}
		}
		if !has {
			out = append(out, name)
		}
	}
	return out, nil
}

func write(ctx context.Context, tx *db.Tx, actor authz.Actor, rec submission.Record, level playbook.Level, d Decision) error {
	decision := []any{
		rec.County, d.ID, rec.ID, rec.Revision, level.Code, string(d.Action), actor.ID, actor.Name,
		string(actor.Role), d.Note, tx.Now(),
	}
	if _, err := tx.Exec(ctx, insertDecision, decision...); err != nil {
		return err
	}
	if err := audit.LogTx(ctx, tx, LoggedDecisions, decision); err != nil {
		return err
	}
	for _, c := range d.Comments {
		comment := []any{rec.County, c.ID, rec.ID, rec.Revision, d.ID, c.Ref, c.Text, actor.ID, actor.Name, tx.Now()}
		n, err := tx.Exec(ctx, insertComment, comment...)
		if err != nil {
			return err
		}
		if n != 1 {
			return errs.Conflict.New("review.other_decision")
		}
		if err := audit.LogTx(ctx, tx, LoggedComments, comment); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, insertThread, rec.County, c.ID, rec.ID, rec.Campaign, rec.Village, level.Code, tx.Now()); err != nil {
			return err
		}
	}
	return audit.Write(ctx, tx, actor, audit.Entry{
		Action: "review." + string(d.Action), Campaign: rec.Campaign, Object: "submission", ObjectID: rec.ID, Place: rec.Village,
		Detail: map[string]any{"revision": rec.Revision, "level": level.Code, "comments": len(d.Comments), "decision": d.ID},
	})
}

// move puts the form and its assignment where the decision leads.
func (s *Service) move(ctx context.Context, tx *db.Tx, c survey.Campaign, rec submission.Record, level playbook.Level, a Action) error {
	switch a {
	case Annotate, Refer:
		return nil
	case Approve:
		i := slices.IndexFunc(c.Plan.Review, func(l playbook.Level) bool { return l.Code == level.Code })
		if on, err := s.forward(ctx, tx, c, rec, i+1); err != nil || on {
			return err
		}
		return s.accept(ctx, tx, c, rec, level.Code)
	default:
		return s.end(ctx, tx, c, rec, level.Code, submission.StateReturned, assign.Returned, "review.returned")
	}
}

// accept ends the review of a form that every level is done with.
func (s *Service) accept(ctx context.Context, tx *db.Tx, c survey.Campaign, rec submission.Record, level string) error {
	return s.end(ctx, tx, c, rec, level, submission.StateAccepted, assign.Done, "review.accepted")
}

func (s *Service) end(ctx context.Context, tx *db.Tx, c survey.Campaign, rec submission.Record, level string, to submission.State, visit assign.State, event string) error {
	if err := submission.MoveTx(ctx, tx, rec, to, "", c.Today(tx.Now())); err != nil {
		return stale(err)
	}
	if err := assign.SetStateTx(ctx, tx, s.bus, []assign.Move{{County: rec.County, ID: rec.Assignment, To: visit}}); err != nil {
		return err
	}
	return s.bus.Emit(ctx, tx, rec.County, event, Done{rec.Campaign, rec.ID, rec.Revision, rec.Assignment, rec.Team, rec.Village, rec.Day, level})
}

func stale(err error) error {
	if errs.CodeOf(err) == "submission.stale" {
		return errs.Conflict.Wrap(err, "review.stale")
	}
	return err
}

// allReviewed is the gate all_reviewed.
func allReviewed(ctx context.Context, tx *db.Tx, c survey.Campaign) ([]*errs.Error, error) {
	n, err := submission.UnfinishedTx(ctx, tx, c.County, c.ID)
	if err != nil || n == 0 {
		return nil, err
	}
	return []*errs.Error{errs.Conflict.New("review.gate_open", "count", n)}, nil
}
