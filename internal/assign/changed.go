package assign

import (
	"context"

	"ruhu/internal/db"
	"ruhu/internal/job"
	"ruhu/internal/roster"
)

// onRosterChanged takes visits off the plan when a later import moved the household to another village or class: the team, the day
// and the form were chosen for what it was. What has been handed in stays. The next plan takes the household up again.
func (s *Service) onRosterChanged(ctx context.Context, tx *db.Tx, evs []job.Event) error {
	for _, ev := range evs {
		ch, err := job.Decode[roster.Changed](ev)
		if err != nil {
			return err
		}
		as, err := ByHouseholdsTx(ctx, tx, ev.County, ch.Campaign, ch.Households)
		if err != nil {
			return err
		}
		var events []any
		for _, h := range ch.Households {
			a, ok := as[h]
			if !ok || a.State != Open {
				continue
			}
			if _, err := tx.Exec(ctx, deleteOne, ev.County, a.ID); err != nil {
				return err
			}
			events = append(events, a.moved(Open, ""))
		}
		if err := s.bus.Emit(ctx, tx, ev.County, EventPlanned, events...); err != nil {
			return err
		}
	}
	return nil
}
