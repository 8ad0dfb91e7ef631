package roster

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/survey"
)

const (
	insertHousehold = `INSERT INTO roster_household (` + householdColumns + `, added_at) VALUES `
	insertMember    = `INSERT INTO roster_member (county, campaign, ` + memberColumns + `) VALUES `
	insertImport    = `INSERT INTO roster_import (county, id, campaign, file_name, digest, at, by_account, by_name, counts)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`
	selectImports   = `SELECT id, file_name, at, by_name, counts FROM roster_import WHERE county = $1 AND campaign = $2 ORDER BY id DESC LIMIT 200`
	updateHousehold = `UPDATE roster_household SET village = $3, group_name = $4, head_name = $5, head_id_number = $6, phone = $7, class = $8,
		exit_year = $9, size = $10, tags = $11, state = $12, struck = $13, version = version + 1, updated_at = $14, village_now = $16, lat = $17, lon = $18
		WHERE county = $1 AND id = $2 AND version = $15`
	updateMember = `UPDATE roster_member SET ordinal = $3, name = $4, id_number = $5, relation = $6, sex = $7, birth_date = $8, health = $9,
		schooling = $10, phone = $11, state = $12, reason = $13 WHERE county = $1 AND id = $2`
)

const rowsPerInsert = 100 // 2,000 arguments: below every database's limit

func insertHouseholds(ctx context.Context, tx *db.Tx, hs []Household) error {
	const columns = 22
	for part := range slices.Chunk(hs, rowsPerInsert) {
		args := make([]any, 0, len(part)*columns)
		for _, h := range part {
			lat, lon := h.Position.columns()
			args = append(args, h.ID, h.County, h.Campaign, h.Code, h.Village, h.Group, h.HeadName, string(h.HeadIDNumber), h.Phone, string(h.Class),
				h.ExitYear, h.Size, db.AsJSON(h.Tags), Listed, "", h.Origin, 1, h.VillageNow, lat, lon, tx.Now(), tx.Now())
		}
		if _, err := tx.Exec(ctx, insertHousehold+db.Rows(len(part), columns), args...); err != nil {
			return err
		}
	}
	return nil
}

func insertMembers(ctx context.Context, tx *db.Tx, c survey.Campaign, ms []Member) error {
	const columns = 15
	for part := range slices.Chunk(ms, rowsPerInsert) {
		args := make([]any, 0, len(part)*columns)
		for _, m := range part {
			args = append(args, c.County, c.ID, m.ID, m.Household, m.ordinal, m.Name, string(m.IDNumber), m.Relation, m.Sex, m.BirthDate, m.Health,
				m.Schooling, m.Phone, m.State, m.Reason)
		}
		if _, err := tx.Exec(ctx, insertMember+db.Rows(len(part), columns), args...); err != nil {
			return err
		}
	}
	return nil
}

// storedTx gives the campaign's households by 户编号 and members by household id.
func storedTx(ctx context.Context, tx *db.Tx, c survey.Campaign) (map[string]Household, map[string][]Member, error) {
	hs, err := db.List(ctx, tx, scanHousehold, selectAll, c.County, c.ID)
	if err != nil {
		return nil, nil, err
	}
	byCode := make(map[string]Household, len(hs))
	for _, h := range hs {
		byCode[h.Code] = h
	}
	members := map[string][]Member{}
	err = tx.Query(ctx, selectCampaignMembers, []any{c.County, c.ID}, func(scan func(...any) error) error {
		m, err := scanMember(scan)
		members[m.Household] = append(members[m.Household], m)
		return err
	})
	for _, ms := range members { // sorted here: in SQL the order would cost the index of the campaign
		slices.SortFunc(ms, func(a, b Member) int { return cmp.Or(a.ordinal-b.ordinal, strings.Compare(a.ID, b.ID)) })
	}
	return byCode, members, err
}

// saveHouseholds writes changed households. Returns Conflict "roster.changed_meanwhile" when one is not what it was.
func saveHouseholds(ctx context.Context, tx *db.Tx, hs []Household) error {
	for _, h := range hs {
		lat, lon := h.Position.columns()
		n, err := tx.Exec(ctx, updateHousehold, h.County, h.ID, h.Village, h.Group, h.HeadName, string(h.HeadIDNumber), h.Phone, string(h.Class),
			h.ExitYear, h.Size, db.AsJSON(h.Tags), h.State, h.Struck, tx.Now(), h.Version, h.VillageNow, lat, lon)
		if err != nil {
			return err
		}
		if n != 1 {
			return errs.Conflict.New("roster.changed_meanwhile", "head_name", h.HeadName, "code", h.Code)
		}
	}
	return nil
}

func saveMembers(ctx context.Context, tx *db.Tx, county string, ms []Member) error {
	for _, m := range ms {
		if _, err := tx.Exec(ctx, updateMember, county, m.ID, m.ordinal, m.Name, string(m.IDNumber), m.Relation, m.Sex, m.BirthDate, m.Health,
			m.Schooling, m.Phone, m.State, m.Reason); err != nil {
			return err
		}
	}
	return nil
}
