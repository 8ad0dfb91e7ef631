package roster

import (
	"context"
	"errors"
	"slices"

	"ruhu/internal/db"
	"ruhu/internal/region"
)

// Person is a present member with the household that they belong to: what registers are compared with.
type Person struct {
	Member
	Code     string // 户编号
	Village  region.Code
	Class    Class
	HeadName string
}

const (
	personColumns = `m.id, m.household, m.ordinal, m.name, m.id_number, m.relation, m.sex, m.birth_date, m.health, m.schooling, m.phone, m.state,
		h.code, h.village, h.class, h.head_name`
	personTables  = ` FROM roster_member m JOIN roster_household h ON h.county = m.county AND h.id = m.household WHERE m.county = $1`
	selectPersons = `SELECT ` + personColumns + personTables + ` AND m.campaign = $2 AND m.state = 'present' AND m.id > $3 ORDER BY m.id LIMIT $4`
	selectByID    = `SELECT ` + personColumns + personTables + ` AND m.id IN (`

	selectByNumber = `SELECT ` + personColumns + personTables + ` AND m.campaign = $2 AND m.state = 'present' AND m.id_number IN (`
)

func scanPerson(scan func(...any) error) (Person, error) {
	var p Person
	m := &p.Member
	err := scan(&m.ID, &m.Household, &m.ordinal, &m.Name, (*string)(&m.IDNumber), &m.Relation, &m.Sex, &m.BirthDate, &m.Health, &m.Schooling, &m.Phone, &m.State,
		&p.Code, &p.Village, (*string)(&p.Class), &p.HeadName)
	return p, err
}

// noID stands before every id.
const noID = "00000000-0000-0000-0000-000000000000"

// PersonsTx gives up to limit present members of a campaign's households after the member of that id ("" is from the first), by
// id. Nothing is masked.
func PersonsTx(ctx context.Context, tx *db.Tx, county, campaign, after string, limit int) ([]Person, error) {
	if after == "" {
		after = noID
	}
	return db.List(ctx, tx, scanPerson, selectPersons, county, campaign, after, limit)
}

// PersonsByIDTx gives members by id; ids that are not known are absent.
func PersonsByIDTx(ctx context.Context, tx *db.Tx, county string, ids []string) (map[string]Person, error) {
	out := make(map[string]Person, len(ids))
	for part := range slices.Chunk(ids, batch) {
		in, args := db.In(2, part...)
		ps, err := db.List(ctx, tx, scanPerson, selectByID+in+`)`, append([]any{county}, args...)...)
		if err != nil {
			return nil, err
		}
		for _, p := range ps {
			out[p.ID] = p
		}
	}
	return out, nil
}

// PersonsByNumberTx gives the present members of a campaign who have one of the ID numbers, in no order.
func PersonsByNumberTx(ctx context.Context, tx *db.Tx, county, campaign string, numbers []string) ([]Person, error) {
	var out []Person
	for part := range slices.Chunk(numbers, batch) {
		in, args := db.In(3, part...)
		ps, err := db.List(ctx, tx, scanPerson, selectByNumber+in+`)`, append([]any{county, campaign}, args...)...)
		if err != nil {
			return nil, err
		}
		out = append(out, ps...)
	}
	return out, nil
}

const updateTags = `UPDATE roster_household SET tags = $3, updated_at = $4 WHERE county = $1 AND id = $2`

// TagTx gives households of a campaign a tag; those that have it, and ids that the campaign does not know, are left alone. It
// returns how many were changed. Sampling designs may name tags: households that were suspected to be missed are visited for
// certain.
func TagTx(ctx context.Context, tx *db.Tx, county, campaign string, households []string, tag string) (int, error) {
	return retagTx(ctx, tx, county, campaign, households, func(tags []string) []string {
		if tag == "" || slices.Contains(tags, tag) {
			return tags
		}
		return append(slices.Clone(tags), tag)
	})
}

// UntagTx takes a tag off households; see TagTx.
func UntagTx(ctx context.Context, tx *db.Tx, county, campaign string, households []string, tag string) (int, error) {
	return retagTx(ctx, tx, county, campaign, households, func(tags []string) []string {
		return slices.DeleteFunc(slices.Clone(tags), func(t string) bool { return t == tag })
	})
}

func retagTx(ctx context.Context, tx *db.Tx, county, campaign string, households []string, change func([]string) []string) (int, error) {
	changed := 0
	for part := range slices.Chunk(households, batch) {
		in, args := db.In(2, part...)
		hs, err := db.List(ctx, tx, scanHousehold, selectHouseholds+in+`)`, append([]any{county}, args...)...)
		if err != nil {
			return 0, err
		}
		for _, h := range hs {
			tags := change(h.Tags)
			if h.Campaign != campaign || len(tags) == len(h.Tags) {
				continue
			}
			if _, err := tx.Exec(ctx, updateTags, county, h.ID, db.AsJSON(tags), tx.Now()); err != nil {
				return 0, err
			}
			changed++
		}
	}
	return changed, nil
}

const anyPerson = `SELECT 1 FROM roster_member WHERE county = $1 AND campaign = $2 AND state = 'present' LIMIT 1`

const countPersons = `SELECT count(*) FROM roster_member WHERE county = $1 AND campaign = $2 AND state = 'present'`

// AnyPersonTx tells whether a campaign's households have a present member: counting them takes longer the more there are.
func AnyPersonTx(ctx context.Context, tx *db.Tx, county, campaign string) (bool, error) {
	err := tx.QueryRow(ctx, anyPerson, county, campaign).Scan(new(int))
	if errors.Is(err, db.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// PersonCountTx counts the present members of a campaign's households.
func PersonCountTx(ctx context.Context, tx *db.Tx, county, campaign string) (n int, err error) {
	err = tx.QueryRow(ctx, countPersons, county, campaign).Scan(&n)
	return n, err
}
