package assign

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"ruhu/internal/audit"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/survey"
)

// MoveInput gives a visit to another team or day. Empty fields stay as they are.
type MoveInput struct {
	Team   string
	Date   db.Date
	Reason string // needed
}

// MoveByHand changes one visit under the rules of the plan and pins it: later plans leave it alone.
// Returns Forbidden, NotFound "assign.not_found", "assign.no_team", Invalid "assign.reason", Conflict "assign.own_village", "assign.capacity",
// "assign.dates", "assign.state" (already handed in), "survey.closed".
func (s *Service) MoveByHand(ctx context.Context, actor authz.Actor, assignment string, in MoveInput) (Row, error) {
	if err := actor.Require(authz.AssignManage); err != nil {
		return Row{}, err
	}
	assignment, err := id.Parse(assignment)
	if err != nil {
		return Row{}, err
	}
	in.Reason = strings.TrimSpace(in.Reason)
	if n := utf8.RuneCountInString(in.Reason); n < 1 || n > 200 {
		return Row{}, errs.Invalid.New("assign.reason", "field", "reason")
	}
	var out Row
	err = s.d.Update(ctx, func(tx *db.Tx) error {
		lo, hi := actor.Scope()
		a, err := scanAssignment(tx.QueryRow(ctx, selectScoped, actor.County, assignment, lo, hi).Scan)
		if errors.Is(err, db.ErrNoRows) {
			return errs.NotFound.New("assign.not_found", "id", assignment)
		}
		if err != nil {
			return err
		}
		c, err := managedTx(ctx, tx, actor, a.Campaign)
		if err != nil {
			return err
		}
		if err := s.moveTx(ctx, tx, actor, c, a, in); err != nil {
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

func (s *Service) moveTx(ctx context.Context, tx *db.Tx, actor authz.Actor, c survey.Campaign, a Assignment, in MoveInput) error {
	if a.State != Open && a.State != Returned {
		return errs.Conflict.New("assign.state", "from", string(a.State), "to", string(Open))
	}
	to := a
	to.Team, to.Date, to.Pinned = cmp.Or(in.Team, a.Team), cmp.Or(in.Date, a.Date), true
	if _, err := id.Parse(to.Team); err != nil {
		return err
	}
	if _, _, err := planDays(c, to.Date, to.Date); err != nil {
		stage, _ := c.VisitStage()
		return errs.Conflict.New("assign.dates", "from", stage.From, "to", stage.To)
	}
	if err := lockTeams(ctx, tx, c); err != nil {
		return err
	}
	t, err := s.TeamTx(ctx, tx, c.County, to.Team)
	if err == nil && t.Campaign != c.ID {
		err = errs.NotFound.New("assign.no_team", "id", to.Team)
	}
	if err != nil {
		return err
	}
	if c.Plan.Team.OwnVillage == "forbidden" && slices.Contains(t.Homes(), a.Village) {
		return ownVillage(ctx, tx, t.Name, a.Village)
	}
	var busy int
	if err := tx.QueryRow(ctx, countDay, c.County, to.Team, to.Date, a.ID).Scan(&busy); err != nil {
		return err
	}
	if limit := c.Plan.Team.HouseholdsPerDay; busy >= limit {
		return errs.Conflict.New("assign.capacity", "team", t.Name, "date", to.Date, "limit", limit)
	}
	if _, err := tx.Exec(ctx, updatePlace, c.County, a.ID, to.Village, to.Form, to.FormHash, to.Team, to.Date, to.Pinned, tx.Now()); err != nil {
		return err
	}
	if to.Team != a.Team || to.Date != a.Date {
		if err := s.bus.Emit(ctx, tx, c.County, EventPlanned, a.moved(a.State, ""), to.moved("", a.State)); err != nil {
			return err
		}
	}
	return audit.Write(ctx, tx, actor, audit.Entry{
		Action: "assign.move", Campaign: c.ID, Object: "assignment", ObjectID: a.ID, Place: a.Village,
		Detail: map[string]any{"from_team": a.Team, "to_team": to.Team, "from_day": a.Date, "to_day": to.Date, "reason": in.Reason},
	})
}
