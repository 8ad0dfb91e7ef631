package match_test

import (
	"bytes"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/db/dbtest"
	"ruhu/internal/errs"
	"ruhu/internal/match"
	"ruhu/internal/match/link"
	mt "ruhu/internal/match/matchtest"
	"ruhu/internal/roster"
	rt "ruhu/internal/roster/rostertest"
	"ruhu/internal/survey/surveytest"
)

// named gives person n a name of their own.
func named(n int) string {
	a, b := []rune("王李张刘陈杨黄赵吴周徐孙"), []rune("明华军伟建国强志勇永峰林新宏玉海波平福贵")
	return string([]rune{a[n%12], b[n*7%20], b[n*3%19]})
}

// registry is the base: n persons in households of three, in two villages.
func registry(n int) rt.Sheet {
	s := rt.Sheet{Name: "户籍", Rows: [][]any{{"姓名", "证件号码", "户号", "与户主关系", "行政村"}}}
	for i := range n {
		s.Rows = append(s.Rows, []any{named(i), rt.ID(i), fmt.Sprintf("K%d", i/3), "户主", village(i)})
	}
	return s
}

func village(i int) string { return surveytest.VillageName(1 + i/3%2) }

func medical(rows ...[]any) rt.Sheet {
	return rt.Sheet{Name: "医保", Rows: append([][]any{{"姓名", "证件号码", "行政村"}}, rows...)}
}

func national(rows ...[]any) rt.Sheet {
	return rt.Sheet{Name: "国扶", Rows: append([][]any{{"姓名", "证件号码", "户编号", "行政村"}}, rows...)}
}

func links(t testing.TB, w mt.World, f match.LinkFilter) []match.Pair {
	t.Helper()
	p, err := w.Links.Links(ctx, w.Office, w.Campaign.ID, f)
	if err != nil {
		t.Fatal(err)
	}
	return p.Items
}

func TestARegisterIsLinkedWhenItIsLoadedAndEveryLinkTellsItsStep(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := mt.New(t, d, 2)
		var rows [][]any
		for i := range 30 {
			rows = append(rows, []any{named(i), rt.ID(i), village(i)})
		}
		rows[4][1] = rt.ID(3)                                   // a housemate's number
		rows = append(rows, []any{"欧阳玥", rt.ID(7), village(7)}) // somebody else's number
		w.Load(t, "medical", rt.XLSX(t, medical(rows...)), false)
		if err := w.Links.Start(ctx, w.Office, w.Campaign.ID, ""); errs.CodeOf(err) != "match.no_base" {
			t.Fatalf("without a base: %v", err)
		}
		w.Load(t, "registry", rt.XLSX(t, registry(60)), false)

		kinds, err := w.Links.Overview(ctx, w.Office, w.Campaign.ID)
		if err != nil {
			t.Fatal(err)
		}
		if !kinds[0].Base || kinds[0].Kind != "registry" || kinds[0].Rows != 60 {
			t.Errorf("the base comes first: %+v", kinds[0])
		}
		var med match.KindIdentity
		for _, k := range kinds {
			if k.Kind == "medical" {
				med = k
			}
		}
		if med.Current == nil || med.Outdated || med.Current.Result.Records != 31 || med.Counts[match.LinkAuto] != 30 || med.Counts[match.LinkReview] != 1 {
			t.Fatalf("medical insurance: %+v %+v", med, med.Current)
		}
		steps := map[link.Step]int{}
		for _, l := range append(links(t, w, match.LinkFilter{State: match.LinkAuto, Limit: 200}), links(t, w, match.LinkFilter{})...) {
			steps[l.Step]++
			if l.State == match.LinkAuto && (l.Left.Name != l.Right.Name || l.Right.Village == "" || len(l.Reason.Levels) != int(link.Fields)) {
				t.Errorf("%+v", l)
			}
		}
		if want := map[link.Step]int{link.SameNumber: 29, link.OwnersHousehold: 1, link.NumberOnly: 1}; !cmp.Equal(steps, want) {
			t.Errorf("steps %v, want %v", steps, want)
		}
	})
}

func TestADecisionOutlivesTheNextImportAndTwoClerksNeverOverruleEachOtherUnnoticed(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := mt.New(t, d, 2)
		w.Load(t, "registry", rt.XLSX(t, registry(60)), false)
		rows := [][]any{{"欧阳玥", rt.ID(7), village(7)}, {named(8), rt.ID(8), village(8)}, {named(9), rt.ID(9), village(9)}}
		w.Load(t, "medical", rt.XLSX(t, medical(rows...)), false)
		queue := links(t, w, match.LinkFilter{})
		if len(queue) != 1 || queue[0].Left.Name != "欧阳玥" || queue[0].Right.Name != named(7) || len(queue[0].Right.Mates) != 2 {
			t.Fatalf("%+v", queue)
		}
		l := queue[0]
		if _, err := w.Links.Decide(ctx, w.Office, l.ID, match.Decision{Verdict: match.Same, Version: l.Version}); errs.CodeOf(err) != "match.reason" {
			t.Errorf("without a reason: %v", err)
		}
		if _, err := w.Links.Decide(ctx, w.Office, l.ID, match.Decision{Verdict: "perhaps", Reason: "x", Version: l.Version}); errs.CodeOf(err) != "match.verdict" {
			t.Errorf("perhaps: %v", err)
		}
		got, err := w.Links.Decide(ctx, w.Office, l.ID, match.Decision{Verdict: match.Unsure, Reason: "电话不通", Version: l.Version})
		if err != nil || got.State != match.LinkReview || !got.Unsure {
			t.Fatalf("unsure: %+v %v", got, err)
		}
		if _, err := w.Links.Decide(ctx, w.Office, l.ID, match.Decision{Verdict: match.Different, Reason: "x", Version: l.Version}); errs.CodeOf(err) != "match.decided" {
			t.Errorf("the second clerk saw an old page: %v", err)
		}
		if _, err := w.Links.Decide(ctx, w.Office, l.ID, match.Decision{Verdict: match.Same, Reason: "改过名，见户口簿", Version: got.Version}); err != nil {
			t.Fatal(err)
		}
		auto := links(t, w, match.LinkFilter{State: match.LinkAuto})
		if len(auto) != 2 {
			t.Fatalf("%d links", len(auto))
		}
		undone, err := w.Links.Decide(ctx, w.Office, auto[0].ID, match.Decision{Verdict: match.Different, Reason: "同名，不是一人", Version: auto[0].Version})
		if err != nil || undone.State != match.LinkRejected {
			t.Fatalf("undo: %+v %v", undone, err)
		}

		rows[0], rows[1], rows[2] = rows[2], rows[0], rows[1] // another file, in another order
		w.Load(t, "medical", rt.XLSX(t, medical(append(rows, []any{named(20), rt.ID(20), village(20)})...)), false)
		state := map[string]string{}
		for _, s := range []match.LinkState{match.LinkAuto, match.LinkReview, match.LinkConfirmed, match.LinkRejected} {
			for _, p := range links(t, w, match.LinkFilter{State: s}) {
				state[p.Left.Name] = string(p.State) + " " + p.Note
			}
		}
		want := map[string]string{"欧阳玥": "confirmed 改过名，见户口簿", undone.Left.Name: "rejected 同名，不是一人", auto[1].Left.Name: "auto ", named(20): "auto "}
		if diff := cmp.Diff(want, state); diff != "" {
			t.Error(diff)
		}
		if _, err := w.Links.Link(ctx, w.Office, l.ID); errs.CodeOf(err) != "match.no_link" {
			t.Errorf("links of the run before are gone: %v", err)
		}
	})
}

func TestClerksSeeTheirRegionAndNumbersByRole(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := mt.New(t, d, 2)
		w.Load(t, "registry", rt.XLSX(t, registry(12)), false)
		w.Load(t, "medical", rt.XLSX(t, medical([]any{named(1), rt.ID(1), village(1)}, []any{named(4), rt.ID(4), village(4)})), false)
		at := func(role authz.Role, n int) authz.Actor {
			return surveytest.Actor(role, surveytest.VillageCode(surveytest.Township, n))
		}
		for _, c := range []struct {
			actor  authz.Actor
			code   string
			n      int
			masked bool
		}{
			{w.Office, "", 2, false},
			{surveytest.Actor(authz.TownshipLeader, surveytest.Township), "", 2, true},
			{at(authz.Supervisor, 1), "", 1, false},
			{at(authz.Village, 1), "authz.forbidden", 0, false},
			{at(authz.Enumerator, 1), "authz.forbidden", 0, false},
		} {
			p, err := w.Links.Links(ctx, c.actor, w.Campaign.ID, match.LinkFilter{State: match.LinkAuto})
			if errs.CodeOf(err) != c.code || len(p.Items) != c.n {
				t.Errorf("%s: %d links, %v", c.actor.Role, len(p.Items), err)
				continue
			}
			for _, l := range p.Items {
				if l.Left.Masked != c.masked || l.Right.Masked != c.masked || (l.Left.IDNumber == rt.ID(1) || l.Left.IDNumber == rt.ID(4)) == c.masked {
					t.Errorf("%s sees %s", c.actor.Role, l.Left.IDNumber)
				}
			}
		}
		all := links(t, w, match.LinkFilter{State: match.LinkAuto})
		for _, l := range all {
			_, err := w.Links.Link(ctx, at(authz.Supervisor, 1), l.ID)
			if want := map[bool]string{true: "", false: "match.no_link"}[l.Village == string(surveytest.VillageCode(surveytest.Township, 1))]; errs.CodeOf(err) != want {
				t.Errorf("a link of %s: %v", l.Village, err)
			}
			if _, err := w.Links.Decide(ctx, at(authz.Supervisor, 1), l.ID, match.Decision{Verdict: match.Same, Reason: "x", Version: 1}); errs.CodeOf(err) != "authz.forbidden" {
				t.Errorf("a supervisor decides: %v", err)
			}
		}
	})
}

func TestWhomAClerkRulesOutIsASuspect(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := mt.New(t, d, 2)
		w.Load(t, "registry", rt.XLSX(t, registry(60)), false)
		w.Load(t, "national", rt.XLSX(t, national([]any{named(7), rt.ID(7), "H7", village(7)})), false)
		w.Load(t, "medical", rt.XLSX(t, medical([]any{"欧阳玥", rt.ID(7), village(7)}, []any{named(8), rt.ID(8), village(8)})), false)
		names := func() (out []string) {
			t.Helper()
			p, err := w.Links.Suspects(ctx, w.Office, w.Campaign.ID, match.SuspectFilter{Pair: "insured_unknown"})
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range p.Items {
				out = append(out, s.Name)
			}
			slices.Sort(out)
			return out
		}
		if got := names(); !slices.Equal(got, []string{named(8)}) {
			t.Fatalf("before: %v; who waits for a clerk is none", got)
		}
		l := links(t, w, match.LinkFilter{Kind: "medical"})[0]
		if _, err := w.Links.Decide(ctx, w.Office, l.ID, match.Decision{Verdict: match.Different, Reason: "查无此人", Version: l.Version}); err != nil {
			t.Fatal(err)
		}
		if err := w.Bus.Drain(ctx); err != nil {
			t.Fatal(err)
		}
		want := []string{named(8), "欧阳玥"}
		slices.Sort(want)
		if got := names(); !slices.Equal(got, want) {
			t.Errorf("after: %v, want %v", got, want)
		}
	})
}

func TestSuspectsArePersonsOfOneRegisterWhomAnotherLacks(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := mt.New(t, d, 2)
		importRoster(t, w)
		w.Load(t, "registry", rt.XLSX(t, registry(30)), false)
		w.Load(t, "national", rt.XLSX(t, national([]any{named(0), rt.ID(0), "H0", village(0)}, []any{"欧阳玥", rt.ID(99), "H9", village(1)})), false)
		w.Load(t, "medical", rt.XLSX(t, medical(
			[]any{named(0), rt.ID(0), village(0)}, []any{named(1), rt.ID(1), village(1)}, []any{named(1), rt.ID(1), village(1)}, // twice
			[]any{"歐陽玥", rt.ID(99), village(1)}, []any{"司马南", rt.ID(98), village(4)},
		)), false)
		p, err := w.Links.Suspects(ctx, w.Office, w.Campaign.ID, match.SuspectFilter{Pair: "insured_unknown"})
		if err != nil {
			t.Fatal(err)
		}
		if want := (match.PairCounts{Persons: 5, Found: 2, Missing: 2}); p.Pairs[0].Counts != want {
			t.Errorf("counts %+v, want %+v", p.Pairs[0].Counts, want) // 欧阳玥 is in both, and not in the base
		}
		byName := map[string]match.Suspect{}
		for _, s := range p.Items {
			byName[s.Name] = s
		}
		one, other := byName[named(1)], byName["司马南"]
		if len(p.Items) != 2 || one.ID == "" || other.ID == "" {
			t.Fatalf("%+v", p.Items)
		}
		if one.Household == "" || other.Household != "" {
			t.Errorf("households %q %q: the first is in the base list, the second is not", one.Household, other.Household)
		}

		for _, role := range []authz.Role{authz.Village, authz.Enumerator, authz.Supervisor, authz.GroupLeader} { // S0.18
			if _, err := w.Links.Suspects(ctx, surveytest.Actor(role, surveytest.Township), w.Campaign.ID, match.SuspectFilter{}); errs.CodeOf(err) != "authz.forbidden" {
				t.Errorf("%s sees suspects: %v", role, err)
			}
		}
		if _, err := w.Links.Explain(ctx, surveytest.Actor(authz.Inspector, surveytest.County+"000000"), one.ID, match.SuspectDecision{State: match.SuspectToVisit, Reason: "x", Version: 1}); errs.CodeOf(err) != "authz.forbidden" {
			t.Errorf("an inspector decides: %v", err)
		}

		visit := match.SuspectDecision{State: match.SuspectToVisit, Reason: "需核实收入", Version: one.Version}
		got, err := w.Links.Explain(ctx, w.Office, one.ID, visit)
		if err != nil || got.State != match.SuspectToVisit {
			t.Fatalf("%+v %v", got, err)
		}
		if tags := tagsOf(t, w, one.Household); !cmp.Equal(tags, []string{"suspect_missed"}) {
			t.Errorf("tags %v", tags)
		}
		if _, err := w.Links.Explain(ctx, w.Office, one.ID, visit); errs.CodeOf(err) != "match.decided" {
			t.Errorf("an old page: %v", err)
		}
		if _, err := w.Links.Explain(ctx, w.Office, other.ID, match.SuspectDecision{State: match.SuspectExplained, Reason: "外县参保", Version: other.Version}); err != nil {
			t.Fatal(err)
		}

		raw, err := w.Links.ExportSuspects(ctx, w.Office, w.Campaign.ID, match.SuspectFilter{Pair: "insured_unknown"}, "zh")
		if err != nil {
			t.Fatal(err)
		}
		x, err := excelize.OpenReader(bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		rows, err := x.GetRows("Sheet1")
		if err != nil || len(rows) != 4 {
			t.Fatalf("%d rows, %v", len(rows), err)
		}

		// The national system learns of the first: no suspect any more, but what was decided is not forgotten.
		w.Load(t, "national", rt.XLSX(t, national([]any{named(0), rt.ID(0), "H0", village(0)}, []any{named(1), rt.ID(1), "H0", village(1)}, []any{"欧阳玥", rt.ID(99), "H9", village(1)})), false)
		p, err = w.Links.Suspects(ctx, w.Office, w.Campaign.ID, match.SuspectFilter{Pair: "insured_unknown"})
		if err != nil {
			t.Fatal(err)
		}
		state := map[string]string{}
		for _, s := range p.Items {
			state[s.Name] = fmt.Sprintf("%s %v", s.State, s.Gone)
		}
		if want := map[string]string{named(1): "to_visit true", "司马南": "explained false"}; !cmp.Equal(state, want) {
			t.Errorf("%v, want %v", state, want)
		}
		back := p.Items[0]
		if back.Name != named(1) {
			back = p.Items[1]
		}
		if _, err := w.Links.Explain(ctx, w.Office, back.ID, match.SuspectDecision{State: match.SuspectOpen, Reason: "系统已登记", Version: back.Version}); err != nil {
			t.Fatal(err)
		}
		if tags := tagsOf(t, w, one.Household); len(tags) != 0 {
			t.Errorf("the tag stays: %v", tags)
		}
	})
}

// importRoster makes a base list of the first nine persons of the registry.
func importRoster(t testing.TB, w mt.World) {
	t.Helper()
	households := [][]any{{"户编号", "行政村", "户主姓名", "户主证件号码", "户属性"}}
	members := [][]any{{"户编号", "姓名", "证件号码", "与户主关系"}}
	for i := range 9 {
		code := fmt.Sprintf("H%d", i/3)
		relation := "子女"
		if i%3 == 0 {
			households = append(households, []any{code, village(i), named(i), rt.ID(i), "一般农户"})
			relation = "户主"
		}
		members = append(members, []any{code, named(i), rt.ID(i), relation})
	}
	rep, err := w.Rosters.Import(ctx, w.Office, w.Campaign.ID, roster.File{Name: "底册.xlsx", Data: rt.XLSX(t, rt.Sheet{Name: "户", Rows: households}, rt.Sheet{Name: "人", Rows: members})})
	if err != nil {
		t.Fatalf("%v %+v", err, rep)
	}
}

func tagsOf(t testing.TB, w mt.World, household string) []string {
	t.Helper()
	var h roster.Full
	err := w.D.View(ctx, func(tx *db.Tx) (err error) {
		h, err = roster.HouseholdTx(ctx, tx, w.Campaign.County, household)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return h.Tags
}
