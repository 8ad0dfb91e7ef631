package sampling

import (
	"context"
	"encoding/json"
	"strings"
	"unicode"
	"unicode/utf8"

	"ruhu/internal/audit"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/sampling/draw"
	"ruhu/internal/survey"
)

// Freeze makes a file of the roster and commits to it: from now on its SHA-256 and the plan's are known, and only then a seed can be
// entered. A frame that was frozen and not drawn is withdrawn. After a first frame a reason is asked for. newID is chosen by the client; doing
// it again changes nothing. Returns Forbidden, NotFound "survey.not_found", Conflict "survey.closed", "sampling.census",
// "sampling.no_groups" (townships without a group), "sampling.empty_frame", "sampling.changed" (the roster changed meanwhile: try again),
// Invalid "sampling.reason".
func (s *Service) Freeze(ctx context.Context, actor authz.Actor, campaign, newID, reason string) (Draw, error) {
	if err := actor.Require(authz.SamplingManage); err != nil {
		return Draw{}, err
	}
	campaign, err := id.Parse(campaign)
	if err != nil {
		return Draw{}, err
	}
	if newID, err = id.Parse(newID); err != nil {
		return Draw{}, err
	}
	if reason = strings.TrimSpace(reason); utf8.RuneCountInString(reason) > 500 {
		return Draw{}, errs.Invalid.New("sampling.reason", "field", "reason")
	}
	// The file is written before the row that names it, so the roster is read twice: a change in between is noticed.
	var file []byte
	err = s.d.View(ctx, func(tx *db.Tx) error {
		c, err := managedTx(ctx, tx, actor, campaign)
		if err != nil {
			return err
		}
		_, file, err = frameTx(ctx, tx, c)
		return err
	})
	if err != nil {
		return Draw{}, err
	}
	digest, err := s.put(ctx, file)
	if err != nil {
		return Draw{}, err
	}
	var out Draw
	err = s.d.Update(ctx, func(tx *db.Tx) error {
		c, err := managedTx(ctx, tx, actor, campaign)
		if err != nil {
			return err
		}
		if out, err = drawTx(ctx, tx, c.County, newID); err == nil && out.Campaign == c.ID {
			return nil // sent twice
		} else if err == nil || !errs.Is(err, errs.NotFound) {
			return errs.Conflict.Wrap(err, "sampling.changed")
		}
		b, again, err := frameTx(ctx, tx, c)
		if err != nil {
			return err
		}
		if draw.Digest(again) != digest {
			return errs.Conflict.New("sampling.changed")
		}
		out, err = s.freezeTx(ctx, tx, actor, c, b, Draw{ID: newID, Reason: reason, FrameDigest: digest, FrameBytes: len(file)})
		return err
	})
	return out, err
}

func (s *Service) freezeTx(ctx context.Context, tx *db.Tx, actor authz.Actor, c survey.Campaign, b *base, d Draw) (Draw, error) {
	draws, err := db.List(ctx, tx, scanDraw, selectDraws, c.County, c.ID)
	if err != nil {
		return Draw{}, err
	}
	number := 1
	if len(draws) > 0 {
		number = draws[0].Number + 1
		if utf8.RuneCountInString(d.Reason) < 5 {
			return Draw{}, errs.Invalid.New("sampling.reason", "field", "reason")
		}
	}
	plan, err := json.Marshal(b.plan)
	if err != nil {
		return Draw{}, err
	}
	if _, err := tx.Exec(ctx, withdraw, c.County, c.ID); err != nil {
		return Draw{}, err
	}
	n, err := tx.Exec(ctx, insertDraw, c.County, d.ID, c.ID, number, string(Frozen), d.Reason, d.FrameDigest, d.FrameBytes, len(b.frame.Villages),
		len(b.frame.Households), string(plan), b.plan.Digest(), tx.Now(), actor.Name)
	if err != nil {
		return Draw{}, err
	}
	if n == 0 {
		return Draw{}, errs.Conflict.New("sampling.changed") // somebody else froze at the same time
	}
	err = audit.Write(ctx, tx, actor, audit.Entry{
		Action: "sampling.freeze", Campaign: c.ID, Object: "draw", ObjectID: d.ID, Place: c.Region,
		Detail: map[string]any{"number": number, "frame": d.FrameDigest, "plan": b.plan.Digest(), "households": len(b.frame.Households), "reason": d.Reason},
	})
	if err != nil {
		return Draw{}, err
	}
	return drawTx(ctx, tx, c.County, d.ID)
}

// frameTx is the campaign's frame as a file.
func frameTx(ctx context.Context, tx *db.Tx, c survey.Campaign) (*base, []byte, error) {
	b, err := baseTx(ctx, tx, c)
	if err != nil {
		return nil, nil, err
	}
	if len(b.frame.Households) == 0 {
		return nil, nil, errs.Conflict.New("sampling.empty_frame")
	}
	if len(b.missing) > 0 {
		return nil, nil, errs.Conflict.New("sampling.no_groups", "count", len(b.missing), "townships", b.missing)
	}
	return b, b.frame.CSV(), nil
}

// clean is a text that a person typed, without control characters; "" when it has any or is longer than limit.
func clean(text string, limit int) string {
	text = strings.TrimSpace(text)
	if utf8.RuneCountInString(text) > limit || strings.ContainsFunc(text, unicode.IsControl) {
		return ""
	}
	return text
}

// Seed enters the number of the public draw, and the sample follows. Returns Forbidden, NotFound "sampling.no_draw", Conflict
// "survey.closed", "sampling.not_frozen" (one seed per draw), "sampling.other_frame" (the digest that was published is not this frame's),
// Invalid "sampling.seed" (empty, over 200 characters, with | or control characters), "sampling.source" (source or witnesses missing).
func (s *Service) Seed(ctx context.Context, actor authz.Actor, drawID string, in SeedInput) (Draw, error) {
	if err := actor.Require(authz.SamplingManage); err != nil {
		return Draw{}, err
	}
	drawID, err := id.Parse(drawID)
	if err != nil {
		return Draw{}, err
	}
	in.Seed, in.Source, in.Witnesses = clean(in.Seed, 200), clean(in.Source, 500), clean(in.Witnesses, 500)
	if in.Seed == "" || strings.Contains(in.Seed, "|") {
		return Draw{}, errs.Invalid.New("sampling.seed", "field", "seed")
	}
	for field, v := range map[string]string{"source": in.Source, "witnesses": in.Witnesses} {
		if v == "" {
			return Draw{}, errs.Invalid.New("sampling.source", "field", field)
		}
	}
	var d Draw
	if err := s.d.View(ctx, func(tx *db.Tx) error {
		d, _, err = ownedTx(ctx, tx, actor, drawID)
		return err
	}); err != nil {
		return Draw{}, err
	}
	if d.State != Frozen {
		return Draw{}, errs.Conflict.New("sampling.not_frozen", "number", d.Number)
	}
	if !strings.EqualFold(strings.TrimSpace(in.FrameDigest), d.FrameDigest) {
		return Draw{}, errs.Conflict.New("sampling.other_frame", "field", "frame_sha256")
	}
	sample, digest, err := s.run(ctx, d, in.Seed)
	if err != nil {
		return Draw{}, err
	}
	err = s.d.Update(ctx, func(tx *db.Tx) error {
		d, err = s.seedTx(ctx, tx, actor, drawID, in, sample, digest)
		return err
	})
	return d, err
}

// run draws from the frozen frame and keeps the sample as a file.
func (s *Service) run(ctx context.Context, d Draw, seed string) (draw.Sample, string, error) {
	file, err := s.get(d.FrameDigest)
	if err != nil {
		return draw.Sample{}, "", err
	}
	frame, err := draw.ReadFrame(file)
	if err != nil {
		return draw.Sample{}, "", err
	}
	plan, err := d.planOf()
	if err != nil {
		return draw.Sample{}, "", err
	}
	sample, err := draw.Draw(plan, frame, seed)
	if err != nil {
		return draw.Sample{}, "", err
	}
	raw, err := json.Marshal(sample)
	if err != nil {
		return draw.Sample{}, "", err
	}
	digest, err := s.put(ctx, raw)
	return sample, digest, err
}

// planOf is the plan that was frozen with the frame.
func (d Draw) planOf() (draw.Plan, error) {
	var p draw.Plan
	err := json.Unmarshal([]byte(d.plan), &p)
	return p, err
}

// ownedTx is a draw that the actor manages.
func ownedTx(ctx context.Context, tx *db.Tx, actor authz.Actor, drawID string) (Draw, survey.Campaign, error) {
	d, err := drawTx(ctx, tx, actor.County, drawID)
	if err != nil {
		return d, survey.Campaign{}, err
	}
	c, err := managedTx(ctx, tx, actor, d.Campaign)
	if errs.Is(err, errs.NotFound) {
		err = errs.NotFound.New("sampling.no_draw", "id", drawID)
	}
	return d, c, err
}

func (s *Service) seedTx(ctx context.Context, tx *db.Tx, actor authz.Actor, drawID string, in SeedInput, sample draw.Sample, digest string) (Draw, error) {
	d, c, err := ownedTx(ctx, tx, actor, drawID)
	if err != nil {
		return d, err
	}
	n, err := tx.Exec(ctx, updateSeed, d.County, d.ID, in.Seed, in.Source, in.Witnesses, tx.Now(), actor.Name, digest)
	if err != nil {
		return d, err
	}
	if n == 0 {
		return d, errs.Conflict.New("sampling.not_frozen", "number", d.Number)
	}
	if _, err := tx.Exec(ctx, supersede, d.County, c.ID, d.ID); err != nil {
		return d, err
	}
	b, err := baseTx(ctx, tx, c)
	if err != nil {
		return d, err
	}
	units := make([]Unit, 0, len(sample.Units)+len(sample.Reserve))
	for i, list := range [][]draw.Unit{sample.Units, sample.Reserve} {
		for _, u := range list {
			household, ok := b.ids[u.Household]
			if !ok {
				return d, errs.Conflict.New("sampling.household_gone", "code", u.Household)
			}
			units = append(units, Unit{
				Household: household, Code: u.Household, Village: u.Village, Stratum: u.Stratum, Quota: u.Quota, Order: u.Order,
				State: []UnitState{Selected, Reserve}[i], P1: u.P1.String(), P2: u.P2.String(), Weight: u.Weight.String(),
				WeightValue: u.Weight.Float(), Persons: u.Persons,
			})
		}
	}
	if err := insertUnitsTx(ctx, tx, d.County, d.ID, units); err != nil {
		return d, err
	}
	err = audit.Write(ctx, tx, actor, audit.Entry{
		Action: "sampling.draw", Campaign: c.ID, Object: "draw", ObjectID: d.ID, Place: c.Region,
		Detail: map[string]any{"number": d.Number, "frame": d.FrameDigest, "seed": in.Seed, "source": in.Source, "witnesses": in.Witnesses, "households": len(sample.Units)},
	})
	if err != nil {
		return d, err
	}
	if err := s.bus.Emit(ctx, tx, d.County, EventDrawn, DrawnEvent{c.ID, d.ID, len(sample.Units)}); err != nil {
		return d, err
	}
	return drawTx(ctx, tx, d.County, d.ID)
}

// Publish opens the sample and its record to everybody who may read draws. Returns Forbidden, NotFound "sampling.no_draw", Conflict
// "survey.closed", "sampling.not_drawn".
func (s *Service) Publish(ctx context.Context, actor authz.Actor, drawID string) (Draw, error) {
	if err := actor.Require(authz.SamplingManage); err != nil {
		return Draw{}, err
	}
	drawID, err := id.Parse(drawID)
	if err != nil {
		return Draw{}, err
	}
	var out Draw
	err = s.d.Update(ctx, func(tx *db.Tx) error {
		d, c, err := ownedTx(ctx, tx, actor, drawID)
		if err != nil {
			return err
		}
		if d.State == Published {
			out = d
			return nil
		}
		n, err := tx.Exec(ctx, updatePublished, d.County, d.ID, tx.Now(), actor.Name)
		if err != nil {
			return err
		}
		if n == 0 {
			return errs.Conflict.New("sampling.not_drawn", "number", d.Number)
		}
		err = audit.Write(ctx, tx, actor, audit.Entry{Action: "sampling.publish", Campaign: c.ID, Object: "draw", ObjectID: d.ID, Place: c.Region, Detail: map[string]any{"number": d.Number}})
		if err != nil {
			return err
		}
		out, err = drawTx(ctx, tx, d.County, d.ID)
		return err
	})
	return out, err
}
