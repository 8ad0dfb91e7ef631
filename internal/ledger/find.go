package ledger

import (
	"context"
	"fmt"

	"ruhu/form/xlsform"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/indicator"
	"ruhu/internal/job"
	"ruhu/internal/submission"
	"ruhu/internal/survey"
)

// Listen makes the ledger open items for what forms show and for what follows from determinations, and answer for the gate problems_closed.
func (s *Service) Listen() {
	s.bus.Inside(indicator.EventConfirmed, s.told)
	s.bus.Inside(indicator.EventWithdrawn, s.told)
	s.bus.Outside("ledger.find", 128, s.find, "submission.judged")
	s.surveys.RegisterGate(survey.GateProblemsClosed, openProblems)
}

// find handles a batch of submission.judged, exactly once.
func (s *Service) find(ctx context.Context, b *job.Batch) error {
	byCounty := map[string][]submission.Judged{}
	for _, ev := range b.Events {
		j, err := job.Decode[submission.Judged](ev)
		if err != nil {
			return err
		}
		byCounty[ev.County] = append(byCounty[ev.County], j)
	}
	forms := map[string]*survey.Form{}
	for county, js := range byCounty {
		if err := s.forms(ctx, county, js, forms); err != nil {
			return err
		}
	}
	return s.d.Update(ctx, func(tx *db.Tx) error {
		for county, js := range byCounty {
			if err := s.findTx(ctx, tx, county, js, forms); err != nil {
				return err
			}
		}
		return b.Done(ctx, tx)
	})
}

// forms loads the form versions that the submissions were filled in with, before the transaction.
func (s *Service) forms(ctx context.Context, county string, js []submission.Judged, forms map[string]*survey.Form) error {
	return s.withRecords(ctx, county, js, func(r submission.Record) error {
		if forms[r.Form] != nil {
			return nil
		}
		f, err := s.surveys.Form(ctx, r.Form)
		if err != nil {
			return fmt.Errorf("form of submission %s: %w", r.ID, err)
		}
		forms[r.Form] = f
		return nil
	})
}

func (s *Service) withRecords(ctx context.Context, county string, js []submission.Judged, fn func(submission.Record) error) error {
	var recs map[string]submission.Record
	err := s.d.View(ctx, func(tx *db.Tx) (err error) {
		recs, err = submission.ByIDsTx(ctx, tx, county, ids(js))
		return err
	})
	if err != nil {
		return err
	}
	for _, r := range recs {
		if err := fn(r); err != nil {
			return err
		}
	}
	return nil
}

func ids(js []submission.Judged) []string {
	out := make([]string, len(js))
	for i, j := range js {
		out[i] = j.Submission
	}
	return out
}

// change collects what a batch does to the ledger of a county.
type change struct {
	fresh []Item
	saved []Item
	notes []note
	moved []any
}

func (s *Service) findTx(ctx context.Context, tx *db.Tx, county string, js []submission.Judged, forms map[string]*survey.Form) error {
	recs, err := submission.ByIDsTx(ctx, tx, county, ids(js))
	if err != nil {
		return err
	}
	holds := map[string]map[string][]string{} // campaign → submission → codes, for revisions that are still the current ones
	houses := map[string][]string{}
	for _, j := range js {
		r := recs[j.Submission]
		if r.Revision != j.Revision || r.Household == "" || forms[r.Form] == nil {
			continue
		}
		if holds[r.Campaign] == nil {
			holds[r.Campaign] = map[string][]string{}
		}
		if _, again := holds[r.Campaign][r.ID]; !again {
			houses[r.Campaign] = append(houses[r.Campaign], r.Household)
		}
		holds[r.Campaign][r.ID] = j.Problems
	}
	var ch change
	for campaign, bySub := range holds {
		known, err := knownTx(ctx, tx, county, campaign, houses[campaign])
		if err != nil {
			return err
		}
		var c *survey.Campaign
		for _, j := range js { // in the order of events, so that numbers follow it
			r := recs[j.Submission]
			codes, mine := bySub[r.ID]
			if !mine {
				continue
			}
			delete(bySub, r.ID)
			if len(codes) == 0 && len(known[r.Household]) == 0 {
				continue
			}
			if c == nil {
				got, err := survey.CampaignTx(ctx, tx, county, campaign)
				if err != nil {
					return err
				}
				c = &got
			}
			s.compare(&ch, *c, r, codes, known[r.Household], forms[r.Form].Problems, c.Today(tx.Now()))
		}
	}
	return s.apply(ctx, tx, county, ch)
}

// compare sets the rules that hold for a household against its items.
func (s *Service) compare(ch *change, c survey.Campaign, r submission.Record, codes []string, known map[string]Item, rules []xlsform.Problem, today db.Date) {
	holds := map[string]bool{}
	for _, code := range codes {
		holds[code] = true
	}
	for _, rule := range rules {
		it, is := known[rule.Code]
		switch {
		case holds[rule.Code] && !is:
			it := s.open(c, r, rule, today)
			ch.fresh = append(ch.fresh, it)
			ch.notes = append(ch.notes, system(it.ID, acted, ""))
		case holds[rule.Code] && it.DataClear:
			it.Submission, it.Revision = r.ID, r.Revision
			s.holdsAgain(ch, c, it, today)
		case !holds[rule.Code] && is && !it.DataClear:
			it.DataClear, it.Submission, it.Revision = true, r.ID, r.Revision
			ch.saved = append(ch.saved, it)
			ch.notes = append(ch.notes, system(it.ID, actedClear, ""))
		}
	}
}

// holdsAgain takes the mark 'cleared by data' from an item; one that was closed in between is opened again.
func (s *Service) holdsAgain(ch *change, c survey.Campaign, it Item, today db.Date) {
	before, action := it, actedHolds
	it.DataClear = false
	if before.State == Closed {
		it.State, action = Fixing, actedReopen
		it.DueOn = s.again(c, it, today)
		ch.moved = append(ch.moved, it.movedFrom(before)...)
	}
	ch.saved = append(ch.saved, it)
	ch.notes = append(ch.notes, system(it.ID, action, ""))
}

// open makes the item of a rule.
func (s *Service) open(c survey.Campaign, r submission.Record, rule xlsform.Problem, today db.Date) Item {
	responsible := rule.Responsible
	if responsible == "" {
		responsible = c.Plan.Ledger.Responsible
	}
	return Item{
		County: r.County, ID: id.New(), Campaign: r.Campaign, RuleKey: r.Household + ":" + rule.Code, Code: rule.Code, Title: label(rule),
		Category: rule.Category, Sector: rule.Sector, Severity: rule.Severity, Source: ByRule, Household: r.Household, Village: r.Village,
		Team: r.Team, Submission: r.ID, Revision: r.Revision, State: Registered, Responsible: responsible,
		Nature: c.Plan.Ledger.NatureOf(rule.Category), FoundOn: today, DueOn: s.due(c, today, rule.DueDays),
	}
}

// due is days working days after found, or the playbook's number when days is 0, but no later than the ledger's last day (S3.6),
// unless that has passed already.
func (s *Service) due(c survey.Campaign, found db.Date, days int) db.Date {
	if days == 0 {
		days = c.Plan.Ledger.DueDays
	}
	due := s.cal.Add(found, days)
	if last := c.Day(c.Plan.Ledger.CloseBy); last != "" && last >= found && last < due {
		return last
	}
	return due
}

// again is the due date of an item that is opened again: the old one if it lies ahead, a new one otherwise.
func (s *Service) again(c survey.Campaign, it Item, today db.Date) db.Date {
	if it.DueOn >= today {
		return it.DueOn
	}
	return s.due(c, today, 0)
}

// label is the rule's name in both languages.
func label(p xlsform.Problem) errs.Text {
	t := errs.Text{ZH: p.Label["zh"], EN: p.Label["en"]}
	if t.ZH == "" {
		t.ZH = p.Label[""]
	}
	return bothLanguages(t)
}

func (s *Service) apply(ctx context.Context, tx *db.Tx, county string, ch change) error {
	if len(ch.fresh) > 0 {
		if err := numberTx(ctx, tx, county, ch.fresh); err != nil {
			return err
		}
		if err := insertItemsTx(ctx, tx, ch.fresh); err != nil {
			return err
		}
		for _, it := range ch.fresh {
			ch.moved = append(ch.moved, it.moved("", Registered))
		}
	}
	for _, it := range ch.saved {
		if err := saveTx(ctx, tx, it); err != nil {
			return err
		}
	}
	if err := noteTx(ctx, tx, county, ch.notes); err != nil {
		return err
	}
	return s.bus.Emit(ctx, tx, county, EventMoved, ch.moved...)
}

// openProblems is the gate problems_closed.
func openProblems(ctx context.Context, tx *db.Tx, c survey.Campaign) ([]*errs.Error, error) {
	var n int
	err := tx.QueryRow(ctx, `SELECT count(*) FROM ledger_item WHERE county = $1 AND campaign = $2 AND state <> 'closed'`, c.County, c.ID).Scan(&n)
	if err != nil || n == 0 {
		return nil, err
	}
	return []*errs.Error{errs.Conflict.New("ledger.gate_open", "count", n)}, nil
}
