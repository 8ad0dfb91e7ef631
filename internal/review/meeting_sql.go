package review

import (
	"context"
	"errors"

	"ruhu/internal/audit"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/submission"
)

const (
	meetingColumns = `id, campaign, region, level, held_on, place, chair, participants, minutes, state, opened_at, closed_at`
	insertMeeting  = `INSERT INTO review_meeting (county, id, campaign, region, level, held_on, place, chair, participants, minutes, account, opened_at, state)
 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'open') ON CONFLICT DO NOTHING`
	updateMeeting = `UPDATE review_meeting SET held_on = $3, place = $4, chair = $5, participants = $6, minutes = $7
 WHERE county = $1 AND id = $2 AND state = 'open' AND level = $8`
	closeMeeting   = `UPDATE review_meeting SET state = 'closed', closed_at = $3 WHERE county = $1 AND id = $2 AND state = 'open'`
	holdMeeting    = `UPDATE review_meeting SET state = 'open' WHERE county = $1 AND id = $2 AND state = 'open'`
	selectMeeting  = `SELECT ` + meetingColumns + ` FROM review_meeting WHERE county = $1 AND id = $2 AND region >= $3 AND region < $4`
	selectMeetings = `SELECT ` + meetingColumns + ` FROM review_meeting WHERE county = $1 AND campaign = $2 AND region >= $3 AND region < $4
 ORDER BY held_on DESC, id DESC LIMIT 500`

	insertVerdict  = `INSERT INTO review_verdict (county, decision, meeting, submission, at) VALUES ($1, $2, $3, $4, $5)`
	selectVerdicts = `SELECT v.decision, v.submission, d.action, d.note, coalesce(c.code, ''), v.at FROM review_verdict v
 JOIN review_decision d ON d.county = v.county AND d.id = v.decision
 JOIN review_meeting m ON m.county = v.county AND m.id = v.meeting
 LEFT JOIN review_code c ON c.county = v.county AND c.campaign = m.campaign AND c.submission = v.submission
 WHERE v.county = $1 AND v.meeting = $2 AND (CAST($3 AS TEXT) = '' OR CAST(v.decision AS TEXT) = $3) ORDER BY v.at, v.decision`
)

// LoggedVerdicts are the rows that say in which meeting a decision was made.
var LoggedVerdicts = audit.NewTable("review_verdict", 1, "decision, meeting, submission, at:time")

func scanMeeting(scan func(...any) error) (Meeting, error) {
	m := Meeting{Verdicts: []Verdict{}}
	var names db.JSON[[]string]
	err := scan(&m.ID, &m.Campaign, &m.Region, &m.Level, &m.HeldOn, &m.Place, &m.Chair, &names, &m.Minutes, &m.State, &m.OpenedAt, &m.ClosedAt)
	m.Participants = names.V
	return m, err
}

// meetingTx gives a meeting of the actor's region without its verdicts. Returns NotFound "review.no_meeting".
func meetingTx(ctx context.Context, tx *db.Tx, actor authz.Actor, meeting string) (Meeting, error) {
	lo, hi := actor.Scope()
	m, err := scanMeeting(tx.QueryRow(ctx, selectMeeting, actor.County, meeting, lo, hi).Scan)
	if errors.Is(err, db.ErrNoRows) {
		return m, errs.NotFound.New("review.no_meeting", "id", meeting)
	}
	return m, err
}

// verdictsTx gives what a meeting decided, in that order; only one decision unless it is "".
func verdictsTx(ctx context.Context, tx *db.Tx, actor authz.Actor, meeting, decision string) ([]Verdict, error) {
	vs, err := db.List(ctx, tx, func(scan func(...any) error) (Verdict, error) {
		var v Verdict
		err := scan(&v.Decision, &v.Submission, (*string)(&v.Action), &v.Note, &v.Code, &v.At)
		return v, err
	}, selectVerdicts, actor.County, meeting, decision)
	if err != nil {
		return nil, err
	}
	if len(vs) == 0 {
		return []Verdict{}, nil
	}
	ids := make([]string, len(vs))
	for i, v := range vs {
		ids[i] = v.Submission
	}
	recs, err := submission.ByIDsTx(ctx, tx, actor.County, ids)
	if err != nil {
		return nil, err
	}
	list := make([]submission.Record, len(vs))
	for i, v := range vs {
		list[i] = recs[v.Submission]
	}
	rows, err := submission.RowsTx(ctx, tx, actor.County, list)
	if err != nil {
		return nil, err
	}
	for i, r := range rows {
		v := &vs[i]
		v.HouseCode, v.HeadName, v.Class, v.Village, v.VillageName = r.House.Code, r.House.HeadName, string(r.House.Class), r.Village, r.VillageName
	}
	return vs, nil
}
