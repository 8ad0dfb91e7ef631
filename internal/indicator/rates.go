package indicator

import (
	"context"
	"math"
	"slices"

	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/region"
	"ruhu/internal/roster"
	"ruhu/internal/survey"
)

// RoundRates are the three rates and the approval of a round, for a place.
type RoundRates struct {
	Place   region.Region `json:"place"`
	Sampled bool          `json:"sampled"`
	Draw    int           `json:"draw"` // number of the draw that counts; 0 for none
	Asks    bool          `json:"asks"` // rural persons are entered by village
	Results []RateResult  `json:"results"`
	Today   db.Date       `json:"today"`
}

const (
	selectStanding = `SELECT kind, household, state, persons FROM indicator_determination
 WHERE county = $1 AND campaign = $2 AND village >= $3 AND village < $4`
)

// Rates gives them for a place in the actor's region; "" is as much of the campaign as the actor sees. Previews that count undecided cases are for
// the county. Returns Forbidden, NotFound "survey.not_found", "region.not_found".
func (s *Service) Rates(ctx context.Context, actor authz.Actor, campaign string, place region.Code) (RoundRates, error) {
	if err := actor.Require(authz.DetermineRead); err != nil {
		return RoundRates{}, err
	}
	var out RoundRates
	err := s.d.View(ctx, func(tx *db.Tx) (err error) {
		out, err = s.ratesTx(ctx, tx, actor, campaign, place)
		return err
	})
	return out, err
}

func (s *Service) ratesTx(ctx context.Context, tx *db.Tx, actor authz.Actor, campaign string, place region.Code) (RoundRates, error) {
	c, err := survey.VisibleTx(ctx, tx, actor, campaign)
	if err != nil {
		return RoundRates{}, err
	}
	if place, err = within(actor, c, place); err != nil {
		return RoundRates{}, err
	}
	out := RoundRates{Sampled: c.Plan.Sampling.Sampled(), Today: c.Today(tx.Now()), Asks: c.Plan.Rates.Asks(), Results: []RateResult{}}
	if out.Place, err = region.GetTx(ctx, tx, place); err != nil {
		return out, err
	}
	if len(c.Plan.Rates.List) == 0 {
		return out, nil
	}
	n, err := s.censusTx(ctx, tx, c)
	if err != nil {
		return out, err
	}
	n = n.at(place)
	if n.drawn != nil {
		out.Draw = n.drawn.Number
	}
	out.Results = n.all()
	if !actor.Can(authz.DetermineConfirm) {
		for i := range out.Results {
			out.Results[i].Preview = nil
		}
	}
	return out, nil
}

// censusTx reads what the rates of a campaign are made of.
func (s *Service) censusTx(ctx context.Context, tx *db.Tx, c survey.Campaign) (census, error) {
	n := census{rates: c.Plan.Rates, sampled: c.Plan.Sampling.Sampled(), standing: map[string]map[string]int{}, pending: map[string]map[string]int{}, population: math.NaN()}
	hs, err := roster.CampaignTx(ctx, tx, c.County, c.ID)
	if err != nil {
		return n, err
	}
	lo, hi := c.Region.Range()
	values := map[string]Value{}
	err = tx.Query(ctx, selectValues, []any{c.County, c.ID, lo, hi}, func(scan func(...any) error) error {
		v, err := scanValue(scan)
		values[v.Household] = v
		return err
	})
	if err != nil {
		return n, err
	}
	for _, h := range hs {
		v, answered := values[h.ID]
		x := house{id: h.ID, code: h.Code, class: string(h.Class), persons: float64(h.Size), figures: v.Figures, answered: answered, village: h.Village, in: true}
		if p, known := v.Figures[c.Plan.Rates.Persons]; known && p >= 1 {
			x.persons = math.Floor(p)
		}
		n.houses = append(n.houses, x)
	}
	err = tx.Query(ctx, selectStanding, []any{c.County, c.ID, lo, hi}, func(scan func(...any) error) error {
		var kind, household, state string
		var persons int
		if err := scan(&kind, &household, &state, &persons); err != nil {
			return err
		}
		switch into := n.standing; {
		case slices.Contains(open, State(state)):
			into = n.pending
			fallthrough
		case slices.Contains(stands, State(state)):
			if into[kind] == nil {
				into[kind] = map[string]int{}
			}
			into[kind][household] = persons
		}
		return nil
	})
	if err != nil {
		return n, err
	}
	if n.rates.Asks() {
		if n.entered, err = populationTx(ctx, tx, c); err != nil {
			return n, err
		}
	}
	if n.sampled {
		d, drawn, err := s.samplings.OutcomeTx(ctx, tx, c)
		if err != nil {
			return n, err
		}
		if drawn {
			n.drawn = &d
		}
	}
	return n, nil
}
