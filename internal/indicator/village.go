package indicator

import (
	"context"
	"slices"
	"strconv"

	"ruhu/internal/audit"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/playbook"
	"ruhu/internal/region"
	"ruhu/internal/stats"
	"ruhu/internal/survey"
)

// VillageEntry is what the check of a village found on an item.
type VillageEntry struct {
	Item   string `json:"item"`
	Result Result `json:"result"` // met, not_met; unknown takes the entry back
	Figure string `json:"figure"`
	Note   string `json:"note"`
}

// VillageItemResult is an item of the exit standard with how a village stands.
type VillageItemResult struct {
	VillageEntry
	Title   playbook.Text `json:"title"`
	Measure playbook.Text `json:"measure"` // what counts as met
	Weighed bool          `json:"weighed"` // considered, not decided
	Worked  bool          `json:"worked"`  // worked out from the households; nobody enters it
	ByName  string        `json:"by_name"`
	At      *db.Time      `json:"at"`
}

// VillageStanding is how a village stands against the exit standard (S2.9).
type VillageStanding struct {
	Village region.Region       `json:"village"`
	Result  Result              `json:"result"` // of all items that are decided
	Met     int                 `json:"met"`
	NotMet  int                 `json:"not_met"`
	Unknown int                 `json:"unknown"`
	Items   []VillageItemResult `json:"items"`
}

const (
	selectVillage = `SELECT village, item, result, figure, note, by_name, at FROM indicator_village
 WHERE county = $1 AND campaign = $2 AND village >= $3 AND village < $4`
	upsertVillage = `INSERT INTO indicator_village (county, campaign, village, item, result, figure, note, by_name, at)
 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
 ON CONFLICT (county, campaign, village, item) DO UPDATE SET result = excluded.result, figure = excluded.figure, note = excluded.note,
 by_name = excluded.by_name, at = excluded.at`
)

// Villages gives every village of the base list in a place of the actor's region, by code; "" is as much of the campaign as the actor sees. Returns
// Forbidden, NotFound "survey.not_found", "region.not_found".
func (s *Service) Villages(ctx context.Context, actor authz.Actor, campaign string, place region.Code) ([]VillageStanding, error) {
	if err := actor.Require(authz.DetermineRead); err != nil {
		return nil, err
	}
	out := []VillageStanding{}
	err := s.d.View(ctx, func(tx *db.Tx) error {
		c, err := survey.VisibleTx(ctx, tx, actor, campaign)
		if err != nil {
			return err
		}
		if place, err = within(actor, c, place); err != nil {
			return err
		}
		found, err := villageEntriesTx(ctx, tx, c, place)
		if err != nil {
			return err
		}
		n, err := s.censusTx(ctx, tx, c)
		if err != nil {
			return err
		}
		under, err := region.UnderTx(ctx, tx, c.Region)
		if err != nil {
			return err
		}
		listed := n.villages()
		for _, r := range under {
			if place.Contains(r.Code) && listed[r.Code] {
				out = append(out, villageStanding(c.Plan, n.at(r.Code), r, found[r.Code]))
			}
		}
		return nil
	})
	return out, err
}

// within gives the place that is asked about, inside the actor's region and the campaign's. Returns NotFound "region.not_found".
func within(actor authz.Actor, c survey.Campaign, place region.Code) (region.Code, error) {
	if place == "" {
		if c.Region.Contains(actor.Region) {
			return actor.Region, nil
		}
		return c.Region, nil
	}
	if !actor.Sees(place) || !c.Region.Contains(place) {
		return "", errs.NotFound.New("region.not_found", "code", string(place))
	}
	return place, nil
}

func villageEntriesTx(ctx context.Context, tx *db.Tx, c survey.Campaign, place region.Code) (map[region.Code]map[string]VillageItemResult, error) {
	out := map[region.Code]map[string]VillageItemResult{}
	lo, hi := place.Range()
	err := tx.Query(ctx, selectVillage, []any{c.County, c.ID, lo, hi}, func(scan func(...any) error) error {
		var v region.Code
		var x VillageItemResult
		var at db.Time
		err := scan(&v, &x.Item, (*string)(&x.Result), &x.Figure, &x.Note, &x.ByName, &at)
		x.At = &at
		if out[v] == nil {
			out[v] = map[string]VillageItemResult{}
		}
		out[v][x.Item] = x
		return err
	})
	return out, err
}

// villageStanding holds a village against the items of the playbook. n is of the village.
func villageStanding(plan *playbook.Playbook, n census, r region.Region, found map[string]VillageItemResult) VillageStanding {
	out := VillageStanding{Village: r, Result: Met, Items: []VillageItemResult{}}
	for _, it := range plan.ExitStandard.Village.Items {
		x := found[it.Code]
		x.Item, x.Title, x.Measure, x.Weighed = it.Code, it.Title, it.Measure, it.Weighed
		if it.Incidence != "" {
			x.Worked = true
			x.Result, x.Figure = n.incidence(it.Incidence)
		}
		if x.Result == "" {
			x.Result = Unknown
		}
		out.Items = append(out.Items, x)
		switch {
		case it.Weighed:
		case x.Result == Met:
			out.Met++
		case x.Result == NotMet:
			out.NotMet++
		default:
			out.Unknown++
		}
	}
	switch {
	case out.NotMet > 0:
		out.Result = NotMet
	case out.Unknown > 0 || len(out.Items) == 0:
		out.Result = Unknown
	}
	return out
}

// incidence is a rate of a village. A sample says nothing about a single village.
func (c census) incidence(code string) (Result, string) {
	if c.sampled {
		return Unknown, ""
	}
	rate, _ := c.rates.Find(code)
	x := RateResult{}
	c.count(rate, &x)
	c.exact(rate, &x)
	if !x.Known {
		return Unknown, ""
	}
	return map[stats.Verdict]Result{stats.Met: Met, stats.NotMet: NotMet, stats.Undecided: Unknown}[x.Verdict], strconv.FormatFloat(100*x.Estimate, 'f', 2, 64) + " %"
}

// PutVillage enters what the check of a village found. Returns Forbidden, NotFound "survey.not_found", "region.not_found", Invalid
// "indicator.village_item", "indicator.village_result".
func (s *Service) PutVillage(ctx context.Context, actor authz.Actor, campaign string, village region.Code, entries []VillageEntry) error {
	if err := actor.Require(authz.DetermineEnter); err != nil {
		return err
	}
	return s.d.Update(ctx, func(tx *db.Tx) error {
		c, err := survey.VisibleTx(ctx, tx, actor, campaign)
		if err != nil {
			return err
		}
		if _, err := within(actor, c, village); err != nil || village.Level() != region.Village {
			return errs.NotFound.New("region.not_found", "code", string(village))
		}
		items := c.Plan.ExitStandard.Village.Items
		for _, e := range entries {
			i := slices.IndexFunc(items, func(it playbook.VillageItem) bool { return it.Code == e.Item && it.Incidence == "" })
			if i < 0 {
				return errs.Invalid.New("indicator.village_item", "field", "item", "item", db.Clip(e.Item, 40))
			}
			if e.Result != Unknown && (items[i].Weighed || e.Result != Met && e.Result != NotMet) {
				return errs.Invalid.New("indicator.village_result", "field", "result")
			}
			_, err := tx.Exec(ctx, upsertVillage, c.County, c.ID, village, e.Item, string(e.Result), db.Clip(e.Figure, 200), db.Clip(e.Note, maxText), actor.Name, tx.Now())
			if err != nil {
				return err
			}
		}
		return audit.Write(ctx, tx, actor, audit.Entry{
			Action: "indicator.village", Campaign: c.ID, Object: "village", ObjectID: string(village), Place: village, Detail: entries,
		})
	})
}
