package device

import (
	"context"
	"crypto/ecdh"
	"crypto/sha256"
	"encoding/hex"

	"ruhu/internal/audit"
	"ruhu/internal/authz"
	"ruhu/internal/db"
)

// LoggedBadges are the keys in the log.
var LoggedBadges = audit.NewTable("device_badge", 2, "device, digest, account, point:bytes, at:time")

// maxBadgeKeys is how many a device may have: one, and again one for each time that the phone has lost it.
const maxBadgeKeys = 8

const (
	insertBadge  = `INSERT INTO device_badge (county, device, digest, account, point, at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`
	countBadges  = `SELECT count(*), count(*) FILTER (WHERE digest = $3) FROM device_badge WHERE county = $1 AND device = $2`
	selectBadges = `SELECT b.account, b.device, b.point, d.replaced, d.wipe, d.ordered_at, d.wiped_at FROM device_badge b
 JOIN device d ON d.county = b.county AND d.id = b.device WHERE b.county = $1 AND `
	orderBadges = ` ORDER BY b.account, b.device, b.digest`
)

// badgeTx keeps the key of a device and tells whether it is known. What is no key is not: the phone goes on without a badge.
func badgeTx(ctx context.Context, tx *db.Tx, actor authz.Actor, d Device, point []byte) (bool, error) {
	if _, err := ecdh.P256().NewPublicKey(point); err != nil || d.Replaced || d.Wipe || !d.WipedAt.IsZero() {
		return false, nil
	}
	sum := sha256.Sum256(point)
	digest := hex.EncodeToString(sum[:])
	var all, same int
	if err := tx.QueryRow(ctx, countBadges, actor.County, d.ID, digest).Scan(&all, &same); err != nil {
		return false, err
	}
	if same > 0 || all >= maxBadgeKeys {
		return same > 0, nil
	}
	row := []any{actor.County, d.ID, digest, actor.ID, point, tx.Now()}
	if n, err := tx.Exec(ctx, insertBadge, row...); err != nil || n == 0 {
		return err == nil, err
	}
	return true, audit.LogTx(ctx, tx, LoggedBadges, row)
}

// BadgeKeysTx gives the keys of devices.
func BadgeKeysTx(ctx context.Context, tx *db.Tx, county string, devices []string) ([]BadgeKey, error) {
	return badgeKeys(ctx, tx, county, `b.device`, devices)
}

// BadgesOfTx gives the keys of accounts that are good now.
func BadgesOfTx(ctx context.Context, tx *db.Tx, county string, accounts []string) (map[string][]BadgeKey, error) {
	keys, err := badgeKeys(ctx, tx, county, `b.account`, accounts)
	out := map[string][]BadgeKey{}
	for _, k := range keys {
		if k.Ended.IsZero() {
			out[k.Account] = append(out[k.Account], k)
		}
	}
	return out, err
}

func badgeKeys(ctx context.Context, tx *db.Tx, county, column string, ids []string) ([]BadgeKey, error) {
	var out []BadgeKey
	for len(ids) > 0 {
		part := ids[:min(500, len(ids))]
		ids = ids[len(part):]
		in, args := db.In(2, part...)
		got, err := db.List(ctx, tx, scanBadge, selectBadges+column+` IN (`+in+`)`+orderBadges, append([]any{county}, args...)...)
		if err != nil {
			return nil, err
		}
		out = append(out, got...)
	}
	return out, nil
}

// scanBadge reads a key; it ends with the first order that gives the phone up, or when the phone has cleared itself.
func scanBadge(scan func(...any) error) (BadgeKey, error) {
	var k BadgeKey
	var replaced, wipe bool
	var ordered, wiped db.Time
	err := scan(&k.Account, &k.Device, &k.Point, &replaced, &wipe, &ordered, &wiped)
	if replaced || wipe {
		k.Ended = ordered
	}
	if k.Ended.IsZero() {
		k.Ended = wiped
	}
	return k, err
}
