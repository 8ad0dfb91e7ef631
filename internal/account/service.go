package account

import (
	"context"
	"errors"
	"runtime"
	"strings"

	"ruhu/internal/audit"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/region"
)

// Options for New. The zero value is right for production.
type Options struct {
	Cost Cost // of a password hash; zero means DefaultCost. Tests take a cheap one.
}

// Service keeps accounts and sessions. It is safe for many goroutines.
type Service struct {
	d    *db.DB
	hash *hasher
	seen sessionCache
}

// New makes a Service over d.
func New(d *db.DB, o Options) *Service {
	if o.Cost == (Cost{}) {
		o.Cost = DefaultCost
	}
	return &Service{d: d, hash: newHasher(o.Cost, max(1, runtime.GOMAXPROCS(0)))}
}

// Get gives an account of the actor's region. Returns NotFound "account.not_found", Invalid "id.malformed".
func (s *Service) Get(ctx context.Context, actor authz.Actor, accountID string) (Account, error) {
	accountID, err := id.Parse(accountID)
	if err != nil {
		return Account{}, err
	}
	var a Account
	err = s.d.View(ctx, func(tx *db.Tx) (err error) {
		a, err = visibleTx(ctx, tx, actor, accountID)
		return err
	})
	return a, err
}

func visibleTx(ctx context.Context, tx *db.Tx, actor authz.Actor, accountID string) (Account, error) {
	a, err := byIDTx(ctx, tx, actor.County, accountID)
	if err != nil {
		return a, err
	}
	if !actor.Sees(a.RegionCode) {
		return Account{}, errs.NotFound.New("account.not_found", "id", accountID)
	}
	as := []Account{a}
	err = nameRegions(ctx, tx, as)
	return as[0], err
}

// Filter narrows List.
type Filter struct {
	Role   authz.Role // "" is all
	Query  string     // part of login name or name
	Cursor string     // as List gave it
	Limit  int        // see db.PageSize
}

// List gives the accounts of the actor's region in the order of login names, and the cursor of the next page ("" at the end).
// Returns Forbidden "authz.forbidden".
func (s *Service) List(ctx context.Context, actor authz.Actor, f Filter) ([]Account, string, error) {
	if err := actor.Require(authz.AccountRead); err != nil {
		return nil, "", err
	}
	f.Limit = db.PageSize(f.Limit)
	like := ""
	if q := strings.TrimSpace(f.Query); q != "" {
		like = "%" + strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(q) + "%"
	}
	lo, hi := actor.Scope()
	var out []Account
	err := s.d.View(ctx, func(tx *db.Tx) (err error) {
		out, err = db.List(ctx, tx, scanAccount, selectPage, actor.County, lo, hi, f.Cursor, string(f.Role), like, f.Limit+1)
		if err != nil {
			return err
		}
		return nameRegions(ctx, tx, out)
	})
	if err != nil || len(out) <= f.Limit {
		return out, "", err
	}
	out = out[:f.Limit]
	return out, out[f.Limit-1].Account, nil
}

// Put makes or changes the account with this id (made by the caller). The account, as it is and as it becomes, must lie in the
// actor's region. Returns Forbidden "authz.forbidden", NotFound "account.not_found", Invalid "account.…", "region.not_found",
// Conflict "account.taken", "account.self" (nobody takes away their own access).
func (s *Service) Put(ctx context.Context, actor authz.Actor, accountID string, in Input) (Account, error) {
	if err := actor.Require(authz.AccountManage); err != nil {
		return Account{}, err
	}
	accountID, err := id.Parse(accountID)
	if err != nil {
		return Account{}, err
	}
	if err := in.check(); err != nil {
		return Account{}, err
	}
	if !actor.Sees(in.RegionCode) {
		return Account{}, errs.NotFound.New("region.not_found", "code", string(in.RegionCode))
	}
	password, pin, err := s.secrets(ctx, in)
	if err != nil {
		return Account{}, err
	}
	var out Account
	err = s.d.Update(ctx, func(tx *db.Tx) error {
		out, err = s.putTx(ctx, tx, actor, accountID, in, password, pin)
		return err
	})
	return out, err
}

// secrets hashes what Put is given, before the transaction: hashing takes long.
func (s *Service) secrets(ctx context.Context, in Input) (password string, pin *PIN, err error) {
	if in.Password != "" {
		if password, err = s.hash.hash(ctx, in.Password); err != nil {
			return "", nil, err
		}
	}
	if in.PIN != "" {
		p, err := newPIN(in.PIN)
		if err != nil {
			return "", nil, err
		}
		pin = &p
	}
	return password, pin, nil
}

func (s *Service) putTx(ctx context.Context, tx *db.Tx, actor authz.Actor, accountID string, in Input, password string, pin *PIN) (Account, error) {
	old, err := byIDTx(ctx, tx, actor.County, accountID)
	isNew := errs.Is(err, errs.NotFound)
	if err != nil && !isNew {
		return Account{}, err
	}
	if !isNew && !actor.Sees(old.RegionCode) {
		return Account{}, errs.NotFound.New("account.not_found", "id", accountID)
	}
	if accountID == actor.ID && (in.Disabled || in.Role != old.Role || in.RegionCode != old.RegionCode) {
		return Account{}, errs.Conflict.New("account.self")
	}
	for _, c := range []region.Code{in.RegionCode, in.HomeVillage} {
		if c == "" {
			continue
		}
		if _, err := region.GetTx(ctx, tx, c); err != nil {
			return Account{}, err
		}
	}
	if err := writeTx(ctx, tx, actor.County, accountID, in, isNew); err != nil {
		return Account{}, err
	}
	if password != "" {
		if _, err := tx.Exec(ctx, updatePassword, actor.County, accountID, password); err != nil {
			return Account{}, err
		}
	}
	if pin != nil {
		if _, err := tx.Exec(ctx, updatePIN, actor.County, accountID, db.AsJSON(*pin)); err != nil {
			return Account{}, err
		}
	}
	if !isNew && accountID != actor.ID && (password != "" || in.Disabled) {
		if _, err := tx.Exec(ctx, deleteSessions, actor.County, accountID, ""); err != nil {
			return Account{}, err
		}
	}
	tx.AfterCommit(s.seen.clear) // role, region or name may have changed
	err = audit.Write(ctx, tx, actor, audit.Entry{
		Action: "account.put", Object: "account", ObjectID: accountID, Place: in.RegionCode,
		Detail: map[string]any{"new": isNew, "role": in.Role, "disabled": in.Disabled, "password": password != "", "pin": pin != nil},
	})
	if err != nil {
		return Account{}, err
	}
	return visibleTx(ctx, tx, actor, accountID)
}

// PINSet reports whether the actor has a PIN.
func (s *Service) PINSet(ctx context.Context, actor authz.Actor) (bool, error) {
	var set bool
	err := s.d.View(ctx, func(tx *db.Tx) error {
		pins, err := s.PINsTx(ctx, tx, actor.County, []string{actor.ID})
		_, set = pins[actor.ID]
		return err
	})
	return set, err
}

// SetPIN sets the actor's own PIN, six digits. Returns Invalid "account.pin_form".
func (s *Service) SetPIN(ctx context.Context, actor authz.Actor, digits string) error {
	if err := checkPIN(digits); err != nil {
		return err
	}
	p, err := newPIN(digits)
	if err != nil {
		return err
	}
	return s.d.Update(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, updatePIN, actor.County, actor.ID, db.AsJSON(p)); err != nil {
			return err
		}
		return audit.Write(ctx, tx, actor, audit.Entry{Action: "account.pin", Object: "account", ObjectID: actor.ID})
	})
}

// SetPassword changes the actor's own password and ends their other sessions; token is the one that stays. Guessing the old
// password is braked like a login. Returns Invalid "account.password_old", "account.password_weak", RateLimited "account.throttled".
func (s *Service) SetPassword(ctx context.Context, actor authz.Actor, token, old, fresh string) error {
	if err := checkPassword(actor.Account, fresh); err != nil {
		return err
	}
	if err := s.CheckPassword(ctx, actor, old); err != nil {
		return err
	}
	hashed, err := s.hash.hash(ctx, fresh)
	if err != nil {
		return err
	}
	return s.d.Update(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, updatePassword, actor.County, actor.ID, hashed); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, deleteSessions, actor.County, actor.ID, digestOf(token)); err != nil {
			return err
		}
		tx.AfterCommit(s.seen.clear)
		return audit.Write(ctx, tx, actor, audit.Entry{Action: "account.password", Object: "account", ObjectID: actor.ID})
	})
}

func (s *Service) secret(ctx context.Context, county, accountID string) (stored string, err error) {
	err = s.d.View(ctx, func(tx *db.Tx) error {
		err := tx.QueryRow(ctx, selectSecret, county, accountID).Scan(&stored)
		if errors.Is(err, db.ErrNoRows) {
			return errs.NotFound.New("account.not_found", "id", accountID)
		}
		return err
	})
	return stored, err
}
