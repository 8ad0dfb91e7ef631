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
	Townships  int // 0, as for the next three: what the playbook's simulation.yaml says
	Villages   int
	Households int
	Teams      int
	Days       int    // days of visits that are played; 0 ends with the plan
	PerTeam    int    // households that a team manages in a day
	Clock      *Clock // the server's clock; it must stand before the first day
	Zone       *time.Location
	Truth      string    // folder for truth.json and the registers as they were sent: faults are planted and scored; "" for none
	Until      time.Time // what was not visited is moved to the days from here on
}

// Person is an account that somebody may log in with.
type Person struct {
	Account, Name, Role, Region string
}

// Summary says what was made.
type Summary struct {
	Registers []RegisterSum `json:",omitempty"`
	Queue     int           // links that a clerk had to decide
	FixFirst  int           // figures that differ before the visit
	Settled   int           // of those, settled
	Scores    []Score       `json:",omitempty"`
	Sample    *Sample       `json:",omitempty"` // where the playbook draws one
	Listing   *Listing      `json:",omitempty"` // where the playbook asks for one
	Plan      *Plan         `json:",omitempty"`

	Campaign                                        string
	People                                          []Person
	Households, Members, Teams, Submitted, Returned int
	Accepted, Problems, Closed, Planted             int
}

// RegisterSum is a register that was imported.
type RegisterSum struct {
	Kind, File    string
	Rows, LeftOut int
}

// player holds the state of one play.
type player struct {
	Options
	world     *World
	lists     []list // departments' registers, in the order in which they arrive
	hints     hints
	rng       *rand.Rand
	admin     *Client
	office    *Client
	campaign  string
	rules     rules
	levels    []level
	lastDay   string // of the visits
	numbers   map[string]string
	decidedAt time.Time        // when a clerk decided last
	ties      map[string][]tie // by account id
	owners    map[string]map[int]string
	inSample  map[string]bool // 户编号 of the households to visit; nil where everybody is
	people    []account
	forms     map[string]*xform.Form // by hash
	byAcc     map[string]*Client
	manners   []*manner // of making up, of each team; nil for the honest
	signing   []*manner // of signing for households
	memories  []memory  // of each team
	madeUps   []Interview
	signed    []Interview // by one of the team
	visits    int         // interviews, held or made up
	repairs   repairs
	needs     []*Need         // of households that were visited
	lacks     map[string]bool // households that answered a planted fault
	revisions map[string]int  // last one that was sent, by the household's id
	sum       Summary
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

// Play makes the county and plays its days. It returns the server's refusals as they are (sim.api).
func Play(ctx context.Context, o Options) (Summary, error) {
	p, err := newPlayer(o)
	if err != nil {
		return Summary{}, err
	}
	if o.Truth != "" {
		if err := p.writeTruth(o.Truth); err != nil {
			return p.sum, err
		}
	}
	steps := []func(context.Context) error{p.before, p.plan}
	if o.Days > 0 {
		steps = append(steps, p.train, p.playDays)
	}
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return p.sum, err
		}
	}
	return p.sum, nil
}

func newPlayer(o Options) (*player, error) {
	h, err := loadHints(o.Playbooks, o.Playbook)
	if err != nil {
		return nil, err
	}
	p := &player{
		Options: o, hints: h, rng: rand.New(rand.NewPCG(o.Seed, 2)), forms: map[string]*xform.Form{},
		byAcc: map[string]*Client{},
	}
	shape := h.World.over(o)
	p.Villages, p.Households, p.Teams, p.Townships = shape.Villages, shape.Households, shape.Teams, shape.Townships
	p.world = NewWorld(o.Seed, shape, o.Clock.Now())
	p.manners, p.signing, p.memories = make([]*manner, p.Teams), make([]*manner, p.Teams), make([]memory, p.Teams)
	for i := range p.memories {
		p.memories[i] = memory{answers: map[string]map[string]string{}, of: map[string]string{}}
	}
	p.lacks, p.revisions = map[string]bool{}, map[string]int{}
	p.repairs = repairs{last: map[string]*Claim{}, notes: map[string]int{}, shown: map[string][]shownPicture{}, visits: map[string][]byte{}}
	if p.scored() {
		p.manners, p.signing = h.Field.planned(p.Seed, p.Teams)
	}
	for _, r := range h.Registers {
		p.lists = append(p.lists, p.world.list(r))
	}
	return p, nil
}

// scored reports whether the play is held against the truth; a demo is not: it leaves people something to do.
func (p *player) scored() bool { return p.Truth != "" }

// before plays everything up to the plan: places, people, the campaign, its roster.
func (p *player) before(ctx context.Context) error {
	for _, step := range []func(context.Context) error{p.openOffice, p.makeCampaign, p.makeAccounts, p.importRoster, p.deliver, p.link, p.compare, p.list, p.sample} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// county reports whether the county runs the campaign itself, over several townships.
func (p *player) county() bool { return len(p.world.Townships) > 1 }

// at is where the campaign runs.
func (p *player) at() Place {
	if p.county() {
		return p.world.Places[0]
	}
	return p.world.Townships[0]
}

func (p *player) openOffice(ctx context.Context) error {
	c, err := Login(ctx, p.Base, p.Admin, p.Password)
	if err != nil {
		return err
	}
	p.admin = c
	places := make([]map[string]any, len(p.world.Places))
	for i, pl := range p.world.Places {
		places[i] = map[string]any{"code": pl.Code, "name": pl.Name}
		if pl.Lat != 0 {
			places[i]["lat"], places[i]["lon"] = pl.Lat, pl.Lon
		}
	}
	if err := c.Do(ctx, http.MethodPut, "/regions", map[string]any{"items": places}, nil); err != nil {
		return err
	}
	role := "township_office"
	if p.county() {
		role = "county_office"
	}
	if err := p.makeAccount(ctx, account{Account: "office", Role: role, RegionCode: p.at().Code}); err != nil {
		return err
	}
	p.office, err = p.as(ctx, "office")
	return err
}

type stage struct {
	Code string `json:"code"`
	From string `json:"from"`
	To   string `json:"to"`
}

type rules struct {
	TeamSize    int     `json:"team_size"`
	CountyShare float64 `json:"county_share"`
}

type level struct {
	Code string `json:"code"`
	Role string `json:"role"`
}

type campaign struct {
	StartsOn      string  `json:"starts_on"`
	Stage         string  `json:"stage"`
	Stages        []stage `json:"stages"`
	Rules         rules   `json:"rules"`
	Levels        []level `json:"levels"`
	PlaybookTitle struct {
		ZH string `json:"zh"`
	} `json:"playbook_title"`
}

// makeCampaign opens the campaign so that its second stage, the visits, begins on the clock's next day.
func (p *player) makeCampaign(ctx context.Context) error {
	p.campaign = id.New()
	p.sum.Campaign = p.campaign
	day := p.Clock.Now().In(p.Zone).AddDate(0, 0, 1)
	title := p.at().Name + "入户调查（演示）"
	put := func(starts time.Time) (campaign, error) {
		var c campaign
		err := p.office.Do(ctx, http.MethodPut, "/campaigns/"+p.campaign, map[string]any{
			"playbook": p.Playbook, "title": title, "region_code": p.at().Code, "starts_on": starts.Format(time.DateOnly),
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
	title = p.at().Name + c.PlaybookTitle.ZH + "（演示）"
	c, err = put(day.Add(starts.Sub(visits)))
	p.rules, p.levels = c.Rules, c.Levels
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
	if err := p.tie(ctx); err != nil {
		return err
	}
	var c campaign
	if err := p.office.Do(ctx, http.MethodGet, at, nil, &c); err != nil {
		return err
	}
	visits := c.Stages[min(1, len(c.Stages)-1)]
	p.lastDay = visits.To
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
	if err := p.checkPlan(ctx); err != nil {
		return err
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
