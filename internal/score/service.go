package score

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"ruhu/internal/audit"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/playbook"
	"ruhu/internal/region"
	"ruhu/internal/score/scheme"
	"ruhu/internal/survey"
)

// Service keeps rounds. It is safe for many goroutines.
type Service struct{ d *db.DB }

// NewService makes a Service.
func NewService(d *db.DB) *Service { return &Service{d} }

// The states of a round.
const (
	Open   = "open"
	Closed = "closed"
)

// Round is one evaluation of one kind of unit.
type Round struct {
	ID, County, Campaign, Object, Code string
	Scheme                             scheme.Scheme // frozen
	Digest, State, ByName              string
	OpenedAt, ClosedAt                 db.Time
}

// Unit is what is scored.
type Unit struct {
	Code, Name string
	Place      region.Code
}

// Kind is a kind of unit with its rounds, opened or not.
type Kind struct {
	Object playbook.ScoreObject
	Rounds []Round // of those that have been opened
}

// scoredTx gives a campaign in which something is scored. Returns NotFound "survey.not_found", Conflict "score.off".
func scoredTx(ctx context.Context, tx *db.Tx, actor authz.Actor, campaign string) (survey.Campaign, error) {
	c, err := survey.VisibleTx(ctx, tx, actor, campaign)
	if err == nil && !c.Plan.Scored() {
		return c, errs.Conflict.New("score.off")
	}
	return c, err
}

// Kinds lists what is scored. Returns Forbidden, NotFound "survey.not_found", Conflict "score.off".
func (s *Service) Kinds(ctx context.Context, actor authz.Actor, campaign string) ([]Kind, error) {
	if err := actor.Require(authz.ScoreRead); err != nil {
		return nil, err
	}
	var out []Kind
	err := s.d.View(ctx, func(tx *db.Tx) error {
		out = nil
		c, err := scoredTx(ctx, tx, actor, campaign)
		if err != nil {
			return err
		}
		rounds, err := db.List(ctx, tx, scanRound, selectRounds, actor.County, campaign)
		if err != nil {
			return err
		}
		for _, o := range c.Plan.Scoring.Objects {
			k := Kind{Object: o}
			for _, r := range rounds {
				if r.Object == o.Code {
					k.Rounds = append(k.Rounds, r)
				}
			}
			out = append(out, k)
		}
		return nil
	})
	return out, err
}

// OpenInput opens a round. Departments are named by hand; places are those of the campaign.
type OpenInput struct {
	Object, Round string
	Departments   []string
}

const maxUnits = 2000

// Open opens a round under an id made by the caller and freezes its scheme; the same again gives the round as it stands. Returns Forbidden, NotFound
// "survey.not_found", Invalid "score.no_object", "score.departments", Conflict "score.off", "score.opened".
func (s *Service) Open(ctx context.Context, actor authz.Actor, campaign, round string, in OpenInput) (Round, error) {
	var out Round
	if err := actor.Require(authz.ScoreManage); err != nil {
		return out, err
	}
	err := s.d.Update(ctx, func(tx *db.Tx) error {
		c, err := scoredTx(ctx, tx, actor, campaign)
		if err != nil {
			return err
		}
		if !actor.Region.Contains(c.Region) {
			return errs.Forbidden.New("authz.forbidden", "action", string(authz.ScoreManage))
		}
		o, ok := c.Plan.ScoreObject(in.Object)
		if !ok || !slices.ContainsFunc(o.Rounds, func(r playbook.ScoreRound) bool { return r.Code == in.Round }) {
			return errs.Invalid.New("score.no_object", "field", "round")
		}
		known, err := db.List(ctx, tx, scanRound, selectRounds, actor.County, campaign)
		if err != nil {
			return err
		}
		for _, r := range known {
			switch {
			case r.ID == round && r.Object == in.Object && r.Code == in.Round:
				out = r
				return nil
			case r.ID == round || r.Object == in.Object && r.Code == in.Round:
				return errs.Conflict.New("score.opened")
			}
		}
		units, err := unitsOf(ctx, tx, c, *o, in.Departments)
		if err != nil {
			return err
		}
		text, err := json.Marshal(o.Scheme)
		if err != nil {
			return fmt.Errorf("freeze scheme: %w", err)
		}
		sum := sha256.Sum256(text)
		digest := hex.EncodeToString(sum[:])
		_, err = tx.Exec(ctx, insertRound, actor.County, round, campaign, in.Object, in.Round, string(text), digest, Open, actor.ID, actor.Name, tx.Now())
		if err != nil {
			return err
		}
		for _, u := range units {
			if _, err := tx.Exec(ctx, insertUnit, actor.County, round, u.Code, u.Name, u.Place); err != nil {
				return err
			}
		}
		out, err = roundTx(ctx, tx, actor.County, round)
		if err != nil {
			return err
		}
		return audit.Write(ctx, tx, actor, audit.Entry{
			Action: "score.open", Campaign: campaign, Object: "score_round", ObjectID: round, Place: c.Region,
			Detail: map[string]any{"object": in.Object, "round": in.Round, "scheme": digest, "units": len(units)},
		})
	})
	return out, err
}

// unitsOf lists what is scored: the places of the campaign at the object's level, or the departments named.
func unitsOf(ctx context.Context, tx *db.Tx, c survey.Campaign, o playbook.ScoreObject, departments []string) ([]Unit, error) {
	if o.Kind == "department" {
		var out []Unit
		for _, name := range departments {
			if name = clip(name, 60); name == "" || slices.ContainsFunc(out, func(u Unit) bool { return u.Code == name }) {
				continue
			}
			out = append(out, Unit{name, name, c.Region})
		}
		if len(out) == 0 || len(out) > maxUnits {
			return nil, errs.Invalid.New("score.departments", "field", "departments")
		}
		return out, nil
	}
	level := o.Kind
	if level == "resident_team" {
		level = "village" // one stays in each village
	}
	places, err := region.UnderTx(ctx, tx, c.Region)
	if err != nil {
		return nil, err
	}
	var out []Unit
	for _, p := range places {
		if p.Level == level {
			out = append(out, Unit{string(p.Code), p.Name, p.Code})
		}
	}
	return out, nil
}

// Close ends a round once every unit has a score. Returns Forbidden, NotFound "score.no_round", Conflict "score.unfinished", "score.closed".
func (s *Service) Close(ctx context.Context, actor authz.Actor, round string) (Round, error) {
	var out Round
	if err := actor.Require(authz.ScoreManage); err != nil {
		return out, err
	}
	err := s.d.Update(ctx, func(tx *db.Tx) error {
		r, c, err := openTx(ctx, tx, actor, round)
		if err != nil {
			return err
		}
		if !actor.Region.Contains(c.Region) {
			return errs.Forbidden.New("authz.forbidden", "action", string(authz.ScoreManage))
		}
		in, err := inputsTx(ctx, tx, r)
		if err != nil {
			return err
		}
		t, err := compute(r.Scheme, in, c, r.Object)
		if err != nil {
			return err
		}
		for _, x := range t.Results {
			if x.Score == "" {
				return errs.Conflict.New("score.unfinished", "unit", in.name(x.Unit))
			}
		}
		if _, err := tx.Exec(ctx, closeRound, actor.County, round, tx.Now()); err != nil {
			return err
		}
		if out, err = roundTx(ctx, tx, actor.County, round); err != nil {
			return err
		}
		return audit.Write(ctx, tx, actor, audit.Entry{
			Action: "score.close", Campaign: r.Campaign, Object: "score_round", ObjectID: round, Place: c.Region, Detail: map[string]any{"units": len(t.Results)},
		})
	})
	return out, err
}

// seenTx gives a round of a campaign that the actor sees.
func seenTx(ctx context.Context, tx *db.Tx, actor authz.Actor, round string) (Round, survey.Campaign, error) {
	r, err := roundTx(ctx, tx, actor.County, round)
	if err != nil {
		return r, survey.Campaign{}, err
	}
	c, err := survey.VisibleTx(ctx, tx, actor, r.Campaign)
	if err != nil {
		return r, c, errs.NotFound.New("score.no_round")
	}
	return r, c, nil
}

// openTx gives a round that is still open, of a campaign that the actor sees.
func openTx(ctx context.Context, tx *db.Tx, actor authz.Actor, round string) (Round, survey.Campaign, error) {
	r, c, err := seenTx(ctx, tx, actor, round)
	if err == nil && r.State != Open {
		err = errs.Conflict.New("score.closed")
	}
	return r, c, err
}

// clip cuts a text from outside to n characters.
func clip(s string, n int) string {
	s = strings.TrimSpace(strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", ""), ""))
	if utf8.RuneCountInString(s) > n {
		return string([]rune(s)[:n])
	}
	return s
}
