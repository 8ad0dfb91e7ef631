package roster

import (
	"context"

	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/region"
	"ruhu/internal/survey"
)

// Event is one change of a household's record.
type Event struct {
	ID          string       `json:"id"`
	Number      int64        `json:"number"` // running number of the frozen roster; 0 before the freeze
	At          db.Time      `json:"at"`
	ByName      string       `json:"by_name"`
	Role        authz.Role   `json:"role"`
	Source      string       `json:"source"` // listing, office, import
	Action      string       `json:"action"` // new, change, struck
	Reason      string       `json:"reason"`
	Differences []Difference `json:"differences"`
}

// Kin is a household that another one came from or went into.
type Kin struct {
	ID       string `json:"id"`
	Code     string `json:"code"`
	HeadName string `json:"head_name"`
	Kind     string `json:"kind"`  // merged, split
	Later    bool   `json:"later"` // it came after; else before
}

// History is what happened to a household's record since it was first imported, newest first, and its kin.
type History struct {
	Events []Event `json:"events"`
	Kin    []Kin   `json:"kin"`
}

const (
	insertChange  = `INSERT INTO roster_change (county, id, campaign, household, number, at, by_name, by_role, source, action, reason, differences) VALUES `
	selectChanges = `SELECT id, number, at, by_name, by_role, source, action, reason, differences FROM roster_change
		WHERE county = $1 AND household = $2 ORDER BY id DESC LIMIT 500`
	selectLater  = `SELECT new, kind FROM roster_link WHERE county = $1 AND old = $2 ORDER BY new`
	selectBefore = `SELECT old, kind FROM roster_link WHERE county = $1 AND new = $2 ORDER BY old`
)

// pairs gives the households that an import changes, before and after; new ones only in frozen villages, the others have no history yet.
func (p plan) pairs(stored map[string]Household, members map[string][]Member, frozen map[region.Code]int64) []pair {
	fresh, changed := map[string][]Member{}, map[string]Member{}
	for _, m := range p.newMembers {
		fresh[m.Household] = append(fresh[m.Household], m)
	}
	for _, m := range p.oldMembers {
		changed[m.ID] = m
	}
	var out []pair
	for _, h := range p.oldHouseholds {
		before := Full{Household: stored[h.Code], Members: members[h.ID]}
		after := Full{Household: h}
		for _, m := range before.Members {
			if n, ok := changed[m.ID]; ok {
				m = n
			}
			after.Members = append(after.Members, m)
		}
		after.Members = append(after.Members, fresh[h.ID]...)
		out = append(out, pair{before, after})
	}
	for _, h := range p.newHouseholds {
		if frozen[h.Village] > 0 {
			out = append(out, pair{after: Full{Household: h, Members: fresh[h.ID]}})
		}
	}
	return out
}

// recordTx writes the history of changed households and, where their villages are frozen, the entry of the chain. number is 0 when none
// was. Returns Invalid "roster.frozen_reason".
func recordTx(ctx context.Context, tx *db.Tx, actor authz.Actor, c survey.Campaign, h chainHead, kind string, why Why, ps []pair) (number int64, err error) {
	var frozen []Full
	for _, p := range ps {
		if h.frozen[p.after.Village] > 0 || h.frozen[p.before.Village] > 0 {
			frozen = append(frozen, p.after)
		}
	}
	if len(frozen) > 0 {
		if why.Reason == "" {
			return 0, errs.Invalid.New("roster.frozen_reason", "field", "reason", "number", len(frozen))
		}
		e, err := entryTx(ctx, tx, c, h, Entry{Kind: kind, ByName: actor.Name, Reason: why.Reason}, frozen)
		if err != nil {
			return 0, err
		}
		number = e.Number
	}
	return number, eventsTx(ctx, tx, actor, c, h.frozen, number, why, ps)
}

func eventsTx(ctx context.Context, tx *db.Tx, actor authz.Actor, c survey.Campaign, frozen map[region.Code]int64, number int64, why Why, ps []pair) error {
	const columns, rows = 12, 50
	var args []any
	n := 0
	flush := func() error {
		if n == 0 {
			return nil
		}
		_, err := tx.Exec(ctx, insertChange+db.Rows(n, columns), args...)
		args, n = nil, 0
		return err
	}
	for _, p := range ps {
		action, ds := "change", Compare(p.before, p.after)
		switch {
		case p.before.ID == "":
			action, ds = "new", []Difference{}
		case p.after.State != p.before.State:
			action = "struck"
		}
		mine := int64(0)
		if frozen[p.after.Village] > 0 {
			mine = number
		}
		args = append(args, c.County, id.New(), c.ID, p.after.ID, mine, tx.Now(), actor.Name, string(actor.Role), why.Source, action, why.Reason, db.AsJSON(ds))
		if n++; n == rows {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	return flush()
}

// History gives what happened to a household of the actor's region; masked as in List. Returns Forbidden, NotFound "roster.no_household".
func (s *Service) History(ctx context.Context, actor authz.Actor, household string) (History, error) {
	out := History{Events: []Event{}, Kin: []Kin{}}
	if _, err := s.Get(ctx, actor, household); err != nil {
		return out, err
	}
	err := s.d.View(ctx, func(tx *db.Tx) (err error) {
		es, err := db.List(ctx, tx, scanEvent, selectChanges, actor.County, household)
		if err != nil {
			return err
		}
		out.Events = append(out.Events, es...) // never null
		out.Kin, err = kinTx(ctx, tx, actor, household)
		return err
	})
	if !actor.Can(authz.RosterPII) {
		for _, e := range out.Events {
			for i, d := range e.Differences {
				e.Differences[i] = d.Masked()
			}
		}
	}
	return out, err
}

func scanEvent(scan func(...any) error) (Event, error) {
	var e Event
	var ds db.JSON[[]Difference]
	err := scan(&e.ID, &e.Number, &e.At, &e.ByName, (*string)(&e.Role), &e.Source, &e.Action, &e.Reason, &ds)
	e.Differences = ds.V
	return e, err
}

func kinTx(ctx context.Context, tx *db.Tx, actor authz.Actor, household string) ([]Kin, error) {
	out := []Kin{}
	var ids []string
	for _, q := range []struct {
		text  string
		later bool
	}{{selectBefore, false}, {selectLater, true}} {
		err := tx.Query(ctx, q.text, []any{actor.County, household}, func(scan func(...any) error) error {
			k := Kin{Later: q.later}
			err := scan(&k.ID, &k.Kind)
			out, ids = append(out, k), append(ids, k.ID)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	names, err := NamesTx(ctx, tx, actor.County, ids)
	for i, k := range out {
		out[i].Code, out[i].HeadName = names[k.ID].Code, names[k.ID].HeadName
	}
	return out, err
}
