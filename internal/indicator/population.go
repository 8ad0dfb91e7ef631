package indicator

import (
	"context"

	"ruhu/internal/audit"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/region"
	"ruhu/internal/roster"
	"ruhu/internal/survey"
)

const (
	selectPopulation = `SELECT village, persons FROM indicator_population WHERE county = $1 AND campaign = $2 AND village >= $3 AND village < $4`
	upsertPopulation = `INSERT INTO indicator_population (county, campaign, village, persons, by_name, at) VALUES ($1, $2, $3, $4, $5, $6)
 ON CONFLICT (county, campaign, village) DO UPDATE SET persons = excluded.persons, by_name = excluded.by_name, at = excluded.at`
)

// Population is the number of rural persons of a village.
type Population struct {
	Village region.Region `json:"village"`
	Listed  int           `json:"listed"`  // persons of its households in the base list
	Persons int           `json:"persons"` // 0: not entered
}

func populationTx(ctx context.Context, tx *db.Tx, c survey.Campaign) (map[region.Code]int, error) {
	lo, hi := c.Region.Range()
	return db.Counts[region.Code](ctx, tx, selectPopulation, c.County, c.ID, lo, hi)
}

// Populations lists the villages with households in the base list, in the actor's region. Returns Forbidden, NotFound "survey.not_found".
func (s *Service) Populations(ctx context.Context, actor authz.Actor, campaign string) ([]Population, error) {
	out := []Population{}
	if err := actor.Require(authz.DetermineRead); err != nil {
		return out, err
	}
	err := s.d.View(ctx, func(tx *db.Tx) error {
		c, err := survey.VisibleTx(ctx, tx, actor, campaign)
		if err != nil {
			return err
		}
		hs, err := roster.CampaignTx(ctx, tx, c.County, c.ID)
		if err != nil {
			return err
		}
		entered, err := populationTx(ctx, tx, c)
		if err != nil {
			return err
		}
		listed := map[region.Code]int{}
		for _, h := range hs {
			if actor.Sees(h.Village) {
				listed[h.Village] += h.Size
			}
		}
		all, err := region.UnderTx(ctx, tx, c.Region)
		if err != nil {
			return err
		}
		for _, r := range all { // in the order of codes
			if n, has := listed[r.Code]; has {
				out = append(out, Population{r, n, entered[r.Code]})
			}
		}
		return nil
	})
	return out, err
}

// PutPopulations enters rural persons by village. Returns Forbidden, NotFound "survey.not_found", "region.not_found", Invalid "indicator.population".
func (s *Service) PutPopulations(ctx context.Context, actor authz.Actor, campaign string, persons map[region.Code]int) error {
	if err := actor.Require(authz.DetermineEnter); err != nil {
		return err
	}
	return s.d.Update(ctx, func(tx *db.Tx) error {
		c, err := survey.VisibleTx(ctx, tx, actor, campaign)
		if err != nil {
			return err
		}
		if len(persons) == 0 {
			return errs.Invalid.New("indicator.population", "field", "persons")
		}
		for v, n := range persons {
			if v.Level() != region.Village || !actor.Sees(v) || !c.Region.Contains(v) {
				return errs.NotFound.New("region.not_found", "code", string(v))
			}
			if n < 1 || n > 1_000_000 {
				return errs.Invalid.New("indicator.population", "field", string(v))
			}
			if _, err := tx.Exec(ctx, upsertPopulation, c.County, c.ID, v, n, actor.Name, tx.Now()); err != nil {
				return err
			}
		}
		return audit.Write(ctx, tx, actor, audit.Entry{Action: "indicator.population", Campaign: c.ID, Object: "campaign", ObjectID: c.ID, Detail: persons})
	})
}
