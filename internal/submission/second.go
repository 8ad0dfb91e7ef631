package submission

import (
	"context"
	"fmt"
	"log/slog"
	"strings"

	"ruhu/internal/audit"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/job"
	"ruhu/internal/submission/merge"
)

// What became of a second form for a household.
const (
	SecondOpen  = "open"  // it differs: a person decides
	SecondSame  = "same"  // it says the same: nothing to decide
	SecondKept  = "kept"  // the form that stood stays
	SecondTaken = "taken" // the second stands now
)

// Second is a second form for a household, beside the one that stands: keyed once more from the same paper (S0.13), or begun on another phone.
type Second struct {
	Submission string
	N          int
	Stands     string
	StandsN    int
	State      string
	Keyed      bool // both were keyed from paper, by two people
	Compared   bool // false: the two can't be compared, because they are of two versions of the form, or no forms at all
	Differs    []merge.Answer
	FoundAt    db.Time
	DecidedBy  string
	DecidedAt  db.Time
	Note       string
}

// Beside is the payload of submission.second: a form for a household that has one.
type Beside struct {
	Submission string `json:"submission"`
	N          int    `json:"n"`
	Stands     string `json:"stands"`
}

const (
	selectBeside = `SELECT s.campaign, s.state, r.form, r.account, r.claimed, r.capture, r.xml FROM submission s
 JOIN submission_revision r ON r.county = s.county AND r.submission = s.id WHERE s.county = $1 AND s.id = $2 AND r.n = $3`
	selectStands = `SELECT campaign, assignment, team, village, day, revision, state FROM submission WHERE county = $1 AND id = $2`
	selectNumber = `SELECT revision FROM submission WHERE county = $1 AND id = $2`
	upsertSecond = `INSERT INTO submission_second (county, submission, n, stands, stands_n, state, keyed, compared, differs, found_at, note)
 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '') ON CONFLICT (county, submission) DO UPDATE SET n = excluded.n, stands = excluded.stands,
 stands_n = excluded.stands_n, state = excluded.state, keyed = excluded.keyed, compared = excluded.compared, differs = excluded.differs,
 found_at = excluded.found_at WHERE submission_second.state = 'open'`
	selectSecond = `SELECT submission, n, stands, stands_n, state, keyed, compared, differs, found_at, decided_by, decided_at, note FROM submission_second
 WHERE county = $1 AND (submission = $2 OR stands = $2) ORDER BY found_at, submission`
	settleSecond = `UPDATE submission_second SET state = $3, decided_by = $4, decided_at = $5, note = $6 WHERE county = $1 AND submission = $2 AND state = 'open'`
	putAside     = `UPDATE submission SET state = 'aside', level = '', assignment = NULL WHERE county = $1 AND id = $2 AND state = $3`
	takeSecond   = `UPDATE submission SET assignment = $3, revision = $4, state = 'received', level = '', reason = '', received_at = $5
 WHERE county = $1 AND id = $2 AND state = 'quarantined'`
)

// beside is one of the two forms.
type beside struct {
	campaign, form, account, claimed, capture string
	state                                     State
	xml                                       []byte
}

func besideTx(ctx context.Context, tx *db.Tx, county, submission string, n int) (b beside, err error) {
	err = tx.QueryRow(ctx, selectBeside, county, submission, n).Scan(&b.campaign, (*string)(&b.state), &b.form, &b.account, &b.claimed, &b.capture, &b.xml)
	return b, err
}

// pair handles submission.second: it compares the second form with the one that stands.
func (s *Service) pair(ctx context.Context, b *job.Batch) error {
	for _, ev := range b.Events {
		e, err := job.Decode[Beside](ev)
		if err != nil {
			return err
		}
		sec := Second{Submission: e.Submission, N: e.N, Stands: e.Stands}
		var first, second beside
		err = s.d.View(ctx, func(tx *db.Tx) (err error) {
			if err := tx.QueryRow(ctx, selectNumber, ev.County, e.Stands).Scan(&sec.StandsN); err != nil {
				return err
			}
			if first, err = besideTx(ctx, tx, ev.County, e.Stands, sec.StandsN); err == nil {
				second, err = besideTx(ctx, tx, ev.County, e.Submission, e.N)
			}
			return err
		})
		if err != nil {
			return fmt.Errorf("load the two forms: %w", err)
		}
		sec.Keyed = first.capture == CapturePaper && second.capture == CapturePaper && first.account != second.account
		if err := s.difference(ctx, ev.County, first, second, &sec); err != nil {
			return err
		}
		if err := s.d.Update(ctx, func(tx *db.Tx) error { return sec.note(ctx, tx, ev.County) }); err != nil {
			return err
		}
	}
	return s.d.Update(ctx, func(tx *db.Tx) error { return b.Done(ctx, tx) })
}

func (s *Service) difference(ctx context.Context, county string, first, second beside, out *Second) error {
	out.State = SecondOpen
	if first.form != second.form || s.in.Compare == nil {
		return nil
	}
	c, err := s.in.Campaign(ctx, county, first.campaign)
	if err != nil {
		return fmt.Errorf("campaign %s: %w", first.campaign, err)
	}
	out.Differs, err = s.in.Compare(ctx, first.form, first.xml, second.xml, s.d.Now().Time().In(c.Zone))
	if err != nil { // one of the two is no instance of the form: people look at it
		slog.InfoContext(ctx, "forms cannot be compared", slog.String("form", first.form), slog.Any("error", err))
		return nil
	}
	out.Compared = true
	if len(out.Differs) == 0 {
		out.State = SecondSame
	}
	return nil
}

// note writes what was found. A second form that says the same needs nobody: it is put aside.
func (sec Second) note(ctx context.Context, tx *db.Tx, county string) error {
	n, err := tx.Exec(ctx, upsertSecond, county, sec.Submission, sec.N, sec.Stands, sec.StandsN, sec.State, sec.Keyed, sec.Compared,
		db.AsJSON(answers(sec.Differs)), tx.Now())
	if err != nil || n == 0 || sec.State != SecondSame {
		return err
	}
	_, err = tx.Exec(ctx, putAside, county, sec.Submission, string(StateQuarantined))
	return err
}

// SecondsTx gives the second forms that a submission is, or that lie beside it.
func SecondsTx(ctx context.Context, tx *db.Tx, county, submission string) ([]Second, error) {
	return db.List(ctx, tx, func(scan func(...any) error) (Second, error) {
		var sec Second
		var differs db.JSON[[]merge.Answer]
		var by *string
		err := scan(&sec.Submission, &sec.N, &sec.Stands, &sec.StandsN, &sec.State, &sec.Keyed, &sec.Compared, &differs, &sec.FoundAt, &by,
			&sec.DecidedAt, &sec.Note)
		sec.Differs, sec.DecidedBy = answers(differs.V), db.Text(by)
		return sec, err
	}, selectSecond, county, submission)
}

// Seconds gives the second forms of a submission of the actor's region. Returns Forbidden, NotFound "submission.not_found".
func (s *Service) Seconds(ctx context.Context, actor authz.Actor, submission string) ([]Second, error) {
	if err := actor.Require(authz.SubmissionRead); err != nil {
		return nil, err
	}
	var out []Second
	err := s.d.View(ctx, func(tx *db.Tx) error {
		rec, err := GetTx(ctx, tx, actor, submission)
		if err == nil {
			out, err = SecondsTx(ctx, tx, actor.County, rec.ID)
		}
		return err
	})
	return out, err
}

// SettleSecond decides an open second form: take makes it the form of the household, otherwise the one that stood stays. Nobody alters an
// answer. Returns Forbidden, NotFound "submission.not_found", "submission.no_second", Conflict "submission.second_settled", "submission.closed"
// when the form that stands is accepted, "submission.stale" when it has changed since, Invalid "submission.note".
func (s *Service) SettleSecond(ctx context.Context, actor authz.Actor, submission string, take bool, note string) ([]Second, error) {
	if err := actor.Require(authz.ReviewDecide); err != nil {
		return nil, err
	}
	if note = strings.TrimSpace(note); len(note) > maxNote || take && note == "" {
		return nil, errs.Invalid.New("submission.note", "field", "note")
	}
	var out []Second
	err := s.d.Update(ctx, func(tx *db.Tx) error {
		rec, err := GetTx(ctx, tx, actor, submission)
		if err != nil {
			return err
		}
		if err := s.settleSecondTx(ctx, tx, actor, rec, take, note); err != nil {
			return err
		}
		out, err = SecondsTx(ctx, tx, actor.County, rec.ID)
		return err
	})
	return out, err
}

func (s *Service) settleSecondTx(ctx context.Context, tx *db.Tx, actor authz.Actor, rec Record, take bool, note string) error {
	var sec Second
	known, err := SecondsTx(ctx, tx, actor.County, rec.ID)
	if err != nil {
		return err
	}
	for _, k := range known {
		if k.Submission == rec.ID {
			sec = k
		}
	}
	if sec.Submission == "" {
		return errs.NotFound.New("submission.no_second")
	}
	state := SecondKept
	if take {
		state = SecondTaken
	}
	n, err := tx.Exec(ctx, settleSecond, actor.County, rec.ID, state, actor.ID, tx.Now(), note)
	if err != nil {
		return err
	}
	if n == 0 {
		return errs.Conflict.New("submission.second_settled")
	}
	if take {
		err = s.takeSecondTx(ctx, tx, actor.County, sec)
	} else {
		_, err = tx.Exec(ctx, putAside, actor.County, rec.ID, string(StateQuarantined))
	}
	if err != nil {
		return err
	}
	return audit.Write(ctx, tx, actor, audit.Entry{
		Action: "submission.second", Campaign: rec.Campaign, Object: "submission", ObjectID: rec.ID, Place: rec.Village,
		Detail: map[string]any{"stands": sec.Stands, "take": take, "note": note},
	})
}

// takeSecondTx lets the second form take the place of the first.
func (s *Service) takeSecondTx(ctx context.Context, tx *db.Tx, county string, sec Second) error {
	var r Received
	var assignment, team *string
	var revision int
	var state State
	err := tx.QueryRow(ctx, selectStands, county, sec.Stands).Scan(&r.Campaign, &assignment, &team, &r.Village, &r.Day, &revision, (*string)(&state))
	if err != nil {
		return err
	}
	if assignment == nil || revision != sec.StandsN {
		return errs.Conflict.New("submission.stale")
	}
	if state == StateAccepted {
		return errs.Conflict.New("submission.closed")
	}
	for _, step := range []struct {
		q    string
		args []any
	}{
		{putAside, []any{county, sec.Stands, string(state)}},
		{takeSecond, []any{county, sec.Submission, *assignment, sec.N, tx.Now()}},
	} {
		n, err := tx.Exec(ctx, step.q, step.args...)
		if err != nil {
			return err
		}
		if n != 1 {
			return errs.Conflict.New("submission.stale")
		}
	}
	if err := s.in.Move(ctx, tx, []Move{{county, *assignment, "submitted", sec.Submission, ""}}); err != nil {
		return fmt.Errorf("move assignment: %w", err)
	}
	r.Submission, r.Revision, r.Assignment, r.Team = sec.Submission, sec.N, *assignment, db.Text(team)
	return s.bus.Emit(ctx, tx, county, "submission.received", r)
}
