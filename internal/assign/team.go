package assign

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"ruhu/internal/account"
	"ruhu/internal/audit"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/region"
	"ruhu/internal/survey"
)

// Teams lists the teams of a campaign. Returns Forbidden, NotFound "survey.not_found".
func (s *Service) Teams(ctx context.Context, actor authz.Actor, campaign string) ([]Team, error) {
	if err := actor.Require(authz.TeamRead); err != nil {
		return nil, err
	}
	campaign, err := id.Parse(campaign)
	if err != nil {
		return nil, err
	}
	var out []Team
	err = s.d.View(ctx, func(tx *db.Tx) error {
		c, err := survey.VisibleTx(ctx, tx, actor, campaign)
		if err != nil {
			return err
		}
		out, err = s.TeamsTx(ctx, tx, c.County, c.ID)
		return err
	})
	return out, err
}

// FormTeams makes teams of the enumerators who are in none yet: as many people from the county in each as the playbook's share says
// (S3.4: one of two). People left over are given as reasons, in lang.
// Returns Forbidden, NotFound "survey.not_found", Conflict "survey.closed".
func (s *Service) FormTeams(ctx context.Context, actor authz.Actor, campaign, lang string) ([]Team, []Reason, error) {
	if err := actor.Require(authz.TeamManage); err != nil {
		return nil, nil, err
	}
	campaign, err := id.Parse(campaign)
	if err != nil {
		return nil, nil, err
	}
	var out []Team
	var reasons []Reason
	err = s.d.Update(ctx, func(tx *db.Tx) error {
		c, err := managedTx(ctx, tx, actor, campaign)
		if err != nil {
			return err
		}
		if err := lockTeams(ctx, tx, c); err != nil {
			return err
		}
		county, township, err := s.freeTx(ctx, tx, c)
		if err != nil {
			return err
		}
		existing, err := s.TeamsTx(ctx, tx, c.County, c.ID)
		if err != nil {
			return err
		}
		teams, left := compose(county, township, c.Plan.Team.Size, c.Plan.Team.CountyShare)
		number := len(existing)
		for _, people := range teams {
			name := ""
			for name == "" || slices.ContainsFunc(existing, func(t Team) bool { return t.Name == name }) {
				number++
				name = fmt.Sprintf("第%02d组", number)
			}
			if err := s.writeTeam(ctx, tx, actor, c, id.New(), name, people, true); err != nil {
				return err
			}
		}
		reasons = leftOver(left, c.Plan.Team.Size, lang)
		out, err = s.TeamsTx(ctx, tx, c.County, c.ID)
		return err
	})
	return out, reasons, err
}

// freeTx gives the enumerators of the campaign's region who are in no team, by login name.
func (s *Service) freeTx(ctx context.Context, tx *db.Tx, c survey.Campaign) (county, township []account.Account, err error) {
	people, err := s.accounts.EnumeratorsTx(ctx, tx, c.Region)
	if err != nil {
		return nil, nil, err
	}
	busy := map[string]bool{}
	err = tx.Query(ctx, selectMembers, []any{c.County, c.ID}, func(scan func(...any) error) error {
		var team, who string
		err := scan(&team, &who)
		busy[who] = true
		return err
	})
	slices.SortFunc(people, func(a, b account.Account) int { return strings.Compare(a.Account, b.Account) })
	for _, a := range people {
		switch {
		case busy[a.ID] || a.Disabled:
		case a.FromCounty:
			county = append(county, a)
		default:
			township = append(township, a)
		}
	}
	return county, township, err
}

// compose puts people together: share of each team's size from the county, rounded to the nearest. left is who remains.
func compose(county, township []account.Account, size int, share float64) (teams [][]string, left []account.Account) {
	fromCounty := int(float64(size)*share + 0.5)
	for len(county) >= fromCounty && len(township) >= size-fromCounty {
		var team []string
		for _, a := range county[:fromCounty] {
			team = append(team, a.ID)
		}
		for _, a := range township[:size-fromCounty] {
			team = append(team, a.ID)
		}
		county, township = county[fromCounty:], township[size-fromCounty:]
		teams = append(teams, team)
	}
	return teams, append(slices.Clone(county), township...)
}

func leftOver(left []account.Account, size int, lang string) []Reason {
	out := []Reason{}
	county := 0
	for _, a := range left {
		if a.FromCounty {
			county++
		}
	}
	if county > 0 {
		out = append(out, reason(lang, "assign.left_county", county, "size", size))
	}
	if n := len(left) - county; n > 0 {
		out = append(out, reason(lang, "assign.left_township", n, "size", size))
	}
	return out
}

// PutTeam makes a team under an id chosen by the client, or changes name and members of one.
// Returns Forbidden, NotFound "survey.not_found", Invalid "assign.team_name", "assign.team_size", "assign.not_enumerator", Conflict
// "assign.in_other_team", "assign.team_name_taken", "assign.own_village" and the like (the team has visits where a new member may not go), "survey.closed".
func (s *Service) PutTeam(ctx context.Context, actor authz.Actor, campaign, team, name string, members []string) (Team, error) {
	if err := actor.Require(authz.TeamManage); err != nil {
		return Team{}, err
	}
	campaign, err := id.Parse(campaign)
	if err != nil {
		return Team{}, err
	}
	if team, err = id.Parse(team); err != nil {
		return Team{}, err
	}
	name = strings.TrimSpace(name)
	if n := utf8.RuneCountInString(name); n < 1 || n > 20 {
		return Team{}, errs.Invalid.New("assign.team_name", "field", "name")
	}
	var out Team
	err = s.d.Update(ctx, func(tx *db.Tx) error {
		c, err := managedTx(ctx, tx, actor, campaign)
		if err != nil {
			return err
		}
		old, err := s.TeamTx(ctx, tx, c.County, team)
		isNew := errs.Is(err, errs.NotFound)
		if err != nil && !isNew {
			return err
		}
		if !isNew && old.Campaign != c.ID {
			return errs.NotFound.New("assign.no_team", "id", team)
		}
		if err := lockTeams(ctx, tx, c); err != nil {
			return err
		}
		if err := s.checkMembers(ctx, tx, c, members); err != nil {
			return err
		}
		if err := s.writeTeam(ctx, tx, actor, c, team, name, members, isNew); err != nil {
			return err
		}
		if err := s.checkOwn(ctx, tx, c, team); err != nil {
			return err
		}
		out, err = s.oneTx(ctx, tx, c, team)
		return err
	})
	return out, err
}

// oneTx is a team with its numbers.
func (s *Service) oneTx(ctx context.Context, tx *db.Tx, c survey.Campaign, team string) (Team, error) {
	ts, err := s.TeamsTx(ctx, tx, c.County, c.ID)
	if err != nil {
		return Team{}, err
	}
	i := slices.IndexFunc(ts, func(t Team) bool { return t.ID == team })
	if i < 0 {
		return Team{}, errs.NotFound.New("assign.no_team", "id", team)
	}
	return ts[i], nil
}

func (s *Service) checkMembers(ctx context.Context, tx *db.Tx, c survey.Campaign, members []string) error {
	seen := map[string]bool{}
	for i, m := range members {
		p, err := id.Parse(m)
		if err != nil {
			return err
		}
		members[i] = p
		seen[p] = true
	}
	if len(seen) != c.Plan.Team.Size || len(members) != len(seen) {
		return errs.Invalid.New("assign.team_size", "size", c.Plan.Team.Size, "field", "member_ids")
	}
	as, err := s.accounts.ByIDsTx(ctx, tx, c.County, members)
	if err != nil {
		return err
	}
	for _, m := range members {
		if a, ok := as[m]; !ok || a.Role != authz.Enumerator || a.Disabled || !c.Region.Contains(a.RegionCode) {
			return errs.Invalid.New("assign.not_enumerator", "field", "member_ids", "id", m)
		}
	}
	return nil
}

func (s *Service) writeTeam(ctx context.Context, tx *db.Tx, actor authz.Actor, c survey.Campaign, team, name string, members []string, isNew bool) error {
	var err error
	if isNew {
		_, err = tx.Exec(ctx, insertTeam, c.County, team, c.ID, name, tx.Now())
	} else {
		_, err = tx.Exec(ctx, updateTeam, c.County, team, name)
	}
	if errs.CodeOf(err) == "db.conflict" {
		return errs.Conflict.New("assign.team_name_taken", "name", name)
	}
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, deleteMembers, c.County, team); err != nil {
		return err
	}
	for i, m := range members {
		n, err := tx.Exec(ctx, insertMember, c.County, c.ID, m, team, i)
		if err != nil {
			return err
		}
		if n == 0 {
			return errs.Conflict.New("assign.in_other_team", "id", m)
		}
	}
	return audit.Write(ctx, tx, actor, audit.Entry{
		Action: "assign.team", Campaign: c.ID, Object: "team", ObjectID: team, Place: c.Region,
		Detail: map[string]any{"name": name, "members": members},
	})
}

// checkOwn refuses a team whose unfinished visits lie where a member may not go.
func (s *Service) checkOwn(ctx context.Context, tx *db.Tx, c survey.Campaign, team string) error {
	t, err := s.TeamTx(ctx, tx, c.County, team)
	if err != nil {
		return err
	}
	as, err := db.List(ctx, tx, scanAssignment, selectOfTeam, c.County, team)
	if err != nil {
		return err
	}
	var codes []region.Code
	for _, a := range as {
		codes = append(codes, a.Village)
	}
	r := rules{Team: c.Plan.Team}
	if r.names, err = region.NamesTx(ctx, tx, codes); err != nil {
		return err
	}
	for _, a := range as {
		if rule := firstRule(r.closed(t, a.Village)); rule != 0 && (a.State == Open || a.State == Returned) {
			return r.broken(rule, t, a.Village)
		}
	}
	return nil
}

// DeleteTeam dissolves a team that has no visits. A team that is not there is no error.
// Returns Forbidden, NotFound "survey.not_found", Conflict "assign.team_in_use", "survey.closed".
func (s *Service) DeleteTeam(ctx context.Context, actor authz.Actor, campaign, team string) error {
	if err := actor.Require(authz.TeamManage); err != nil {
		return err
	}
	campaign, err := id.Parse(campaign)
	if err != nil {
		return err
	}
	if team, err = id.Parse(team); err != nil {
		return err
	}
	return s.d.Update(ctx, func(tx *db.Tx) error {
		c, err := managedTx(ctx, tx, actor, campaign)
		if err != nil {
			return err
		}
		t, err := s.TeamTx(ctx, tx, c.County, team)
		if errs.Is(err, errs.NotFound) || err == nil && t.Campaign != c.ID {
			return nil
		}
		if err != nil {
			return err
		}
		as, err := db.List(ctx, tx, scanAssignment, selectOfTeam, c.County, team)
		if err != nil {
			return err
		}
		if len(as) > 0 {
			return errs.Conflict.New("assign.team_in_use", "team", t.Name, "count", len(as))
		}
		for _, q := range []string{deleteMembers, deleteTeam} {
			if _, err := tx.Exec(ctx, q, c.County, team); err != nil {
				return err
			}
		}
		return audit.Write(ctx, tx, actor, audit.Entry{
			Action: "assign.team_delete", Campaign: c.ID, Object: "team", ObjectID: team, Place: c.Region,
			Detail: map[string]any{"name": t.Name},
		})
	})
}
