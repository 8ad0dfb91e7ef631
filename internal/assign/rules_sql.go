package assign

import (
	"context"

	"ruhu/internal/db"
	"ruhu/internal/playbook"
	"ruhu/internal/region"
	"ruhu/internal/survey"
)

const (
	selectOff         = `SELECT team, day, reason FROM assign_off WHERE county = $1 AND campaign = $2 ORDER BY team, day`
	upsertOff         = `INSERT INTO assign_off (county, campaign, team, day, reason) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (county, campaign, team, day) DO UPDATE SET reason = excluded.reason`
	deleteOff         = `DELETE FROM assign_off WHERE county = $1 AND campaign = $2 AND team = $3 AND day = $4`
	selectRefusals    = `SELECT household, team FROM assign_refusal WHERE county = $1 AND campaign = $2`
	insertRefusal     = `INSERT INTO assign_refusal (county, campaign, household, team, reason, at, by_account) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (county, campaign, household, team) DO NOTHING`
	selectTies        = `SELECT account, kind, village, household, note FROM assign_tie WHERE county = $1 AND account IN (`
	deleteTies        = `DELETE FROM assign_tie WHERE county = $1 AND account = $2`
	insertTie         = `INSERT INTO assign_tie (county, account, kind, village, household, note) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (county, account, kind, village, household) DO NOTHING`
	selectArrangement = `SELECT household, day, from_time, to_time, remote, reason FROM assign_arrangement WHERE county = $1 AND campaign = $2 ORDER BY household`
	upsertArrangement = `INSERT INTO assign_arrangement (county, campaign, household, day, from_time, to_time, remote, reason, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (county, campaign, household) DO UPDATE SET day = excluded.day, from_time = excluded.from_time, to_time = excluded.to_time,
		remote = excluded.remote, reason = excluded.reason, updated_at = excluded.updated_at`
	deleteArrangement = `DELETE FROM assign_arrangement WHERE county = $1 AND campaign = $2 AND household = $3`
)

// rulesTx reads everything that limits the campaign's plan between two days. Names of villages and households of kin are added by those who
// have read the base list.
func (s *Service) rulesTx(ctx context.Context, tx *db.Tx, c survey.Campaign, from, to db.Date, teams []Team) (*rules, error) {
	r := &rules{Team: c.Plan.Team, teams: map[string]Team{}, off: map[offDay]string{}, refused: map[refusal]bool{}, holidays: map[db.Date]bool{}}
	for _, t := range teams {
		r.teams[t.ID] = t
	}
	if r.Days == playbook.WorkingDays {
		for d := from; d <= to; d = d.AddDays(1) {
			if !s.cal.Works(d) {
				r.holidays[d] = true
			}
		}
	}
	err := tx.Query(ctx, selectOff, []any{c.County, c.ID}, func(scan func(...any) error) error {
		var k offDay
		var why string
		err := scan(&k.team, &k.day, &why)
		r.off[k] = why
		return err
	})
	if err != nil {
		return nil, err
	}
	err = tx.Query(ctx, selectRefusals, []any{c.County, c.ID}, func(scan func(...any) error) error {
		var k refusal
		err := scan(&k.household, &k.team)
		r.refused[k] = true
		return err
	})
	if err != nil {
		return nil, err
	}
	r.agreed, err = arrangementsTx(ctx, tx, c)
	return r, err
}

// arrangementsTx gives what is agreed with households, by household id.
func arrangementsTx(ctx context.Context, tx *db.Tx, c survey.Campaign) (map[string]Arrangement, error) {
	out := map[string]Arrangement{}
	return out, tx.Query(ctx, selectArrangement, []any{c.County, c.ID}, func(scan func(...any) error) error {
		var a Arrangement
		err := scan(&a.Household, &a.Day, &a.FromTime, &a.ToTime, &a.Remote, &a.Reason)
		out[a.Household] = a
		return err
	})
}

// tiesTx gives the ties of people, by account, in order.
func tiesTx(ctx context.Context, tx *db.Tx, county string, accounts []string) (map[string][]Tie, error) {
	out := map[string][]Tie{}
	var codes []region.Code
	for len(accounts) > 0 {
		part := accounts[:min(batch, len(accounts))]
		accounts = accounts[len(part):]
		in, args := db.In(2, part...)
		err := tx.Query(ctx, selectTies+in+`) ORDER BY account, kind, village, household`, append([]any{county}, args...), func(scan func(...any) error) error {
			var who string
			var t Tie
			err := scan(&who, &t.Kind, &t.Village.Code, &t.Household, &t.Note)
			out[who] = append(out[who], t)
			codes = append(codes, t.Village.Code)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	names, err := region.NamesTx(ctx, tx, codes)
	for _, ties := range out {
		for i := range ties {
			ties[i].Village = region.Named(ties[i].Village.Code, names[ties[i].Village.Code])
		}
	}
	return out, err
}
