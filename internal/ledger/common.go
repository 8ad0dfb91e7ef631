package ledger

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"ruhu/internal/audit"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/region"
	"ruhu/internal/survey"
)

// Common is a problem that several villages have (S2.15): the same rule, or registered under the same title.
type Common struct {
	Key                   string // the rule's code; "=" and the title for what was registered by hand
	Title                 errs.Text
	Sources               []Source
	Villages              []region.Code
	Found, Open           int
	Measure, Result, Name string // what the office of the actor's region wrote, and who
}

// commonFrom is how many villages make a problem a common one.
const commonFrom = 2

const (
	selectCommon = `SELECT code, title, source, village, state, count(*) FROM ledger_item WHERE `
	selectGather = `SELECT code, measure, result, by_name FROM ledger_common WHERE county = $1 AND campaign = $2 AND region = $3`
	upsertCommon = `INSERT INTO ledger_common (county, campaign, region, code, measure, result, by_name, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
 ON CONFLICT (county, campaign, region, code) DO UPDATE SET measure = excluded.measure, result = excluded.result, by_name = excluded.by_name, at = excluded.at`
)

// Commons gives the common problems that the actor sees, those of most villages first. Returns Forbidden, NotFound "survey.not_found".
func (s *Service) Commons(ctx context.Context, actor authz.Actor, campaign string) ([]Common, error) {
	if err := actor.Require(authz.LedgerRead); err != nil {
		return nil, err
	}
	var out []Common
	err := s.d.View(ctx, func(tx *db.Tx) (err error) {
		out, err = s.commonsTx(ctx, tx, actor, campaign)
		return err
	})
	return out, err
}

func (s *Service) commonsTx(ctx context.Context, tx *db.Tx, actor authz.Actor, campaign string) ([]Common, error) {
	w, c, err := s.scopeTx(ctx, tx, actor, campaign, Filter{})
	if err != nil {
		return nil, err
	}
	byKey := map[string]*Common{}
	err = tx.Query(ctx, selectCommon+w.Text()+` GROUP BY code, title, source, village, state`, w.Args(), func(scan func(...any) error) error {
		var title db.JSON[errs.Text]
		var key string
		var source Source
		var village region.Code
		var state State
		var n int
		if err := scan(&key, &title, (*string)(&source), &village, (*string)(&state), &n); err != nil {
			return err
		}
		if key == manual {
			key = "=" + title.V.ZH
		}
		x := byKey[key]
		if x == nil {
			x = &Common{Key: key, Title: title.V}
			byKey[key] = x
		}
		x.Found += n
		if state != Closed {
			x.Open += n
		}
		if !slices.Contains(x.Villages, village) {
			x.Villages = append(x.Villages, village)
		}
		if !slices.Contains(x.Sources, source) {
			x.Sources = append(x.Sources, source)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = tx.Query(ctx, selectGather, []any{actor.County, c.ID, officeOf(actor, c)}, func(scan func(...any) error) error {
		var key string
		var g Common
		if err := scan(&key, &g.Measure, &g.Result, &g.Name); err != nil {
			return err
		}
		if x := byKey[key]; x != nil {
			x.Measure, x.Result, x.Name = g.Measure, g.Result, g.Name
		}
		return nil
	})
	out := []Common{}
	for _, x := range byKey {
		if len(x.Villages) >= commonFrom {
			slices.Sort(x.Villages)
			slices.Sort(x.Sources)
			out = append(out, *x)
		}
	}
	slices.SortFunc(out, func(a, b Common) int {
		return cmp.Or(len(b.Villages)-len(a.Villages), b.Found-a.Found, strings.Compare(a.Key, b.Key))
	})
	return out, err
}

// officeOf is the region whose office gathers for the actor: the campaign's for those who sit in a place of it.
func officeOf(actor authz.Actor, c survey.Campaign) region.Code {
	if actor.Region.Level() == region.Village || !c.Region.Contains(actor.Region) {
		return c.Region
	}
	return actor.Region
}

// Gather writes measure and result of a common problem for the actor's region. Returns Forbidden, NotFound "survey.not_found",
// "ledger.no_common", Invalid "ledger.gather".
func (s *Service) Gather(ctx context.Context, actor authz.Actor, campaign, key, measure, result string) ([]Common, error) {
	if err := actor.Require(authz.LedgerJudge); err != nil {
		return nil, err
	}
	measure, result = db.Clip(measure, maxText), db.Clip(result, maxText)
	if measure == "" {
		return nil, errs.Invalid.New("ledger.gather", "field", "measure")
	}
	var out []Common
	err := s.d.Update(ctx, func(tx *db.Tx) error {
		all, err := s.commonsTx(ctx, tx, actor, campaign)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(all, func(x Common) bool { return x.Key == key }) {
			return errs.NotFound.New("ledger.no_common")
		}
		c, err := survey.VisibleTx(ctx, tx, actor, campaign)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, upsertCommon, actor.County, c.ID, officeOf(actor, c), key, measure, result, actor.Name, tx.Now()); err != nil {
			return err
		}
		err = audit.Write(ctx, tx, actor, audit.Entry{
			Action: "ledger.gather", Campaign: c.ID, Object: "campaign", ObjectID: c.ID, Place: actor.Region, Detail: map[string]any{"problem": key},
		})
		if err != nil {
			return err
		}
		out, err = s.commonsTx(ctx, tx, actor, campaign)
		return err
	})
	return out, err
}
