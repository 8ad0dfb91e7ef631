package circular

import (
	"context"
	"errors"
	"fmt"

	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/survey"
)

// due is a period that is over and has no circular.
type due struct {
	campaign survey.Campaign
	series   string
	to       db.Date
}

// Sweep computes the circulars of all periods of running campaigns that are over and never had one. A period in which no village had anything
// to do has none. It may run beside others.
func (s *Service) Sweep(ctx context.Context) error {
	var all []due
	err := s.d.View(ctx, func(tx *db.Tx) (err error) {
		all, err = dueTx(ctx, tx)
		return err
	})
	var failed []error
	for _, x := range all {
		err := s.d.Update(ctx, func(tx *db.Tx) error {
			return s.computeTx(ctx, tx, authz.System(x.campaign.County), x.campaign, id.New(), x.series, x.to)
		})
		if err != nil && errs.CodeOf(err) != "circular.there_is" { // somebody else was quicker
			failed = append(failed, fmt.Errorf("circular of %s for %s: %w", x.campaign.ID, x.to, err))
		}
	}
	return errors.Join(append(failed, err)...)
}

func dueTx(ctx context.Context, tx *db.Tx) ([]due, error) {
	running, err := survey.RunningTx(ctx, tx)
	if err != nil {
		return nil, err
	}
	var out []due
	for _, c := range running {
		known := map[string]bool{}
		for _, ser := range c.Plan.Circulars.Series {
			for _, p := range Periods(ser, c.Stages) {
				if !closed(c, p, tx.Now()) {
					break
				}
				if len(known) == 0 {
					if known, err = knownTx(ctx, tx, c); err != nil {
						return nil, err
					}
				}
				if known[ser.Code+string(p.To)] {
					continue
				}
				lo, hi := c.Region.Range()
				figures, err := figuresTx(ctx, tx, c.County, c.ID, lo, hi, p)
				if err != nil {
					return nil, err
				}
				if len(figures) > 0 {
					out = append(out, due{c, ser.Code, p.To})
				}
			}
		}
	}
	return out, nil
}

// knownTx gives the periods of a campaign that have or had a circular, under series and last day; "" is always among them.
func knownTx(ctx context.Context, tx *db.Tx, c survey.Campaign) (map[string]bool, error) {
	out := map[string]bool{"": true}
	err := tx.Query(ctx, selectKnown, []any{c.County, c.ID}, func(scan func(...any) error) error {
		var series, to string
		err := scan(&series, &to)
		out[series+to] = true
		return err
	})
	return out, err
}
