package account_test

import (
	"context"
	"crypto/pbkdf2"
	"crypto/sha256"
	"encoding/base64"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"ruhu/internal/account"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/db/dbtest"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/region"
)

const (
	county   = region.Code("990101000000")
	town     = region.Code("990101101000")
	village  = region.Code("990101101201")
	otherTwn = region.Code("990101102000")
	password = "correct horse"
)

// world is a county of two townships with its first account.
type world struct {
	d     *db.DB
	s     *account.Service
	clock *dbtest.Clock
	admin authz.Actor
	token string
}

func run(t *testing.T, fn func(t *testing.T, w world)) {
	t.Helper()
	for name, open := range map[string]func(testing.TB, db.Options) *db.DB{"sqlite": dbtest.SQLite, "postgres": dbtest.Postgres} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clock := dbtest.NewClock(time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC))
			d := open(t, db.Options{Clock: clock.Now})
			w := world{d: d, s: account.New(d, account.Options{Cost: account.Cost{Time: 1, Memory: 64}}), clock: clock}
			ctx := context.Background()
			if _, made, err := w.s.First(ctx, region.Named(county, "示例县"), password); err != nil || !made {
				t.Fatalf("first account: %v, %v", made, err)
			}
			places := []region.Region{region.Named(town, "甲镇"), region.Named(village, "东村"), region.Named(otherTwn, "乙镇"), region.Named("990101102201", "西村")}
			if err := region.NewService(d).Put(ctx, places); err != nil {
				t.Fatal(err)
			}
			w.admin, w.token = w.login(t, account.FirstAccount)
			fn(t, w)
		})
	}
}

func (w world) login(t *testing.T, name string) (authz.Actor, string) {
	t.Helper()
	token, actor, err := w.s.Login(context.Background(), name, password, "10.0.0.1")
	if err != nil {
		t.Fatalf("login %s: %v", name, err)
	}
	return actor, token
}

func (w world) put(t *testing.T, name string, role authz.Role, at region.Code) account.Account {
	t.Helper()
	a, err := w.s.Put(context.Background(), w.admin, id.New(), input(name, role, at))
	if err != nil {
		t.Fatalf("put %s: %v", name, err)
	}
	return a
}

func input(name string, role authz.Role, at region.Code) account.Input {
	return account.Input{Account: name, Name: "某人", Role: role, RegionCode: at, Password: password}
}

func TestTheFirstAccountIsMadeOnce(t *testing.T) {
	t.Parallel()
	run(t, func(t *testing.T, w world) {
		if _, made, err := w.s.First(context.Background(), region.Named(county, "示例县"), ""); err != nil || made {
			t.Errorf("made again: %v, %v", made, err)
		}
		if w.admin.Role != authz.CountyOffice || w.admin.Region != county || w.admin.County != "990101" {
			t.Errorf("first account: %+v", w.admin)
		}
	})
}

func TestASessionNamesItsPersonUntilItEnds(t *testing.T) {
	t.Parallel()
	run(t, func(t *testing.T, w world) {
		ctx := context.Background()
		w.put(t, "phone", authz.Enumerator, town)
		phone, phoneToken := w.login(t, "Phone ") // names are not case-sensitive
		got, _, err := w.s.Session(ctx, phoneToken)
		if err != nil || !cmp.Equal(got, phone) {
			t.Errorf("session: %v\n%s", err, cmp.Diff(phone, got))
		}
		alive := func(token string) bool {
			_, _, err := w.s.Session(ctx, token)
			if err != nil && errs.CodeOf(err) != "account.session" {
				t.Fatal(err)
			}
			return err == nil
		}
		for range 3 { // each request renews
			w.clock.Advance(11 * time.Hour)
			if _, renewed, err := w.s.Session(ctx, w.token); err != nil || !renewed {
				t.Fatalf("a session in use: renewed %v, %v", renewed, err)
			}
		}
		w.clock.Advance(12*time.Hour + time.Minute)
		if alive(w.token) {
			t.Error("an idle office session lives")
		}
		w.clock.Advance(27 * 24 * time.Hour)
		if !alive(phoneToken) {
			t.Error("an enumerator's session ended before 30 days")
		}
		if err := w.s.Logout(ctx, phoneToken); err != nil || alive(phoneToken) {
			t.Errorf("after logout: %v", err)
		}
		for _, bad := range []string{"", "x", "990101.", "990101.abc", phoneToken + "x", "990102" + phoneToken[6:]} {
			if alive(bad) {
				t.Errorf("%q is a session", bad)
			}
		}
	})
}

func TestAWrongPasswordAndAnUnknownAccountLookTheSame(t *testing.T) {
	t.Parallel()
	run(t, func(t *testing.T, w world) {
		a := w.put(t, "gone", authz.Supervisor, town)
		in := input("gone", authz.Supervisor, town)
		in.Disabled, in.Password = true, ""
		if _, err := w.s.Put(context.Background(), w.admin, a.ID, in); err != nil {
			t.Fatal(err)
		}
		for name, pw := range map[string]string{"admin": "wrong horse", "nobody": password, "gone": password, "": ""} {
			_, _, err := w.s.Login(context.Background(), name, pw, "10.0.0.9")
			if errs.CodeOf(err) != "account.login" || !errs.Is(err, errs.Unauthenticated) {
				t.Errorf("%q: %v", name, err)
			}
		}
	})
}

func TestGuessingIsBrakedPerAccountAndForgottenAfterSuccess(t *testing.T) {
	t.Parallel()
	run(t, func(t *testing.T, w world) {
		ctx := context.Background()
		try := func(pw string) error { _, _, err := w.s.Login(ctx, "admin", pw, "10.0.0.2"); return err }
		for range 5 {
			if err := try("wrong horse"); errs.CodeOf(err) != "account.login" {
				t.Fatal(err)
			}
		}
		err := try(password) // even the right one has to wait
		e, _ := errs.As(err)
		if errs.CodeOf(err) != "account.throttled" || e.Fields["seconds"] != 15 {
			t.Fatalf("sixth attempt: %v", err)
		}
		w.clock.Advance(16 * time.Second)
		if err := try("wrong horse"); errs.CodeOf(err) != "account.login" {
			t.Fatal(err)
		}
		w.clock.Advance(16 * time.Second)
		if err := try(password); errs.CodeOf(err) != "account.throttled" {
			t.Errorf("the wait did not double: %v", err)
		}
		w.clock.Advance(time.Minute)
		if err := try(password); err != nil {
			t.Fatalf("after waiting: %v", err)
		}
		if err := try("wrong horse"); errs.CodeOf(err) != "account.login" {
			t.Errorf("success did not clear the count: %v", err)
		}
	})
}

func TestManyGuessesAtOnceGainNothing(t *testing.T) {
	t.Parallel()
	run(t, func(t *testing.T, w world) {
		var mu sync.Mutex
		codes := map[string]int{}
		var wg sync.WaitGroup
		for range 30 {
			wg.Go(func() {
				_, _, err := w.s.Login(context.Background(), "admin", "wrong horse", "10.0.0.3")
				mu.Lock()
				defer mu.Unlock()
				codes[errs.CodeOf(err)]++
			})
		}
		wg.Wait()
		if want := map[string]int{"account.login": 5, "account.throttled": 25}; !cmp.Equal(codes, want) {
			t.Errorf("%s", cmp.Diff(want, codes))
		}
	})
}

func TestOneAddressIsBrakedOverAllAccounts(t *testing.T) {
	t.Parallel()
	run(t, func(t *testing.T, w world) {
		ctx := context.Background()
		var last error
		for i := range 45 {
			_, _, last = w.s.Login(ctx, "guess"+string(rune('a'+i%26))+string(rune('a'+i/26)), "whatever", "10.0.0.4")
		}
		if errs.CodeOf(last) != "account.throttled" {
			t.Errorf("45 accounts from one address: %v", last)
		}
		if _, _, err := w.s.Login(ctx, "admin", password, "10.0.0.5"); err != nil {
			t.Errorf("another address: %v", err)
		}
	})
}

func TestAnOfficeManagesItsRegionOnly(t *testing.T) {
	t.Parallel()
	run(t, func(t *testing.T, w world) {
		ctx := context.Background()
		w.put(t, "office", authz.TownshipOffice, town)
		office, _ := w.login(t, "office")
		far := w.put(t, "far", authz.Supervisor, otherTwn)
		super := w.put(t, "super", authz.Supervisor, town)
		for name, c := range map[string]struct {
			actor authz.Actor
			id    string
			in    account.Input
			code  string
		}{
			"an enumerator of its own":        {office, id.New(), input("e1", authz.Enumerator, town), ""},
			"a village of its own":            {office, id.New(), input("v1", authz.Village, village), ""},
			"a county role":                   {office, id.New(), input("c1", authz.CountyOffice, county), "region.not_found"},
			"a person elsewhere":              {office, id.New(), input("x1", authz.Supervisor, otherTwn), "region.not_found"},
			"pulling in a person of others":   {office, far.ID, input("far", authz.Supervisor, town), "account.not_found"},
			"pushing a person out":            {office, super.ID, input("super", authz.Supervisor, otherTwn), "region.not_found"},
			"a name in use":                   {office, id.New(), input("far", authz.Supervisor, town), "account.taken"},
			"renaming to a name in use":       {office, super.ID, input("office", authz.Supervisor, town), "account.taken"},
			"an unknown village":              {office, id.New(), input("v2", authz.Village, "990101101999"), "region.not_found"},
			"a role at the wrong level":       {office, id.New(), input("v3", authz.Village, town), "account.region_level"},
			"no role":                         {office, id.New(), input("v3", "boss", town), "account.role"},
			"a bad id":                        {office, "7", input("v3", authz.Village, village), "id.malformed"},
			"disabling oneself by a new role": {office, office.ID, input("office", authz.Supervisor, town), "account.self"},
			"a supervisor managing":           {super.Actor(), id.New(), input("v4", authz.Village, village), "authz.forbidden"},
		} {
			a, err := w.s.Put(ctx, c.actor, c.id, c.in)
			if errs.CodeOf(err) != c.code {
				t.Errorf("%s: %v, want %q", name, err, c.code)
			}
			if c.code == "" && (a.Account != c.in.Account || a.RegionName == "") {
				t.Errorf("%s: %+v", name, a)
			}
		}
		if _, err := w.s.Get(ctx, office, far.ID); errs.CodeOf(err) != "account.not_found" {
			t.Errorf("seeing a person elsewhere: %v", err)
		}
	})
}

func TestInputIsChecked(t *testing.T) {
	t.Parallel()
	run(t, func(t *testing.T, w world) {
		for name, c := range map[string]struct {
			change func(in *account.Input)
			code   string
		}{
			"short password":              {func(in *account.Input) { in.Password = "1234567" }, "account.password_weak"},
			"password with the account":   {func(in *account.Input) { in.Password = "xxperson1xx" }, "account.password_weak"},
			"password of one letter":      {func(in *account.Input) { in.Password = "啊啊啊啊啊啊啊啊" }, "account.password_weak"},
			"letters in the PIN":          {func(in *account.Input) { in.PIN = "1234a6" }, "account.pin_form"},
			"a PIN of four":               {func(in *account.Input) { in.PIN = "1234" }, "account.pin_form"},
			"Chinese login name":          {func(in *account.Input) { in.Account = "某人" }, "account.name_form"},
			"no name":                     {func(in *account.Input) { in.Name = " " }, "account.person_name"},
			"home village of other level": {func(in *account.Input) { in.HomeVillage = town }, "account.home_village"},
			"region that is no code":      {func(in *account.Input) { in.RegionCode = "12" }, "account.region_level"},
		} {
			in := input("person1", authz.Enumerator, town)
			c.change(&in)
			if _, err := w.s.Put(context.Background(), w.admin, id.New(), in); errs.CodeOf(err) != c.code {
				t.Errorf("%s: %v, want %s", name, err, c.code)
			}
		}
	})
}

func TestListsArePagedInTheRegion(t *testing.T) {
	t.Parallel()
	run(t, func(t *testing.T, w world) {
		ctx := context.Background()
		for _, n := range []string{"e_1", "e2", "e3", "e4"} {
			w.put(t, n, authz.Enumerator, town)
		}
		w.put(t, "e5", authz.Enumerator, otherTwn)
		w.put(t, "office", authz.TownshipOffice, town)
		office, _ := w.login(t, "office")
		var got []string
		f := account.Filter{Limit: 2}
		for range 10 {
			as, next, err := w.s.List(ctx, office, f)
			if err != nil {
				t.Fatal(err)
			}
			for _, a := range as {
				got = append(got, a.Account)
			}
			if f.Cursor = next; next == "" {
				break
			}
		}
		if want := []string{"e2", "e3", "e4", "e_1", "office"}; !cmp.Equal(got, want) {
			t.Errorf("pages: %s", cmp.Diff(want, got))
		}
		for _, c := range []struct {
			f    account.Filter
			want int
		}{{account.Filter{Role: authz.Enumerator}, 4}, {account.Filter{Query: "_"}, 1}, {account.Filter{Query: "某"}, 5}, {account.Filter{Query: "%"}, 0}} {
			if as, _, err := w.s.List(ctx, office, c.f); err != nil || len(as) != c.want {
				t.Errorf("%+v: %d accounts, %v", c.f, len(as), err)
			}
		}
		err := w.d.View(ctx, func(tx *db.Tx) error {
			es, err := w.s.EnumeratorsTx(ctx, tx, town)
			if len(es) != 4 || es[0].RegionName != "甲镇" {
				t.Errorf("enumerators: %v", es)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestChangingThePasswordEndsTheOtherSessions(t *testing.T) {
	t.Parallel()
	run(t, func(t *testing.T, w world) {
		ctx := context.Background()
		_, other := w.login(t, "admin")
		if err := w.s.SetPassword(ctx, w.admin, w.token, "wrong horse", "battery staple"); errs.CodeOf(err) != "account.password_old" {
			t.Errorf("wrong old password: %v", err)
		}
		if err := w.s.SetPassword(ctx, w.admin, w.token, password, "short"); errs.CodeOf(err) != "account.password_weak" {
			t.Errorf("weak new password: %v", err)
		}
		if err := w.s.SetPassword(ctx, w.admin, w.token, password, "battery staple"); err != nil {
			t.Fatal(err)
		}
		if _, _, err := w.s.Session(ctx, w.token); err != nil {
			t.Errorf("own session: %v", err)
		}
		if _, _, err := w.s.Session(ctx, other); err == nil {
			t.Error("the other session lives")
		}
		if _, _, err := w.s.Login(ctx, "admin", "battery staple", "10.0.0.6"); err != nil {
			t.Errorf("new password: %v", err)
		}
	})
}

func TestDisablingEndsSessionsAtOnce(t *testing.T) {
	t.Parallel()
	run(t, func(t *testing.T, w world) {
		ctx := context.Background()
		a := w.put(t, "e1", authz.Enumerator, town)
		_, token := w.login(t, "e1")
		if _, _, err := w.s.Session(ctx, token); err != nil {
			t.Fatal(err)
		}
		in := input("e1", authz.Enumerator, town)
		in.Disabled, in.Password = true, ""
		if _, err := w.s.Put(ctx, w.admin, a.ID, in); err != nil {
			t.Fatal(err)
		}
		if _, _, err := w.s.Session(ctx, token); errs.CodeOf(err) != "account.session" {
			t.Errorf("after disabling: %v", err)
		}
	})
}

func TestAPhoneCanCheckThePINByItself(t *testing.T) {
	t.Parallel()
	run(t, func(t *testing.T, w world) {
		ctx := context.Background()
		if err := w.s.SetPIN(ctx, w.admin, "258000"); err != nil {
			t.Fatal(err)
		}
		if set, err := w.s.PINSet(ctx, w.admin); err != nil || !set {
			t.Errorf("set: %v, %v", set, err)
		}
		err := w.d.View(ctx, func(tx *db.Tx) error {
			pins, err := w.s.PINsTx(ctx, tx, w.admin.County, []string{w.admin.ID, id.New()})
			if err != nil {
				return err
			}
			p := pins[w.admin.ID]
			salt, err := base64.StdEncoding.DecodeString(p.Salt)
			if err != nil {
				return err
			}
			key, err := pbkdf2.Key(sha256.New, "258000", salt, p.Iterations, 32)
			if got := base64.StdEncoding.EncodeToString(key); len(pins) != 1 || p.Iterations != 600_000 || got != p.Hash {
				t.Errorf("%d PINs, %+v", len(pins), p)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
