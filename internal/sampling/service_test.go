package sampling_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"ruhu/internal/authz"
	"ruhu/internal/blob"
	"ruhu/internal/db"
	"ruhu/internal/db/dbtest"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/job"
	"ruhu/internal/playbook"
	"ruhu/internal/region"
	"ruhu/internal/roster"
	rt "ruhu/internal/roster/rostertest"
	"ruhu/internal/sampling"
	"ruhu/internal/sampling/draw"
	"ruhu/internal/survey"
	"ruhu/internal/survey/surveytest"
)

// book is the playbook of surveytest with a design as in S2.8: two villages of each key township, one of the others, two households a
// class, one place kept for untagged ones; marginal households are certain.
var book = strings.NewReplacer(
	"gates: [roster_imported, teams_complete, assignments_planned]", "gates: [sample_drawn]",
	"    - {code: marginal, title: {zh: 边缘户, en: Marginal}}\n", "    - {code: marginal, title: {zh: 边缘户, en: Marginal}}\n    - {code: ordinary, title: {zh: 一般农户, en: Ordinary}}\n",
	"for: [marginal]", "for: [marginal, ordinary]",
).Replace(surveytest.Book) + `sampling:
  design: two_stage
  groups:
    - {code: key, title: {zh: 重点乡镇, en: Key}, villages: 2, townships: 1}
    - {code: other, title: {zh: 其他乡镇, en: Other}, villages: 1, townships: 1}
  quotas:
    - {code: poor, title: {zh: 未脱贫户, en: Poor}, households: 2, classes: [poor]}
    - {code: exited, title: {zh: 脱贫户, en: Exited}, households: 2, classes: [exited]}
    - {code: unregistered, title: {zh: 非建档立卡户, en: Unregistered}, households: 2, classes: [ordinary], priority: {title: {zh: 重点标签户, en: Tagged}, tags: [低保], min_other: 1}}
  certainty:
    - {code: marginal, title: {zh: 边缘户, en: Marginal}, quota: unregistered, classes: [marginal]}
  shortfall_order: [exited, unregistered, poor]
  claims:
    - {code: wrong_exit, title: {zh: 错退率, en: Wrongly exited}, quotas: [exited], threshold: 0.02, side: below, deff: 1.5}
`

type world struct {
	d         *db.DB
	bus       *job.Bus
	surveys   *survey.Service
	rosters   *roster.Service
	samplings *sampling.Service
	office    authz.Actor // of the county
	township  authz.Actor
	village   authz.Actor
	campaign  survey.Campaign
	events    []string
}

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	ctx := context.Background()
	rs := []region.Region{region.Named(surveytest.County, "测试县"), region.Named(surveytest.Township, "东镇"), region.Named(surveytest.Elsewhere, "西镇")}
	for n := 1; n <= 4; n++ {
		rs = append(rs, region.Named(surveytest.VillageCode(surveytest.Township, n), fmt.Sprintf("东%d村", n)), region.Named(surveytest.VillageCode(surveytest.Elsewhere, n), fmt.Sprintf("西%d村", n)))
	}
	if err := region.NewService(d).Put(ctx, rs); err != nil {
		t.Fatal(err)
	}
	lib := playbook.NewLibrary(fstest.MapFS{
		"small/playbook.yaml": {Data: []byte(book)},
		"small/forms/a.md":    {Data: []byte(surveytest.FormText("small-a"))},
		"small/forms/b.md":    {Data: []byte(surveytest.FormText("small-b"))},
	})
	blobs, err := blob.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	bus := job.New(d)
	w := &world{
		d: d, bus: bus, surveys: survey.NewService(d, bus, lib), office: surveytest.Actor(authz.CountyOffice, surveytest.County),
		township: surveytest.Actor(authz.TownshipOffice, surveytest.Township), village: surveytest.Actor(authz.Village, surveytest.VillageCode(surveytest.Township, 1)),
	}
	w.rosters = roster.NewService(d, w.bus, w.surveys)
	w.samplings = sampling.NewService(d, w.bus, w.surveys, blobs)
	for _, name := range []string{sampling.EventDrawn, sampling.EventReplaced} {
		w.bus.Inside(name, func(_ context.Context, _ *db.Tx, evs []job.Event) error {
			for _, e := range evs {
				w.events = append(w.events, e.Name)
			}
			return nil
		})
	}
	w.campaign, err = w.surveys.Put(ctx, w.office, id.New(), survey.Input{Playbook: "small", Title: "试点", Region: surveytest.County, StartsOn: "2026-03-01"})
	if err != nil {
		t.Fatal(errs.MessageOf(err, "en"))
	}
	return w
}

// load imports villages of twelve households: 4 exited, 3 poor, 2 tagged and 2 untagged unregistered ones, 1 marginal.
func (w *world) load(t *testing.T, villages int) {
	t.Helper()
	rows := [][]any{append(slices.Clone(rt.HouseholdHeader), "标签")}
	n := 0
	for v := 1; v <= villages; v++ {
		for _, side := range []string{"东", "西"} {
			for i, class := range []string{"脱贫户", "脱贫户", "脱贫户", "脱贫户", "未脱贫户", "未脱贫户", "未脱贫户", "一般农户", "一般农户", "一般农户", "一般农户", "边缘户"} {
				n++
				row := rt.Household(n, fmt.Sprintf("%s%d村", side, v), class)
				tag := "残疾" // is not in the plan, so it must not be in the frame
				if i == 7 || i == 8 {
					tag = "低保、残疾"
				}
				rows = append(rows, append(row, tag))
			}
		}
	}
	rep, err := w.rosters.Import(context.Background(), w.office, w.campaign.ID, roster.File{Data: rt.XLSX(t, rt.Sheet{Name: "户", Rows: rows})})
	if err != nil {
		t.Fatalf("roster: %v %+v", err, rep.Errors)
	}
}

func (w *world) groups(t *testing.T) {
	t.Helper()
	err := w.samplings.PutPlaces(context.Background(), w.office, w.campaign.ID, []sampling.Place{{Code: surveytest.Township, Value: "key"}, {Code: surveytest.Elsewhere, Value: "other"}})
	if err != nil {
		t.Fatal(err)
	}
}

func (w *world) freeze(t *testing.T, reason string) sampling.Draw {
	t.Helper()
	d, err := w.samplings.Freeze(context.Background(), w.office, w.campaign.ID, id.New(), reason)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func seedOf(d sampling.Draw) sampling.SeedInput {
	return sampling.SeedInput{Seed: "03 11 17 24 28 31 + 06", Source: "2026年3月2日公开摇号", Witnesses: "纪委甲、村民代表乙", FrameDigest: d.FrameDigest}
}

func (w *world) draw(t *testing.T) sampling.Draw {
	t.Helper()
	d := w.freeze(t, "名单有误，重新核对")
	d, err := w.samplings.Seed(context.Background(), w.office, d.ID, seedOf(d))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func (w *world) selected(t *testing.T) map[string]bool {
	t.Helper()
	var ids map[string]bool
	err := w.d.View(context.Background(), func(tx *db.Tx) error {
		var sampled bool
		var err error
		ids, sampled, err = sampling.SelectedTx(context.Background(), tx, w.campaign)
		if !sampled {
			t.Error("the campaign has a design")
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return ids
}

func (w *world) outcome(t *testing.T) sampling.Outcome {
	t.Helper()
	var out sampling.Outcome
	err := w.d.View(context.Background(), func(tx *db.Tx) error {
		var drawn bool
		var err error
		out, drawn, err = w.samplings.OutcomeTx(context.Background(), tx, w.campaign)
		if !drawn {
			t.Error("nothing was drawn")
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func want(t *testing.T, err error, code string) {
	t.Helper()
	if errs.CodeOf(err) != code {
		t.Errorf("got %v, want %s", err, code)
	}
}

func TestTheSeedComesAfterTheDigest(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w := newWorld(t, d)
		_, err := w.samplings.Freeze(ctx, w.office, w.campaign.ID, id.New(), "")
		want(t, err, "sampling.empty_frame")
		w.load(t, 3)
		_, err = w.samplings.Freeze(ctx, w.office, w.campaign.ID, id.New(), "")
		want(t, err, "sampling.no_groups")
		w.groups(t)
		_, err = w.samplings.Freeze(ctx, w.township, w.campaign.ID, id.New(), "")
		want(t, err, "authz.forbidden")
		if n := len(w.selected(t)); n != 0 {
			t.Errorf("%d selected before the draw", n)
		}

		key := id.New()
		f, err := w.samplings.Freeze(ctx, w.office, w.campaign.ID, key, "")
		if err != nil || f.State != sampling.Frozen || len(f.FrameDigest) != 64 || f.Households != 72 || f.Villages != 6 || f.Seed != "" {
			t.Fatalf("frozen: %+v, %v", f, err)
		}
		if again, err := w.samplings.Freeze(ctx, w.office, w.campaign.ID, key, ""); err != nil || again.Number != 1 {
			t.Errorf("sent twice: %+v, %v", again, err)
		}
		_, err = w.samplings.Publish(ctx, w.office, f.ID)
		want(t, err, "sampling.not_drawn")
		for code, change := range map[string]func(*sampling.SeedInput){
			"sampling.seed":        func(in *sampling.SeedInput) { in.Seed = " " },
			"sampling.source":      func(in *sampling.SeedInput) { in.Witnesses = "" },
			"sampling.other_frame": func(in *sampling.SeedInput) { in.FrameDigest = strings.Repeat("0", 64) },
		} {
			in := seedOf(f)
			change(&in)
			_, err = w.samplings.Seed(ctx, w.office, f.ID, in)
			want(t, err, code)
		}
		if n := len(w.selected(t)); n != 0 {
			t.Errorf("a refused seed selected %d households", n)
		}
		drawn, err := w.samplings.Seed(ctx, w.office, f.ID, seedOf(f))
		if err != nil || drawn.State != sampling.Drawn {
			t.Fatalf("drawn: %+v, %v", drawn, err)
		}
		// three villages of six by quota and one certain household each
		if n := len(w.selected(t)); n != 21 {
			t.Errorf("%d households are selected, want 21", n)
		}
		in := seedOf(f)
		in.Seed = "another"
		_, err = w.samplings.Seed(ctx, w.office, f.ID, in)
		want(t, err, "sampling.not_frozen")
		if !slices.Equal(w.events, []string{sampling.EventDrawn}) {
			t.Errorf("events %v", w.events)
		}
	})
}

func TestAPublishedRecordIsVerifiedFromTheFrameAlone(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w := newWorld(t, d)
		w.load(t, 3)
		w.groups(t)
		drawn := w.draw(t)
		_, err := w.samplings.Record(ctx, w.village, drawn.ID)
		want(t, err, "sampling.not_published")
		if _, err := w.samplings.Result(ctx, w.village, drawn.ID, "zh"); errs.CodeOf(err) != "sampling.not_published" {
			t.Errorf("a village sees the sample before it is published: %v", err)
		}
		setup, err := w.samplings.Setup(ctx, w.village, w.campaign.ID, "zh")
		if err != nil || setup.Manage || setup.Draws[0].Seed != "" || setup.Draws[0].FrameDigest == "" {
			t.Errorf("a village sees the digest and not the seed: %+v, %v", setup.Draws, err)
		}
		used := ""
		units, err := w.samplings.Units(ctx, w.office, drawn.ID, surveytest.County)
		if err != nil {
			t.Fatal(err)
		}
		for _, u := range units {
			if u.State == sampling.Selected && u.Stratum == "exited" {
				used = u.Household
				break
			}
		}
		if _, err := w.samplings.Replace(ctx, w.office, drawn.ID, used, sampling.MovedAway, "全家迁往县城，户口已迁出"); err != nil {
			t.Fatal(err)
		}
		if _, err := w.samplings.Publish(ctx, w.office, drawn.ID); err != nil {
			t.Fatal(err)
		}
		raw, err := w.samplings.Record(ctx, w.village, drawn.ID)
		if err != nil {
			t.Fatal(err)
		}
		file, err := w.samplings.Frame(ctx, w.village, drawn.ID)
		if err != nil || draw.Digest(file) != drawn.FrameDigest {
			t.Fatalf("the frame's file has another digest, %v", err)
		}
		if strings.Contains(string(file), "户主") || strings.Contains(string(file), "残疾") || strings.Contains(string(raw), "户主") {
			t.Error("the published files hold names, or tags that the plan does not need")
		}
		r, err := draw.ReadRecord(raw)
		if err != nil || len(r.Uses) != 1 || r.Seed.Witnesses == "" || r.Frame.FrozenAt == "" || r.Published == "" {
			t.Fatalf("record %+v, %v", r.Seed, err)
		}
		diffs, err := draw.Verify(r, file)
		if err != nil || len(diffs) > 0 {
			t.Errorf("%v, %v", diffs, err)
		}
	})
}

func TestReplacementsAreUsedInOrderAndWithReasons(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w := newWorld(t, d)
		w.load(t, 3)
		w.groups(t)
		drawn := w.draw(t)
		units, err := w.samplings.Units(ctx, w.office, drawn.ID, surveytest.County)
		if err != nil {
			t.Fatal(err)
		}
		first := units[0]
		var stratum []sampling.Unit
		for _, u := range units {
			if u.Stratum == "exited" {
				first = u
				break
			}
		}
		for _, u := range units {
			if u.Village == first.Village && u.Stratum == first.Stratum {
				stratum = append(stratum, u)
			}
		}
		if len(stratum) != 4 || first.Weight != "3" && first.Weight != "6" { // 2 of 3 villages or 1 of 3; 2 of 4 households
			t.Fatalf("stratum %+v", stratum)
		}
		_, err = w.samplings.Replace(ctx, w.office, drawn.ID, first.Household, "refused", "户主拒绝调查")
		want(t, err, "sampling.replace_reason")
		_, err = w.samplings.Replace(ctx, w.office, drawn.ID, first.Household, sampling.NotExisting, "无")
		want(t, err, "sampling.note")
		_, err = w.samplings.Replace(ctx, w.office, drawn.ID, stratum[3].Household, sampling.NotExisting, "查无此户，村委证明")
		want(t, err, "sampling.no_unit") // a reserve is not in the sample
		for i, wantWith := range []string{stratum[2].Code, stratum[3].Code, ""} {
			gone := []sampling.Unit{first, stratum[1], stratum[2]}[i]
			use, err := w.samplings.Replace(ctx, w.office, drawn.ID, gone.Household, sampling.NotExisting, "查无此户，村委证明")
			if err != nil || use.With != wantWith {
				t.Fatalf("use %d: %+v, %v; want %q", i+1, use, err, wantWith)
			}
		}
		_, err = w.samplings.Replace(ctx, w.office, drawn.ID, first.Household, sampling.NotExisting, "查无此户，村委证明")
		want(t, err, "sampling.already_gone")
		sel := w.selected(t)
		if sel[first.Household] || sel[stratum[1].Household] || sel[stratum[2].Household] || !sel[stratum[3].Household] || len(sel) != 20 {
			t.Errorf("%d selected", len(sel))
		}
		res, err := w.samplings.Result(ctx, w.office, drawn.ID, "zh")
		if err != nil || len(res.Uses) != 3 || res.N != 20 {
			t.Errorf("result %+v, %v", res.Uses, err)
		}
		out := w.outcome(t)
		codes := out.Codes()
		if codes[first.Code] || codes[stratum[2].Code] || !codes[stratum[3].Code] || len(codes) != 20 {
			t.Errorf("%d codes", len(codes))
		}
		design, rows, merges, err := out.Design(codes)
		if err != nil || len(rows) != 20 || len(merges) != 0 || math.Abs(design.SumWeights()-res.SumWeights) > 1e-9 {
			t.Errorf("design of %d rows, %v, %v; weights %v, want %v", len(rows), merges, err, design.SumWeights(), res.SumWeights)
		}
		delete(codes, stratum[3].Code)
		if design, rows, _, err = out.Design(codes); err != nil || len(rows) != 19 || math.Abs(design.SumWeights()-res.SumWeights) > 1e-9 {
			t.Errorf("without one answer: %d rows, %v", len(rows), err)
		}
	})
}

func TestDrawingAgainNeedsAReasonAndKeepsTheOldDraw(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w := newWorld(t, d)
		w.load(t, 3)
		w.groups(t)
		one := w.draw(t)
		before := w.selected(t)
		_, err := w.samplings.Freeze(ctx, w.office, w.campaign.ID, id.New(), "")
		want(t, err, "sampling.reason")
		two := w.freeze(t, "底册漏了一个村")
		if got := w.selected(t); len(got) != len(before) {
			t.Error("freezing again must not change the sample that counts")
		}
		three := w.freeze(t, "又发现重复户，重新冻结")
		in := seedOf(three)
		in.Seed = "第二次摇号 7"
		if _, err := w.samplings.Seed(ctx, w.office, three.ID, in); err != nil {
			t.Fatal(err)
		}
		setup, err := w.samplings.Setup(ctx, w.office, w.campaign.ID, "zh")
		if err != nil || len(setup.Draws) != 3 {
			t.Fatalf("draws %+v, %v", setup.Draws, err)
		}
		var states []sampling.State
		for _, x := range setup.Draws {
			states = append(states, x.State)
		}
		if !slices.Equal(states, []sampling.State{sampling.Drawn, sampling.Withdrawn, sampling.Replaced}) || setup.Draws[0].Reason == "" {
			t.Errorf("states %v of draws 3, 2, 1; two was %s", states, two.ID)
		}
		_, err = w.samplings.Replace(ctx, w.office, one.ID, id.New(), sampling.NotExisting, "查无此户，村委证明")
		want(t, err, "sampling.not_current")
		if _, err := w.samplings.Result(ctx, w.office, one.ID, "zh"); err != nil {
			t.Errorf("the old draw can't be read: %v", err)
		}
		raw, err := w.samplings.Record(ctx, w.office, three.ID)
		if err != nil {
			t.Fatal(err)
		}
		var r draw.Record
		if err := json.Unmarshal(raw, &r); err != nil || r.Redraw == nil || r.Redraw.Reason == "" || r.Redraw.Of != 2 {
			t.Errorf("redraw %+v, %v", r.Redraw, err)
		}
	})
}

func TestTheSetupSaysWhatThePlanCanShow(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w := newWorld(t, d)
		w.load(t, 3)
		setup, err := w.samplings.Setup(ctx, w.office, w.campaign.ID, "zh")
		if err != nil || !setup.Sampled || setup.Outlook != nil || len(setup.Places) != 8 {
			t.Fatalf("before the groups: %+v, %v", setup, err)
		}
		w.groups(t)
		if setup, err = w.samplings.Setup(ctx, w.office, w.campaign.ID, "zh"); err != nil {
			t.Fatal(err)
		}
		o := setup.Outlook
		if o == nil || o.Expected != 21 || o.Min != 21 || o.Max != 21 || o.PSUs != 3 || o.DF != 1 || o.Gap != 0 {
			t.Fatalf("outlook %+v", o)
		}
		c := setup.Claims[0]
		if c.Show.N != 6 || c.Show.NeededSRS != 149 || c.Show.Needed != 224 || c.Show.CanShow {
			t.Errorf("claim %+v", c.Show)
		}
		codes := map[string]bool{}
		for _, x := range setup.Warnings {
			codes[x.Code] = true
			if strings.Contains(x.Text, "{") || x.Text == x.Code {
				t.Errorf("warning %+v", x)
			}
		}
		for _, code := range []string{"sampling.warn_empty", "sampling.warn_single", "sampling.warn_single2", "sampling.warn_df"} {
			if !codes[code] {
				t.Errorf("no %s in %v", code, codes)
			}
		}
		err = w.samplings.PutPlaces(ctx, w.office, w.campaign.ID, []sampling.Place{{Code: surveytest.Township, Value: "middling"}})
		want(t, err, "sampling.place_value")
		err = w.samplings.PutPlaces(ctx, w.office, w.campaign.ID, []sampling.Place{{Code: "430922109000", Value: "key"}})
		want(t, err, "sampling.place")
		w.freeze(t, "")
		w.load(t, 4) // another village comes in after the frame was frozen
		setup, err = w.samplings.Setup(ctx, w.office, w.campaign.ID, "zh")
		if err != nil || !slices.ContainsFunc(setup.Warnings, func(x sampling.Warning) bool { return x.Code == "sampling.warn_changed" }) {
			t.Errorf("the roster changed after freezing and nobody says so: %+v, %v", setup.Warnings, err)
		}
	})
}

func TestTheGateOpensWithTheDraw(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w := newWorld(t, d)
		w.load(t, 3)
		w.groups(t)
		if _, err := w.surveys.SetStage(ctx, w.office, w.campaign.ID, "preparation"); err != nil {
			t.Fatal(err)
		}
		w.freeze(t, "")
		_, err := w.surveys.SetStage(ctx, w.office, w.campaign.ID, "visits")
		want(t, err, "survey.gate")
		w.draw(t)
		if _, err := w.surveys.SetStage(ctx, w.office, w.campaign.ID, "visits"); err != nil {
			t.Errorf("the gate stays closed: %v", err)
		}
	})
}

func TestACampaignWithoutDesignIsACensus(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		sw := surveytest.New(t, d, 2)
		blobs, err := blob.Open(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		s := sampling.NewService(d, job.New(d), sw.Surveys, blobs)
		err = d.View(ctx, func(tx *db.Tx) error {
			ids, sampled, err := sampling.SelectedTx(ctx, tx, sw.Campaign)
			if ids != nil || sampled {
				t.Errorf("sampled %v, %v", sampled, ids)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		setup, err := s.Setup(ctx, sw.Office, sw.Campaign.ID, "zh")
		if err != nil || setup.Sampled {
			t.Errorf("setup %+v, %v", setup, err)
		}
		_, err = s.Freeze(ctx, sw.Office, sw.Campaign.ID, id.New(), "")
		want(t, err, "sampling.census")
		_, err = s.Setup(ctx, sw.Other, sw.Campaign.ID, "zh")
		want(t, err, "survey.not_found")
	})
}
