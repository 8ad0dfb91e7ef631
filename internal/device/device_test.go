package device_test

import (
	"bytes"
	"context"
	"crypto/ecdh"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ruhu/internal/account"
	"ruhu/internal/authz"
	"ruhu/internal/blob"
	"ruhu/internal/db"
	"ruhu/internal/db/dbtest"
	"ruhu/internal/device"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/region"
)

const (
	town      = region.Code("990101101000")
	elsewhere = region.Code("990101102000")
	secret    = "correct horse"
)

type world struct {
	d                       *db.DB
	devices                 *device.Service
	blobs                   *blob.Store
	office, far, one, other authz.Actor
}

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	ctx := context.Background()
	blobs, err := blob.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	accounts := account.New(d, account.Options{Cost: account.Cost{Time: 1, Memory: 64}})
	rs := []region.Region{region.Named("990101000000", "测试县"), region.Named(town, "东镇"), region.Named(elsewhere, "西镇")}
	if err := region.NewService(d).Put(ctx, rs); err != nil {
		t.Fatal(err)
	}
	admin := authz.Actor{ID: id.New(), Account: "admin", Role: authz.CountyOffice, County: "990101", Region: "990101000000"}
	w := &world{d: d, devices: device.NewService(d, accounts, blobs), blobs: blobs}
	for _, p := range []struct {
		to    *authz.Actor
		name  string
		role  authz.Role
		where region.Code
	}{
		{&w.office, "office", authz.TownshipOffice, town},
		{&w.far, "far", authz.TownshipOffice, elsewhere},
		{&w.one, "one", authz.Enumerator, town},
		{&w.other, "two", authz.Enumerator, town},
	} {
		a, err := accounts.Put(ctx, admin, id.New(), account.Input{Account: p.name, Name: "某人", Role: p.role, RegionCode: p.where, Password: secret})
		if err != nil {
			t.Fatal(err)
		}
		*p.to = a.Actor()
	}
	return w
}

func (w *world) hello(t *testing.T, who authz.Actor, r device.Report) (device.Device, device.PublicKey) {
	t.Helper()
	got, err := w.devices.Hello(t.Context(), who, r)
	if err != nil {
		t.Fatalf("hello: %v", err)
	}
	return got.Device, got.Key
}

func code(err error) string { return errs.CodeOf(err) }

func TestAPhoneReportsAndTheOfficeGivesOrders(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		ctx := t.Context()
		dev := id.New()
		got, key := w.hello(t, w.one, device.Report{Device: dev, Label: strings.Repeat("长", 300), Queued: 2, Drafts: -5, FreeMB: -9})
		if got.Queued != 2 || got.Drafts != 0 || got.FreeMB != -1 || len([]rune(got.Label)) != 120 || len(key.Point) != 65 {
			t.Errorf("device %+v, key of %d bytes", got, len(key.Point))
		}
		if _, again := w.hello(t, w.other, device.Report{Device: id.New()}); again.ID != key.ID {
			t.Error("the county has two keys")
		}
		if _, err := w.devices.Hello(ctx, w.other, device.Report{Device: dev}); code(err) != "device.other_account" {
			t.Errorf("another person's device: %v", err)
		}
		if ds, err := w.devices.List(ctx, w.office, w.one.ID); err != nil || len(ds) != 1 || ds[0].ID != dev {
			t.Errorf("list: %+v %v", ds, err)
		}
		if _, err := w.devices.List(ctx, w.far, w.one.ID); code(err) != "account.not_found" {
			t.Errorf("list from elsewhere: %v", err)
		}
		if _, err := w.devices.Order(ctx, w.far, dev, device.Order{Wipe: true}); code(err) != "device.not_found" {
			t.Errorf("order from elsewhere: %v", err)
		}
		if _, err := w.devices.Order(ctx, w.one, dev, device.Order{}); code(err) != "authz.forbidden" {
			t.Errorf("order by an enumerator: %v", err)
		}
		if d, err := w.devices.Order(ctx, w.office, dev, device.Order{Wipe: true, Replaced: true}); err != nil || !d.Wipe || d.OrderedAt.IsZero() {
			t.Errorf("order: %+v %v", d, err)
		}
		if d, _ := w.hello(t, w.one, device.Report{Device: dev}); !d.Wipe || !d.Replaced {
			t.Errorf("the phone does not hear of the order: %+v", d)
		}
		err := d.View(ctx, func(tx *db.Tx) error {
			got, err := device.ReplacedTx(ctx, tx, "990101", []string{dev, id.New()})
			if diff := cmp.Diff(map[string]bool{dev: true}, got); diff != "" {
				t.Error(diff)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := w.devices.Wiped(ctx, w.other, dev); code(err) != "device.not_found" {
			t.Errorf("wiped by somebody else: %v", err)
		}
		if err := w.devices.Wiped(ctx, w.one, dev); err != nil {
			t.Fatal(err)
		}
		if _, err := w.devices.Order(ctx, w.office, dev, device.Order{}); code(err) != "device.wiped" {
			t.Errorf("order after the end: %v", err)
		}
	})
}

func publicKey(t *testing.T, k device.PublicKey) *ecdh.PublicKey {
	t.Helper()
	p, err := ecdh.P256().NewPublicKey(k.Point)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestAForgottenPINCostsThePasswordAndNothingElse(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		ctx, dev, dataKey := t.Context(), id.New(), bytes.Repeat([]byte{7}, 32)
		_, k := w.hello(t, w.one, device.Report{Device: dev})
		env, err := device.Wrap(publicKey(t, k), k.ID, w.one.ID, dev, dataKey)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := w.devices.Recover(ctx, w.one, dev, secret, env); err != nil || !bytes.Equal(got, dataKey) {
			t.Errorf("recovered %x, %v", got, err)
		}
		if _, err := w.devices.Recover(ctx, w.one, dev, "wrong", env); code(err) != "account.password_old" {
			t.Errorf("wrong password: %v", err)
		}
		// Somebody else's password opens nothing of hers, nor does the envelope of another device.
		if _, err := w.devices.Recover(ctx, w.other, dev, secret, env); code(err) != "device.envelope" {
			t.Errorf("somebody else: %v", err)
		}
		if _, err := w.devices.Recover(ctx, w.one, id.New(), secret, env); code(err) != "device.envelope" {
			t.Errorf("another device: %v", err)
		}
		env.Wrapped[3] ^= 1
		if _, err := w.devices.Recover(ctx, w.one, dev, secret, env); code(err) != "device.envelope" {
			t.Errorf("changed: %v", err)
		}
		env.Wrapped[3] ^= 1
		if _, err := w.devices.Order(ctx, w.office, dev, device.Order{Replaced: true}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.devices.Recover(ctx, w.one, dev, secret, env); code(err) != "device.replaced" {
			t.Errorf("a phone that was given up: %v", err)
		}
	})
}

// bundle makes a package as a phone would: two forms, a picture, a draft.
func (w *world) bundle(t *testing.T, who authz.Actor, dev string) ([]byte, []device.Parcel, blob.Digest) {
	t.Helper()
	dataKey := bytes.Repeat([]byte{9}, 32)
	_, k := w.hello(t, who, device.Report{Device: dev})
	env, err := device.Wrap(publicKey(t, k), k.ID, who.ID, dev, dataKey)
	if err != nil {
		t.Fatal(err)
	}
	o, err := device.NewOpener(dataKey, dev)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	b, err := device.WriteBundle(&out, device.BundleHead{Device: dev, Account: who.ID, Made: "2026-03-02T08:00:00Z", Envelope: env})
	if err != nil {
		t.Fatal(err)
	}
	row := func(table, key string, v any, raw []byte) {
		j, err := json.Marshal(v)
		if err == nil {
			err = b.Row(table, key, o.Seal(device.Row{Table: table, Key: key, Value: j, Bytes: raw}))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	parcels := []device.Parcel{{"a1", "uuid:1", "f", 0, "<a/>"}, {"a2", "uuid:2", "f", 1, "<b/>"}}
	for _, p := range parcels {
		row("parcels", p.Assignment, p, nil)
	}
	photo := []byte("photo")
	row("pictures", string(blob.Of(photo)), map[string]string{"assignment": "a1"}, photo)
	row("pictures", string(blob.Of(photo))+" a2", map[string]string{"assignment": "a2"}, photo) // the same at another household
	row("drafts", "a3", map[string]string{"xml": "<c/>"}, nil)
	for _, a := range []string{"a2", "a3", "a4"} { // of these only the last was not begun
		row("given", a, device.GivenBack{Assignment: a, Reason: "全家在外"}, nil)
	}
	row("given", "a5", device.GivenBack{Assignment: "a5", Reason: "x", Trouble: "已经开始"}, nil)
	row("says", "s2", device.Say{ID: "s2", Item: "q", Action: "withdraw", SaidAt: 2}, nil)
	row("says", "s1", device.Say{ID: "s1", Item: "q", Action: "ask", Text: "算不算？", SaidAt: 1}, nil)
	row("attempts", "t1", device.Attempt{ID: "t1", Answers: []byte(`[]`)}, nil)
	row("attempts", "t2", device.Attempt{ID: "t2", Answers: []byte(`[]`), Sent: true}, nil)
	row("refused", "s0", device.Say{ID: "s0"}, nil)
	if err := b.End(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes(), parcels, blob.Of(photo)
}

func TestTheOfficeOpensThePackageOfAPhone(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		ctx, dev := t.Context(), id.New()
		raw, parcels, photo := w.bundle(t, w.one, dev)
		if _, err := w.devices.Keep(ctx, w.far, bytes.NewReader(raw)); code(err) != "account.not_found" {
			t.Errorf("an office elsewhere keeps it: %v", err)
		}
		if _, err := w.devices.Keep(ctx, w.other, bytes.NewReader(raw)); code(err) != "account.not_found" {
			t.Errorf("another enumerator leaves it: %v", err)
		}
		p, err := w.devices.Keep(ctx, w.one, bytes.NewReader(raw))
		if err != nil || p.Forms != 2 || p.Drafts != 1 || p.Pictures != 2 || !p.ImportedAt.IsZero() {
			t.Fatalf("kept %+v, %v", p, err)
		}
		if again, err := w.devices.Keep(ctx, w.office, bytes.NewReader(raw)); err != nil || again != p {
			t.Errorf("the same again: %+v %v", again, err)
		}
		var got device.Contents
		take := func(_ context.Context, who authz.Actor, from string, x device.Contents) error {
			if who.ID != w.one.ID || from != dev {
				t.Errorf("delivered as %s from %s", who.Account, from)
			}
			got = x
			return nil
		}
		if _, err := w.devices.Import(ctx, w.far, p.SHA256, take); code(err) != "account.not_found" {
			t.Errorf("import elsewhere: %v", err)
		}
		full := errors.New("planted")
		if _, err := w.devices.Import(ctx, w.office, p.SHA256, func(context.Context, authz.Actor, string, device.Contents) error { return full }); !errors.Is(err, full) {
			t.Errorf("a failed delivery: %v", err)
		}
		q, err := w.devices.Import(ctx, w.office, p.SHA256, take)
		if err != nil || q.ImportedAt.IsZero() {
			t.Fatalf("import: %+v %v", q, err)
		}
		want := device.Contents{
			Forms: parcels, GivenBack: []device.GivenBack{{Assignment: "a4", Reason: "全家在外"}},
			Says:     []device.Say{{ID: "s1", Item: "q", Action: "ask", Text: "算不算？", SaidAt: 1}, {ID: "s2", Item: "q", Action: "withdraw", SaidAt: 2}},
			Attempts: []device.Attempt{{ID: "t1", Answers: []byte(`[]`)}},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		if has, err := w.blobs.Has(photo); !has || err != nil {
			t.Errorf("the picture is not here: %v", err)
		}
		if ps, err := w.devices.Packages(ctx, w.office, 10); err != nil || len(ps) != 1 {
			t.Errorf("packages: %+v %v", ps, err)
		}
		if ps, _ := w.devices.Packages(ctx, w.far, 10); len(ps) != 0 {
			t.Errorf("packages elsewhere: %+v", ps)
		}
	})
}

func TestAPackageThatWasCutShortOrChangedIsRefusedAndNothingOfItTaken(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.SQLite(t, db.Options{}))
	raw, _, _ := w.bundle(t, w.one, id.New())
	read := func(raw []byte) error {
		b, err := device.ReadBundle(bytes.NewReader(raw))
		for err == nil {
			_, _, _, err = b.Next()
		}
		return err
	}
	if err := read(raw); !errors.Is(err, io.EOF) {
		t.Fatalf("the package itself: %v", err)
	}
	for n := range len(raw) {
		if err := read(raw[:n]); code(err) != "device.bundle" {
			t.Fatalf("cut after %d of %d bytes: %v", n, len(raw), err)
		}
		changed := bytes.Clone(raw)
		changed[n] ^= 1
		if err := read(changed); code(err) != "device.bundle" {
			t.Fatalf("byte %d of %d changed: %v", n, len(raw), err)
		}
	}
	if _, err := w.devices.Keep(t.Context(), w.one, bytes.NewReader(raw[:100])); code(err) != "device.bundle" {
		t.Errorf("kept: %v", err)
	}
}

func FuzzReadBundle(f *testing.F) {
	f.Add([]byte("RUHUPK01"))
	var out bytes.Buffer
	b, err := device.WriteBundle(&out, device.BundleHead{Device: id.New(), Account: id.New()})
	if err != nil {
		f.Fatal(err)
	}
	if err := errors.Join(b.Row("parcels", "a", []byte("xx")), b.End()); err != nil {
		f.Fatal(err)
	}
	f.Add(out.Bytes())
	f.Fuzz(func(t *testing.T, raw []byte) {
		b, err := device.ReadBundle(bytes.NewReader(raw))
		for err == nil {
			_, _, _, err = b.Next()
		}
		if !errors.Is(err, io.EOF) && code(err) != "device.bundle" {
			t.Fatalf("%v", err)
		}
	})
}
