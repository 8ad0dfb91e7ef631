package quality

import (
	"context"

	"ruhu/internal/assign"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/region"
	"ruhu/internal/roster"
	"ruhu/internal/survey"
)

const (
	insertRecheck = `INSERT INTO quality_recheck (county, id, campaign, seed, frame, size, share, account, by_name, note, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`
	insertHouse   = `INSERT INTO quality_recheck_house (county, recheck, submission, revision, household, village, first_team, team, first, account, by_name)
 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`
	selectRechecks = `SELECT r.id, r.campaign, r.seed, r.frame, r.size, r.share, r.by_name, r.note, r.at, count(h.submission), count(h.answered_at)
 FROM quality_recheck r LEFT JOIN quality_recheck_house h ON h.county = r.county AND h.recheck = r.id
 WHERE r.county = $1 AND r.campaign = $2 AND ($3 = '' OR CAST(r.id AS TEXT) = $3)
 GROUP BY r.id, r.campaign, r.seed, r.frame, r.size, r.share, r.by_name, r.note, r.at ORDER BY r.at DESC, r.id`
	selectRecheckOf = `SELECT campaign FROM quality_recheck WHERE county = $1 AND id = $2`
	selectHouses    = `SELECT recheck, submission, revision, household, village, first_team, team, first, answers, account, by_name, answered_at
 FROM quality_recheck_house WHERE county = $1 AND recheck = $2 AND village >= $3 AND village < $4 ORDER BY village, submission`
	updateAnswers = `UPDATE quality_recheck_house SET answers = $4, account = $5, by_name = $6, answered_at = $7
 WHERE county = $1 AND recheck = $2 AND submission = $3 AND answers IS NULL`
)

func samplesTx(ctx context.Context, tx *db.Tx, actor authz.Actor, campaign, recheck string) ([]Sample, error) {
	return db.List(ctx, tx, func(scan func(...any) error) (Sample, error) {
		var s Sample
		err := scan(&s.ID, &s.Campaign, &s.Seed, &s.Frame, &s.Size, &s.Share, &s.ByName, &s.Note, &s.At, &s.Houses, &s.Answered)
		return s, err
	}, selectRechecks, actor.County, campaign, recheck)
}

// housesTx gives the households of a sample in the actor's region, with names.
func (s *Service) housesTx(ctx context.Context, tx *db.Tx, actor authz.Actor, recheck string) (survey.Campaign, []House, error) {
	var c survey.Campaign
	campaigns, err := db.List(ctx, tx, func(scan func(...any) error) (string, error) {
		var id string
		err := scan(&id)
		return id, err
	}, selectRecheckOf, actor.County, recheck)
	if err != nil {
		return c, nil, err
	}
	if len(campaigns) == 0 {
		return c, nil, errs.NotFound.New("quality.no_recheck")
	}
	if c, err = survey.VisibleTx(ctx, tx, actor, campaigns[0]); err != nil {
		return c, nil, err
	}
	lo, hi := actor.Scope()
	out, err := db.List(ctx, tx, scanHouse, selectHouses, actor.County, recheck, lo, hi)
	if err != nil {
		return c, nil, err
	}
	var houses, teams []string
	var codes []region.Code
	for _, h := range out {
		houses, codes = append(houses, h.Household), append(codes, h.Village)
		for _, t := range []string{h.FirstTeam, h.Team} {
			if t != "" {
				teams = append(teams, t)
			}
		}
	}
	byHouse, err := roster.NamesTx(ctx, tx, actor.County, houses)
	if err != nil {
		return c, nil, err
	}
	byTeam, err := assign.TeamNamesTx(ctx, tx, actor.County, teams)
	if err != nil {
		return c, nil, err
	}
	names, err := region.NamesTx(ctx, tx, codes)
	for i := range out {
		h := &out[i]
		h.HouseholdCode, h.HeadName, h.VillageName = byHouse[h.Household].Code, byHouse[h.Household].HeadName, names[h.Village]
		h.TeamName, h.FirstTeamName = byTeam[h.Team], byTeam[h.FirstTeam]
	}
	return c, out, err
}

func scanHouse(scan func(...any) error) (House, error) {
	var h House
	var first, team *string
	var was, now db.JSON[map[string]string]
	err := scan(&h.Recheck, &h.Submission, &h.Revision, &h.Household, &h.Village, &first, &team, &was, &now, &h.Account, &h.ByName, &h.AnsweredAt)
	h.FirstTeam, h.Team, h.First, h.Answers = db.Text(first), db.Text(team), was.V, now.V
	return h, err
}
