package assign

import (
	"context"
	"errors"
	"slices"

	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/region"
)

const (
	insertColumns = `id, county, campaign, household, village, form, form_hash, team, day, state, submission, pinned`
	columns       = insertColumns + `, begun_at`

	selectOne     = `SELECT ` + columns + ` FROM assign_assignment WHERE county = $1 AND id = $2`
	selectScoped  = selectOne + ` AND village >= $3 AND village < $4`
	selectByIDs   = `SELECT ` + columns + ` FROM assign_assignment WHERE county = $1 AND id IN (`
	selectByHouse = `SELECT ` + columns + ` FROM assign_assignment WHERE county = $1 AND campaign = $2 AND household IN (`
	selectAll     = `SELECT ` + columns + ` FROM assign_assignment WHERE county = $1 AND campaign = $2 ORDER BY household`
	selectOfTeam  = `SELECT ` + columns + ` FROM assign_assignment WHERE county = $1 AND team = $2 ORDER BY day, id`

	selectTeams       = `SELECT id, county, campaign, name, dropped_at, drop_reason FROM assign_team WHERE county = $1 AND campaign = $2 ORDER BY name, id`
	selectTeam        = `SELECT id, county, campaign, name, dropped_at, drop_reason FROM assign_team WHERE county = $1 AND id = $2`
	selectTeamsByID   = `SELECT id, county, campaign, name, dropped_at, drop_reason FROM assign_team WHERE county = $1 AND id IN (`
	selectMembers     = `SELECT team, account FROM assign_member WHERE county = $1 AND campaign = $2 ORDER BY team, ordinal`
	selectTeamMembers = `SELECT team, account FROM assign_member WHERE county = $1 AND team = $2 ORDER BY ordinal`
	selectTeamOf      = `SELECT team FROM assign_member WHERE county = $1 AND account = $2 ORDER BY campaign DESC LIMIT 1`
	countByTeam       = `SELECT team, count(*) FILTER (WHERE state <> 'replaced'), count(*) FILTER (WHERE state = 'done')
		FROM assign_assignment WHERE county = $1 AND campaign = $2 GROUP BY team`
)

const batch = 500 // ids in one IN list

func scanAssignment(scan func(...any) error) (Assignment, error) {
	var a Assignment
	var sub *string
	var begun db.Time
	err := scan(&a.ID, &a.County, &a.Campaign, &a.Household, &a.Village, &a.Form, &a.FormHash, &a.Team, &a.Date, (*string)(&a.State), &sub, &a.Pinned, &begun)
	a.Begun = !begun.IsZero()
	if sub != nil {
		a.Submission = *sub
	}
	return a, err
}

func scanTeam(scan func(...any) error) (Team, error) {
	var t Team
	var dropped db.Time
	var why *string
	err := scan(&t.ID, &t.County, &t.Campaign, &t.Name, &dropped, &why)
	if t.Dropped = !dropped.IsZero(); why != nil {
		t.Why = *why
	}
	return t, err
}

// ByIDsTx gives assignments by id. Ids that are not known are absent.
func ByIDsTx(ctx context.Context, tx *db.Tx, county string, ids []string) (map[string]Assignment, error) {
	out := make(map[string]Assignment, len(ids))
	for part := range slices.Chunk(ids, batch) {
		in, args := db.In(2, part...)
		as, err := db.List(ctx, tx, scanAssignment, selectByIDs+in+`)`, append([]any{county}, args...)...)
		if err != nil {
			return nil, err
		}
		for _, a := range as {
			out[a.ID] = a
		}
	}
	return out, nil
}

// ByHouseholdsTx gives the assignments of households of a campaign, by household id.
func ByHouseholdsTx(ctx context.Context, tx *db.Tx, county, campaign string, households []string) (map[string]Assignment, error) {
	out := make(map[string]Assignment, len(households))
	for part := range slices.Chunk(households, batch) {
		in, args := db.In(3, part...)
		as, err := db.List(ctx, tx, scanAssignment, selectByHouse+in+`)`, append([]any{county, campaign}, args...)...)
		if err != nil {
			return nil, err
		}
		for _, a := range as {
			out[a.Household] = a
		}
	}
	return out, nil
}

// ForAccountTx gives the team of an enumerator and what it has to do, by day. Replaced assignments are left out.
// Somebody who is in no team gets a zero Team and nothing. Of several campaigns the newest counts.
func (s *Service) ForAccountTx(ctx context.Context, tx *db.Tx, county, accountID string) (Team, []Assignment, error) {
	var teamID string
	err := tx.QueryRow(ctx, selectTeamOf, county, accountID).Scan(&teamID)
	if errors.Is(err, db.ErrNoRows) {
		return Team{}, nil, nil
	}
	if err != nil {
		return Team{}, nil, err
	}
	t, err := s.TeamTx(ctx, tx, county, teamID)
	if err != nil {
		return Team{}, nil, err
	}
	as, err := db.List(ctx, tx, scanAssignment, selectOfTeam, county, teamID)
	as = slices.DeleteFunc(as, func(a Assignment) bool { return a.State == Replaced })
	return t, as, err
}

// TeamTx gives a team with its members. Returns NotFound "assign.no_team".
func (s *Service) TeamTx(ctx context.Context, tx *db.Tx, county, id string) (Team, error) {
	t, err := scanTeam(tx.QueryRow(ctx, selectTeam, county, id).Scan)
	if errors.Is(err, db.ErrNoRows) {
		return Team{}, errs.NotFound.New("assign.no_team", "id", id)
	}
	if err != nil {
		return Team{}, err
	}
	ts := []Team{t}
	err = s.membersTx(ctx, tx, county, ts, selectTeamMembers, id)
	return ts[0], err
}

// TeamNamesTx gives the names of teams by id.
func TeamNamesTx(ctx context.Context, tx *db.Tx, county string, ids []string) (map[string]string, error) {
	out := make(map[string]string, len(ids))
	for part := range slices.Chunk(ids, batch) {
		in, args := db.In(2, part...)
		ts, err := db.List(ctx, tx, scanTeam, selectTeamsByID+in+`)`, append([]any{county}, args...)...)
		if err != nil {
			return nil, err
		}
		for _, t := range ts {
			out[t.ID] = t.Name
		}
	}
	return out, nil
}

// TeamsTx gives all teams of a campaign with members and numbers, by name.
func (s *Service) TeamsTx(ctx context.Context, tx *db.Tx, county, campaign string) ([]Team, error) {
	ts, err := db.List(ctx, tx, scanTeam, selectTeams, county, campaign)
	if err != nil {
		return nil, err
	}
	at := map[string]*Team{}
	for i := range ts {
		at[ts[i].ID] = &ts[i]
	}
	err = tx.Query(ctx, countByTeam, []any{county, campaign}, func(scan func(...any) error) error {
		var id string
		var assigned, done int
		err := scan(&id, &assigned, &done)
		if t := at[id]; t != nil {
			t.Assigned, t.Done = assigned, done
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return ts, s.membersTx(ctx, tx, county, ts, selectMembers, campaign)
}

// membersTx fills the members of ts; q selects pairs of team and account for (county, arg).
func (s *Service) membersTx(ctx context.Context, tx *db.Tx, county string, ts []Team, q, arg string) error {
	type pair struct{ team, account string }
	pairs, err := db.List(ctx, tx, func(scan func(...any) error) (p pair, err error) {
		err = scan(&p.team, &p.account)
		return p, err
	}, q, county, arg)
	if err != nil {
		return err
	}
	ids := make([]string, len(pairs))
	for i, p := range pairs {
		ids[i] = p.account
	}
	as, err := s.accounts.ByIDsTx(ctx, tx, county, ids)
	if err != nil {
		return err
	}
	var homes []region.Code
	for _, a := range as {
		homes = append(homes, a.HomeVillage)
	}
	names, err := region.NamesTx(ctx, tx, homes)
	if err != nil {
		return err
	}
	mergers, err := region.MergersTx(ctx, tx, county)
	if err != nil {
		return err
	}
	ties, err := tiesTx(ctx, tx, county, ids)
	if err != nil {
		return err
	}
	at := map[string]*Team{}
	for i := range ts {
		at[ts[i].ID] = &ts[i]
	}
	for _, p := range pairs {
		if t := at[p.team]; t != nil {
			a := as[p.account]
			t.Members = append(t.Members, Member{
				Account: p.account, Login: a.Account, Name: a.Name, FromCounty: a.FromCounty,
				HomeVillage: a.HomeVillage, HomeName: names[a.HomeVillage], home: region.Same(mergers, a.HomeVillage),
				Unit: a.Unit, Region: a.RegionCode, Ties: ties[p.account],
			})
		}
	}
	return nil
}
