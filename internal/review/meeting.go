package review

import (
	"context"
	"slices"
	"strings"

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

// The states of a meeting.
const (
	MeetingOpen   = "open"
	MeetingClosed = "closed"
)

// Meeting is a joint review (会审).
type Meeting struct {
	ID           string        `json:"id"`
	Campaign     string        `json:"campaign"`
	Region       region.Code   `json:"region"`
	Level        string        `json:"level"` // whose forms it decides on
	LevelTitle   playbook.Text `json:"level_title"`
	HeldOn       db.Date       `json:"held_on"`
	Place        string        `json:"place"`
	Chair        string        `json:"chair"`
	Participants []string      `json:"participants"`
	Minutes      string        `json:"minutes"`
	State        string        `json:"state"` // open, closed
	OpenedAt     db.Time       `json:"opened_at"`
	ClosedAt     db.Time       `json:"closed_at"`
	Verdicts     []Verdict     `json:"verdicts"` // none in lists
	May          bool          `json:"may"`      // the actor's level
}

// MeetingInput is what a meeting is called with; minutes may be written until it is closed.
type MeetingInput struct {
	Level        string   `json:"level"`
	HeldOn       string   `json:"held_on"`
	Place        string   `json:"place"`
	Chair        string   `json:"chair"`
	Participants []string `json:"participants"`
	Minutes      string   `json:"minutes"`
}

// Verdict is what a meeting decided about a household.
type Verdict struct {
	Decision    string      `json:"decision"`
	Submission  string      `json:"submission"`
	HouseCode   string      `json:"house_code"`
	HeadName    string      `json:"head_name"`
	Class       string      `json:"class"`
	Village     region.Code `json:"village"`
	VillageName string      `json:"village_name"`
	Action      Action      `json:"action"` // approve, return, refer
	Note        string      `json:"note"`
	Code        string      `json:"code"` // 编码
	At          db.Time     `json:"at"`
}

const maxMinutes = 20000

func (in *MeetingInput) check() error {
	in.Place, in.Chair, in.Minutes = strings.TrimSpace(in.Place), strings.TrimSpace(in.Chair), strings.TrimSpace(in.Minutes)
	names := []string{}
	for _, n := range in.Participants {
		if n = strings.TrimSpace(n); n != "" {
			names = append(names, n)
		}
	}
	in.Participants = names
	if _, err := db.ParseDate(in.HeldOn); err != nil {
		return errs.Invalid.New("review.meeting_bare", "field", "held_on")
	}
	for field, bad := range map[string]bool{
		"place": in.Place == "" || !writable(in.Place), "chair": in.Chair == "" || !writable(in.Chair), "participants": len(names) == 0 || len(names) > 200,
	} {
		if bad {
			return errs.Invalid.New("review.meeting_bare", "field", field)
		}
	}
	for _, s := range append(names, strings.ReplaceAll(in.Minutes, "\n", " ")) {
		if len(s) > maxMinutes || strings.ContainsRune(s, 0) {
			return errs.Invalid.New("review.text", "field", "minutes", "limit", maxMinutes)
		}
	}
	return nil
}

// PutMeeting calls a meeting of the actor's level, or changes what is written about it while it is open. Returns Forbidden, NotFound "survey.not_found",
// "review.no_meeting", Invalid "review.meeting_bare", "review.text", Conflict "review.wrong_level", "review.meeting_closed".
func (s *Service) PutMeeting(ctx context.Context, actor authz.Actor, campaign, meeting string, in MeetingInput) (Meeting, error) {
	if err := actor.Require(authz.ReviewDecide); err != nil {
		return Meeting{}, err
	}
	if err := in.check(); err != nil {
		return Meeting{}, err
	}
	err := s.d.Update(ctx, func(tx *db.Tx) error {
		c, err := survey.VisibleTx(ctx, tx, actor, campaign)
		if err != nil {
			return err
		}
		level, err := own(c, actor, in.Level)
		if err != nil {
			return err
		}
		n, err := tx.Exec(ctx, insertMeeting, c.County, meeting, c.ID, actor.Region, level.Code, in.HeldOn, in.Place, in.Chair, db.AsJSON(in.Participants), in.Minutes, actor.ID, tx.Now())
		if err != nil {
			return err
		}
		action := "review.meeting_call"
		if n == 0 {
			m, err := meetingTx(ctx, tx, actor, meeting)
			if err == nil && m.Campaign != c.ID {
				err = errs.NotFound.New("review.no_meeting", "id", meeting)
			}
			if err != nil {
				return err
			}
			action = "review.meeting_change"
			n, err = tx.Exec(ctx, updateMeeting, c.County, meeting, in.HeldOn, in.Place, in.Chair, db.AsJSON(in.Participants), in.Minutes, level.Code)
			if err != nil {
				return err
			}
			if n != 1 {
				return errs.Conflict.New("review.meeting_closed")
			}
		}
		return audit.Write(ctx, tx, actor, audit.Entry{
			Action: action, Campaign: c.ID, Object: "meeting", ObjectID: meeting, Place: actor.Region,
			Detail: map[string]any{"level": level.Code, "held_on": in.HeldOn, "participants": len(in.Participants)},
		})
	})
	if err != nil {
		return Meeting{}, err
	}
	return s.Meeting(ctx, actor, meeting)
}

// own gives a level of the campaign that is the actor's. Returns Conflict "review.wrong_level".
func own(c survey.Campaign, actor authz.Actor, code string) (playbook.Level, error) {
	i := slices.IndexFunc(c.Plan.Review, func(l playbook.Level) bool { return l.Code == code })
	if i < 0 || c.Plan.Review[i].Role != string(actor.Role) {
		return playbook.Level{}, errs.Conflict.New("review.wrong_level", "level", code)
	}
	return c.Plan.Review[i], nil
}

// CloseMeeting ends a meeting: nothing is decided in it, and nothing written about it, any more. Returns Forbidden, NotFound "review.no_meeting", Conflict
// "review.wrong_level", "review.meeting_closed".
func (s *Service) CloseMeeting(ctx context.Context, actor authz.Actor, meeting string) (Meeting, error) {
	if err := actor.Require(authz.ReviewDecide); err != nil {
		return Meeting{}, err
	}
	err := s.d.Update(ctx, func(tx *db.Tx) error {
		m, err := meetingTx(ctx, tx, actor, meeting)
		if err != nil {
			return err
		}
		c, err := survey.CampaignTx(ctx, tx, actor.County, m.Campaign)
		if err != nil {
			return err
		}
		if _, err := own(c, actor, m.Level); err != nil {
			return err
		}
		n, err := tx.Exec(ctx, closeMeeting, actor.County, meeting, tx.Now())
		if err != nil {
			return err
		}
		if n != 1 {
			return errs.Conflict.New("review.meeting_closed")
		}
		return audit.Write(ctx, tx, actor, audit.Entry{Action: "review.meeting_close", Campaign: m.Campaign, Object: "meeting", ObjectID: meeting, Place: m.Region})
	})
	if err != nil {
		return Meeting{}, err
	}
	return s.Meeting(ctx, actor, meeting)
}

// DecideIn is Decide in a meeting: approve, return or refer (put to somebody else; the form stays). Returns what Decide does, and NotFound
// "review.no_meeting", Conflict "review.meeting_closed".
func (s *Service) DecideIn(ctx context.Context, actor authz.Actor, meeting, submissionID string, d Decision) (Verdict, error) {
	if err := actor.Require(authz.ReviewDecide); err != nil {
		return Verdict{}, err
	}
	var err error
	if d.Meeting, err = id.Parse(meeting); err != nil {
		return Verdict{}, err
	}
	if err := d.check(); err != nil {
		return Verdict{}, err
	}
	var out Verdict
	err = s.d.Update(ctx, func(tx *db.Tx) error {
		if err := s.decideTx(ctx, tx, actor, submissionID, d); err != nil {
			return err
		}
		vs, err := verdictsTx(ctx, tx, actor, d.Meeting, d.ID)
		if err == nil && len(vs) == 1 {
			out = vs[0]
		}
		return err
	})
	return out, err
}

// sitting makes sure that a decision in a meeting belongs to its level, and holds the meeting open until the decision is written.
func sitting(ctx context.Context, tx *db.Tx, actor authz.Actor, rec submission.Record, level playbook.Level, d Decision) error {
	if d.Meeting == "" {
		if level.Joint && (d.Action == Approve || d.Action == Return) && rec.State == submission.StateReview {
			return errs.Conflict.New("review.joint")
		}
		return nil
	}
	m, err := meetingTx(ctx, tx, actor, d.Meeting)
	if err != nil {
		return err
	}
	if m.Level != level.Code || m.Campaign != rec.Campaign {
		return errs.Conflict.New("review.wrong_level", "level", level.Code)
	}
	switch n, err := tx.Exec(ctx, holdMeeting, rec.County, d.Meeting); {
	case err != nil:
		return err
	case n != 1:
		return errs.Conflict.New("review.meeting_closed")
	}
	row := []any{rec.County, d.ID, d.Meeting, rec.ID, tx.Now()}
	if _, err := tx.Exec(ctx, insertVerdict, row...); err != nil {
		return err
	}
	return audit.LogTx(ctx, tx, LoggedVerdicts, row)
}

// Meetings lists those of a campaign in the actor's region, the latest first. Returns Forbidden, NotFound "survey.not_found".
func (s *Service) Meetings(ctx context.Context, actor authz.Actor, campaign string) ([]Meeting, error) {
	if err := actor.Require(authz.SubmissionRead); err != nil {
		return nil, err
	}
	var out []Meeting
	err := s.d.View(ctx, func(tx *db.Tx) error {
		c, err := survey.VisibleTx(ctx, tx, actor, campaign)
		if err != nil {
			return err
		}
		lo, hi := actor.Scope()
		if out, err = db.List(ctx, tx, scanMeeting, selectMeetings, c.County, c.ID, lo, hi); err != nil {
			return err
		}
		for i := range out {
			out[i].entitle(c, actor)
		}
		return nil
	})
	return out, err
}

// Meeting gives a meeting of the actor's region with what it decided. Returns Forbidden, NotFound "review.no_meeting".
func (s *Service) Meeting(ctx context.Context, actor authz.Actor, meeting string) (Meeting, error) {
	var m Meeting
	if err := actor.Require(authz.SubmissionRead); err != nil {
		return m, err
	}
	err := s.d.View(ctx, func(tx *db.Tx) (err error) {
		if m, err = meetingTx(ctx, tx, actor, meeting); err != nil {
			return err
		}
		c, err := survey.CampaignTx(ctx, tx, actor.County, m.Campaign)
		if err != nil {
			return err
		}
		m.entitle(c, actor)
		m.Verdicts, err = verdictsTx(ctx, tx, actor, meeting, "")
		return err
	})
	return m, err
}

func (m *Meeting) entitle(c survey.Campaign, actor authz.Actor) {
	for _, l := range c.Plan.Review {
		if l.Code == m.Level {
			m.LevelTitle = l.Title
			m.May = l.Role == string(actor.Role) && actor.Can(authz.ReviewDecide) && m.State == MeetingOpen
		}
	}
}
