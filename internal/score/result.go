package score

import (
	"context"
	"maps"
	"slices"

	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/playbook"
	"ruhu/internal/score/scheme"
	"ruhu/internal/survey"
)

// Table is a round as it stands: every unit's score with its explanation, places, who is commended.
type Table struct {
	Round   Round
	Object  playbook.ScoreObject // as the playbook has it now: names of what is scored
	Units   []Unit
	Results []scheme.Result
	Places  []scheme.Place // none where ranking is off
	Best    []string
	Ranked  bool
	Entries []Entry
	Ratings []Rating
	Adjusts []Adjusted
	Whole   map[string]scheme.Composite // of all rounds of the kind, by unit
}

// Rating is an evaluator's judgement, as stored.
type Rating struct {
	Unit, Item, Account string
	Points              scheme.Decimal // "" while it is hidden from other evaluators
	Ruling              bool
	Evidence            []scheme.Ref
	Note, ByName        string
	At                  db.Time
}

// Adjusted is an adjustment, as stored.
type Adjusted struct {
	Adjustment
	ID          string
	At          db.Time
	WithdrawnAt db.Time
	WithdrawnBy string
}

// inputs are all that is known about the units of a round.
type inputs struct {
	units   []Unit
	entries []Entry
	ratings []Rating
	adjusts []Adjusted
}

func (in inputs) name(code string) string {
	for _, u := range in.units {
		if u.Code == code {
			return u.Name
		}
	}
	return code
}

// scheme gives the units in the words of the engine.
func (in inputs) scheme() []scheme.Unit {
	out := make([]scheme.Unit, len(in.units))
	at := map[string]*scheme.Unit{}
	for i, u := range in.units {
		out[i] = scheme.Unit{
			Code: u.Code, Points: map[string]scheme.Decimal{}, Facts: map[string]scheme.Fact{}, Ratings: map[string][]scheme.Rating{}, NotApplicable: map[string]string{},
			Evidence: map[string][]scheme.Ref{},
		}
		at[u.Code] = &out[i]
	}
	for _, e := range in.entries {
		u := at[e.Unit]
		if u == nil {
			continue
		}
		switch e.Kind {
		case Points:
			u.Points[e.Key], u.Evidence[e.Key] = scheme.Decimal(e.Value), e.Evidence
		case Fact:
			u.Facts[e.Key] = scheme.Fact{Value: scheme.Decimal(e.Value), Evidence: e.Evidence}
		case NotApplicable:
			u.NotApplicable[e.Key] = e.Value
		}
	}
	for _, r := range in.ratings {
		if u := at[r.Unit]; u != nil {
			u.Ratings[r.Item] = append(u.Ratings[r.Item], scheme.Rating{By: r.ByName + "/" + r.Account, Points: r.Points, Ruling: r.Ruling, Evidence: r.Evidence, Note: r.Note})
		}
	}
	for _, a := range in.adjusts {
		u := at[a.Unit]
		if u == nil || !a.WithdrawnAt.IsZero() {
			continue
		}
		x := scheme.Adjustment{Code: a.Code, Points: a.Points, Reason: a.Reason, Evidence: a.Evidence}
		if a.Kind == Veto {
			u.Vetoes = append(u.Vetoes, x)
		} else {
			u.Deductions = append(u.Deductions, x)
		}
	}
	return out
}

// compute scores and ranks the units of a round.
func compute(s scheme.Scheme, in inputs, c survey.Campaign, object string) (Table, error) {
	t := Table{Units: in.units, Ranked: c.Plan.Switches.Ranking == "on", Entries: in.entries, Ratings: in.ratings, Adjusts: in.adjusts}
	if o, ok := c.Plan.ScoreObject(object); ok {
		t.Object = *o
	}
	for _, u := range in.scheme() {
		r, err := s.Score(u)
		if err != nil {
			return t, errs.Invalid.Wrap(err, "score.scheme")
		}
		t.Results = append(t.Results, r)
	}
	if !t.Ranked {
		return t, nil
	}
	var err error
	if t.Places, err = s.Rank(t.Results); err != nil {
		return t, errs.Invalid.Wrap(err, "score.scheme")
	}
	if o, ok := c.Plan.ScoreObject(object); ok && (o.Best.Share != "" || o.Best.Count > 0) {
		if t.Best, err = o.Best.In(t.Places); err != nil {
			return t, errs.Invalid.Wrap(err, "score.scheme")
		}
	}
	return t, nil
}

// Get gives a round with the units of the actor's region; places are among all. Returns Forbidden, NotFound "score.no_round".
func (s *Service) Get(ctx context.Context, actor authz.Actor, round string) (Table, error) {
	var out Table
	if err := actor.Require(authz.ScoreRead); err != nil {
		return out, err
	}
	err := s.d.View(ctx, func(tx *db.Tx) error {
		r, c, err := seenTx(ctx, tx, actor, round)
		if err != nil {
			return err
		}
		in, err := inputsTx(ctx, tx, r)
		if err != nil {
			return err
		}
		if out, err = compute(r.Scheme, in, c, r.Object); err != nil {
			return err
		}
		out.Round = r
		if out.Whole, err = wholeTx(ctx, tx, r, c); err != nil {
			return err
		}
		out.narrow(actor, r)
		return nil
	})
	return out, err
}

// wholeTx puts the rounds of the kind together. A round that is not open yet is a missing part.
func wholeTx(ctx context.Context, tx *db.Tx, r Round, c survey.Campaign) (map[string]scheme.Composite, error) {
	o, ok := c.Plan.ScoreObject(r.Object)
	if !ok || len(o.Rounds) < 2 {
		return nil, nil
	}
	rounds, err := db.List(ctx, tx, scanRound, selectRounds, r.County, r.Campaign)
	if err != nil {
		return nil, err
	}
	parts := map[string][]scheme.Part{}
	var units []string
	for _, ro := range o.Rounds {
		scores := map[string]scheme.Result{}
		for _, x := range rounds {
			if x.Object != r.Object || x.Code != ro.Code {
				continue
			}
			in, err := inputsTx(ctx, tx, x)
			if err != nil {
				return nil, err
			}
			t, err := compute(x.Scheme, in, c, x.Object)
			if err != nil {
				return nil, err
			}
			for _, res := range t.Results {
				scores[res.Unit] = res
				if !slices.Contains(units, res.Unit) {
					units = append(units, res.Unit)
				}
			}
		}
		for _, u := range units {
			parts[u] = append(parts[u], scheme.Part{Code: ro.Code, Weight: ro.Weight, Score: scores[u].Score, Exact: scores[u].Final})
		}
	}
	out := map[string]scheme.Composite{}
	for _, u := range units {
		for len(parts[u]) < len(o.Rounds) { // not in an earlier round
			missing := o.Rounds[len(parts[u])]
			parts[u] = append(parts[u], scheme.Part{Code: missing.Code, Weight: missing.Weight})
		}
		if out[u], err = scheme.Compose(parts[u], r.Scheme.Rounding); err != nil {
			return nil, errs.Invalid.Wrap(err, "score.scheme")
		}
	}
	return out, nil
}

// narrow leaves what the actor may see: units of one's region, and the points of other evaluators only where enough have rated.
func (t *Table) narrow(actor authz.Actor, r Round) {
	mine := map[string]bool{}
	for _, u := range t.Units {
		mine[u.Code] = actor.Sees(u.Place)
	}
	t.Units = slices.DeleteFunc(slices.Clone(t.Units), func(u Unit) bool { return !mine[u.Code] })
	t.Results = slices.DeleteFunc(t.Results, func(x scheme.Result) bool { return !mine[x.Unit] })
	t.Places = slices.DeleteFunc(t.Places, func(x scheme.Place) bool { return !mine[x.Unit] })
	t.Entries = slices.DeleteFunc(slices.Clone(t.Entries), func(x Entry) bool { return !mine[x.Unit] })
	t.Adjusts = slices.DeleteFunc(slices.Clone(t.Adjusts), func(x Adjusted) bool { return !mine[x.Unit] })
	maps.DeleteFunc(t.Whole, func(u string, _ scheme.Composite) bool { return !mine[u] })
	given := map[[2]string]int{}
	for _, x := range t.Ratings {
		if !x.Ruling {
			given[[2]string{x.Unit, x.Item}]++
		}
	}
	var kept []Rating
	for _, x := range t.Ratings {
		item, _ := r.Scheme.Item(x.Item)
		need := max(item.Rule.Evaluators, 0)
		if need == 0 {
			need = 2
		}
		if !mine[x.Unit] {
			continue
		}
		if x.Account != actor.ID && given[[2]string{x.Unit, x.Item}] < need {
			x.Points, x.Evidence, x.Note = "", nil, ""
			t.hide(x.Unit, x.Item)
		}
		kept = append(kept, x)
	}
	t.Ratings = kept
}

// hide takes the ratings out of an explanation.
func (t *Table) hide(unit, item string) {
	for i := range t.Results {
		if t.Results[i].Unit == unit {
			hideIn(t.Results[i].Items, item)
		}
	}
}

func hideIn(lines []scheme.Line, item string) {
	for i := range lines {
		if lines[i].Code == item {
			lines[i].Why = slices.DeleteFunc(lines[i].Why, func(w scheme.Why) bool { return w.What == "rating" })
		}
		hideIn(lines[i].Items, item)
	}
}

// Change is another value of one entry; "" takes it away.
type Change struct{ Unit, Kind, Key, Value string }

// WhatIf is another way to score a round.
type WhatIf struct {
	Weights  map[string]scheme.Decimal // by item
	VetoMode string                    // "" leaves it
	Changes  []Change
}

// scheme is a copy of the scheme with other weights.
func (x WhatIf) scheme(s scheme.Scheme) (scheme.Scheme, error) {
	used := 0
	var copied func(items []scheme.Item) []scheme.Item
	copied = func(items []scheme.Item) []scheme.Item {
		out := slices.Clone(items)
		for i := range out {
			if w, ok := x.Weights[out[i].Code]; ok {
				out[i].Weight = w
				used++
			}
			out[i].Items = copied(out[i].Items)
		}
		return out
	}
	s.Items = copied(s.Items)
	if x.VetoMode != "" {
		s.Veto.Mode = x.VetoMode
	}
	if used != len(x.Weights) || len(s.Check()) > 0 {
		return s, errs.Invalid.New("score.scheme")
	}
	return s, nil
}

// WhatIf computes a round with another scheme and other values, on a copy: nothing is written. Returns Forbidden, NotFound "score.no_round", "score.no_unit",
// Invalid "score.scheme", "score.no_item".
func (s *Service) WhatIf(ctx context.Context, actor authz.Actor, round string, x WhatIf) (before, after Table, err error) {
	if err := actor.Require(authz.ScoreManage); err != nil {
		return before, after, err
	}
	err = s.d.View(ctx, func(tx *db.Tx) error {
		r, c, err := seenTx(ctx, tx, actor, round)
		if err != nil {
			return err
		}
		in, err := inputsTx(ctx, tx, r)
		if err != nil {
			return err
		}
		if before, err = compute(r.Scheme, in, c, r.Object); err != nil {
			return err
		}
		other, err := x.scheme(r.Scheme)
		if err != nil {
			return err
		}
		copied := in
		copied.entries = slices.Clone(in.entries)
		for _, ch := range x.Changes {
			if !slices.ContainsFunc(in.units, func(u Unit) bool { return u.Code == ch.Unit && actor.Sees(u.Place) }) {
				return errs.NotFound.New("score.no_unit")
			}
			copied.entries = slices.DeleteFunc(copied.entries, func(e Entry) bool { return e.Unit == ch.Unit && e.Kind == ch.Kind && e.Key == ch.Key })
			e := Entry{Unit: ch.Unit, Kind: ch.Kind, Key: ch.Key, Value: ch.Value, Evidence: []scheme.Ref{{Kind: "what_if", ID: "what_if"}}}
			if err := checkEntry(r.Scheme, &e); err != nil {
				return err
			}
			if e.Value != "" {
				copied.entries = append(copied.entries, e)
			}
		}
		if after, err = compute(other, copied, c, r.Object); err != nil {
			return err
		}
		before.Round, after.Round = r, r
		after.Round.Scheme = other
		before.narrow(actor, r)
		after.narrow(actor, r)
		return nil
	})
	return before, after, err
}
