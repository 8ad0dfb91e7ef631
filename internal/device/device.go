package device

import (
	"context"
	"unicode/utf8"

	"ruhu/internal/account"
	"ruhu/internal/audit"
	"ruhu/internal/authz"
	"ruhu/internal/blob"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/region"
)

// Device is a phone as the office sees it.
type Device struct {
	ID        string      `json:"id"`
	Account   string      `json:"account"` // account id
	Region    region.Code `json:"region"`
	Label     string      `json:"label"`
	FirstAt   db.Time     `json:"first_at"`
	SeenAt    db.Time     `json:"seen_at"`
	Queued    int         `json:"queued"`
	Drafts    int         `json:"drafts"`
	Media     int         `json:"media"`
	Kept      bool        `json:"kept"`
	FreeMB    int         `json:"free_mb"`
	Replaced  bool        `json:"replaced"`
	Wipe      bool        `json:"wipe"`
	OrderedAt db.Time     `json:"ordered_at"`
	WipedAt   db.Time     `json:"wiped_at"`
}

// Report is what a phone says of itself at each contact.
type Report struct {
	Device string `json:"device"`
	Label  string `json:"label"`
	Queued int    `json:"queued"`  // finished forms on it that have not arrived
	Drafts int    `json:"drafts"`  // forms that are being filled in
	Media  int    `json:"media"`   // pictures of arrived forms that have not arrived
	Kept   bool   `json:"kept"`    // the browser promised to keep the data
	FreeMB int    `json:"free_mb"` // -1: not known
	Badge  []byte `json:"badge"`   // the key that its badges are signed with: uncompressed P-256, 65 bytes; null: it has none
}

// Welcome is what a phone hears.
type Welcome struct {
	Device Device
	Key    PublicKey // the county's
	Badge  bool      // the key of its badges is known
}

// Order is what the office says of a device.
type Order struct {
	Replaced bool `json:"replaced"`
	Wipe     bool `json:"wipe"`
}

// Service keeps the devices. It is safe for many goroutines.
type Service struct {
	d        *db.DB
	accounts *account.Service
	blobs    *blob.Store
}

// NewService makes a Service.
func NewService(d *db.DB, accounts *account.Service, blobs *blob.Store) *Service {
	return &Service{d, accounts, blobs}
}

const (
	maxLabel = 120
	maxCount = 1 << 20
)

func (r *Report) check() error {
	var err error
	if r.Device, err = id.Parse(r.Device); err != nil {
		return err
	}
	if n := utf8.RuneCountInString(r.Label); n > maxLabel {
		r.Label = string([]rune(r.Label)[:maxLabel])
	}
	for _, n := range []*int{&r.Queued, &r.Drafts, &r.Media} {
		*n = min(max(*n, 0), maxCount)
	}
	r.FreeMB = min(max(r.FreeMB, -1), maxCount)
	return nil
}

// Hello notes a contact and gives the device as it stands, with the county's public key. Returns Forbidden, Invalid "id.malformed", Conflict
// "device.other_account" when the id belongs to somebody else.
func (s *Service) Hello(ctx context.Context, actor authz.Actor, r Report) (Welcome, error) {
	var out Welcome
	if err := actor.Require(authz.FieldUse); err != nil {
		return out, err
	}
	if err := r.check(); err != nil {
		return out, err
	}
	err := s.d.Update(ctx, func(tx *db.Tx) (err error) {
		if out.Key, err = publicKeyTx(ctx, tx, actor.County); err != nil {
			return err
		}
		if out.Device, err = helloTx(ctx, tx, actor, r); err != nil {
			return err
		}
		out.Badge, err = badgeTx(ctx, tx, actor, out.Device, r.Badge)
		return err
	})
	return out, err
}

// Wiped notes that a device has cleared itself. Returns Forbidden, NotFound "device.not_found".
func (s *Service) Wiped(ctx context.Context, actor authz.Actor, device string) error {
	if err := actor.Require(authz.FieldUse); err != nil {
		return err
	}
	device, err := id.Parse(device)
	if err != nil {
		return err
	}
	return s.d.Update(ctx, func(tx *db.Tx) error {
		d, err := getTx(ctx, tx, actor.County, device)
		if err != nil {
			return err
		}
		if d.Account != actor.ID {
			return errs.NotFound.New("device.not_found", "id", device)
		}
		if _, err := tx.Exec(ctx, updateWiped, actor.County, device, tx.Now()); err != nil {
			return err
		}
		return audit.Write(ctx, tx, actor, audit.Entry{Action: "device.wiped", Object: "device", ObjectID: device, Place: d.Region})
	})
}

// List gives the devices of an account of the actor's region, the latest seen first. Returns Forbidden, NotFound "account.not_found".
func (s *Service) List(ctx context.Context, actor authz.Actor, accountID string) ([]Device, error) {
	if err := actor.Require(authz.DeviceRead); err != nil {
		return nil, err
	}
	who, err := s.accounts.Get(ctx, actor, accountID)
	if err != nil {
		return nil, err
	}
	var out []Device
	err = s.d.View(ctx, func(tx *db.Tx) (err error) {
		out, err = db.List(ctx, tx, scanDevice, selectOfAccount, actor.County, who.ID)
		return err
	})
	return out, err
}

// Order says what becomes of a device of the actor's region. Returns Forbidden, NotFound "device.not_found", Conflict "device.wiped" when it
// has cleared itself already.
func (s *Service) Order(ctx context.Context, actor authz.Actor, device string, o Order) (Device, error) {
	var out Device
	if err := actor.Require(authz.DeviceManage); err != nil {
		return out, err
	}
	device, err := id.Parse(device)
	if err != nil {
		return out, err
	}
	err = s.d.Update(ctx, func(tx *db.Tx) error {
		d, err := getTx(ctx, tx, actor.County, device)
		if err != nil {
			return err
		}
		if !actor.Sees(d.Region) {
			return errs.NotFound.New("device.not_found", "id", device)
		}
		if !d.WipedAt.IsZero() {
			return errs.Conflict.New("device.wiped", "id", device)
		}
		if _, err := tx.Exec(ctx, updateOrder, actor.County, device, o.Replaced, o.Wipe, tx.Now()); err != nil {
			return err
		}
		err = audit.Write(ctx, tx, actor, audit.Entry{
			Action: "device.order", Object: "device", ObjectID: device, Place: d.Region, Detail: o,
		})
		if err != nil {
			return err
		}
		out, err = getTx(ctx, tx, actor.County, device)
		return err
	})
	return out, err
}

// ReplacedTx tells which of devices another phone has taken the place of. Ids that are not known are absent.
func ReplacedTx(ctx context.Context, tx *db.Tx, county string, devices []string) (map[string]bool, error) {
	out := map[string]bool{}
	for len(devices) > 0 {
		part := devices[:min(500, len(devices))]
		devices = devices[len(part):]
		in, args := db.In(2, part...)
		err := tx.Query(ctx, selectReplaced+in+`)`, append([]any{county}, args...), func(scan func(...any) error) error {
			var k string
			err := scan(&k)
			out[k] = true
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// InUseTx says whether a device may be given what its owner may read. Returns NotFound "device.not_found" when it is not the actor's or has never
// reported, Conflict "device.given_up" when the office has given it up or it was cleared.
func InUseTx(ctx context.Context, tx *db.Tx, actor authz.Actor, device string) error {
	d, err := getTx(ctx, tx, actor.County, device)
	if err != nil {
		return err
	}
	switch {
	case d.Account != actor.ID:
		return errs.NotFound.New("device.not_found", "id", device)
	case d.Replaced || d.Wipe || !d.WipedAt.IsZero():
		return errs.Conflict.New("device.given_up", "id", device)
	}
	return nil
}
