package device

import (
	"context"
	"crypto/md5" //nolint:gosec // digest authentication is defined with MD5; the password is 100 random bits, nothing that a person chose
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"encoding/hex"
	"errors"
	"strings"
	"unicode/utf8"

	"ruhu/internal/account"
	"ruhu/internal/audit"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/region"
)

// Realm is what clients are told they log in to. It is part of every HA1: changing it makes all keys useless for digest authentication.
const Realm = "ruhu"

// MaxClients is how many keys a person may have that are not withdrawn.
const MaxClients = 5

// Client is the key of an app that is not ours, for one person.
type Client struct {
	ID          string  `json:"id"`
	Name        string  `json:"name"` // what the app says it is
	Label       string  `json:"label"`
	MadeAt      db.Time `json:"made_at"`
	SeenAt      db.Time `json:"seen_at"`      // null: not used yet
	WithdrawnAt db.Time `json:"withdrawn_at"` // null: it is good

	account string
	region  region.Code
}

const (
	clientColumns = `id, account, region, name, label, made_at, seen_at, withdrawn_at`

	selectClient  = `SELECT ` + clientColumns + ` FROM device_client WHERE county = $1 AND id = $2`
	selectClients = `SELECT ` + clientColumns + ` FROM device_client WHERE county = $1 AND account = $2 ORDER BY id DESC`
	countClients  = `SELECT count(*) FROM device_client WHERE county = $1 AND account = $2 AND withdrawn_at IS NULL AND id <> $3`
	upsertClient  = `INSERT INTO device_client (county, id, account, region, name, label, secret, ha1, made_at, made_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT (county, id) DO UPDATE SET name = excluded.name, label = excluded.label, secret = excluded.secret, ha1 = excluded.ha1
WHERE device_client.account = excluded.account AND device_client.seen_at IS NULL AND device_client.withdrawn_at IS NULL`
	withdrawClient = `UPDATE device_client SET withdrawn_at = $3, withdrawn_by = $4 WHERE county = $1 AND id = $2 AND withdrawn_at IS NULL`
	selectSecret   = `SELECT id, account, secret, ha1, seen_at FROM device_client WHERE county = $1 AND name = $2 AND withdrawn_at IS NULL`
	touchClient    = `UPDATE device_client SET seen_at = $3 WHERE county = $1 AND id = $2`
)

// touchEvery is how old "last seen" may be before it is written again, in minutes.
const touchEvery = 10

func scanClient(scan func(...any) error) (Client, error) {
	var c Client
	err := scan(&c.ID, &c.account, &c.region, &c.Name, &c.Label, &c.MadeAt, &c.SeenAt, &c.WithdrawnAt)
	return c, err
}

// Clients lists the keys of an enumerator of the actor's region, the latest first. Returns Forbidden, NotFound "account.not_found".
func (s *Service) Clients(ctx context.Context, actor authz.Actor, accountID string) ([]Client, error) {
	if err := actor.Require(authz.DeviceRead); err != nil {
		return nil, err
	}
	who, err := s.accounts.Get(ctx, actor, accountID)
	if err != nil {
		return nil, err
	}
	var out []Client
	err = s.d.View(ctx, func(tx *db.Tx) (err error) {
		out, err = db.List(ctx, tx, scanClient, selectClients, actor.County, who.ID)
		return err
	})
	return out, err
}

// PutClient makes a key for an enumerator of the actor's region and gives its password, which nobody can ask for again. Until the key has been used,
// the call may be repeated: the password is another one then. Returns Forbidden, Invalid "device.client_label", NotFound "account.not_found", Conflict
// "device.client_role" when the person does not go on visits, "device.client_many", "device.client_used".
func (s *Service) PutClient(ctx context.Context, actor authz.Actor, accountID, client, label string) (Client, string, error) {
	var out Client
	if err := actor.Require(authz.DeviceManage); err != nil {
		return out, "", err
	}
	who, err := s.accounts.Get(ctx, actor, accountID)
	if err != nil {
		return out, "", err
	}
	if client, err = id.Parse(client); err != nil {
		return out, "", err
	}
	if label = strings.TrimSpace(label); utf8.RuneCountInString(label) > maxLabel || !utf8.ValidString(label) || strings.ContainsRune(label, 0) {
		return out, "", errs.Invalid.New("device.client_label", "field", "label")
	}
	if who.Role != authz.Enumerator || who.Disabled {
		return out, "", errs.Conflict.New("device.client_role")
	}
	name, password := who.County+"-"+letters(5), letters(13)
	err = s.d.Update(ctx, func(tx *db.Tx) error {
		var n int
		if err := tx.QueryRow(ctx, countClients, who.County, who.ID, client).Scan(&n); err != nil {
			return err
		}
		if n >= MaxClients {
			return errs.Conflict.New("device.client_many", "limit", MaxClients)
		}
		rows, err := tx.Exec(ctx, upsertClient, who.County, client, who.ID, who.RegionCode, name, label, secretOf(password), HA1(name, password), tx.Now(), actor.ID)
		if err != nil {
			return err
		}
		if rows == 0 {
			return errs.Conflict.New("device.client_used")
		}
		err = audit.Write(ctx, tx, actor, audit.Entry{
			Action: "device.client", Object: "client", ObjectID: client, Place: who.RegionCode, Detail: map[string]any{"account": who.ID, "name": name},
		})
		if err != nil {
			return err
		}
		out, err = scanClient(tx.QueryRow(ctx, selectClient, who.County, client).Scan)
		return err
	})
	return out, password, err
}

// Withdraw ends a key of the actor's region. Ending it twice is no error. Returns Forbidden, NotFound "device.no_client".
func (s *Service) Withdraw(ctx context.Context, actor authz.Actor, client string) error {
	if err := actor.Require(authz.DeviceManage); err != nil {
		return err
	}
	client, err := id.Parse(client)
	if err != nil {
		return err
	}
	return s.d.Update(ctx, func(tx *db.Tx) error {
		c, err := scanClient(tx.QueryRow(ctx, selectClient, actor.County, client).Scan)
		if errors.Is(err, db.ErrNoRows) || err == nil && !actor.Sees(c.region) {
			return errs.NotFound.New("device.no_client", "id", client)
		}
		if err != nil {
			return err
		}
		n, err := tx.Exec(ctx, withdrawClient, actor.County, client, tx.Now(), actor.ID)
		if err != nil || n == 0 {
			return err
		}
		return audit.Write(ctx, tx, actor, audit.Entry{Action: "device.client_end", Object: "client", ObjectID: client, Place: c.region})
	})
}

// ClientByPassword gives the person of a key. Returns Unauthenticated "device.client".
func (s *Service) ClientByPassword(ctx context.Context, name, password string) (authz.Actor, error) {
	return s.clientActor(ctx, name, func(secret, _ string) bool {
		return subtle.ConstantTimeCompare([]byte(secret), []byte(secretOf(password))) == 1
	})
}

// ClientByDigest gives the person of a key when proves takes its HA1. Returns Unauthenticated "device.client".
func (s *Service) ClientByDigest(ctx context.Context, name string, proves func(ha1 string) bool) (authz.Actor, error) {
	return s.clientActor(ctx, name, func(_, ha1 string) bool { return proves(ha1) })
}

func (s *Service) clientActor(ctx context.Context, name string, proves func(secret, ha1 string) bool) (authz.Actor, error) {
	no := errs.Unauthenticated.New("device.client")
	county, _, ok := strings.Cut(name, "-")
	if !ok || len(county) != 6 || len(name) > 40 || !plain(name) {
		return authz.Actor{}, no
	}
	var clientID, owner, secret, ha1 string
	var seen db.Time
	var who account.Account
	err := s.d.View(ctx, func(tx *db.Tx) error {
		err := tx.QueryRow(ctx, selectSecret, county, name).Scan(&clientID, &owner, &secret, &ha1, &seen)
		if errors.Is(err, db.ErrNoRows) {
			return no
		}
		if err != nil {
			return err
		}
		as, err := s.accounts.ByIDsTx(ctx, tx, county, []string{owner})
		who = as[owner]
		return err
	})
	if err != nil {
		return authz.Actor{}, err
	}
	if who.ID == "" || who.Disabled || who.Role != authz.Enumerator || !proves(secret, ha1) {
		return authz.Actor{}, no
	}
	if now := s.d.Now(); seen.IsZero() || now.Time().Sub(seen.Time()).Minutes() > touchEvery {
		err := s.d.Update(ctx, func(tx *db.Tx) error { _, err := tx.Exec(ctx, touchClient, county, clientID, tx.Now()); return err })
		if err != nil {
			return authz.Actor{}, err
		}
	}
	return who.Actor(), nil
}

// HA1 is what a server keeps for digest authentication instead of a password.
func HA1(name, password string) string {
	sum := md5.Sum([]byte(name + ":" + Realm + ":" + password)) //nolint:gosec // see the import
	return hex.EncodeToString(sum[:])
}

func secretOf(password string) string {
	sum := sha256.Sum256([]byte(password))
	return hex.EncodeToString(sum[:])
}

// letters gives n random bytes in letters and digits that can be typed.
func letters(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b))
}

func plain(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
			return false
		}
	}
	return true
}
