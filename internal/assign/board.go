package assign

import (
	"cmp"
	"context"
	"slices"

	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/region"
	"ruhu/internal/survey"
)

// Board is the plan as teams and days, with what is needed to tell at once whether something may be dropped there.
type Board struct {
	From           db.Date     `json:"from"`
	To             db.Date     `json:"to"`
	Days           []BoardDay  `json:"days"`
	PerDay         int         `json:"households_per_day"`
	VillagesPerDay int         `json:"villages_per_day"` // 0 is no limit
	NoSwaps        bool        `json:"no_swaps"`
	Teams          []BoardTeam `json:"teams"`
	Cells          []Cell      `json:"cells"`
	Blocks         []Block     `json:"blocks"`
	Unplanned      []Unplanned `json:"unplanned"`
	Quality        Quality     `json:"quality"`
}

// BoardDay is a day of the visit stage.
type BoardDay struct {
	Date    db.Date `json:"date"`
	Works   bool    `json:"works"`   // by the official calendar
	Name    string  `json:"name"`    // of the holiday
	Assumed bool    `json:"assumed"` // the year's holidays are not published
	Planned bool    `json:"planned"` // the playbook plans visits on it
	Off     string  `json:"off"`     // why nobody visits; "" is nothing
}

// BoardTeam is a team with what it has in all.
type BoardTeam struct {
	ID         string   `json:"id"`
	Name       string   `json:"name"`
	Dropped    bool     `json:"dropped"`
	Reason     string   `json:"reason"`
	Households int      `json:"households"`
	Done       int      `json:"done"`
	Off        []DayOff `json:"off"`
}

// DayOff is a day on which one team does not visit.
type DayOff struct {
	Date   db.Date `json:"date"`
	Reason string  `json:"reason"`
}

// Cell is the households of one village on a team's day.
type Cell struct {
	Team       string        `json:"team"`
	Date       db.Date       `json:"date"`
	Village    region.Region `json:"village"`
	Households int           `json:"households"`
	Movable    int           `json:"movable"` // open and not begun
	Remote     int           `json:"remote"`  // by other means
	Agreed     int           `json:"agreed"`  // with an appointment
	Problem    string        `json:"problem"` // a rule that the cell breaks by now, in words
}

// Block says that a team may not go to a village.
type Block struct {
	Team    string      `json:"team"`
	Village region.Code `json:"village"`
	Code    string      `json:"code"`
	Message string      `json:"message"`
}

// Unplanned is households of a village that have no visit.
type Unplanned struct {
	Village    region.Region `json:"village"`
	Households int           `json:"households"`
}

// Board gives the present plan by team and day. Returns Forbidden, NotFound "survey.not_found", Conflict "assign.no_visit_stage".
func (s *Service) Board(ctx context.Context, actor authz.Actor, campaign, lang string) (Board, error) {
	var out Board
	err := s.view(ctx, actor, campaign, func(tx *db.Tx, c survey.Campaign) error {
		stage, ok := c.VisitStage()
		if !ok {
			return errs.Conflict.New("assign.no_visit_stage")
		}
		g, err := s.groundTx(ctx, tx, c, PlanInput{From: stage.From, To: stage.To, Rest: true})
		if err != nil {
			return err
		}
		teams, err := s.TeamsTx(ctx, tx, c.County, c.ID)
		if err != nil {
			return err
		}
		out = Board{
			From: stage.From, To: stage.To, PerDay: g.HouseholdsPerDay, VillagesPerDay: g.VillagesPerDay, NoSwaps: g.NoSwaps != "",
			Days: s.boardDays(g, stage), Teams: []BoardTeam{}, Blocks: []Block{}, Unplanned: []Unplanned{},
		}
		for _, t := range teams {
			bt := BoardTeam{ID: t.ID, Name: t.Name, Dropped: t.Dropped, Reason: t.Why, Households: t.Assigned, Done: t.Done, Off: []DayOff{}}
			for d := stage.From; d <= stage.To; d = d.AddDays(1) {
				if reason, off := g.off[offDay{t.ID, d}]; off {
					bt.Off = append(bt.Off, DayOff{d, reason})
				}
			}
			out.Teams = append(out.Teams, bt)
			for _, v := range g.villages {
				if rule := firstRule(g.closed(t, v)); rule != 0 {
					out.Blocks = append(out.Blocks, Block{t.ID, v, ruleCode[rule], g.broken(rule, t, v).Message(lang)})
				}
			}
		}
		out.Cells = g.cells(actor, lang)
		free := map[region.Code]int{}
		for _, t := range g.tasks {
			if _, has := g.taken[t.ID]; !has && actor.Sees(t.Village) {
				free[t.Village]++
			}
		}
		for _, v := range g.villages {
			if free[v] > 0 {
				out.Unplanned = append(out.Unplanned, Unplanned{region.Named(v, g.names[v]), free[v]})
			}
		}
		var all []Assignment
		for _, a := range g.taken {
			all = append(all, a)
		}
		out.Quality = g.quality(all)
		return nil
	})
	return out, err
}

func (s *Service) boardDays(g *ground, stage survey.Stage) []BoardDay {
	out := []BoardDay{}
	for d := stage.From; d <= stage.To; d = d.AddDays(1) {
		day := s.cal.Day(d)
		out = append(out, BoardDay{Date: d, Works: day.Works, Name: day.Name, Assumed: day.Assumed, Planned: !g.holidays[d], Off: g.off[offDay{"", d}]})
	}
	return out
}

// cells lays the visits of the actor's region out, by team, day and village.
func (g *ground) cells(actor authz.Actor, lang string) []Cell {
	type key struct {
		Place
		village region.Code
	}
	at := map[key]*Cell{}
	for _, a := range g.taken {
		if a.State == Replaced || !actor.Sees(a.Village) {
			continue
		}
		k := key{g.place(a), a.Village}
		c := at[k]
		if c == nil {
			c = &Cell{Team: a.Team, Date: a.Date, Village: region.Named(a.Village, g.names[a.Village])}
			at[k] = c
		}
		c.Households++
		if a.State == Open && !a.Begun {
			c.Movable++
			if e := g.checkOne(a); e != nil {
				c.Problem = e.Message(lang)
			}
		}
		if g.agreed[a.Household].Remote != "" {
			c.Remote++
		}
		if g.agreed[a.Household].Day != "" {
			c.Agreed++
		}
	}
	out := make([]Cell, 0, len(at))
	for _, c := range at {
		out = append(out, *c)
	}
	slices.SortFunc(out, func(a, b Cell) int {
		return cmp.Or(cmp.Compare(g.teams[a.Team].Name, g.teams[b.Team].Name), cmp.Compare(a.Team, b.Team), cmp.Compare(a.Date, b.Date), cmp.Compare(a.Village.Code, b.Village.Code))
	})
	return out
}
