package account

import (
	"context"
	"errors"
	"slices"

	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/region"
)

const columns = `county, id, account, name, role, region_code, home_village, from_county, unit, disabled, created_at`

const (
	selectByID       = `SELECT ` + columns + ` FROM account_person WHERE county = $1 AND id = $2`
	selectByIDs      = `SELECT ` + columns + ` FROM account_person WHERE county = $1 AND id IN (`
	selectSecret     = `SELECT password FROM account_person WHERE county = $1 AND id = $2`
	selectLogin      = `SELECT county, id FROM account_login WHERE account = $1`
	selectAny        = `SELECT account FROM account_login ORDER BY account LIMIT 1`
	selectEnumerator = `SELECT ` + columns + ` FROM account_person
WHERE county = $1 AND region_code >= $2 AND region_code < $3 AND role = 'enumerator' AND NOT disabled ORDER BY account`
	selectPage = `SELECT ` + columns + ` FROM account_person
WHERE county = $1 AND region_code >= $2 AND region_code < $3 AND account > $4
  AND (CAST($5 AS TEXT) = '' OR role = $5)
  AND (CAST($6 AS TEXT) = '' OR lower(account) LIKE lower($6) ESCAPE '!' OR lower(name) LIKE lower($6) ESCAPE '!')
ORDER BY account LIMIT $7`
	insertPerson = `INSERT INTO account_person (county, id, account, name, role, region_code, home_village, from_county, unit, disabled, password, pin, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, NULL, $12) ON CONFLICT DO NOTHING`
	updatePerson = `UPDATE account_person SET account = $3, name = $4, role = $5, region_code = $6, home_village = $7, from_county = $8, unit = $9, disabled = $10
WHERE county = $1 AND id = $2`
	updatePassword = `UPDATE account_person SET password = $3 WHERE county = $1 AND id = $2`
	updatePIN      = `UPDATE account_person SET pin = $3 WHERE county = $1 AND id = $2`
	selectPIN      = `SELECT id, pin FROM account_person WHERE county = $1 AND pin IS NOT NULL AND id IN (`
	insertLogin    = `INSERT INTO account_login (account, county, id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`
	deleteLogin    = `DELETE FROM account_login WHERE county = $1 AND id = $2`
)

func scanAccount(scan func(...any) error) (Account, error) {
	var a Account
	err := scan(&a.County, &a.ID, &a.Account, &a.Name, (*string)(&a.Role), &a.RegionCode, &a.HomeVillage, &a.FromCounty, &a.Unit, &a.Disabled, &a.CreatedAt)
	return a, err
}

// byIDTx returns NotFound "account.not_found".
func byIDTx(ctx context.Context, tx *db.Tx, county, accountID string) (Account, error) {
	a, err := scanAccount(tx.QueryRow(ctx, selectByID, county, accountID).Scan)
	if errors.Is(err, db.ErrNoRows) {
		return a, errs.NotFound.New("account.not_found", "id", accountID)
	}
	return a, err
}

// nameRegions fills in RegionName.
func nameRegions(ctx context.Context, tx *db.Tx, as []Account) error {
	codes := make([]region.Code, len(as))
	for i, a := range as {
		codes[i] = a.RegionCode
	}
	names, err := region.NamesTx(ctx, tx, codes)
	if err != nil {
		return err
	}
	for i := range as {
		as[i].RegionName = names[as[i].RegionCode]
	}
	return nil
}

// ByIDsTx gives the accounts of a county by id, disabled ones too; an id that is not known, or is no id, is absent.
func (s *Service) ByIDsTx(ctx context.Context, tx *db.Tx, county string, ids []string) (map[string]Account, error) {
	out := make(map[string]Account, len(ids))
	ids = slices.DeleteFunc(slices.Clone(ids), func(s string) bool { _, err := id.Parse(s); return err != nil })
	for len(ids) > 0 {
		part := ids[:min(500, len(ids))]
		ids = ids[len(part):]
		in, args := db.In(2, part...)
		as, err := db.List(ctx, tx, scanAccount, selectByIDs+in+`)`, append([]any{county}, args...)...)
		if err != nil {
			return nil, err
		}
		if err := nameRegions(ctx, tx, as); err != nil {
			return nil, err
		}
		for _, a := range as {
			out[a.ID] = a
		}
	}
	return out, nil
}

// EnumeratorsTx gives the enumerators whose region lies in under and who are not disabled, in the order of their login names.
func (s *Service) EnumeratorsTx(ctx context.Context, tx *db.Tx, under region.Code) ([]Account, error) {
	lo, hi := under.Range()
	as, err := db.List(ctx, tx, scanAccount, selectEnumerator, under.County(), lo, hi)
	if err != nil {
		return nil, err
	}
	return as, nameRegions(ctx, tx, as)
}

// PINsTx gives the PINs of accounts by id, for the phones of a team; who has none is absent.
func (s *Service) PINsTx(ctx context.Context, tx *db.Tx, county string, ids []string) (map[string]PIN, error) {
	out := map[string]PIN{}
	if len(ids) == 0 {
		return out, nil
	}
	in, args := db.In(2, ids...)
	err := tx.Query(ctx, selectPIN+in+`)`, append([]any{county}, args...), func(scan func(...any) error) error {
		var accountID string
		var p db.JSON[PIN]
		err := scan(&accountID, &p)
		out[accountID] = p.V
		return err
	})
	return out, err
}

// writeTx stores the person as in says, password and PIN apart. Returns Conflict "account.taken".
func writeTx(ctx context.Context, tx *db.Tx, county, accountID string, in Input, isNew bool) error {
	if isNew {
		n, err := tx.Exec(ctx, insertPerson, county, accountID, in.Account, in.Name, string(in.Role), in.RegionCode, in.HomeVillage, in.FromCounty, in.Unit, in.Disabled, "", tx.Now())
		if err != nil {
			return err
		}
		if n == 0 {
			return errs.Conflict.New("account.taken", "field", "account", "account", in.Account)
		}
	} else if _, err := tx.Exec(ctx, deleteLogin, county, accountID); err != nil {
		return err
	}
	n, err := tx.Exec(ctx, insertLogin, in.Account, county, accountID)
	if err != nil {
		return err
	}
	if n == 0 {
		return errs.Conflict.New("account.taken", "field", "account", "account", in.Account)
	}
	if !isNew {
		_, err = tx.Exec(ctx, updatePerson, county, accountID, in.Account, in.Name, string(in.Role), in.RegionCode, in.HomeVillage, in.FromCounty, in.Unit, in.Disabled)
	}
	return err
}
