package account

import (
	"context"
	"errors"
	"math"
	"time"

	"ruhu/internal/db"
	"ruhu/internal/errs"
)

// brake is one count of attempts: after free of them each further one makes the next wait, twice as long every time.
type brake struct {
	key  string
	free int64
}

func accountBrake(account string) brake { return brake{"account:" + account, 5} }

// addressBrake is wider: a whole township office may come from one address.
func addressBrake(address string) brake { return brake{"address:" + address, 40} }

const (
	nowhere   = "000000" // the county is not known before the login
	firstWait = 15 * time.Second
	maxWait   = 15 * time.Minute
	forgetIn  = 24 * time.Hour // a count that rests for so long starts again
)

const (
	selectAttempt = `SELECT tries, last_at, until_at FROM account_attempt WHERE county = $1 AND key = $2`
	upsertAttempt = `INSERT INTO account_attempt (county, key, tries, last_at, until_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (county, key) DO UPDATE SET tries = excluded.tries, last_at = excluded.last_at, until_at = excluded.until_at`
	lockAttempt = `INSERT INTO account_attempt (county, key, tries, last_at, until_at) VALUES ($1, $2, 0, $3, NULL)
ON CONFLICT (county, key) DO UPDATE SET county = excluded.county`
	deleteAttempt = `DELETE FROM account_attempt WHERE county = $1 AND key = $2`
	lowerAttempt  = `UPDATE account_attempt SET tries = tries - 1, until_at = NULL WHERE county = $1 AND key = $2 AND tries > 0`
	deleteOld     = `DELETE FROM account_attempt WHERE county = $1 AND last_at < $2`
)

func waitAfter(b brake, tries int64) time.Duration {
	over := tries - b.free
	if over < 0 {
		return 0
	}
	return min(maxWait, time.Duration(float64(firstWait)*math.Pow(2, float64(min(over, 20)))))
}

// attempt counts one attempt on every key, or refuses it when one of them has to wait.
func (s *Service) attempt(ctx context.Context, keys []brake) error {
	return s.d.Update(ctx, func(tx *db.Tx) error {
		now := tx.Now()
		if _, err := tx.Exec(ctx, deleteOld, nowhere, now.Add(-forgetIn)); err != nil {
			return err
		}
		tries := make([]int64, len(keys))
		for i, k := range keys {
			// The upsert that changes nothing takes the row's lock: attempts on one key come one after the other.
			if _, err := tx.Exec(ctx, lockAttempt, nowhere, k.key, now); err != nil {
				return err
			}
			var last, until db.Time
			err := tx.QueryRow(ctx, selectAttempt, nowhere, k.key).Scan(&tries[i], &last, &until)
			if err != nil && !errors.Is(err, db.ErrNoRows) {
				return err
			}
			if now.Before(until) {
				left := until.Time().Sub(now.Time())
				return errs.RateLimited.New("account.throttled", "seconds", int(math.Ceil(left.Seconds())))
			}
		}
		for i, k := range keys {
			var until db.Time
			if w := waitAfter(k, tries[i]+1); w > 0 {
				until = now.Add(w)
			}
			if _, err := tx.Exec(ctx, upsertAttempt, nowhere, k.key, tries[i]+1, now, until); err != nil {
				return err
			}
		}
		return nil
	})
}

// forgetTx is called when the password was right: the account's count is cleared, the address gets this attempt back.
func forgetTx(ctx context.Context, tx *db.Tx, keys []brake) error {
	for i, k := range keys {
		q := deleteAttempt
		if i > 0 {
			q = lowerAttempt
		}
		if _, err := tx.Exec(ctx, q, nowhere, k.key); err != nil {
			return err
		}
	}
	return nil
}
