package sim

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"ruhu/internal/id"
)

// conditions is the part of a playbook's field that says which households are not what the list says.
type conditions struct {
	Of      []condition `yaml:"of"`
	Seen    float64     `yaml:"seen"`    // percent of verifiers who see that it is so
	Doubted float64     `yaml:"doubted"` // percent of those who find it so where it is not
}

// condition is what some households lack.
type condition struct {
	Kind    string              `yaml:"kind"` // of the determination
	Classes []string            `yaml:"classes"`
	Percent float64             `yaml:"percent"`
	Deny    float64             `yaml:"deny"` // percent of them that answer on the doorstep as everybody does
	Ways    []map[string]string `yaml:"ways"` // answers of those that do not, one of these
}

// Need is a household that is not what the list says. Truth is written beside the simulation's results and never sent.
type Need struct {
	Kind      string `json:"kind"`
	Household string `json:"household"`
	Said      bool   `json:"said"` // in an interview that was held

	says map[string]string
}

// need says what a household lacks, if it does; nil for the others. A demo's lists are right.
func (p *player) need(code, class string) *Need {
	if !p.scored() {
		return nil
	}
	dice := p.dice("need", code)
	for _, c := range p.hints.Field.Conditions.Of {
		if !slices.Contains(c.Classes, class) || !chance(dice, c.Percent) {
			continue
		}
		n := &Need{Kind: c.Kind, Household: code}
		if !chance(dice, c.Deny) {
			n.says = pick(dice, c.Ways)
		}
		return n
	}
	return nil
}

// suspicion is a determination as the console lists it.
type suspicion struct {
	ID        string `json:"id"`
	Kind      string `json:"kind"`
	Household string `json:"household_code"`
	State     string `json:"state"`
}

// determine lets people verify what the forms made suspicious, decide and confirm it, and scores both.
func (p *player) determine(ctx context.Context) error {
	if len(p.hints.Field.Conditions.Of) == 0 {
		return nil
	}
	if err := p.measured(ctx); err != nil {
		return err
	}
	suspected, err := p.suspicions(ctx)
	if err != nil {
		return err
	}
	for _, s := range suspected {
		if err := p.settleCase(ctx, s); err != nil {
			return fmt.Errorf("determination of %s: %w", s.Household, err)
		}
	}
	settled, err := p.suspicions(ctx)
	if err != nil {
		return err
	}
	p.sum.Scores = append(p.sum.Scores, scoreNeeds(p.needs, p.lacks, suspected, settled)...)
	return nil
}

// measured waits until the figures of every household's last form are known.
func (p *player) measured(ctx context.Context) error {
	return p.waitFor(ctx, "figures", func() (bool, error) {
		for household, revision := range p.revisions {
			var standing struct {
				Revision int `json:"revision"`
			}
			if err := p.office.Do(ctx, http.MethodGet, "/households/"+household+"/standing", nil, &standing); err != nil {
				return false, err
			}
			if standing.Revision < revision {
				return false, nil
			}
			delete(p.revisions, household)
		}
		return true, nil
	})
}

func (p *player) suspicions(ctx context.Context) ([]suspicion, error) {
	var out []suspicion
	q := url.Values{"limit": {"100"}}
	for {
		var page struct {
			Items []suspicion `json:"items"`
			Next  string      `json:"next"`
		}
		if err := p.office.Do(ctx, http.MethodGet, "/campaigns/"+p.campaign+"/determinations?"+q.Encode(), nil, &page); err != nil {
			return nil, err
		}
		out = append(out, page.Items...)
		if page.Next == "" {
			return out, nil
		}
		q.Set("cursor", page.Next)
	}
}

// settleCase takes a case as far as people take it: verified on the spot by two, decided, confirmed. Checks that differ begin a new round; after
// three the case is left.
func (p *player) settleCase(ctx context.Context, s suspicion) error {
	const steps = 8
	for n := range steps {
		holds := false
		action := map[string]string{"suspected": "check", "checked": "check", "verified": "decide", "forwarded": "confirm"}[s.State]
		if action == "" {
			return nil
		}
		if action == "check" {
			dice, says := p.dice("check", s.Household, s.Kind, strconv.Itoa(n)), p.hints.Field.Conditions
			if p.lacking(s) {
				holds = chance(dice, says.Seen)
			} else {
				holds = chance(dice, says.Doubted)
			}
		}
		body := map[string]any{"id": id.New(), "holds": holds, "note": "入户核实，查看资料并走访邻里"}
		done, err := p.byAnybody(ctx, "/determinations/"+s.ID+"/"+action, body, &s)
		if err != nil || !done {
			return err
		}
	}
	return nil
}

// lacking tells whether the household really is so: it was planted, or answered as the faults of simulation.yaml have it.
func (p *player) lacking(s suspicion) bool {
	return p.lacks[s.Household] || slices.ContainsFunc(p.needs, func(n *Need) bool { return n.Household == s.Household && n.Kind == s.Kind })
}

// byAnybody lets the first of those act who may.
func (p *player) byAnybody(ctx context.Context, path string, body map[string]any, out *suspicion) (bool, error) {
	roles := []string{"guidance_group", "township_leader", "township_office"}
	who := []*Client{}
	for _, role := range roles {
		for _, a := range p.people {
			if a.Role != role {
				continue
			}
			c, err := p.as(ctx, a.Account)
			if err != nil {
				return false, err
			}
			who = append(who, c)
		}
	}
	for _, c := range append(who, p.admin) {
		err := c.Do(ctx, http.MethodPost, path, body, out)
		if err == nil {
			return true, nil
		}
		if !refusedBy(err, "indicator.") && !refusedBy(err, "authz.") {
			return false, err
		}
	}
	return false, nil
}

// scoreNeeds has, for each kind of determination, a Score of stage "suspected" and one of stage "confirmed". A case is right when the household
// was planted for the kind, or answered a planted fault.
func scoreNeeds(needs []*Need, lacks map[string]bool, suspected, settled []suspicion) []Score {
	var out []Score
	var kinds []string
	for _, n := range needs {
		if !slices.Contains(kinds, n.Kind) {
			kinds = append(kinds, n.Kind)
		}
	}
	for _, kind := range kinds {
		var planted []finding
		for _, n := range needs {
			if n.Kind == kind {
				planted = append(planted, finding{household: n.Household})
			}
		}
		for stage, cases := range map[string][]suspicion{"suspected": suspected, "confirmed": settled} {
			var found []finding
			for _, s := range cases {
				if s.Kind == kind && (stage == "suspected" || s.State == "confirmed") {
					found = append(found, finding{household: s.Household})
				}
			}
			out = append(out, scoreFindings(kind, fieldRegister, stage, planted, found, func(f finding) bool { return lacks[f.household] }))
		}
	}
	return sorted(out)
}
