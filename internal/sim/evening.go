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
			if err := p.review(ctx, c, s.ID, s.Revision, i, p.dice("review", s.Household.Code, l.Code, fmt.Sprint(s.Revision), fmt.Sprint(day))); err != nil {
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

func (p *player) review(ctx context.Context, c *Client, submission string, revision, level int, dice *rand.Rand) error {
	p.Clock.Add(20 * time.Second)
	body := map[string]any{"id": id.New(), "action": "approve", "revision": revision, "note": "", "comments": []any{}}
	switch n := dice.IntN(100); {
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
