package submission

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/region"
)

// Record is a submission as it stands.
type Record struct {
	County, ID, InstanceID, Campaign string
	Assignment, Household, Team      string // "" when it fits none
	Village                          region.Code
	Day                              db.Date
	Form, FormCode                   string // hash, and code in the playbook
	Account                          string // who sent the current revision
	Revision, Last                   int    // the current one; the highest number given
	State                            State
	Level                            string // review level; "" outside review
	Reason                           string
	Errors, Warnings, Unconfirmed    int
	ReturnedTimes                    int
	ReceivedAt                       db.Time
	Capture                          string  // CapturePaper, or "" for an interview with the phone at hand
	Since                            db.Date // in review and returned: since when it waits there
}

// Revision is what is known of one arrival without its bytes.
type Revision struct {
	N          int
	Digest     string
	Size       int
	Base       int
	Account    string
	Form       string
	Reason     string // why it was set aside, on arrival or by the engine
	Files      []string
	ReceivedAt db.Time
	Judged     bool
	Errors     int
	Warnings   int
	Problems   []string
	Via        Via
	Capture    string // as Record.Capture
}

const (
	recordColumns = `county, id, instance_id, campaign, assignment, household, team, village, day, form, form_code, account, revision,
 last_revision, state, level, reason, errors, warnings, unconfirmed, returned_times, received_at, capture, since`
	selectRecord   = `SELECT ` + recordColumns + ` FROM submission WHERE county = $1 AND id = $2 AND village >= $3 AND village < $4`
	selectRecords  = `SELECT ` + recordColumns + ` FROM submission WHERE `
	selectByIDs    = `SELECT ` + recordColumns + ` FROM submission WHERE county = $1 AND id IN (`
	selectByAssign = `SELECT ` + recordColumns + ` FROM submission WHERE county = $1 AND assignment IN (`
	countStates    = `SELECT state, count(*) FROM submission WHERE `

	revisionColumns = `r.n, r.digest, r.size, r.base, r.account, r.form, r.reason, r.files, r.received_at,
 j.judged_at, j.errors, j.warnings, j.reason, j.problems, r.via, r.capture`
	fromRevision = ` FROM submission_revision r
 LEFT JOIN submission_judgement j ON j.county = r.county AND j.submission = r.submission AND j.n = r.n
 WHERE r.county = $1 AND r.submission = $2`
	selectRevisions = `SELECT ` + revisionColumns + fromRevision + ` ORDER BY r.n`
	selectBody      = `SELECT xml FROM submission_revision WHERE county = $1 AND submission = $2 AND n = $3`
	selectFindings  = `SELECT ref, rule, severity, message, reason FROM submission_finding
 WHERE county = $1 AND submission = $2 AND n = $3 ORDER BY seq`

	updateMoved = `UPDATE submission SET state = $6, level = $7, returned_times = returned_times + $8, since = $9
 WHERE county = $1 AND id = $2 AND revision = $3 AND state = $4 AND level = $5`
)

func scanRecord(scan func(...any) error) (Record, error) {
	var r Record
	var assignment, household, team *string
	err := scan(&r.County, &r.ID, &r.InstanceID, &r.Campaign, &assignment, &household, &team, &r.Village, &r.Day, &r.Form, &r.FormCode, &r.Account,
		&r.Revision, &r.Last, (*string)(&r.State), &r.Level, &r.Reason, &r.Errors, &r.Warnings, &r.Unconfirmed, &r.ReturnedTimes, &r.ReceivedAt, &r.Capture, &r.Since)
	r.Assignment, r.Household, r.Team = db.Text(assignment), db.Text(household), db.Text(team)
	return r, err
}

// GetTx gives a submission of the actor's region. Returns NotFound "submission.not_found".
func GetTx(ctx context.Context, tx *db.Tx, actor authz.Actor, submissionID string) (Record, error) {
	lo, hi := actor.Scope()
	r, err := scanRecord(tx.QueryRow(ctx, selectRecord, actor.County, submissionID, lo, hi).Scan)
	if errors.Is(err, db.ErrNoRows) {
		return r, errs.NotFound.New("submission.not_found", "id", submissionID)
	}
	return r, err
}

// ByAssignmentsTx gives the submissions that stand for assignments, by assignment id.
func ByAssignmentsTx(ctx context.Context, tx *db.Tx, county string, assignments []string) (map[string]Record, error) {
	out := map[string]Record{}
	for len(assignments) > 0 {
		part := assignments[:min(500, len(assignments))]
		assignments = assignments[len(part):]
		in, args := list(part)
		rs, err := db.List(ctx, tx, scanRecord, selectByAssign+in, append([]any{county}, args...)...)
		if err != nil {
			return nil, err
		}
		for _, r := range rs {
			out[r.Assignment] = r
		}
	}
	return out, nil
}

// RevisionsTx gives all revisions of a submission, the oldest first.
func RevisionsTx(ctx context.Context, tx *db.Tx, county, submissionID string) ([]Revision, error) {
	return db.List(ctx, tx, func(scan func(...any) error) (Revision, error) {
		var r Revision
		var files db.JSON[[]string]
		var problems db.JSON[[]string]
		var at db.Time
		var e, w *int
		var reason *string
		err := scan(&r.N, &r.Digest, &r.Size, &r.Base, &r.Account, &r.Form, &r.Reason, &files, &r.ReceivedAt, &at, &e, &w, &reason, &problems, (*string)(&r.Via), &r.Capture)
		r.Files, r.Problems, r.Judged = files.V, problems.V, !at.IsZero()
		if r.Judged {
			r.Errors, r.Warnings = *e, *w
		}
		if r.Reason == "" {
			r.Reason = db.Text(reason)
		}
		return r, err
	}, selectRevisions, county, submissionID)
}

// BodyTx gives the bytes of a revision as they came. Returns NotFound "submission.no_revision".
func BodyTx(ctx context.Context, tx *db.Tx, county, submissionID string, n int) ([]byte, error) {
	var xml []byte
	err := tx.QueryRow(ctx, selectBody, county, submissionID, n).Scan(&xml)
	if errors.Is(err, db.ErrNoRows) {
		return nil, errs.NotFound.New("submission.no_revision", "n", n)
	}
	return xml, err
}

// FindingsTx gives what the engine found in a revision.
func FindingsTx(ctx context.Context, tx *db.Tx, county, submissionID string, n int) ([]Finding, error) {
	return db.List(ctx, tx, func(scan func(...any) error) (Finding, error) {
		var f Finding
		var m db.JSON[errs.Text]
		err := scan(&f.Ref, &f.Rule, &f.Severity, &m, &f.Reason)
		f.Message = m.V
		return f, err
	}, selectFindings, county, submissionID, n)
}

// MoveTx moves a submission that is as seen says (revision, state, level) to another state and level, where it waits from today on. Returns Conflict
// "submission.stale" when it is not any more.
func MoveTx(ctx context.Context, tx *db.Tx, seen Record, to State, level string, today db.Date) error {
	returned := 0
	if to == StateReturned {
		returned = 1
	}
	n, err := tx.Exec(ctx, updateMoved, seen.County, seen.ID, seen.Revision, string(seen.State), seen.Level, string(to), level, returned, today)
	if err == nil && n != 1 {
		return errs.Conflict.New("submission.stale")
	}
	return err
}

// Filter narrows PageTx. Empty fields are no restriction.
type Filter struct {
	State   State
	Level   string
	Village region.Code
	Team    string
	Flag    string // errors, warnings (without explanation or with), clean
	Since   Days   // in review and returned: waiting since a day of these
	Cursor  string // as PageTx gave it
	Limit   int    // see db.PageSize
}

// Days is a span of days, both included; "" is open.
type Days struct{ From, To db.Date }

// listTx gives the submissions of a campaign in the actor's region, the longest waiting first, with the next cursor and the number in each
// state under the same filter. Quarantined ones that nothing connects with a campaign are in every campaign's list.
// Returns Invalid "submission.cursor", "submission.state".
func listTx(ctx context.Context, tx *db.Tx, actor authz.Actor, campaign string, f Filter) ([]Record, string, map[State]int, error) {
	f.Limit = db.PageSize(f.Limit)
	lo, hi := actor.Scope()
	w := db.NewWhere("county = ? AND village >= ? AND village < ?", actor.County, lo, hi)
	if f.Village != "" {
		vlo, vhi := f.Village.Range()
		w.And("village >= ? AND village < ?", vlo, vhi)
	}
	if f.Team != "" {
		team, err := id.Parse(f.Team)
		if err != nil {
			return nil, "", nil, err
		}
		w.And("team = ?", team)
	}
	if f.Level != "" {
		w.And("level = ?", f.Level)
	}
	switch f.Flag {
	case "errors":
		w.And("errors > 0")
	case "warnings":
		w.And("warnings > 0")
	case "clean":
		w.And("errors = 0 AND warnings = 0")
	}
	if f.Since.From != "" {
		w.And("since >= ?", f.Since.From)
	}
	if f.Since.To != "" {
		w.And("since <= ?", f.Since.To)
	}
	counts, err := countTx(ctx, tx, w.Clone(), campaign)
	if err != nil {
		return nil, "", nil, err
	}
	switch f.State {
	case "":
		w.And("campaign = ?", campaign)
	case StateReceived, StateReview, StateAccepted, StateReturned, StateAside:
		w.And("campaign = ? AND state = ?", campaign, string(f.State))
	case StateQuarantined:
		w.And("campaign IN (?, ?) AND state = 'quarantined'", campaign, NoCampaign)
	default:
		return nil, "", nil, errs.Invalid.New("submission.state", "state", clip(string(f.State)))
	}
	if f.Cursor != "" {
		at, last, err := parseCursor(f.Cursor)
		if err != nil {
			return nil, "", nil, err
		}
		w.And("(received_at, id) > (?, ?)", at, last)
	}
	page := fmt.Sprintf(" ORDER BY received_at, id LIMIT %d", f.Limit+1)
	rs, err := db.List(ctx, tx, scanRecord, selectRecords+w.Text()+page, w.Args()...)
	if err != nil || len(rs) <= f.Limit {
		return rs, "", counts, err
	}
	rs = rs[:f.Limit]
	end := rs[f.Limit-1]
	return rs, end.ReceivedAt.String() + "," + end.ID, counts, nil
}

func countTx(ctx context.Context, tx *db.Tx, w *db.Where, campaign string) (map[State]int, error) {
	counts := map[State]int{}
	w.And("(campaign = ? OR campaign = ? AND state = 'quarantined')", campaign, NoCampaign)
	err := tx.Query(ctx, countStates+w.Text()+" GROUP BY state", w.Args(), func(scan func(...any) error) error {
		var s string
		var n int
		err := scan(&s, &n)
		counts[State(s)] = n
		return err
	})
	return counts, err
}

func parseCursor(c string) (at db.Time, last string, err error) {
	t, last, ok := strings.Cut(c, ",")
	if !ok || at.Scan(t) != nil {
		return at, "", errs.Invalid.New("submission.cursor")
	}
	if last, err = id.Parse(last); err != nil {
		return at, "", errs.Invalid.New("submission.cursor")
	}
	return at, last, nil
}

// ByIDsTx gives submissions by id without asking who looks. Ids that are not known are absent.
func ByIDsTx(ctx context.Context, tx *db.Tx, county string, ids []string) (map[string]Record, error) {
	out := map[string]Record{}
	for len(ids) > 0 {
		part := ids[:min(500, len(ids))]
		ids = ids[len(part):]
		in, args := list(part)
		rs, err := db.List(ctx, tx, scanRecord, selectByIDs+in, append([]any{county}, args...)...)
		if err != nil {
			return nil, err
		}
		for _, r := range rs {
			out[r.ID] = r
		}
	}
	return out, nil
}
