package progress

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"ruhu/internal/db"
	"ruhu/internal/region"
)

// Axes along which cells are summed up.
const (
	axisVillage = "village"
	axisTeam    = "team"
	axisDay     = "day"
)

var axes = [...]string{axisVillage, axisTeam, axisDay}

const (
	addSums = `INSERT INTO progress_sum (county, campaign, axis, township, item, assigned, submitted, returned, accepted, problems_open, problems_closed) VALUES `
	toSums  = ` ON CONFLICT (county, campaign, axis, township, item) DO UPDATE SET
 assigned = progress_sum.assigned + excluded.assigned, submitted = progress_sum.submitted + excluded.submitted,
 returned = progress_sum.returned + excluded.returned, accepted = progress_sum.accepted + excluded.accepted,
 problems_open = progress_sum.problems_open + excluded.problems_open, problems_closed = progress_sum.problems_closed + excluded.problems_closed`
	addDue = `INSERT INTO progress_due (county, campaign, axis, due_on, township, item, n) VALUES `
	toDue  = ` ON CONFLICT (county, campaign, axis, due_on, township, item) DO UPDATE SET n = progress_due.n + excluded.n`

	selectAllSums = `SELECT campaign, axis, township, item, assigned, submitted, returned, accepted, problems_open, problems_closed
 FROM progress_sum WHERE county = $1`
	selectAllDue = `SELECT campaign, axis, township, item, due_on, n FROM progress_due WHERE county = $1`
	deleteSums   = `DELETE FROM progress_sum WHERE county = $1`
	deleteDue    = `DELETE FROM progress_due WHERE county = $1`

	selectSums = `SELECT item, sum(assigned), sum(submitted), sum(returned), sum(accepted), sum(problems_open), sum(problems_closed) FROM progress_sum
 WHERE county = $1 AND campaign = $2 AND axis = $3 AND township >= $4 AND township < $5 GROUP BY item`
	selectDue = `SELECT item, sum(n) FROM progress_due
 WHERE county = $1 AND campaign = $2 AND axis = $3 AND due_on < $4 AND township >= $5 AND township < $6 GROUP BY item`
)

// place is one item of an axis in a township: what a sum is of.
type place struct {
	campaign, axis string
	township       region.Code
	item           string
}

// due is the open problems of a place with one due date.
type due struct {
	place
	on db.Date
}

// sums are cells summed up by place.
type sums struct {
	counts map[place]*Counts
	due    map[due]int
}

// sumUp adds cells up along the three axes. Nothing is overdue in the counts.
func sumUp(cells map[cell]int) sums {
	s := sums{map[place]*Counts{}, map[due]int{}}
	for c, n := range cells {
		township := townshipOf(c.village)
		for i, item := range [...]string{string(c.village), c.team, string(c.day)} {
			if item == "" {
				continue
			}
			p := place{c.campaign, axes[i], township, item}
			at(s.counts, p).add(c, n, "")
			if c.open() {
				s.due[due{p, c.due}] += n
			}
		}
	}
	return s
}

// townshipOf gives the township of a village; a problem may be of a township itself, or of the county.
func townshipOf(c region.Code) region.Code {
	if c.Level() == region.Village {
		return c.Parent()
	}
	return c
}

// addTx adds to the kept sums, in a fixed order.
func (s sums) addTx(ctx context.Context, tx *db.Tx, county string) error {
	var rows [][]any
	for _, p := range slices.SortedFunc(maps.Keys(s.counts), comparePlaces) {
		if c := s.counts[p]; *c != (Counts{}) {
			rows = append(rows, []any{
				county, p.campaign, p.axis, p.township, p.item,
				c.Assigned, c.Submitted, c.Returned, c.Accepted, c.ProblemsOpen, c.ProblemsClosed,
			})
		}
	}
	if _, err := db.Insert(ctx, tx, addSums, rows, toSums); err != nil {
		return err
	}
	rows = rows[:0]
	for _, d := range slices.SortedFunc(maps.Keys(s.due), compareDue) {
		if n := s.due[d]; n != 0 {
			rows = append(rows, []any{county, d.campaign, d.axis, string(d.on), d.township, d.item, n})
		}
	}
	_, err := db.Insert(ctx, tx, addDue, rows, toDue)
	return err
}

// axisTx reads the counts of an axis in the townships from lo to hi, by item; items without anything are left out.
func axisTx(ctx context.Context, tx *db.Tx, county, campaign, axis string, lo, hi region.Code, today db.Date) (map[string]*Counts, error) {
	out := map[string]*Counts{}
	err := tx.Query(ctx, selectSums, []any{county, campaign, axis, lo, hi}, func(scan func(...any) error) error {
		var item string
		var c Counts
		err := scan(&item, &c.Assigned, &c.Submitted, &c.Returned, &c.Accepted, &c.ProblemsOpen, &c.ProblemsClosed)
		if c != (Counts{}) {
			out[item] = &c
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, tx.Query(ctx, selectDue, []any{county, campaign, axis, string(today), lo, hi}, func(scan func(...any) error) error {
		var item string
		var n int
		err := scan(&item, &n)
		if n != 0 {
			at(out, item).ProblemsOverdue = n
		}
		return err
	})
}

// sumsTx reads all sums that are kept of a county.
func sumsTx(ctx context.Context, tx *db.Tx, county string) (sums, error) {
	s := sums{map[place]*Counts{}, map[due]int{}}
	err := tx.Query(ctx, selectAllSums, []any{county}, func(scan func(...any) error) error {
		var p place
		var c Counts
		err := scan(&p.campaign, &p.axis, &p.township, &p.item, &c.Assigned, &c.Submitted, &c.Returned, &c.Accepted, &c.ProblemsOpen, &c.ProblemsClosed)
		s.counts[p] = &c
		return err
	})
	if err != nil {
		return s, err
	}
	return s, tx.Query(ctx, selectAllDue, []any{county}, func(scan func(...any) error) error {
		var d due
		var n int
		err := scan(&d.campaign, &d.axis, &d.township, &d.item, &d.on, &n)
		s.due[d] = n
		return err
	})
}

func comparePlaces(a, b place) int {
	return cmp.Or(cmp.Compare(a.campaign, b.campaign), cmp.Compare(a.axis, b.axis), cmp.Compare(a.township, b.township), cmp.Compare(a.item, b.item))
}

func compareDue(a, b due) int {
	return cmp.Or(comparePlaces(a.place, b.place), cmp.Compare(a.on, b.on))
}
