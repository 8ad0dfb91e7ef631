package circular

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"ruhu/internal/db"
	"ruhu/internal/progress"
	"ruhu/internal/region"
	"ruhu/internal/survey"
)

// Difference is a village whose days do not add up to what progress counts.
type Difference struct {
	Campaign string
	Village  region.Code
	What     string
	Days     int // what the days add up to
	Counted  int
}

func (d Difference) String() string {
	return fmt.Sprintf("%s village %s %s: days add up to %d, counted %d", d.Campaign, d.Village, d.What, d.Days, d.Counted)
}

// Recount adds up the days of every running campaign that keeps them and compares with the cells of progress, which progress.Service.Recount compares
// with the things themselves. Days are never repaired: they say what was issued.
func (s *Service) Recount(ctx context.Context, county string) ([]Difference, error) {
	var out []Difference
	err := s.d.View(ctx, func(tx *db.Tx) error {
		running, err := survey.RunningTx(ctx, tx)
		if err != nil {
			return err
		}
		for _, c := range running {
			if c.County != county || !c.Plan.Circulars.Asked() {
				continue
			}
			diffs, err := recountTx(ctx, tx, c)
			if err != nil {
				return err
			}
			out = append(out, diffs...)
		}
		return nil
	})
	return out, err
}

// forever is a period that every day lies in.
var forever = Period{"0000-01-01", "9999-12-31"}

func recountTx(ctx context.Context, tx *db.Tx, c survey.Campaign) ([]Difference, error) {
	lo, hi := c.Region.Range()
	days, err := figuresTx(ctx, tx, c.County, c.ID, lo, hi, forever)
	if err != nil {
		return nil, err
	}
	counted, err := progress.TotalsTx(ctx, tx, c.County, c.ID, lo, hi)
	if err != nil {
		return nil, err
	}
	all := maps.Clone(days)
	for v := range counted {
		all[v] = days[v]
	}
	var out []Difference
	for _, v := range slices.Sorted(maps.Keys(all)) {
		f, n := days[v], counted[v]
		for _, x := range []struct {
			what       string
			days, kept int
		}{
			{whatAssigned, f.Assigned, n.Assigned},
			{whatSubmitted, f.Submitted, n.Submitted},
			{whatAccepted, f.Accepted, n.Accepted},
			{whatProblem, f.Problems, n.ProblemsOpen + n.ProblemsClosed},
			{whatClosed, f.ProblemsClosed, n.ProblemsClosed},
		} {
			if x.days != x.kept {
				out = append(out, Difference{c.ID, v, x.what, x.days, x.kept})
			}
		}
	}
	return out, nil
}
