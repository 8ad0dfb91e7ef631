package ledger

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/indicator"
	"ruhu/internal/job"
	"ruhu/internal/playbook"
	"ruhu/internal/survey"
)

// ByDetermination is the source of what follows from a confirmed determination (S0.12).
const ByDetermination Source = "determination"

// The categories of such items; each has its register.
const (
	ofCorrection = "信息更正" // the national system is to be corrected
	ofClearance  = "清退"   // wrongly included: cleared from it by procedure
)

const selectByKey = `SELECT ` + columns + ` FROM ledger_item WHERE county = $1 AND campaign = $2 AND rule_key = $3`

// told handles indicator.confirmed and indicator.withdrawn, in the transaction of the decision.
func (s *Service) told(ctx context.Context, tx *db.Tx, events []job.Event) error {
	for _, ev := range events {
		var d indicator.Told
		if err := json.Unmarshal(ev.Payload, &d); err != nil {
			return fmt.Errorf("%s: %w", ev.Name, err)
		}
		c, err := survey.CampaignTx(ctx, tx, ev.County, d.Campaign)
		if err != nil {
			return err
		}
		it, err := scanItem(tx.QueryRow(ctx, selectByKey, ev.County, d.Campaign, determinedKey(d)).Scan)
		is := err == nil
		if err != nil && !errors.Is(err, db.ErrNoRows) {
			return err
		}
		var ch change
		switch {
		case ev.Name == indicator.EventConfirmed && !is:
			it = s.determined(c, d, c.Today(tx.Now()))
			ch.fresh = append(ch.fresh, it)
			ch.notes = append(ch.notes, system(it.ID, acted, ""))
		case ev.Name == indicator.EventConfirmed && it.DataClear:
			s.holdsAgain(&ch, c, it, c.Today(tx.Now()))
		case ev.Name == indicator.EventWithdrawn && is && !it.DataClear:
			it.DataClear = true
			ch.saved = append(ch.saved, it)
			ch.notes = append(ch.notes, system(it.ID, actedClear, "申诉成立，认定已撤销"))
		}
		if err := s.apply(ctx, tx, ev.County, ch); err != nil {
			return err
		}
	}
	return nil
}

func determinedKey(d indicator.Told) string { return indicator.EventConfirmed + ":" + d.Determination }

// determined makes the item of a confirmed determination.
func (s *Service) determined(c survey.Campaign, d indicator.Told, today db.Date) Item {
	l := c.Plan.Ledger
	it := Item{
		County: c.County, ID: id.New(), Campaign: c.ID, RuleKey: determinedKey(d), Code: d.Kind, Title: errs.Text{ZH: d.Title.ZH, EN: d.Title.EN},
		Category: ofCorrection, Severity: d.Severity, Source: ByDetermination, Household: d.Household, Village: d.Village, State: Registered,
		Responsible: first(d.Responsible, l.Responsible), FoundOn: today, DueOn: s.due(c, today, d.DueDays),
	}
	if d.Consequence == playbook.Clearance {
		it.Category = ofClearance
	}
	for _, n := range l.Natures {
		if n.Correction {
			it.Nature = n.Code
			break
		}
	}
	return it
}
