package progress

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"ruhu/internal/db"
)

// progress reads the tables of assign and ledger here: a recount that asked the packages that keep the counters right would
// prove nothing.
const (
	countAssignments = `SELECT campaign, village, team, day, state, count(*) FROM assign_assignment WHERE county = $1 AND state <> 'replaced'
 GROUP BY campaign, village, team, day, state`
	countProblems = `SELECT campaign, village, team, found_on, due_on, state, count(*) FROM ledger_item WHERE county = $1
 GROUP BY campaign, village, team, found_on, due_on, state`
	selectAllCells = `SELECT campaign, kind, village, team, day, due_on, state, n FROM progress_cell WHERE county = $1 AND n <> 0`
	deleteCells    = `DELETE FROM progress_cell WHERE county = $1`
)

// Difference is a cell or a sum of cells that is not what a count gives. Of a sum, Kind begins with "sum" and names what it is of, Village is the
// township, Team the village, team or day that was summed up.
type Difference struct {
	Campaign, Kind, Village, Team string
	Day, DueOn                    db.Date
	State                         string
	Kept, Counted                 int
}

func (d Difference) String() string {
	return fmt.Sprintf("%s %s village %s team %s day %s due %s %s: kept %d, counted %d",
		d.Campaign, d.Kind, d.Village, d.Team, d.Day, d.DueOn, d.State, d.Kept, d.Counted)
}

// Recount counts a county anew and tells where the kept cells differ, in a fixed order. With repair the cells are written anew.
func (s *Service) Recount(ctx context.Context, county string, repair bool) ([]Difference, error) {
	var out []Difference
	run := s.d.View
	if repair {
		run = s.d.Update
	}
	err := run(ctx, func(tx *db.Tx) error {
		counted, kept := map[cell]int{}, map[cell]int{}
		if err := countTx(ctx, tx, county, counted, kept); err != nil {
			return err
		}
		summed, err := sumsTx(ctx, tx, county)
		if err != nil {
			return err
		}
		out = append(compare(kept, counted), compareSums(summed, sumUp(counted))...)
		if !repair || len(out) == 0 {
			return nil
		}
		for _, q := range []string{deleteCells, deleteSums, deleteDue} {
			if _, err := tx.Exec(ctx, q, county); err != nil {
				return err
			}
		}
		return s.write(ctx, tx, deltas{county: counted})
	})
	return out, err
}

func countTx(ctx context.Context, tx *db.Tx, county string, counted, kept map[cell]int) error {
	err := tx.Query(ctx, countAssignments, []any{county}, func(scan func(...any) error) error {
		c := cell{kind: kindAssignment}
		var n int
		err := scan(&c.campaign, &c.village, &c.team, &c.day, &c.state, &n)
		counted[c] += n
		return err
	})
	if err != nil {
		return err
	}
	err = tx.Query(ctx, countProblems, []any{county}, func(scan func(...any) error) error {
		c := cell{kind: kindProblem}
		var n int
		err := scan(&c.campaign, &c.village, &c.team, &c.day, &c.due, &c.state, &n)
		counted[c] += n
		return err
	})
	if err != nil {
		return err
	}
	return tx.Query(ctx, selectAllCells, []any{county}, func(scan func(...any) error) error {
		var c cell
		var n int
		err := scan(&c.campaign, &c.kind, &c.village, &c.team, &c.day, &c.due, &c.state, &n)
		kept[c] += n
		return err
	})
}

func compare(kept, counted map[cell]int) []Difference {
	var out []Difference
	for _, c := range union(kept, counted, compareCells) {
		if kept[c] != counted[c] {
			out = append(out, Difference{c.campaign, c.kind, string(c.village), c.team, c.day, c.due, c.state, kept[c], counted[c]})
		}
	}
	return out
}

func compareSums(kept, counted sums) []Difference {
	var out []Difference
	for _, p := range union(kept.counts, counted.counts, comparePlaces) {
		k, n := *at(kept.counts, p), *at(counted.counts, p)
		for _, x := range []struct {
			state         string
			kept, counted int
		}{
			{"assigned", k.Assigned, n.Assigned},
			{"submitted", k.Submitted, n.Submitted},
			{"returned", k.Returned, n.Returned},
			{"accepted", k.Accepted, n.Accepted},
			{"problems_open", k.ProblemsOpen, n.ProblemsOpen},
			{"problems_closed", k.ProblemsClosed, n.ProblemsClosed},
		} {
			if x.kept != x.counted {
				out = append(out, p.differs("", x.state, x.kept, x.counted))
			}
		}
	}
	for _, d := range union(kept.due, counted.due, compareDue) {
		if kept.due[d] != counted.due[d] {
			out = append(out, d.differs(d.on, "due", kept.due[d], counted.due[d]))
		}
	}
	return out
}

func (p place) differs(on db.Date, state string, kept, counted int) Difference {
	return Difference{p.campaign, "sum by " + p.axis, string(p.township), p.item, "", on, state, kept, counted}
}

// union gives the keys of both, in order.
func union[K comparable, V any](a, b map[K]V, order func(K, K) int) []K {
	all := maps.Clone(a)
	maps.Copy(all, b)
	return slices.SortedFunc(maps.Keys(all), order)
}
