package score

import (
	"context"
	"math/big"
	"slices"
	"strings"

	"ruhu/internal/audit"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/region"
	"ruhu/internal/score/scheme"
)

// The kinds of entry.
const (
	Points        = "points"
	Fact          = "fact"
	NotApplicable = "not_applicable"
)

// Entry is something known about a unit. Value "" takes it back.
type Entry struct {
	Unit, Kind, Key, Value string
	Evidence               []scheme.Ref
	ByName                 string
	At                     db.Time
}

// Enter keeps an entry of an open round. Points and facts need evidence. Returns Forbidden, NotFound "score.no_round", "score.no_unit", Invalid "score.no_item",
// "score.value", "score.evidence", "score.reason", Conflict "score.closed".
func (s *Service) Enter(ctx context.Context, actor authz.Actor, round string, e Entry) error {
	if err := actor.Require(authz.ScoreEnter); err != nil {
		return err
	}
	return s.d.Update(ctx, func(tx *db.Tx) error {
		r, _, err := openTx(ctx, tx, actor, round)
		if err != nil {
			return err
		}
		u, err := unitTx(ctx, tx, actor, r, e.Unit)
		if err != nil {
			return err
		}
		if e.Evidence, err = refs(e.Evidence); err != nil {
			return err
		}
		if err := checkEntry(r.Scheme, &e); err != nil {
			return err
		}
		if e.Value == "" {
			_, err = tx.Exec(ctx, deleteEntry, actor.County, round, e.Unit, e.Kind, e.Key)
		} else {
			_, err = tx.Exec(ctx, upsertEntry, actor.County, round, e.Unit, e.Kind, e.Key, e.Value, db.AsJSON(e.Evidence), actor.ID, actor.Name, tx.Now())
		}
		if err != nil {
			return err
		}
		return audit.Write(ctx, tx, actor, audit.Entry{
			Action: "score.enter", Campaign: r.Campaign, Object: "score_round", ObjectID: round, Place: u.Place,
			Detail: map[string]any{"unit": e.Unit, "kind": e.Kind, "key": e.Key, "value": e.Value, "evidence": e.Evidence},
		})
	})
}

func checkEntry(s scheme.Scheme, e *Entry) error {
	item, isLeaf := s.Item(e.Key)
	isLeaf = isLeaf && len(item.Items) == 0
	switch e.Kind {
	case NotApplicable:
		if !isLeaf {
			return errs.Invalid.New("score.no_item", "item", clip(e.Key, 60))
		}
		e.Value = clip(e.Value, 500)
		return nil
	case Points:
		if !isLeaf || item.Rule.Kind != "" && item.Rule.Kind != scheme.Given {
			return errs.Invalid.New("score.no_item", "item", clip(e.Key, 60))
		}
	case Fact:
		if !slices.Contains(s.Facts(), e.Key) {
			return errs.Invalid.New("score.no_item", "item", clip(e.Key, 60))
		}
	default:
		return errs.Invalid.New("score.no_item", "item", clip(e.Kind, 60))
	}
	if e.Value == "" {
		return nil
	}
	x, err := scheme.Decimal(e.Value).Rat()
	if err != nil {
		return errs.Invalid.New("score.value", "field", "value")
	}
	if e.Kind == Points {
		full, err := item.Max.Rat()
		if err != nil || x.Sign() < 0 || x.Cmp(full) > 0 {
			return errs.Invalid.New("score.points", "field", "value", "max", string(item.Max))
		}
	} else if x.Sign() < 0 && !measured(s, e.Key) {
		return errs.Invalid.New("score.value", "field", "value")
	}
	if len(e.Evidence) == 0 {
		return errs.Invalid.New("score.evidence", "field", "evidence")
	}
	return nil
}

// measured reports whether a fact is a figure held against a target: it may be negative, a count may not.
func measured(s scheme.Scheme, fact string) bool {
	return slices.ContainsFunc(s.Leaves(), func(l scheme.Item) bool { return l.Rule.Kind == scheme.Measure && l.Rule.Fact == fact })
}

// refs cleans evidence; a reference without an id or a note is none.
func refs(in []scheme.Ref) ([]scheme.Ref, error) {
	out := []scheme.Ref{}
	for _, r := range in {
		r = scheme.Ref{Kind: clip(r.Kind, 30), ID: clip(r.ID, 200), Note: clip(r.Note, 500)}
		if r.ID != "" || r.Note != "" {
			out = append(out, r)
		}
	}
	if len(out) > 20 {
		return nil, errs.Invalid.New("score.evidence", "field", "evidence")
	}
	return out, nil
}

// RatingInput is an evaluator's judgement of a manual item.
type RatingInput struct {
	Unit, Item string
	Points     scheme.Decimal
	Ruling     bool
	Evidence   []scheme.Ref
	Note       string
}

// Rate keeps a rating, one per person, item and unit; again replaces it. A ruling is given by somebody who has not rated, and the other way round. Nobody
// rates a unit that one's own region lies in. Returns Forbidden, also "score.own_unit", "score.ruling", NotFound "score.no_round", "score.no_unit", Invalid
// "score.no_item", "score.points", "score.evidence", Conflict "score.closed".
func (s *Service) Rate(ctx context.Context, actor authz.Actor, round string, in RatingInput) error {
	if err := actor.Require(authz.ScoreRate); err != nil {
		return err
	}
	return s.d.Update(ctx, func(tx *db.Tx) error {
		r, _, err := openTx(ctx, tx, actor, round)
		if err != nil {
			return err
		}
		u, err := unitTx(ctx, tx, actor, r, in.Unit)
		if err != nil {
			return err
		}
		if u.Code == string(actor.Region) {
			return errs.Forbidden.New("score.own_unit")
		}
		item, ok := r.Scheme.Item(in.Item)
		if !ok || item.Rule.Kind != scheme.Manual {
			return errs.Invalid.New("score.no_item", "item", clip(in.Item, 60))
		}
		x, err := in.Points.Rat()
		full, _ := item.Max.Rat()
		if err != nil || x.Sign() < 0 || x.Cmp(full) > 0 {
			return errs.Invalid.New("score.points", "field", "points", "max", string(item.Max))
		}
		if in.Evidence, err = refs(in.Evidence); err != nil {
			return err
		}
		if len(in.Evidence) == 0 {
			return errs.Invalid.New("score.evidence", "field", "evidence")
		}
		known, err := db.List(ctx, tx, scanRating, selectRatings, actor.County, round)
		if err != nil {
			return err
		}
		for _, k := range known {
			if k.Unit == in.Unit && k.Item == in.Item && k.Account == actor.ID && k.Ruling != in.Ruling {
				return errs.Forbidden.New("score.ruling")
			}
		}
		_, err = tx.Exec(ctx, upsertRating, actor.County, round, in.Unit, in.Item, actor.ID, string(in.Points), in.Ruling, db.AsJSON(in.Evidence), clip(in.Note, 1000), actor.Name, tx.Now())
		if err != nil {
			return err
		}
		return audit.Write(ctx, tx, actor, audit.Entry{
			Action: "score.rate", Campaign: r.Campaign, Object: "score_round", ObjectID: round, Place: u.Place,
			Detail: map[string]any{"unit": in.Unit, "item": in.Item, "points": in.Points, "ruling": in.Ruling, "evidence": in.Evidence},
		})
	})
}

// The kinds of adjustment.
const (
	Deduction = "deduction"
	Veto      = "veto"
)

// Adjustment is a deduction or veto for a unit in a round of its kind, whether that is open already or not. Source names the decision: the same source
// changes nothing the second time.
type Adjustment struct {
	Campaign, Object, Round, Unit string
	Kind, Code                    string
	Points                        scheme.Decimal
	Reason                        string
	Evidence                      []scheme.Ref
	Source                        string // circular/…, or the id of a decision by hand
	ByName                        string
}

// AdjustTx keeps an adjustment in the caller's transaction: what a circular's consequence does. It reports whether it was new. The caller has decided that
// it may be, and writes the audit row. Returns Invalid "score.value", "score.evidence", Conflict "score.closed".
func AdjustTx(ctx context.Context, tx *db.Tx, county string, a Adjustment) (bool, error) {
	if a.Kind == Deduction {
		if x, err := a.Points.Rat(); err != nil || x.Cmp(new(big.Rat)) <= 0 {
			return false, errs.Invalid.New("score.value", "field", "points")
		}
	}
	evidence, err := refs(a.Evidence)
	if err != nil {
		return false, err
	}
	if err := a.openTx(ctx, tx, county); err != nil {
		return false, err
	}
	n, err := tx.Exec(ctx, insertAdjustment, county, id.New(), a.Campaign, a.Object, a.Round, a.Unit, a.Kind, a.Code, string(a.Points), clip(a.Reason, 500),
		db.AsJSON(evidence), a.Source, a.ByName, tx.Now(), "")
	return n > 0, err
}

// Adjust adds a deduction or veto by hand, under an id made by the caller. Returns Forbidden, NotFound "score.no_round", "score.no_unit", Invalid "score.no_item",
// "score.value", "score.reason", "score.evidence", Conflict "score.closed".
func (s *Service) Adjust(ctx context.Context, actor authz.Actor, round, key string, a Adjustment) error {
	if err := actor.Require(authz.ScoreManage); err != nil {
		return err
	}
	if a.Reason = clip(a.Reason, 500); a.Reason == "" {
		return errs.Invalid.New("score.reason", "field", "reason")
	}
	return s.d.Update(ctx, func(tx *db.Tx) error {
		r, _, err := openTx(ctx, tx, actor, round)
		if err != nil {
			return err
		}
		u, err := unitTx(ctx, tx, actor, r, a.Unit)
		if err != nil {
			return err
		}
		switch {
		case a.Kind == Veto && slices.Contains(r.Scheme.Veto.Items, a.Code):
			a.Points = ""
		case a.Kind == Deduction && strings.TrimSpace(a.Code) != "":
			a.Code = clip(a.Code, 60)
		default:
			return errs.Invalid.New("score.no_item", "item", clip(a.Code, 60))
		}
		clean, err := refs(a.Evidence)
		if err != nil {
			return err
		}
		if len(clean) == 0 {
			return errs.Invalid.New("score.evidence", "field", "evidence")
		}
		a.Campaign, a.Object, a.Round, a.Source, a.ByName = r.Campaign, r.Object, r.Code, key, actor.Name
		fresh, err := AdjustTx(ctx, tx, actor.County, a)
		if err != nil || !fresh {
			return err
		}
		return audit.Write(ctx, tx, actor, audit.Entry{
			Action: "score.adjust", Campaign: r.Campaign, Object: "score_round", ObjectID: round, Place: u.Place,
			Detail: map[string]any{"unit": a.Unit, "kind": a.Kind, "code": a.Code, "points": a.Points, "reason": a.Reason},
		})
	})
}

// Withdraw takes an adjustment back; it stays on record. Returns Forbidden, NotFound "score.no_round", "score.no_adjustment", Conflict "score.closed".
func (s *Service) Withdraw(ctx context.Context, actor authz.Actor, round, adjustment string) error {
	if err := actor.Require(authz.ScoreManage); err != nil {
		return err
	}
	return s.d.Update(ctx, func(tx *db.Tx) error {
		r, c, err := openTx(ctx, tx, actor, round)
		if err != nil {
			return err
		}
		if !actor.Region.Contains(c.Region) {
			return errs.Forbidden.New("authz.forbidden", "action", string(authz.ScoreManage))
		}
		n, err := tx.Exec(ctx, withdrawAdjustment, actor.County, adjustment, r.Campaign, r.Object, r.Code, tx.Now(), actor.Name)
		if err != nil {
			return err
		}
		if n == 0 {
			return errs.NotFound.New("score.no_adjustment")
		}
		return audit.Write(ctx, tx, actor, audit.Entry{
			Action: "score.withdraw", Campaign: r.Campaign, Object: "score_round", ObjectID: round, Place: c.Region, Detail: map[string]any{"adjustment": adjustment},
		})
	})
}

// unitTx gives a unit of the round in the actor's region.
func unitTx(ctx context.Context, tx *db.Tx, actor authz.Actor, r Round, code string) (Unit, error) {
	units, err := db.List(ctx, tx, scanUnit, selectUnits, actor.County, r.ID)
	if err != nil {
		return Unit{}, err
	}
	for _, u := range units {
		if u.Code == code && actor.Sees(region.Code(u.Place)) {
			return u, nil
		}
	}
	return Unit{}, errs.NotFound.New("score.no_unit")
}
