package review_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"strings"
	"testing"
	"time"

	"ruhu/internal/account"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/db/dbtest"
	"ruhu/internal/device"
	"ruhu/internal/id"
	"ruhu/internal/review"
	st "ruhu/internal/submission/submissiontest"
	"ruhu/internal/survey/surveytest"
)

// phone is a phone that shows badges.
type phone struct {
	who    authz.Actor
	device string
	key    *ecdsa.PrivateKey
}

func newPhone(t *testing.T, w world, devices *device.Service, who authz.Actor) phone {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	point, err := key.PublicKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	p := phone{who, id.New(), key}
	if got, err := devices.Hello(t.Context(), who, device.Report{Device: p.device, Badge: point}); err != nil || !got.Badge {
		t.Fatalf("hello: %v", err)
	}
	return p
}

// badge is what it shows at a time.
func (p phone) badge(t *testing.T, at time.Time) string {
	t.Helper()
	return device.Badge{Account: p.who.ID, Device: p.device, Minute: at.Unix() / 60}.Text(func(signed []byte) []byte {
		sum := sha256.Sum256(signed)
		r, s, err := ecdsa.Sign(rand.Reader, p.key, sum[:])
		if err != nil {
			t.Fatal(err)
		}
		out := make([]byte, 64)
		r.FillBytes(out[:32])
		s.FillBytes(out[32:])
		return out
	})
}

func TestABadgeIsLookedAtAgainAndAFormIsNotRefusedForIt(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, 12)
		devices := device.NewService(d, w.Accounts, w.Blobs)
		stranger := st.Person(t, w.World, account.Input{Account: "enum3", Name: "测试enum3", Role: authz.Enumerator, RegionCode: surveytest.Township, Password: "correct horse"})
		partner, own, other := newPhone(t, w, devices, w.Partner), newPhone(t, w, devices, w.Enumerator), newPhone(t, w, devices, stranger)
		late, lost := newPhone(t, w, devices, w.Partner), newPhone(t, w, devices, w.Partner)
		lost.device = partner.device // signs as a phone that it is not
		at := time.Date(2026, 3, 2, 8, 0, 30, 0, time.UTC)
		next := func() time.Time { at = at.Add(time.Minute); return at }
		say := func(account, method string, at time.Time, token string) string {
			return strings.TrimSpace(account + " " + method + " " + at.Format(time.RFC3339) + " " + token)
		}
		visit := 0
		send := func(vouch string) (string, review.Detail) {
			t.Helper()
			answers := map[string]string{"enumerator_1": "测试enum2（enum2）"}
			if vouch != "" {
				answers["@enumerator_1"] = vouch
			}
			instance := id.New()
			sub := w.Send(t, w.Visits[visit], instance, 0, answers)
			visit++
			got, err := w.reviews.Get(t.Context(), w.Supervisor, sub, "zh")
			if err != nil {
				t.Fatal(err)
			}
			return instance, got
		}
		held := partner.badge(t, next())
		holds := say(w.Partner.ID, "badge", at, held)
		first := ""
		for _, c := range []struct {
			name, vouch, method string
			finding             string // the code's Chinese begins so; "" for none
		}{
			{"a badge that holds", holds, "badge", ""},
			{"a PIN", say(w.Partner.ID, "pin", at, ""), "pin", ""},
			{"nothing said", "", "", ""},
			{"the same badge for another household", holds, "badge", "这个确认码已用于另一份表格"},
			{"one's own", say(w.Enumerator.ID, "badge", next(), own.badge(t, at)), "badge", "确认码是交表人自己的"},
			{"somebody of another team", say(stranger.ID, "badge", next(), other.badge(t, at)), "badge", "收到表格时"},
			{"another name than the badge's", say(w.Enumerator.ID, "badge", next(), partner.badge(t, at)), "badge", "确认码不是所记"},
			{"another time than noted", say(w.Partner.ID, "badge", next().Add(5*time.Minute), partner.badge(t, at)), "badge", "确认码与记录的确认时间相差 5 分钟"},
			{"signed by another phone", say(w.Partner.ID, "badge", next(), lost.badge(t, at)), "badge", "确认码的签名不对"},
			{"no badge at all", say(w.Partner.ID, "badge", at, "RUHU1:A"), "badge", "确认码读不出来"},
			{"no time", w.Partner.ID + " badge soon " + partner.badge(t, next()), "badge", "确认码读不出来"},
		} {
			instance, got := send(c.vouch)
			if first == "" {
				first = instance
			}
			if len(got.Vouches) != 1 || got.State != "review" {
				t.Errorf("%s: %s, %+v", c.name, got.State, got.Vouches)
				continue
			}
			v := got.Vouches[0]
			if v.Method != c.method || v.Holds != (c.finding == "") || v.Ref == "" || v.Label != "调查员" {
				t.Errorf("%s: got %+v", c.name, v)
			}
			text, n := "", 0
			for _, f := range got.Findings {
				if f.Rule == "vouch" {
					text, n = f.Message.ZH, n+1
				}
			}
			if c.finding == "" && n != 0 || c.finding != "" && (n != 1 || !strings.HasPrefix(text, c.finding)) || got.Unconfirmed != n || got.Warnings != n {
				t.Errorf("%s: found %q, %d warnings, %d open", c.name, text, got.Warnings, got.Unconfirmed)
			}
		}
		if _, err := devices.Order(t.Context(), w.Office, late.device, device.Order{Replaced: true}); err != nil {
			t.Fatal(err)
		}
		now := d.Now().Time().Add(time.Minute)
		if _, got := send(say(w.Partner.ID, "badge", now, late.badge(t, now))); len(got.Findings) != 1 || !strings.HasPrefix(got.Findings[0].Message.ZH, "出示确认码的手机当时已停用") {
			t.Errorf("a phone that was given up: %+v", got.Findings)
		}
		// A correction of the same form may bring the code that confirmed it.
		sub := w.Send(t, w.Visits[0], first, 1, map[string]string{"enumerator_1": "测试enum2（enum2）", "@enumerator_1": holds, "size": "4"})
		if got, err := w.reviews.Get(t.Context(), w.Supervisor, sub, "zh"); err != nil || got.Revision != 2 || !got.Vouches[0].Holds || got.Vouches[0].Name != "测试enum2" {
			t.Errorf("the same form again: %v %+v", err, got.Vouches)
		}
	})
}
