package device

import (
	"context"
	"errors"

	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
)

const (
	deviceColumns = `id, account, region, label, first_at, seen_at, queued, drafts, media, kept, free_mb, replaced, wipe, ordered_at, wiped_at`

	selectDevice    = `SELECT ` + deviceColumns + ` FROM device WHERE county = $1 AND id = $2`
	selectOfAccount = `SELECT ` + deviceColumns + ` FROM device WHERE county = $1 AND account = $2 ORDER BY seen_at DESC, id`
	selectReplaced  = `SELECT id FROM device WHERE county = $1 AND replaced AND id IN (`
	upsertDevice    = `INSERT INTO device (county, id, account, region, label, first_at, seen_at, queued, drafts, media, kept, free_mb, replaced, wipe)
VALUES ($1, $2, $3, $4, $5, $6, $6, $7, $8, $9, $10, $11, FALSE, FALSE)
ON CONFLICT (county, id) DO UPDATE SET region = excluded.region, label = excluded.label, seen_at = excluded.seen_at, queued = excluded.queued,
 drafts = excluded.drafts, media = excluded.media, kept = excluded.kept, free_mb = excluded.free_mb WHERE device.account = excluded.account`
	updateOrder = `UPDATE device SET replaced = $3, wipe = $4, ordered_at = $5 WHERE county = $1 AND id = $2`
	updateWiped = `UPDATE device SET wiped_at = $3, queued = 0, drafts = 0, media = 0 WHERE county = $1 AND id = $2 AND wiped_at IS NULL`
)

func scanDevice(scan func(...any) error) (Device, error) {
	var d Device
	err := scan(&d.ID, &d.Account, &d.Region, &d.Label, &d.FirstAt, &d.SeenAt, &d.Queued, &d.Drafts, &d.Media, &d.Kept, &d.FreeMB,
		&d.Replaced, &d.Wipe, &d.OrderedAt, &d.WipedAt)
	return d, err
}

// getTx returns NotFound "device.not_found".
func getTx(ctx context.Context, tx *db.Tx, county, device string) (Device, error) {
	d, err := scanDevice(tx.QueryRow(ctx, selectDevice, county, device).Scan)
	if errors.Is(err, db.ErrNoRows) {
		return d, errs.NotFound.New("device.not_found", "id", device)
	}
	return d, err
}

func helloTx(ctx context.Context, tx *db.Tx, actor authz.Actor, r Report) (Device, error) {
	n, err := tx.Exec(ctx, upsertDevice, actor.County, r.Device, actor.ID, actor.Region, r.Label, tx.Now(), r.Queued, r.Drafts, r.Media, r.Kept, r.FreeMB)
	if err != nil {
		return Device{}, err
	}
	if n == 0 {
		return Device{}, errs.Conflict.New("device.other_account", "id", r.Device)
	}
	return getTx(ctx, tx, actor.County, r.Device)
}
