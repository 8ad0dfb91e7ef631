package device

import (
	"context"
	"crypto/ecdh"
	"crypto/rand"
	"errors"
	"fmt"

	"ruhu/internal/audit"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/id"
)

// PublicKey is what phones wrap their data keys to.
type PublicKey struct {
	ID    string `json:"id"`
	Point []byte `json:"point"` // uncompressed P-256, 65 bytes
}

const (
	selectNewestKey = `SELECT id, private FROM device_key WHERE county = $1 ORDER BY id DESC LIMIT 1`
	selectKey       = `SELECT private FROM device_key WHERE county = $1 AND id = $2`
	insertKey       = `INSERT INTO device_key (county, id, created_at, private) VALUES ($1, $2, $3, $4)`
)

// Key gives the county's public key. Returns Forbidden.
func (s *Service) Key(ctx context.Context, actor authz.Actor) (PublicKey, error) {
	var k PublicKey
	if err := actor.Require(authz.FieldUse); err != nil {
		return k, err
	}
	err := s.d.Update(ctx, func(tx *db.Tx) (err error) {
		k, err = publicKeyTx(ctx, tx, actor.County)
		return err
	})
	return k, err
}

// publicKeyTx gives the county's key; the first one who asks makes it.
func publicKeyTx(ctx context.Context, tx *db.Tx, county string) (PublicKey, error) {
	var k PublicKey
	var raw []byte
	err := tx.QueryRow(ctx, selectNewestKey, county).Scan(&k.ID, &raw)
	var private *ecdh.PrivateKey
	switch {
	case errors.Is(err, db.ErrNoRows):
		if private, err = ecdh.P256().GenerateKey(rand.Reader); err != nil {
			return k, fmt.Errorf("make office key: %w", err)
		}
		k.ID = id.New()
		if _, err := tx.Exec(ctx, insertKey, county, k.ID, tx.Now(), private.Bytes()); err != nil {
			return k, err
		}
	case err != nil:
		return k, err
	default:
		if private, err = ecdh.P256().NewPrivateKey(raw); err != nil {
			return k, fmt.Errorf("read office key: %w", err)
		}
	}
	k.Point = private.PublicKey().Bytes()
	return k, nil
}

// privateKeyTx returns Invalid "device.envelope" when the county has no such key.
func privateKeyTx(ctx context.Context, tx *db.Tx, county, keyID string) (*ecdh.PrivateKey, error) {
	keyID, err := id.Parse(keyID)
	if err != nil {
		return nil, errs.Invalid.New("device.envelope")
	}
	var raw []byte
	err = tx.QueryRow(ctx, selectKey, county, keyID).Scan(&raw)
	if errors.Is(err, db.ErrNoRows) {
		return nil, errs.Invalid.New("device.envelope")
	}
	if err != nil {
		return nil, err
	}
	return ecdh.P256().NewPrivateKey(raw)
}

// Recover gives an enumerator the data key of one of their devices back, against the password: the PIN was forgotten. Returns Forbidden,
// Invalid "account.password_old", "device.envelope", RateLimited "account.throttled", Conflict "device.replaced" when the office has given
// the device up.
func (s *Service) Recover(ctx context.Context, actor authz.Actor, device, password string, e Envelope) ([]byte, error) {
	if err := actor.Require(authz.FieldUse); err != nil {
		return nil, err
	}
	device, err := id.Parse(device)
	if err != nil {
		return nil, err
	}
	if err := s.accounts.CheckPassword(ctx, actor, password); err != nil {
		return nil, err
	}
	var key []byte
	err = s.d.Update(ctx, func(tx *db.Tx) error {
		d, err := getTx(ctx, tx, actor.County, device)
		switch {
		case err == nil && (d.Replaced || d.Wipe || !d.WipedAt.IsZero()):
			return errs.Conflict.New("device.replaced", "id", device)
		case err != nil && !errs.Is(err, errs.NotFound): // a phone that never reported is known by its envelope
			return err
		}
		private, err := privateKeyTx(ctx, tx, actor.County, e.Key)
		if err != nil {
			return err
		}
		if key, err = e.unwrap(private, actor.ID, device); err != nil {
			return err
		}
		return audit.Write(ctx, tx, actor, audit.Entry{Action: "device.recover", Object: "device", ObjectID: device})
	})
	return key, err
}
