package account

import (
	"context"
	"crypto/rand"
	"errors"

	"ruhu/internal/audit"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/id"
	"ruhu/internal/region"
)

// FirstAccount is the login name of the administrator that First makes.
const FirstAccount = "admin"

// First makes the county and its first account, of role county_office, when the database has no account at all. password "" lets
// it make one, which is returned; made is false when there were accounts already. Returns Invalid "account.password_weak",
// "region.code", "region.name".
func (s *Service) First(ctx context.Context, county region.Region, password string) (used string, made bool, err error) {
	empty := false
	err = s.d.View(ctx, func(tx *db.Tx) error {
		empty, err = emptyTx(ctx, tx)
		return err
	})
	if err != nil || !empty {
		return "", false, err
	}
	if password == "" {
		password = rand.Text()[:16]
	}
	in := Input{Account: FirstAccount, Name: "管理员", Role: authz.CountyOffice, RegionCode: county.Code, Password: password}
	if err := in.check(); err != nil {
		return "", false, err
	}
	hashed, err := s.hash.hash(ctx, password)
	if err != nil {
		return "", false, err
	}
	err = s.d.Update(ctx, func(tx *db.Tx) error {
		made = false
		if empty, err := emptyTx(ctx, tx); err != nil || !empty {
			return err
		}
		if err := region.PutTx(ctx, tx, []region.Region{county}); err != nil {
			return err
		}
		newID := id.New()
		if err := writeTx(ctx, tx, county.Code.County(), newID, in, true); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, updatePassword, county.Code.County(), newID, hashed); err != nil {
			return err
		}
		made = true
		return audit.Write(ctx, tx, authz.System(county.Code.County()), audit.Entry{Action: "account.first", Object: "account", ObjectID: newID, Place: county.Code})
	})
	return password, made, err
}

func emptyTx(ctx context.Context, tx *db.Tx) (bool, error) {
	var name string
	err := tx.QueryRow(ctx, selectAny).Scan(&name)
	if errors.Is(err, db.ErrNoRows) {
		return true, nil
	}
	return false, err
}
