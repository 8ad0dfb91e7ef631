package sampling

import (
	"context"
	"fmt"
	"slices"

	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/playbook"
	"ruhu/internal/region"
	"ruhu/internal/sampling/draw"
	"ruhu/internal/stats"
	"ruhu/internal/survey"
)

// Level of confidence of everything that is announced.
const Level = 0.95

// Setup gives the design of a campaign, the frame as the roster has it now, what a draw will give, what it can show, and the draws so
// far. Warnings are in lang. Returns Forbidden, NotFound "survey.not_found".
func (s *Service) Setup(ctx context.Context, actor authz.Actor, campaign, lang string) (Setup, error) {
	if err := actor.Require(authz.SamplingRead); err != nil {
		return Setup{}, err
	}
	campaign, err := id.Parse(campaign)
	if err != nil {
		return Setup{}, err
	}
	out := Setup{Places: []PlaceRow{}, Claims: []Claim{}, Warnings: []Warning{}, Draws: []Draw{}, Design: designOf(playbook.Sampling{})}
	var c survey.Campaign
	var b *base
	var empty int
	err = s.d.View(ctx, func(tx *db.Tx) error {
		if c, err = survey.VisibleTx(ctx, tx, actor, campaign); err != nil || !c.Plan.Sampling.Sampled() {
			return err
		}
		if b, err = baseTx(ctx, tx, c); err != nil {
			return err
		}
		draws, err := db.List(ctx, tx, scanDraw, selectDraws, c.County, c.ID)
		if err != nil {
			return err
		}
		for _, d := range draws {
			out.Draws = append(out.Draws, d.shownTo(manages(actor, c)))
		}
		names, n, err := placeNames(ctx, tx, c, b)
		empty, out.Places = n, append(out.Places, b.rows(names)...)
		return err
	})
	if err != nil || b == nil {
		return out, err
	}
	out.Sampled, out.Manage, out.Design = true, manages(actor, c) && c.State != survey.Closed, designOf(c.Plan.Sampling)
	warn := warner{lang: lang, out: &out.Warnings}
	if empty > 0 {
		warn.add("sampling.warn_empty", "count", empty)
	}
	if b.outside > 0 {
		warn.add("sampling.warn_outside", "count", b.outside)
	}
	if len(b.frame.Households) == 0 || len(b.missing) > 0 {
		return out, nil
	}
	warn.townships(c.Plan.Sampling, b)
	if len(out.Draws) > 0 && slices.Contains([]State{Frozen, Drawn, Published}, out.Draws[0].State) && draw.Digest(b.frame.CSV()) != out.Draws[0].FrameDigest {
		warn.add("sampling.warn_changed", "number", out.Draws[0].Number)
	}
	o, err := draw.Expect(b.plan, b.frame)
	if err != nil {
		return out, err
	}
	out.Outlook, out.Claims = &o, claims(c.Plan.Sampling, o)
	warn.outlook(o)
	return out, nil
}

// placeNames gives the names of all places of the campaign, and how many of its villages have no household in the frame.
func placeNames(ctx context.Context, tx *db.Tx, c survey.Campaign, b *base) (map[region.Code]string, int, error) {
	all, err := region.UnderTx(ctx, tx, c.Region)
	if err != nil {
		return nil, 0, err
	}
	names, empty := map[region.Code]string{}, 0
	for _, r := range all {
		names[r.Code] = r.Name
		if r.Code.Level() == region.Village && !slices.ContainsFunc(b.frame.Villages, func(v draw.Village) bool { return v.Code == string(r.Code) }) {
			empty++
		}
	}
	return names, empty, nil
}

// shownTo hides what nobody may know before it is published.
func (d Draw) shownTo(manages bool) Draw {
	if !manages && !d.open() {
		d.Seed, d.SeedSource, d.Witnesses = "", "", ""
	}
	return d
}

// claims says what the sample can show about the playbook's limits in the best case. Households per quota, design effect and degrees of
// freedom are those that the plan leads one to expect; the design effect is the playbook's, or that of the weights.
func claims(s playbook.Sampling, o draw.Outlook) []Claim {
	out := []Claim{}
	for _, c := range s.Claims {
		n, have, gap, deff := 0.0, 0, 0, c.Deff
		all := len(c.Quotas) == 0
		for _, q := range o.Quotas {
			if all || slices.Contains(c.Quotas, q.Quota) {
				n, have, gap = n+q.Expected, have+q.Have, gap+q.Gap
				if c.Deff == 0 {
					deff = max(deff, q.Deff)
				}
			}
		}
		if all && c.Deff == 0 {
			deff = o.Deff
		}
		out = append(out, Claim{
			Code: c.Code, TitleZH: c.Title.ZH, TitleEN: c.Title.EN, Threshold: c.Threshold, Side: c.Side, Gap: gap,
			Show: limit(c).Show(int(n+0.5), have, deff, o.DF, Level),
		})
	}
	return out
}

func limit(c playbook.SampleClaim) stats.Limit {
	if c.Side == "at_least" {
		return stats.AtLeast(c.Threshold)
	}
	return stats.Below(c.Threshold)
}

// warner collects warnings in a language.
type warner struct {
	lang string
	out  *[]Warning
}

func (w warner) add(code string, kv ...any) {
	*w.out = append(*w.out, Warning{code, errs.Conflict.New(code, kv...).Message(w.lang)})
}

// townships compares with how many townships of each group the plan counts on.
func (w warner) townships(s playbook.Sampling, b *base) {
	for _, g := range s.Groups {
		n := 0
		for _, t := range b.towns {
			if b.group(t) == g.Code {
				n++
			}
		}
		title := g.Title.ZH
		if w.lang == "en" {
			title = g.Title.EN
		}
		if g.Townships > 0 && n != g.Townships {
			w.add("sampling.warn_townships", "group", title, "want", g.Townships, "got", n)
		}
	}
}

func (w warner) outlook(o draw.Outlook) {
	if o.Gap > 0 {
		w.add("sampling.warn_gap", "count", o.Gap, "share", fmt.Sprintf("%.1f%%", 100*o.GapShare))
	}
	if o.Single > 0 {
		w.add("sampling.warn_single", "count", o.Single)
	}
	if o.Single2 > 0 {
		w.add("sampling.warn_single2", "count", o.Single2)
	}
	if o.Short > 0 {
		w.add("sampling.warn_short", "count", o.Short)
	}
	if o.DF < 8 {
		w.add("sampling.warn_df", "df", o.DF)
	}
	if o.Deff >= 2 {
		w.add("sampling.warn_deff", "deff", fmt.Sprintf("%.1f", o.Deff), "effective", int(o.Expected/o.Deff))
	}
}
