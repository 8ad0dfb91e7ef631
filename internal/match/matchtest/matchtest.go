// Package matchtest makes campaigns with registers for tests.
package matchtest

import (
	"bytes"
	"context"
	"testing"

	"ruhu/internal/blob"
	"ruhu/internal/calendar"
	"ruhu/internal/db"
	"ruhu/internal/job"
	"ruhu/internal/listing"
	"ruhu/internal/match"
	"ruhu/internal/roster"
	"ruhu/internal/roster/rostertest"
	"ruhu/internal/submission"
	"ruhu/internal/survey/surveytest"
)

// Sections are registers, figures and papers for the tests' playbook.
const Sections = `registers:
  - code: national
    title: {zh: 国扶系统, en: National}
    owner: {zh: 县扶贫办, en: County}
    unit: person
    fields:
      - {code: name, required: true}
      - {code: id_number, required: true}
      - {code: household_key}
      - {code: relation}
      - {code: village}
      - {code: township}
      - {code: birth}
      - {code: sex}
      - {code: phone}
      - {code: size, title: {zh: 家庭人口, en: Size}, kind: number}
      - {code: net_income, title: {zh: 人均纯收入, en: Income}, kind: money}
      - {code: insured, title: {zh: 是否参保, en: Insured}, kind: yes_no}
  - code: registry
    title: {zh: 户籍, en: Registry}
    owner: {zh: 派出所, en: Police}
    unit: person
    base: true
    fields: [{code: name, required: true}, {code: id_number, required: true}, {code: household_key, names: [户号]}, {code: relation}, {code: village}]
  - code: medical
    title: {zh: 医保, en: Insurance}
    owner: {zh: 医保局, en: Insurance}
    unit: person
    fields: [{code: name, required: true}, {code: id_number, required: true}, {code: village}]
  - &copy
    code: village_copy
    title: {zh: 村级台账, en: Village copy}
    owner: {zh: 村, en: Village}
    unit: household
    copy: village
    fields: [{code: head_name}, {code: head_id_number}, {code: household_key}, {code: size, title: {zh: 家庭人口, en: Size}, kind: number}]
agreement:
  fields:
    - code: size
      title: {zh: 家庭人口, en: Size}
      unit: household
      kind: number
      sources: [{register: national}, {register: registry, take: count}, {register: village_copy}]
      paper: booklet
      rules: [registry, paper]
      correct: [national]
      settle: {role: village, days: 3}
    - code: net_income
      title: {zh: 人均纯收入, en: Income}
      unit: household
      kind: money
      sources: [{register: national}]
      paper: booklet
      rules: [site, paper, national]
      tolerance: {abs: 1, rel: 0.05}
      correct: [national]
      settle: {role: village, days: 5}
    - code: insured
      title: {zh: 参加医保, en: Insured}
      unit: person
      kind: yes_no
      sources: [{register: national}, {register: medical, take: listed}]
      rules: [medical]
      correct: [national]
      settle: {role: township_office, days: 5}
papers:
  - {code: booklet, title: {zh: 扶贫手册, en: Booklet}, for: [exited, poor]}
  - {code: household_book, title: {zh: 户口簿, en: Household book}}
suspects:
  - {code: insured_unknown, title: {zh: 参保而国扶系统未登记, en: Insured but unknown}, in: medical, not_in: national}
  - {code: unlisted, title: {zh: 有户籍而未入底册, en: Registered but not listed}, in: registry, not_in: roster, tag: suspect_unlisted}
`

// World is a campaign with registers.
type World struct {
	surveytest.World
	Bus      *job.Bus
	Blobs    *blob.Store
	Rosters  *roster.Service
	Matches  *match.Service
	Links    *match.Identities
	Listings *listing.Service
	Agrees   *match.Agreements
}

// New makes a world; villages 1 to n in both townships.
func New(t testing.TB, d *db.DB, villages int) World {
	t.Helper()
	return NewWith(t, d, villages, func(book string) string { return book })
}

// NewWith is New with a playbook that was changed before it is read.
func NewWith(t testing.TB, d *db.DB, villages int, edit func(book string) string) World {
	t.Helper()
	w := World{World: surveytest.NewEdited(t, d, villages, Sections, edit), Bus: job.New(d)}
	var err error
	if w.Blobs, err = blob.Open(t.TempDir()); err != nil {
		t.Fatal(err)
	}
	w.Rosters = roster.NewService(d, w.Bus, w.Surveys)
	w.Matches = match.NewService(d, w.Bus, w.Blobs)
	w.Matches.Listen()
	w.Listings = listing.NewService(d, w.Bus, w.Surveys, w.Rosters, w.Blobs)
	w.Links = match.NewIdentities(d, w.Bus, w.Listings)
	w.Links.Listen()
	w.Agrees = match.NewAgreements(d, w.Bus, w.Surveys, submission.NewReader(d, w.Surveys), calendar.Official())
	w.Agrees.Listen()
	return w
}

// Upload sends a file of a kind as the township's office.
func (w World) Upload(t testing.TB, kind string, data []byte) match.Register {
	t.Helper()
	r, err := w.Matches.Upload(context.Background(), w.Office, w.Campaign.ID, kind, kind+".xlsx", false, bytes.NewReader(data))
	if err != nil {
		t.Fatalf("upload: %v", err)
	}
	return r
}

// Load uploads a file, takes the proposed columns and loads it. It gives the register as it is afterwards.
func (w World) Load(t testing.TB, kind string, data []byte, skipBroken bool) match.Register {
	t.Helper()
	ctx := context.Background()
	r := w.Upload(t, kind, data)
	p, err := w.Matches.Propose(ctx, w.Office, r.ID)
	if err != nil {
		t.Fatalf("propose: %v", err)
	}
	if r, err = w.Matches.Load(ctx, w.Office, r.ID, p.Mapping, skipBroken, "zh"); err != nil {
		t.Fatalf("load: %v", err)
	}
	if err := w.Bus.Drain(ctx); err != nil {
		t.Fatal(err)
	}
	if r, err = w.Matches.Get(ctx, w.Office, r.ID); err != nil {
		t.Fatal(err)
	}
	return r
}

// Roster imports households 1 to n of a village, each with three members (see package rostertest), and gives their ids by 户编号.
func (w World) Roster(t testing.TB, village string, n int) map[string]string {
	t.Helper()
	ctx := context.Background()
	rows, people := [][]any{rostertest.HouseholdHeader}, [][]any{rostertest.MemberHeader}
	for i := 1; i <= n; i++ {
		rows = append(rows, rostertest.Household(i, village, "脱贫户"))
		for m := range 3 {
			people = append(people, rostertest.Member(i, m))
		}
	}
	file := rostertest.XLSX(t, rostertest.Sheet{Name: "户", Rows: rows}, rostertest.Sheet{Name: "人", Rows: people})
	if _, err := w.Rosters.Import(ctx, w.Office, w.Campaign.ID, roster.File{Name: "底册.xlsx", Data: file}); err != nil {
		t.Fatalf("roster: %v", err)
	}
	out := map[string]string{}
	if err := w.D.View(ctx, func(tx *db.Tx) error {
		hs, err := roster.CampaignTx(ctx, tx, w.Campaign.County, w.Campaign.ID)
		for _, h := range hs {
			out[h.Code] = h.ID
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return out
}
