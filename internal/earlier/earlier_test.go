package earlier_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"ruhu/internal/account"
	"ruhu/internal/authz"
	"ruhu/internal/blob"
	"ruhu/internal/db"
	"ruhu/internal/db/dbtest"
	"ruhu/internal/device"
	"ruhu/internal/earlier"
	"ruhu/internal/earlier/small"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/review"
	"ruhu/internal/signature"
	st "ruhu/internal/submission/submissiontest"
	"ruhu/internal/survey/surveytest"
)

// The questionnaire of the test world with more to photograph: a paper with a number on it, a group about a person, signatures, a drawing, a recording.
const photoRow = `| image | photo | 照片 | Photo | | | | | | | | | | | | |`

var rows = strings.Join([]string{
	photoRow,
	`| image | roof | 屋顶 | Roof | new | | | | | | | | | | | |`,
	`| image | paper | 身份证照片 | Picture of the ID card | | | | | | | | | | | id_number | |`,
	`| image | signed | 被访者签名 | Signature | signature | | | | | | | | | | | |`,
	`| image | sketch | 户型图 | Sketch | draw | | | | | | | | | | | |`,
	`| audio | voice | 录音 | Recording | | | | | | | | | | | | |`,
	`| geopoint | place | 位置 | Place | | | | | | | | | | | | |`,
	`| geopoint | kin | 亲属住处 | Where kin live | | | | | | | | | | | address | |`,
	`| begin group | g_person | 证件 | Papers | | | | | | | | | | | bank | |`,
	`| image | card | 银行卡照片 | Picture of the card | | | | | | | | | | | | |`,
	`| end group | | | | | | | | | | | | | | | |`,
	`| image | more_1 | 一 | One | | | | | | | | | | | | |`,
	`| image | more_2 | 二 | Two | | | | | | | | | | | | |`,
	`| image | more_3 | 三 | Three | | | | | | | | | | | | |`,
	`| image | more_4 | 四 | Four | | | | | | | | | | | | |`,
	`| image | more_5 | 五 | Five | | | | | | | | | | | | |`,
}, "\n")

type world struct {
	*st.World
	clock *dbtest.Clock
	e     *earlier.Service
	dev   string // the enumerator's phone
}

func run(t *testing.T, visits int, fn func(t *testing.T, w world)) {
	t.Helper()
	for _, kind := range []string{"sqlite", "postgres"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			clock := dbtest.NewClock(time.Date(2026, 3, 20, 10, 0, 0, 0, time.UTC))
			open := dbtest.SQLite
			if kind == "postgres" {
				open = dbtest.Postgres
			}
			w := world{World: st.New(t, open(t, db.Options{Clock: clock.Now}), visits), clock: clock}
			w.e = earlier.NewService(w.D, w.Bus, w.Surveys, w.Assigns, w.Blobs)
			w.e.Listen()
			w.Publish(t, "2", photoRow, rows)
			w.Plan(t)
			w.dev = w.phone(t, w.Enumerator)
			fn(t, w)
		})
	}
}

// phone reports a device of somebody.
func (w world) phone(t *testing.T, who authz.Actor) string {
	t.Helper()
	dev := id.New()
	if _, err := device.NewService(w.D, w.Accounts, w.Blobs).Hello(t.Context(), who, device.Report{Device: dev}); err != nil {
		t.Fatal(err)
	}
	return dev
}

// again is a round after this one.
func (w world) again(t *testing.T, visits int, day db.Date) world {
	t.Helper()
	w.World = w.Again(t, visits, day)
	w.Publish(t, "2", photoRow, rows)
	w.Plan(t)
	return w
}

// picture draws and stores a photograph, a different one for each n, larger than what is made of it.
func (w world) picture(t *testing.T, n uint64) string {
	t.Helper()
	r := rand.New(rand.NewPCG(n, n))
	img := image.NewRGBA(image.Rect(0, 0, 640, 480))
	for y := range 480 {
		for x := range 640 {
			img.SetRGBA(x, y, color.RGBA{uint8(n * 40), uint8(x/8 + r.IntN(30)), uint8(y/8 + r.IntN(30)), 255})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 80}); err != nil {
		t.Fatal(err)
	}
	return w.keep(t, b.Bytes())
}

func (w world) keep(t *testing.T, b []byte) string {
	t.Helper()
	d, _, err := w.Blobs.Put(t.Context(), bytes.NewReader(b), 1<<22, "")
	if err != nil {
		t.Fatal(err)
	}
	return string(d) + ".jpg"
}

func digest(name string) blob.Digest { return blob.Digest(name[:64]) }

// accept sends a form and takes it through both levels of review.
func (w world) accept(t *testing.T, visit int, answers map[string]string) string {
	t.Helper()
	sub := w.Send(t, w.Visits[visit], "uuid:"+id.New(), 0, answers)
	rs := review.NewService(w.D, w.Bus, w.Surveys, w.Accounts, w.Blobs, nil, signature.NewService(w.D, w.Surveys, w.Accounts))
	for _, by := range []authz.Actor{w.Supervisor, w.Office} {
		if _, err := rs.Decide(t.Context(), by, sub, review.Decision{ID: id.New(), Action: review.Approve, Revision: 1}, "zh"); err != nil {
			t.Fatal(err)
		}
	}
	return sub
}

func (w world) carried(t *testing.T) ([]earlier.Sight, bool) {
	t.Helper()
	got, making, err := w.e.Carried(t.Context(), w.Enumerator, w.dev)
	if err != nil {
		t.Fatal(err)
	}
	return got, making
}

// settled asks, lets everything be made, and asks again.
func (w world) settled(t *testing.T) []earlier.Sight {
	t.Helper()
	w.carried(t)
	if err := w.Bus.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	got, making := w.carried(t)
	if making {
		t.Error("pictures are still being made")
	}
	return got
}

// of gives what is carried of a visit.
func (w world) of(houses []earlier.Sight, visit int) earlier.Sight {
	i := slices.IndexFunc(houses, func(h earlier.Sight) bool { return h.Assignment == w.Visits[visit].ID })
	if i < 0 {
		return earlier.Sight{}
	}
	return houses[i]
}

func labels(h earlier.Sight) string {
	var out []string
	for _, p := range h.Pictures {
		out = append(out, p.Label.EN)
	}
	return strings.Join(out, " ")
}

func (w world) tasks(t *testing.T) (n int) {
	t.Helper()
	err := w.D.View(t.Context(), func(tx *db.Tx) error {
		return tx.QueryRow(t.Context(), `SELECT count(*) FROM job_task WHERE handler = 'earlier.look'`).Scan(&n)
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestAPhoneIsToldWhatTheRoundBeforeSaw(t *testing.T) {
	t.Parallel()
	run(t, 4, func(t *testing.T, w world) {
		front, roof, paper, card := w.picture(t, 1), w.picture(t, 2), w.picture(t, 3), w.picture(t, 4)
		signed, sketch := w.picture(t, 5), w.picture(t, 6)
		w.accept(t, 0, map[string]string{
			"photo": front, "roof": roof, "paper": paper, "card": card, "signed": signed, "sketch": sketch, "voice": strings.Replace(w.picture(t, 7), ".jpg", ".m4a", 1),
		})
		w.Send(t, w.Visits[1], "uuid:"+id.New(), 0, map[string]string{"photo": w.picture(t, 8)}) // not accepted
		w.accept(t, 2, map[string]string{"photo": w.keep(t, []byte("no picture")), "roof": w.picture(t, 9)})
		w.accept(t, 3, map[string]string{"photo": paper, "paper": paper}) // the ID card once more, where the house was asked for

		now := w.again(t, 4, "2026-06-01")
		if got, making := now.carried(t); len(got) != 0 || !making {
			t.Fatalf("before anything was made: %+v %v", got, making)
		}
		got := now.settled(t)
		if len(got) != 2 {
			t.Fatalf("%d households: %+v", len(got), got)
		}
		first := now.of(got, 0)
		if labels(first) != "Photo Roof" || first.Pictures[0].Label.ZH != "照片" || first.Pictures[0].Round != "试点" || first.Pictures[0].Day != "2026-03-20" {
			t.Errorf("the first household: %+v", first)
		}
		if l := labels(now.of(got, 2)); l != "Roof" {
			t.Errorf("beside what is no picture: %q", l)
		}
		for _, p := range first.Pictures {
			b, err := now.e.Picture(t.Context(), now.Enumerator, now.dev, first.Assignment, p.SHA256)
			if err != nil || blob.Of(b) != p.SHA256 || int64(len(b)) != p.Size || len(b) > small.MaxBytes || bytes.Contains(b, []byte("Exif")) {
				t.Errorf("%s: %d bytes, %v", p.Label.EN, len(b), err)
			}
			img, err := jpeg.Decode(bytes.NewReader(b))
			if err != nil || img.Bounds().Dx() != small.Longest {
				t.Errorf("%s: %v", p.Label.EN, err)
			}
		}
		// Of what is private nothing was even made, and what was made for others is not given to this household.
		for _, name := range []string{paper, card, signed, sketch} {
			f, err := now.Blobs.Open(digest(name))
			if err != nil {
				t.Fatal(err)
			}
			b, err := small.Of(f)
			_ = f.Close()
			if err != nil {
				t.Fatal(err)
			}
			if has, err := now.Blobs.Has(blob.Of(b)); has || err != nil {
				t.Errorf("a small picture of something private was made: %v", err)
			}
		}
		for _, d := range []blob.Digest{digest(front), digest(paper), now.of(got, 2).Pictures[0].SHA256, "x"} {
			if _, err := now.e.Picture(t.Context(), now.Enumerator, now.dev, first.Assignment, d); errs.CodeOf(err) != "blob.not_found" {
				t.Errorf("%.8s: %v", d, err)
			}
		}
		// That a file is no picture is remembered.
		w.clock.Advance(time.Hour)
		if now.carried(t); now.tasks(t) != 0 {
			t.Error("what is no picture is looked at again")
		}
		// What is handed in needs no pictures any more.
		now.Send(t, now.Visits[0], "uuid:"+id.New(), 0, nil)
		if got, _ := now.carried(t); len(got) != 1 || now.of(got, 2).Assignment == "" {
			t.Errorf("after the form was handed in: %+v", got)
		}
		if _, err := now.e.Picture(t.Context(), now.Enumerator, now.dev, first.Assignment, first.Pictures[0].SHA256); errs.CodeOf(err) != "blob.not_found" {
			t.Errorf("its picture: %v", err)
		}
	})
}

func TestNobodyElseGetsThem(t *testing.T) {
	t.Parallel()
	run(t, 2, func(t *testing.T, w world) {
		w.accept(t, 0, map[string]string{"photo": w.picture(t, 1)})
		now := w.again(t, 2, "2026-06-01")
		house := now.of(now.settled(t), 0)
		ask := func(who authz.Actor, dev string) (list, picture string) {
			got, _, err := now.e.Carried(t.Context(), who, dev)
			if err == nil && len(got) > 0 {
				list = fmt.Sprint(len(got))
			} else {
				list = errs.CodeOf(err)
			}
			_, err = now.e.Picture(t.Context(), who, dev, house.Assignment, house.Pictures[0].SHA256)
			return list, errs.CodeOf(err)
		}
		if list, picture := ask(now.Enumerator, now.dev); list != "1" || picture != "" {
			t.Fatalf("the team itself: %q %q", list, picture)
		}
		a, err := now.Accounts.Put(t.Context(), now.County, id.New(), account.Input{
			Account: "enum3", Name: "测试", Role: authz.Enumerator, RegionCode: surveytest.Township, Password: "correct horse",
		})
		if err != nil {
			t.Fatal(err)
		}
		stranger := authz.Actor{ID: a.ID, Account: a.Account, Role: a.Role, County: "430922", Region: a.RegionCode}
		if list, picture := ask(stranger, now.phone(t, stranger)); list != "" || picture != "assign.not_found" {
			t.Errorf("somebody of no team: %q %q", list, picture)
		}
		for _, who := range []authz.Actor{now.Office, now.Supervisor, now.Village} {
			if list, picture := ask(who, now.dev); list != "authz.forbidden" || picture != "authz.forbidden" {
				t.Errorf("%s: %q %q", who.Role, list, picture)
			}
		}
		for _, dev := range []string{"", "x", id.New(), now.phone(t, now.Partner)} { // the last one is a phone of somebody else
			if list, picture := ask(now.Enumerator, dev); list != "device.not_found" || picture != "device.not_found" {
				t.Errorf("with the phone %q: %q %q", dev, list, picture)
			}
		}
		devices := device.NewService(now.D, now.Accounts, now.Blobs)
		for _, o := range []device.Order{{Replaced: true}, {Wipe: true}} {
			old := now.phone(t, now.Enumerator)
			if _, err := devices.Order(t.Context(), now.Office, old, o); err != nil {
				t.Fatal(err)
			}
			if list, picture := ask(now.Enumerator, old); list != "device.given_up" || picture != "device.given_up" {
				t.Errorf("%+v: %q %q", o, list, picture)
			}
		}
		// Somebody who has left the team.
		err = now.D.Update(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `DELETE FROM assign_member WHERE county = '430922' AND account = $1 AND team = $2`, now.Enumerator.ID, now.Team)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if list, picture := ask(now.Enumerator, now.dev); list != "" || picture != "assign.not_found" {
			t.Errorf("after leaving the team: %q %q", list, picture)
		}
	})
}

func TestTheLatestRoundsAndPicturesAreCarried(t *testing.T) {
	t.Parallel()
	run(t, 2, func(t *testing.T, w world) {
		n := uint64(0)
		take := func(questions ...string) map[string]string {
			out := map[string]string{}
			for _, q := range questions {
				n++
				out[q] = w.picture(t, n)
			}
			return out
		}
		w.accept(t, 0, take("photo"))
		w.accept(t, 1, take("photo"))
		second := w.again(t, 2, "2026-06-01")
		second.accept(t, 0, take("photo", "roof"))
		second.accept(t, 1, take("more_1"))
		third := w.again(t, 2, "2026-09-01")
		third.accept(t, 0, take("photo", "more_2"))
		third.accept(t, 1, take("photo", "roof", "more_1", "more_2", "more_3", "more_4", "more_5"))
		now := w.again(t, 2, "2026-12-01")
		got := now.settled(t)
		if l := labels(now.of(got, 0)); l != "Photo Two Photo Roof" {
			t.Errorf("of three rounds: %q", l)
		}
		if l := labels(now.of(got, 1)); l != "Photo Roof One Two Three Four" {
			t.Errorf("of many pictures: %q", l)
		}
		// A round is not told what came after it.
		w.World = second.World
		if got, _ := w.e2(t, second); len(got) != 0 {
			t.Errorf("the second round was told of: %+v", got)
		}
	})
}

// e2 asks for an older round: the account works for the newest one, so its membership there is taken away first.
func (w world) e2(t *testing.T, of world) ([]earlier.Sight, bool) {
	t.Helper()
	err := w.D.Update(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), `DELETE FROM assign_member WHERE county = '430922' AND account = $1 AND team <> $2`, w.Enumerator.ID, of.Team)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return w.carried(t)
}

func TestHouseholdsNumberedAlikeInOtherVillagesAreOthers(t *testing.T) {
	t.Parallel()
	run(t, 4, func(t *testing.T, w world) {
		w.accept(t, 1, map[string]string{"photo": w.picture(t, 1)})
		w.accept(t, 2, map[string]string{"photo": w.picture(t, 2)})
		now := w.again(t, 2, "2026-06-01") // H00001 and H00002 in villages one and two; before, H00002 was in village one
		if got := now.settled(t); len(got) != 0 {
			t.Errorf("%+v", got)
		}
	})
}

func TestAPhotographThatComesLaterIsMadeLater(t *testing.T) {
	t.Parallel()
	run(t, 2, func(t *testing.T, w world) {
		late := w.picture(t, 1)
		f, err := w.Blobs.Open(digest(late))
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if _, err := b.ReadFrom(f); err != nil {
			t.Fatal(err)
		}
		_ = f.Close()
		w.accept(t, 0, map[string]string{"photo": late})
		if err := w.Blobs.Remove(digest(late)); err != nil { // as after a backup of the database alone
			t.Fatal(err)
		}
		now := w.again(t, 2, "2026-06-01")
		if got := now.settled(t); len(got) != 0 {
			t.Errorf("%+v", got)
		}
		now.keep(t, b.Bytes())
		if now.carried(t); now.tasks(t) != 0 {
			t.Error("it is asked for again at once")
		}
		now.clock.Advance(time.Hour)
		if got := now.settled(t); labels(now.of(got, 0)) != "Photo" {
			t.Errorf("%+v", got)
		}
	})
}

func TestTheBestPositionOfEarlierRoundsStandsInForAMissingOne(t *testing.T) {
	t.Parallel()
	run(t, 2, func(t *testing.T, w world) {
		w.accept(t, 0, map[string]string{"place": "29.1 111.1 0 8", "kin": "29.9 111.9 0 1"})
		w.accept(t, 1, map[string]string{"place": "29.5 111.5 0 0"}) // pointed at on a map
		second := w.again(t, 2, "2026-06-01")
		second.accept(t, 0, map[string]string{"place": "29.2 111.2 0 30"})
		now := w.again(t, 2, "2026-09-01")
		got := now.settled(t)
		p := now.of(got, 0).Position
		if len(got) != 1 || p == nil || p.Lat != 29.1 || p.Lon != 111.1 || p.Accuracy != 8 || p.Round != "试点" || p.Day != "2026-03-20" {
			t.Fatalf("%+v", got)
		}
		err := now.D.Update(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `UPDATE roster_household SET lat = 29.3, lon = 111.3 WHERE county = '430922' AND id = $1`, now.Visits[0].Household)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := now.carried(t); len(got) != 0 {
			t.Errorf("the base list knows better: %+v", got)
		}
	})
}
