package sim

import (
	"context"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"strings"
	"time"

	"ruhu/form/xform"
	"ruhu/internal/id"
)

// Options say what to play and against which server.
type Options struct {
	Base       string // "http://127.0.0.1:8080": a server whose database is empty but for the administrator
	Admin      string // account of the county office
	Password   string // of the administrator, and of everybody who is made
	PIN        string // of every enumerator
	Playbook   string
	Playbooks  fs.FS
	Seed       uint64
	Villages   int
	Households int
	Teams      int
	Days       int    // days of visits that are played
	PerTeam    int    // households that a team manages in a day
	Clock      *Clock // the server's clock; it must stand before the first day
	Zone       *time.Location
	Until      time.Time // what was not visited is moved to the days from here on
}

// Person is an account that somebody may log in with.
type Person struct {
	Account, Name, Role, Region string
}

// Summary says what was made.
type Summary struct {
	Campaign                                        string
	People                                          []Person
	Households, Members, Teams, Submitted, Returned int
	Accepted, Problems, Closed, Planted             int
}

// player holds the state of one play.
type player struct {
	Options
	world    *World
	hints    hints
	rng      *rand.Rand
	admin    *Client
	office   *Client
	campaign string
	people   []account
	forms    map[string]*xform.Form // by hash
	byAcc    map[string]*Client
	sum      Summary
}

// account is AccountInput of the API.
type account struct {
	ID          string `json:"-"`
	Account     string `json:"account"`
	Name        string `json:"name"`
	Role        string `json:"role"`
	RegionCode  string `json:"region_code"`
	HomeVillage string `json:"home_village"`
	FromCounty  bool   `json:"from_county"`
	Unit        string `json:"unit"`
	Disabled    bool   `json:"disabled"`
	Password    string `json:"password"`
	PIN         string `json:"pin"`
}

// Play makes the township and plays its days. It returns the server's refusals as they are (sim.api).
func Play(ctx context.Context, o Options) (Summary, error) {
	h, err := loadHints(o.Playbooks, o.Playbook)
	if err != nil {
		return Summary{}, err
	}
	p := &player{
		Options: o, hints: h, rng: rand.New(rand.NewPCG(o.Seed, 2)), forms: map[string]*xform.Form{},
		byAcc: map[string]*Client{},
	}
	p.world = NewWorld(o.Seed, o.Villages, o.Households, o.Clock.Now())
	steps := []func(context.Context) error{p.openOffice, p.makeAccounts, p.makeCampaign, p.importRoster, p.plan}
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return p.sum, err
		}
	}
	if err := p.playDays(ctx); err != nil {
		return p.sum, err
	}
	return p.sum, nil
}

func (p *player) openOffice(ctx context.Context) error {
	c, err := Login(ctx, p.Base, p.Admin, p.Password)
	if err != nil {
		return err
	}
	p.admin = c
	places := make([]map[string]string, len(p.world.Places))
	for i, pl := range p.world.Places {
		places[i] = map[string]string{"code": pl.Code, "name": pl.Name}
	}
	return c.Do(ctx, http.MethodPut, "/regions", map[string]any{"items": places}, nil)
}

func (p *player) makeAccounts(ctx context.Context) error {
	town, county := townshipCode, countyCode+"000000"
	add := func(acc, role, region string) {
		p.people = append(p.people, account{Account: acc, Role: role, RegionCode: region})
	}
	add("office", "township_office", town)
	add("leader", "township_leader", town)
	add("group", "group_leader", town)
	add("supervisor", "supervisor", town)
	add("inspector", "inspector", town)
	add("guidance", "guidance_group", county)
	for i := range p.Teams * 2 {
		a := account{Account: fmt.Sprintf("e%02d", i+1), Role: "enumerator", RegionCode: town, PIN: p.PIN}
		if i%2 == 0 { // half of each group from the county (S3.4)
			a.FromCounty, a.Unit = true, "县直单位"
		} else {
			a.HomeVillage = p.world.Villages[(i/2)%len(p.world.Villages)].Code
			a.Unit = p.world.Places[1].Name
		}
		p.people = append(p.people, a)
	}
	for i, v := range p.world.Villages {
		p.people = append(p.people, account{Account: fmt.Sprintf("v%02d", i+1), Role: "village", RegionCode: v.Code, Unit: v.Name})
	}
	for i := range p.people {
		a := &p.people[i]
		a.ID, a.Password = id.New(), p.Password
		a.Name = p.world.personName(pick(p.rng, surnames), p.rng.IntN(2) == 0)
		if err := p.admin.Do(ctx, http.MethodPut, "/accounts/"+a.ID, a, nil); err != nil {
			return err
		}
		p.sum.People = append(p.sum.People, Person{a.Account, a.Name, a.Role, a.RegionCode})
	}
	var err error
	p.office, err = p.as(ctx, "office")
	return err
}

// as logs somebody in, once.
func (p *player) as(ctx context.Context, acc string) (*Client, error) {
	if c, ok := p.byAcc[acc]; ok {
		return c, nil
	}
	c, err := Login(ctx, p.Base, acc, p.Password)
	if err == nil {
		p.byAcc[acc] = c
	}
	return c, err
}

type stage struct {
	Code string `json:"code"`
	From string `json:"from"`
	To   string `json:"to"`
}

type campaign struct {
	StartsOn string  `json:"starts_on"`
	Stage    string  `json:"stage"`
	Stages   []stage `json:"stages"`
}

// makeCampaign opens the campaign so that its second stage, the visits, begins on the clock's next day.
func (p *player) makeCampaign(ctx context.Context) error {
	p.campaign = id.New()
	p.sum.Campaign = p.campaign
	day := p.Clock.Now().In(p.Zone).AddDate(0, 0, 1)
	put := func(starts time.Time) (campaign, error) {
		var c campaign
		err := p.office.Do(ctx, http.MethodPut, "/campaigns/"+p.campaign, map[string]any{
			"playbook": p.Playbook, "title": p.world.Places[1].Name + "脱贫质量“回头看”（演示）", "region_code": townshipCode, "starts_on": starts.Format(time.DateOnly),
		}, &c)
		return c, err
	}
	c, err := put(day)
	if err != nil {
		return err
	}
	visits, err := time.Parse(time.DateOnly, c.Stages[min(1, len(c.Stages)-1)].From)
	if err != nil {
		return fmt.Errorf("stage dates: %w", err)
	}
	starts, err := time.Parse(time.DateOnly, c.StartsOn)
	if err != nil {
		return fmt.Errorf("campaign dates: %w", err)
	}
	_, err = put(day.Add(starts.Sub(visits)))
	return err
}

func (p *player) importRoster(ctx context.Context) error {
	book, err := p.world.Workbook()
	if err != nil {
		return err
	}
	for _, dry := range []string{"true", "false"} {
		var report struct {
			ErrorsTotal int              `json:"errors_total"`
			Errors      []map[string]any `json:"errors"`
			Counts      struct {
				Households int `json:"households_new"`
				Members    int `json:"members_new"`
			} `json:"counts"`
		}
		body := Raw{"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", book}
		path := "/campaigns/" + p.campaign + "/roster/imports?dry_run=" + dry + "&name=roster.xlsx"
		if err := p.office.Do(ctx, http.MethodPost, path, body, &report); err != nil {
			return err
		}
		if report.ErrorsTotal > 0 {
			return fmt.Errorf("simulated roster has %d errors, first: %v", report.ErrorsTotal, report.Errors[0])
		}
		p.sum.Households, p.sum.Members = report.Counts.Households, report.Counts.Members
	}
	return nil
}

func (p *player) plan(ctx context.Context) error {
	var teams struct {
		Items []struct {
			ID string `json:"id"`
		} `json:"items"`
	}
	at := "/campaigns/" + p.campaign
	if err := p.office.Do(ctx, http.MethodPost, at+"/teams/form", struct{}{}, &teams); err != nil {
		return err
	}
	p.sum.Teams = len(teams.Items)
	var c campaign
	if err := p.office.Do(ctx, http.MethodGet, at, nil, &c); err != nil {
		return err
	}
	visits := c.Stages[min(1, len(c.Stages)-1)]
	var plan struct {
		Feasible bool `json:"feasible"`
		Reasons  []struct {
			Message string `json:"message"`
		} `json:"reasons"`
	}
	if err := p.office.Do(ctx, http.MethodPost, at+"/plan", map[string]any{"from": visits.From, "to": visits.To, "dry_run": false}, &plan); err != nil {
		return err
	}
	if !plan.Feasible {
		return fmt.Errorf("simulated plan is not feasible: %v", plan.Reasons)
	}
	p.Clock.Set(p.morning(visits.From))
	for _, st := range c.Stages { // one after the other, up to the visits
		if err := p.office.Do(ctx, http.MethodPost, at+"/stage", map[string]any{"stage": st.Code}, nil); err != nil {
			return err
		}
		if st.Code == visits.Code {
			break
		}
	}
	return nil
}

func (p *player) morning(day string) time.Time {
	t, err := time.ParseInLocation(time.DateOnly, day, p.Zone)
	if err != nil {
		return p.Clock.Now()
	}
	return t.Add(8 * time.Hour)
}

// settled waits until the server has judged everything it received.
func (p *player) settled(ctx context.Context) error {
	for range 1200 {
		var q struct {
			Counts map[string]int `json:"counts"`
		}
		if err := p.office.Do(ctx, http.MethodGet, "/campaigns/"+p.campaign+"/submissions?limit=1", nil, &q); err != nil {
			return err
		}
		if q.Counts["received"] == 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
	return errStuck("submissions")
}

// form gives the compiled form of a hash, fetched once.
func (p *player) formOf(ctx context.Context, c *Client, hash string) (*xform.Form, error) {
	if f, ok := p.forms[hash]; ok {
		return f, nil
	}
	var src []byte
	if err := c.Do(ctx, http.MethodGet, "/field/forms/"+hash, nil, &src); err != nil {
		return nil, err
	}
	f, err := xform.Parse(src, xform.Options{})
	if err != nil {
		return nil, fmt.Errorf("form %s: %w", hash, err)
	}
	p.forms[hash] = f
	return f, nil
}

func isoDay(t time.Time) string { return t.Format(time.DateOnly) }

func suffix(s string) string { return s[strings.LastIndexByte(s, '/')+1:] }
