package match_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/db/dbtest"
	"ruhu/internal/errs"
	"ruhu/internal/listing"
	"ruhu/internal/match"
	mt "ruhu/internal/match/matchtest"
	"ruhu/internal/region"
	"ruhu/internal/roster"
	rt "ruhu/internal/roster/rostertest"
	"ruhu/internal/survey/surveytest"
)

// unlisted is a campaign whose base list has two households of three in village 1. The registry knows of a son in the first household (户主1之子漏),
// of a household of two in village 1 and of one person without a village whom the list lacks.
func unlisted(t *testing.T, d *db.DB) (mt.World, map[string]string) {
	t.Helper()
	w := mt.New(t, d, 2)
	hs := w.Roster(t, "第1村", 2)
	rows := [][]any{{"姓名", "证件号码", "户号", "与户主关系", "行政村"}}
	for n := 1; n <= 2; n++ {
		for m := range 3 {
			p := rt.Member(n, m)
			rows = append(rows, []any{p[1], p[2], fmt.Sprintf("K%d", n), p[3], "第1村"})
		}
	}
	rows = append(rows,
		[]any{"漏掉的儿子", rt.ID(501), "K1", "之子", "第1村"},
		[]any{"欧阳大山", rt.ID(601), "K9", "本人", "第1村"},
		[]any{"欧阳玥", rt.ID(602), "K9", "之女", "第1村"},
		[]any{"司马南", rt.ID(701), "", "", ""},
	)
	w.Load(t, "registry", rt.XLSX(t, rt.Sheet{Name: "户籍", Rows: rows}), false)
	return w, hs
}

// suspectsOf gives the persons whom the base list lacks, by name.
func suspectsOf(t *testing.T, w mt.World) map[string]match.Suspect {
	t.Helper()
	p, err := w.Links.Suspects(ctx, w.Office, w.Campaign.ID, match.SuspectFilter{Pair: "unlisted"})
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]match.Suspect{}
	for _, s := range p.Items {
		out[s.Name] = s
	}
	return out
}

func explain(t *testing.T, w mt.World, name string, to match.SuspectState) match.Suspect {
	t.Helper()
	s, ok := suspectsOf(t, w)[name]
	if !ok {
		t.Fatalf("%s is no suspect", name)
	}
	out, err := w.Links.Explain(ctx, w.Office, s.ID, match.SuspectDecision{State: to, Reason: "需入户核实", Version: s.Version})
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return out
}

// said is what is said in the listing about what is on the list or is to be added: name, action, state, differences.
func said(t *testing.T, w mt.World) []string {
	t.Helper()
	work, err := w.Listings.Work(ctx, w.Office, w.Campaign.ID, surveytest.VillageCode(surveytest.Township, 1))
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, it := range work.Items {
		if it.Proposal == nil {
			continue
		}
		var names []string
		for _, d := range it.Proposal.Differences {
			if d.Field == "member" {
				names = append(names, d.To)
			}
		}
		out = append(out, strings.TrimSpace(fmt.Sprintf("%s %s %s %v", it.HeadName, it.Proposal.Action, it.Proposal.State, names)))
	}
	slices.Sort(out)
	return out
}

// confirm says as the village that a household's record is right.
func confirm(t *testing.T, w mt.World, village region.Code, household string, n int) {
	t.Helper()
	in := listing.Input{Action: listing.ConfirmIt, Household: household, Version: 1}
	if _, err := w.Listings.Propose(ctx, surveytest.Actor(authz.Village, village), w.Campaign.ID, village, fmt.Sprintf("00000000-0000-7000-8000-00000000000%d", n), in); err != nil {
		t.Fatal(err)
	}
}

// step takes a step with the village's list.
func step(t *testing.T, w mt.World, actor authz.Actor, village region.Code, to listing.Step) {
	t.Helper()
	work, err := w.Listings.Work(ctx, actor, w.Campaign.ID, village)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Listings.Do(ctx, actor, w.Campaign.ID, village, listing.Act{Step: to, Version: work.Version}); err != nil {
		t.Fatalf("%s: %v", to, err)
	}
}

func TestWhoIsToBeVisitedIsProposedToTheListing(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w, hs := unlisted(t, d)
		if got := suspectsOf(t, w); len(got) != 4 {
			t.Fatalf("%+v", got)
		}
		first := explain(t, w, "欧阳玥", match.SuspectToVisit)
		second := explain(t, w, "欧阳大山", match.SuspectToVisit)
		if first.Proposed == "" || first.Proposed != second.Proposed {
			t.Errorf("a household of the register is proposed once: %q %q", first.Proposed, second.Proposed)
		}
		son := explain(t, w, "漏掉的儿子", match.SuspectToVisit)
		if son.Proposed != hs["H00001"] || !cmp.Equal(tagsOf(t, w, hs["H00001"]), []string{"suspect_unlisted"}) {
			t.Errorf("whose housemates are on the list belongs to their household: %q, tags %v", son.Proposed, tagsOf(t, w, hs["H00001"]))
		}
		if got := explain(t, w, "司马南", match.SuspectToVisit); got.Proposed != "" {
			t.Errorf("without a village nobody can propose: %q", got.Proposed)
		}
		want := []string{"户主1 correct open [漏掉的儿子]", "欧阳大山 add open [欧阳大山 欧阳玥]"}
		if diff := cmp.Diff(want, said(t, w)); diff != "" {
			t.Error(diff)
		}
		explain(t, w, "漏掉的儿子", match.SuspectExplained)
		if got := said(t, w); !slices.Equal(got, want[1:]) || len(tagsOf(t, w, hs["H00001"])) != 0 {
			t.Errorf("what is explained is taken back: %v, tags %v", got, tagsOf(t, w, hs["H00001"]))
		}
		explain(t, w, "漏掉的儿子", match.SuspectToVisit)
		if diff := cmp.Diff(want, said(t, w)); diff != "" {
			t.Errorf("and proposed again: %s", diff)
		}
		village := surveytest.VillageCode(surveytest.Township, 1)
		confirm(t, w, village, hs["H00002"], 1)
		step(t, w, surveytest.Actor(authz.Village, village), village, listing.Confirm)
		step(t, w, w.Office, village, listing.Approve)
		drain(t, w)
		if got := tagsOf(t, w, first.Proposed); !cmp.Equal(got, []string{"suspect_unlisted"}) {
			t.Errorf("once it is on the list it has the tag: %v", got)
		}
	})
}

func TestWhatTheVillageHasSaidIsNotReplaced(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t, db.Options{})
	w, hs := unlisted(t, d)
	village := surveytest.VillageCode(surveytest.Township, 1)
	confirm(t, w, village, hs["H00001"], 1)
	if s := explain(t, w, "漏掉的儿子", match.SuspectToVisit); s.Proposed != "" || len(tagsOf(t, w, hs["H00001"])) != 1 {
		t.Errorf("proposed %q, tags %v: the tag alone", s.Proposed, tagsOf(t, w, hs["H00001"]))
	}
	if got := said(t, w); !slices.Equal(got, []string{"户主1 confirm open []"}) {
		t.Error(got)
	}
}

func TestOnceTheListIsFrozenAVisitIsALateChange(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w, hs := unlisted(t, d)
		village := surveytest.VillageCode(surveytest.Township, 1)
		for i, code := range []string{"H00001", "H00002"} {
			confirm(t, w, village, hs[code], i+1)
		}
		step(t, w, surveytest.Actor(authz.Village, village), village, listing.Confirm)
		step(t, w, w.Office, village, listing.Approve)
		before, err := w.Listings.Freeze(ctx, w.Office, w.Campaign.ID, []region.Code{village}, "清查完成")
		if err != nil {
			t.Fatal(err)
		}
		s := explain(t, w, "欧阳玥", match.SuspectToVisit)
		if got := tagsOf(t, w, s.Proposed); !cmp.Equal(got, []string{"suspect_unlisted"}) {
			t.Errorf("the household is on the list with its tag: %v", got)
		}
		var number int64
		if err := w.D.View(ctx, func(tx *db.Tx) (err error) {
			number, _, err = roster.HeadTx(ctx, tx, w.Campaign.County, w.Campaign.ID)
			return err
		}); err != nil || number != before.Number+1 {
			t.Errorf("number %d after %d: %v", number, before.Number, err)
		}
		drain(t, w)
		if err := w.Links.Start(ctx, w.Office, w.Campaign.ID, "roster"); err != nil {
			t.Fatal(err)
		}
		drain(t, w)
		if got := suspectsOf(t, w); !got["欧阳玥"].Gone || got["欧阳大山"].ID != "" {
			t.Errorf("who is on the list is no suspect any more: %+v", got)
		}
	})
}

func TestWithoutAListingTheOfficeChangesTheBaseList(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t, db.Options{})
	w := mt.NewWith(t, d, 2, func(book string) string {
		i, j := strings.Index(book, "listing:\n"), strings.Index(book, "team: ")
		return book[:i] + book[j:]
	})
	w.Roster(t, "第1村", 1)
	w.Load(t, "registry", rt.XLSX(t, rt.Sheet{Name: "户籍", Rows: [][]any{
		{"姓名", "证件号码", "户号", "行政村"}, {"欧阳玥", rt.ID(601), "K9", "第1村"}, {"户主1", rt.ID(10), "K1", "第1村"},
	}}), false)
	s := explain(t, w, "欧阳玥", match.SuspectToVisit)
	if s.Proposed == "" || !cmp.Equal(tagsOf(t, w, s.Proposed), []string{"suspect_unlisted"}) {
		t.Errorf("%+v", s)
	}
	if _, err := w.Listings.Work(ctx, w.Office, w.Campaign.ID, surveytest.VillageCode(surveytest.Township, 1)); errs.CodeOf(err) != "listing.none" {
		t.Errorf("there is no listing: %v", err)
	}
}
