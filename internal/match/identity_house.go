package match

import (
	"context"
	"slices"

	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/playbook"
	"ruhu/internal/region"
	"ruhu/internal/roster"
	"ruhu/internal/survey"
)

// House is a household of one register whose people are in several households of another. It changes nothing: registers are older than
// one another, and the listing says what is true.
type House struct {
	Village region.Code
	Place   string
	One     HouseSide
	Parts   []HouseSide // two or more
}

// HouseSide is a household as a register has it.
type HouseSide struct {
	Kind      string   `json:"kind"`
	Key       string   `json:"key"`       // the number that the register gives it
	Household string   `json:"household"` // id, where it is one of the base list
	Members   []string `json:"members"`   // names, the head first
}

// found is a row of match_house.
type found struct {
	household, village, base string
	others, merged           []string
}

// Houses gives the households that a kind ("" is the base list) and the base keep apart differently, in the actor's region, after the one of that key. Returns Forbidden,
// NotFound "survey.not_found", "match.no_kind".
func (s *Identities) Houses(ctx context.Context, actor authz.Actor, campaign, kind, after string, limit int) (out []House, next string, err error) {
	if err := mayRead(actor); err != nil {
		return nil, "", err
	}
	if campaign, err = id.Parse(campaign); err != nil {
		return nil, "", err
	}
	err = s.d.View(ctx, func(tx *db.Tx) error {
		c, err := survey.VisibleTx(ctx, tx, actor, campaign)
		if err != nil {
			return err
		}
		if kind == "" {
			kind = playbook.RosterRegister
		}
		if _, ok := c.Plan.Register(kind); !ok && kind != playbook.RosterRegister {
			return errs.NotFound.New("match.no_kind", "kind", kind)
		}
		out, next, err = housesTx(ctx, tx, actor, c, kind, after, db.PageSize(limit))
		return err
	})
	return out, next, err
}

func housesTx(ctx context.Context, tx *db.Tx, actor authz.Actor, c survey.Campaign, kind, after string, limit int) (out []House, next string, err error) {
	runs, err := db.List(ctx, tx, scanRun, selectRuns, c.County, c.ID)
	if err != nil {
		return nil, "", err
	}
	i := slices.IndexFunc(runs, func(r Run) bool { return r.Kind == kind && r.State == RunCurrent })
	if i < 0 {
		return nil, "", nil
	}
	r := runs[i]
	lo, hi := actor.Scope()
	first, last := string(lo), string(hi)
	if actor.Sees(c.Region) {
		first, last = "", "a" // those without a village, too
	}
	rows, err := db.List(ctx, tx, scanHouse, selectHouses, c.County, r.ID, first, last, after, limit+1)
	if err != nil {
		return nil, "", err
	}
	if len(rows) > limit {
		rows, next = rows[:limit], rows[limit-1].household
	}
	var own, theirs []string
	for _, h := range rows {
		own = append(append(own, h.household), h.merged...)
		theirs = append(append(theirs, h.base), h.others...)
	}
	left, err := houseSidesTx(ctx, tx, c.County, r.Kind, r.Register, own)
	if err != nil {
		return nil, "", err
	}
	right, err := houseSidesTx(ctx, tx, c.County, r.BaseKind, r.BaseRegister, theirs)
	if err != nil {
		return nil, "", err
	}
	pick := func(sides map[string]HouseSide, keys ...string) []HouseSide {
		of := make([]HouseSide, len(keys))
		for i, k := range keys {
			of[i] = sides[k]
		}
		return of
	}
	var places []region.Code
	for _, h := range rows {
		at := region.Code(h.village)
		places = append(places, at)
		if len(h.others) > 0 {
			out = append(out, House{Village: at, One: left[h.household], Parts: pick(right, append([]string{h.base}, h.others...)...)})
		}
		if len(h.merged) > 0 && h.household < slices.Min(h.merged) { // each of them has a row that says the same
			out = append(out, House{Village: at, One: right[h.base], Parts: pick(left, append([]string{h.household}, h.merged...)...)})
		}
	}
	names, err := region.NamesTx(ctx, tx, places)
	for i := range out {
		out[i].Place = names[out[i].Village]
	}
	return out, next, err
}

// houseSidesTx gives households of a register by key, those of the base list by id.
func houseSidesTx(ctx context.Context, tx *db.Tx, county, kind, register string, keys []string) (map[string]HouseSide, error) {
	slices.Sort(keys)
	keys = slices.Compact(keys)
	out := make(map[string]HouseSide, len(keys))
	if kind == playbook.RosterRegister {
		full, err := roster.HouseholdsTx(ctx, tx, county, keys)
		for _, key := range keys {
			side := HouseSide{Kind: kind, Key: full[key].Code, Members: []string{}}
			if f, ok := full[key]; ok {
				side.Household = f.ID
				for _, m := range headFirst(f.Members) {
					side.Members = append(side.Members, m.Name)
				}
			}
			out[key] = side
		}
		return out, err
	}
	of := Register{County: county, ID: register}
	recs, err := recordsByTx(ctx, tx, byKey, of, keys)
	if err != nil {
		return nil, err
	}
	cases, err := recordsByTx(ctx, tx, byCase, of, keys) // where a register numbers cases, not households
	if err != nil {
		return nil, err
	}
	for _, key := range keys {
		out[key] = HouseSide{Kind: kind, Key: key, Members: []string{}}
	}
	for _, rec := range append(recs, cases...) {
		side := out[keyOfHouse(rec)]
		if rec.Relation == roster.Head || rec.Relation == "本人" {
			side.Members = slices.Insert(side.Members, 0, rec.Name)
		} else {
			side.Members = append(side.Members, rec.Name)
		}
		out[keyOfHouse(rec)] = side
	}
	return out, nil
}

// keyOfHouse is the key by which a record's household was linked.
func keyOfHouse(r Record) string {
	if r.HouseholdKey != "" {
		return r.HouseholdKey
	}
	return r.CaseKey
}

func scanHouse(scan func(...any) error) (found, error) {
	var h found
	var others, merged db.JSON[[]string]
	err := scan(&h.household, &h.village, &h.base, &others, &merged)
	h.others, h.merged = others.V, merged.V
	return h, err
}
