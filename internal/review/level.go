package review

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"strconv"

	"ruhu/internal/audit"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/playbook"
	"ruhu/internal/quality"
	"ruhu/internal/submission"
	"ruhu/internal/survey"
)

// mayDecide gives the level at which actor would decide. Returns Conflict "review.wrong_state", "review.wrong_level".
func mayDecide(actor authz.Actor, rec submission.Record, levels []playbook.Level, a Action) (playbook.Level, error) {
	code := rec.Level
	switch {
	case rec.Assignment == "": // it fits none
		return playbook.Level{}, errs.Conflict.New("review.wrong_state", "state", string(rec.State))
	case a == Annotate && (rec.State == submission.StateReview || rec.State == submission.StateReturned || rec.State == submission.StateAccepted):
		return annotator(actor, rec, levels)
	case a == Reopen && rec.State == submission.StateAccepted:
		code = levels[len(levels)-1].Code // who had the last word takes it back
	case a == Approve && rec.State == submission.StateReview:
	case (a == Return || a == Refer) && rec.State == submission.StateReview:
	case a == Return && rec.State == submission.StateQuarantined:
		code = levels[0].Code
	default:
		return playbook.Level{}, errs.Conflict.New("review.wrong_state", "state", string(rec.State))
	}
	i := slices.IndexFunc(levels, func(l playbook.Level) bool { return l.Code == code })
	if i < 0 || levels[i].Role != string(actor.Role) || !levels[i].May(string(power(a))) {
		return playbook.Level{}, errs.Conflict.New("review.wrong_level", "level", code)
	}
	return levels[i], nil
}

// power is what a level needs for an action.
func power(a Action) Action {
	if a == Reopen || a == Refer {
		return Return
	}
	return a
}

// annotator gives the level for which actor writes at questions of a form that may wait elsewhere: the form's own if it is theirs, else their first.
func annotator(actor authz.Actor, rec submission.Record, levels []playbook.Level) (playbook.Level, error) {
	var own []playbook.Level
	for _, l := range levels {
		if l.Role == string(actor.Role) && l.May(string(Annotate)) {
			if l.Code == rec.Level {
				return l, nil
			}
			own = append(own, l)
		}
	}
	if len(own) == 0 {
		return playbook.Level{}, errs.Conflict.New("review.wrong_level", "level", rec.Level)
	}
	return own[0], nil
}

// forward moves a form to the first level from the i-th on that looks at it; false when none does.
func (s *Service) forward(ctx context.Context, tx *db.Tx, c survey.Campaign, rec submission.Record, i int) (bool, error) {
	levels := c.Plan.Review
	for ; i < len(levels); i++ {
		ok, draw, err := looks(ctx, tx, rec, levels[i])
		if err != nil {
			return false, err
		}
		if ok {
			if levels[i].Code == rec.Level {
				return true, nil
			}
			return true, stale(submission.MoveTx(ctx, tx, rec, submission.StateReview, levels[i].Code, c.Today(tx.Now())))
		}
		if err := writePass(ctx, tx, rec, levels[i], draw); err != nil {
			return false, err
		}
	}
	return false, nil
}

// looks reports whether a level looks at a form, and what was drawn when the draw decided. It does when the level sees everything, has returned the form
// before, or could only return it; when it takes what is flagged and something was found (by the form's own rules, or by package quality up to now); else
// by the draw.
func looks(ctx context.Context, tx *db.Tx, rec submission.Record, level playbook.Level) (bool, float64, error) {
	if level.LooksAtAll() || rec.Errors > 0 || rec.Unconfirmed > 0 || level.Flagged && rec.Warnings > 0 {
		return true, 0, nil
	}
	ds, err := decisionsTx(ctx, tx, rec.County, []string{rec.ID})
	if err != nil {
		return false, 0, err
	}
	if slices.ContainsFunc(ds, func(d Decided) bool { return d.Level == level.Code }) {
		return true, 0, nil
	}
	if level.Flagged {
		if flagged, err := quality.FlaggedTx(ctx, tx, rec.County, rec.ID); err != nil || flagged {
			return flagged, 0, err
		}
	}
	revs, err := submission.RevisionsTx(ctx, tx, rec.County, rec.ID)
	if err != nil {
		return false, 0, err
	}
	draw := drawn(rec.Campaign, level.Code, revs[0].Digest)
	return draw < level.Coverage, draw, nil
}

// drawn is a number from 0 to below 1 that nobody chooses: the first 53 bits of SHA-256("ruhu review", campaign, level, digest of the form's first
// revision), zero bytes between them. The first revision decides, so a form can't be sent again until it is not drawn.
func drawn(campaign, level, digest string) float64 {
	h := sha256.Sum256([]byte("ruhu review\x00" + campaign + "\x00" + level + "\x00" + digest))
	return float64(binary.BigEndian.Uint64(h[:8])>>11) / (1 << 53)
}

const insertPassed = `INSERT INTO review_passed (county, submission, revision, level, coverage, draw, at) VALUES ($1, $2, $3, $4, $5, $6, $7)`

// LoggedPasses are the rows that say which forms a level did not look at.
var LoggedPasses = audit.NewTable("review_passed", 3, "submission, revision:int, level, coverage, draw, at:time")

func writePass(ctx context.Context, tx *db.Tx, rec submission.Record, level playbook.Level, draw float64) error {
	row := []any{rec.County, rec.ID, rec.Revision, level.Code, decimal(level.Coverage), decimal(draw), tx.Now()}
	if _, err := tx.Exec(ctx, insertPassed, row...); err != nil {
		return err
	}
	return audit.LogTx(ctx, tx, LoggedPasses, row)
}

func decimal(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

const selectPassed = `SELECT revision, level, at FROM review_passed WHERE county = $1 AND submission = $2 ORDER BY revision, at, level`

// passesTx gives the levels that did not look at a form, as steps of its history.
func passesTx(ctx context.Context, tx *db.Tx, county, submissionID string) ([]Step, error) {
	return db.List(ctx, tx, func(scan func(...any) error) (Step, error) {
		st := Step{Action: "pass"}
		err := scan(&st.Revision, &st.Level, &st.At)
		return st, err
	}, selectPassed, county, submissionID)
}
