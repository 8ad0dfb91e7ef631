package assign

import (
	"context"
	"math"
	"slices"

	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/playbook"
	"ruhu/internal/survey"
)

const (
	countStates = `SELECT count(*), count(*) FILTER (WHERE state IN ('open', 'returned')), count(*) FILTER (WHERE state <> 'done')
		FROM assign_assignment WHERE county = $1 AND campaign = $2 AND state <> 'replaced'`
)

// registerGates tells package survey what holds a stage up as far as the base list, teams and visits go.
func (s *Service) registerGates() {
	s.surveys.RegisterGate(survey.GateTeamsComplete, s.teamsComplete)
	s.surveys.RegisterGate(survey.GateAssignmentsPlanned, s.allPlanned)
	s.surveys.RegisterGate(survey.GateAllVisited, func(ctx context.Context, tx *db.Tx, c survey.Campaign) ([]*errs.Error, error) {
		_, unvisited, _, err := states(ctx, tx, c)
		return missing(unvisited, "assign.gate_unvisited"), err
	})
	s.surveys.RegisterGate(survey.GateAllReviewed, func(ctx context.Context, tx *db.Tx, c survey.Campaign) ([]*errs.Error, error) {
		_, _, undone, err := states(ctx, tx, c)
		return missing(undone, "assign.gate_unreviewed"), err
	})
}

func states(ctx context.Context, tx *db.Tx, c survey.Campaign) (all, unvisited, undone int, err error) {
	err = tx.QueryRow(ctx, countStates, c.County, c.ID).Scan(&all, &unvisited, &undone)
	return all, unvisited, undone, err
}

func missing(n int, code string) []*errs.Error {
	if n == 0 {
		return nil
	}
	return []*errs.Error{errs.Conflict.New(code, "count", n)}
}

// teamsComplete: there is a team, every team has its full size, and the county sends its share of all enumerators (S3.4).
func (s *Service) teamsComplete(ctx context.Context, tx *db.Tx, c survey.Campaign) ([]*errs.Error, error) {
	ts, err := s.TeamsTx(ctx, tx, c.County, c.ID)
	if err != nil {
		return nil, err
	}
	if len(ts) == 0 {
		return []*errs.Error{errs.Conflict.New("assign.gate_no_team")}, nil
	}
	var out []*errs.Error
	people, county := 0, 0
	ts = slices.DeleteFunc(ts, func(t Team) bool { return t.Dropped })
	for _, t := range ts {
		if n := len(t.Members); n != c.Plan.Team.Size {
			out = append(out, errs.Conflict.New("assign.gate_team_size", "team", t.Name, "count", n, "size", c.Plan.Team.Size))
		}
		for _, m := range t.Members {
			people++
			if m.FromCounty {
				county++
			}
		}
	}
	if c.Plan.Team.ShareBy == playbook.ShareOfEachTeam {
		want := int(math.Round(c.Plan.Team.CountyShare * float64(c.Plan.Team.Size)))
		for _, t := range ts {
			n := 0
			for _, m := range t.Members {
				if m.FromCounty {
					n++
				}
			}
			if n < want {
				out = append(out, errs.Conflict.New("assign.gate_team_share", "team", t.Name, "count", n, "want", want))
			}
		}
	}
	// One person may be lacking where the number of people does not divide.
	if want := int(c.Plan.Team.CountyShare * float64(people)); county < want {
		out = append(out, errs.Conflict.New("assign.gate_county_share", "count", county, "want", want, "people", people))
	}
	return out, nil
}

// allPlanned: every household of a class that the campaign visits has its team and day.
func (s *Service) allPlanned(ctx context.Context, tx *db.Tx, c survey.Campaign) ([]*errs.Error, error) {
	hs, taken, err := s.loadTx(ctx, tx, c)
	if err != nil {
		return nil, err
	}
	without, visited := 0, 0
	for _, h := range hs {
		if _, ok := c.FormFor(string(h.Class)); !ok {
			continue
		}
		visited++
		if _, ok := taken[h.ID]; !ok {
			without++
		}
	}
	if visited == 0 {
		return []*errs.Error{errs.Conflict.New("assign.gate_no_household")}, nil
	}
	return missing(without, "assign.gate_unplanned"), nil
}
