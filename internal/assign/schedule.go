package assign

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"ruhu/internal/assign/solve"
	"ruhu/internal/audit"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/playbook"
	"ruhu/internal/region"
	"ruhu/internal/survey"
)

// Plan is who visits where and when, as the office sees it.
type Plan struct {
	Feasible    bool       `json:"feasible"`
	Reasons     []Reason   `json:"reasons"` // why there is no plan
	Notes       []Reason   `json:"notes"`   // what the reader of a plan should know: assumed holidays, appointments that have passed
	From        db.Date    `json:"from"`
	To          db.Date    `json:"to"`
	Assignments int        `json:"assignments"`
	Teams       []TeamPlan `json:"teams"`
	Changes     []Change   `json:"changes"` // against the present plan; only from MakePlan and what plans again
	Quality     Quality    `json:"quality"`
}

// Change is households of one village whose visits move together. No team in From: new visits; in To: visits that are taken away.
type Change struct {
	Village    region.Region `json:"village"`
	From       Place         `json:"from"`
	To         Place         `json:"to"`
	Households int           `json:"households"`
}

// Place is a team's day; "" is none.
type Place struct {
	Team     string  `json:"team"`
	TeamName string  `json:"team_name"`
	Date     db.Date `json:"date"`
}

// Quality is how even and how short a plan is.
type Quality struct {
	Least int      `json:"least"` // households of the team with the fewest
	Most  int      `json:"most"`
	Km    *float64 `json:"km"` // of all days, from the township's seat and back; nil where a village's position is not known
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
	Rest     bool   // leave alone what can be done as it is: plan the rest, what is overdue, and what its team or day can't do any more
	DryRun   bool   // only look
	Lang     string // of the reasons
}

// MakePlan gives every household that the campaign visits a team and a day, within the visit stage. What is begun or handed in or was
// moved by hand stays as it is; everything else is planned anew, or with Rest only what must be. When no plan exists, the answer says why and nothing is written.
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

func (s *Service) planTx(ctx context.Context, tx *db.Tx, actor authz.Actor, c survey.Campaign, in PlanInput) (Plan, error) {
	g, err := s.groundTx(ctx, tx, c, in)
	if err != nil {
		return Plan{}, err
	}
	p := emptyPlan(in.From, in.To)
	p.Notes = s.notes(g, in)
	switch {
	case len(g.tasks) == 0 && len(g.taken) == 0:
		p.Reasons = append(p.Reasons, reason(in.Lang, "assign.plan_no_household", 0))
		return p, nil
	case len(g.list) == 0:
		p.Reasons = append(p.Reasons, reason(in.Lang, "assign.plan_no_team", 0))
		return p, nil
	case len(g.days) == 0:
		p.Reasons = append(p.Reasons, reason(in.Lang, "assign.plan_no_day", 0))
		return p, nil
	}
	r := g.problem.Solve()
	if len(r.Shortages) > 0 {
		p.Reasons = g.explain(r.Shortages, in.Lang)
		return p, nil
	}
	p.Feasible = true
	target := g.target(c, r.Visits)
	p.Changes = g.changes(target)
	if !in.DryRun {
		if err := s.applyTx(ctx, tx, actor, c, in, g, target); err != nil {
			return p, err
		}
	}
	all := slices.Clone(target)
	for h := range g.keep {
		if a, ok := g.taken[h]; ok {
			all = append(all, a)
		}
	}
	p.Quality = g.quality(all)
	return p, p.fillTx(ctx, tx, g.list, all)
}

func emptyPlan(from, to db.Date) Plan {
	return Plan{From: from, To: to, Reasons: []Reason{}, Notes: []Reason{}, Teams: []TeamPlan{}, Changes: []Change{}}
}

// notes says what a plan was made on that may turn out otherwise.
func (s *Service) notes(g *ground, in PlanInput) []Reason {
	out := []Reason{}
	if g.Days == playbook.WorkingDays {
		for _, y := range s.cal.Assumed(in.From, in.To) {
			out = append(out, reason(in.Lang, "assign.note_calendar", y))
		}
	}
	missed := 0
	for _, t := range g.tasks {
		if day := g.agreed[t.ID].Day; day != "" && !slices.Contains(g.days, day) {
			missed++
		}
	}
	if missed > 0 {
		out = append(out, reason(in.Lang, "assign.note_appointments", missed))
	}
	return out
}

// target turns visits into assignments; a household that has one keeps its id.
func (g *ground) target(c survey.Campaign, visits []solve.Visit) []Assignment {
	byVillage := make([][]task, len(g.villages))
	for _, t := range g.tasks {
		byVillage[g.at[t.Village]] = append(byVillage[g.at[t.Village]], t)
	}
	out := make([]Assignment, len(visits))
	for i, v := range visits {
		t := byVillage[v.Village][v.Job]
		a := Assignment{
			ID: g.taken[t.ID].ID, County: c.County, Campaign: c.ID, Household: t.ID, Village: t.Village,
			Form: t.form.Code, FormHash: t.form.Hash, Team: g.list[v.Team].ID, Date: g.days[v.Day], State: Open,
		}
		if a.ID == "" {
			a.ID = id.New()
		}
		out[i] = a
	}
	return out
}

// applyTx writes a plan: what is new, what moves, what is no longer visited.
func (s *Service) applyTx(ctx context.Context, tx *db.Tx, actor authz.Actor, c survey.Campaign, in PlanInput, g *ground, target []Assignment) error {
	var fresh []Assignment
	var events []any
	wanted := make(map[string]bool, len(target))
	for _, a := range target {
		wanted[a.Household] = true
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
		if !wanted[old.Household] && !g.keep[old.Household] { // its class is not visited any more
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
		Detail: map[string]any{"from": in.From, "to": in.To, "rest": in.Rest, "assignments": len(target), "new": len(fresh)},
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
	p := emptyPlan("", "")
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
		p.Quality.Least, p.Quality.Most = loads(ts, as)
		return p.fillTx(ctx, tx, ts, as)
	})
	return p, err
}
