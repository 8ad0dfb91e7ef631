package circular

import (
	"cmp"
	"context"
	"slices"
	"time"

	"ruhu/internal/assign"
	"ruhu/internal/db"
	"ruhu/internal/job"
	"ruhu/internal/ledger"
	"ruhu/internal/region"
	"ruhu/internal/survey"
)

// What is counted.
const (
	whatAssigned  = "assigned"
	whatSubmitted = "submitted"
	whatAccepted  = "accepted"
	whatProblem   = "problem"
	whatClosed    = "closed"
)

const (
	addCounts = `INSERT INTO circular_count (county, campaign, village, day, what, due_on, n) VALUES `
	toCounts  = ` ON CONFLICT (county, campaign, village, day, what, due_on) DO UPDATE SET n = circular_count.n + excluded.n`
)

// rules are what the handlers must know of a campaign. They never change: a campaign keeps its playbook.
type rules struct {
	asked  bool
	zone   *time.Location
	cutoff int
}

func rulesOf(c survey.Campaign) rules {
	return rules{c.Plan.Circulars.Asked(), c.Zone, c.Plan.Circulars.CutoffMinutes()}
}

func (r rules) day(at db.Time) db.Date { return accountDay(at.Time(), r.zone, r.cutoff) }

func (s *Service) rulesTx(ctx context.Context, tx *db.Tx, county, campaign string) (rules, error) {
	if r, ok := s.rules.Load(county + campaign); ok {
		return r.(rules), nil
	}
	c, err := survey.CampaignTx(ctx, tx, county, campaign)
	if err != nil {
		return rules{}, err
	}
	s.rules.Store(county+campaign, rulesOf(c))
	return rulesOf(c), nil
}

// Listen registers the handlers that keep the counts.
func (s *Service) Listen() {
	s.bus.Inside(assign.EventPlanned, s.assigned)
	s.bus.Inside(assign.EventMoved, s.assigned)
	s.bus.Inside(ledger.EventMoved, s.problem)
}

// cell is where a change is counted.
type cell struct {
	county, campaign string
	village          region.Code
	day              db.Date
	what             string
	due              db.Date
}

type deltas map[cell]int

// add counts that something came to be or ceased to be what.
func (d deltas) add(c cell, what string, before, after bool) {
	if before != after {
		c.what = what
		if after {
			d[c]++
		} else {
			d[c]--
		}
	}
}

func (s *Service) assigned(ctx context.Context, tx *db.Tx, events []job.Event) error {
	planned := func(st assign.State) bool { return st != "" && st != assign.Replaced }
	handed := func(st assign.State) bool { return planned(st) && st != assign.Open }
	d := deltas{}
	for _, ev := range events {
		m, err := job.Decode[assign.Moved](ev)
		if err != nil {
			return err
		}
		r, err := s.rulesTx(ctx, tx, ev.County, m.Campaign)
		if err != nil {
			return err
		}
		if !r.asked {
			continue
		}
		c := cell{county: ev.County, campaign: m.Campaign, village: m.Village, day: r.day(tx.Now()), due: m.Day}
		d.add(c, whatAssigned, planned(m.From), planned(m.To))
		d.add(c, whatSubmitted, handed(m.From), handed(m.To))
		d.add(c, whatAccepted, m.From == assign.Done, m.To == assign.Done)
	}
	return d.write(ctx, tx)
}

func (s *Service) problem(ctx context.Context, tx *db.Tx, events []job.Event) error {
	d := deltas{}
	for _, ev := range events {
		m, err := job.Decode[ledger.Moved](ev)
		if err != nil {
			return err
		}
		r, err := s.rulesTx(ctx, tx, ev.County, m.Campaign)
		if err != nil {
			return err
		}
		if !r.asked {
			continue
		}
		c := cell{county: ev.County, campaign: m.Campaign, village: m.Village, day: r.day(tx.Now()), due: m.DueOn}
		d.add(c, whatProblem, m.From != "", m.To != "")
		d.add(c, whatClosed, m.From == ledger.Closed, m.To == ledger.Closed)
	}
	return d.write(ctx, tx)
}

// write adds the changes in a fixed order, so that two writers wait for each other instead of locking each other out.
func (d deltas) write(ctx context.Context, tx *db.Tx) error {
	var order []cell
	for c, n := range d {
		if n != 0 {
			order = append(order, c)
		}
	}
	slices.SortFunc(order, func(a, b cell) int {
		return cmp.Or(cmp.Compare(a.county, b.county), cmp.Compare(a.campaign, b.campaign), cmp.Compare(a.village, b.village), cmp.Compare(a.day, b.day),
			cmp.Compare(a.what, b.what), cmp.Compare(a.due, b.due))
	})
	rows := make([][]any, len(order))
	for i, c := range order {
		rows[i] = []any{c.county, c.campaign, c.village, string(c.day), c.what, string(c.due), d[c]}
	}
	_, err := db.Insert(ctx, tx, addCounts, rows, toCounts)
	return err
}
