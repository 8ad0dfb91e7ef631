package review

import (
	"context"

	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/survey"
)

// maxBulk is how many forms are decided on at once.
const maxBulk = 200

// Many is one action on several forms. Each has an id of its own, so sending it again decides nothing twice.
type Many struct {
	Action Action
	Note   string
	Forms  []One
}

// One is a form of Many: the id of its decision, and the revision that was looked at.
type One struct {
	ID         string `json:"id"`
	Submission string `json:"submission"`
	Revision   int    `json:"revision"`
}

// Outcome is what became of one form.
type Outcome struct {
	Submission string
	Refused    error // nil: decided
}

// DecideMany decides on each form by itself, under the rules of Decide: one that is refused hinders no other, and each is written whole or not at all.
// Returns Forbidden, NotFound "survey.not_found", Invalid "review.action", "review.bulk", "id.malformed"; what else goes wrong with a form is in its Outcome.
func (s *Service) DecideMany(ctx context.Context, actor authz.Actor, campaign string, m Many) ([]Outcome, error) {
	if err := actor.Require(authz.ReviewDecide); err != nil {
		return nil, err
	}
	if m.Action != Approve && m.Action != Return {
		return nil, errs.Invalid.New("review.action", "field", "action")
	}
	if len(m.Forms) == 0 || len(m.Forms) > maxBulk {
		return nil, errs.Invalid.New("review.bulk", "field", "forms", "limit", maxBulk)
	}
	err := s.d.View(ctx, func(tx *db.Tx) error {
		_, err := survey.VisibleTx(ctx, tx, actor, campaign)
		return err
	})
	if err != nil {
		return nil, err
	}
	out := make([]Outcome, 0, len(m.Forms))
	for _, f := range m.Forms {
		if _, err := id.Parse(f.Submission); err != nil {
			return nil, err
		}
		err := s.decide(ctx, actor, f.Submission, Decision{ID: f.ID, Action: m.Action, Revision: f.Revision, Note: m.Note})
		if _, ours := errs.As(err); err != nil && !ours {
			return nil, err
		}
		out = append(out, Outcome{f.Submission, err})
	}
	return out, nil
}
