package listing_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"ruhu/internal/authz"
	"ruhu/internal/blob"
	"ruhu/internal/db"
	"ruhu/internal/db/dbtest"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/job"
	"ruhu/internal/listing"
	"ruhu/internal/region"
	"ruhu/internal/roster"
	rt "ruhu/internal/roster/rostertest"
	"ruhu/internal/survey/surveytest"
)

var v1, v2, v3 = surveytest.VillageCode(surveytest.Township, 1), surveytest.VillageCode(surveytest.Township, 2), surveytest.VillageCode(surveytest.Township, 3)

type world struct {
	surveytest.World
	t        *testing.T
	rosters  *roster.Service
	listings *listing.Service
	blobs    *blob.Store
	villager authz.Actor
	frozen   []listing.Freezing
}

// newWorld has three households of three people in each of two villages.
func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	w := &world{World: surveytest.New(t, d, 3), t: t, villager: surveytest.Actor(authz.Village, v1)}
	bus := job.New(d)
	var err error
	if w.blobs, err = blob.Open(t.TempDir()); err != nil {
		t.Fatal(err)
	}
	w.rosters = roster.NewService(d, bus, w.Surveys)
	w.listings = listing.NewService(d, bus, w.Surveys, w.rosters, w.blobs)
	bus.Inside(listing.EventFrozen, func(_ context.Context, _ *db.Tx, evs []job.Event) error {
		for _, ev := range evs {
			f, err := job.Decode[listing.Freezing](ev)
			if err != nil {
				return err
			}
			w.frozen = append(w.frozen, f)
		}
		return nil
	})
	w.load("")
	return w
}

func (w *world) load(reason string) {
	w.t.Helper()
	data := rt.Township(w.t, []string{surveytest.VillageName(1), surveytest.VillageName(2)}, 3, 3, func(int) string { return "脱贫户" })
	if _, err := w.rosters.Import(context.Background(), w.Office, w.Campaign.ID, roster.File{Name: "a.xlsx", Data: data, Lang: "zh", Reason: reason}); err != nil {
		w.t.Fatalf("import: %v", err)
	}
}

func (w *world) work(actor authz.Actor, v region.Code) listing.Work {
	w.t.Helper()
	out, err := w.listings.Work(context.Background(), actor, w.Campaign.ID, v)
	if err != nil {
		w.t.Fatalf("work: %v", err)
	}
	return out
}

// say proposes about the item-th household of a village as it stands.
func (w *world) say(actor authz.Actor, v region.Code, item int, in listing.Input) (listing.Item, error) {
	w.t.Helper()
	it := w.work(actor, v).Items[item]
	in.Household, in.Version, in.Seen = it.ID, it.Version, it.Answer.Version
	return w.listings.Propose(context.Background(), actor, w.Campaign.ID, v, id.New(), in)
}

func (w *world) must(it listing.Item, err error) listing.Item {
	w.t.Helper()
	if err != nil {
		w.t.Fatalf("%v", err)
	}
	return it
}

func (w *world) do(actor authz.Actor, v region.Code, step listing.Step) error {
	w.t.Helper()
	_, err := w.listings.Do(context.Background(), actor, w.Campaign.ID, v, listing.Act{Step: step, Version: w.work(actor, v).Version, Note: "看看"})
	return err
}

func (w *world) photo() blob.Digest {
	w.t.Helper()
	d, _, err := w.blobs.Put(context.Background(), strings.NewReader(id.New()), 100, "")
	if err != nil {
		w.t.Fatal(err)
	}
	return d
}

// confirmAll confirms what nobody spoke about.
func (w *world) confirmAll(actor authz.Actor, v region.Code) {
	w.t.Helper()
	for i, it := range w.work(actor, v).Items {
		if it.Answer.Action == "" && it.State == roster.Listed {
			w.must(w.say(actor, v, i, listing.Input{Action: listing.ConfirmIt}))
		}
	}
}

func (w *world) through(v region.Code) {
	w.t.Helper()
	who := surveytest.Actor(authz.Village, v)
	w.confirmAll(who, v)
	if err := w.do(who, v, listing.Confirm); err != nil {
		w.t.Fatal(err)
	}
	if err := w.do(w.Office, v, listing.Approve); err != nil {
		w.t.Fatal(err)
	}
}

func TestAVillageGoesThroughItsListAndTheTownshipMakesItTrue(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		first := w.work(w.villager, v1).Items[0]
		if first.HeadIDNumber == "" || !strings.Contains(string(first.HeadIDNumber), "*") {
			t.Errorf("a village sees ID numbers masked: %q", first.HeadIDNumber)
		}
		// One is corrected: a child was born, somebody died.
		born := id.New()
		it := w.must(w.say(w.villager, v1, 0, listing.Input{Action: roster.Correct, Edit: roster.Edit{
			Set: map[string]string{"group": "九组"},
			Members: []roster.MemberEdit{
				{ID: born, Do: roster.AddMember, Reason: "born", Set: map[string]string{"name": "新生儿", "relation": "之孙", "birth_date": "2026-01-05"}},
				{ID: first.Members[2].ID, Do: roster.LoseMember, Reason: "died"},
			},
		}}))
		if len(it.Proposal.Differences) != 3 || it.Group == "九组" {
			t.Errorf("a proposal changes nothing yet: %+v", it.Proposal.Differences)
		}
		// One is struck; without its photo it is refused.
		if _, err := w.say(w.villager, v1, 1, listing.Input{Action: roster.Strike, Reason: "died"}); errs.CodeOf(err) != "listing.evidence_photo" {
			t.Errorf("no photo: %v", err)
		}
		w.must(w.say(w.villager, v1, 1, listing.Input{Action: roster.Strike, Reason: "died", Files: []blob.Digest{w.photo()}}))
		// One more is added that no system knows.
		fresh := id.New()
		_, err := w.listings.Propose(context.Background(), w.villager, w.Campaign.ID, v1, id.New(), listing.Input{
			Action: roster.Add, Household: fresh, OffSystem: true, Edit: roster.Edit{
				Set:     map[string]string{"class": "marginal", "group": "一组"},
				Members: []roster.MemberEdit{{ID: id.New(), Do: roster.AddMember, Reason: "overlooked", Set: map[string]string{"name": "漏户主", "relation": "户主"}}},
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := w.do(w.villager, v1, listing.Confirm); errs.CodeOf(err) != "listing.left" {
			t.Errorf("one household is left: %v", err)
		}
		w.confirmAll(w.villager, v1)
		n := w.work(w.villager, v1).Counts
		if want := (listing.Counts{Households: 3, Confirmed: 1, Changed: 1, Added: 1, Struck: 1, Waiting: 4}); n != want {
			t.Errorf("got %+v, want %+v", n, want)
		}
		if err := w.do(w.villager, v1, listing.Confirm); err != nil {
			t.Fatal(err)
		}
		if _, err := w.say(w.villager, v1, 0, listing.Input{Action: listing.ConfirmIt}); errs.CodeOf(err) != "listing.wrong_state" {
			t.Errorf("after the confirmation: %v", err)
		}
		if err := w.do(w.Office, v1, listing.Approve); err != nil {
			t.Fatal(err)
		}
		p, err := w.rosters.List(context.Background(), w.Office, w.Campaign.ID, roster.Filter{Village: v1, State: "all"})
		if err != nil || p.Total != 4 {
			t.Fatalf("%d, %v", p.Total, err)
		}
		got, err := w.rosters.Get(context.Background(), w.Office, first.ID)
		if err != nil || got.Group != "九组" || got.Size != 3 {
			t.Errorf("corrected: %+v, %v", got.Household, err)
		}
		for _, m := range got.Members {
			if m.ID == born && m.State != roster.Present || m.ID == first.Members[2].ID && (m.State != roster.Gone || m.Reason != "died") {
				t.Errorf("member %+v", m)
			}
		}
		if added, err := w.rosters.Get(context.Background(), w.Office, fresh); err != nil || added.Origin != roster.OffSystem || added.HeadName != "漏户主" || added.Code != string(v1)+"A001" {
			t.Errorf("added: %+v, %v", added.Household, err)
		}
		// The file that says otherwise does not bring the dead back.
		w.load("")
		if got, err = w.rosters.Get(context.Background(), w.Office, first.ID); err != nil || got.Size != 3 && got.Members[2].State != roster.Gone {
			t.Errorf("after another import: %+v, %v", got, err)
		}
		quiet := ""
		for _, it := range w.work(w.villager, v1).Items {
			if it.Answer.Action == listing.ConfirmIt {
				quiet = it.ID
			}
		}
		if h, err := w.rosters.History(context.Background(), w.Office, quiet); err != nil || h.Events == nil || h.Kin == nil || len(h.Events) != 0 {
			t.Errorf("history of a household without one, as lists: %+v, %v", h, err)
		}
		h, err := w.rosters.History(context.Background(), w.Office, first.ID)
		if err != nil || len(h.Events) == 0 || h.Events[len(h.Events)-1].Source != roster.SourceListing || len(h.Events[len(h.Events)-1].Differences) != 3 {
			t.Errorf("history: %+v, %v", h, err)
		}
	})
}

func TestOfTwoPeopleAtOneHouseholdTheSecondIsRefused(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		it := w.work(w.villager, v1).Items[0]
		var wg sync.WaitGroup
		out := make([]error, 4)
		for i := range out {
			wg.Go(func() {
				_, out[i] = w.listings.Propose(context.Background(), w.villager, w.Campaign.ID, v1, id.New(),
					listing.Input{Action: roster.Correct, Household: it.ID, Version: it.Version, Edit: roster.Edit{Set: map[string]string{"group": fmt.Sprintf("%d组", 20+i)}}})
			})
		}
		wg.Wait()
		won := 0
		for _, err := range out {
			switch errs.CodeOf(err) {
			case "":
				won++
			case "listing.changed_meanwhile":
			default:
				t.Errorf("got %v", err)
			}
		}
		if won != 1 {
			t.Errorf("%d of 4 came through", won)
		}
	})
}

func TestTheSameProposalSentTwiceIsOne(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		it, key := w.work(w.villager, v1).Items[0], id.New()
		in := listing.Input{Action: listing.ConfirmIt, Household: it.ID, Version: it.Version}
		for range 2 {
			if _, err := w.listings.Propose(context.Background(), w.villager, w.Campaign.ID, v1, key, in); err != nil {
				t.Fatal(err)
			}
		}
		ps, err := w.listings.Proposals(context.Background(), w.villager, it.ID)
		if err != nil || len(ps) != 1 {
			t.Errorf("%d, %v", len(ps), err)
		}
		in.Household = w.work(w.villager, v1).Items[1].ID
		if _, err := w.listings.Propose(context.Background(), w.villager, w.Campaign.ID, v1, key, in); errs.CodeOf(err) != "listing.other_proposal" {
			t.Errorf("the id of another household: %v", err)
		}
		if err := w.listings.Withdraw(context.Background(), w.villager, key); err != nil {
			t.Fatal(err)
		}
		if n := w.work(w.villager, v1).Counts; n.Left != 3 || n.Confirmed != 0 {
			t.Errorf("after taking it back: %+v", n)
		}
	})
}

func TestMergedAndSplitHouseholdsStayLinked(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		items := w.work(w.villager, v1).Items
		a, b, c := items[0], items[1], items[2]
		w.must(w.say(w.villager, v1, 0, listing.Input{Action: roster.Merge, Into: b.ID}))
		w.must(w.say(w.villager, v1, 1, listing.Input{Action: listing.ConfirmIt}))
		parts := []roster.Part{
			{ID: id.New(), Head: c.Members[0].ID, Members: []string{c.Members[0].ID}},
			{ID: id.New(), Head: c.Members[1].ID, Members: []string{c.Members[1].ID, c.Members[2].ID}},
		}
		if _, err := w.say(w.villager, v1, 2, listing.Input{Action: roster.Split, Parts: parts[:1]}); errs.CodeOf(err) != "roster.split_parts" {
			t.Errorf("people are left over: %v", err)
		}
		w.must(w.say(w.villager, v1, 2, listing.Input{Action: roster.Split, Parts: parts}))
		w.through(v1)
		got, err := w.rosters.Get(context.Background(), w.Office, b.ID)
		if err != nil || got.Size != 6 || got.HeadName != b.HeadName {
			t.Errorf("the household that stays: size %d, %v", got.Size, err)
		}
		gone, err := w.rosters.Get(context.Background(), w.Office, a.ID)
		if err != nil || gone.State != roster.Struck || gone.Struck != "merged" {
			t.Errorf("merged: %+v, %v", gone.Household, err)
		}
		for _, k := range []struct {
			id   string
			want roster.Kin
		}{
			{a.ID, roster.Kin{ID: b.ID, Code: b.Code, HeadName: b.HeadName, Kind: "merged", Later: true}},
			{b.ID, roster.Kin{ID: a.ID, Code: a.Code, HeadName: a.HeadName, Kind: "merged"}},
			{parts[1].ID, roster.Kin{ID: c.ID, Code: c.Code, HeadName: c.HeadName, Kind: "split"}},
		} {
			h, err := w.rosters.History(context.Background(), w.Office, k.id)
			if err != nil || len(h.Kin) != 1 || h.Kin[0] != k.want {
				t.Errorf("kin of %s: %+v, %v", k.id, h.Kin, err)
			}
		}
		if half, err := w.rosters.Get(context.Background(), w.Office, parts[1].ID); err != nil || half.Code != c.Code+"-2" || half.Size != 2 || half.HeadName != c.Members[1].Name {
			t.Errorf("split off: %+v, %v", half.Household, err)
		}
		if n := w.work(w.villager, v1).Counts; n.Left != 0 || n.Households != 3 {
			t.Errorf("counts: %+v", n)
		}
	})
}

func TestTheTownshipSendsOneBackAndThenTheVillage(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		ctx := context.Background()
		it := w.must(w.say(w.villager, v1, 0, listing.Input{Action: roster.Strike, Reason: "moved", Note: "搬去县城"}))
		w.confirmAll(w.villager, v1)
		if err := w.do(w.villager, v1, listing.Confirm); err != nil {
			t.Fatal(err)
		}
		if _, err := w.listings.Judge(ctx, w.Office, it.Proposal.ID, false, ""); errs.CodeOf(err) != "listing.note" {
			t.Errorf("without a reason: %v", err)
		}
		if _, err := w.listings.Judge(ctx, w.Other, it.Proposal.ID, true, ""); errs.CodeOf(err) != "listing.no_proposal" {
			t.Errorf("another township: %v", err)
		}
		if _, err := w.listings.Judge(ctx, w.Office, it.Proposal.ID, false, "户口还在"); err != nil {
			t.Fatal(err)
		}
		if err := w.do(w.Office, v1, listing.Approve); errs.CodeOf(err) != "listing.returned_left" {
			t.Errorf("with one sent back: %v", err)
		}
		if err := w.do(w.Office, v1, listing.Return); err != nil {
			t.Fatal(err)
		}
		got := w.work(w.villager, v1)
		if got.State != listing.Returned || got.ReturnedWhy != "看看" || got.Counts.Left != 1 || got.Items[0].Proposal.DecidedNote != "户口还在" {
			t.Errorf("returned: %+v", got.Row)
		}
		w.must(w.say(w.villager, v1, 0, listing.Input{Action: listing.ConfirmIt}))
		w.through(v1)
	})
}

func TestAHouseholdThatCannotBeReachedStaysWithAStatement(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		if _, err := w.say(w.villager, v1, 0, listing.Input{Action: roster.Strike, Reason: "lost", Note: "打过三次电话"}); errs.CodeOf(err) != "listing.evidence_statement" {
			t.Errorf("without the document: %v", err)
		}
		it := w.must(w.say(w.villager, v1, 0, listing.Input{Action: roster.Strike, Reason: "lost", Note: "打过三次电话", Files: []blob.Digest{w.photo()}}))
		w.through(v1)
		got, err := w.rosters.Get(context.Background(), w.Office, it.ID)
		if err != nil || got.State != roster.Listed || len(got.Tags) != 1 || got.Tags[0] != "失联" {
			t.Errorf("%+v, %v", got.Household, err)
		}
	})
}

func TestTheFrozenRosterIsAChainThatAStrangerCanRecompute(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		ctx := context.Background()
		if _, err := w.listings.Freeze(ctx, w.Office, w.Campaign.ID, nil, ""); errs.CodeOf(err) != "listing.not_ready" {
			t.Errorf("before anybody confirmed: %v", err)
		}
		w.through(v1)
		if _, err := w.listings.Freeze(ctx, w.Office, w.Campaign.ID, nil, ""); errs.CodeOf(err) != "listing.not_ready" {
			t.Errorf("with one village missing: %v", err)
		}
		one, err := w.listings.Freeze(ctx, w.Office, w.Campaign.ID, []region.Code{v1}, "先冻结一村")
		if err != nil || one.Number != 1 || one.Households != 3 {
			t.Fatalf("%+v, %v", one, err)
		}
		w.through(v2)
		if _, err := w.listings.Freeze(ctx, w.Office, w.Campaign.ID, nil, ""); err != nil {
			t.Fatal(err)
		}
		if len(w.frozen) != 2 || w.frozen[0].Whole || !w.frozen[1].Whole || w.frozen[1].Number != 2 {
			t.Errorf("events: %+v", w.frozen)
		}
		// Changes afterwards: the office's own, a village's that waits, an import.
		if _, err := w.say(w.Office, v1, 0, listing.Input{Action: roster.Strike, Reason: "moved"}); err == nil {
			t.Error("a late change without a note")
		}
		w.must(w.say(w.Office, v1, 0, listing.Input{Action: roster.Strike, Reason: "moved", Note: "全家迁出"}))
		late := w.must(w.say(w.villager, v1, 1, listing.Input{Action: roster.Correct, Note: "换号码", Edit: roster.Edit{Set: map[string]string{"phone": "13900000001"}}}))
		if late.Answer.State != listing.Waiting {
			t.Errorf("a village's late change waits: %+v", late.Answer)
		}
		if _, err := w.listings.Judge(ctx, w.Office, late.Proposal.ID, true, ""); err != nil {
			t.Fatal(err)
		}
		data := rt.XLSX(t, rt.Sheet{Name: "户信息", Rows: [][]any{rt.HouseholdHeader, rt.Household(4, surveytest.VillageName(2), "未脱贫户")}})
		file := roster.File{Name: "b.xlsx", Data: data, Lang: "zh", DryRun: true}
		if rep, err := w.rosters.Import(ctx, w.Office, w.Campaign.ID, file); err != nil || !rep.NeedsReason {
			t.Errorf("the dry run says that a reason is needed: %v, %v", rep.NeedsReason, err)
		}
		file.DryRun = false
		if _, err := w.rosters.Import(ctx, w.Office, w.Campaign.ID, file); errs.CodeOf(err) != "roster.frozen_reason" {
			t.Errorf("import without a reason: %v", err)
		}
		file.Reason = "系统更正"
		if _, err := w.rosters.Import(ctx, w.Office, w.Campaign.ID, file); err != nil {
			t.Fatal(err)
		}
		entries, more, err := w.rosters.Entries(ctx, w.Office, w.Campaign.ID, 0)
		if err != nil || more || len(entries) != 5 || entries[4].Kind != roster.EntryImport || entries[4].Reason != "系统更正" || entries[2].Households != 1 {
			t.Fatalf("%+v, %v", entries, err)
		}
		var out bytes.Buffer
		if err := w.rosters.Export(ctx, w.Office, w.Campaign.ID, &out); err != nil {
			t.Fatal(err)
		}
		v, err := roster.Verify(bytes.NewReader(out.Bytes()))
		if err != nil || !v.OK || v.Digest != entries[4].Digest || v.Listed != 5 || v.Struck != 1 {
			t.Errorf("%+v, %v", v, err)
		}
		for _, c := range []struct{ from, to string }{
			{"全家迁出", "不知去向"},
			{"struck", "listed"},
			{"13900000001", "13900000002"},
		} {
			v, err := roster.Verify(strings.NewReader(strings.Replace(out.String(), c.from, c.to, 1)))
			if err != nil || v.OK {
				t.Errorf("%s for %s goes unseen: %v", c.to, c.from, err)
			}
		}
		lines := strings.SplitAfter(out.String(), "\n")
		if _, err := roster.Verify(strings.NewReader(strings.Join(lines[:len(lines)-3], ""))); errs.CodeOf(err) != "roster.export_format" {
			t.Errorf("a file that ends in the middle: %v", err)
		}
		if err := w.rosters.Export(ctx, w.villager, w.Campaign.ID, &out); !errs.Is(err, errs.Forbidden) {
			t.Errorf("the export is for those who may see ID numbers: %v", err)
		}
	})
}

func TestAMergedVillageKeepsBothCodes(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		ctx := context.Background()
		m := region.Merger{ID: id.New(), Old: v1, New: v3, Day: "2026-03-04", Document: "县政函〔2026〕1号"}
		if _, err := w.listings.Merge(ctx, w.Office, m); err != nil {
			t.Fatal(err)
		}
		if _, err := w.listings.Merge(ctx, w.Office, region.Merger{ID: id.New(), Old: v3, New: v1, Day: "2026-03-04", Document: "x"}); errs.CodeOf(err) != "region.merger_circle" {
			t.Errorf("in a circle: %v", err)
		}
		for _, v := range []region.Code{v1, v3} {
			p, err := w.rosters.List(ctx, w.Office, w.Campaign.ID, roster.Filter{Village: v})
			if err != nil || p.Total != 3 || p.Items[0].Village != v1 || p.Items[0].VillageNow != v3 {
				t.Errorf("by %s: %d, %v", v, p.Total, err)
			}
		}
		fresh := surveytest.Actor(authz.Village, v3)
		w.must(w.say(fresh, v1, 0, listing.Input{Action: listing.ConfirmIt})) // the new village's people go on with the old list
		st, err := w.listings.Status(ctx, fresh, w.Campaign.ID)
		if err != nil || len(st.Rows) != 1 || st.Rows[0].Village != v1 || st.Rows[0].Now != v3 {
			t.Errorf("%+v, %v", st.Rows, err)
		}
		if _, err := w.listings.Unmerge(ctx, w.Office, m.ID); err != nil {
			t.Fatal(err)
		}
		if p, err := w.rosters.List(ctx, w.Office, w.Campaign.ID, roster.Filter{Village: v3}); err != nil || p.Total != 0 {
			t.Errorf("after taking it back: %d, %v", p.Total, err)
		}
		m.ID = id.New()
		if _, err := w.listings.Merge(ctx, w.Office, m); err != nil {
			t.Fatal(err)
		}
		data := rt.XLSX(t, rt.Sheet{Name: "户信息", Rows: [][]any{rt.HouseholdHeader, rt.Household(77, surveytest.VillageName(3), "未脱贫户")}})
		if _, err := w.rosters.Import(ctx, w.Office, w.Campaign.ID, roster.File{Name: "c.xlsx", Data: data}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.listings.Unmerge(ctx, w.Office, m.ID); errs.CodeOf(err) != "listing.merger_used" {
			t.Errorf("a household came in under the new code: %v", err)
		}
	})
}
