package ledger_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/db/dbtest"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/ledger"
	st "ruhu/internal/submission/submissiontest"
)

func (w world) table(t *testing.T, actor authz.Actor, kind string, f ledger.TableFilter) [][]string {
	t.Helper()
	x, err := w.ledgers.Table(t.Context(), actor, w.Campaign.ID, kind, f, "zh")
	if err != nil {
		t.Fatal(err)
	}
	var out [][]string
	for _, r := range x.Rows {
		if len(r.Cells) != len(x.Heads) {
			t.Fatalf("%s has %d heads, a row of %d", kind, len(x.Heads), len(r.Cells))
		}
		out = append(out, r.Cells)
	}
	return out
}

func TestRegistersShowTheirItems(t *testing.T) {
	t.Parallel()
	run(t, 4, func(t *testing.T, w world, clock *dbtest.Clock) {
		w.Send(t, w.Visits[0], id.New(), 0, unsafe)
		w.Send(t, w.Visits[3], id.New(), 0, unsafe)
		items := w.list(t, w.Office, ledger.Filter{}).Items
		w.closeIt(t, items[0].ID)
		for _, in := range []ledger.Input{
			{Village: w.Village.Region, OffName: "孙某", Title: errs.Text{ZH: "年龄登记有误"}, Severity: "low", Nature: "data", Note: "系统为 61 岁，实为 71 岁"},
			{
				Village: w.Village.Region, Title: errs.Text{ZH: "低保未公示"}, Severity: "low", Source: ledger.ByPetition, OffName: "钱某",
				Petition: &ledger.Petition{Kind: ledger.Complaint, Channel: "visit", Content: "反映低保评定没有公示，要求核查", Explained: "已说明程序"},
			},
		} {
			if _, err := w.ledgers.Register(t.Context(), w.Office, w.Campaign.ID, id.New(), in); err != nil {
				t.Fatal(err)
			}
		}
		w.must(t, w.Inspector, items[2].ID, ledger.Act{Action: ledger.Supervise, Note: "限期解决"})
		clock.Advance(at(26).Sub(clock.Now()))
		one, other := w.Visits[0].House, w.Visits[3].House
		village := func(i int) string { return items[i].VillageName }
		got := map[string][][]string{}
		for _, kind := range []string{ledger.RegRectification, ledger.RegCorrection, ledger.RegClearance, ledger.RegNotice, ledger.RegHelp} {
			got[kind] = w.table(t, w.Office, kind, ledger.TableFilter{})
		}
		want := map[string][][]string{
			ledger.RegRectification: {{"2026-000001", "问卷校验", village(0), one.HeadName, "住房不安全", "年久失修", "加固", "村", "村主任", "2026-03-11", "", "2026-03-04", "已销号"}},
			ledger.RegCorrection:    {{"2026-000005", village(0), "", "孙某", "年龄登记有误", "系统为 61 岁，实为 71 岁", "2026-03-04", "", "2026-03-25（超期）", "待整改"}},
			ledger.RegClearance:     {{"2026-000001", "问卷校验", village(0), one.HeadName, "住房不安全", "加固", "", "2026-03-04", "测试supervisor", "测试office", "2026-03-04"}},
			ledger.RegNotice:        {{"2026-000003", village(2), "住房不安全", "村", "", "2026-03-11（超期）", "1", "限期解决", "2026-03-04", "2026-03-09", "", "待整改"}},
			ledger.RegHelp: {
				{village(0), "", "孙某", "年龄登记有误", "", "", "村", "", "2026-03-25（超期）", "待整改"},
				{village(0), one.Group, one.HeadName, "没有水", "水利", "", "镇办", "", "2026-03-25（超期）", "待整改"},
				{village(2), other.Group, other.HeadName, "住房不安全", "住建", "", "村", "", "2026-03-11（超期）", "待整改"},
				{village(2), other.Group, other.HeadName, "没有水", "水利", "", "镇办", "", "2026-03-25（超期）", "待整改"},
			},
		}
		byName := func(rows [][]string) [][]string { // households without a row come first on one database, last on the other
			if rows[0][2] != "孙某" {
				rows[0], rows[1] = rows[1], rows[0]
			}
			return rows
		}
		got[ledger.RegHelp] = byName(got[ledger.RegHelp])
		if d := cmp.Diff(want, got); d != "" {
			t.Error(d)
		}
		if n := len(w.table(t, w.Office, ledger.RegProblem, ledger.TableFilter{})); n != 6 {
			t.Errorf("the office's register has %d", n)
		}
		if n := len(w.table(t, w.Village, ledger.RegProblem, ledger.TableFilter{})); n != 3 {
			t.Errorf("the village's register has %d, want its own without the complaint", n)
		}
		if _, err := w.ledgers.Table(t.Context(), w.Office, w.Campaign.ID, "gossip", ledger.TableFilter{}, "zh"); errs.CodeOf(err) != "ledger.no_register" {
			t.Error(err)
		}
		b, err := w.ledgers.Export(t.Context(), w.Office, w.Campaign.ID, ledger.RegNotice, ledger.TableFilter{}, "en")
		if err != nil {
			t.Fatal(err)
		}
		x, err := excelize.OpenReader(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		rows, err := x.GetRows("Sheet1")
		if err != nil || len(rows) != 3 || rows[1][0] != "Number" || rows[2][7] != "限期解决" {
			t.Errorf("%v %v", rows, err)
		}
	})
}

func TestCommonProblemsAreGatheredOverVillages(t *testing.T) {
	t.Parallel()
	run(t, 4, func(t *testing.T, w world, _ *dbtest.Clock) {
		w.Send(t, w.Visits[0], id.New(), 0, unsafe)
		all, err := w.ledgers.Commons(t.Context(), w.Office, w.Campaign.ID)
		if err != nil || len(all) != 0 {
			t.Fatalf("one village makes nothing common: %+v %v", all, err)
		}
		w.Send(t, w.Visits[1], id.New(), 0, map[string]string{"q1": "2", "q1_1": "1"})
		w.Send(t, w.Visits[3], id.New(), 0, unsafe)
		w.closeIt(t, w.list(t, w.Office, ledger.Filter{}).Items[0].ID)
		if _, err := w.ledgers.Gather(t.Context(), w.Office, w.Campaign.ID, "housing", " ", ""); errs.CodeOf(err) != "ledger.gather" {
			t.Error(err)
		}
		if _, err := w.ledgers.Gather(t.Context(), w.Office, w.Campaign.ID, "gossip", "统一加固", ""); errs.CodeOf(err) != "ledger.no_common" {
			t.Error(err)
		}
		if _, err := w.ledgers.Gather(t.Context(), w.Supervisor, w.Campaign.ID, "housing", "统一加固", ""); !errs.Is(err, errs.Forbidden) {
			t.Error(err)
		}
		if _, err := w.ledgers.Gather(t.Context(), w.Office, w.Campaign.ID, "housing", "统一加固", "五月底前完成"); err != nil {
			t.Fatal(err)
		}
		all, err = w.ledgers.Commons(t.Context(), w.Inspector, w.Campaign.ID)
		if err != nil || len(all) != 2 {
			t.Fatalf("%+v %v", all, err)
		}
		x := all[0]
		if x.Key != "housing" || len(x.Villages) != 2 || x.Found != 3 || x.Open != 2 || x.Measure != "统一加固" || x.Result != "五月底前完成" {
			t.Errorf("%+v", x)
		}
		if own, err := w.ledgers.Commons(t.Context(), w.Village, w.Campaign.ID); err != nil || len(own) != 0 {
			t.Errorf("one village sees %+v (%v)", own, err)
		}
	})
}

func TestTheDailyListIsLateAfterEight(t *testing.T) {
	t.Parallel()
	run(t, 2, func(t *testing.T, w world, clock *dbtest.Clock) {
		w.Send(t, w.Visits[0], id.New(), 0, unsafe)
		hand := func(name string, who authz.Actor, day string, listed int, late bool, want string) {
			t.Helper()
			_, err := w.ledgers.HandIn(t.Context(), who, w.Campaign.ID, db.Date("2026-03-0"+day))
			if errs.CodeOf(err) != want {
				t.Errorf("%s: %v", name, err)
			}
			d, err := w.ledgers.Daily(t.Context(), w.Office, w.Campaign.ID)
			if err != nil || len(d.Days) == 0 {
				t.Fatalf("%s: %+v %v", name, d, err)
			}
			last := d.Days[len(d.Days)-1]
			if listed >= 0 && (len(last.Handed) != 1 || len(last.Handed[0].Numbers) != listed || last.Handed[0].Late != late) {
				t.Errorf("%s: %+v", name, last)
			}
		}
		hand("a village", w.Village, "4", -1, false, "authz.forbidden")
		hand("tomorrow", w.Office, "5", -1, false, "ledger.day")
		clock.Advance(at(4).Add(7*time.Hour + 59*time.Minute).Sub(clock.Now())) // 19:59 in China
		hand("a minute before eight", w.Office, "4", 2, false, "")
		clock.Advance(2 * time.Minute)
		hand("the same list once more", w.Office, "4", 2, false, "")
		if _, err := w.ledgers.Register(t.Context(), w.Office, w.Campaign.ID, id.New(), ledger.Input{Village: w.Village.Region, Title: errs.Text{ZH: "路灯不亮"}, Severity: "low"}); err != nil {
			t.Fatal(err)
		}
		hand("one more problem, after eight", w.Office, "4", 3, true, "")
		if n := len(w.table(t, w.Supervisor, ledger.RegDaily, ledger.TableFilter{Day: "2026-03-04"})); n != 3 {
			t.Errorf("%d on the list", n)
		}
	})
}

func TestProblemsAreHeldBackUntilTheMeeting(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"sqlite", "postgres"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			clock := dbtest.NewClock(at(4))
			o := db.Options{Clock: clock.Now}
			open := dbtest.SQLite
			if kind == "postgres" {
				open = dbtest.Postgres
			}
			d := open(t, o)
			held := strings.Replace(st.Book(), `daily: {by: "20:00"}`, `daily: {by: "20:00", hold: [village]}`, 1)
			w := world{World: st.NewBy(t, d, 2, held)}
			w.ledgers = ledger.NewService(d, w.Bus, w.Surveys, w.Blobs, nil)
			w.ledgers.Listen()
			w.Plan(t)
			w.Send(t, w.Visits[0], id.New(), 0, unsafe)
			item := w.list(t, w.Office, ledger.Filter{}).Items[0].ID
			sees := func(what string, want int) {
				t.Helper()
				if n := w.list(t, w.Village, ledger.Filter{}).Total; n != want {
					t.Errorf("%s: the village sees %d, want %d", what, n, want)
				}
			}
			sees("before the meeting", 0)
			if _, err := w.ledgers.Get(t.Context(), w.Village, item); errs.CodeOf(err) != "ledger.not_found" {
				t.Errorf("one by its address: %v", err)
			}
			if _, err := w.do(w.Village, item, said(ledger.Start, w.Photo(t, "x"))); errs.CodeOf(err) != "ledger.not_found" {
				t.Errorf("an act: %v", err)
			}
			back := func(who authz.Actor, until db.Date, text, want string) {
				t.Helper()
				if err := w.ledgers.FeedBack(t.Context(), who, w.Campaign.ID, id.New(), until, text); errs.CodeOf(err) != want {
					t.Errorf("meeting up to %s: %v, want %q", until, err, want)
				}
			}
			back(w.Village, "2026-03-04", "反馈会", "authz.forbidden")
			back(w.Office, "2026-03-05", "反馈会", "ledger.day")
			back(w.Office, "2026-03-04", " ", "ledger.note")
			back(w.Other, "2026-03-04", "反馈会", "survey.not_found")
			back(w.Office, "2026-03-03", "反馈会", "")
			sees("a meeting about the days before", 0)
			back(w.Office, "2026-03-04", "反馈会", "")
			sees("the meeting was held", 2)
			clock.Advance(at(5).Sub(clock.Now()))
			w.Send(t, w.Visits[1], id.New(), 0, unsafe)
			own := 2
			if w.Visits[1].House.Village == w.Village.Region {
				t.Fatal("the world has changed: the second visit is in the other village")
			}
			sees("another village's problems", own)
			if _, err := w.ledgers.Register(t.Context(), w.Office, w.Campaign.ID, id.New(), ledger.Input{Village: w.Village.Region, Title: errs.Text{ZH: "路灯不亮"}, Severity: "low"}); err != nil {
				t.Fatal(err)
			}
			sees("what was found since", own)
			w.must(t, w.Village, item, said(ledger.Start, w.Photo(t, "x")))
		})
	}
}
