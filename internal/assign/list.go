package assign

import (
	"context"
	"strconv"
	"strings"

	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/region"
	"ruhu/internal/roster"
	"ruhu/internal/survey"
)

// Row is an assignment with what a list shows beside it. ID numbers and phones are masked.
type Row struct {
	Assignment
	House    roster.Household
	TeamName string
}

// Filter narrows List. Zero fields do not narrow.
type Filter struct {
	Village region.Code // a village, or a township
	Team    string
	Date    db.Date
	State   State
	Cursor  string
	Limit   int // see db.PageSize
}

// Page is a part of a list. Next is "" at the end; Total counts all that fit the filter.
type Page struct {
	Items []Row
	Next  string
	Total int
}

// List gives the visits of a campaign in the actor's region, by day. Returns Forbidden, NotFound "survey.not_found", Invalid "assign.cursor", "id.malformed".
func (s *Service) List(ctx context.Context, actor authz.Actor, campaign string, f Filter) (Page, error) {
	if err := actor.Require(authz.AssignRead); err != nil {
		return Page{}, err
	}
	campaign, err := id.Parse(campaign)
	if err != nil {
		return Page{}, err
	}
	if f.Team != "" {
		if f.Team, err = id.Parse(f.Team); err != nil {
			return Page{}, err
		}
	}
	var p Page
	err = s.d.View(ctx, func(tx *db.Tx) error {
		if _, err := survey.VisibleTx(ctx, tx, actor, campaign); err != nil {
			return err
		}
		p, err = listTx(ctx, tx, actor, campaign, f)
		return err
	})
	return p, err
}

func listTx(ctx context.Context, tx *db.Tx, actor authz.Actor, campaign string, f Filter) (Page, error) {
	lo, hi := actor.Scope()
	w := db.NewWhere(`county = ? AND campaign = ? AND village >= ? AND village < ?`, actor.County, campaign, lo, hi)
	if f.Village != "" {
		lo, hi := f.Village.Range()
		w.And(`village >= ? AND village < ?`, lo, hi)
	}
	if f.Team != "" {
		w.And(`team = ?`, f.Team)
	}
	if f.Date != "" {
		w.And(`day = ?`, f.Date)
	}
	if f.State != "" {
		w.And(`state = ?`, string(f.State))
	}
	var p Page
	if err := tx.QueryRow(ctx, `SELECT count(*) FROM assign_assignment WHERE `+w.Text(), w.Args()...).Scan(&p.Total); err != nil {
		return p, err
	}
	if f.Cursor != "" {
		day, last, ok := strings.Cut(f.Cursor, ".")
		if last, err := id.Parse(last); !ok || err != nil {
			return p, errs.Invalid.New("assign.cursor")
		} else {
			w.And(`(day, id) > (?, ?)`, day, last)
		}
	}
	limit := db.PageSize(f.Limit)
	args := append(w.Args(), limit+1)
	ids, err := db.List(ctx, tx, func(scan func(...any) error) (s string, err error) {
		var day string
		err = scan(&day, &s)
		return day + "." + s, err
	}, `SELECT day, id FROM assign_assignment WHERE `+w.Text()+` ORDER BY day, id LIMIT $`+strconv.Itoa(len(args)), args...)
	if err != nil {
		return p, err
	}
	if len(ids) > limit {
		ids = ids[:limit]
		p.Next = ids[limit-1]
	}
	for i, k := range ids {
		_, ids[i], _ = strings.Cut(k, ".")
	}
	p.Items, err = rowsTx(ctx, tx, actor.County, ids)
	return p, err
}

// rowsTx gives rows in the order of ids.
func rowsTx(ctx context.Context, tx *db.Tx, county string, ids []string) ([]Row, error) {
	as, err := ByIDsTx(ctx, tx, county, ids)
	if err != nil {
		return nil, err
	}
	var houses, teams []string
	for _, a := range as {
		houses, teams = append(houses, a.Household), append(teams, a.Team)
	}
	hs, err := roster.NamesTx(ctx, tx, county, houses)
	if err != nil {
		return nil, err
	}
	names, err := TeamNamesTx(ctx, tx, county, teams)
	if err != nil {
		return nil, err
	}
	out := make([]Row, len(ids))
	for i, key := range ids {
		a := as[key]
		out[i] = Row{Assignment: a, House: hs[a.Household].Masked(), TeamName: names[a.Team]}
	}
	return out, nil
}

// ByHouseholds gives the visits of households that the caller has read through package roster, by household, for the base list.
func (s *Service) ByHouseholds(ctx context.Context, actor authz.Actor, campaign string, households []string) (map[string]Row, error) {
	var out map[string]Row
	err := s.d.View(ctx, func(tx *db.Tx) error {
		as, err := ByHouseholdsTx(ctx, tx, actor.County, campaign, households)
		if err != nil {
			return err
		}
		out = make(map[string]Row, len(as))
		var teams []string
		for _, a := range as {
			teams = append(teams, a.Team)
		}
		names, err := TeamNamesTx(ctx, tx, actor.County, teams)
		for h, a := range as {
			out[h] = Row{Assignment: a, TeamName: names[a.Team]}
		}
		return err
	})
	return out, err
}
