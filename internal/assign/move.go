package assign

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"ruhu/internal/audit"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/region"
	"ruhu/internal/survey"
)

// MoveInput gives a visit to another team or day. Empty fields stay as they are.
type MoveInput struct {
	Team   string
	Date   db.Date
	Reason string // needed
}

// Step is one thing that is carried to another team or day on the plan board: one visit, or with From all open ones of a village on a team's day.
type Step struct {
	Assignment string      `json:"assignment,omitempty"`
	Team       string      `json:"team,omitempty"`
	Date       db.Date     `json:"date,omitempty"`
	Village    region.Code `json:"village,omitempty"`
	ToTeam     string      `json:"to_team"`
	ToDate     db.Date     `json:"to_date"`
	Free       bool        `json:"free,omitempty"` // not held by hand any more: later plans may move it
}

// Moves is what a move changes, and the steps that take it back.
type Moves struct {
	Changes []Change `json:"changes"`
	Undo    []Step   `json:"undo"`
}

// MoveByHand changes one visit under the rules of the plan and pins it: later plans leave it alone.
// Returns Forbidden, NotFound "assign.not_found", "assign.no_team", Invalid "assign.reason", Conflict "assign.own_village" and the other rules,
// "assign.capacity", "assign.dates", "assign.day_off", "assign.dropped", "assign.begun", "assign.state" (already handed in), "survey.closed".
func (s *Service) MoveByHand(ctx context.Context, actor authz.Actor, assignment string, in MoveInput) (Row, error) {
	if err := actor.Require(authz.AssignManage); err != nil {
		return Row{}, err
	}
	assignment, err := id.Parse(assignment)
	if err != nil {
		return Row{}, err
	}
	if in.Reason, err = why(in.Reason); err != nil {
		return Row{}, err
	}
	var out Row
	err = s.d.Update(ctx, func(tx *db.Tx) error {
		a, err := scopedTx(ctx, tx, actor, assignment)
		if err != nil {
			return err
		}
		c, err := managedTx(ctx, tx, actor, a.Campaign)
		if err != nil {
			return err
		}
		step := Step{Assignment: a.ID, ToTeam: cmp.Or(in.Team, a.Team), ToDate: cmp.Or(in.Date, a.Date)}
		if _, err := s.moveTx(ctx, tx, actor, c, []Step{step}, in.Reason, false); err != nil {
			return err
		}
		rows, err := rowsTx(ctx, tx, c.County, []string{a.ID})
		if err == nil {
			out = rows[0]
		}
		return err
	})
	return out, err
}

func why(reason string) (string, error) {
	reason = strings.TrimSpace(reason)
	if n := utf8.RuneCountInString(reason); n < 1 || n > 200 {
		return "", errs.Invalid.New("assign.reason", "field", "reason")
	}
	return reason, nil
}

// Move carries visits to other teams or days, all of them or none, and pins them. With dryRun it only looks. It gives what changes.
// Returns what MoveByHand returns.
func (s *Service) Move(ctx context.Context, actor authz.Actor, campaign string, steps []Step, reason string, dryRun bool) (Moves, error) {
	var out Moves
	if err := actor.Require(authz.AssignManage); err != nil {
		return out, err
	}
	campaign, err := id.Parse(campaign)
	if err != nil {
		return out, err
	}
	if reason, err = why(reason); err != nil {
		return out, err
	}
	work := func(tx *db.Tx) error {
		c, err := managedTx(ctx, tx, actor, campaign)
		if err != nil {
			return err
		}
		out, err = s.moveTx(ctx, tx, actor, c, steps, reason, dryRun)
		return err
	}
	if dryRun {
		err = s.d.View(ctx, work)
	} else {
		err = s.d.Update(ctx, work)
	}
	return out, err
}

func (s *Service) moveTx(ctx context.Context, tx *db.Tx, actor authz.Actor, c survey.Campaign, steps []Step, reason string, dryRun bool) (Moves, error) {
	var out Moves
	stage, ok := c.VisitStage()
	if !ok {
		return out, errs.Conflict.New("assign.no_visit_stage")
	}
	if !dryRun {
		if err := lockTeams(ctx, tx, c); err != nil {
			return out, err
		}
	}
	g, err := s.groundTx(ctx, tx, c, PlanInput{From: stage.From, To: stage.To})
	if err != nil {
		return out, err
	}
	all := make(map[string]Assignment, len(g.taken))
	for _, a := range g.taken {
		all[a.ID] = a
	}
	changed, err := g.step(all, steps, stage)
	if err != nil {
		return out, err
	}
	if e := g.check(all, changed); e != nil {
		return out, e
	}
	target := make([]Assignment, len(changed))
	out.Undo = make([]Step, len(changed))
	for i, id := range changed {
		target[i] = all[id]
		was := g.taken[target[i].Household]
		out.Undo[i] = Step{Assignment: id, ToTeam: was.Team, ToDate: was.Date, Free: !was.Pinned}
	}
	for h := range g.taken {
		g.keep[h] = true // only the steps change
	}
	out.Changes = g.changes(target)
	if dryRun {
		return out, nil
	}
	return out, s.writeMoves(ctx, tx, actor, c, g, target, reason)
}

// step makes the steps in all and gives the ids of what they changed, in order.
func (g *ground) step(all map[string]Assignment, steps []Step, stage survey.Stage) ([]string, error) {
	var changed []string
	for _, st := range steps {
		if _, ok := g.teams[st.ToTeam]; !ok {
			return nil, errs.NotFound.New("assign.no_team", "id", st.ToTeam)
		}
		if _, err := db.ParseDate(string(st.ToDate)); err != nil || st.ToDate < stage.From || st.ToDate > stage.To {
			return nil, errs.Conflict.New("assign.dates", "from", stage.From, "to", stage.To)
		}
		ids, err := chosen(all, st)
		if err != nil {
			return nil, err
		}
		for _, id := range ids {
			a := all[id]
			a.Team, a.Date, a.Pinned = st.ToTeam, st.ToDate, !st.Free
			all[id] = a
			if !slices.Contains(changed, id) {
				changed = append(changed, id)
			}
		}
	}
	return changed, nil
}

// chosen gives the ids that a step is about.
func chosen(all map[string]Assignment, st Step) ([]string, error) {
	if st.Assignment != "" {
		key, err := id.Parse(st.Assignment)
		if err != nil {
			return nil, err
		}
		a, ok := all[key]
		switch {
		case !ok:
			return nil, errs.NotFound.New("assign.not_found", "id", key)
		case a.State != Open && a.State != Returned:
			return nil, errs.Conflict.New("assign.state", "from", string(a.State), "to", string(Open))
		case a.Begun && a.State == Open && st.ToTeam != a.Team:
			return nil, errs.Conflict.New("assign.begun")
		}
		return []string{key}, nil
	}
	var out []string
	for key, a := range all {
		if a.Team == st.Team && a.Date == st.Date && a.Village == st.Village && a.State == Open && !a.Begun {
			out = append(out, key)
		}
	}
	if len(out) == 0 {
		return nil, errs.NotFound.New("assign.nothing_to_move")
	}
	slices.Sort(out)
	return out, nil
}

func (s *Service) writeMoves(ctx context.Context, tx *db.Tx, actor authz.Actor, c survey.Campaign, g *ground, target []Assignment, reason string) error {
	var events []any
	for _, to := range target {
		a := g.taken[to.Household]
		if _, err := tx.Exec(ctx, updatePlace, c.County, a.ID, to.Village, to.Form, to.FormHash, to.Team, to.Date, to.Pinned, tx.Now()); err != nil {
			return err
		}
		if to.Team != a.Team || to.Date != a.Date {
			events = append(events, a.moved(a.State, ""), to.moved("", a.State))
		}
		err := audit.Write(ctx, tx, actor, audit.Entry{
			Action: "assign.move", Campaign: c.ID, Object: "assignment", ObjectID: a.ID, Place: a.Village,
			Detail: map[string]any{"from_team": a.Team, "to_team": to.Team, "from_day": a.Date, "to_day": to.Date, "reason": reason},
		})
		if err != nil {
			return err
		}
	}
	return s.bus.Emit(ctx, tx, c.County, EventPlanned, events...)
}
