package sim

import (
	"context"
	"net/http"
	"net/url"
)

// Plan is what the assignments come to, counted from the lists that the API gives and not from what the plan says of itself.
type Plan struct {
	Visits    int `json:"visits"`
	Forbidden int `json:"forbidden"` // a member of the team lives in the village
	Outside   int `json:"outside"`   // the household is not in the sample
	Left      int `json:"left"`      // households of the sample without a visit
	Busiest   int `json:"busiest"`   // most visits of a team on a day
	Villages  int `json:"villages"`  // most villages of a team on a day
}

// checkPlan counts what was planned.
func (p *player) checkPlan(ctx context.Context) error {
	at := "/campaigns/" + p.campaign
	var teams struct {
		Items []struct {
			ID      string `json:"id"`
			Members []struct {
				HomeVillage *struct {
					Code string `json:"code"`
				} `json:"home_village"`
			} `json:"members"`
		} `json:"items"`
	}
	if err := p.office.Do(ctx, http.MethodGet, at+"/teams", nil, &teams); err != nil {
		return err
	}
	lives := map[[2]string]bool{}
	for _, t := range teams.Items {
		for _, m := range t.Members {
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
			out.Forbidden += count(lives[[2]string{a.Team.ID, village}])
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
