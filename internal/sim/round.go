package sim

import (
	"context"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// fieldPackage is the part of the phone's package that the simulation needs.
type fieldPackage struct {
	Team *struct {
		ID      string `json:"id"`
		Members []struct {
			ID      string `json:"id"`
			Account string `json:"account"`
		} `json:"members"`
	} `json:"team"`
	Forms []struct {
		Code string `json:"code"`
		Hash string `json:"hash"`
	} `json:"forms"`
	Assignments []fieldAssignment `json:"assignments"`
}

type fieldAssignment struct {
	ID        string `json:"id"`
	State     string `json:"state"`
	FormHash  string `json:"form_hash"`
	Household struct {
		ID      string `json:"id"`
		Code    string `json:"code"`
		Class   string `json:"class"`
		Group   string `json:"group"`
		Village struct {
			Code string `json:"code"`
		} `json:"village"`
	} `json:"household"`
	Prefill    map[string]string `json:"prefill"`
	Submission *struct {
		InstanceID string `json:"instance_id"`
		Revision   int    `json:"revision"`
	} `json:"submission"`
}

// sending is a form on its way: phones send when the interview is over.
type sending struct {
	at         time.Time
	by         *Client
	assignment string
	form       string // hash
	base       int
	xml        []byte
	files      []file
}

// round is a team's day, as it passes.
type round struct {
	day, team int
	who       account
	c         *Client
	pkg       fieldPackage
	dice      *rand.Rand
	began     time.Time
	at        time.Time // when the next interview may begin
	here      spot
	pace      float64 // of the team
	forms     map[string]string
	sent      []sending
}

// memory is what a team that makes interviews up goes back to.
type memory struct {
	answers map[string]map[string]string // of the last honest interview, by form
	of      map[string]string            // its household
	photo   []byte
}

// teamDay lets one team mend what was returned and visit its next households, and gives what its phone sends.
func (p *player) teamDay(ctx context.Context, day, team int) ([]sending, error) {
	me := p.enumerator(team)
	c, err := p.as(ctx, me.Account)
	if err != nil {
		return nil, err
	}
	r := &round{day: day, team: team, who: me, c: c, forms: map[string]string{}, began: p.Clock.Now(), dice: p.dice("round", strconv.Itoa(day), me.Account)}
	if err := c.Do(ctx, http.MethodGet, "/field/package", nil, &r.pkg); err != nil || r.pkg.Team == nil {
		return nil, err
	}
	for _, f := range r.pkg.Forms {
		r.forms[f.Hash] = f.Code
	}
	r.at = r.began.Add(time.Duration(10+r.dice.IntN(30)) * time.Minute)
	r.pace = around(p.dice("pace", me.Account), p.hints.Field.Teams)
	visited := 0
	var unvisited []func() error // made up when the visits are done
	for _, a := range r.pkg.Assignments {
		var err error
		switch {
		case a.State == "returned" && a.Submission != nil:
			if r.dice.IntN(3) > 0 { // some wait for another day
				err = p.mendForm(ctx, r, a)
			}
		case a.State == "open" && a.Submission == nil && visited < p.PerTeam:
			visited++
			fixed, planted := p.fixed(day, r.forms[a.FormHash], r.pkg)
			n := p.need(a.Household.Code, a.Household.Class)
			switch {
			case planted:
				p.lacks[a.Household.Code], n = true, nil
			case n != nil:
				p.needs = append(p.needs, n)
			}
			if m := p.manners[team]; m != nil && visited > 1 && !planted && chance(p.dice("made up", a.Household.Code), m.Share) {
				unvisited = append(unvisited, func() error { return p.makeUp(ctx, r, a, m, fixed) })
				continue
			}
			if n != nil {
				n.Said = n.says != nil
				maps.Copy(fixed, n.says)
			}
			err = p.hold(ctx, r, a, fixed)
		}
		if err != nil {
			return nil, fmt.Errorf("household %s: %w", a.Household.Code, err)
		}
	}
	for _, do := range unvisited {
		if err := do(); err != nil {
			return nil, fmt.Errorf("made up: %w", err)
		}
	}
	return r.sent, nil
}

func (p *player) mendForm(ctx context.Context, r *round, a fieldAssignment) error {
	f, err := p.formOf(ctx, r.c, a.FormHash)
	if err != nil {
		return err
	}
	dice := p.dice("mend", a.Household.Code, strconv.Itoa(a.Submission.Revision))
	fl := newFiller(f, p.hints.Answers[r.forms[a.FormHash]], nil, dice)
	fl.visit = visit{from: r.at, minutes: 4 + 8*dice.Float64()}
	env := fl.phone(p.Zone, r.who.Account)
	env.Prefill = a.Prefill
	if err := r.c.Do(ctx, http.MethodGet, "/field/instances/"+url.PathEscape(a.Submission.InstanceID), nil, &env.Instance); err != nil {
		return err
	}
	xml, err := fl.mend(env)
	if err != nil {
		return err
	}
	p.revisions[a.Household.ID] = a.Submission.Revision + 1
	r.at = fl.visit.to().Add(2 * time.Minute)
	r.sent = append(r.sent, sending{at: fl.visit.to(), by: r.c, assignment: a.ID, form: a.FormHash, base: a.Submission.Revision, xml: xml, files: fl.files})
	return nil
}

// hold holds an interview.
func (p *player) hold(ctx context.Context, r *round, a fieldAssignment, fixed map[string]string) error {
	form, dice := r.forms[a.FormHash], p.dice("visit", a.Household.Code)
	v := p.held(r, a, form, fixed, dice)
	if m := p.signing[r.team]; m != nil && v.here && chance(p.dice("signed", a.Household.Code), m.Share) {
		mine := newHand(p.dice("hand", r.who.Account)).again(dice, m.Varies)
		v.hand = &mine
		p.signed = append(p.signed, Interview{Kind: m.Kind, Household: a.Household.Code, Team: r.pkg.Team.ID, Day: r.day})
	}
	answers, err := p.fillIn(ctx, r, a, fixed, v, dice)
	mem := &p.memories[r.team]
	mem.answers[form], mem.of[form] = answers, a.Household.Code
	return err
}

// makeUp makes an interview up, or holds it where there is nothing yet to take the answers from.
func (p *player) makeUp(ctx context.Context, r *round, a fieldAssignment, m *manner, fixed map[string]string) error {
	form, dice, mem := r.forms[a.FormHash], p.dice("visit", a.Household.Code), p.memories[r.team]
	if m.Copy > 0 && mem.answers[form] == nil {
		return p.hold(ctx, r, a, fixed)
	}
	v, err := p.madeUp(r, a, form, m, dice)
	if err != nil {
		return err
	}
	i := Interview{Kind: m.Kind, Household: a.Household.Code, Team: r.pkg.Team.ID, Day: r.day}
	if m.Copy > 0 {
		i.Of = mem.of[form]
	}
	p.madeUps = append(p.madeUps, i)
	_, err = p.fillIn(ctx, r, a, fixed, v, dice)
	return err
}

// fillIn fills the form in as the visit went, and gives the answers to choices.
func (p *player) fillIn(ctx context.Context, r *round, a fieldAssignment, fixed map[string]string, v visit, dice *rand.Rand) (map[string]string, error) {
	f, err := p.formOf(ctx, r.c, a.FormHash)
	if err != nil {
		return nil, err
	}
	fl := newFiller(f, p.hints.Answers[r.forms[a.FormHash]], fixed, dice)
	fl.visit = v
	env := fl.phone(p.Zone, r.who.Account)
	env.Prefill = a.Prefill
	xml, err := fl.fill(env)
	if err != nil {
		return nil, err
	}
	for _, f := range fl.files {
		if f.kind == "jpg" {
			p.repairs.visits[a.Household.Code] = f.bytes
		}
	}
	p.visits++
	p.revisions[a.Household.ID] = 1
	r.at = v.to()
	r.sent = append(r.sent, sending{at: r.at, by: r.c, assignment: a.ID, form: a.FormHash, xml: xml, files: fl.files})
	return fl.answers, nil
}

// held is an honest interview: the team goes there, and takes the time that it takes. One that is not held in the house is shorter.
func (p *player) held(r *round, a fieldAssignment, form string, fixed map[string]string, dice *rand.Rand) visit {
	fw := p.hints.Field
	there := p.house(a.Household.Code, a.Household.Village.Code, a.Household.Group)
	v := visit{minutes: fw.Minutes * r.pace * around(dice, fw.Spread), here: true}
	if h, asked := p.hints.Answers[form][fw.Remote.Item]; asked {
		how := h.option(dice)
		fixed[fw.Remote.Item] = how
		v.here = how == fw.Remote.Here
	}
	if !v.here {
		v.minutes *= fw.Remote.Pace
		v.from = r.at.Add(time.Duration(3+dice.IntN(8)) * time.Minute)
		return v
	}
	const metresPerMinute = 200 // on a scooter over country roads
	way := 0.
	if r.here != (spot{}) {
		way = r.here.metres(there) / metresPerMinute
	}
	v.from = r.at.Add(time.Duration((way + 3 + 9*dice.Float64()) * float64(time.Minute)))
	if noon := v.from.In(p.Zone).Hour(); noon >= 11 && noon < 13 && chance(dice, fw.Lunch) {
		v.idle = time.Duration(40+dice.IntN(40)) * time.Minute
	}
	r.here = there
	if chance(dice, fw.Position) {
		v.place = there.fix(dice)
	}
	return v
}

// madeUp is an interview that nobody held.
func (p *player) madeUp(r *round, a fieldAssignment, form string, m *manner, dice *rand.Rand) (visit, error) {
	fw, mem := p.hints.Field, &p.memories[r.team]
	v := visit{minutes: fw.Minutes * r.pace * m.Pace * around(dice, fw.Spread/2), first: m.Straight, round: m.Round}
	v.from = r.at.Add(time.Duration(60+dice.IntN(120)) * time.Second)
	if m.From != "" {
		t, err := time.ParseInLocation(time.DateOnly+" 15:04", isoDay(r.began.In(p.Zone))+" "+m.From, p.Zone)
		if err != nil {
			return v, fmt.Errorf("field.fabricated %s: %w", m.Kind, err)
		}
		if v.from.Before(t) {
			v.from = t.Add(time.Duration(dice.IntN(15)) * time.Minute)
		}
	}
	switch at := p.world.village(a.Household.Village.Code); {
	case m.Nowhere:
	case m.Spot > 0 && at.Lat != 0:
		bearing := 2 * math.Pi * p.dice("desk", r.who.Account).Float64()
		v.place = spot{at.Lat, at.Lon}.moved(m.Spot, bearing).fix(dice)
	default: // in front of the house
		there := p.house(a.Household.Code, a.Household.Village.Code, a.Household.Group)
		v.from, r.here, v.place = v.from.Add(5*time.Minute), there, there.fix(dice)
	}
	if m.Copy > 0 {
		v.copied, v.copy = mem.answers[form], m.Copy
	}
	if m.Photo {
		if mem.photo == nil {
			var err error
			if mem.photo, err = housePicture(dice); err != nil {
				return v, err
			}
		}
		v.photo = mem.photo
	}
	return v, nil
}

// deliverForms sends forms, which are in the order of time, and waits until the server has judged them.
func (p *player) deliverForms(ctx context.Context, queue []sending) error {
	for _, s := range queue {
		p.Clock.Set(s.at.Add(time.Minute))
		if err := p.send(ctx, s); err != nil {
			return err
		}
	}
	return p.settled(ctx)
}
