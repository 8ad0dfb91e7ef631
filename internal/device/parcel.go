package device

import (
	"context"
	"errors"
	"io"
	"time"

	"ruhu/internal/account"
	"ruhu/internal/audit"
	"ruhu/internal/authz"
	"ruhu/internal/blob"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/region"
)

// Package is an encrypted copy of what a phone held.
type Package struct {
	SHA256     blob.Digest `json:"sha256"`
	Device     string      `json:"device"`
	Account    string      `json:"account"`
	Region     region.Code `json:"region"`
	CameAt     db.Time     `json:"came_at"`
	Forms      int         `json:"forms"`
	Drafts     int         `json:"drafts"`
	Pictures   int         `json:"pictures"`
	ImportedAt db.Time     `json:"imported_at"` // zero: not yet
}

// Parcel is a finished form out of a package.
type Parcel struct {
	Assignment string `json:"assignment"`
	InstanceID string `json:"instance_id"`
	FormHash   string `json:"form_hash"`
	Base       int    `json:"base"`
	XML        string `json:"xml"`
}

// Names of the tables in a package.
const (
	tableParcels  = "parcels"
	tableDrafts   = "drafts"
	tablePictures = "pictures"
	tableSays     = "says"
	tableGiven    = "given"
	tableAttempts = "attempts"
)

const (
	packageColumns = `sha256, device, account, region, came_at, forms, drafts, pictures, imported_at`
	selectPackage  = `SELECT ` + packageColumns + ` FROM device_package WHERE county = $1 AND sha256 = $2`
	selectPackages = `SELECT ` + packageColumns + ` FROM device_package WHERE county = $1 AND region >= $2 AND region < $3 AND (came_at, sha256) < ($4, $5)
 ORDER BY came_at DESC, sha256 DESC LIMIT $6`
	insertPackage = `INSERT INTO device_package (county, sha256, device, account, region, came_by, came_at, forms, drafts, pictures)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING`
	updateImported = `UPDATE device_package SET imported_at = $3 WHERE county = $1 AND sha256 = $2`
)

func scanPackage(scan func(...any) error) (Package, error) {
	var p Package
	err := scan(&p.SHA256, &p.Device, &p.Account, &p.Region, &p.CameAt, &p.Forms, &p.Drafts, &p.Pictures, &p.ImportedAt)
	return p, err
}

// Keep stores a package as it came, before anything in it is looked at but its shape. An enumerator leaves their own, the office brings
// those of its region; the same bytes again are the same package. Returns Forbidden, Invalid "device.bundle", NotFound "account.not_found",
// TooLarge "blob.too_large".
func (s *Service) Keep(ctx context.Context, actor authz.Actor, r io.Reader) (Package, error) {
	var out Package
	if !actor.Can(authz.FieldUse) {
		if err := actor.Require(authz.DeviceManage); err != nil {
			return out, err
		}
	}
	sha, _, err := s.blobs.Put(ctx, r, MaxBundle, "")
	if err != nil {
		return out, err
	}
	p, err := s.look(sha)
	if err != nil {
		return out, err
	}
	err = s.d.Update(ctx, func(tx *db.Tx) error {
		who, err := s.ownerTx(ctx, tx, actor, p.Account)
		if err != nil {
			return err
		}
		n, err := tx.Exec(ctx, insertPackage, actor.County, string(sha), p.Device, p.Account, who.RegionCode, actor.ID, tx.Now(), p.Forms, p.Drafts, p.Pictures)
		if err != nil {
			return err
		}
		if n > 0 {
			err = audit.Write(ctx, tx, actor, audit.Entry{
				Action: "device.package", Object: "device", ObjectID: p.Device, Place: who.RegionCode, Detail: map[string]any{"sha256": sha, "forms": p.Forms, "drafts": p.Drafts},
			})
			if err != nil {
				return err
			}
		}
		out, err = packageTx(ctx, tx, actor.County, sha)
		return err
	})
	return out, err
}

// ownerTx gives the account that a package belongs to, if the actor may handle it.
func (s *Service) ownerTx(ctx context.Context, tx *db.Tx, actor authz.Actor, accountID string) (account.Account, error) {
	as, err := s.accounts.ByIDsTx(ctx, tx, actor.County, []string{accountID})
	if err != nil {
		return account.Account{}, err
	}
	who, ok := as[accountID]
	mine := actor.Can(authz.DeviceManage) && actor.Sees(who.RegionCode) || actor.ID == accountID
	if !ok || !mine {
		return who, errs.NotFound.New("account.not_found", "id", accountID)
	}
	return who, nil
}

// look counts what is in a package without a key.
func (s *Service) look(sha blob.Digest) (Package, error) {
	var p Package
	f, err := s.blobs.Open(sha)
	if err != nil {
		return p, err
	}
	defer func() { _ = f.Close() }() // only read
	b, err := ReadBundle(f)
	if err != nil {
		return p, err
	}
	p.Device, p.Account = b.Head.Device, b.Head.Account
	for {
		table, _, _, err := b.Next()
		if isEnd(err) {
			return p, nil
		}
		if err != nil {
			return p, err
		}
		switch table {
		case tableParcels:
			p.Forms++
		case tableDrafts:
			p.Drafts++
		case tablePictures:
			p.Pictures++
		}
	}
}

func packageTx(ctx context.Context, tx *db.Tx, county string, sha blob.Digest) (Package, error) {
	p, err := scanPackage(tx.QueryRow(ctx, selectPackage, county, string(sha)).Scan)
	if errors.Is(err, db.ErrNoRows) {
		return p, errs.NotFound.New("device.no_package", "sha256", string(sha))
	}
	return p, err
}

// Packages lists those of the actor's region, the latest first. Returns Forbidden.
func (s *Service) Packages(ctx context.Context, actor authz.Actor, limit int) ([]Package, error) {
	if err := actor.Require(authz.DeviceRead); err != nil {
		return nil, err
	}
	lo, hi := actor.Scope()
	var out []Package
	err := s.d.View(ctx, func(tx *db.Tx) (err error) {
		out, err = db.List(ctx, tx, scanPackage, selectPackages, actor.County, lo, hi, tx.Now().Add(24*time.Hour), "", limit)
		return err
	})
	return out, err
}

// Import opens a package with the county's key: pictures go to the blobs, what else was on its way goes to deliver, as the enumerator whose
// phone it was. It may be repeated. Drafts are not forms yet: they are counted, and gone on with on a phone. Returns Forbidden, NotFound
// "device.no_package", Invalid "device.envelope", "device.row", "device.bundle", and what deliver returns.
func (s *Service) Import(ctx context.Context, actor authz.Actor, sha blob.Digest, deliver func(ctx context.Context, who authz.Actor, device string, c Contents) error) (Package, error) {
	var p Package
	if err := actor.Require(authz.DeviceManage); err != nil {
		return p, err
	}
	var who account.Account
	err := s.d.View(ctx, func(tx *db.Tx) (err error) {
		if p, err = packageTx(ctx, tx, actor.County, sha); err != nil {
			return err
		}
		who, err = s.ownerTx(ctx, tx, actor, p.Account)
		return err
	})
	if err != nil {
		return p, err
	}
	held, err := s.unpack(ctx, actor.County, sha)
	if err == nil {
		err = deliver(ctx, who.Actor(), p.Device, held)
	}
	if err != nil {
		return p, err
	}
	err = s.d.Update(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, updateImported, actor.County, string(sha), tx.Now()); err != nil {
			return err
		}
		err := audit.Write(ctx, tx, actor, audit.Entry{
			Action: "device.import", Object: "device", ObjectID: p.Device, Place: p.Region, Detail: held.detail(sha),
		})
		if err != nil {
			return err
		}
		p, err = packageTx(ctx, tx, actor.County, sha)
		return err
	})
	return p, err
}

func (s *Service) opener(ctx context.Context, county string, h BundleHead) (*Opener, error) {
	var o *Opener
	err := s.d.View(ctx, func(tx *db.Tx) error {
		private, err := privateKeyTx(ctx, tx, county, h.Envelope.Key)
		if err != nil {
			return err
		}
		key, err := h.Envelope.unwrap(private, h.Account, h.Device)
		if err != nil {
			return err
		}
		o, err = NewOpener(key, h.Device)
		return err
	})
	return o, err
}
