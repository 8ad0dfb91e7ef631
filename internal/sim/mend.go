package sim

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"ruhu/internal/blob"
	"ruhu/internal/id"
)

// mendProblems lets villages start and claim some problems, the supervisor verify, and the office close. The first
// problem is left alone, so that it becomes overdue.
func (p *player) mendProblems(ctx context.Context, day int, super *Client) error {
	all, err := p.pages(ctx, p.office, "problems", url.Values{})
	if err != nil {
		return err
	}
	if err := p.feedBack(ctx); err != nil {
		return err
	}
	p.sum.Problems = len(all.Items)
	for i, pr := range all.Items {
		dice := p.dice("mend", pr.Household.Code, pr.Code, fmt.Sprint(day))
		if i%5 == 0 || pr.State == "closed" || dice.IntN(3) == 0 {
			continue
		}
		p.Clock.Add(30 * time.Second)
		var c *Client
		action, body := "", map[string]any{"id": id.New()}
		switch pr.State {
		case "registered":
			if c, err = p.village(ctx, pr.Village.Code); err != nil {
				return err
			}
			action, body["cause"], body["measure"], body["person"] = "start", "政策落实不到位", "村两委与驻村工作队上门落实", "村党支部书记"
		case "fixing":
			if c, err = p.village(ctx, pr.Village.Code); err != nil {
				return err
			}
			pic, err := housePicture(dice)
			if err != nil {
				return err
			}
			d := string(blob.Of(pic))
			if err := c.Do(ctx, http.MethodPut, "/files/"+d, Raw{"image/jpeg", pic}, nil); err != nil {
				return err
			}
			action, body["note"], body["files"] = "claim", "已整改到位，附现场照片", []string{d}
		case "claimed":
			c, action, body["note"] = super, "verify", "现场核实，情况属实"
		case "verified":
			c, action, body["note"] = p.office, "close", "同意销号"
			p.sum.Closed++
		default:
			continue
		}
		if err := c.Do(ctx, http.MethodPost, "/problems/"+pr.ID+"/"+action, body, nil); err != nil {
			return err
		}
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
