package circular

import (
	"context"
	"fmt"

	"ruhu/internal/audit"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/score"
	"ruhu/internal/score/scheme"
	"ruhu/internal/survey"
)

// deduction is what the circular takes off a village's score in the round that the playbook names; without unit and points it stands for all of them.
// It reports false when the series names no round or nobody is scored.
func (s sheet) deduction(c survey.Campaign) (score.Adjustment, bool) {
	ser, _ := c.Plan.Circulars.Find(s.Series)
	a := score.Adjustment{
		Campaign: c.ID, Object: ser.Score.Object, Round: ser.Score.Round, Kind: score.Deduction, Source: "circular/" + s.ID,
	}
	return a, ser.Score.Object != "" && c.Plan.Scored()
}

// takeOffTx takes the points of the consequences off the villages' scores (S0.17: three points off the year's score). A round that is closed does not
// change; the circular is issued all the same, and says that nothing was taken off.
func (s sheet) takeOffTx(ctx context.Context, tx *db.Tx, actor authz.Actor, c survey.Campaign, content Content) error {
	a, ok := s.deduction(c)
	if !ok {
		return nil
	}
	title := fmt.Sprintf("%s 第 %d 期", content.Title.ZH, s.Number)
	for _, v := range content.Villages {
		for _, q := range v.Consequences {
			if q.Points == "" {
				continue
			}
			a.Unit, a.Code, a.Points, a.ByName = string(v.Village), q.Code, scheme.Decimal(q.Points), actor.Name
			a.Reason = fmt.Sprintf("%s：连续 %d 期末位，%s", title, v.Run, q.Title.ZH)
			a.Evidence = []scheme.Ref{{Kind: "circular", ID: s.ID, Note: title}}
			fresh, err := score.AdjustTx(ctx, tx, c.County, a)
			if errs.CodeOf(err) == "score.closed" {
				return nil
			}
			if err != nil || !fresh {
				return err
			}
			err = audit.Write(ctx, tx, actor, audit.Entry{
				Action: "score.adjust", Campaign: c.ID, Object: "circular", ObjectID: s.ID, Place: v.Village,
				Detail: map[string]any{"object": a.Object, "round": a.Round, "unit": a.Unit, "kind": a.Kind, "code": a.Code, "points": a.Points, "reason": a.Reason},
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// giveBackTx gives the points of a withdrawn circular back, unless the round is closed.
func (s sheet) giveBackTx(ctx context.Context, tx *db.Tx, actor authz.Actor, c survey.Campaign) error {
	a, ok := s.deduction(c)
	if !ok {
		return nil
	}
	a.ByName = actor.Name
	n, err := score.TakeBackTx(ctx, tx, c.County, a)
	if errs.CodeOf(err) == "score.closed" {
		return nil
	}
	if err != nil || n == 0 {
		return err
	}
	return audit.Write(ctx, tx, actor, audit.Entry{
		Action: "score.withdraw", Campaign: c.ID, Object: "circular", ObjectID: s.ID, Place: c.Region,
		Detail: map[string]any{"object": a.Object, "round": a.Round, "number": n},
	})
}
