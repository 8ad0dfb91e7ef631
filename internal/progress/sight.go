package progress

import (
	"cmp"
	"context"
	"slices"

	"ruhu/internal/assign"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/region"
)

const selectCells = `SELECT kind, village, team, day, due_on, state, n FROM progress_cell
 WHERE county = $1 AND campaign = $2 AND kind = $3 AND village = $4 AND n <> 0`

// sight is what an actor sees of a campaign: counts by axis and item.
type sight map[string]map[string]*Counts

// sightTx reads the kept sums of the actor's townships. Somebody of a village sees its part of a township's teams and days: there the cells of
// the village are added up, which are few.
func sightTx(ctx context.Context, tx *db.Tx, actor authz.Actor, campaign, by string, today db.Date) (sight, error) {
	if actor.Region.Level() == region.Village {
		cells, err := cellsTx(ctx, tx, actor.County, campaign, actor.Region)
		return see(cells, by, today), err
	}
	lo, hi := actor.Scope()
	out := sight{}
	for _, axis := range axes {
		if by != "" && axis != by && axis != axisVillage {
			continue
		}
		var err error
		if out[axis], err = axisTx(ctx, tx, actor.County, campaign, axis, lo, hi, today); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// see adds the cells of one township up.
func see(cells map[cell]int, by string, today db.Date) sight {
	out := sight{}
	for _, axis := range axes {
		out[axis] = map[string]*Counts{}
	}
	s := sumUp(cells)
	for p, c := range s.counts {
		*at(out[p.axis], p.item) = *c
	}
	for d, n := range s.due {
		if d.on < today {
			at(out[d.axis], d.item).ProblemsOverdue += n
		}
	}
	for _, axis := range axes {
		if by != "" && axis != by && axis != axisVillage {
			delete(out, axis)
		}
	}
	return out
}

func cellsTx(ctx context.Context, tx *db.Tx, county, campaign string, village region.Code) (map[cell]int, error) {
	out := map[cell]int{}
	for _, kind := range []string{kindAssignment, kindProblem} {
		err := tx.Query(ctx, selectCells, []any{county, campaign, kind, village}, func(scan func(...any) error) error {
			c := cell{campaign: campaign}
			var n int
			err := scan(&c.kind, &c.village, &c.team, &c.day, &c.due, &c.state, &n)
			out[c] += n
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// fill names what is seen and adds the villages up to the totals, also where they were not asked for.
func (p *Progress) fill(ctx context.Context, tx *db.Tx, county, by string, s sight) error {
	for _, c := range s[axisVillage] {
		p.Totals.plus(*c)
	}
	if by != "" && by != axisVillage {
		delete(s, axisVillage)
	}
	var codes []region.Code
	for _, item := range keys(s[axisVillage]) {
		codes = append(codes, region.Code(item))
	}
	names, err := region.NamesTx(ctx, tx, codes)
	if err != nil {
		return err
	}
	for _, code := range codes {
		p.Villages = append(p.Villages, VillageCounts{code, names[code], *s[axisVillage][string(code)]})
	}
	ids := keys(s[axisTeam])
	teamNames, err := assign.TeamNamesTx(ctx, tx, county, ids)
	if err != nil {
		return err
	}
	for _, id := range ids {
		p.Teams = append(p.Teams, TeamCounts{id, teamNames[id], *s[axisTeam][id]})
	}
	slices.SortStableFunc(p.Teams, func(a, b TeamCounts) int { return cmp.Compare(a.Name, b.Name) })
	for _, d := range keys(s[axisDay]) {
		p.Days = append(p.Days, DayCounts{db.Date(d), *s[axisDay][d]})
	}
	return nil
}

func (c *Counts) plus(o Counts) {
	c.Assigned += o.Assigned
	c.Submitted += o.Submitted
	c.Returned += o.Returned
	c.Accepted += o.Accepted
	c.ProblemsOpen += o.ProblemsOpen
	c.ProblemsClosed += o.ProblemsClosed
	c.ProblemsOverdue += o.ProblemsOverdue
}

func at[K comparable](m map[K]*Counts, k K) *Counts {
	if m[k] == nil {
		m[k] = &Counts{}
	}
	return m[k]
}

func keys[K cmp.Ordered](m map[K]*Counts) []K {
	out := make([]K, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
