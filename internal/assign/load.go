package assign

import (
	"context"

	"ruhu/internal/db"
	"ruhu/internal/roster"
	"ruhu/internal/survey"
)

// loadTx gives the base list of a campaign and its assignments by household.
func (s *Service) loadTx(ctx context.Context, tx *db.Tx, c survey.Campaign) ([]roster.Household, map[string]Assignment, error) {
	hs, err := roster.CampaignTx(ctx, tx, c.County, c.ID)
	if err != nil {
		return nil, nil, err
	}
	as, err := db.List(ctx, tx, scanAssignment, selectAll, c.County, c.ID)
	taken := make(map[string]Assignment, len(as))
	for _, a := range as {
		taken[a.Household] = a
	}
	return hs, taken, err
}
