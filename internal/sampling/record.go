package sampling

import (
	"context"
	"encoding/json"

	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/sampling/draw"
	"ruhu/internal/survey"
)

// Record gives the draw's file: with the frame's file anybody can repeat the draw from it (`ruhu sample verify`). It holds codes and classes,
// no names. Returns Forbidden, NotFound "sampling.no_draw", Conflict "sampling.not_drawn", "sampling.not_published".
func (s *Service) Record(ctx context.Context, actor authz.Actor, drawID string) ([]byte, error) {
	if err := actor.Require(authz.SamplingRead); err != nil {
		return nil, err
	}
	drawID, err := id.Parse(drawID)
	if err != nil {
		return nil, err
	}
	var d Draw
	var c survey.Campaign
	var uses []UseRow
	var draws []Draw
	err = s.d.View(ctx, func(tx *db.Tx) error {
		if d, c, err = visibleTx(ctx, tx, actor, drawID); err != nil {
			return err
		}
		lo, hi := c.Region.Range()
		if uses, err = db.List(ctx, tx, scanUse, selectUse, d.County, d.ID, lo, hi); err != nil {
			return err
		}
		draws, err = db.List(ctx, tx, scanDraw, selectDraws, d.County, d.Campaign)
		return err
	})
	if err != nil {
		return nil, err
	}
	r := draw.Record{
		Format: draw.Format, Campaign: draw.Named{ID: c.ID, Title: c.Title}, Number: d.Number,
		Frame: draw.FrameStamp{SHA256: d.FrameDigest, Bytes: d.FrameBytes, Villages: d.Villages, Households: d.Households, FrozenAt: d.FrozenAt.String(), FrozenBy: d.FrozenBy},
		Seed:  draw.Seed{Value: d.Seed, Source: d.SeedSource, Witnesses: d.Witnesses, EnteredAt: d.DrawnAt.String(), EnteredBy: d.DrawnBy},
		Uses:  []draw.Use{}, DrawnAt: d.DrawnAt.String(), PlanHash: d.PlanDigest, Published: d.PublishedAt.String(),
	}
	if r.Plan, err = d.planOf(); err != nil {
		return nil, err
	}
	for _, other := range draws { // newest first
		if other.Number < d.Number {
			r.Redraw = &draw.Redraw{Of: other.Number, Reason: d.Reason}
			break
		}
	}
	for _, u := range uses {
		r.Uses = append(r.Uses, draw.Use{Household: u.Household, With: u.With, Reason: string(u.Reason), Note: u.Note, At: u.At.String(), By: u.By})
	}
	raw, err := s.get(d.sample)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(raw, &r.Sample); err != nil {
		return nil, err
	}
	return r.Write()
}

// Frame gives the file that was drawn from, to those who draw at once and to others after the sample is published. Returns Forbidden,
// NotFound "sampling.no_draw", Conflict "sampling.not_published".
func (s *Service) Frame(ctx context.Context, actor authz.Actor, drawID string) ([]byte, error) {
	if err := actor.Require(authz.SamplingRead); err != nil {
		return nil, err
	}
	drawID, err := id.Parse(drawID)
	if err != nil {
		return nil, err
	}
	var d Draw
	err = s.d.View(ctx, func(tx *db.Tx) error {
		var c survey.Campaign
		if d, c, err = visibleTx(ctx, tx, actor, drawID); errs.CodeOf(err) == "sampling.not_drawn" && manages(actor, c) {
			return nil
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return s.get(d.FrameDigest)
}
