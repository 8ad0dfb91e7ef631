package score

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"ruhu/internal/audit"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/ledger"
	"ruhu/internal/playbook"
	"ruhu/internal/score/scheme"
	"ruhu/internal/survey"
)

// Collect counts the facts that the playbook finds in the ledger, for every unit of an open round, and enters them with the day as evidence; what was
// entered for such a fact before is replaced. Counted again later it may be another number: a score rests on what was counted last before the round
// was closed. Returns Forbidden, NotFound "score.no_round", Conflict "score.closed", "score.nothing_counted".
func (s *Service) Collect(ctx context.Context, actor authz.Actor, round string) error {
	if err := actor.Require(authz.ScoreManage); err != nil {
		return err
	}
	return s.d.Update(ctx, func(tx *db.Tx) error {
		r, c, err := openTx(ctx, tx, actor, round)
		if err != nil {
			return err
		}
		if !actor.Region.Contains(c.Region) {
			return errs.Forbidden.New("authz.forbidden", "action", string(authz.ScoreManage))
		}
		facts := counted(c, r)
		if len(facts) == 0 {
			return errs.Conflict.New("score.nothing_counted")
		}
		units, err := db.List(ctx, tx, scanUnit, selectUnits, actor.County, r.ID)
		if err != nil {
			return err
		}
		for _, u := range units {
			if err := collectTx(ctx, tx, actor, r, u, facts, c.Today(tx.Now())); err != nil {
				return err
			}
		}
		return audit.Write(ctx, tx, actor, audit.Entry{
			Action: "score.collect", Campaign: r.Campaign, Object: "score_round", ObjectID: round, Place: c.Region,
			Detail: map[string]any{"facts": len(facts), "units": len(units)},
		})
	})
}

// counted lists the facts of a round's frozen scheme that the playbook counts.
func counted(c survey.Campaign, r Round) []playbook.ScoreFact {
	o, ok := c.Plan.ScoreObject(r.Object)
	if !ok {
		return nil
	}
	known := r.Scheme.Facts()
	return slices.DeleteFunc(slices.Clone(o.Facts), func(f playbook.ScoreFact) bool { return f.Count.Of == "" || !slices.Contains(known, f.Code) })
}

func collectTx(ctx context.Context, tx *db.Tx, actor authz.Actor, r Round, u Unit, facts []playbook.ScoreFact, today db.Date) error {
	lo, hi := u.Place.Range()
	for _, f := range facts {
		n, err := ledger.TallyTx(ctx, tx, r.County, r.Campaign, lo, hi, f.Count, today)
		if err != nil {
			return err
		}
		evidence := []scheme.Ref{{Kind: "ledger", ID: string(u.Place), Note: fmt.Sprintf("问题台账 %s：%s %d", today, f.Title.ZH, n)}}
		_, err = tx.Exec(ctx, upsertEntry, actor.County, r.ID, u.Code, Fact, f.Code, strconv.Itoa(n), db.AsJSON(evidence), actor.ID, actor.Name, tx.Now())
		if err != nil {
			return err
		}
	}
	return nil
}
