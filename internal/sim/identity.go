package sim

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"ruhu/internal/idnumber"
)

// rosterKind is the code under which the base list takes part in linking.
const rosterKind = "roster"

type side struct {
	Kind     string `json:"kind"`
	IDNumber string `json:"id_number"`
	Row      int    `json:"row"`
}

type identityLink struct {
	ID      string `json:"id"`
	Kind    string `json:"kind"`
	State   string `json:"state"`
	Version int    `json:"version"`
	Left    side   `json:"left"`
	Right   side   `json:"right"`
}

// link waits for the linking that a load sets off, has a clerk work the queue off, and scores the links before and after.
func (p *player) link(ctx context.Context) error {
	if len(p.lists) == 0 {
		return nil
	}
	at := "/campaigns/" + p.campaign + "/identity"
	base := ""
	linked := func() (bool, error) {
		var all struct {
			Items []struct {
				Kind     string `json:"kind"`
				Base     bool   `json:"base"`
				Loaded   bool   `json:"loaded"`
				Outdated bool   `json:"outdated"`
				Run      *struct {
					State string `json:"state"`
				} `json:"run"`
			} `json:"items"`
		}
		if err := p.office.Do(ctx, http.MethodGet, at, nil, &all); err != nil {
			return false, err
		}
		for _, r := range all.Items {
			switch {
			case r.Base:
				base = r.Kind
			case r.Loaded && (r.Outdated || r.Run == nil || r.Run.State != "current"):
				return false, nil
			}
		}
		return true, nil
	}
	if err := p.waitFor(ctx, "linking", linked); err != nil {
		return err
	}
	scored := p.scored() // a demo leaves part of the queue, so there would be nothing to score
	var auto []identityLink
	var err error
	if scored {
		if auto, err = p.links(ctx, "auto"); err != nil {
			return err
		}
		p.sum.Scores = append(p.sum.Scores, scoreLinks(p.lists, base, p.pairs(auto, base), "auto")...)
	}
	queue, err := p.links(ctx, "review")
	if err != nil {
		return err
	}
	p.sum.Queue = len(queue)
	for i, l := range queue {
		if !scored && i%3 == 0 {
			continue
		}
		if queue[i].Version, err = p.decide(ctx, l); err != nil {
			return err
		}
	}
	if !scored {
		return nil
	}
	// The lists of suspects follow the decisions a little later. A last look, a minute after all others, tells when they have: what is made
	// from then on has seen them all.
	p.Clock.Add(time.Minute)
	if n := len(queue); n > 0 {
		if _, err := p.decide(ctx, queue[n-1]); err != nil {
			return err
		}
		p.decidedAt = p.Clock.Now()
	}
	confirmed, err := p.links(ctx, "confirmed")
	if err != nil {
		return err
	}
	p.sum.Scores = append(p.sum.Scores, scoreLinks(p.lists, base, p.pairs(append(auto, confirmed...), base), "clerk")...)
	return p.suspects(ctx)
}

func (p *player) links(ctx context.Context, state string) ([]identityLink, error) {
	var out []identityLink
	q := url.Values{"state": {state}, "limit": {"100"}}
	for {
		var page struct {
			Items []identityLink `json:"items"`
			Next  string         `json:"next"`
		}
		if err := p.office.Do(ctx, http.MethodGet, "/campaigns/"+p.campaign+"/identity/links?"+q.Encode(), nil, &page); err != nil {
			return nil, err
		}
		out = append(out, page.Items...)
		if page.Next == "" {
			return out, nil
		}
		q.Set("cursor", page.Next)
	}
}

// decide is a clerk who knows the people: right about every pair. What a real clerk gets wrong is not what is measured here. It gives the
// link's version afterwards.
func (p *player) decide(ctx context.Context, l identityLink) (int, error) {
	a, b := p.personOf(l.Left), p.personOf(l.Right)
	d := map[string]any{"verdict": "different", "reason": "姓名、住址对不上，电话核实不是同一人", "version": l.Version}
	if a != "" && a == b {
		d["verdict"], d["reason"] = "same", "村干部确认是同一人"
	}
	err := p.office.Do(ctx, http.MethodPost, "/identity/links/"+l.ID+"/decision", d, &l)
	return l.Version, err
}

// personOf says whose record a side is, by the truth.
func (p *player) personOf(s side) string {
	if s.Kind == rosterKind {
		return p.byNumber()[s.IDNumber]
	}
	return p.rowOwners()[s.Kind][s.Row]
}

// byNumber maps the numbers of the base list to persons: it is the one list without wrong numbers.
func (p *player) byNumber() map[string]string {
	if p.numbers == nil {
		p.numbers = map[string]string{}
		for _, h := range p.world.Households {
			for _, m := range h.Members {
				p.numbers[m.IDNumber] = m.Key
			}
		}
	}
	return p.numbers
}

// rowOwners maps the rows of every register's file to persons.
func (p *player) rowOwners() map[string]map[int]string {
	if p.owners == nil {
		p.owners = map[string]map[int]string{}
		for i := range p.lists {
			rows := map[int]string{}
			for _, r := range p.lists[i].truth() {
				rows[r.Row] = r.Person
			}
			p.owners[p.lists[i].hint.Kind] = rows
		}
	}
	return p.owners
}

// pairs gives the links of registers' rows to rows of the base.
func (p *player) pairs(links []identityLink, base string) []pairOf {
	var out []pairOf
	for _, l := range links {
		a, b := l.Left, l.Right
		if a.Kind == base {
			a, b = b, a
		}
		if b.Kind == base && a.Kind != rosterKind && base != rosterKind {
			out = append(out, pairOf{register: a.Kind, row: a.Row, base: b.Row})
		}
	}
	return out
}

type suspect struct {
	Pair     string `json:"pair"`
	Kind     string `json:"kind"`
	Name     string `json:"name"`
	IDNumber string `json:"id_number"`
}

type suspectPair struct {
	Code  string `json:"code"`
	In    string `json:"in"`
	NotIn string `json:"not_in"`
	At    string `json:"at"`
}

// suspects waits until the clerk's decisions have told on the lists of suspects, and scores every pair's list against who really is in the
// one register and not in the other.
func (p *player) suspects(ctx context.Context) error {
	var pairs []suspectPair
	var all []suspect
	settled := func() (bool, error) {
		pairs, all = nil, nil
		q := url.Values{"limit": {"100"}}
		for {
			var page struct {
				Pairs []suspectPair `json:"pairs"`
				Items []suspect     `json:"items"`
				Next  string        `json:"next"`
			}
			if err := p.office.Do(ctx, http.MethodGet, "/campaigns/"+p.campaign+"/suspects?"+q.Encode(), nil, &page); err != nil {
				return false, err
			}
			pairs = page.Pairs
			for _, pair := range pairs {
				if at, err := time.Parse(time.RFC3339, pair.At); err == nil && at.Before(p.decidedAt.Truncate(time.Millisecond)) {
					return false, nil
				}
			}
			all = append(all, page.Items...)
			if page.Next == "" {
				return true, nil
			}
			q.Set("cursor", page.Next)
		}
	}
	if err := p.waitFor(ctx, "suspects", settled); err != nil {
		return err
	}
	for _, pair := range pairs {
		in, notIn := p.peopleOf(pair.In), p.peopleOf(pair.NotIn)
		if in == nil || notIn == nil {
			continue // the simulation sends no such register
		}
		there := map[string]bool{}
		for _, person := range notIn {
			there[person] = true
		}
		var planted, found []finding
		seen := map[string]bool{}
		for as, person := range in {
			if (person == "" || !there[person]) && !seen[as] {
				seen[as] = true
				planted = append(planted, finding{register: pair.Code, person: as})
			}
		}
		for _, s := range all {
			if s.Pair == pair.Code {
				found = append(found, finding{register: pair.Code, person: asWritten(s.Name, s.IDNumber)})
			}
		}
		p.sum.Scores = append(p.sum.Scores, scoreFindings(pair.Code, pair.In, "suspect", planted, found, func(finding) bool { return false }))
	}
	return nil
}

// asWritten names a row by what it says, in the form in which imports keep it. A number alone would not do: it may be somebody else's.
func asWritten(name, number string) string {
	r := idnumber.Parse(number, "")
	if r.Number != "" {
		r.Clean = string(r.Number)
	}
	return strings.Join(strings.Fields(name), "") + "|" + r.Clean
}

// peopleOf gives the persons of a register by what their rows say; nil for a register that the simulation does not send.
func (p *player) peopleOf(kind string) map[string]string {
	out := map[string]string{}
	if kind == rosterKind {
		for _, h := range p.world.Households {
			for _, m := range h.Members {
				if h.Listed {
					out[asWritten(m.Name, m.IDNumber)] = m.Key
				}
			}
		}
		return out
	}
	for i := range p.lists {
		if l := &p.lists[i]; l.hint.Kind == kind {
			for _, e := range l.rows {
				out[asWritten(e.cell(p.world, columnHint{Value: "name"}), e.cell(p.world, columnHint{Value: "id_number"}))] = e.person
			}
			return out
		}
	}
	return nil
}
