package sampling

import (
	"context"
	"errors"
	"unicode/utf8"

	"ruhu/internal/audit"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/region"
	"ruhu/internal/sampling/draw"
)

// Replace takes a household that does not exist, or has moved away for good, out of the sample and puts the next of its stratum's order in
// its place; where the reserve is used up, or the stratum was taken whole, nobody. Whoever refuses or is away stays in the sample (SAMPLING
// §1.5). Returns Forbidden, NotFound "sampling.no_draw", "sampling.no_unit", Conflict "survey.closed", "sampling.not_current" (the draw does
// not count), "sampling.already_gone", Invalid "sampling.replace_reason", "sampling.note" (what was found, 5 to 500 characters).
func (s *Service) Replace(ctx context.Context, actor authz.Actor, drawID, household string, reason Reason, note string) (UseRow, error) {
	if err := actor.Require(authz.SamplingManage); err != nil {
		return UseRow{}, err
	}
	drawID, err := id.Parse(drawID)
	if err != nil {
		return UseRow{}, err
	}
	if household, err = id.Parse(household); err != nil {
		return UseRow{}, err
	}
	if reason != NotExisting && reason != MovedAway {
		return UseRow{}, errs.Invalid.New("sampling.replace_reason", "field", "reason")
	}
	if note = clean(note, 500); utf8.RuneCountInString(note) < 5 {
		return UseRow{}, errs.Invalid.New("sampling.note", "field", "note")
	}
	var out UseRow
	err = s.d.Update(ctx, func(tx *db.Tx) error {
		d, c, err := ownedTx(ctx, tx, actor, drawID)
		if err != nil {
			return err
		}
		if d.State != Drawn && d.State != Published {
			return errs.Conflict.New("sampling.not_current", "number", d.Number)
		}
		u, err := scanUnit(tx.QueryRow(ctx, selectUnit, d.County, d.ID, household).Scan)
		if errors.Is(err, db.ErrNoRows) || err == nil && u.State == Reserve {
			return errs.NotFound.New("sampling.no_unit")
		}
		if err != nil {
			return err
		}
		n, err := tx.Exec(ctx, updateUnit, d.County, d.ID, household, string(Gone), string(u.State))
		if err != nil {
			return err
		}
		if u.State == Gone || n == 0 {
			return errs.Conflict.New("sampling.already_gone", "code", u.Code)
		}
		plan, err := d.planOf()
		if err != nil {
			return err
		}
		next, err := nextTx(ctx, tx, d, plan, u)
		if err != nil {
			return err
		}
		var with any
		if next.Household != "" {
			with = next.Household
		}
		out = UseRow{u.Code, next.Code, u.Village, u.Stratum, reason, note, tx.Now(), actor.Name}
		row := []any{d.County, id.New(), d.ID, household, with, string(reason), note, out.At, out.By}
		if _, err := tx.Exec(ctx, insertUse, row...); err != nil {
			return err
		}
		if err := audit.LogTx(ctx, tx, Logged, row); err != nil {
			return err
		}
		err = audit.Write(ctx, tx, actor, audit.Entry{
			Action: "sampling.replace", Campaign: c.ID, Object: "household", ObjectID: household, Place: region.Code(u.Village),
			Detail: map[string]any{"draw": d.ID, "with": with, "reason": string(reason), "note": note},
		})
		if err != nil {
			return err
		}
		return s.bus.Emit(ctx, tx, d.County, EventReplaced, ReplacedEvent{c.ID, d.ID, household, next.Household})
	})
	return out, err
}

// nextTx takes the next household of the reserve; the zero Unit when there is none.
func nextTx(ctx context.Context, tx *db.Tx, d Draw, plan draw.Plan, u Unit) (Unit, error) {
	q, args := selectReserve, []any{d.County, d.ID, u.Village, u.Stratum}
	if plan.Design == draw.OneStage { // then the stratum is a township
		q, args = selectReserveAnywhere, []any{d.County, d.ID, u.Stratum}
	}
	next, err := scanUnit(tx.QueryRow(ctx, q, args...).Scan)
	if errors.Is(err, db.ErrNoRows) {
		return Unit{}, nil
	}
	if err != nil {
		return next, err
	}
	n, err := tx.Exec(ctx, updateUnit, d.County, d.ID, next.Household, string(Used), string(Reserve))
	if err == nil && n == 0 {
		err = errs.Conflict.New("sampling.changed")
	}
	return next, err
}
