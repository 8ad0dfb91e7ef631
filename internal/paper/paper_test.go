package paper_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"ruhu/internal/account"
	"ruhu/internal/assign"
	"ruhu/internal/assign/assigntest"
	"ruhu/internal/audit"
	"ruhu/internal/authz"
	"ruhu/internal/blob"
	"ruhu/internal/db"
	"ruhu/internal/db/dbtest"
	"ruhu/internal/docgen"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/listing"
	"ruhu/internal/paper"
	"ruhu/internal/region"
	"ruhu/internal/roster"
	rt "ruhu/internal/roster/rostertest"
	"ruhu/internal/survey/surveytest"
)

// world has two villages of four households (three with form a, one with form b, in each) and one team.
type world struct {
	surveytest.World
	papers  *paper.Service
	rosters *roster.Service
	team    string
	dir     string
}

// fake answers --version as Chromium does and gives the HTML for a PDF.
const fake = `#!/bin/sh
if [ "$1" = --version ]; then echo 'Chromium 150.0.1.2'; exit; fi
for a; do case $a in --print-to-pdf=*) out=${a#--print-to-pdf=} ;; file://*) in=${a#file://} ;; esac; done
cp "$in" "$out"
`

func newWorld(t *testing.T, d *db.DB, browser string) *world {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("a shell script stands for the browser")
	}
	w := &world{World: surveytest.New(t, d, 2), dir: t.TempDir()}
	accounts := account.New(d, account.Options{Cost: account.Cost{Time: 1, Memory: 64}})
	w.rosters = roster.NewService(d, w.Bus, w.Surveys)
	assigns := assign.NewService(d, w.Bus, w.Surveys, accounts, nil)
	files, err := blob.Open(filepath.Join(w.dir, "prints"))
	if err != nil {
		t.Fatal(err)
	}
	if browser == "" {
		browser = filepath.Join(w.dir, "browser")
		if err := os.WriteFile(browser, []byte(fake), 0o700); err != nil { //nolint:gosec // a program must be executable
			t.Fatal(err)
		}
	}
	w.papers = paper.NewService(d, w.Bus, w.Surveys, assigns, files, docgen.New(docgen.Options{Chromium: browser}))
	w.papers.Listen()
	data := rt.Township(t, []string{surveytest.VillageName(1), surveytest.VillageName(2)}, 4, 2, func(n int) string {
		if n%4 == 0 {
			return "边缘户"
		}
		return "脱贫户"
	})
	rep, err := w.rosters.Import(context.Background(), w.Office, w.Campaign.ID, roster.File{Name: "底册.xlsx", Data: data})
	if err != nil || len(rep.Errors) > 0 {
		t.Fatalf("import: %v %+v", err, rep.Errors)
	}
	var who []string
	for i := range 2 {
		a, err := accounts.Put(context.Background(), w.Office, id.New(), account.Input{
			Account: fmt.Sprintf("e%02d", i), Name: fmt.Sprintf("调查员%d", i), Role: authz.Enumerator, RegionCode: surveytest.Township, Password: "geheim-12345",
		})
		if err != nil {
			t.Fatal(err)
		}
		who = append(who, a.ID)
	}
	w.team = assigntest.Team(t, d, w.Campaign.County, w.Campaign.ID, "第01组", who...)
	return w
}

// visit gives households of village 1 to the team, one on each of two days.
func (w *world) visit(t *testing.T) {
	t.Helper()
	p, err := w.rosters.List(context.Background(), w.Office, w.Campaign.ID, roster.Filter{Village: surveytest.VillageCode(surveytest.Township, 1)})
	if err != nil {
		t.Fatal(err)
	}
	var as []assign.Assignment
	for i, h := range p.Items[:2] {
		f, _ := w.Campaign.FormFor(string(h.Class))
		as = append(as, assign.Assignment{
			County: w.Campaign.County, Campaign: w.Campaign.ID, Household: h.ID, Village: h.Village, Form: f.Code, FormHash: f.Hash, Team: w.team, Date: db.Date(fmt.Sprintf("2026-03-1%d", 1+i)),
		})
	}
	assigntest.Plant(t, w.D, w.Bus, as)
}

// print orders, waits for the files and gives job and contents.
func (w *world) print(t *testing.T, actor authz.Actor, a paper.Ask) (paper.Job, []string) {
	t.Helper()
	ctx := context.Background()
	a.Sides = docgen.OneSided
	j, err := w.papers.Put(ctx, actor, w.Campaign.ID, id.New(), a, "https://ruhu.example")
	if err != nil {
		t.Fatalf("put: %v", err)
	}
	if err := w.Bus.Drain(ctx); err != nil {
		t.Fatal(err)
	}
	if j, err = w.papers.Get(ctx, actor, j.ID); err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, f := range j.Files {
		if f.State != paper.Ready {
			t.Fatalf("file %d: %s %v", f.N, f.State, f.Err)
		}
		out = append(out, w.read(t, actor, j.ID, f.N))
	}
	return j, out
}

func (w *world) read(t *testing.T, actor authz.Actor, job string, n int) string {
	t.Helper()
	_, r, err := w.papers.Open(context.Background(), actor, job, n)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestFormsOfATownshipAreOneFilePerVillageWithEveryHousehold(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, "")
		w.visit(t)
		j, files := w.print(t, w.Office, paper.Ask{Kind: paper.Forms})
		if len(files) != 2 || j.Households != 8 || j.State() != paper.Ready || !j.OpenPII || j.Files[0].Name != "第1村" {
			t.Fatalf("%+v", j)
		}
		for n := 1; n <= 8; n++ {
			file := files[(n-1)/4]
			for _, want := range []string{fmt.Sprintf("H%05d", n), fmt.Sprintf("户主%d", n), rt.ID(n * 10), rt.ID(n*10 + 1), fmt.Sprintf("成员%d之1", n)} {
				if !strings.Contains(file, want) {
					t.Errorf("household %d: %s is missing", n, want)
				}
			}
		}
		one := files[0]
		for _, want := range []string{"甲表", "乙表", "问题一", "调查员1", "调查员2", "复核", "第01组", "打印人", "测试township", "small-a", w.Campaign.Forms[0].Hash[:8]} {
			if !strings.Contains(one, want) {
				t.Errorf("%s is missing", want)
			}
		}
		if i, k := strings.Index(one, "<th>被访户"), strings.Index(one, "<th>复核"); i < 0 || k < i {
			t.Errorf("the chain of signatures is out of order: %d, %d", i, k)
		}
		if strings.Contains(files[1], "户主1<") {
			t.Error("a household is in the other village's file")
		}
	})
}

func TestWhatIsPrintedIsNarrowed(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, "")
		w.visit(t)
		v1 := surveytest.VillageCode(surveytest.Township, 1)
		p, err := w.rosters.List(context.Background(), w.Office, w.Campaign.ID, roster.Filter{Village: v1})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			name  string
			ask   paper.Ask
			count int
			files int
			has   []string
			not   []string
		}{
			{"a village", paper.Ask{Kind: paper.Forms, Village: v1}, 4, 1, []string{"H00001", "H00004"}, []string{"H00005"}},
			{"households", paper.Ask{Kind: paper.Forms, Households: []string{p.Items[2].ID}}, 1, 1, []string{"H00003"}, []string{"H00001"}},
			{"a team", paper.Ask{Kind: paper.Forms, Team: w.team}, 2, 1, []string{"H00001", "H00002"}, []string{"H00003"}},
			{"a day of a team", paper.Ask{Kind: paper.Worklist, Team: w.team, Day: "2026-03-12"}, 1, 1, []string{"H00002", "2026-03-12", "调查员0、调查员1", "第01组"}, []string{"H00001"}},
			{"all teams", paper.Ask{Kind: paper.Worklist}, 2, 1, []string{"2026-03-11", "2026-03-12"}, []string{"H00003"}},
			{"a list", paper.Ask{Kind: paper.Roster, Village: v1}, 4, 1, []string{"共 4 户 8 人", "13800000001", "边缘户"}, []string{"H00005"}},
			{"a listing sheet", paper.Ask{Kind: paper.Listing, Village: v1}, 4, 1, []string{"清查摸底表", "属实", "失联", rt.ID(10), ">16<"}, []string{"H00005"}},
			{"empty forms", paper.Ask{Kind: paper.Blank, Form: "b", Copies: 3}, 3, 1, []string{"乙表"}, []string{"户主1", "甲表"}},
			{"lists of all villages", paper.Ask{Kind: paper.Roster}, 8, 1, []string{"第1村农户名单", "第2村农户名单", "共 4 户 8 人", "H00008"}, nil},
			{"in English", paper.Ask{Kind: paper.Roster, Village: v1, Lang: "en"}, 4, 1, []string{"4 households, 8 persons", "Marginal"}, nil},
		} {
			j, files := w.print(t, w.Office, c.ask)
			if j.Households != c.count || len(files) != c.files {
				t.Errorf("%s: %d households in %d files", c.name, j.Households, len(files))
			}
			for _, s := range c.has {
				if !strings.Contains(files[0], s) {
					t.Errorf("%s: no %s", c.name, s)
				}
			}
			for _, s := range c.not {
				if strings.Contains(files[0], s) {
					t.Errorf("%s: %s is there", c.name, s)
				}
			}
		}
	})
}

func TestAListingSheetShowsWhatTheListingShows(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w := newWorld(t, d, "")
		v1 := surveytest.VillageCode(surveytest.Township, 1)
		listings := listing.NewService(d, w.Bus, w.Surveys, w.rosters, nil)
		villager := surveytest.Actor(authz.Village, v1)
		work, err := listings.Work(ctx, villager, w.Campaign.ID, v1)
		if err != nil {
			t.Fatal(err)
		}
		say := func(i int, in listing.Input) {
			t.Helper()
			if in.Household == "" {
				in.Household, in.Version = work.Items[i].ID, work.Items[i].Version
			}
			if _, err := listings.Propose(ctx, villager, w.Campaign.ID, v1, id.New(), in); err != nil {
				t.Fatal(err)
			}
		}
		_, before := w.print(t, w.Office, paper.Ask{Kind: paper.Listing, Village: v1})
		if strings.Contains(before[0], "■") || !strings.Contains(before[0], "清查状态：待清查") {
			t.Error("ticked before anything was said, or no state")
		}
		say(0, listing.Input{Action: listing.ConfirmIt})
		say(1, listing.Input{Action: roster.Correct, Edit: roster.Edit{Set: map[string]string{"group": "九组"}}})
		say(2, listing.Input{Action: roster.Strike, Reason: "moved", Note: "迁往外县"})
		say(3, listing.Input{Action: listing.ConfirmIt})
		say(0, listing.Input{Action: roster.Add, Household: id.New(), Edit: roster.Edit{
			Set:     map[string]string{"class": "脱贫户", "group": "八组"},
			Members: []roster.MemberEdit{{ID: id.New(), Do: roster.AddMember, Reason: "overlooked", Set: map[string]string{"name": "漏户主", "relation": "户主"}}},
		}})
		j, sheet := w.print(t, w.Office, paper.Ask{Kind: paper.Listing, Village: v1})
		if n := strings.Count(sheet[0], "■"); n != 4 || j.Households != 4 {
			t.Errorf("%d boxes are ticked for %d households", n, j.Households)
		}
		for _, s := range []string{"→九组", "迁往外县", "漏户主", "八组", "新增", ">17<"} {
			if !strings.Contains(sheet[0], s) {
				t.Errorf("no %s on the sheet", s)
			}
		}
		if _, err := w.papers.Put(ctx, w.Office, w.Campaign.ID, id.New(), paper.Ask{Kind: paper.Frozen}, ""); errs.CodeOf(err) != "roster.not_frozen" {
			t.Errorf("a frozen roster before the freeze: %v", err)
		}
		if work, err = listings.Do(ctx, villager, w.Campaign.ID, v1, listing.Act{Step: listing.Confirm, Version: 0}); err != nil {
			t.Fatal(err)
		}
		if _, err = listings.Do(ctx, w.Office, w.Campaign.ID, v1, listing.Act{Step: listing.Approve, Version: work.Version}); err != nil {
			t.Fatal(err)
		}
		e, err := listings.Freeze(ctx, w.Office, w.Campaign.ID, []region.Code{v1}, "")
		if err != nil {
			t.Fatal(err)
		}
		j, frozen := w.print(t, w.Office, paper.Ask{Kind: paper.Frozen})
		if j.Households != 4 || !strings.Contains(frozen[0], e.Digest) || !strings.Contains(frozen[0], "漏户主") || strings.Contains(frozen[0], "H00003") || strings.Contains(frozen[0], "H00005") {
			t.Errorf("frozen: %d households, digest %v", j.Households, strings.Contains(frozen[0], e.Digest))
		}
		_, sheet = w.print(t, w.Office, paper.Ask{Kind: paper.Listing, Village: v1})
		if !strings.Contains(sheet[0], "已删除") || !strings.Contains(sheet[0], "H00003") || !strings.Contains(sheet[0], "清查状态：已冻结") {
			t.Error("the struck household or the state is missing after the freeze")
		}
	})
}

func TestNumbersArePrintedInFullOnlyForThoseWhoMayReadThem(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, "")
		village := surveytest.Actor(authz.Village, surveytest.VillageCode(surveytest.Township, 2))
		for _, kind := range []paper.Kind{paper.Forms, paper.Roster, paper.Listing} {
			j, files := w.print(t, village, paper.Ask{Kind: kind})
			if j.OpenPII || j.Households != 4 || len(files) != 1 || !strings.Contains(files[0], "H00005") || strings.Contains(files[0], "H00001") {
				t.Errorf("%s: %d households, open %v", kind, j.Households, j.OpenPII)
			}
			for _, secret := range []string{rt.ID(50), rt.ID(51), "13800000005"} {
				if strings.Contains(files[0], secret) {
					t.Errorf("%s: a village reads %s", kind, secret)
				}
			}
		}
		if _, err := w.papers.Put(context.Background(), village, w.Campaign.ID, id.New(), paper.Ask{Kind: paper.Worklist}, ""); errs.CodeOf(err) != "authz.forbidden" {
			t.Errorf("a village prints the teams' visits: %v", err)
		}
	})
}

func TestAPrintIsAuditedAndSeenByItsMakerOnly(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w := newWorld(t, d, "")
		v1 := surveytest.VillageCode(surveytest.Township, 1)
		j, _ := w.print(t, w.Office, paper.Ask{Kind: paper.Forms, Village: v1})
		again, err := w.papers.Put(ctx, w.Office, w.Campaign.ID, j.ID, paper.Ask{Kind: paper.Roster}, "")
		if err != nil || again.Ask.Kind != paper.Forms {
			t.Errorf("the same id made another job: %+v, %v", again.Ask, err)
		}
		rs, _, err := audit.NewService(d).List(ctx, w.County, audit.Filter{Object: "paper"})
		if err != nil || len(rs) != 1 {
			t.Fatalf("%d rows, %v", len(rs), err)
		}
		if got := string(rs[0].Detail); rs[0].Action != "paper.print" || rs[0].Place != v1 || !strings.Contains(strings.ReplaceAll(got, " ", ""), `"count":4`) || !strings.Contains(got, string(v1)) {
			t.Errorf("%+v: %s", rs[0], got)
		}
		colleague := surveytest.Actor(authz.TownshipOffice, surveytest.Township)
		for name, try := range map[string]func(a authz.Actor) error{
			"get":    func(a authz.Actor) error { _, err := w.papers.Get(ctx, a, j.ID); return err },
			"open":   func(a authz.Actor) error { _, _, err := w.papers.Open(ctx, a, j.ID, 0); return err },
			"remove": func(a authz.Actor) error { return w.papers.Remove(ctx, a, j.ID) },
			"put": func(a authz.Actor) error {
				_, err := w.papers.Put(ctx, a, w.Campaign.ID, j.ID, paper.Ask{Kind: paper.Roster}, "")
				return err
			},
		} {
			if err := try(colleague); errs.CodeOf(err) != "paper.not_found" {
				t.Errorf("%s by a colleague: %v", name, err)
			}
			if err := try(w.Other); errs.KindOf(err) != errs.NotFound {
				t.Errorf("%s from elsewhere: %v", name, err)
			}
			if err := try(surveytest.Actor(authz.Enumerator, surveytest.Township)); errs.CodeOf(err) != "authz.forbidden" {
				t.Errorf("%s by an enumerator: %v", name, err)
			}
		}
		mine, err := w.papers.List(ctx, w.Office, w.Campaign.ID)
		theirs, err2 := w.papers.List(ctx, colleague, w.Campaign.ID)
		if err != nil || err2 != nil || len(mine) != 1 || len(theirs) != 0 {
			t.Errorf("%d, %v; %d, %v", len(mine), err, len(theirs), err2)
		}
		demoted := w.Office
		demoted.Role = authz.GroupLeader // may print, may not read numbers any more
		if _, _, err := w.papers.Open(ctx, demoted, j.ID, 0); errs.CodeOf(err) != "authz.forbidden" {
			t.Errorf("numbers are open to a person who may not read them any more: %v", err)
		}
	})
}

func TestFilesGoAfterADayOrWhenTheyAreTakenBack(t *testing.T) {
	t.Parallel()
	for _, open := range []func(testing.TB, db.Options) *db.DB{dbtest.SQLite, dbtest.Postgres} {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			clock := dbtest.NewClock(time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC))
			ctx := context.Background()
			w := newWorld(t, open(t, db.Options{Clock: clock.Now}), "")
			old, _ := w.print(t, w.Office, paper.Ask{Kind: paper.Roster})
			back, _ := w.print(t, w.Office, paper.Ask{Kind: paper.Roster, Lang: "en"})
			if err := w.papers.Remove(ctx, w.Office, back.ID); err != nil {
				t.Fatal(err)
			}
			if _, _, err := w.papers.Open(ctx, w.Office, back.ID, 0); errs.CodeOf(err) != "paper.gone" || w.stored(t) != 1 {
				t.Errorf("taken back: %v, %d files left", err, w.stored(t))
			}
			clock.Advance(23 * time.Hour)
			if err := w.papers.Sweep(ctx); err != nil || w.stored(t) != 1 {
				t.Errorf("before its time: %v, %d files left", err, w.stored(t))
			}
			clock.Advance(time.Hour + time.Second)
			if _, _, err := w.papers.Open(ctx, w.Office, old.ID, 0); errs.CodeOf(err) != "paper.gone" {
				t.Errorf("an expired file is open: %v", err)
			}
			if err := w.papers.Sweep(ctx); err != nil || w.stored(t) != 0 {
				t.Errorf("%v, %d files left", err, w.stored(t))
			}
			if got, err := w.papers.Get(ctx, w.Office, old.ID); err != nil || got.State() != paper.Gone {
				t.Errorf("%s, %v", got.State(), err)
			}
		})
	}
}

// stored counts the files on the disk.
func (w *world) stored(t *testing.T) int {
	t.Helper()
	n := 0
	err := filepath.WalkDir(filepath.Join(w.dir, "prints"), func(_ string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			n++
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestAFailureIsShownAndNotRepeated(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		broken := filepath.Join(t.TempDir(), "browser")
		if err := os.WriteFile(broken, []byte("#!/bin/sh\n[ \"$1\" = --version ] && echo 'Chromium 150.0.1.2' && exit\nexit 7\n"), 0o700); err != nil { //nolint:gosec // a program
			t.Fatal(err)
		}
		w := newWorld(t, d, broken)
		j, err := w.papers.Put(ctx, w.Office, w.Campaign.ID, id.New(), paper.Ask{Kind: paper.Roster}, "")
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Bus.Drain(ctx); err != nil {
			t.Fatal(err)
		}
		if j, err = w.papers.Get(ctx, w.Office, j.ID); err != nil || j.State() != paper.Failed || j.Files[0].Err == nil || j.Files[0].Err.Code != "docgen.failed" {
			t.Errorf("%+v, %v", j, err)
		}
		if n, err := w.Bus.Stuck(ctx); err != nil || n != 0 {
			t.Errorf("%d tasks set aside, %v", n, err)
		}
		if _, _, err := w.papers.Open(ctx, w.Office, j.ID, 0); errs.CodeOf(err) != "paper.not_ready" {
			t.Errorf("%v", err)
		}
	})
}

func TestOrdersThatCannotBeFilledAreRefused(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w := newWorld(t, d, "")
		for code, a := range map[string]paper.Ask{
			"paper.kind":     {Kind: "book"},
			"paper.day":      {Kind: paper.Roster, Day: "morgen"},
			"paper.copies":   {Kind: paper.Blank, Form: "a", Copies: 51},
			"paper.no_form":  {Kind: paper.Blank, Form: "z", Copies: 1},
			"paper.nothing":  {Kind: paper.Worklist},
			"region.code":    {Kind: paper.Roster, Village: "12"},
			"id.malformed":   {Kind: paper.Roster, Team: "x"},
			"paper.too_many": {Kind: paper.Roster, Households: make([]string, paper.MaxHouseholds+1)},
		} {
			if _, err := w.papers.Put(ctx, w.Office, w.Campaign.ID, id.New(), a, ""); errs.CodeOf(err) != code {
				t.Errorf("%v, want %s", err, code)
			}
		}
		if _, err := w.papers.Put(ctx, w.Office, w.Campaign.ID, id.New(), paper.Ask{Kind: paper.Roster, Village: region.Code(surveytest.VillageCode(surveytest.Elsewhere, 1))}, ""); errs.CodeOf(err) != "paper.nothing" {
			t.Errorf("another township's village: %v", err)
		}
		if _, err := w.papers.Put(ctx, w.Other, w.Campaign.ID, id.New(), paper.Ask{Kind: paper.Roster}, ""); errs.CodeOf(err) != "survey.not_found" {
			t.Errorf("another township's campaign: %v", err)
		}
		rs, _, err := audit.NewService(d).List(ctx, w.County, audit.Filter{Object: "paper"})
		if err != nil || len(rs) > 0 {
			t.Errorf("%d prints are audited, %v", len(rs), err)
		}
		none := newWorld(t, dbtest.SQLite(t, db.Options{}), filepath.Join(t.TempDir(), "none"))
		if _, err := none.papers.Put(ctx, none.Office, none.Campaign.ID, id.New(), paper.Ask{Kind: paper.Roster}, ""); errs.CodeOf(err) != "docgen.no_browser" {
			t.Errorf("without a browser: %v", err)
		}
	})
}

// TestARealPDF prints with the installed Chromium and reads the PDF back with poppler.
func TestARealPDF(t *testing.T) {
	t.Parallel()
	browser, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("no chromium")
	}
	for _, tool := range []string{"pdftotext", "pdftoppm", "zbarimg"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is not installed", tool)
		}
	}
	ctx := context.Background()
	w := newWorld(t, dbtest.SQLite(t, db.Options{}), browser)
	p, err := w.rosters.List(ctx, w.Office, w.Campaign.ID, roster.Filter{Village: surveytest.VillageCode(surveytest.Township, 1)})
	if err != nil {
		t.Fatal(err)
	}
	j, files := w.print(t, w.Office, paper.Ask{Kind: paper.Forms, Village: surveytest.VillageCode(surveytest.Township, 1)})
	name := filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(name, []byte(files[0]), 0o600); err != nil {
		t.Fatal(err)
	}
	text, err := exec.Command("pdftotext", "-layout", name, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	flat := strings.Join(strings.Fields(string(text)), "")
	for n := 1; n <= 4; n++ {
		if !strings.Contains(flat, fmt.Sprintf("H%05d", n)) || !strings.Contains(flat, rt.ID(n*10)) {
			t.Errorf("household %d is not in the text", n)
		}
	}
	if err := exec.Command("pdftoppm", "-r", "110", "-png", name, strings.TrimSuffix(name, ".pdf")).Run(); err != nil {
		t.Fatal(err)
	}
	pages, err := filepath.Glob(strings.TrimSuffix(name, ".pdf") + "-*.png")
	if err != nil || len(pages) < 4 {
		t.Fatalf("%d pages of %d households, %v", len(pages), j.Households, err)
	}
	var codes []string
	for _, page := range pages {
		out, _ := exec.Command("zbarimg", "-q", "--raw", page).Output() // pages without a code exit with 4
		codes = append(codes, strings.Fields(string(out))...)
	}
	var want []string
	for _, h := range p.Items {
		want = append(want, "https://ruhu.example/h/"+h.ID)
	}
	slices.Sort(codes)
	slices.Sort(want)
	if !slices.Equal(codes, want) {
		t.Errorf("codes %v, want %v", codes, want)
	}
}
