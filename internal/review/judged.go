package review

import (
	"context"

	"ruhu/internal/db"
	"ruhu/internal/job"
	"ruhu/internal/submission"
	"ruhu/internal/survey"
)

// Listen lets forms go past a first level that does not look at them, in the transaction that judges them.
func (s *Service) Listen() { s.bus.Inside("submission.judged", s.judged) }

func (s *Service) judged(ctx context.Context, tx *db.Tx, events []job.Event) error {
	byCampaign := map[string][]string{}
	for _, ev := range events {
		j, err := job.Decode[submission.Judged](ev)
		if err != nil {
			return err
		}
		byCampaign[j.Campaign] = append(byCampaign[j.Campaign], j.Submission)
	}
	for campaign, ids := range byCampaign {
		c, err := survey.CampaignTx(ctx, tx, events[0].County, campaign)
		if err != nil {
			return err
		}
		if c.Plan.Review[0].LooksAtAll() {
			continue
		}
		recs, err := submission.ByIDsTx(ctx, tx, c.County, ids)
		if err != nil {
			return err
		}
		for _, k := range ids {
			rec := recs[k]
			if rec.State != submission.StateReview || rec.Level != c.Plan.Review[0].Code {
				continue
			}
			on, err := s.forward(ctx, tx, c, rec, 0)
			if err == nil && !on { // an old playbook may have no level that sees all
				err = s.accept(ctx, tx, c, rec, rec.Level)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}
