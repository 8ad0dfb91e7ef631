package progress

import (
	"cmp"
	"context"
	"slices"

	"ruhu/internal/assign"
	"ruhu/internal/db"
	"ruhu/internal/job"
	"ruhu/internal/ledger"
	"ruhu/internal/region"
)

// Kinds of things that are counted.
const (
	kindAssignment = "assignment"
	kindProblem    = "problem"
)

// cell is what the counted things have in common.
type cell struct {
	campaign, kind string
	village        region.Code
	team           string
	day, due       db.Date
	state          string
}

// open reports whether a cell is of problems that are not closed.
func (c cell) open() bool { return c.kind == kindProblem && ledger.State(c.state) != ledger.Closed }

const (
	addCells     = `INSERT INTO progress_cell (county, campaign, kind, village, team, day, due_on, state, n) VALUES `
	toCells      = ` ON CONFLICT (county, campaign, kind, village, team, day, due_on, state) DO UPDATE SET n = progress_cell.n + excluded.n`
	raiseVersion = `INSERT INTO progress_version (county, campaign, version, updated_at) VALUES ($1, $2, 1, $3)
 ON CONFLICT (county, campaign) DO UPDATE SET version = progress_version.version + 1, updated_at = excluded.updated_at`
)

// Listen registers the handlers that keep the cells.
func (s *Service) Listen() {
	s.bus.Inside(assign.EventPlanned, s.assigned)
	s.bus.Inside(assign.EventMoved, s.assigned)
	s.bus.Inside(ledger.EventMoved, s.problem)
}

func (s *Service) assigned(ctx context.Context, tx *db.Tx, events []job.Event) error {
	d := deltas{}
	for _, ev := range events {
		m, err := job.Decode[assign.Moved](ev)
		if err != nil {
			return err
		}
		c := cell{campaign: m.Campaign, kind: kindAssignment, village: m.Village, team: m.Team, day: m.Day}
		d.move(ev.County, c, string(m.From), string(m.To))
	}
	return s.write(ctx, tx, d)
}

func (s *Service) problem(ctx context.Context, tx *db.Tx, events []job.Event) error {
	d := deltas{}
	for _, ev := range events {
		m, err := job.Decode[ledger.Moved](ev)
		if err != nil {
			return err
		}
		c := cell{campaign: m.Campaign, kind: kindProblem, village: m.Village, team: m.Team, day: m.Day, due: m.DueOn}
		d.move(ev.County, c, string(m.From), string(m.To))
	}
	return s.write(ctx, tx, d)
}

// deltas is what a group of events changes, by county.
type deltas map[string]map[cell]int

func (d deltas) move(county string, c cell, from, to string) {
	if d[county] == nil {
		d[county] = map[cell]int{}
	}
	if counts(from) {
		c.state = from
		d[county][c]--
	}
	if counts(to) {
		c.state = to
		d[county][c]++
	}
}

// counts reports whether a state is counted: an assignment that was replaced is off the plan.
func counts(state string) bool { return state != "" && state != string(assign.Replaced) }

// write adds the deltas in a fixed order, so that two writers wait for each other instead of locking each other out.
func (s *Service) write(ctx context.Context, tx *db.Tx, d deltas) error {
	for county, cells := range d {
		var order []cell
		for c, n := range cells {
			if n != 0 {
				order = append(order, c)
			}
		}
		slices.SortFunc(order, compareCells)
		if err := addTx(ctx, tx, county, order, cells); err != nil {
			return err
		}
		if err := sumUp(cells).addTx(ctx, tx, county); err != nil {
			return err
		}
		campaigns := map[string]bool{}
		for _, c := range order {
			campaigns[c.campaign] = true
		}
		for _, c := range order {
			if campaigns[c.campaign] {
				delete(campaigns, c.campaign)
				if _, err := tx.Exec(ctx, raiseVersion, county, c.campaign, tx.Now()); err != nil {
					return err
				}
				tx.AfterCommit(func() { s.hub.tell(county + c.campaign) })
			}
		}
	}
	return nil
}

// addTx adds to cells.
func addTx(ctx context.Context, tx *db.Tx, county string, order []cell, n map[cell]int) error {
	rows := make([][]any, len(order))
	for i, c := range order {
		rows[i] = []any{county, c.campaign, c.kind, c.village, c.team, string(c.day), string(c.due), c.state, n[c]}
	}
	_, err := db.Insert(ctx, tx, addCells, rows, toCells)
	return err
}

func compareCells(a, b cell) int {
	return cmp.Or(
		cmp.Compare(a.campaign, b.campaign), cmp.Compare(a.kind, b.kind), cmp.Compare(a.village, b.village), cmp.Compare(a.team, b.team),
		cmp.Compare(a.day, b.day), cmp.Compare(a.due, b.due), cmp.Compare(a.state, b.state),
	)
}
