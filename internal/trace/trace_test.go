package trace_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ruhu/internal/app"
	"ruhu/internal/audit"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/db/dbtest"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/ledger"
	"ruhu/internal/playbook"
	"ruhu/internal/review"
	"ruhu/internal/signature"
	st "ruhu/internal/submission/submissiontest"
	"ruhu/internal/survey/surveytest"
	"ruhu/internal/tlog"
	"ruhu/internal/trace"
)

const chains = `signatures:
  - kind: household
    steps:
      - {code: household, title: {zh: 被访户, en: Household}, item: photo, drawn: true, sign_for: [supervisor]}
      - {code: enumerator, title: {zh: 调查员, en: Enumerator}, item: enumerator_1}
      - {code: first, title: {zh: 复核, en: Re-check}, level: first}
      - {code: second, title: {zh: 镇办, en: Township}, level: second}
  - kind: village
    steps:
      - {code: township, title: {zh: 镇领导, en: Township leader}, role: township_leader}
  - kind: ledger
    steps:
      - {code: township, title: {zh: 镇领导, en: Township leader}, role: township_leader}
`

type world struct {
	*st.World
	signs   *signature.Service
	reviews *review.Service
	ledgers *ledger.Service
	traces  *trace.Service
	leader  authz.Actor
}

func on(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := &world{World: st.NewBy(t, d, 4, st.Book()+chains)}
		w.signs = signature.NewService(d, w.Surveys, w.Accounts)
		w.signs.Problems(ledger.ListTx)
		w.reviews = review.NewService(d, w.Bus, w.Surveys, w.Accounts, w.Blobs, nil, w.signs)
		w.ledgers = ledger.NewService(d, w.Bus, w.Surveys, w.Blobs, nil)
		w.ledgers.Listen()
		w.traces = trace.NewService(d, w.Accounts, w.signs)
		w.leader = surveytest.Actor(authz.TownshipLeader, surveytest.Township)
		w.Plan(t)
		fn(t, w)
	})
}

// accept sends the form of a visit and lets both levels approve it.
func (w *world) accept(t *testing.T, visit int, answers map[string]string) {
	t.Helper()
	sub := w.Send(t, w.Visits[visit], id.New(), 0, answers)
	for _, who := range []authz.Actor{w.Supervisor, w.Office} {
		if _, err := w.reviews.Decide(t.Context(), who, sub, review.Decision{ID: id.New(), Action: review.Approve, Revision: 1}, "zh"); err != nil {
			t.Fatal(err)
		}
	}
}

func (w *world) sign(t *testing.T, kind string) {
	t.Helper()
	village := w.Visits[0].Village
	d, err := w.signs.Get(t.Context(), w.leader, w.Campaign.ID, kind, village)
	if err == nil {
		_, err = w.signs.Sign(t.Context(), w.leader, w.Campaign.ID, kind, village, signature.Signing{ID: id.New(), Step: "township", Digest: d.Digest})
	}
	if err != nil {
		t.Fatal(err)
	}
}

// find registers a problem of a household and gives its id.
func (w *world) find(t *testing.T, visit int, source ledger.Source) string {
	t.Helper()
	key := id.New()
	_, err := w.ledgers.Register(t.Context(), w.Office, w.Campaign.ID, key, ledger.Input{
		Household: w.Visits[visit].Household, Title: errs.Text{ZH: "住房漏雨"}, Severity: "high", Source: source, Reference: "省查 12 号",
	})
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func (w *world) trace(t *testing.T, visit int, problem string) trace.Trace {
	t.Helper()
	got, err := w.traces.Household(t.Context(), w.leader, w.Campaign.ID, w.Visits[visit].Household, problem)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// said writes what each signer said; those who answer have a mark.
func said(signers []trace.TracedSigner) []string {
	var out []string
	for _, s := range signers {
		line := s.Kind + " " + s.Step + " " + s.Said
		if s.Void {
			line += " void"
		}
		if s.Answers {
			line += " !"
		}
		out = append(out, line)
	}
	return out
}

func TestWhoSignedThatThereWasNoProblemAnswersForOneThatACheckFinds(t *testing.T) {
	t.Parallel()
	on(t, func(t *testing.T, w *world) {
		photo := string(w.Photo(t, "one")) + ".png"
		w.accept(t, 0, map[string]string{"photo": photo})
		w.accept(t, 1, map[string]string{"q1": "2", "q1_1": "1", "q2": "2"})
		w.sign(t, playbook.SignVillage)
		w.sign(t, playbook.SignLedger)
		found := w.find(t, 0, ledger.ByProvince)
		want := []string{
			"household household none", "household enumerator none !", "household first none !", "household second none !",
			"village township none !", "ledger township none !",
		}
		if d := cmp.Diff(want, said(w.trace(t, 0, found).Signers)); d != "" {
			t.Errorf("a check of the province: %s", d)
		}
		for i, s := range want {
			want[i] = strings.TrimSuffix(s, " !")
		}
		if d := cmp.Diff(want, said(w.trace(t, 0, w.find(t, 0, ledger.ByVisit)).Signers)); d != "" {
			t.Errorf("found at home: %s", d)
		}

		// The other household: its form says that the house is unsafe and that there is no water, and so do the lists.
		got := w.trace(t, 1, w.find(t, 1, ledger.ByNational))
		want = []string{
			"household household other", "household enumerator other !", "household first other !", "household second other !",
			"village township other !", "ledger township other !",
		}
		if d := cmp.Diff(want, said(got.Signers)); d != "" {
			t.Errorf("one that was not said: %s", d)
		}
		for _, p := range got.Problems {
			if p.Code != "housing" {
				continue
			}
			for _, s := range w.trace(t, 1, p.ID).Signers { // the rule found it before anybody signed above
				if s.Said != trace.SaidIt || s.Answers {
					t.Errorf("%s said %s of a problem that it names", s.Step, s.Said)
				}
			}
		}
	})
}

func TestOnlyWhatWasSignedBeforeCountsAndACorrectionIsSeen(t *testing.T) {
	t.Parallel()
	on(t, func(t *testing.T, w *world) {
		u := id.New()
		sub := w.Send(t, w.Visits[0], u, 0, map[string]string{"photo": string(w.Photo(t, "one")) + ".png"})
		decide := func(who authz.Actor, a review.Action, revision int, note string) {
			t.Helper()
			if _, err := w.reviews.Decide(t.Context(), who, sub, review.Decision{ID: id.New(), Action: a, Revision: revision, Note: note}, "zh"); err != nil {
				t.Fatal(err)
			}
		}
		decide(w.Supervisor, review.Approve, 1, "")
		found := w.find(t, 0, ledger.BySpot)
		decide(w.Office, review.Return, 1, "抽查发现漏雨")
		w.Send(t, w.Visits[0], u, 1, map[string]string{"q1": "2", "q1_1": "1", "q2": "2"})
		decide(w.Supervisor, review.Approve, 2, "")
		decide(w.Office, review.Approve, 2, "")
		got := w.trace(t, 0, found)
		want := []string{"household household none void", "household enumerator none void !", "household first none void !"}
		if d := cmp.Diff(want, said(got.Signers)); d != "" {
			t.Error(d)
		}
		var story []string
		for _, e := range got.Story {
			if e.Proof.Key == "" {
				t.Errorf("%s has no proof", e.What)
			}
			story = append(story, e.What)
		}
		wantStory := "arrived signed signed signed problem.register return arrived signed signed signed signed problem.register problem.register"
		if d := cmp.Diff(count(wantStory), count(strings.Join(story, " "))); d != "" {
			t.Errorf("%v\n%s", story, d)
		}
	})
}

func count(words string) map[string]int {
	out := map[string]int{}
	for w := range strings.FieldsSeq(words) {
		out[w]++
	}
	return out
}

func TestTheLogProvesWhatATraceSays(t *testing.T) {
	t.Parallel()
	on(t, func(t *testing.T, w *world) {
		w.accept(t, 0, nil)
		found := w.find(t, 0, ledger.ByProvince)
		if got := w.trace(t, 0, found); got.Log.Size != 0 || got.Signers[0].Proof.Entry != -1 {
			t.Errorf("before the first seal: %+v, entry %d", got.Log, got.Signers[0].Proof.Entry)
		}
		log := audit.NewLog(w.D, func(county string) (string, error) {
			secret, _, err := tlog.NewKey(audit.Origin(county))
			return secret, err
		}, app.Logged()...)
		if err := log.Seal(t.Context()); err != nil {
			t.Fatal(err)
		}
		entries := map[int64]string{}
		err := log.Entries(t.Context(), w.Office.County, func(n int64, entry []byte) error { entries[n] = string(entry); return nil })
		if err != nil {
			t.Fatal(err)
		}
		got := w.trace(t, 0, found)
		if got.Log.Size != int64(len(entries)) || got.Log.Root == "" {
			t.Errorf("the log: %+v, has %d entries", got.Log, len(entries))
		}
		proofs := []trace.Proof{}
		for _, s := range got.Signers {
			proofs = append(proofs, s.Proof)
		}
		for _, e := range got.Story {
			proofs = append(proofs, e.Proof)
		}
		for _, p := range proofs {
			if !strings.HasPrefix(entries[p.Entry], `{"table":"`+p.Table+`","key":"`+p.Key+`"`) {
				t.Errorf("entry %d does not prove %s %s", p.Entry, p.Table, p.Key)
			}
		}
	})
}

func TestWhoMayTrace(t *testing.T) {
	t.Parallel()
	on(t, func(t *testing.T, w *world) {
		house := w.Visits[0].Household
		elsewhere := surveytest.Actor(authz.TownshipLeader, surveytest.Elsewhere)
		for name, tc := range map[string]struct {
			who                authz.Actor
			household, problem string
			want               string
		}{
			"the township":         {w.Office, house, "", ""},
			"inspectors":           {w.Inspector, house, "", ""},
			"the county":           {w.County, house, "", ""},
			"the village":          {w.Village, house, "", "authz.forbidden"},
			"enumerators":          {w.Enumerator, house, "", "authz.forbidden"},
			"supervisors":          {w.Supervisor, house, "", "authz.forbidden"},
			"another township":     {elsewhere, house, "", "survey.not_found"},
			"no such household":    {w.Office, id.New(), "", "roster.no_household"},
			"a problem of another": {w.Office, house, w.find(t, 1, ledger.ByOwn), "ledger.not_found"},
		} {
			_, err := w.traces.Household(t.Context(), tc.who, w.Campaign.ID, tc.household, tc.problem)
			if errs.CodeOf(err) != tc.want {
				t.Errorf("%s: %v, want %q", name, err, tc.want)
			}
		}
	})
}
