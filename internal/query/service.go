package query

import (
	"context"
	"strings"

	"ruhu/internal/assign"
	"ruhu/internal/audit"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/survey"
)

// Service takes questions and answers. It is safe for many goroutines.
type Service struct {
	d       *db.DB
	assigns *assign.Service
}

// NewService makes a Service.
func NewService(d *db.DB, assigns *assign.Service) *Service { return &Service{d, assigns} }

// Say takes what a phone sends, in its order; each turn may come again. Returns Forbidden, Invalid "id.malformed", "query.action", "query.text",
// NotFound "query.not_found" for a turn of a query that another team asked, or that is not there, "assign.not_found" for an assignment that is not
// the team's.
func (s *Service) Say(ctx context.Context, actor authz.Actor, x Said) (Item, error) {
	if err := actor.Require(authz.FieldUse); err != nil {
		return Item{}, err
	}
	if err := x.check(); err != nil {
		return Item{}, err
	}
	var out Item
	err := s.d.Update(ctx, func(tx *db.Tx) error {
		team, as, err := s.assigns.ForAccountTx(ctx, tx, actor.County, actor.ID)
		if err != nil {
			return err
		}
		it, known, err := itemTx(ctx, tx, actor.County, x.Item)
		if err != nil {
			return err
		}
		switch {
		case known && it.Team != team.ID, !known && x.Action != Ask:
			return errs.NotFound.New("query.not_found", "id", x.Item)
		case !known:
			if it, err = begin(as, x, tx.Now()); err != nil {
				return err
			}
			if _, err := insert(ctx, tx, actor.County, it); err != nil {
				return err
			}
		}
		out, err = turn(ctx, tx, actor, it, x.ID, x.Action, x.Text, it.Ruling)
		return err
	})
	return out, err
}

// begin is the query that a first turn opens.
func begin(as []assign.Assignment, x Said, now db.Time) (Item, error) {
	for _, a := range as {
		if a.ID == x.Assignment {
			return Item{
				ID: x.Item, Campaign: a.Campaign, Assignment: a.ID, Household: a.Household, Village: a.Village, Team: a.Team, Form: a.Form,
				Ref: x.Ref, Label: x.Label, State: Open, AskedAt: now, MovedAt: now,
			}, nil
		}
	}
	return Item{}, errs.NotFound.New("query.no_assignment", "id", x.Assignment)
}

// turn writes what was said and moves the query; a turn that is there already changes nothing.
func turn(ctx context.Context, tx *db.Tx, actor authz.Actor, it Item, key, action, text string, ruling bool) (Item, error) {
	n, err := tx.Exec(ctx, insertTurn, actor.County, key, it.ID, action, text, actor.ID, actor.Name, string(actor.Role), tx.Now())
	if err != nil {
		return it, err
	}
	if n == 1 {
		was := it.State
		it.State, it.MovedAt = next(was, action), tx.Now()
		it.Ruling = ruling && action != Reopen
		if _, err := tx.Exec(ctx, updateItem, actor.County, it.ID, string(it.State), it.Ruling, it.MovedAt, string(was)); err != nil {
			return it, err
		}
		err := audit.Write(ctx, tx, actor, audit.Entry{
			Action: "query." + action, Campaign: it.Campaign, Object: "query", ObjectID: it.ID, Place: it.Village,
			Detail: map[string]any{"ref": it.Ref, "state": string(it.State), "ruling": it.Ruling},
		})
		if err != nil {
			return it, err
		}
	}
	one := []Item{it}
	err = withTurns(ctx, tx, actor.County, one)
	return one[0], err
}

// Reply is a leader's answer. ID is made by the client and may be repeated.
type Reply struct {
	ID     string `json:"id"`
	Text   string `json:"text"`
	Ruling bool   `json:"ruling"` // it holds for every household: later askers see it before they ask
}

// Answer gives the answer to a query of the actor's region. A later answer stands beside the earlier one and replaces it. Returns Forbidden,
// NotFound "query.not_found", Invalid "id.malformed", "query.text", Conflict "query.closed".
func (s *Service) Answer(ctx context.Context, actor authz.Actor, key string, r Reply) (Item, error) {
	if err := actor.Require(authz.QueryAnswer); err != nil {
		return Item{}, err
	}
	turnID, err := id.Parse(r.ID)
	if err != nil {
		return Item{}, err
	}
	if r.Text = strings.TrimSpace(r.Text); r.Text == "" || !writable(r.Text, maxText) {
		return Item{}, errs.Invalid.New("query.text", "field", "text", "limit", maxText)
	}
	var out Item
	err = s.d.Update(ctx, func(tx *db.Tx) error {
		it, known, err := itemTx(ctx, tx, actor.County, key)
		switch {
		case err != nil:
			return err
		case !known || !actor.Sees(it.Village):
			return errs.NotFound.New("query.not_found", "id", key)
		}
		one := []Item{it}
		if err := withTurns(ctx, tx, actor.County, one); err != nil {
			return err
		}
		for _, t := range one[0].Turns {
			if t.ID == turnID {
				out = one[0]
				return nil // sent again
			}
		}
		if it.State == Closed {
			return errs.Conflict.New("query.closed")
		}
		out, err = turn(ctx, tx, actor, it, turnID, Answer, r.Text, r.Ruling)
		return err
	})
	return out, err
}

// Filter narrows List; empty fields do not.
type Filter struct {
	State  State
	Cursor string
	Limit  int // see db.PageSize
}

// last is above every UUIDv7.
const last = "ffffffff-ffff-ffff-ffff-ffffffffffff"

// List gives the queries of the actor's region, the latest first, how many are open, and the cursor of the next page. Returns Forbidden, NotFound
// "survey.not_found", Invalid "id.malformed".
func (s *Service) List(ctx context.Context, actor authz.Actor, campaign string, f Filter) ([]Item, int, string, error) {
	if err := actor.Require(authz.QueryRead); err != nil {
		return nil, 0, "", err
	}
	before := last
	if f.Cursor != "" {
		var err error
		if before, err = id.Parse(f.Cursor); err != nil {
			return nil, 0, "", err
		}
	}
	f.Limit = db.PageSize(f.Limit)
	var out []Item
	open, next := 0, ""
	err := s.d.View(ctx, func(tx *db.Tx) error {
		c, err := survey.VisibleTx(ctx, tx, actor, campaign)
		if err != nil {
			return err
		}
		lo, hi := actor.Scope()
		if err := tx.QueryRow(ctx, countOpen, c.County, c.ID, lo, hi).Scan(&open); err != nil {
			return err
		}
		if out, err = db.List(ctx, tx, scanItem, selectPage, c.County, c.ID, lo, hi, string(f.State), before, f.Limit+1); err != nil {
			return err
		}
		if len(out) > f.Limit {
			out = out[:f.Limit]
			next = out[f.Limit-1].ID
		}
		return withTurns(ctx, tx, c.County, out)
	})
	return out, open, next, err
}
