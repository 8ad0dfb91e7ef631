package submission

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"

	"ruhu/internal/audit"
	"ruhu/internal/authz"
	"ruhu/internal/blob"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/job"
	"ruhu/internal/region"
	"ruhu/internal/submission/merge"
)

// What became of an edit that was set aside because another one had come first.
const (
	ConflictOpen   = "open"   // both touched the same question: a person decides
	ConflictMerged = "merged" // they did not, and were put together
	ConflictKept   = "kept"   // the one that stood stays
	ConflictTaken  = "taken"  // the other one became the current revision
)

// Conflict is two edits of one revision.
type Conflict struct {
	Submission string
	N          int // the revision that was set aside
	Base       int // the revision that both were edited from
	Current    int // the one that stood when it came
	State      string
	Result     int // the revision that came of it; 0: none
	Overlaps   []merge.Answer
	Taken      []merge.Answer // touched by the second edit alone
	FoundAt    db.Time
	DecidedBy  string // "" when the program or nobody has
	DecidedAt  db.Time
	Note       string
}

// SetAside is the payload of the event submission.set_aside: a revision that was edited from an older one than stands.
type SetAside struct {
	Submission string `json:"submission"`
	N          int    `json:"n"`
	Base       int    `json:"base"`
	Current    int    `json:"current"`
}

const (
	selectMergeRow = `SELECT campaign, state, revision, last_revision, form, assignment, team, village, day FROM submission WHERE county = $1 AND id = $2`
	selectConflict = `SELECT n, base, current, state, result, both_touched, second_only, found_at, decided_by, decided_at, note FROM submission_conflict
 WHERE county = $1 AND submission = $2 ORDER BY n`
	insertConflict = `INSERT INTO submission_conflict (county, submission, n, base, current, state, result, both_touched, second_only, found_at, note)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '') ON CONFLICT DO NOTHING`
	updateConflict = `UPDATE submission_conflict SET state = $4, result = $5, decided_by = $6, decided_at = $7, note = $8
 WHERE county = $1 AND submission = $2 AND n = $3 AND state = 'open'`
	updatePromoted = `UPDATE submission SET account = $3, revision = $4, last_revision = $4, state = 'received', level = '', reason = '', errors = 0,
 warnings = 0, unconfirmed = 0, received_at = $5, capture = $8, form = $9 WHERE county = $1 AND id = $2 AND revision = $6 AND last_revision = $7`
	selectAside = `SELECT account, form, claimed FROM submission_revision WHERE county = $1 AND submission = $2 AND n = $3`
)

// mergeRow is the submission that two edits belong to.
type mergeRow struct {
	campaign, form       string
	state                State
	revision, last       int
	assignment, team     *string
	village              region.Code
	day                  db.Date
	account, claimed     string // of the revision that was set aside
	otherForm            string
	base, current, other []byte
}

// reconcile handles submission.set_aside: it compares the two edits and puts them together where they do not overlap.
func (s *Service) reconcile(ctx context.Context, b *job.Batch) error {
	for _, ev := range b.Events {
		e, err := job.Decode[SetAside](ev)
		if err != nil {
			return err
		}
		var row mergeRow
		if err := s.d.View(ctx, func(tx *db.Tx) error { return row.load(ctx, tx, ev.County, e) }); err != nil {
			return fmt.Errorf("load the three revisions: %w", err)
		}
		result, err := s.compare(ctx, ev.County, &row)
		if err != nil {
			return err
		}
		if err := s.d.Update(ctx, func(tx *db.Tx) error { return s.note(ctx, tx, ev.County, e, row, result) }); err != nil {
			return err
		}
	}
	return s.d.Update(ctx, func(tx *db.Tx) error { return b.Done(ctx, tx) })
}

func (r *mergeRow) load(ctx context.Context, tx *db.Tx, county string, e SetAside) error {
	err := tx.QueryRow(ctx, selectMergeRow, county, e.Submission).Scan(&r.campaign, (*string)(&r.state), &r.revision, &r.last, &r.form,
		&r.assignment, &r.team, &r.village, &r.day)
	if err != nil {
		return err
	}
	if err := tx.QueryRow(ctx, selectAside, county, e.Submission, e.N).Scan(&r.account, &r.otherForm, &r.claimed); err != nil {
		return err
	}
	for n, to := range map[int]*[]byte{e.Base: &r.base, e.Current: &r.current, e.N: &r.other} {
		if *to, err = BodyTx(ctx, tx, county, e.Submission, n); err != nil && !errs.Is(err, errs.NotFound) {
			return err
		}
	}
	return nil
}

// compare runs the engine. Without a common base, or over two versions of the form, nothing can be put together: the result is empty.
func (s *Service) compare(ctx context.Context, county string, r *mergeRow) (merge.Result, error) {
	if r.base == nil || r.form != r.otherForm || s.in.Merge == nil {
		return merge.Result{}, nil
	}
	c, err := s.in.Campaign(ctx, county, r.campaign)
	if err != nil {
		return merge.Result{}, fmt.Errorf("campaign %s: %w", r.campaign, err)
	}
	at := s.d.Now().Time().In(c.Zone)
	out, err := s.in.Merge(ctx, r.form, r.base, r.current, r.other, at)
	if err != nil { // one of the three is no instance of the form: people look at it
		slog.InfoContext(ctx, "edits cannot be compared", slog.String("form", r.form), slog.Any("error", err))
		return merge.Result{}, nil
	}
	return out, nil
}

// note writes what was found and, if the edits could be put together, the revision that has both.
func (s *Service) note(ctx context.Context, tx *db.Tx, county string, e SetAside, r mergeRow, m merge.Result) error {
	state, result := ConflictOpen, 0
	if m.Compared && len(m.Taken)+len(m.Overlaps) == 0 { // the second edit brings nothing that the first has not
		state = ConflictKept
	}
	if m.XML != nil && r.revision == e.Current && r.state != StateAccepted {
		state, result = ConflictMerged, r.last+1
	}
	n, err := tx.Exec(ctx, insertConflict, county, e.Submission, e.N, e.Base, e.Current, state, result, db.AsJSON(answers(m.Overlaps)), db.AsJSON(answers(m.Taken)), tx.Now())
	if err != nil || n == 0 || result == 0 { // found before
		return err
	}
	return s.promote(ctx, tx, county, e.Submission, r, m.XML, ViaMerge)
}

func answers(as []merge.Answer) []merge.Answer {
	if as == nil {
		return []merge.Answer{}
	}
	return as
}

// promote makes bytes the current revision, the next after all that there are.
func (s *Service) promote(ctx context.Context, tx *db.Tx, county, submission string, r mergeRow, xml []byte, via Via) error {
	head, _ := Scan(xml) // it was read by the engine
	files := head.Files
	if files == nil {
		files = []string{}
	}
	n := r.last + 1
	rows := [][]any{{
		county, submission, n, string(blob.Of(xml)), len(xml), r.revision, r.account, r.form, r.claimed, "", db.AsJSON(files), tx.Now(), xml, string(via), "", head.Capture,
	}}
	if err := insertRevisions(ctx, tx, rows); err != nil {
		return err
	}
	got, err := tx.Exec(ctx, updatePromoted, county, submission, r.account, n, tx.Now(), r.revision, r.last, head.Capture, r.form)
	if err != nil {
		return err
	}
	if got != 1 {
		return errs.Conflict.New("submission.stale")
	}
	if r.assignment == nil {
		return nil
	}
	if err := s.in.Move(ctx, tx, []Move{{county, *r.assignment, "submitted", submission, ""}}); err != nil {
		return fmt.Errorf("move assignment: %w", err)
	}
	return s.bus.Emit(ctx, tx, county, "submission.received", Received{
		Campaign: r.campaign, Submission: submission, Revision: n, Assignment: *r.assignment, Team: db.Text(r.team), Village: r.village, Day: r.day,
	})
}

// ConflictsTx gives the conflicts of a submission, the oldest first.
func ConflictsTx(ctx context.Context, tx *db.Tx, county, submission string) ([]Conflict, error) {
	return db.List(ctx, tx, func(scan func(...any) error) (Conflict, error) {
		c := Conflict{Submission: submission}
		var overlaps, taken db.JSON[[]merge.Answer]
		var by *string
		err := scan(&c.N, &c.Base, &c.Current, &c.State, &c.Result, &overlaps, &taken, &c.FoundAt, &by, &c.DecidedAt, &c.Note)
		c.Overlaps, c.Taken, c.DecidedBy = answers(overlaps.V), answers(taken.V), db.Text(by)
		return c, err
	}, selectConflict, county, submission)
}

// Conflicts gives the conflicts of a submission of the actor's region. Returns Forbidden, NotFound "submission.not_found".
func (s *Service) Conflicts(ctx context.Context, actor authz.Actor, submission string) ([]Conflict, error) {
	if err := actor.Require(authz.SubmissionRead); err != nil {
		return nil, err
	}
	var out []Conflict
	err := s.d.View(ctx, func(tx *db.Tx) error {
		rec, err := GetTx(ctx, tx, actor, submission)
		if err != nil {
			return err
		}
		out, err = ConflictsTx(ctx, tx, actor.County, rec.ID)
		return err
	})
	return out, err
}

// maxNote bounds what a supervisor writes.
const maxNote = 2000

// Settle decides an open conflict: take makes the edit that was set aside the current revision, otherwise the one that stands stays. Nobody
// alters an answer: both are what the team sent. Returns Forbidden, NotFound "submission.not_found", "submission.no_conflict", Conflict
// "submission.conflict_settled", "submission.closed" for an accepted form, Invalid "submission.note".
func (s *Service) Settle(ctx context.Context, actor authz.Actor, submission string, n int, take bool, note string) ([]Conflict, error) {
	if err := actor.Require(authz.ReviewDecide); err != nil {
		return nil, err
	}
	if note = strings.TrimSpace(note); len(note) > maxNote || take && note == "" {
		return nil, errs.Invalid.New("submission.note", "field", "note")
	}
	var out []Conflict
	err := s.d.Update(ctx, func(tx *db.Tx) error {
		rec, err := GetTx(ctx, tx, actor, submission)
		if err != nil {
			return err
		}
		if err := s.settleTx(ctx, tx, actor, rec, n, take, note); err != nil {
			return err
		}
		out, err = ConflictsTx(ctx, tx, actor.County, rec.ID)
		return err
	})
	return out, err
}

func (s *Service) settleTx(ctx context.Context, tx *db.Tx, actor authz.Actor, rec Record, n int, take bool, note string) error {
	known, err := ConflictsTx(ctx, tx, actor.County, rec.ID)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(known, func(c Conflict) bool { return c.N == n }) {
		return errs.NotFound.New("submission.no_conflict", "n", n)
	}
	var r mergeRow
	if err := r.load(ctx, tx, actor.County, SetAside{Submission: rec.ID, N: n, Current: rec.Revision}); err != nil {
		return err
	}
	state, result := ConflictKept, 0
	if take {
		if r.state == StateAccepted {
			return errs.Conflict.New("submission.closed")
		}
		state, result = ConflictTaken, r.last+1
	}
	got, err := tx.Exec(ctx, updateConflict, actor.County, rec.ID, n, state, result, actor.ID, tx.Now(), note)
	if err != nil {
		return err
	}
	if got == 0 {
		return errs.Conflict.New("submission.conflict_settled", "n", n)
	}
	if take {
		r.form = r.otherForm
		if err := s.promote(ctx, tx, actor.County, rec.ID, r, r.other, ViaChosen); err != nil {
			return err
		}
	}
	return audit.Write(ctx, tx, actor, audit.Entry{
		Action: "submission.settle", Campaign: rec.Campaign, Object: "submission", ObjectID: rec.ID, Place: rec.Village,
		Detail: map[string]any{"n": n, "take": take, "note": note},
	})
}
