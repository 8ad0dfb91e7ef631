package submission

import (
	"context"
	"strconv"
	"strings"
	"time"

	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/id"
)

// Sent is what the server has of one arrival, for the phone that sent it: "the server has these 14".
type Sent struct {
	InstanceID   string   `json:"instance_id"`
	Revision     int      `json:"revision"`
	Digest       string   `json:"digest"`
	Assignment   string   `json:"assignment"` // as the phone named it
	ReceivedAt   db.Time  `json:"received_at"`
	State        State    `json:"state"`   // received or quarantined: what became of this arrival
	Current      int      `json:"current"` // the revision that stands
	MissingFiles []string `json:"missing_files"`
	// Second says how this form compares with the one that stands for the household; nil where it is the only one, or not compared yet.
	Second *SentSecond `json:"second"`
}

// SentSecond is what the person who keyed a paper form once more is told: where to look at the paper again, and not what the other person keyed.
type SentSecond struct {
	State   string   `json:"state"`   // open, same, kept, taken
	Differs []string `json:"differs"` // the questions, as the form refers to them
}

const selectSent = `SELECT s.instance_id, r.n, r.digest, r.claimed, r.received_at, r.reason, s.state, s.revision, r.files, r.submission
 FROM submission_revision r JOIN submission s ON s.county = r.county AND s.id = r.submission
 WHERE r.county = $1 AND r.account = $2 AND (r.received_at, r.submission, r.n) > ($3, $4, $5)
 ORDER BY r.received_at, r.submission, r.n LIMIT $6`

// SentBy lists what an enumerator has sent, the oldest first, with the cursor of the next page ("" at the end). Returns Forbidden, Invalid
// "submission.cursor".
func (s *Service) SentBy(ctx context.Context, actor authz.Actor, cursor string, limit int) ([]Sent, string, error) {
	if err := actor.Require(authz.FieldUse); err != nil {
		return nil, "", err
	}
	at, after, n, err := parseSentCursor(cursor)
	if err != nil {
		return nil, "", err
	}
	type line struct {
		Sent
		submission string
		files      []string
	}
	var lines []line
	seconds := map[key]Second{}
	err = s.d.View(ctx, func(tx *db.Tx) (err error) {
		lines, err = db.List(ctx, tx, func(scan func(...any) error) (line, error) {
			var l line
			var reason string
			var state State
			var files db.JSON[[]string]
			err := scan(&l.InstanceID, &l.Revision, &l.Digest, &l.Assignment, &l.ReceivedAt, &reason, (*string)(&state), &l.Current, &files, &l.submission)
			l.State, l.files = StateReceived, files.V
			if reason != "" || state == StateQuarantined && l.Revision == l.Current {
				l.State = StateQuarantined
			}
			return l, err
		}, selectSent, actor.County, actor.ID, at, after, n, limit+1)
		for i := 0; i < len(lines) && err == nil; i++ {
			if lines[i].State == StateQuarantined {
				err = secondOf(ctx, tx, actor.County, lines[i].submission, seconds)
			}
		}
		return err
	})
	if err != nil {
		return nil, "", err
	}
	next := ""
	if len(lines) > limit {
		lines = lines[:limit]
		end := lines[limit-1]
		next = sentCursor(end.ReceivedAt, end.submission, end.Revision)
	}
	out := make([]Sent, len(lines))
	for i, l := range lines {
		out[i] = l.Sent
		if sec, ok := seconds[key{l.submission, l.Revision}]; ok {
			out[i].Second = &SentSecond{State: sec.State, Differs: []string{}}
			for _, a := range sec.Differs {
				out[i].Second.Differs = append(out[i].Second.Differs, a.Ref)
			}
		}
		if out[i].MissingFiles, err = s.missing(l.files); err != nil {
			return nil, "", err
		}
	}
	return out, next, nil
}

// secondOf notes how a form compares with the one that stands.
func secondOf(ctx context.Context, tx *db.Tx, county, submission string, to map[key]Second) error {
	known, err := SecondsTx(ctx, tx, county, submission)
	for _, sec := range known {
		if sec.Submission == submission {
			to[key{submission, sec.N}] = sec
		}
	}
	return err
}

var errCursor = errs.Invalid.New("submission.cursor")

func sentCursor(at db.Time, submission string, n int) string {
	return at.String() + "," + submission + "," + strconv.Itoa(n)
}

func parseSentCursor(c string) (at db.Time, submission string, n int, err error) {
	if c == "" {
		return db.At(time.Unix(0, 0)), NoCampaign, 0, nil
	}
	part := strings.Split(c, ",")
	if len(part) != 3 || at.Scan(part[0]) != nil {
		return at, "", 0, errCursor
	}
	if submission, err = id.Parse(part[1]); err != nil {
		return at, "", 0, errCursor
	}
	if n, err = strconv.Atoi(part[2]); err != nil {
		return at, "", 0, errCursor
	}
	return at, submission, n, nil
}
