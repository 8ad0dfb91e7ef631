package signature_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ruhu/internal/audit"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/db/dbtest"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/ledger"
	"ruhu/internal/playbook"
	"ruhu/internal/region"
	"ruhu/internal/review"
	"ruhu/internal/signature"
	st "ruhu/internal/submission/submissiontest"
	"ruhu/internal/survey/surveytest"
	"ruhu/internal/tlog"
)

const chains = `signatures:
  - kind: household
    steps:
      - {code: household, title: {zh: 被访户, en: Household}, item: photo, drawn: true, sign_for: [supervisor]}
      - {code: enumerator, title: {zh: 调查员, en: Enumerator}, item: enumerator_1, drawing: hand}
      - {code: first, title: {zh: 复核, en: Re-check}, level: first}
      - {code: second, title: {zh: 镇办, en: Township}, level: second}
  - kind: village
    steps:
      - {code: leader, title: {zh: 组长, en: Group leader}, role: group_leader, sign_for: [township_office]}
      - {code: township, title: {zh: 镇领导, en: Township leader}, role: township_leader}
      - {code: guidance, title: {zh: 指导组, en: Guidance group}, role: guidance_group}
  - kind: ledger
    steps:
      - {code: leader, title: {zh: 组长, en: Group leader}, role: group_leader, sign_for: [township_office]}
      - {code: guidance, title: {zh: 指导组, en: Guidance group}, role: guidance_group}
`

func book() string {
	b := strings.Replace(st.Book(), "  - {code: village, title", `  - {code: group_leader, title: {zh: 组长, en: Group leader}, level: township}
  - {code: guidance_group, title: {zh: 指导组, en: Guidance group}, level: county}
  - {code: village, title`, 1)
	return strings.Replace(b, "all_reviewed, problems_closed]", "all_reviewed, ledger_signed]", 1) + chains
}

type world struct {
	*st.World
	signs   *signature.Service
	reviews *review.Service
	ledgers *ledger.Service

	group, leader, guidance, elsewhere authz.Actor
	village                            region.Code
}

func on(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := &world{World: st.NewBy(t, d, 4, book()), village: surveytest.VillageCode(surveytest.Township, 1)}
		w.signs = signature.NewService(d, w.Surveys, w.Accounts)
		w.reviews = review.NewService(d, w.Bus, w.Surveys, w.Accounts, w.Blobs, nil, w.signs)
		w.ledgers = ledger.NewService(d, w.Bus, w.Surveys, w.Blobs, nil)
		w.ledgers.Listen()
		w.signs.Problems(ledger.ListTx)
		w.group = surveytest.Actor(authz.GroupLeader, surveytest.Township)
		w.leader = surveytest.Actor(authz.TownshipLeader, surveytest.Township)
		w.guidance = surveytest.Actor(authz.GuidanceGroup, surveytest.County)
		w.elsewhere = surveytest.Actor(authz.GroupLeader, surveytest.Elsewhere)
		w.Plan(t)
		fn(t, w)
	})
}

// drawn stores a picture as a form names it.
func (w *world) drawn(t *testing.T, what string) map[string]string {
	t.Helper()
	return map[string]string{"photo": string(w.Photo(t, what)) + ".png"}
}

// approve lets both levels approve the revision of a form.
func (w *world) approve(t *testing.T, sub string, revision int) {
	t.Helper()
	for _, who := range []authz.Actor{w.Supervisor, w.Office} {
		if err := w.decide(who, sub, review.Decision{Action: review.Approve, Revision: revision}); err != nil {
			t.Fatalf("approve by %s: %v", who.Role, err)
		}
	}
}

func (w *world) decide(who authz.Actor, sub string, d review.Decision) error {
	d.ID = id.New()
	_, err := w.reviews.Decide(context.Background(), who, sub, d, "zh")
	return err
}

func (w *world) form(t *testing.T, visit int) signature.FormChain {
	t.Helper()
	f, err := w.signs.Household(t.Context(), w.Inspector, w.Campaign.ID, w.Visits[visit].Household)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func states(steps []signature.ChainStep) string {
	var out []string
	for _, s := range steps {
		out = append(out, s.State)
	}
	return strings.Join(out, " ")
}

func TestAFormIsSignedByItsContentAndByApproving(t *testing.T) {
	t.Parallel()
	on(t, func(t *testing.T, w *world) {
		u := id.New()
		answers := w.drawn(t, "one")
		answers["hand"] = w.drawn(t, "the enumerator's")["photo"]
		sub := w.Send(t, w.Visits[0], u, 0, answers)
		if got := states(w.form(t, 0).Steps); got != "signed signed open open" {
			t.Errorf("a form that has come: %s", got)
		}
		w.approve(t, sub, 1)
		f := w.form(t, 0)
		if got := states(f.Steps); got != "signed signed signed signed" {
			t.Errorf("an accepted form: %s", got)
		}
		type who struct {
			Name, Account string
			Role          authz.Role
			Image         bool
			Revision      int
		}
		var got []who
		for _, e := range f.Signatures {
			got = append(got, who{e.ByName, e.Account, e.Role, e.Image != "", e.Revision})
			if e.Digest != f.Digest || e.For != "" {
				t.Errorf("%s signed %s for %q, the form is %s", e.Step, e.Digest, e.For, f.Digest)
			}
		}
		want := []who{
			{"", "", "", true, 1},
			{w.Enumerator.Name, w.Enumerator.ID, authz.Enumerator, true, 1},
			{w.Supervisor.Name, w.Supervisor.ID, authz.Supervisor, false, 1},
			{w.Office.Name, w.Office.ID, authz.TownshipOffice, false, 1},
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Error(d)
		}
	})
}

func TestALaterRevisionVoidsWhatWasSignedAndAnOldPictureDoesNotSignIt(t *testing.T) {
	t.Parallel()
	on(t, func(t *testing.T, w *world) {
		u := id.New()
		answers := w.drawn(t, "one")
		sub := w.Send(t, w.Visits[0], u, 0, answers)
		if err := w.decide(w.Supervisor, sub, review.Decision{Action: review.Approve, Revision: 1}); err != nil {
			t.Fatal(err)
		}
		if err := w.decide(w.Office, sub, review.Decision{Action: review.Return, Revision: 1, Note: "请核对"}); err != nil {
			t.Fatal(err)
		}
		answers["size"] = "5" // the picture stays as it was
		w.Send(t, w.Visits[0], u, 1, answers)
		if got := states(w.form(t, 0).Steps); got != "void signed void open" {
			t.Errorf("a corrected form: %s", got)
		}
		if err := w.decide(w.Supervisor, sub, review.Decision{Action: review.Approve, Revision: 2, Note: "电话核实"}); err != nil {
			t.Fatal(err)
		}
		f := w.form(t, 0)
		if got := states(f.Steps); got != "signed signed signed open" {
			t.Errorf("after the re-check: %s", got)
		}
		if e := f.Steps[0].Entry; e.For != signature.Household || e.Reason != signature.Carried || e.Note != "电话核实" || e.Account != w.Supervisor.ID {
			t.Errorf("the household's step: %+v", e)
		}
		void := 0
		for _, e := range f.Signatures {
			if e.Digest != f.Digest {
				void++
			}
		}
		if void != 3 || len(f.Signatures) != 6 {
			t.Errorf("%d of %d signatures are void", void, len(f.Signatures))
		}

		other := id.New()
		w.Send(t, w.Visits[1], other, 0, w.drawn(t, "two"))
		w.Send(t, w.Visits[1], other, 1, func() map[string]string { a := w.drawn(t, "drawn again"); a["size"] = "6"; return a }())
		if got := states(w.form(t, 1).Steps); got != "signed signed open open" {
			t.Errorf("a correction that the household signed: %s", got)
		}
	})
}

func TestWhereTheHouseholdDidNotSignTheReviewerDoesOrNobody(t *testing.T) {
	t.Parallel()
	on(t, func(t *testing.T, w *world) {
		sub := w.Send(t, w.Visits[0], id.New(), 0, nil)
		w.approve(t, sub, 1)
		if e := w.form(t, 0).Steps[0].Entry; e == nil || e.For != signature.Household || e.Reason != signature.Remote || e.Role != authz.Supervisor {
			t.Errorf("signed for the household: %+v", e)
		}
	})
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := &world{World: st.NewBy(t, d, 2, strings.Replace(book(), "drawn: true, sign_for: [supervisor]", "drawn: true", 1))}
		w.signs = signature.NewService(d, w.Surveys, w.Accounts)
		w.reviews = review.NewService(d, w.Bus, w.Surveys, w.Accounts, w.Blobs, nil, w.signs)
		w.Plan(t)
		sub := w.Send(t, w.Visits[0], id.New(), 0, nil)
		err := w.decide(w.Supervisor, sub, review.Decision{Action: review.Approve, Revision: 1})
		if errs.CodeOf(err) != "signature.before" {
			t.Errorf("a form that its household has not signed: %v", err)
		}
	})
}

// sign signs the list of the first village as it is now.
func (w *world) sign(who authz.Actor, kind, step, note string) error {
	d, err := w.signs.Get(context.Background(), w.County, w.Campaign.ID, kind, w.village)
	if err != nil {
		return err
	}
	_, err = w.signs.Sign(context.Background(), who, w.Campaign.ID, kind, w.village, signature.Signing{ID: id.New(), Step: step, Digest: d.Digest, Note: note})
	return err
}

func TestWhoMaySignAListInWhichOrder(t *testing.T) {
	t.Parallel()
	on(t, func(t *testing.T, w *world) {
		const village = playbook.SignVillage
		first := w.Send(t, w.Visits[0], id.New(), 0, w.drawn(t, "a"))
		w.approve(t, first, 1)
		do := func(what string, who authz.Actor, kind, step, note, want string) {
			t.Helper()
			if err := w.sign(who, kind, step, note); errs.CodeOf(err) != want {
				t.Errorf("%s: %v, want %q", what, err, want)
			}
		}
		do("forms are open", w.group, village, "leader", "", "signature.not_ready")
		second := w.Send(t, w.Visits[1], id.New(), 0, w.drawn(t, "b"))
		w.approve(t, second, 1)

		do("no such step", w.group, village, "nobody", "", "signature.step")
		do("no such kind", w.group, "roster", "leader", "", "signature.no_chain")
		do("villages do not sign", w.Village, village, "leader", "", "authz.forbidden")
		do("enumerators do not sign", w.Enumerator, village, "leader", "", "authz.forbidden")
		do("inspectors do not sign", w.Inspector, village, "leader", "", "authz.forbidden")
		do("another region", w.elsewhere, village, "leader", "", "survey.not_found")
		do("before the group leader", w.leader, village, "township", "", "signature.before")
		do("before both", w.guidance, village, "guidance", "", "signature.before")
		do("another's step", w.leader, village, "leader", "", "signature.wrong_role")
		do("for another, without a word", w.Office, village, "leader", " ", "signature.note")
		do("for another", w.Office, village, "leader", "组长外出", "")
		do("twice", w.group, village, "leader", "", "signature.signed")
		do("the office has no step of its own", w.Office, village, "township", "x", "signature.wrong_role")
		do("next", w.leader, village, "township", "", "")
		do("last", w.guidance, village, "guidance", "", "")
		do("after the last", w.guidance, village, "guidance", "", "signature.signed")
		do("the ledger has its own chain", w.group, playbook.SignLedger, "leader", "", "")

		stale := signature.Signing{ID: id.New(), Step: "guidance", Digest: strings.Repeat("0", 64)}
		if _, err := w.signs.Sign(t.Context(), w.guidance, w.Campaign.ID, playbook.SignLedger, w.village, stale); errs.CodeOf(err) != "signature.stale" {
			t.Errorf("what was not read: %v", err)
		}
		d, err := w.signs.Get(t.Context(), w.Supervisor, w.Campaign.ID, village, w.village)
		if err != nil {
			t.Fatal(err)
		}
		if e := d.Steps[0].Entry; e.For != "group_leader" || e.Note != "组长外出" || e.ByName != w.Office.Name {
			t.Errorf("signed for the group leader: %+v", e)
		}
		if len(d.Content.Forms) != 2 || len(d.Households) != 2 {
			t.Errorf("the list has %d forms of %d households", len(d.Content.Forms), len(d.Households))
		}
	})
}

func TestTheSameSignatureSentTwiceIsOneAndOfTwoAtOnceOneWins(t *testing.T) {
	t.Parallel()
	on(t, func(t *testing.T, w *world) {
		d, err := w.signs.Get(t.Context(), w.County, w.Campaign.ID, playbook.SignLedger, w.village)
		if err != nil {
			t.Fatal(err)
		}
		in := signature.Signing{ID: id.New(), Step: "leader", Digest: d.Digest, Note: "组长外出"}
		results := make(chan error, 4)
		for i := range cap(results) {
			who := []authz.Actor{w.group, w.Office}[i%2]
			go func() {
				one := in
				one.ID = id.New()
				_, err := w.signs.Sign(context.Background(), who, w.Campaign.ID, playbook.SignLedger, w.village, one)
				results <- err
			}()
		}
		won := 0
		for range cap(results) {
			switch err := <-results; errs.CodeOf(err) {
			case "":
				won++
			case "signature.signed":
			default:
				t.Error(err)
			}
		}
		if won != 1 {
			t.Errorf("%d signatures count", won)
		}
		last := signature.Signing{ID: id.New(), Step: "guidance", Digest: d.Digest}
		for range 2 {
			if d, err = w.signs.Sign(t.Context(), w.guidance, w.Campaign.ID, playbook.SignLedger, w.village, last); err != nil {
				t.Fatal(err)
			}
		}
		if len(d.Signatures) != 2 {
			t.Errorf("%d signatures", len(d.Signatures))
		}
	})
}

func TestALedgerThatChangesIsSignedAgainAndTheGateSeesIt(t *testing.T) {
	t.Parallel()
	on(t, func(t *testing.T, w *world) {
		gate := func() (n int) {
			t.Helper()
			if _, err := w.Surveys.SetStage(t.Context(), w.Office, w.Campaign.ID, "visits"); err != nil && errs.CodeOf(err) != "survey.stage_order" {
				t.Fatal(err)
			}
			_, err := w.Surveys.SetStage(t.Context(), w.Office, w.Campaign.ID, "closed")
			if errs.CodeOf(err) != "survey.gate" {
				t.Fatalf("the stage can be left: %v", err)
			}
			return strings.Count(errs.MessageOf(err, "en"), "problem lists of")
		}
		for _, v := range []int{1, 2} {
			w.village = surveytest.VillageCode(surveytest.Township, v)
			if gate() != 1 {
				t.Errorf("village %d: the gate says nothing of lists", v)
			}
			for _, s := range []struct {
				who  authz.Actor
				step string
			}{{w.group, "leader"}, {w.guidance, "guidance"}} {
				if err := w.sign(s.who, playbook.SignLedger, s.step, ""); err != nil {
					t.Fatal(err)
				}
			}
		}
		if gate() != 0 {
			t.Error("all lists are signed, and the gate says they are not")
		}
		_, err := w.ledgers.Register(t.Context(), w.Office, w.Campaign.ID, id.New(), ledger.Input{
			Village: w.village, Title: errs.Text{ZH: "路不通"}, Severity: "low", Source: ledger.ByProvince,
		})
		if err != nil {
			t.Fatal(err)
		}
		d, err := w.signs.Get(t.Context(), w.County, w.Campaign.ID, playbook.SignLedger, w.village)
		if err != nil || states(d.Steps) != "void void" || len(d.Signatures) != 2 {
			t.Errorf("after a problem was found: %s, %d signatures, %v", states(d.Steps), len(d.Signatures), err)
		}
		if gate() != 1 {
			t.Error("a list has changed, and the gate does not see it")
		}
		var said signature.ListContent
		err = w.D.View(t.Context(), func(tx *db.Tx) (err error) {
			said, err = signature.ContentTx(t.Context(), tx, w.Office.County, d.Signatures[0].Digest)
			return err
		})
		if err != nil || len(said.Problems) != 0 || len(d.Content.Problems) != 1 {
			t.Errorf("was signed with %d problems, says %d now: %v", len(said.Problems), len(d.Content.Problems), err)
		}
	})
}

func TestATamperedSignatureIsFound(t *testing.T) {
	t.Parallel()
	on(t, func(t *testing.T, w *world) {
		w.approve(t, w.Send(t, w.Visits[0], id.New(), 0, w.drawn(t, "a")), 1)
		if err := w.sign(w.group, playbook.SignLedger, "leader", ""); err != nil {
			t.Fatal(err)
		}
		log := audit.NewLog(w.D, func(county string) (string, error) {
			secret, _, err := tlog.NewKey(audit.Origin(county))
			return secret, err
		}, signature.Logged, signature.LoggedContents)
		if err := log.Seal(t.Context()); err != nil {
			t.Fatal(err)
		}
		found := func() map[string]int {
			v, err := log.Verify(t.Context(), w.Office.County, "", "")
			if err != nil {
				t.Fatal(err)
			}
			out := map[string]int{}
			for _, f := range v.Found {
				out[f.Table+" "+f.Kind]++
			}
			return out
		}
		if got := found(); len(got) != 0 {
			t.Fatalf("an untouched table: %v", got)
		}
		for _, q := range []string{
			`UPDATE signature_entry SET by_name = 'x' WHERE kind = 'ledger'`,
			`DELETE FROM signature_entry WHERE step = 'household'`,
			`UPDATE signature_content SET content = '{}'`,
		} {
			if err := w.D.Update(t.Context(), func(tx *db.Tx) error { _, err := tx.Exec(t.Context(), q); return err }); err != nil {
				t.Fatal(err)
			}
		}
		want := map[string]int{"signature_entry row_changed": 1, "signature_entry row_missing": 1, "signature_content row_changed": 1}
		if d := cmp.Diff(want, found()); d != "" {
			t.Error(d)
		}
	})
}

func TestWhoSignsFasterThanAnybodyReads(t *testing.T) {
	t.Parallel()
	on(t, func(t *testing.T, w *world) { // the clock stands nearly still: everything happens within a minute
		for i := range 3 {
			w.approve(t, w.Send(t, w.Visits[i], id.New(), 0, nil), 1)
		}
		paces := func(limit int) (out []signature.Pace) {
			t.Helper()
			err := w.D.View(t.Context(), func(tx *db.Tx) (err error) {
				out, err = signature.PacesTx(t.Context(), tx, w.Office.County, w.Campaign.ID, limit)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return out
		}
		got := paces(2)
		if len(got) != 2 {
			t.Fatalf("%d people are quick, want the supervisor and the office: %+v", len(got), got)
		}
		for _, p := range got { // what the supervisor signed for the households is not counted beside the forms
			if p.Most != 3 || len(p.Submissions) != 3 {
				t.Errorf("%s signed %d documents, %d of them forms", p.ByName, p.Most, len(p.Submissions))
			}
		}
		if got := paces(3); len(got) != 0 {
			t.Errorf("three in a minute are not more than three: %+v", got)
		}
	})
}
