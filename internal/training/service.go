package training

import (
	"context"

	"ruhu/internal/assign"
	"ruhu/internal/audit"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/survey"
)

// Service receives attempts and sums them up. It is safe for many goroutines.
type Service struct {
	d       *db.DB
	assigns *assign.Service
}

// NewService makes a Service.
func NewService(d *db.DB, assigns *assign.Service) *Service { return &Service{d, assigns} }

// QuizAttempt is what a phone sends.
type QuizAttempt struct {
	ID         string       `json:"id"` // made by the phone; the questions are drawn by it
	Campaign   string       `json:"campaign"`
	Answers    []QuizAnswer `json:"answers"`
	FinishedAt db.Time      `json:"finished_at"` // by the phone's clock
}

// QuizMark is what an attempt came to.
type QuizMark struct {
	ID         string   `json:"id"`
	Asked      int      `json:"asked"`
	Correct    int      `json:"correct"`
	Passed     bool     `json:"passed"`
	Wrong      []string `json:"wrong"` // codes of questions
	FinishedAt db.Time  `json:"finished_at"`
	ReceivedAt db.Time  `json:"received_at"`

	account, name, campaign string
}

const (
	maxAnswers = 100
	maxChosen  = 20
)

// check normalises what was sent. Returns Invalid "id.malformed", "training.answers".
func (a *QuizAttempt) check() error {
	var err error
	if a.ID, err = id.Parse(a.ID); err != nil {
		return err
	}
	if a.Campaign, err = id.Parse(a.Campaign); err != nil {
		return err
	}
	bad := len(a.Answers) > maxAnswers
	for i, x := range a.Answers {
		bad = bad || x.Question == "" || len(x.Question) > 100 || len(x.Chosen) > maxChosen
		if x.Chosen == nil {
			a.Answers[i].Chosen = []int{}
		}
	}
	if bad {
		return errs.Invalid.New("training.answers", "field", "answers", "limit", maxAnswers)
	}
	return nil
}

// Receive keeps an attempt and marks it; the same one sent again gets the same answer. Returns Forbidden, Invalid "id.malformed",
// "training.answers", NotFound "survey.not_found", "training.no_quiz", Conflict "training.taken" for an id that another attempt has.
func (s *Service) Receive(ctx context.Context, actor authz.Actor, a QuizAttempt) (QuizMark, error) {
	if err := actor.Require(authz.FieldUse); err != nil {
		return QuizMark{}, err
	}
	if err := a.check(); err != nil {
		return QuizMark{}, err
	}
	var out QuizMark
	err := s.d.Update(ctx, func(tx *db.Tx) error {
		c, err := survey.VisibleTx(ctx, tx, actor, a.Campaign)
		if err != nil {
			return err
		}
		q := c.Plan.Quiz
		if len(q.Questions) == 0 {
			return errs.NotFound.New("training.no_quiz", "campaign", c.ID)
		}
		drawn := Draw(q, a.ID)
		wrong := Mark(drawn, a.Answers)
		out = QuizMark{
			ID: a.ID, Asked: len(drawn), Correct: len(drawn) - len(wrong), Wrong: wrong, FinishedAt: a.FinishedAt, ReceivedAt: tx.Now(),
			account: actor.ID, name: actor.Name, campaign: c.ID,
		}
		out.Passed = out.Correct >= q.Pass
		if out.FinishedAt.IsZero() || out.FinishedAt.Time().After(tx.Now().Time()) { // a phone's clock may be wrong; nothing is finished after it arrived
			out.FinishedAt = tx.Now()
		}
		isNew, err := insertTx(ctx, tx, c.County, out, a.Answers)
		if err != nil {
			return err
		}
		if !isNew {
			out, err = resultTx(ctx, tx, c.County, a.ID)
			if err == nil && (out.account != actor.ID || out.campaign != c.ID) {
				return errs.Conflict.New("training.taken")
			}
			return err
		}
		return audit.Write(ctx, tx, actor, audit.Entry{
			Action: "training.result", Campaign: c.ID, Object: "training_result", ObjectID: out.ID, Place: actor.Region,
			Detail: map[string]any{"correct": out.Correct, "asked": out.Asked, "passed": out.Passed},
		})
	})
	return out, err
}
