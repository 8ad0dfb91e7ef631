package sim

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"time"

	"ruhu/internal/blob"
	"ruhu/internal/errs"
)

func errStuck(what string) error { return errs.Unavailable.New("sim.stuck", "what", what) }

// playDays plays days of visits (weekends count: visits do not stop for them): teams visit, the evening reviews, villages mend. What is
// sent after that is for the next evening.
func (p *player) playDays(ctx context.Context) error {
	for day := 1; day <= p.Days; day++ {
		today := isoDay(p.Clock.Now().In(p.Zone))
		tomorrow := isoDay(p.Clock.Now().In(p.Zone).AddDate(0, 0, 1))
		var queue []sending
		for team := range p.Teams {
			sent, err := p.teamDay(ctx, day, team)
			if err != nil {
				return fmt.Errorf("day %d, team %d: %w", day, team+1, err)
			}
			queue = append(queue, sent...)
		}
		const officeHours = 9*time.Hour + 30*time.Minute // from the morning on
		evening := p.morning(today).Add(officeHours)
		slices.SortStableFunc(queue, func(a, b sending) int { return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.assignment, b.assignment)) })
		n, _ := slices.BinarySearchFunc(queue, evening, func(s sending, t time.Time) int { return s.at.Compare(t) })
		if err := p.deliverForms(ctx, queue[:n]); err != nil {
			return fmt.Errorf("day %d: %w", day, err)
		}
		p.Clock.Set(evening)
		if err := p.evening(ctx, day); err != nil {
			return fmt.Errorf("evening of day %d: %w", day, err)
		}
		if err := p.deliverForms(ctx, queue[n:]); err != nil {
			return fmt.Errorf("night of day %d: %w", day, err)
		}
		p.Clock.Set(p.morning(tomorrow))
	}
	if p.scored() {
		return p.scoreFieldwork(ctx)
	}
	return p.postpone(ctx)
}

// postpone moves the visits that nobody made to the three days from Until on, a village of a team to one day, but not beyond the stage of
// the visits: by hand, as an office does after bad weather. What a rule of the plan keeps from all of the days stays where it is.
func (p *player) postpone(ctx context.Context) error {
	const days = 3
	open, err := p.pages(ctx, p.office, "assignments", url.Values{"state": {"open"}})
	if err != nil {
		return err
	}
	villages := map[string][]string{} // of each team, in the order of the list
	full := map[string]bool{}         // team, village and day that were refused
	for _, a := range open.Items {
		team, village := a.Team.ID, a.Household.Village.Code
		if !slices.Contains(villages[team], village) {
			villages[team] = append(villages[team], village)
		}
		first := slices.Index(villages[team], village)
		for try := range days {
			day := min(isoDay(p.Until.In(p.Zone).AddDate(0, 0, (first+try)%days)), p.lastDay)
			key := team + village + day
			if full[key] {
				continue
			}
			err := p.office.Do(ctx, http.MethodPost, "/assignments/"+a.ID+"/move", map[string]any{"date": day, "reason": "连日降雨，入户顺延"}, nil)
			if err == nil {
				break
			}
			if !refusedBy(err, "assign.rule_") {
				return err
			}
			full[key] = true
		}
	}
	return nil
}

// enumerator is the first member's account of a team in the order the accounts were made.
func (p *player) enumerator(team int) account {
	n := 0
	for _, a := range p.people {
		if a.Role == "enumerator" {
			if n == team*p.rules.TeamSize {
				return a
			}
			n++
		}
	}
	return account{}
}

// fixed gives the answers that do not come by chance: who asked, and planted problems; and whether there is one.
func (p *player) fixed(day int, form string, pkg fieldPackage) (m map[string]string, planted bool) {
	m = map[string]string{}
	for i, who := range pkg.Team.Members {
		m[fmt.Sprintf("enumerator_%d", i+1)] = who.ID
	}
	for i := range p.hints.Faults {
		f := &p.hints.Faults[i]
		if f.Day == day && f.Form == form && f.Count > 0 {
			f.Count--
			p.sum.Planted++
			maps.Copy(m, f.Answers)
			return m, true
		}
	}
	return m, false
}

func (p *player) send(ctx context.Context, s sending) error {
	for _, f := range s.files {
		kind := map[string]string{"png": "image/png", "jpg": "image/jpeg"}[f.kind]
		if err := s.by.Do(ctx, http.MethodPut, "/field/files/"+string(f.digest), Raw{kind, f.bytes}, nil); err != nil {
			return err
		}
	}
	var receipt struct {
		Digest  string   `json:"digest"`
		Missing []string `json:"missing_files"`
	}
	q := url.Values{"assignment": {s.assignment}, "form": {s.form}, "base": {fmt.Sprint(s.base)}}
	if err := s.by.Do(ctx, http.MethodPost, "/field/submissions?"+q.Encode(), Raw{"text/xml", s.xml}, &receipt); err != nil {
		return err
	}
	if receipt.Digest != string(blob.Of(s.xml)) || len(receipt.Missing) > 0 {
		return errors.New("the receipt does not name what was sent")
	}
	p.sum.Submitted++
	return nil
}

// listed is a form, a visit or a problem, as lists of the console have it.
type listed struct {
	ID       string `json:"id"`
	Number   string `json:"number"` // of a problem
	Revision int    `json:"revision"`
	State    string `json:"state"`
	Code     string `json:"code"` // of a problem's rule
	Village  struct {
		Code string `json:"code"`
	} `json:"village"`
	Team struct {
		ID string `json:"id"`
	} `json:"team"`
	Household struct {
		Code    string `json:"code"`
		Village struct {
			Code string `json:"code"`
		} `json:"village"`
	} `json:"household"`
}

type page struct {
	Items []listed `json:"items"`
	Next  string   `json:"next"`
}

func (p *player) pages(ctx context.Context, c *Client, what string, q url.Values) (page, error) {
	var all page
	q.Set("limit", "100")
	for {
		var one page
		if err := c.Do(ctx, http.MethodGet, "/campaigns/"+p.campaign+"/"+what+"?"+q.Encode(), nil, &one); err != nil {
			return all, err
		}
		all.Items = append(all.Items, one.Items...)
		if one.Next == "" {
			return all, nil
		}
		q.Set("cursor", one.Next)
	}
}
