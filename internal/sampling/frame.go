package sampling

import (
	"cmp"
	"context"
	"slices"

	"ruhu/internal/audit"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/region"
	"ruhu/internal/roster"
	"ruhu/internal/sampling/draw"
	"ruhu/internal/survey"
)

// base is the roster as a frame.
type base struct {
	plan    draw.Plan
	frame   draw.Frame
	ids     map[string]string // 户编号 → id
	outside int               // households of classes that the design does not name
	values  map[region.Code]string
	towns   []region.Code // of the frame, in order
	missing []region.Code // townships without a group
}

// baseTx makes the frame of a campaign from its roster and what the office said of places.
func baseTx(ctx context.Context, tx *db.Tx, c survey.Campaign) (*base, error) {
	hs, err := roster.CampaignTx(ctx, tx, c.County, c.ID)
	if err != nil {
		return nil, err
	}
	b := &base{plan: planOf(c.Plan.Sampling), ids: map[string]string{}}
	if b.values, err = placesTx(ctx, tx, c.County, c.ID); err != nil {
		return nil, err
	}
	seen := map[region.Code]bool{}
	for _, h := range hs {
		b.ids[h.Code] = h.ID
		if !inPlan(b.plan, string(h.Class)) {
			b.outside++
			continue
		}
		if !seen[h.Village] {
			seen[h.Village] = true
			b.addVillage(h.Village)
		}
		b.frame.Households = append(b.frame.Households, draw.Household{
			Village: string(h.Village), Code: h.Code, Class: string(h.Class), Tags: relevant(b.plan, h.Tags), Persons: h.Size,
		})
	}
	slices.Sort(b.towns)
	for _, t := range b.towns {
		if b.group(t) == "" {
			b.missing = append(b.missing, t)
		}
	}
	return b, nil
}

// group of a township: as the office said, or the only one there is.
func (b *base) group(township region.Code) string {
	g := b.values[township]
	if slices.ContainsFunc(b.plan.Groups, func(x draw.Group) bool { return x.Code == g }) {
		return g
	}
	if len(b.plan.Groups) == 1 {
		return b.plan.Groups[0].Code
	}
	return ""
}

// kind of a village: as the office said, or the second.
func (b *base) kind(village region.Code) string {
	if b.plan.TypeRule == "" {
		return ""
	}
	if b.values[village] == b.plan.Types[0].Code {
		return b.plan.Types[0].Code
	}
	return b.plan.Types[1].Code
}

func (b *base) addVillage(v region.Code) {
	t := v.Parent()
	if !slices.Contains(b.towns, t) {
		b.towns = append(b.towns, t)
	}
	b.frame.Villages = append(b.frame.Villages, draw.Village{Township: string(t), Group: b.group(t), Code: string(v), Type: b.kind(v)})
}

// PutPlaces says of which group townships and of which type villages are. It can be changed until the frame is frozen; a frame that is
// frozen keeps what it was frozen with. Returns Forbidden, NotFound "survey.not_found", Conflict "survey.closed", "sampling.census",
// Invalid "sampling.place" (no township or village of the campaign), "sampling.place_value" (no such group or type).
func (s *Service) PutPlaces(ctx context.Context, actor authz.Actor, campaign string, places []Place) error {
	if err := actor.Require(authz.SamplingManage); err != nil {
		return err
	}
	campaign, err := id.Parse(campaign)
	if err != nil {
		return err
	}
	return s.d.Update(ctx, func(tx *db.Tx) error {
		c, err := managedTx(ctx, tx, actor, campaign)
		if err != nil {
			return err
		}
		plan := planOf(c.Plan.Sampling)
		codes := make([]region.Code, len(places))
		for i, p := range places {
			codes[i] = p.Code
		}
		names, err := region.NamesTx(ctx, tx, codes)
		if err != nil {
			return err
		}
		for _, p := range places {
			if _, ok := names[p.Code]; !ok || !c.Region.Contains(p.Code) || p.Code.Level() == region.County {
				return errs.Invalid.New("sampling.place", "code", string(p.Code))
			}
			if !allowed(plan, p) {
				return errs.Invalid.New("sampling.place_value", "code", string(p.Code), "value", p.Value)
			}
			if _, err := tx.Exec(ctx, upsertPlace, c.County, c.ID, p.Code, p.Value); err != nil {
				return err
			}
		}
		return audit.Write(ctx, tx, actor, audit.Entry{Action: "sampling.places", Campaign: c.ID, Object: "campaign", ObjectID: c.ID, Place: c.Region, Detail: places})
	})
}

func allowed(plan draw.Plan, p Place) bool {
	if p.Code.Level() == region.Township {
		return slices.ContainsFunc(plan.Groups, func(g draw.Group) bool { return g.Code == p.Value })
	}
	return slices.ContainsFunc(plan.Types, func(t draw.Type) bool { return t.Code == p.Value })
}

// rows lists the places of the frame for the screen: each township before its villages.
func (b *base) rows(names map[region.Code]string) []PlaceRow {
	count := map[string]int{}
	for _, h := range b.frame.Households {
		count[h.Village]++
	}
	villages := slices.Clone(b.frame.Villages)
	slices.SortFunc(villages, func(x, y draw.Village) int { return cmp.Compare(x.Code, y.Code) })
	var out []PlaceRow
	for _, t := range b.towns {
		at := len(out)
		out = append(out, PlaceRow{Code: t, Name: names[t], Value: b.group(t)})
		for _, v := range villages {
			if region.Code(v.Township) != t {
				continue
			}
			code := region.Code(v.Code)
			out[at].Households += count[v.Code]
			out = append(out, PlaceRow{Code: code, Name: names[code], Township: t, Value: v.Type, Households: count[v.Code]})
		}
	}
	return out
}
