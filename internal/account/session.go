package account

import (
	"context"
	"encoding/base64"
	"errors"
	"strings"
	"sync"
	"time"

	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
)

// Idle times after which a session ends. An enumerator's phone may be out of reach for weeks.
const (
	OfficeIdle = 12 * time.Hour
	PhoneIdle  = 30 * 24 * time.Hour
	// touchEvery is how old "last seen" may be before it is written again.
	touchEvery = 10 * time.Minute
)

// IdleOf is how long a session of this role lives without a request.
func IdleOf(r authz.Role) time.Duration {
	if r == authz.Enumerator {
		return PhoneIdle
	}
	return OfficeIdle
}

const (
	insertSession = `INSERT INTO account_session (county, digest, account_id, created_at, seen_at) VALUES ($1, $2, $3, $4, $5)`
	selectSession = `SELECT s.seen_at, ` + sessionPerson + ` FROM account_session s JOIN account_person p ON p.county = s.county AND p.id = s.account_id
WHERE s.county = $1 AND s.digest = $2 AND NOT p.disabled`
	sessionPerson  = `p.county, p.id, p.account, p.name, p.role, p.region_code, p.home_village, p.from_county, p.unit, p.disabled, p.created_at`
	touchSession   = `UPDATE account_session SET seen_at = $3 WHERE county = $1 AND digest = $2`
	deleteSession  = `DELETE FROM account_session WHERE county = $1 AND digest = $2`
	deleteSessions = `DELETE FROM account_session WHERE county = $1 AND account_id = $2 AND digest <> $3`
	deleteStale    = `DELETE FROM account_session WHERE county = $1 AND account_id = $2 AND seen_at < $3`
)

// Login checks the password and opens a session. address is where the request came from. The token goes into the cookie.
// Returns Unauthenticated "account.login" for a wrong password, an unknown and a disabled account alike, RateLimited
// "account.throttled" with field seconds.
func (s *Service) Login(ctx context.Context, account, password, address string) (token string, actor authz.Actor, err error) {
	account = normal(account)
	if len(account) > 200 || len(password) > 1000 {
		return "", actor, errs.Unauthenticated.New("account.login")
	}
	keys := []brake{accountBrake(account), addressBrake(address)}
	if err := s.attempt(ctx, keys); err != nil {
		return "", actor, err
	}
	who, stored, err := s.find(ctx, account)
	if err != nil {
		return "", actor, err
	}
	ok, err := s.hash.verify(ctx, password, stored)
	if err != nil {
		return "", actor, err
	}
	if !ok || who.Disabled {
		return "", actor, errs.Unauthenticated.New("account.login")
	}
	token, err = s.open(ctx, who, keys)
	return token, who.Actor(), err
}

// find gives the account and its stored hash; the zero Account when there is none.
func (s *Service) find(ctx context.Context, account string) (who Account, stored string, err error) {
	err = s.d.View(ctx, func(tx *db.Tx) error {
		var county, id string
		err := tx.QueryRow(ctx, selectLogin, account).Scan(&county, &id)
		if errors.Is(err, db.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		if who, err = byIDTx(ctx, tx, county, id); err != nil {
			return err
		}
		return tx.QueryRow(ctx, selectSecret, county, id).Scan(&stored)
	})
	return who, stored, err
}

func (s *Service) open(ctx context.Context, who Account, keys []brake) (string, error) {
	// The county leads the token, because sessions are kept by county.
	token := who.County + "." + base64.RawURLEncoding.EncodeToString(random(32))
	err := s.d.Update(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, deleteStale, who.County, who.ID, tx.Now().Add(-IdleOf(who.Role))); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, insertSession, who.County, digestOf(token), who.ID, tx.Now(), tx.Now()); err != nil {
			return err
		}
		return forgetTx(ctx, tx, keys)
	})
	return token, err
}

// Session gives the person of a token; renewed says that its time has begun anew. The answer is kept for a few seconds; changes of
// accounts made through this process are seen at once. Returns Unauthenticated "account.session".
func (s *Service) Session(ctx context.Context, token string) (who authz.Actor, renewed bool, err error) {
	county, _, ok := strings.Cut(token, ".")
	if !ok || len(county) != 6 || len(token) > 100 {
		return who, false, errs.Unauthenticated.New("account.session")
	}
	digest, now := digestOf(token), s.d.Now()
	if a, ok := s.seen.get(digest, now.Time()); ok {
		return a, false, nil
	}
	generation := s.seen.generation()
	a, seen, err := s.findSession(ctx, county, digest)
	if err != nil {
		return who, false, err
	}
	if seen.Add(IdleOf(a.Role)).Before(now) {
		return who, false, errs.Unauthenticated.New("account.session")
	}
	if renewed = seen.Add(touchEvery).Before(now); renewed {
		err := s.d.Update(ctx, func(tx *db.Tx) error { _, err := tx.Exec(ctx, touchSession, county, digest, tx.Now()); return err })
		if err != nil {
			return who, false, err
		}
	}
	s.seen.put(digest, a.Actor(), now.Time(), generation)
	return a.Actor(), renewed, nil
}

func (s *Service) findSession(ctx context.Context, county, digest string) (a Account, seen db.Time, err error) {
	err = s.d.View(ctx, func(tx *db.Tx) error {
		err := tx.QueryRow(ctx, selectSession, county, digest).Scan(&seen, &a.County, &a.ID, &a.Account, &a.Name, (*string)(&a.Role),
			&a.RegionCode, &a.HomeVillage, &a.FromCounty, &a.Unit, &a.Disabled, &a.CreatedAt)
		if errors.Is(err, db.ErrNoRows) {
			return errs.Unauthenticated.New("account.session")
		}
		return err
	})
	return a, seen, err
}

// Logout ends a session. Ending one that is gone is no error.
func (s *Service) Logout(ctx context.Context, token string) error {
	county, _, _ := strings.Cut(token, ".")
	if len(county) != 6 {
		return nil
	}
	return s.d.Update(ctx, func(tx *db.Tx) error {
		tx.AfterCommit(s.seen.clear)
		_, err := tx.Exec(ctx, deleteSession, county, digestOf(token))
		return err
	})
}

// sessionCache remembers who a token belongs to for a few seconds, so that a burst of requests reads the table once.
type sessionCache struct {
	mu  sync.Mutex
	m   map[string]cached
	gen int // counts clears: an answer read before a clear must not be kept after it
}

type cached struct {
	actor authz.Actor
	until time.Time
}

const (
	cacheFor = 5 * time.Second
	cacheMax = 10_000
)

func (c *sessionCache) get(digest string, now time.Time) (authz.Actor, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.m[digest]
	return e.actor, ok && now.Before(e.until)
}

func (c *sessionCache) generation() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.gen
}

func (c *sessionCache) put(digest string, a authz.Actor, now time.Time, gen int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if gen != c.gen {
		return
	}
	if c.m == nil || len(c.m) >= cacheMax {
		c.m = map[string]cached{}
	}
	c.m[digest] = cached{a, now.Add(cacheFor)}
}

func (c *sessionCache) clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.gen++
	c.m = nil
}
