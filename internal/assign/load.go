package assign

import (
	"context"
	"slices"

	"ruhu/internal/db"
	"ruhu/internal/roster"
	"ruhu/internal/sampling"
	"ruhu/internal/survey"
)

// loadTx gives the households of a campaign that are visited, which are those of its sample where it has a design, and its assignments by household.
func (s *Service) loadTx(ctx context.Context, tx *db.Tx, c survey.Campaign) ([]roster.Household, map[string]Assignment, error) {
	hs, err := roster.CampaignTx(ctx, tx, c.County, c.ID)
	if err != nil {
		return nil, nil, err
	}
	selected, sampled, err := sampling.SelectedTx(ctx, tx, c)
	if err != nil {
		return nil, nil, err
	}
	if sampled {
		hs = slices.DeleteFunc(hs, func(h roster.Household) bool { return !selected[h.ID] })
	}
	as, err := db.List(ctx, tx, scanAssignment, selectAll, c.County, c.ID)
	taken := make(map[string]Assignment, len(as))
	for _, a := range as {
		taken[a.Household] = a
	}
	return hs, taken, err
}
