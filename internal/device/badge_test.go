package device_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"ruhu/internal/db"
	"ruhu/internal/db/dbtest"
	"ruhu/internal/device"
	"ruhu/internal/id"
)

type signer struct {
	key   *ecdsa.PrivateKey
	point []byte
}

func newSigner(t testing.TB) signer {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	public, err := key.PublicKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return signer{key, public}
}

func (s signer) text(t testing.TB, b device.Badge) string {
	t.Helper()
	return b.Text(func(signed []byte) []byte {
		sum := sha256.Sum256(signed)
		r, x, err := ecdsa.Sign(rand.Reader, s.key, sum[:])
		if err != nil {
			t.Fatal(err)
		}
		out := make([]byte, 64)
		r.FillBytes(out[:32])
		x.FillBytes(out[32:])
		return out
	})
}

// vector is a badge in testdata/badge.json, which the phone's tests read as well.
type vector struct {
	By      string `json:"by"` // who made it: js or go
	Point   []byte `json:"point"`
	Account string `json:"account"`
	Device  string `json:"device"`
	Minute  int64  `json:"minute"`
	Text    string `json:"text"`
}

func TestBadgesOfPhonesAreReadHereAndOursThere(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("testdata/badge.json")
	if err != nil {
		t.Fatal(err)
	}
	var vs []vector
	if err := json.Unmarshal(raw, &vs); err != nil {
		t.Fatal(err)
	}
	by := map[string]bool{}
	for _, v := range vs {
		by[v.By] = true
		b, err := device.ReadBadge(v.Text)
		if err != nil || b.Account != v.Account || b.Device != v.Device || b.Minute != v.Minute {
			t.Errorf("%s: got %+v %v", v.By, b, err)
			continue
		}
		if !b.SignedBy(v.Point) {
			t.Errorf("%s: the signature does not hold", v.By)
		}
		b.Minute++
		if b.SignedBy(v.Point) {
			t.Errorf("%s: the signature holds for another minute", v.By)
		}
	}
	if !by["js"] || !by["go"] {
		t.Errorf("the vectors are of %v", by)
	}
}

func TestABadgeHoldsForItsMinuteItsPhoneAndItsPerson(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 2, 8, 0, 30, 0, time.UTC)
	b := device.Badge{Account: id.New(), Device: id.New(), Minute: at.Unix() / 60}
	s, other := newSigner(t), newSigner(t)
	text := s.text(t, b)
	good := device.BadgeKey{Account: b.Account, Device: b.Device, Point: s.point}
	with := func(change func(*device.BadgeKey)) []device.BadgeKey {
		k := good
		change(&k)
		return []device.BadgeKey{k}
	}
	stamp := func(t time.Time) db.Time { return db.At(t) }
	for name, c := range map[string]struct {
		keys []device.BadgeKey
		at   time.Time
		want string
	}{
		"as it is":              {[]device.BadgeKey{good}, at, ""},
		"two minutes early":     {[]device.BadgeKey{good}, at.Add(-2 * time.Minute), ""},
		"two minutes late":      {[]device.BadgeKey{good}, at.Add(2*time.Minute + 29*time.Second), ""},
		"three minutes early":   {[]device.BadgeKey{good}, at.Add(-3 * time.Minute), "device.badge_time"},
		"three minutes late":    {[]device.BadgeKey{good}, at.Add(2*time.Minute + 30*time.Second), "device.badge_time"},
		"no key":                {nil, at, "device.badge_unknown"},
		"another phone's":       {with(func(k *device.BadgeKey) { k.Device = id.New() }), at, "device.badge_unknown"},
		"another person's":      {with(func(k *device.BadgeKey) { k.Account = id.New() }), at, "device.badge_unknown"},
		"another key":           {with(func(k *device.BadgeKey) { k.Point = other.point }), at, "device.badge_forged"},
		"no point of the curve": {with(func(k *device.BadgeKey) { k.Point = make([]byte, 65) }), at, "device.badge_forged"},
		"a second key":          {append(with(func(k *device.BadgeKey) { k.Point = other.point }), good), at, ""},
		"a key that ended":      {with(func(k *device.BadgeKey) { k.Ended = stamp(b.At()) }), at, "device.badge_ended"},
		"a key that ends later": {with(func(k *device.BadgeKey) { k.Ended = stamp(b.At().Add(time.Second)) }), at, ""},
	} {
		got, err := device.ReadBadge(text)
		if err != nil {
			t.Fatal(err)
		}
		if err := got.Check(c.keys, c.at); code(err) != c.want {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
	for i := range len(text) {
		other := []byte(text)
		other[i] = 'A' + (other[i]-'A'+1)%26
		if got, err := device.ReadBadge(string(other)); err == nil && got.Check([]device.BadgeKey{good}, at) == nil {
			t.Fatalf("sign %d may be another: %s", i, other)
		}
	}
	for _, bad := range []string{"", "RUHU1:", text[1:], text + "A", text[:len(text)-1], strings.ToLower(text), "RUHU2:" + text[6:]} {
		if _, err := device.ReadBadge(bad); code(err) != "device.badge_unreadable" {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func TestKeysOfBadgesAreKeptAndEndWithTheirPhone(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		ctx := t.Context()
		dev, s := id.New(), newSigner(t)
		say := func(point []byte) bool {
			t.Helper()
			got, err := w.devices.Hello(ctx, w.one, device.Report{Device: dev, Badge: point})
			if err != nil {
				t.Fatal(err)
			}
			return got.Badge
		}
		good := func() (keys []device.BadgeKey, all []device.BadgeKey) {
			t.Helper()
			err := d.View(ctx, func(tx *db.Tx) error {
				of, err := device.BadgesOfTx(ctx, tx, "990101", []string{w.one.ID, w.other.ID})
				if err != nil {
					return err
				}
				all, err = device.BadgeKeysTx(ctx, tx, "990101", []string{dev})
				keys = of[w.one.ID]
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return keys, all
		}
		for name, point := range map[string][]byte{"none": nil, "no point": make([]byte, 65), "a short one": s.point[:64]} {
			if say(point) {
				t.Errorf("%s is taken for a key", name)
			}
		}
		for range 2 { // said again it is the same one
			if !say(s.point) {
				t.Error("the key is not known")
			}
		}
		if keys, all := good(); len(keys) != 1 || len(all) != 1 || keys[0].Device != dev || string(keys[0].Point) != string(s.point) {
			t.Errorf("keys: %+v %+v", keys, all)
		}
		for range 7 {
			if !say(newSigner(t).point) {
				t.Error("a phone that lost its key gets no other")
			}
		}
		if say(newSigner(t).point) || !say(s.point) {
			t.Error("a phone may have keys without end")
		}
		if _, err := w.devices.Order(ctx, w.office, dev, device.Order{Replaced: true}); err != nil {
			t.Fatal(err)
		}
		if keys, all := good(); len(keys) != 0 || len(all) != 8 || all[0].Ended.IsZero() {
			t.Errorf("keys of a phone that was given up: %+v %+v", keys, all)
		}
		if say(s.point) {
			t.Error("a phone that was given up has a badge")
		}
		if _, err := w.devices.Order(ctx, w.office, dev, device.Order{}); err != nil {
			t.Fatal(err)
		}
		if keys, _ := good(); len(keys) != 8 {
			t.Errorf("the order was taken back: %+v", keys)
		}
		if err := w.devices.Wiped(ctx, w.one, dev); err != nil {
			t.Fatal(err)
		}
		if keys, all := good(); len(keys) != 0 || all[0].Ended.IsZero() {
			t.Errorf("keys of a phone that was cleared: %+v", keys)
		}
	})
}

func FuzzBadge(f *testing.F) {
	f.Add("RUHU1:")
	raw, err := os.ReadFile("testdata/badge.json")
	if err != nil {
		f.Fatal(err)
	}
	var vs []vector
	if err := json.Unmarshal(raw, &vs); err != nil {
		f.Fatal(err)
	}
	for _, v := range vs {
		f.Add(v.Text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		b, err := device.ReadBadge(text)
		if err != nil {
			return
		}
		if _, err := id.Parse(b.Account); err != nil {
			t.Errorf("account %q", b.Account)
		}
		_ = b.Check([]device.BadgeKey{{Account: b.Account, Device: b.Device, Point: make([]byte, 65)}}, time.Time{})
	})
}
