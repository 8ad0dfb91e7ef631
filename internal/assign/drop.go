package assign

import (
	"context"
	"errors"

	"ruhu/internal/audit"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/survey"
)

const (
	dropTeam = `UPDATE assign_team SET dropped_at = $3, drop_reason = $4 WHERE county = $1 AND id = $2`
	setBegun = `UPDATE assign_assignment SET begun_at = $3 WHERE county = $1 AND id = $2 AND begun_at IS NULL`
	memberOf = `SELECT count(*) FROM assign_member WHERE county = $1 AND account = $2 AND team = $3`
)

// scopedTx gives an assignment in the actor's region. Returns NotFound "assign.not_found".
func scopedTx(ctx context.Context, tx *db.Tx, actor authz.Actor, assignment string) (Assignment, error) {
	lo, hi := actor.Scope()
	a, err := scanAssignment(tx.QueryRow(ctx, selectScoped, actor.County, assignment, lo, hi).Scan)
	if errors.Is(err, db.ErrNoRows) {
		return a, errs.NotFound.New("assign.not_found", "id", assignment)
	}
	return a, err
}

// DropTeam takes a team out of the plan: what it has begun or handed in stays with it, its open visits are spread over the others, and nothing
// else moves. back true takes it in again, without visits. When the others can't take everything the answer says why; nothing is written
// then, unless leave asks for the visits to stay without a team. Returns Forbidden, NotFound "survey.not_found", "assign.no_team", Invalid
// "assign.reason", Conflict "survey.closed".
func (s *Service) DropTeam(ctx context.Context, actor authz.Actor, campaign, team string, in DropInput) (Plan, error) {
	if err := actor.Require(authz.AssignManage); err != nil {
		return Plan{}, err
	}
	campaign, err := id.Parse(campaign)
	if err != nil {
		return Plan{}, err
	}
	if team, err = id.Parse(team); err != nil {
		return Plan{}, err
	}
	if in.Reason, err = why(in.Reason); err != nil {
		return Plan{}, err
	}
	var out Plan
	err = s.d.Update(ctx, func(tx *db.Tx) error {
		c, err := managedTx(ctx, tx, actor, campaign)
		if err != nil {
			return err
		}
		t, err := s.TeamTx(ctx, tx, c.County, team)
		if err == nil && t.Campaign != c.ID {
			err = errs.NotFound.New("assign.no_team", "id", team)
		}
		if err != nil {
			return err
		}
		if err := lockTeams(ctx, tx, c); err != nil {
			return err
		}
		out, err = s.dropTx(ctx, tx, actor, c, t, in)
		if err == nil && (in.DryRun || !out.Feasible && !in.Leave && !in.Back) {
			return errLook
		}
		return err
	})
	if errors.Is(err, errLook) {
		err = nil
	}
	return out, err
}

// errLook rolls a transaction back that was only meant to look.
var errLook = errors.New("only a look")

// DropInput says why a team drops out, or comes back.
type DropInput struct {
	Reason string
	From   db.Date // replan from this day; "" is the first of the stage
	Back   bool
	Leave  bool // leave visits without a team where the others can't take them
	DryRun bool
	Lang   string
}

func (s *Service) dropTx(ctx context.Context, tx *db.Tx, actor authz.Actor, c survey.Campaign, t Team, in DropInput) (Plan, error) {
	at, action := tx.Now(), "assign.drop"
	if in.Back {
		at, action = db.Time{}, "assign.take_back"
	}
	if _, err := tx.Exec(ctx, dropTeam, c.County, t.ID, at, in.Reason); err != nil {
		return Plan{}, err
	}
	err := audit.Write(ctx, tx, actor, audit.Entry{
		Action: action, Campaign: c.ID, Object: "team", ObjectID: t.ID, Place: c.Region, Detail: map[string]any{"name": t.Name, "reason": in.Reason},
	})
	if err != nil {
		return Plan{}, err
	}
	plan := PlanInput{Rest: true, Lang: in.Lang}
	if plan.From, plan.To, err = planDays(c, in.From, ""); err != nil {
		return Plan{}, err
	}
	if in.Back {
		return emptyPlan(plan.From, plan.To), nil
	}
	out, err := s.planTx(ctx, tx, actor, c, plan)
	if err != nil || out.Feasible || !in.Leave {
		return out, err
	}
	return out, s.leaveTx(ctx, tx, c, t.ID)
}

// leaveTx takes the open visits of a team off the plan.
func (s *Service) leaveTx(ctx context.Context, tx *db.Tx, c survey.Campaign, team string) error {
	as, err := db.List(ctx, tx, scanAssignment, selectOfTeam, c.County, team)
	if err != nil {
		return err
	}
	var events []any
	for _, a := range as {
		if a.State != Open || a.Begun {
			continue
		}
		if _, err := tx.Exec(ctx, deleteOne, c.County, a.ID); err != nil {
			return err
		}
		events = append(events, a.moved(Open, ""))
	}
	return s.bus.Emit(ctx, tx, c.County, EventPlanned, events...)
}

// SetDayOff says that a team, or with team "" everybody, does not visit on a day (or does again). The plan is made anew by MakePlan with Rest.
// Returns Forbidden, NotFound "survey.not_found", "assign.no_team", Invalid "assign.reason", "assign.dates", Conflict "survey.closed".
func (s *Service) SetDayOff(ctx context.Context, actor authz.Actor, campaign, team string, day db.Date, off bool, reason string) error {
	if err := actor.Require(authz.AssignManage); err != nil {
		return err
	}
	campaign, err := id.Parse(campaign)
	if err != nil {
		return err
	}
	if team != "" {
		if team, err = id.Parse(team); err != nil {
			return err
		}
	}
	if reason, err = why(reason); err != nil {
		return err
	}
	return s.d.Update(ctx, func(tx *db.Tx) error {
		c, err := managedTx(ctx, tx, actor, campaign)
		if err != nil {
			return err
		}
		if _, _, err := planDays(c, day, day); err != nil || day == "" {
			stage, _ := c.VisitStage()
			return errs.Invalid.New("assign.dates", "from", stage.From, "to", stage.To)
		}
		if team != "" {
			if t, err := s.TeamTx(ctx, tx, c.County, team); err != nil || t.Campaign != c.ID {
				return errs.NotFound.New("assign.no_team", "id", team)
			}
		}
		if off {
			_, err = tx.Exec(ctx, upsertOff, c.County, c.ID, team, day, reason)
		} else {
			_, err = tx.Exec(ctx, deleteOff, c.County, c.ID, team, day)
		}
		if err != nil {
			return err
		}
		return audit.Write(ctx, tx, actor, audit.Entry{
			Action: "assign.day_off", Campaign: c.ID, Object: "campaign", ObjectID: c.ID, Place: c.Region,
			Detail: map[string]any{"team": team, "day": day, "off": off, "reason": reason},
		})
	})
}

// GiveBack takes a visit from a team that can't make it (kin that nobody knew of, a quarrel), with a reason: the next plan gives the household
// to another team, never to this one. The office may do it, and members of the team.
// Returns Forbidden, NotFound "assign.not_found", Invalid "assign.reason", Conflict "assign.state", "assign.begun", "survey.closed".
func (s *Service) GiveBack(ctx context.Context, actor authz.Actor, assignment, reason string) error {
	assignment, err := id.Parse(assignment)
	if err != nil {
		return err
	}
	if reason, err = why(reason); err != nil {
		return err
	}
	return s.d.Update(ctx, func(tx *db.Tx) error {
		a, c, err := s.ownTx(ctx, tx, actor, assignment)
		if err != nil {
			return err
		}
		if a.State != Open {
			return errs.Conflict.New("assign.state", "from", string(a.State), "to", string(Open))
		}
		if a.Begun {
			return errs.Conflict.New("assign.begun")
		}
		if _, err := tx.Exec(ctx, insertRefusal, c.County, c.ID, a.Household, a.Team, reason, tx.Now(), actor.ID); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, deleteOne, c.County, a.ID); err != nil {
			return err
		}
		if err := s.bus.Emit(ctx, tx, c.County, EventPlanned, a.moved(Open, "")); err != nil {
			return err
		}
		return audit.Write(ctx, tx, actor, audit.Entry{
			Action: "assign.give_back", Campaign: c.ID, Object: "assignment", ObjectID: a.ID, Place: a.Village,
			Detail: map[string]any{"team": a.Team, "day": a.Date, "household": a.Household, "reason": reason},
		})
	})
}

// Begin notes that a phone has begun with a household: from then on no plan gives it to another team. It may be said again.
// Returns Forbidden, NotFound "assign.not_found", Conflict "survey.closed".
func (s *Service) Begin(ctx context.Context, actor authz.Actor, assignment string) error {
	assignment, err := id.Parse(assignment)
	if err != nil {
		return err
	}
	return s.d.Update(ctx, func(tx *db.Tx) error {
		a, c, err := s.ownTx(ctx, tx, actor, assignment)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, setBegun, c.County, a.ID, tx.Now())
		return err
	})
}

// ownTx gives an assignment that the actor may act on: one of their team, or for those who manage plans one of their region.
func (s *Service) ownTx(ctx context.Context, tx *db.Tx, actor authz.Actor, assignment string) (Assignment, survey.Campaign, error) {
	a, err := scanAssignment(tx.QueryRow(ctx, selectOne, actor.County, assignment).Scan)
	if errors.Is(err, db.ErrNoRows) {
		return a, survey.Campaign{}, errs.NotFound.New("assign.not_found", "id", assignment)
	}
	if err != nil {
		return a, survey.Campaign{}, err
	}
	if actor.Require(authz.AssignManage) == nil {
		if !actor.Sees(a.Village) {
			return a, survey.Campaign{}, errs.NotFound.New("assign.not_found", "id", assignment)
		}
		c, err := managedTx(ctx, tx, actor, a.Campaign)
		return a, c, err
	}
	if err := actor.Require(authz.FieldUse); err != nil {
		return a, survey.Campaign{}, err
	}
	var n int
	if err := tx.QueryRow(ctx, memberOf, actor.County, actor.ID, a.Team).Scan(&n); err != nil {
		return a, survey.Campaign{}, err
	}
	if n == 0 {
		return a, survey.Campaign{}, errs.NotFound.New("assign.not_found", "id", assignment)
	}
	c, err := survey.CampaignTx(ctx, tx, actor.County, a.Campaign)
	if err == nil && c.State == survey.Closed {
		err = errs.Conflict.New("survey.closed")
	}
	return a, c, err
}
