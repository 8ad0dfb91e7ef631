package review

import (
	"context"

	"ruhu/internal/assign"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/region"
	"ruhu/internal/roster"
	"ruhu/internal/submission"
	"ruhu/internal/survey"
)

const maxLacks = 200 // lines of each kind; Lack has the whole numbers

// LackItem is one thing that keeps a village from being accepted.
type LackItem struct {
	Kind       string           `json:"kind"`       // form, visit, threads
	Submission string           `json:"submission"` // "" for a visit
	State      submission.State `json:"state"`
	Level      string           `json:"level"`
	HouseCode  string           `json:"house_code"`
	HeadName   string           `json:"head_name"`
	Team       string           `json:"team"`
	Day        db.Date          `json:"day"`         // planned; of a visit
	Errors     int              `json:"errors"`      // of a form
	Warnings   int              `json:"unconfirmed"` // without a reason
	Threads    int              `json:"threads"`     // not resolved
}

// AreaShow is a village with what is missing, line by line.
type AreaShow struct {
	Area
	Items []LackItem `json:"items"`
	May   bool       `json:"may"` // accept or reopen
}

// Area gives a village of the actor's region with what is missing, as links. Returns Forbidden, NotFound "survey.not_found", "review.no_area".
func (s *Service) Area(ctx context.Context, actor authz.Actor, campaign string, village region.Code) (AreaShow, error) {
	var out AreaShow
	if err := actor.Require(authz.SubmissionRead); err != nil {
		return out, err
	}
	err := s.d.View(ctx, func(tx *db.Tx) error {
		c, err := survey.VisibleTx(ctx, tx, actor, campaign)
		if err != nil {
			return err
		}
		if !actor.Sees(village) {
			return errs.NotFound.New("review.no_area", "village", string(village))
		}
		if out.Area, err = areaTx(ctx, tx, c, village); err != nil {
			return err
		}
		out.May = actor.Can(authz.ReviewAccept)
		out.Items, err = lacksTx(ctx, tx, c, village)
		return err
	})
	return out, err
}

func lacksTx(ctx context.Context, tx *db.Tx, c survey.Campaign, village region.Code) ([]LackItem, error) {
	threads := map[string]int{}
	var with []string
	err := tx.Query(ctx, selectThreads, []any{c.County, c.ID, village, maxLacks}, func(scan func(...any) error) error {
		var k string
		var n int
		err := scan(&k, &n)
		threads[k], with = n, append(with, k)
		return err
	})
	if err != nil {
		return nil, err
	}
	rows, err := submission.LackingTx(ctx, tx, c.County, c.ID, village, maxLacks)
	if err != nil {
		return nil, err
	}
	items := []LackItem{}
	add := func(kind string, r submission.Row) {
		items = append(items, LackItem{
			Kind: kind, Submission: r.ID, State: r.State, Level: r.Level, HouseCode: r.House.Code, HeadName: r.House.HeadName, Team: r.TeamName,
			Errors: r.Errors, Warnings: r.Unconfirmed, Threads: threads[r.ID],
		})
		delete(threads, r.ID)
	}
	for _, r := range rows {
		add("form", r)
	}
	recs, err := submission.ByIDsTx(ctx, tx, c.County, with)
	if err != nil {
		return nil, err
	}
	var quiet []submission.Record // forms in which only a thread is open
	for _, k := range with {
		if _, left := threads[k]; left {
			quiet = append(quiet, recs[k])
		}
	}
	if rows, err = submission.RowsTx(ctx, tx, c.County, quiet); err != nil {
		return nil, err
	}
	for _, r := range rows {
		add("threads", r)
	}
	return visitsTx(ctx, tx, c, village, items)
}

// visitsTx adds the households without a form.
func visitsTx(ctx context.Context, tx *db.Tx, c survey.Campaign, village region.Code, items []LackItem) ([]LackItem, error) {
	as, err := assign.UnvisitedOfTx(ctx, tx, c.County, c.ID, village, maxLacks)
	if err != nil {
		return nil, err
	}
	var houses, teams []string
	for _, a := range as {
		houses, teams = append(houses, a.Household), append(teams, a.Team)
	}
	names, err := roster.NamesTx(ctx, tx, c.County, houses)
	if err != nil {
		return nil, err
	}
	byTeam, err := assign.TeamNamesTx(ctx, tx, c.County, teams)
	if err != nil {
		return nil, err
	}
	for _, a := range as {
		h := names[a.Household]
		items = append(items, LackItem{Kind: "visit", HouseCode: h.Code, HeadName: h.HeadName, Team: byTeam[a.Team], Day: a.Date})
	}
	return items, nil
}
