package roster

import (
	"context"
	"errors"
	"slices"

	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/region"
)

const (
	householdColumns = `id, county, campaign, code, village, group_name, head_name, head_id_number, phone, class, exit_year, size, tags, state, struck, origin, version, village_now, lat, lon, updated_at`
	memberColumns    = `id, household, ordinal, name, id_number, relation, sex, birth_date, health, schooling, phone, state, reason`

	selectHousehold       = `SELECT ` + householdColumns + ` FROM roster_household WHERE county = $1 AND id = $2`
	selectScopedHousehold = selectHousehold + ` AND (village >= $3 AND village < $4 OR village_now >= $3 AND village_now < $4)`
	selectHouseholds      = `SELECT ` + householdColumns + ` FROM roster_household WHERE county = $1 AND id IN (`
	selectCampaign        = `SELECT ` + householdColumns + ` FROM roster_household WHERE county = $1 AND campaign = $2 AND state = 'listed' ORDER BY code`
	selectAll             = `SELECT ` + householdColumns + ` FROM roster_household WHERE county = $1 AND campaign = $2 ORDER BY code`
	selectMembers         = `SELECT ` + memberColumns + ` FROM roster_member WHERE county = $1 AND household IN (`
	selectCampaignMembers = `SELECT ` + memberColumns + ` FROM roster_member WHERE county = $1 AND campaign = $2`
)

const batch = 500 // ids in one IN list

func scanHousehold(scan func(...any) error) (Household, error) {
	var h Household
	var tags db.JSON[[]string]
	var lat, lon *float64
	err := scan(&h.ID, &h.County, &h.Campaign, &h.Code, &h.Village, &h.Group, &h.HeadName, (*string)(&h.HeadIDNumber), &h.Phone, (*string)(&h.Class),
		&h.ExitYear, &h.Size, &tags, &h.State, &h.Struck, &h.Origin, &h.Version, &h.VillageNow, &lat, &lon, &h.UpdatedAt)
	h.Tags, h.Position = tags.V, positionOf(lat, lon)
	return h, err
}

func scanMember(scan func(...any) error) (Member, error) {
	var m Member
	err := scan(&m.ID, &m.Household, &m.ordinal, &m.Name, (*string)(&m.IDNumber), &m.Relation, &m.Sex, &m.BirthDate, &m.Health, &m.Schooling, &m.Phone, &m.State, &m.Reason)
	return m, err
}

// HouseholdTx gives one household with its members. Returns NotFound "roster.no_household". It knows no actor: the caller has
// already decided who may see it.
func HouseholdTx(ctx context.Context, tx *db.Tx, county, id string) (Full, error) {
	h, err := scanHousehold(tx.QueryRow(ctx, selectHousehold, county, id).Scan)
	if errors.Is(err, db.ErrNoRows) {
		return Full{}, errs.NotFound.New("roster.no_household", "id", id)
	}
	if err != nil {
		return Full{}, err
	}
	full, err := fillTx(ctx, tx, county, []Household{h})
	if err != nil {
		return Full{}, err
	}
	return full[0], nil
}

// HouseholdsTx gives many households with their members, by id. Ids that are not known are absent.
func HouseholdsTx(ctx context.Context, tx *db.Tx, county string, ids []string) (map[string]Full, error) {
	var hs []Household
	for part := range slices.Chunk(ids, batch) {
		in, args := db.In(2, part...)
		got, err := db.List(ctx, tx, scanHousehold, selectHouseholds+in+`)`, append([]any{county}, args...)...)
		if err != nil {
			return nil, err
		}
		hs = append(hs, got...)
	}
	full, err := fillTx(ctx, tx, county, hs)
	if err != nil {
		return nil, err
	}
	out := make(map[string]Full, len(full))
	for _, f := range full {
		out[f.ID] = f
	}
	return out, nil
}

// NamesTx gives households without members, by id: what lists show. Ids that are not known are absent.
func NamesTx(ctx context.Context, tx *db.Tx, county string, ids []string) (map[string]Household, error) {
	out := make(map[string]Household, len(ids))
	for part := range slices.Chunk(ids, batch) {
		in, args := db.In(2, part...)
		got, err := db.List(ctx, tx, scanHousehold, selectHouseholds+in+`)`, append([]any{county}, args...)...)
		if err != nil {
			return nil, err
		}
		if err := nameTx(ctx, tx, got); err != nil {
			return nil, err
		}
		for _, h := range got {
			out[h.ID] = h
		}
	}
	return out, nil
}

// CampaignTx gives every household that stands on the list of a campaign in the order of 户编号, without members and village names.
func CampaignTx(ctx context.Context, tx *db.Tx, county, campaign string) ([]Household, error) {
	return db.List(ctx, tx, scanHousehold, selectCampaign, county, campaign)
}

// nameTx fills the names of villages.
func nameTx(ctx context.Context, tx *db.Tx, hs []Household) error {
	codes := make([]region.Code, 0, len(hs))
	for _, h := range hs {
		codes = append(codes, h.Village, h.VillageNow)
	}
	names, err := region.NamesTx(ctx, tx, codes)
	if err != nil {
		return err
	}
	for i := range hs {
		hs[i].VillageName, hs[i].NowName = names[hs[i].Village], names[hs[i].VillageNow]
	}
	return nil
}

// fillTx adds members and the names of places.
func fillTx(ctx context.Context, tx *db.Tx, county string, hs []Household) ([]Full, error) {
	out := make([]Full, len(hs))
	at := make(map[string]int, len(hs))
	ids := make([]string, len(hs))
	var codes []region.Code
	for i, h := range hs {
		out[i].Household = h
		at[h.ID], ids[i] = i, h.ID
		codes = append(codes, h.Village, h.VillageNow, h.Village.Parent(), h.Village.Parent().Parent())
	}
	names, err := region.NamesTx(ctx, tx, codes)
	if err != nil {
		return nil, err
	}
	for i := range out {
		v := out[i].Village
		out[i].VillageName, out[i].TownshipName, out[i].CountyName = names[v], names[v.Parent()], names[v.Parent().Parent()]
		out[i].NowName = names[out[i].VillageNow]
	}
	for part := range slices.Chunk(ids, batch) {
		in, args := db.In(2, part...)
		ms, err := db.List(ctx, tx, scanMember, selectMembers+in+`) ORDER BY state DESC, ordinal, id`, append([]any{county}, args...)...)
		if err != nil {
			return nil, err
		}
		for _, m := range ms {
			f := &out[at[m.Household]]
			f.Members = append(f.Members, m)
		}
	}
	return out, nil
}
