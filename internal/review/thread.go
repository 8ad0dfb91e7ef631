package review

import (
	"context"
	"errors"
	"slices"
	"strings"

	"ruhu/internal/audit"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/playbook"
	"ruhu/internal/submission"
	"ruhu/internal/survey"
)

// The states of a thread, and what is said in one after the comment that began it.
const (
	ThreadOpen     = "open"
	ThreadResolved = "resolved"

	Reply         = "reply"
	Resolve       = "resolve"
	ReopenThread  = "reopen"
	threadActions = Reply + " " + Resolve + " " + ReopenThread
)

// Turn is what somebody said in a thread. ID is made by the client: the same turn sent twice is one.
type Turn struct {
	ID     string
	thread string
	Action string // Reply, Resolve, ReopenThread
	Text   string
	ByName string
	Role   authz.Role
	At     db.Time
}

// nextThread gives the state after an action; "" when the action is none in this state.
func nextThread(state, action string) string {
	switch {
	case state == ThreadOpen && action == Reply:
		return ThreadOpen
	case state == ThreadOpen && action == Resolve:
		return ThreadResolved
	case state == ThreadResolved && action == ReopenThread:
		return ThreadOpen
	}
	return ""
}

// maySay reports whether a role may do this in a thread that a level began: whoever reviews may reply, only that level and those after it resolve and
// reopen. A team answers with its next revision.
func maySay(role authz.Role, levels []playbook.Level, began, action string) bool {
	at := slices.IndexFunc(levels, func(l playbook.Level) bool { return l.Code == began })
	for i, l := range levels {
		if l.Role == string(role) && (l.May(string(Return)) || l.May(string(Annotate))) && (action == Reply || i >= at) {
			return true
		}
	}
	return false
}

// Say adds a turn to a thread of a form in the actor's region. Returns Forbidden, NotFound "submission.not_found", "review.no_thread", Invalid
// "id.malformed", "review.action", "review.text", Conflict "review.thread_state", "review.wrong_level", "review.other_decision".
func (s *Service) Say(ctx context.Context, actor authz.Actor, submissionID, thread string, t Turn, lang string) (Detail, error) {
	if err := actor.Require(authz.ReviewDecide); err != nil {
		return Detail{}, err
	}
	var err error
	if t.ID, err = id.Parse(t.ID); err != nil {
		return Detail{}, err
	}
	if !slices.Contains(strings.Fields(threadActions), t.Action) {
		return Detail{}, errs.Invalid.New("review.action", "field", "action")
	}
	if t.Text = strings.TrimSpace(t.Text); !writable(t.Text) || t.Text == "" && t.Action != Resolve {
		return Detail{}, errs.Invalid.New("review.text", "field", "text", "limit", maxText)
	}
	err = s.d.Update(ctx, func(tx *db.Tx) error { return s.sayTx(ctx, tx, actor, submissionID, thread, t) })
	if err != nil {
		return Detail{}, err
	}
	return s.Get(ctx, actor, submissionID, lang)
}

func (s *Service) sayTx(ctx context.Context, tx *db.Tx, actor authz.Actor, submissionID, thread string, t Turn) error {
	rec, err := submission.GetTx(ctx, tx, actor, submissionID)
	if err != nil {
		return err
	}
	switch of, err := threadOf(ctx, tx, rec.County, t.ID); {
	case err != nil:
		return err
	case of == thread:
		return nil // sent again
	case of != "":
		return errs.Conflict.New("review.other_decision")
	}
	cs, err := commentsTx(ctx, tx, rec.County, []string{rec.ID})
	if err != nil {
		return err
	}
	i := slices.IndexFunc(cs, func(c Comment) bool { return c.ID == thread })
	if i < 0 {
		return errs.NotFound.New("review.no_thread", "id", thread)
	}
	c, err := survey.CampaignTx(ctx, tx, rec.County, rec.Campaign)
	if err != nil {
		return err
	}
	if !maySay(actor.Role, c.Plan.Review, cs[i].Level, t.Action) {
		return errs.Conflict.New("review.wrong_level", "level", cs[i].Level)
	}
	if err := turn(ctx, tx, actor, rec, cs[i], t); err != nil {
		return err
	}
	return audit.Write(ctx, tx, actor, audit.Entry{
		Action: "review.thread_" + t.Action, Campaign: rec.Campaign, Object: "submission", ObjectID: rec.ID, Place: rec.Village,
		Detail: map[string]any{"thread": thread, "ref": cs[i].Ref, "turn": t.ID},
	})
}

// turn writes a turn and moves its thread. Returns Conflict "review.thread_state".
func turn(ctx context.Context, tx *db.Tx, actor authz.Actor, rec submission.Record, c Comment, t Turn) error {
	was, to := c.state(), nextThread(c.state(), t.Action)
	if to == "" {
		return errs.Conflict.New("review.thread_state")
	}
	n, err := tx.Exec(ctx, updateThread, rec.County, c.ID, to, tx.Now(), was)
	if err != nil {
		return err
	}
	if n != 1 {
		return errs.Conflict.New("review.thread_state")
	}
	row := []any{rec.County, t.ID, c.ID, rec.ID, t.Action, t.Text, actor.ID, actor.Name, string(actor.Role), tx.Now()}
	if _, err := tx.Exec(ctx, insertSaid, row...); err != nil {
		return err
	}
	return audit.LogTx(ctx, tx, LoggedSaid, row)
}

// settle resolves the open threads that the level may resolve: who approves a form is content with what became of them.
func settle(ctx context.Context, tx *db.Tx, actor authz.Actor, rec submission.Record, levels []playbook.Level) error {
	cs, err := commentsTx(ctx, tx, rec.County, []string{rec.ID})
	if err != nil {
		return err
	}
	for _, c := range cs {
		if c.Resolved || !maySay(actor.Role, levels, c.Level, Resolve) {
			continue
		}
		if err := turn(ctx, tx, actor, rec, c, Turn{ID: id.New(), Action: Resolve}); err != nil {
			return err
		}
	}
	return nil
}

const (
	insertThread = `INSERT INTO review_thread (county, id, submission, campaign, village, level, state, moved_at) VALUES ($1, $2, $3, $4, $5, $6, 'open', $7)`
	updateThread = `UPDATE review_thread SET state = $3, moved_at = $4 WHERE county = $1 AND id = $2 AND state = $5`
	insertSaid   = `INSERT INTO review_said (county, id, thread, submission, action, text, account, by_name, role, at)
 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`
	selectSaidOf = `SELECT thread FROM review_said WHERE county = $1 AND id = $2`
	selectSaid   = `SELECT id, thread, action, text, by_name, role, at FROM review_said WHERE county = $1 AND submission IN (`
)

// LoggedSaid are the turns in the log.
var LoggedSaid = audit.NewTable("review_said", 1, "id, thread, submission, action, text, account, by_name, role, at:time")

// threadOf gives the thread that a turn was said in, "" when there is no such turn.
func threadOf(ctx context.Context, tx *db.Tx, county, turn string) (string, error) {
	var thread string
	err := tx.QueryRow(ctx, selectSaidOf, county, turn).Scan(&thread)
	if errors.Is(err, db.ErrNoRows) {
		return "", nil
	}
	return thread, err
}

// withTurns adds to comments what was said after them.
func withTurns(ctx context.Context, tx *db.Tx, county string, submissions []string, cs []Comment) error {
	if len(cs) == 0 {
		return nil
	}
	at := make(map[string]int, len(cs))
	for i, c := range cs {
		at[c.ID] = i
	}
	in, args := db.In(2, submissions...)
	return tx.Query(ctx, selectSaid+in+inOrder, append([]any{county}, args...), func(scan func(...any) error) error {
		var t Turn
		err := scan(&t.ID, &t.thread, &t.Action, &t.Text, &t.ByName, (*string)(&t.Role), &t.At)
		if i, ok := at[t.thread]; ok {
			cs[i].Turns = append(cs[i].Turns, t)
		}
		return err
	})
}
