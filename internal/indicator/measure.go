package indicator

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"ruhu/internal/db"
	"ruhu/internal/id"
	"ruhu/internal/job"
	"ruhu/internal/playbook"
	"ruhu/internal/roster"
	"ruhu/internal/submission"
	"ruhu/internal/survey"
)

// Listen makes the service keep the figures of every form that was judged and look for grounds in them.
func (s *Service) Listen() {
	s.bus.Outside("indicator.measure", 128, s.measure, "submission.measured")
}

// measure handles a batch of submission.measured, exactly once.
func (s *Service) measure(ctx context.Context, b *job.Batch) error {
	type place struct{ county, campaign string }
	batch := map[place][]submission.Measured{}
	var order []place
	for _, ev := range b.Events {
		m, err := job.Decode[submission.Measured](ev)
		if err != nil {
			return err
		}
		p := place{ev.County, m.Campaign}
		if batch[p] == nil {
			order = append(order, p)
		}
		batch[p] = append(batch[p], m)
	}
	return s.d.Update(ctx, func(tx *db.Tx) error {
		for _, p := range order {
			if err := s.measureTx(ctx, tx, p.county, p.campaign, batch[p]); err != nil {
				return err
			}
		}
		return b.Done(ctx, tx)
	})
}

func (s *Service) measureTx(ctx context.Context, tx *db.Tx, county, campaign string, ms []submission.Measured) error {
	ids := make([]string, len(ms))
	figures := map[string]map[string]float64{}
	for i, m := range ms {
		ids[i] = m.Submission
	}
	recs, err := submission.ByIDsTx(ctx, tx, county, ids)
	if err != nil {
		return err
	}
	byHouse := map[string]int{}
	var current []submission.Record
	for _, m := range ms {
		r := recs[m.Submission]
		if r.Revision != m.Revision || r.Household == "" {
			continue // a newer revision is on its way, or the form fits no household
		}
		figures[r.ID] = m.Figures
		if i, twice := byHouse[r.Household]; twice {
			current[i] = r
			continue
		}
		byHouse[r.Household] = len(current)
		current = append(current, r)
	}
	if len(current) == 0 {
		return nil
	}
	if err := keepTx(ctx, tx, county, campaign, current, figures); err != nil {
		return err
	}
	c, err := survey.CampaignTx(ctx, tx, county, campaign)
	if err != nil {
		return err
	}
	if !c.Plan.Determinations.Asked() {
		return nil
	}
	return s.suspectTx(ctx, tx, c, current, figures)
}

// suspectTx sets the rules that hold for households against their cases.
func (s *Service) suspectTx(ctx context.Context, tx *db.Tx, c survey.Campaign, recs []submission.Record, figures map[string]map[string]float64) error {
	houses := make([]string, len(recs))
	for i, r := range recs {
		houses[i] = r.Household
	}
	roll, err := roster.NamesTx(ctx, tx, c.County, houses)
	if err != nil {
		return err
	}
	known, err := knownTx(ctx, tx, c.County, c.ID, houses)
	if err != nil {
		return err
	}
	var fresh []Determination
	var notes []note
	for _, r := range recs {
		form, err := s.surveys.FormTx(ctx, tx, r.Form)
		if err != nil {
			return fmt.Errorf("form of submission %s: %w", r.ID, err)
		}
		titles := titlesOf(form)
		for _, k := range c.Plan.Determinations.Kinds {
			h := roll[r.Household]
			holds := grounds(c.Plan, k, string(h.Class), figures[r.ID], titles)
			x, is := known[r.Household][k.Code]
			switch {
			case !is && len(holds) > 0:
				x = Determination{
					County: c.County, ID: id.New(), Campaign: c.ID, Kind: k.Code, Household: r.Household, Village: r.Village, Source: ByRule, State: Suspected,
					Grounds: holds, Checks: []CaseCheck{}, Round: 1, Submission: r.ID, Revision: r.Revision, Persons: persons(k, h, figures[r.ID]),
				}
				fresh = append(fresh, x)
				notes = append(notes, system(x.ID, actedOpen, rulesOf(holds)))
			case is:
				before := x
				what := x.hear(holds, persons(k, h, figures[r.ID]))
				if x.Submission, x.Revision = r.ID, r.Revision; what == "" && same(before.Grounds, x.Grounds) && x.Revision == before.Revision && x.Submission == before.Submission {
					continue
				}
				if err := saveTx(ctx, tx, x); err != nil {
					return err
				}
				if what != "" {
					notes = append(notes, system(x.ID, what, rulesOf(holds)))
				}
			}
		}
	}
	if err := insertTx(ctx, tx, fresh); err != nil {
		return err
	}
	return noteTx(ctx, tx, c.County, notes)
}

// hear changes a case by what a newer form says, and tells what happened to it; "" for nothing that matters.
func (x *Determination) hear(holds []Ground, persons int) string {
	before, early := x.Grounds, x.State == Suspected || x.State == Checked
	switch {
	case x.Source == ByHand && len(holds) == 0: // a person suspects it; a form can't take that back
		return ""
	case x.State == Dismissed && (len(holds) == 0 || !slices.ContainsFunc(holds, func(g Ground) bool { return !named(before, g.Rule) })):
		return ""
	case len(holds) == 0 && early:
		x.State, x.Checks = Cleared, []CaseCheck{}
		return actedClear
	case len(holds) == 0:
		if x.DataClear || x.State == Cleared {
			return ""
		}
		x.DataClear = true
		return actedClear
	}
	x.Grounds = holds
	switch {
	case x.State == Cleared || x.State == Dismissed:
		x.again()
		x.Persons = persons
		return actedHolds
	case x.DataClear:
		x.DataClear = false
		return actedHolds
	case early && !same(before, holds):
		if x.State == Checked { // other facts than those that were verified
			x.again()
		}
		x.Persons = persons
		return actedChanged
	}
	return ""
}

// again begins a new round.
func (x *Determination) again() {
	x.State, x.Checks, x.Round, x.DataClear = Suspected, []CaseCheck{}, x.Round+1, false
	x.AppealBy, x.AppealedBy = "", ""
}

// persons is how many persons of a household a kind concerns.
func persons(k playbook.DeterminationKind, h roster.Household, figures map[string]float64) int {
	if n, ok := figures[k.Persons]; ok && n >= 1 && n < 1000 {
		return int(n)
	}
	return max(h.Size, 1)
}

func rulesOf(gs []Ground) string {
	names := make([]string, len(gs))
	for i, g := range gs {
		names[i] = g.Title.ZH
	}
	return strings.Join(names, "；")
}

// titlesOf are the names of a form's indicators.
func titlesOf(f *survey.Form) map[string]playbook.Text {
	out := make(map[string]playbook.Text, len(f.Indicators))
	for _, i := range f.Indicators {
		t := playbook.Text{ZH: i.Label["zh"], EN: i.Label["en"]}
		if t.ZH == "" {
			t.ZH = i.Label[""]
		}
		if t.EN == "" {
			t.EN = t.ZH
		}
		out[i.Name] = t
	}
	return out
}
