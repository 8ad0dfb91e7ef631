package sim

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"time"

	"ruhu/internal/id"
)

// mendProblems lets villages start and claim some problems, the supervisor verify, and the office close. A demo takes a step an evening, and
// leaves the first problem alone, so that it becomes overdue.
func (p *player) mendProblems(ctx context.Context, day int, super *Client) error {
	steps := 1
	if p.scored() {
		steps = 2
	}
	if err := p.feedBack(ctx); err != nil {
		return err
	}
	for range steps {
		all, err := p.pages(ctx, p.office, "problems", url.Values{})
		if err != nil {
			return err
		}
		p.sum.Problems = len(all.Items)
		for i, pr := range all.Items {
			dice := p.dice("mend", pr.Household.Code, pr.Code, pr.State, fmt.Sprint(day))
			if !p.scored() && i%5 == 0 || dice.IntN(3) == 0 {
				continue
			}
			if err := p.step(ctx, day, pr, super, dice); err != nil {
				return fmt.Errorf("problem %s: %w", pr.Number, err)
			}
		}
	}
	return nil
}

// step takes a problem one step further.
func (p *player) step(ctx context.Context, day int, pr listed, super *Client, dice *rand.Rand) error {
	p.Clock.Add(30 * time.Second)
	switch pr.State {
	case "registered", "fixing":
		c, err := p.village(ctx, pr.Village.Code)
		if err != nil {
			return err
		}
		if pr.State == "fixing" {
			return p.claim(ctx, c, day, pr, dice)
		}
		measure := map[string]string{"id": id.New(), "cause": "政策落实不到位", "measure": "村两委与驻村工作队上门落实", "person": "村党支部书记"}
		return c.Do(ctx, http.MethodPost, "/problems/"+pr.ID+"/start", measure, nil)
	case "claimed":
		return p.verify(ctx, super, pr, dice)
	case "verified":
		p.sum.Closed++
		return p.office.Do(ctx, http.MethodPost, "/problems/"+pr.ID+"/close", map[string]string{"id": id.New(), "note": "同意销号"}, nil)
	}
	return nil
}

// feedBack hands in the day's list and, where the playbook holds problems back from somebody, holds the meeting.
func (p *player) feedBack(ctx context.Context) error {
	var rules struct {
		Today   string   `json:"today"`
		DailyBy string   `json:"daily_by"`
		Hold    []string `json:"hold"`
	}
	at := "/campaigns/" + p.campaign
	if err := p.office.Do(ctx, http.MethodGet, at+"/ledger", nil, &rules); err != nil {
		return err
	}
	if rules.DailyBy != "" {
		if err := p.office.Do(ctx, http.MethodPut, at+"/problem-days/"+rules.Today, map[string]any{}, nil); err != nil {
			return err
		}
	}
	if len(rules.Hold) == 0 {
		return nil
	}
	body := map[string]string{"until": rules.Today, "note": "问题反馈会"}
	return p.office.Do(ctx, http.MethodPut, at+"/feedbacks/"+id.New(), body, nil)
}

func (p *player) villageAccount(code string) string {
	for _, a := range p.people {
		if a.Role == "village" && a.RegionCode == code {
			return a.Account
		}
	}
	return ""
}
