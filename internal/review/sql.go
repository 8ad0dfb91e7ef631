package review

import (
	"context"
	"errors"

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
	selectComments = `SELECT id, submission, revision, ref, text, by_name, at FROM review_comment WHERE county = $1 AND submission IN (`
	inOrder        = `) ORDER BY submission, at, id`
)

// The rows that are in the log.
var (
	LoggedDecisions = audit.NewTable("review_decision", 1, "id, submission, revision:int, level, action, account, by_name, role, note, at:time")
	LoggedComments  = audit.NewTable("review_comment", 1, "id, submission, revision:int, decision, ref, text, account, by_name, at:time")
)

// Comment is what a reviewer wrote at a question.
type Comment struct {
	ID         string
	submission string
	Revision   int
	Ref        string
	Text       string
	ByName     string
	At         db.Time
	Reply      string // the team's, in the revision that stands
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

func commentsTx(ctx context.Context, tx *db.Tx, county string, submissions []string) ([]Comment, error) {
	in, args := db.In(2, submissions...)
	return db.List(ctx, tx, func(scan func(...any) error) (Comment, error) {
		var c Comment
		err := scan(&c.ID, &c.submission, &c.Revision, &c.Ref, &c.Text, &c.ByName, &c.At)
		return c, err
	}, selectComments+in+inOrder, append([]any{county}, args...)...)
}

// Returned is what a team is told about a form that came back.
type Returned struct {
	Level    string // code
	Note     string
	ByName   string
	At       db.Time
	Revision int
	Comments []Comment // of that decision's revision
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
			if r, ok := out[c.submission]; ok && r.Revision == c.Revision {
				r.Comments = append(r.Comments, c)
				out[c.submission] = r
			}
		}
	}
	return out, nil
}
