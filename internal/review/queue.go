package review

import (
	"context"

	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/submission"
	"ruhu/internal/survey"
)

// Row is a form in the queue.
type Row struct {
	submission.Row
	DueOn db.Date // in review: the last day for the level; "" otherwise
	Late  bool    // that day is over
	Code  string  // 编码; "" while it has none
}

// Page is one page of the queue.
type Page struct {
	submission.Page
	Rows []Row // Items with their deadlines
}

// Queue gives the forms of a campaign in the actor's region, the longest waiting first. Age takes one column of the matrix, counted from 1; 0 takes all.
// Returns Forbidden, NotFound "survey.not_found", Invalid "submission.cursor", "submission.state".
func (s *Service) Queue(ctx context.Context, actor authz.Actor, campaign string, f submission.Filter, age int) (Page, error) {
	var p Page
	if err := actor.Require(authz.SubmissionRead); err != nil {
		return p, err
	}
	err := s.d.View(ctx, func(tx *db.Tx) error {
		c, err := survey.VisibleTx(ctx, tx, actor, campaign)
		if err != nil {
			return err
		}
		today := c.Today(tx.Now())
		if age > 0 {
			f.Since = s.span(c, today, age)
		}
		if p.Page, err = submission.PageTx(ctx, tx, actor, campaign, f); err != nil {
			return err
		}
		ids := make([]string, len(p.Items))
		for i, r := range p.Items {
			ids[i] = r.ID
		}
		codes, err := codesTx(ctx, tx, c.County, c.ID, ids)
		p.Rows = make([]Row, len(p.Items))
		for i, r := range p.Items {
			due := s.due(c, r.Record)
			p.Rows[i] = Row{r, due, due != "" && due < today, codes[r.ID]}
		}
		return err
	})
	return p, err
}

// due is the last day on which the level at which a form waits should decide on it, in working days; "" when it waits at none.
func (s *Service) due(c survey.Campaign, rec submission.Record) db.Date {
	for _, l := range c.Plan.Review {
		if rec.State == submission.StateReview && rec.Level == l.Code && rec.Since != "" {
			return s.cal.Add(rec.Since, l.DeadlineDays)
		}
	}
	return ""
}
