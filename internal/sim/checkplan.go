package sim

import (
	"context"
	"net/http"
	"net/url"

	"ruhu/internal/id"
)

// Plan is what the assignments come to, counted from the lists that the API gives and not from what the plan says of itself.
type Plan struct {
	Visits    int `json:"visits"`
	Forbidden int `json:"forbidden"` // a member of the team lives in the village, works there, answers for it, or is kin of the household
	Outside   int `json:"outside"`   // the household is not in the sample
	Left      int `json:"left"`      // households of the sample without a visit
	Busiest   int `json:"busiest"`   // most visits of a team on a day
	Villages  int `json:"villages"`  // most villages of a team on a day
}

// tie is what closes a village, or a household, to a team beside its members' homes.
type tie struct {
	Kind      string `json:"kind"`
	Village   string `json:"village"`
	Household string `json:"household"`
	Note      string `json:"note"`
}

// tie says of some enumerators where they work, which village they answer for and who is their kin, and names a guide for each village.
func (p *player) tie(ctx context.Context) error {
	at := "/campaigns/" + p.campaign
	p.ties = map[string][]tie{}
	n := 0
	for _, a := range p.people {
		if a.Role != "enumerator" {
			continue
		}
		n++
		v, h := pick(p.rng, p.world.Villages), pick(p.rng, p.world.Households[:p.Households])
		switch n % 8 {
		case 2:
			p.ties[a.ID] = []tie{{Kind: "workplace", Village: v.Code, Note: "驻村"}}
		case 4:
			p.ties[a.ID] = []tie{{Kind: "responsible", Village: v.Code, Note: "包村"}}
		case 6:
			p.ties[a.ID] = []tie{{Kind: "kin", Village: h.Village, Household: h.Code, Note: "亲属"}}
		}
		if ties := p.ties[a.ID]; ties != nil {
			if err := p.office.Do(ctx, http.MethodPut, at+"/people/"+a.ID+"/ties", map[string]any{"ties": ties}, nil); err != nil {
				return err
			}
		}
	}
	for _, v := range p.world.Villages {
		guide := map[string]string{"village": v.Code, "name": p.world.personName(pick(p.rng, surnames), true), "phone": p.world.phone(), "role": "村民组长"}
		if err := p.office.Do(ctx, http.MethodPut, at+"/guides/"+id.New(), guide, nil); err != nil {
			return err
		}
	}
	return nil
}

// checkPlan counts what was planned.
func (p *player) checkPlan(ctx context.Context) error {
	at := "/campaigns/" + p.campaign
	var teams struct {
		Items []struct {
			ID      string `json:"id"`
			Members []struct {
				ID          string `json:"id"`
				HomeVillage *struct {
					Code string `json:"code"`
				} `json:"home_village"`
			} `json:"members"`
		} `json:"items"`
	}
	if err := p.office.Do(ctx, http.MethodGet, at+"/teams", nil, &teams); err != nil {
		return err
	}
	lives := map[[2]string]bool{} // team and village
	kinOf := map[[2]string]bool{} // team and 户编号
	for _, t := range teams.Items {
		for _, m := range t.Members {
			for _, tie := range p.ties[m.ID] {
				if tie.Household != "" {
					kinOf[[2]string{t.ID, tie.Household}] = true
				} else {
					lives[[2]string{t.ID, tie.Village}] = true
				}
			}
			if m.HomeVillage != nil {
				lives[[2]string{t.ID, m.HomeVillage.Code}] = true
			}
		}
	}
	out := &Plan{}
	waiting := map[string]bool{}
	for code := range p.inSample {
		waiting[code] = true
	}
	busy, places := map[[2]string]int{}, map[[2]string]map[string]bool{}
	q := url.Values{"limit": {"100"}}
	for {
		var page struct {
			Items []struct {
				Household struct {
					Code    string `json:"code"`
					Village struct {
						Code string `json:"code"`
					} `json:"village"`
				} `json:"household"`
				Team struct {
					ID string `json:"id"`
				} `json:"team"`
				Date string `json:"date"`
			} `json:"items"`
			Next string `json:"next"`
		}
		if err := p.office.Do(ctx, http.MethodGet, at+"/assignments?"+q.Encode(), nil, &page); err != nil {
			return err
		}
		for _, a := range page.Items {
			village := a.Household.Village.Code
			out.Visits++
			out.Forbidden += count(lives[[2]string{a.Team.ID, village}] || kinOf[[2]string{a.Team.ID, a.Household.Code}])
			out.Outside += count(p.inSample != nil && !p.inSample[a.Household.Code])
			delete(waiting, a.Household.Code)
			day := [2]string{a.Team.ID, a.Date}
			busy[day]++
			if places[day] == nil {
				places[day] = map[string]bool{}
			}
			places[day][village] = true
			out.Busiest, out.Villages = max(out.Busiest, busy[day]), max(out.Villages, len(places[day]))
		}
		if page.Next == "" {
			break
		}
		q.Set("cursor", page.Next)
	}
	out.Left = len(waiting)
	p.sum.Plan = out
	return nil
}
