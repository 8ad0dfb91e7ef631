package account

import (
	"context"

	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
)

// CheckPassword makes sure that the person at the other end is the actor, not somebody who found an open session. Guessing is
// braked like a login. Returns Invalid "account.password_old", RateLimited "account.throttled".
func (s *Service) CheckPassword(ctx context.Context, actor authz.Actor, password string) error {
	keys := []brake{accountBrake(actor.Account)}
	if err := s.attempt(ctx, keys); err != nil {
		return err
	}
	stored, err := s.secret(ctx, actor.County, actor.ID)
	if err != nil {
		return err
	}
	ok, err := s.hash.verify(ctx, password, stored)
	if err != nil {
		return err
	}
	if !ok {
		return errs.Invalid.New("account.password_old", "field", "old")
	}
	return s.d.Update(ctx, func(tx *db.Tx) error { return forgetTx(ctx, tx, keys) })
}
