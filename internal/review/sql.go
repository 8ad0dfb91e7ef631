package review

import (
	"context"
	"errors"
	"slices"

	"ruhu/internal/audit"
	"ruhu/internal/authz"
	"ruhu/internal/db"
)

const (
	insertDecision = `INSERT INTO review_decision (county, id, submission, revision, level, action, account, by_name, role, note, at)
 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`
	selectDecision  = `SELECT submission FROM review_decision WHERE county = $1 AND id = $2`
	selectDecisions = `SELECT id, submission, revision, level, action, account, by_name, role, note, at FROM review_decision
 WHERE county = $1 AND submission IN (`
	insertComment = `INSERT INTO review_comment (county, id, submission, revision, decision, ref, text, account, by_name, at)
 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING`
	selectComments = `SELECT c.id, c.submission, c.revision, c.ref, c.text, c.by_name, c.at, t.level, t.state = 'resolved' FROM review_comment c
 JOIN review_thread t ON t.county = c.county AND t.id = c.id WHERE c.county = $1 AND c.submission IN (`
	inOrder = `) ORDER BY submission, at, id`
)

// The rows that are in the log.
var (
	LoggedDecisions = audit.NewTable("review_decision", 1, "id, submission, revision:int, level, action, account, by_name, role, note, at:time")
	LoggedComments  = audit.NewTable("review_comment", 1, "id, submission, revision:int, decision, ref, text, account, by_name, at:time")
)

// Comment is what a reviewer wrote at a question, and what was said to it: a thread.
type Comment struct {
	ID         string
	submission string
	Revision   int
	Ref        string
	Text       string
	ByName     string
	At         db.Time
	Level      string // code of the one that began it
	Resolved   bool
	Turns      []Turn
	Reply      string   // the team's, in the revision that stands
	May        []string // what the actor could say: Reply, Resolve, ReopenThread
}

func (c Comment) state() string {
	if c.Resolved {
		return ThreadResolved
	}
	return ThreadOpen
}

// Decided is a decision as it was made.
type Decided struct {
	ID         string
	submission string
	Revision   int
	Level      string
	Action     Action
	Account    string
	ByName     string
	Role       authz.Role
	Note       string
	At         db.Time
}

// decisionOf gives the submission that a decision was made on, "" when there is no such decision.
func decisionOf(ctx context.Context, tx *db.Tx, county, decision string) (string, error) {
	var sub string
	err := tx.QueryRow(ctx, selectDecision, county, decision).Scan(&sub)
	if errors.Is(err, db.ErrNoRows) {
		return "", nil
	}
	return sub, err
}

func decisionsTx(ctx context.Context, tx *db.Tx, county string, submissions []string) ([]Decided, error) {
	in, args := db.In(2, submissions...)
	return db.List(ctx, tx, func(scan func(...any) error) (Decided, error) {
		var d Decided
		err := scan(&d.ID, &d.submission, &d.Revision, &d.Level, (*string)(&d.Action), &d.Account, &d.ByName, (*string)(&d.Role), &d.Note, &d.At)
		return d, err
	}, selectDecisions+in+inOrder, append([]any{county}, args...)...)
}

// DecisionsTx gives all decisions on a form, the oldest first.
func DecisionsTx(ctx context.Context, tx *db.Tx, county, submissionID string) ([]Decided, error) {
	return decisionsTx(ctx, tx, county, []string{submissionID})
}

func commentsTx(ctx context.Context, tx *db.Tx, county string, submissions []string) ([]Comment, error) {
	in, args := db.In(2, submissions...)
	cs, err := db.List(ctx, tx, func(scan func(...any) error) (Comment, error) {
		var c Comment
		err := scan(&c.ID, &c.submission, &c.Revision, &c.Ref, &c.Text, &c.ByName, &c.At, &c.Level, &c.Resolved)
		return c, err
	}, selectComments+in+`) ORDER BY c.submission, c.at, c.id`, append([]any{county}, args...)...)
	if err != nil {
		return nil, err
	}
	return cs, withTurns(ctx, tx, county, submissions, cs)
}

// Returned is what a team is told about a form that came back.
type Returned struct {
	Level    string // code
	Note     string
	ByName   string
	At       db.Time
	Revision int
	Comments []Comment // those that are not resolved
}

// ReturnedTx gives the last return of each of the submissions, by submission id. Those never returned are absent.
func ReturnedTx(ctx context.Context, tx *db.Tx, county string, submissions []string) (map[string]Returned, error) {
	out := map[string]Returned{}
	for len(submissions) > 0 {
		part := submissions[:min(500, len(submissions))]
		submissions = submissions[len(part):]
		ds, err := decisionsTx(ctx, tx, county, part)
		if err != nil {
			return nil, err
		}
		cs, err := commentsTx(ctx, tx, county, part)
		if err != nil {
			return nil, err
		}
		for _, d := range ds {
			if d.Action == Return || d.Action == Reopen {
				out[d.submission] = Returned{Level: d.Level, Note: d.Note, ByName: d.ByName, At: d.At, Revision: d.Revision}
			}
		}
		for _, c := range cs {
			if r, ok := out[c.submission]; ok && !c.Resolved {
				r.Comments = append(r.Comments, c)
				out[c.submission] = r
			}
		}
	}
	return out, nil
}

// ReviewedTx tells whether an account decided on a submission at any level.
func ReviewedTx(ctx context.Context, tx *db.Tx, county, submission, account string) (bool, error) {
	ds, err := decisionsTx(ctx, tx, county, []string{submission})
	return slices.ContainsFunc(ds, func(d Decided) bool { return d.Account == account }), err
}
