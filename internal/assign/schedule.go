package assign

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"ruhu/internal/audit"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/region"
	"ruhu/internal/roster"
	"ruhu/internal/survey"
)

// Plan is who visits where and when, as the office sees it.
type Plan struct {
	Feasible    bool       `json:"feasible"`
	Reasons     []Reason   `json:"reasons"` // why there is no plan
	From        db.Date    `json:"from"`
	To          db.Date    `json:"to"`
	Assignments int        `json:"assignments"`
	Teams       []TeamPlan `json:"teams"`
}

// TeamPlan is one team's days.
type TeamPlan struct {
	ID   string    `json:"id"`
	Name string    `json:"name"`
	Days []DayPlan `json:"days"`
}

// DayPlan is one team's day.
type DayPlan struct {
	Date       db.Date         `json:"date"`
	Villages   []region.Region `json:"villages"`
	Households int             `json:"households"`
}

// Reason says what stands in the way of a plan or a team. Count is the number the message speaks of.
type Reason struct {
	Code    string         `json:"code"`
	Message string         `json:"message"`
	Village *region.Region `json:"village,omitempty"`
	Team    string         `json:"team,omitempty"`
	Count   int            `json:"count,omitempty"`
}

func reason(lang, code string, count int, kv ...any) Reason {
	return Reason{Code: code, Count: count, Message: errs.Conflict.New(code, append(kv, "count", count)...).Message(lang)}
}

// PlanInput asks for a plan. Empty days are those of the visit stage.
type PlanInput struct {
	From, To db.Date
	DryRun   bool   // only look
	Lang     string // of the reasons
}

// MakePlan gives every household that the campaign visits a team and a day, within the visit stage. What has been handed in or was
// moved by hand stays as it is; everything else is planned anew. When no plan exists, the answer says why and nothing is written.
// Returns Forbidden, NotFound "survey.not_found", Invalid "assign.dates" (the days are not in the visit stage), Conflict "survey.closed".
func (s *Service) MakePlan(ctx context.Context, actor authz.Actor, campaign string, in PlanInput) (Plan, error) {
	if err := actor.Require(authz.AssignManage); err != nil {
		return Plan{}, err
	}
	campaign, err := id.Parse(campaign)
	if err != nil {
		return Plan{}, err
	}
	var out Plan
	work := func(tx *db.Tx) error {
		c, err := managedTx(ctx, tx, actor, campaign)
		if err != nil {
			return err
		}
		if in.From, in.To, err = planDays(c, in.From, in.To); err != nil {
			return err
		}
		if !in.DryRun {
			if err := lockTeams(ctx, tx, c); err != nil {
				return err
			}
		}
		out, err = s.planTx(ctx, tx, actor, c, in)
		return err
	}
	if in.DryRun {
		err = s.d.View(ctx, work)
	} else {
		err = s.d.Update(ctx, work)
	}
	return out, err
}

// managedTx gives a campaign that the actor may change: one of their region that is not closed.
func managedTx(ctx context.Context, tx *db.Tx, actor authz.Actor, campaign string) (survey.Campaign, error) {
	c, err := survey.VisibleTx(ctx, tx, actor, campaign)
	switch {
	case err != nil:
		return c, err
	case !actor.Sees(c.Region):
		return c, errs.Forbidden.New("authz.forbidden", "action", string(authz.AssignManage))
	case c.State == survey.Closed:
		return c, errs.Conflict.New("survey.closed")
	}
	return c, nil
}

func planDays(c survey.Campaign, from, to db.Date) (db.Date, db.Date, error) {
	stage, ok := c.VisitStage()
	if !ok {
		return "", "", errs.Conflict.New("assign.no_visit_stage")
	}
	from, to = cmp.Or(from, stage.From), cmp.Or(to, stage.To)
	_, err1 := db.ParseDate(string(from))
	_, err2 := db.ParseDate(string(to))
	if err1 != nil || err2 != nil || from > to || from < stage.From || to > stage.To {
		return "", "", errs.Invalid.New("assign.dates", "from", stage.From, "to", stage.To)
	}
	return from, to, nil
}

// task is a household that needs a visit.
type task struct {
	roster.Household
	form survey.FormRef
}

// planGround is what a plan is made on.
type planGround struct {
	teams []Team
	tasks map[string]task       // by household: to be planned
	taken map[string]Assignment // by household: everything there is
	names map[region.Code]string

	forbidden map[string][]region.Code // by team: where it may not go
	problem
}

// fixed tells what a plan leaves alone: what has been handed in, and what was moved by hand as long as that is still allowed (a
// member may have moved into the village since).
func (g planGround) fixed(a Assignment) bool {
	return a.State != Open || a.Pinned && !slices.Contains(g.forbidden[a.Team], a.Village)
}

// groundTx reads teams, base list and assignments, and sets the problem.
func (s *Service) groundTx(ctx context.Context, tx *db.Tx, c survey.Campaign, in PlanInput) (planGround, error) {
	g := planGround{tasks: map[string]task{}, forbidden: map[string][]region.Code{}}
	var err error
	if g.teams, err = s.TeamsTx(ctx, tx, c.County, c.ID); err != nil {
		return g, err
	}
	hs, taken, err := s.loadTx(ctx, tx, c)
	if err != nil {
		return g, err
	}
	g.taken = taken
	g.perDay, g.ownOK = c.Plan.Team.HouseholdsPerDay, c.Plan.Team.OwnVillage != "forbidden"
	at := map[string]int{}
	for i, t := range g.teams {
		at[t.ID] = i
		if !g.ownOK {
			g.forbidden[t.ID] = t.Homes()
		}
		g.problem.teams = append(g.problem.teams, planTeam{t.ID, t.Homes()})
	}
	for d := in.From; d <= in.To; d = d.AddDays(1) {
		g.days = append(g.days, d)
	}
	g.problem.taken = map[slot]int{}
	for _, a := range taken {
		team, known := at[a.Team]
		if day := slices.Index(g.days, a.Date); g.fixed(a) && known && day >= 0 && a.State != Replaced {
			g.problem.taken[slot{team, day}]++
		}
	}
	slices.SortFunc(hs, func(a, b roster.Household) int {
		return cmp.Or(cmp.Compare(a.Village, b.Village), cmp.Compare(a.Group, b.Group), cmp.Compare(a.Code, b.Code))
	})
	var codes []region.Code
	for _, h := range hs {
		a, has := taken[h.ID]
		form, ok := c.FormFor(string(h.Class))
		if !ok || has && g.fixed(a) {
			continue
		}
		g.tasks[h.ID] = task{h, form}
		if n := len(g.villages); n == 0 || g.villages[n-1].code != h.Village {
			g.villages = append(g.villages, planVillage{code: h.Village})
			codes = append(codes, h.Village)
		}
		last := &g.villages[len(g.villages)-1]
		last.households = append(last.households, h.ID)
	}
	g.names, err = region.NamesTx(ctx, tx, codes)
	return g, err
}

func (s *Service) planTx(ctx context.Context, tx *db.Tx, actor authz.Actor, c survey.Campaign, in PlanInput) (Plan, error) {
	g, err := s.groundTx(ctx, tx, c, in)
	if err != nil {
		return Plan{}, err
	}
	p := Plan{From: in.From, To: in.To, Reasons: []Reason{}, Teams: []TeamPlan{}}
	switch {
	case len(g.tasks) == 0 && len(g.taken) == 0:
		p.Reasons = append(p.Reasons, reason(in.Lang, "assign.plan_no_household", 0))
		return p, nil
	case len(g.teams) == 0:
		p.Reasons = append(p.Reasons, reason(in.Lang, "assign.plan_no_team", 0))
		return p, nil
	}
	visits, short := g.solve()
	if len(short) > 0 {
		p.Reasons = g.explain(short, in.Lang)
		return p, nil
	}
	p.Feasible = true
	target := g.target(c, visits)
	if !in.DryRun {
		if err := s.applyTx(ctx, tx, actor, c, in, g, target); err != nil {
			return p, err
		}
	}
	all := slices.Clone(target)
	for _, a := range g.taken {
		if g.fixed(a) {
			all = append(all, a)
		}
	}
	return p, p.fillTx(ctx, tx, g.teams, all)
}

// explain puts shortages into words.
func (g planGround) explain(short []shortage, lang string) []Reason {
	out := make([]Reason, 0, len(short))
	for _, sh := range short {
		first := region.Named(g.villages[sh.villages[0]].code, g.names[g.villages[sh.villages[0]].code])
		if sh.teams == 0 {
			r := reason(lang, "assign.plan_nobody_may_go", sh.households, "village", first.Name)
			r.Village = &first
			out = append(out, r)
			continue
		}
		list := ""
		for i, v := range sh.villages {
			if i == 5 {
				list += "…"
				break
			}
			if i > 0 {
				list += "、"
			}
			list += g.names[g.villages[v].code]
		}
		r := reason(lang, "assign.plan_too_few_days", sh.teamDays, "villages", list, "number", len(sh.villages), "households", sh.households, "teams", sh.teams,
			"short", sh.short, "room", sh.households-sh.short)
		if len(sh.villages) == 1 {
			r.Village = &first
		}
		out = append(out, r)
	}
	return out
}

// target turns visits into assignments; a household that has one keeps its id.
func (g planGround) target(c survey.Campaign, visits []visit) []Assignment {
	out := make([]Assignment, len(visits))
	for i, v := range visits {
		t := g.tasks[v.household]
		a := Assignment{
			ID: g.taken[v.household].ID, County: c.County, Campaign: c.ID, Household: v.household, Village: t.Village,
			Form: t.form.Code, FormHash: t.form.Hash, Team: g.problem.teams[v.team].id, Date: g.days[v.day], State: Open,
		}
		if a.ID == "" {
			a.ID = id.New()
		}
		out[i] = a
	}
	return out
}

// applyTx writes a plan: what is new, what moves, what is no longer visited.
func (s *Service) applyTx(ctx context.Context, tx *db.Tx, actor authz.Actor, c survey.Campaign, in PlanInput, g planGround, target []Assignment) error {
	var fresh []Assignment
	var events []any
	for _, a := range target {
		old, has := g.taken[a.Household]
		switch {
		case !has:
			fresh = append(fresh, a)
			events = append(events, a.moved("", Open))
		case old != a:
			if _, err := tx.Exec(ctx, updatePlace, c.County, a.ID, a.Village, a.Form, a.FormHash, a.Team, a.Date, a.Pinned, tx.Now()); err != nil {
				return err
			}
			if old.moved("", Open) != a.moved("", Open) {
				events = append(events, old.moved(Open, ""), a.moved("", Open))
			}
		}
	}
	for _, old := range g.taken {
		if _, wanted := g.tasks[old.Household]; !wanted && !g.fixed(old) { // its class is not visited any more
			if _, err := tx.Exec(ctx, deleteOne, c.County, old.ID); err != nil {
				return err
			}
			events = append(events, old.moved(Open, ""))
		}
	}
	if err := insertTx(ctx, tx, fresh); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, upsertPlan, c.County, c.ID, in.From, in.To, tx.Now(), actor.ID); err != nil {
		return err
	}
	if err := s.bus.Emit(ctx, tx, c.County, EventPlanned, events...); err != nil {
		return err
	}
	return audit.Write(ctx, tx, actor, audit.Entry{
		Action: "assign.plan", Campaign: c.ID, Object: "campaign", ObjectID: c.ID, Place: c.Region,
		Detail: map[string]any{"from": in.From, "to": in.To, "assignments": len(target), "new": len(fresh)},
	})
}

// fillTx lays assignments out by team and day.
func (p *Plan) fillTx(ctx context.Context, tx *db.Tx, teams []Team, as []Assignment) error {
	as = slices.DeleteFunc(as, func(a Assignment) bool { return a.State == Replaced })
	slices.SortFunc(as, func(a, b Assignment) int {
		return cmp.Or(cmp.Compare(a.Date, b.Date), cmp.Compare(a.Village, b.Village))
	})
	var codes []region.Code
	for _, a := range as {
		codes = append(codes, a.Village)
	}
	names, err := region.NamesTx(ctx, tx, codes)
	if err != nil {
		return err
	}
	byTeam := map[string][]DayPlan{}
	for _, a := range as {
		days := byTeam[a.Team]
		if n := len(days); n == 0 || days[n-1].Date != a.Date {
			days = append(days, DayPlan{Date: a.Date})
		}
		d := &days[len(days)-1]
		d.Households++
		if n := len(d.Villages); n == 0 || d.Villages[n-1].Code != a.Village {
			d.Villages = append(d.Villages, region.Named(a.Village, names[a.Village]))
		}
		byTeam[a.Team] = days
	}
	p.Assignments = len(as)
	for _, t := range teams {
		days := byTeam[t.ID]
		if days == nil {
			days = []DayPlan{}
		}
		p.Teams = append(p.Teams, TeamPlan{t.ID, t.Name, days})
	}
	return nil
}

// Plan gives the present plan: days of the last one applied, or of the visit stage. Returns Forbidden, NotFound "survey.not_found".
func (s *Service) Plan(ctx context.Context, actor authz.Actor, campaign string) (Plan, error) {
	if err := actor.Require(authz.AssignRead); err != nil {
		return Plan{}, err
	}
	campaign, err := id.Parse(campaign)
	if err != nil {
		return Plan{}, err
	}
	p := Plan{Reasons: []Reason{}, Teams: []TeamPlan{}}
	err = s.d.View(ctx, func(tx *db.Tx) error {
		c, err := survey.VisibleTx(ctx, tx, actor, campaign)
		if err != nil {
			return err
		}
		err = tx.QueryRow(ctx, selectPlan, c.County, c.ID).Scan(&p.From, &p.To)
		if errors.Is(err, db.ErrNoRows) {
			stage, _ := c.VisitStage()
			p.From, p.To, err = stage.From, stage.To, nil
		}
		if err != nil {
			return err
		}
		ts, err := s.TeamsTx(ctx, tx, c.County, c.ID)
		if err != nil {
			return err
		}
		lo, hi := actor.Scope()
		as, err := db.List(ctx, tx, scanAssignment, selectAllScoped, c.County, c.ID, lo, hi)
		if err != nil {
			return err
		}
		p.Feasible = len(as) > 0
		return p.fillTx(ctx, tx, ts, as)
	})
	return p, err
}
