package sim

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"time"

	"ruhu/internal/blob"
	"ruhu/internal/errs"
	"ruhu/internal/id"
)

func errStuck(what string) error { return errs.Unavailable.New("sim.stuck", "what", what) }

// fieldPackage is the part of the phone's package that the simulation needs.
type fieldPackage struct {
	Team *struct {
		Members []struct {
			ID      string `json:"id"`
			Account string `json:"account"`
		} `json:"members"`
	} `json:"team"`
	Forms []struct {
		Code string `json:"code"`
		Hash string `json:"hash"`
	} `json:"forms"`
	Assignments []struct {
		ID         string            `json:"id"`
		State      string            `json:"state"`
		Date       string            `json:"date"`
		FormHash   string            `json:"form_hash"`
		Prefill    map[string]string `json:"prefill"`
		Submission *struct {
			InstanceID string `json:"instance_id"`
			Revision   int    `json:"revision"`
		} `json:"submission"`
	} `json:"assignments"`
}

// playDays plays days of visits (weekends count: visits do not stop for them): teams visit, the evening reviews, villages mend.
func (p *player) playDays(ctx context.Context) error {
	for day := 1; day <= p.Days; day++ {
		now := p.Clock.Now().In(p.Zone)
		for team := range p.Teams {
			if err := p.teamDay(ctx, day, team); err != nil {
				return fmt.Errorf("day %d, team %d: %w", day, team+1, err)
			}
		}
		if err := p.settled(ctx); err != nil {
			return err
		}
		p.Clock.Add(time.Hour)
		if err := p.evening(ctx, day); err != nil {
			return fmt.Errorf("evening of day %d: %w", day, err)
		}
		p.Clock.Set(p.morning(isoDay(now.AddDate(0, 0, 1))))
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

// teamDay lets one team mend what was returned and visit its next households.
func (p *player) teamDay(ctx context.Context, day, team int) error {
	me := p.enumerator(team)
	c, err := p.as(ctx, me.Account)
	if err != nil {
		return err
	}
	var pkg fieldPackage
	if err := c.Do(ctx, http.MethodGet, "/field/package", nil, &pkg); err != nil {
		return err
	}
	if pkg.Team == nil {
		return nil
	}
	codes := map[string]string{}
	for _, f := range pkg.Forms {
		codes[f.Hash] = f.Code
	}
	visited := 0
	for _, a := range pkg.Assignments {
		returned := a.State == "returned"
		if !returned && (a.State != "open" || a.Submission != nil || visited >= p.PerTeam) {
			continue
		}
		if returned && p.rng.IntN(3) == 0 {
			continue // some wait for another day
		}
		p.Clock.Add(4 * time.Minute)
		f, err := p.formOf(ctx, c, a.FormHash)
		if err != nil {
			return err
		}
		code := codes[a.FormHash]
		r := rand.New(rand.NewPCG(p.Seed, p.rng.Uint64()))
		fl := newFiller(f, p.hints.Answers[code], p.fixed(day, code, pkg), r)
		env := phone(p.Clock.Now(), p.Zone, r, me.Account)
		env.Prefill = a.Prefill
		base := 0
		var xml []byte
		if returned && a.Submission != nil {
			base = a.Submission.Revision
			if err := c.Do(ctx, http.MethodGet, "/field/instances/"+url.PathEscape(a.Submission.InstanceID), nil, &env.Instance); err != nil {
				return err
			}
			xml, err = fl.mend(env)
		} else {
			visited++
			xml, err = fl.fill(env)
		}
		if err != nil {
			return err
		}
		if err := p.send(ctx, c, a.ID, a.FormHash, base, xml, fl.files); err != nil {
			return err
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

// fixed gives the answers that do not come by chance: who asked, and planted faults.
func (p *player) fixed(day int, form string, pkg fieldPackage) map[string]string {
	m := map[string]string{}
	for i, who := range pkg.Team.Members {
		m[fmt.Sprintf("enumerator_%d", i+1)] = who.ID
	}
	for i := range p.hints.Faults {
		f := &p.hints.Faults[i]
		if f.Day == day && f.Form == form && f.Count > 0 {
			f.Count--
			p.sum.Planted++
			for k, v := range f.Answers {
				m[k] = v
			}
			break
		}
	}
	return m
}

func (p *player) send(ctx context.Context, c *Client, assignment, form string, base int, xml []byte, files []file) error {
	for _, f := range files {
		kind := map[string]string{"png": "image/png", "jpg": "image/jpeg"}[f.kind]
		if err := c.Do(ctx, http.MethodPut, "/field/files/"+string(f.digest), Raw{kind, f.bytes}, nil); err != nil {
			return err
		}
	}
	var receipt struct {
		Digest  string   `json:"digest"`
		Missing []string `json:"missing_files"`
	}
	q := url.Values{"assignment": {assignment}, "form": {form}, "base": {fmt.Sprint(base)}}
	if err := c.Do(ctx, http.MethodPost, "/field/submissions?"+q.Encode(), Raw{"text/xml", xml}, &receipt); err != nil {
		return err
	}
	if receipt.Digest != string(blob.Of(xml)) || len(receipt.Missing) > 0 {
		return errors.New("the receipt does not name what was sent")
	}
	p.sum.Submitted++
	return nil
}

type page struct {
	Items []struct {
		ID       string `json:"id"`
		Revision int    `json:"revision"`
		State    string `json:"state"`
		Village  struct {
			Code string `json:"code"`
		} `json:"village"`
		Team struct {
			ID string `json:"id"`
		} `json:"team"`
		Household struct { // of a visit
			Village struct {
				Code string `json:"code"`
			} `json:"village"`
		} `json:"household"`
	} `json:"items"`
	Next string `json:"next"`
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

// evening lets every level review in its order and the villages mend.
func (p *player) evening(ctx context.Context, day int) error {
	for i, l := range p.levels {
		c, err := p.whoIs(ctx, l.Role)
		if err != nil {
			return err
		}
		queue, err := p.pages(ctx, c, "submissions", url.Values{"state": {"review"}, "level": {l.Code}})
		if err != nil {
			return err
		}
		for k, s := range queue.Items {
			if i == 0 && k > 0 && k == len(queue.Items)-1 {
				break // the last form of an evening waits for tomorrow, so that a queue is never empty by chance
			}
			if err := p.review(ctx, c, s.ID, s.Revision, i); err != nil {
				return err
			}
		}
		if err := p.settled(ctx); err != nil {
			return err
		}
	}
	super, err := p.as(ctx, "supervisor")
	if err != nil {
		return err
	}
	return p.mendProblems(ctx, day, super)
}

func (p *player) review(ctx context.Context, c *Client, submission string, revision, level int) error {
	p.Clock.Add(20 * time.Second)
	body := map[string]any{"id": id.New(), "action": "approve", "revision": revision, "note": "", "comments": []any{}}
	switch n := p.rng.IntN(100); {
	case n < 15: // left for tomorrow
		return nil
	case n < 24 && level == 0:
		var d struct {
			Sections []struct {
				Answers []struct {
					Ref string `json:"ref"`
				} `json:"answers"`
			} `json:"sections"`
		}
		if err := c.Do(ctx, http.MethodGet, "/submissions/"+url.PathEscape(submission), nil, &d); err != nil {
			return err
		}
		ref := ""
		for _, s := range d.Sections {
			for _, a := range s.Answers {
				if h := p.anyHint(suffix(a.Ref)); len(h.Range) == 2 && h.Range[1] > h.Range[0] && ref == "" {
					ref = a.Ref
				}
			}
		}
		body["action"], body["note"] = "return", "与台账不一致，请向户主核对后修改"
		if ref != "" {
			body["comments"] = []any{map[string]string{"id": id.New(), "ref": ref, "text": "这一项请再核实"}}
		}
		p.sum.Returned++
	case level == len(p.levels)-1:
		p.sum.Accepted++
	}
	return c.Do(ctx, http.MethodPost, "/submissions/"+url.PathEscape(submission)+"/decisions", body, nil)
}

// anyHint finds the hint of a question in whichever form has it.
func (p *player) anyHint(name string) hint {
	for _, h := range p.hints.Answers {
		if v, ok := h[name]; ok && len(v.Range) == 2 {
			return v
		}
	}
	return hint{}
}

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
		if i%5 == 0 || pr.State == "closed" || p.rng.IntN(3) == 0 {
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
			pic, err := housePicture(p.rng)
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
