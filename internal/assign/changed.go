package assign

import (
	"context"

	"ruhu/internal/db"
	"ruhu/internal/job"
	"ruhu/internal/roster"
	"ruhu/internal/sampling"
	"ruhu/internal/survey"
)

// What the rooms above say about households, and what becomes of their visits. An open visit leaves the plan, and the next plan takes up what
// is to be visited now. Work is never lost by it: what is handed in stays as it is; a visit that is begun, or whose form was returned, keeps its
// row and its team. If the household is off the list or out of the sample, such a visit counts nowhere (Replaced), and a form that still comes
// is kept by package submission.

// onRosterChanged hears that households were struck, or have another village or class: the team, the day and the form were chosen for what
// they were.
func (s *Service) onRosterChanged(ctx context.Context, tx *db.Tx, evs []job.Event) error {
	for _, ev := range evs {
		ch, err := job.Decode[roster.Changed](ev)
		if err != nil {
			return err
		}
		as, err := ByHouseholdsTx(ctx, tx, ev.County, ch.Campaign, ch.Households)
		if err != nil || len(as) == 0 {
			return err
		}
		visited, err := visitedTx(ctx, tx, ev.County, ch.Campaign, ch.Households)
		if err != nil {
			return err
		}
		for _, h := range ch.Households {
			if a, ok := as[h]; ok {
				if err := s.reviseTx(ctx, tx, a, visited[h], true); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// onSampleDrawn hears of a draw: households of an earlier one that are not in it leave the plan, and those that are in it again come back.
// What has begun goes on: the household is there, only the lot has changed.
func (s *Service) onSampleDrawn(ctx context.Context, tx *db.Tx, evs []job.Event) error {
	for _, ev := range evs {
		d, err := job.Decode[sampling.DrawnEvent](ev)
		if err != nil {
			return err
		}
		as, err := db.List(ctx, tx, scanAssignment, selectAll, ev.County, d.Campaign)
		if err != nil || len(as) == 0 {
			return err
		}
		ids := make([]string, len(as))
		for i, a := range as {
			ids[i] = a.Household
		}
		visited, err := visitedTx(ctx, tx, ev.County, d.Campaign, ids)
		if err != nil {
			return err
		}
		for _, a := range as {
			if !visited[a.Household] && (a.Begun || a.State == Returned) {
				continue
			}
			if err := s.reviseTx(ctx, tx, a, visited[a.Household], false); err != nil {
				return err
			}
		}
	}
	return nil
}

// onSampleReplaced hears that a household of the sample does not exist or has moved away. The one in its place is planned with the rest.
func (s *Service) onSampleReplaced(ctx context.Context, tx *db.Tx, evs []job.Event) error {
	for _, ev := range evs {
		r, err := job.Decode[sampling.ReplacedEvent](ev)
		if err != nil {
			return err
		}
		as, err := ByHouseholdsTx(ctx, tx, ev.County, r.Campaign, []string{r.Household})
		if err != nil {
			return err
		}
		if a, ok := as[r.Household]; ok {
			if err := s.reviseTx(ctx, tx, a, false, false); err != nil {
				return err
			}
		}
	}
	return nil
}

// reviseTx settles one visit. changed: the household is still visited, but not as what it was.
func (s *Service) reviseTx(ctx context.Context, tx *db.Tx, a Assignment, visited, changed bool) error {
	move := func(to State) error {
		return SetStateTx(ctx, tx, s.bus, []Move{{County: a.County, ID: a.ID, To: to}})
	}
	switch {
	case visited && a.State == Replaced:
		return move(Open)
	case a.State == Open && !a.Begun && (changed || !visited):
		if _, err := tx.Exec(ctx, deleteOne, a.County, a.ID); err != nil {
			return err
		}
		return s.bus.Emit(ctx, tx, a.County, EventPlanned, a.moved(Open, ""))
	case !visited && (a.State == Open || a.State == Returned):
		return move(Replaced)
	}
	return nil
}

// visitedTx tells which households are on the list and, where the playbook has a design, in the sample.
func visitedTx(ctx context.Context, tx *db.Tx, county, campaign string, households []string) (map[string]bool, error) {
	c, err := survey.CampaignTx(ctx, tx, county, campaign)
	if err != nil {
		return nil, err
	}
	selected, sampled, err := sampling.SelectedTx(ctx, tx, c)
	if err != nil {
		return nil, err
	}
	hs, err := roster.NamesTx(ctx, tx, county, households)
	out := make(map[string]bool, len(hs))
	for id, h := range hs {
		out[id] = h.State != roster.Struck && (!sampled || selected[id])
	}
	return out, err
}
