package sampling

import (
	"context"
	"encoding/json"

	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/region"
	"ruhu/internal/roster"
	"ruhu/internal/sampling/draw"
	"ruhu/internal/stats"
	"ruhu/internal/survey"
)

// visibleTx is a draw whose sample the actor may see. Returns NotFound "sampling.no_draw", Conflict "sampling.not_drawn",
// "sampling.not_published" (only those who draw see it before).
func visibleTx(ctx context.Context, tx *db.Tx, actor authz.Actor, drawID string) (Draw, survey.Campaign, error) {
	d, err := drawTx(ctx, tx, actor.County, drawID)
	if err != nil {
		return d, survey.Campaign{}, err
	}
	c, err := survey.VisibleTx(ctx, tx, actor, d.Campaign)
	switch {
	case errs.Is(err, errs.NotFound):
		return d, c, errs.NotFound.New("sampling.no_draw", "id", drawID)
	case err != nil:
		return d, c, err
	case d.sample == "":
		return d, c, errs.Conflict.New("sampling.not_drawn", "number", d.Number)
	case !manages(actor, c) && !d.open():
		return d, c, errs.Conflict.New("sampling.not_published", "number", d.Number)
	}
	return d, c, nil
}

// Result gives a sample by village, in the actor's region; weights and claims are those of the whole sample. Returns Forbidden, NotFound
// "sampling.no_draw", Conflict "sampling.not_drawn", "sampling.not_published".
func (s *Service) Result(ctx context.Context, actor authz.Actor, drawID, lang string) (Result, error) {
	if err := actor.Require(authz.SamplingRead); err != nil {
		return Result{}, err
	}
	drawID, err := id.Parse(drawID)
	if err != nil {
		return Result{}, err
	}
	out := Result{Villages: []VillageResult{}, Uses: []UseRow{}, Claims: []Claim{}, Warnings: []Warning{}}
	var c survey.Campaign
	var units []Unit
	var names map[region.Code]string
	err = s.d.View(ctx, func(tx *db.Tx) error {
		if out.Draw, c, err = visibleTx(ctx, tx, actor, drawID); err != nil {
			return err
		}
		lo, hi := c.Region.Range()
		if units, err = db.List(ctx, tx, scanUnit, selectUnits, c.County, drawID, lo, hi); err != nil {
			return err
		}
		lo, hi = actor.Scope()
		uses, err := db.List(ctx, tx, scanUse, selectUse, c.County, drawID, lo, hi)
		if err != nil {
			return err
		}
		out.Uses = append(out.Uses, uses...)
		all, err := region.UnderTx(ctx, tx, c.Region)
		names = map[region.Code]string{}
		for _, r := range all {
			names[r.Code] = r.Name
		}
		return err
	})
	if err != nil {
		return out, err
	}
	raw, err := s.get(out.Draw.sample)
	if err != nil {
		return out, err
	}
	var sample draw.Sample
	if err := json.Unmarshal(raw, &sample); err != nil {
		return out, err
	}
	out.count(units)
	out.villages(actor, sample, units, names)
	return out, s.outlook(&out, c, lang)
}

// outlook repeats what was announced, from the frame that was drawn from.
func (s *Service) outlook(out *Result, c survey.Campaign, lang string) error {
	file, err := s.get(out.Draw.FrameDigest)
	if err != nil {
		return err
	}
	frame, err := draw.ReadFrame(file)
	if err != nil {
		return err
	}
	plan, err := out.Draw.planOf()
	if err != nil {
		return err
	}
	o, err := draw.Expect(plan, frame)
	if err != nil {
		return err
	}
	out.Claims = claims(c.Plan.Sampling, o)
	warner{lang, &out.Warnings}.outlook(o)
	return nil
}

// count fills the figures of the whole sample.
func (r *Result) count(units []Unit) {
	var w []float64
	for _, u := range units {
		if u.State != Selected && u.State != Used {
			continue
		}
		w = append(w, u.WeightValue)
		r.N++
		r.Persons += u.Persons
		r.SumWeights += u.WeightValue
		if r.WeightMin == 0 || u.WeightValue < r.WeightMin {
			r.WeightMin = u.WeightValue
		}
		r.WeightMax = max(r.WeightMax, u.WeightValue)
	}
	if r.N > 0 {
		r.Deff = stats.KishDeff(w)
	}
}

func (r *Result) villages(actor authz.Actor, sample draw.Sample, units []Unit, names map[region.Code]string) {
	at := map[string]int{}
	for _, v := range sample.Villages {
		code := region.Code(v.Village)
		if !actor.Sees(code) {
			continue
		}
		at[v.Village] = len(r.Villages)
		r.Villages = append(r.Villages, VillageResult{
			Code: code, Name: names[code], Township: names[region.Code(v.Township)], Group: v.Group, Type: v.Type, Order: v.Order, Drawn: v.Drawn,
			Of: v.Of, Attempt: v.Attempt, P: v.P.String(), Short: v.Short, Strata: []StratumResult{},
		})
	}
	for _, s := range sample.Strata {
		if i, ok := at[s.Village]; ok {
			r.Villages[i].Strata = append(r.Villages[i].Strata, StratumResult{s.Stratum, s.Quota, s.Have, s.Draw, s.Certainty, s.CoverageGap})
		}
	}
	for _, u := range units {
		i, ok := at[u.Village]
		if !ok {
			if i, ok = at[u.Stratum]; !ok { // one stage: by township
				continue
			}
		}
		switch u.State {
		case Reserve:
			r.Villages[i].Reserve++
		case Gone:
			r.Villages[i].Gone++
		}
	}
}

// Units lists the households of a sample in a village or township, in the actor's region, the reserve after the selected ones of each
// stratum. Errors as Result.
func (s *Service) Units(ctx context.Context, actor authz.Actor, drawID string, place region.Code) ([]Unit, error) {
	if err := actor.Require(authz.SamplingRead); err != nil {
		return nil, err
	}
	drawID, err := id.Parse(drawID)
	if err != nil {
		return nil, err
	}
	out := []Unit{}
	err = s.d.View(ctx, func(tx *db.Tx) error {
		d, _, err := visibleTx(ctx, tx, actor, drawID)
		if err != nil {
			return err
		}
		if !actor.Sees(place) {
			return nil
		}
		lo, hi := place.Range()
		units, err := db.List(ctx, tx, scanUnit, selectUnits, d.County, d.ID, lo, hi)
		if err != nil {
			return err
		}
		ids := make([]string, len(units))
		for i, u := range units {
			ids[i] = u.Household
		}
		hs, err := roster.NamesTx(ctx, tx, d.County, ids)
		for i := range units {
			units[i].HeadName = hs[units[i].Household].HeadName
		}
		out = append(out, units...)
		return err
	})
	return out, err
}
