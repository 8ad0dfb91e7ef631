package review

import (
	"cmp"
	"context"
	"slices"

	"ruhu/internal/assign"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/region"
	"ruhu/internal/submission"
	"ruhu/internal/survey"
)

// Matrix says how many forms wait where and with whom, by age in working days.
type Matrix struct {
	Ages []int       `json:"ages"` // the last working day of each column but the last
	Rows []MatrixRow `json:"rows"`
}

// MatrixRow is a state, a level and who holds the forms.
type MatrixRow struct {
	State  submission.State `json:"state"`
	Level  string           `json:"level"` // in review
	Holder string           `json:"holder"`
	Name   string           `json:"name"` // of the holder; "" when forms are not told apart by holder
	Counts []int            `json:"counts"`
	Late   int              `json:"late"` // past the level's deadline
	Total  int              `json:"total"`
}

// Waiting counts the forms of a campaign in the actor's region that wait: by "" (levels only), team, village or township. It is a range read of an index
// that holds the waiting forms alone. Returns Forbidden, NotFound "survey.not_found", Invalid "review.by".
func (s *Service) Waiting(ctx context.Context, actor authz.Actor, campaign, by string) (Matrix, error) {
	var m Matrix
	if err := actor.Require(authz.SubmissionRead); err != nil {
		return m, err
	}
	holder, ok := holders[by]
	if !ok {
		return m, errs.Invalid.New("review.by", "field", "by")
	}
	err := s.d.View(ctx, func(tx *db.Tx) error {
		c, err := survey.VisibleTx(ctx, tx, actor, campaign)
		if err != nil {
			return err
		}
		lo, hi := actor.Scope()
		ws, err := submission.WaitingTx(ctx, tx, c.County, c.ID, by, lo, hi)
		if err != nil {
			return err
		}
		m = s.tally(c, c.Today(tx.Now()), ws, holder)
		return nameHolders(ctx, tx, c.County, by, m.Rows)
	})
	return m, err
}

var holders = map[string]func(w submission.Waiting) string{
	"":         func(submission.Waiting) string { return "" },
	"team":     func(w submission.Waiting) string { return w.Team },
	"village":  func(w submission.Waiting) string { return string(w.Village) },
	"township": func(w submission.Waiting) string { return string(w.Village[:9]) + "000" },
}

// tally sorts counts into rows and columns.
func (s *Service) tally(c survey.Campaign, today db.Date, ws []submission.Waiting, holder func(submission.Waiting) string) Matrix {
	type key struct {
		state         submission.State
		level, holder string
	}
	bounds := s.bounds(c, today)
	at := map[key]*MatrixRow{}
	dues := map[string]db.Date{}
	for _, w := range ws {
		if w.Since == "" {
			w.Since = db.DateOf(w.At.Time(), c.Zone)
		}
		k := key{w.State, w.Level, holder(w)}
		r := at[k]
		if r == nil {
			r = &MatrixRow{State: k.state, Level: k.level, Holder: k.holder, Counts: make([]int, len(bounds)+1)}
			at[k] = r
		}
		r.Counts[column(bounds, w.Since)] += w.N
		r.Total += w.N
		due, known := dues[w.Level+string(w.Since)]
		if !known {
			due = s.due(c, submission.Record{State: w.State, Level: w.Level, Since: w.Since})
			dues[w.Level+string(w.Since)] = due
		}
		if w.State == submission.StateReview && due != "" && due < today {
			r.Late += w.N
		}
	}
	m := Matrix{Ages: c.Plan.Ages(), Rows: []MatrixRow{}}
	for _, r := range at {
		m.Rows = append(m.Rows, *r)
	}
	place := func(r MatrixRow) int { // returned first: the team has to move; then the levels in order; then what nobody can read
		switch r.State {
		case submission.StateReturned:
			return -1
		case submission.StateQuarantined:
			return 100
		}
		for i, l := range c.Plan.Review {
			if l.Code == r.Level {
				return i
			}
		}
		return 99
	}
	slices.SortFunc(m.Rows, func(a, b MatrixRow) int {
		return cmp.Or(cmp.Compare(place(a), place(b)), cmp.Compare(b.Late, a.Late), cmp.Compare(b.Total, a.Total), cmp.Compare(a.Holder, b.Holder))
	})
	return m
}

func nameHolders(ctx context.Context, tx *db.Tx, county, by string, rows []MatrixRow) error {
	var ids []string
	var codes []region.Code
	for _, r := range rows {
		if r.Holder != "" {
			ids, codes = append(ids, r.Holder), append(codes, region.Code(r.Holder))
		}
	}
	if by == "team" {
		names, err := assign.TeamNamesTx(ctx, tx, county, ids)
		for i := range rows {
			rows[i].Name = names[rows[i].Holder]
		}
		return err
	}
	names, err := region.NamesTx(ctx, tx, codes)
	for i := range rows {
		rows[i].Name = names[region.Code(rows[i].Holder)]
	}
	return err
}
