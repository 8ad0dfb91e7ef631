// Package submissiontest makes a small survey in which forms can be filled in and sent: two villages, a team of two, a
// questionnaire with an error, a warning and problem rules, two review levels.
package submissiontest

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"ruhu/form/xform"
	"ruhu/internal/account"
	"ruhu/internal/assign"
	"ruhu/internal/assign/assigntest"
	"ruhu/internal/authz"
	"ruhu/internal/blob"
	"ruhu/internal/db"
	"ruhu/internal/id"
	"ruhu/internal/job"
	"ruhu/internal/playbook"
	"ruhu/internal/region"
	"ruhu/internal/roster"
	rt "ruhu/internal/roster/rostertest"
	"ruhu/internal/submission"
	"ruhu/internal/survey"
	"ruhu/internal/survey/surveytest"
)

const book = `id: small
title: {zh: 小方案, en: Small playbook}
time_zone: Asia/Shanghai
switches: {purpose: assessment, ranking: on}
stages:
  - {code: visits, title: {zh: 入户, en: Visits}, from: 2020-03-02, to: 2020-03-31, gates: [all_visited, all_reviewed, problems_closed]}
roles:
  - {code: supervisor, title: {zh: 指导员, en: Supervisor}, level: township}
  - {code: township_office, title: {zh: 镇办, en: Township office}, level: township}
  - {code: township_leader, title: {zh: 镇领导, en: Township leader}, level: township}
  - {code: village, title: {zh: 村, en: Village}, level: village}
scope:
  levels: [township, village]
  classes:
    - {code: exited, title: {zh: 脱贫户, en: Exited}}
team: {size: 2, households_per_day: 10, own_village: forbidden, county_share: 0.5}
forms:
  - {code: a, title: {zh: 甲表, en: Form A}, file: forms/a.md, for: [exited]}
review:
  - {level: 1, code: first, title: {zh: 复核, en: Re-check}, role: supervisor, coverage: 1, powers: [approve, return], deadline_days: 1}
  - {level: 2, code: second, title: {zh: 镇办审核, en: Township}, role: township_office, coverage: 1, powers: [approve, return], deadline_days: 2}
ledger:
  due_days: 15
  warn_days: 3
  responsible: village
  verify_by: township_office
  evidence: photo
  close_by: 2020-03-31
  responsibles: [village, township_office]
  severities:
    - {code: high, title: {zh: 严重, en: High}}
    - {code: low, title: {zh: 轻微, en: Low}}
  natures:
    - {code: standard, title: {zh: 达标短板, en: Short of the standard}, categories: [住房安全]}
    - {code: data, title: {zh: 基础信息, en: Base data}, correction: true}
  daily: {by: "20:00"}
registers:
  - code: national
    title: {zh: 国扶系统, en: National}
    owner: {zh: 县扶贫办, en: County}
    unit: person
    fields: [{code: name}, {code: id_number}, {code: size, title: {zh: 人口, en: Size}, kind: number}]
agreement:
  fields:
    - code: size
      title: {zh: 家庭人口, en: Size}
      unit: household
      kind: number
      sources: [{register: national}]
      rules: [site, roster]
      correct: [national]
      settle: {role: village, days: 3}
quality:
  min_values: 6
  outliers: [{item: size, method: iqr}]
  recheck:
    share: 0.5
    items:
      - {item: q1, title: {zh: 住房安全吗, en: Is the house safe}, type: 1}
      - {item: size, title: {zh: 人口, en: Persons}, type: 2, lo: "-1", hi: "1"}
determinations:
  independent: true
  verify: [township_office, township_leader]
  decide: [township_leader, township_office]
  appeal_days: 5
  kinds:
    - code: wrongly_exited
      title: {zh: 错退, en: Wrongly exited}
      classes: [exited]
      rules:
        - {code: house, title: {zh: 住房不安全, en: Unsafe house}, all: [{indicator: safe, op: is, value: 0}]}
        - {code: crowded, title: {zh: 没有水且人口多, en: No water and many persons}, all: [{indicator: water, op: is, value: 0}, {indicator: persons, op: at_least, value: 5}]}
      persons: persons
      county: true
      consequence: correction
      severity: high
      responsible: township_office
      due_days: 10
    - code: wrongly_included
      title: {zh: 错评, en: Wrongly included}
      classes: [exited]
      consequence: clearance
      severity: high
rates:
  persons: persons
  population: list
  list:
    - {code: wrongly_exited, title: {zh: 错退率, en: Wrongly exited}, classes: [exited], threshold: 0.02, side: below}
    - {code: approval, title: {zh: 认可度, en: Approval}, indicator: water, threshold: 0.9, side: at_least}
exit_standard:
  household:
    classes: [exited]
    items:
      - {code: housing, title: {zh: 住房安全, en: Safe housing}, indicator: safe, figure: persons, reason: {zh: 住房不安全, en: House not safe}}
      - {code: water, title: {zh: 饮水安全, en: Safe water}, indicator: water, reason: {zh: 没有水, en: No water}}
      - {code: power, title: {zh: 有电, en: Power}}
  village:
    items:
      - {code: exit, title: {zh: 错退率, en: Wrongly exited}, measure: {zh: 低于2%, en: below 2 %}, incidence: wrongly_exited}
      - {code: road, title: {zh: 通村公路, en: Road}, measure: {zh: 宽3.5米, en: 3.5 m wide}}
      - {code: economy, title: {zh: 集体经济, en: Collective income}, measure: {zh: 统筹考虑, en: considered}, weighed: true}
circulars:
  cutoff: '18:00'
  series:
    - code: weekly
      title: {zh: 周通报, en: Weekly circular}
      period: weekly
      weekday: friday
      measure: submitted
      approve: [township_leader]
      issue: [township_office]
      consequences:
        - {run: 2, code: named, title: {zh: 通报点名, en: Named}}
        - {run: 3, code: talk, title: {zh: 约谈，扣 3 分, en: 'Talk, 3 points off'}, points: 3}
`

const form = `## settings

| form_title | form_id | version | default_language | namespaces |
|---|---|---|---|---|
| 甲表 | small-a | 1 | 中文 (zh) | ruhu="https://ruhu.dev/xforms" |

## survey

| type | name | label::中文 (zh) | label::English (en) | appearance | required | relevant | constraint | constraint_message::中文 (zh) | constraint_message::English (en) | bind::ruhu:warning | bind::ruhu:warningMsg::中文 (zh) | bind::ruhu:warningMsg::English (en) | bind::ruhu:prefill | bind::ruhu:pii | bind::ruhu:compare |
|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|
| begin group | g_house | 户 | Household | field-list | | | | | | | | | | | |
| text | head_name | 户主 | Head | | yes | | | | | | | | household.head_name | name | |
| text | phone | 电话 | Phone | | | | | | | | | | household.phone | phone | |
| integer | size | 人口 | Persons | | yes | | . > 0 | 至少一人 | At least one | . < 10 | 人口很多，请核实 | Very many: verify | | | national |
| end group | | | | | | | | | | | | | | | |
| begin group | g_q1 | 1 住房 | 1 Housing | field-list | | | | | | | | | | | |
| select_one yn | q1 | 住房安全吗 | Is the house safe? | | yes | | | | | | | | | | |
| select_multiple fault | q1_1 | 有什么隐患 | Which faults? | | yes | ${q1} = '2' | | | | | | | | | |
| select_one yn | q2 | 有水吗 | Is there water? | | yes | | not(. = '1' and ${q1} = '2') | 两题矛盾 | Contradiction | | | | | | |
| end group | | | | | | | | | | | | | | | |
| begin group | g_sign | 签字 | Signatures | field-list | | | | | | | | | | | |
| image | photo | 照片 | Photo | | | | | | | | | | | | |
| text | enumerator_1 | 调查员 | Enumerator | enumerator | yes | | | | | | | | | | |
| image | hand | 调查员手写 | Enumerator, by hand | signature enumerator | | ${enumerator_1} != '' | | | | | | | | | |
| end group | | | | | | | | | | | | | | | |

## choices

| list_name | name | label::中文 (zh) | label::English (en) |
|---|---|---|---|
| yn | 1 | 是 | Yes |
| yn | 2 | 否 | No |
| fault | 1 | 漏雨 | Leaks |
| fault | 2 | 裂缝 | Cracks |

## problems

| code | label::中文 (zh) | label::English (en) | category | sector | condition | severity | due_days | responsible |
|---|---|---|---|---|---|---|---|---|
| housing | 住房不安全 | Unsafe house | 住房安全 | 住建 | ${q1} = '2' | high | 5 | village |
| no_water | 没有水 | No water | 饮水安全 | 水利 | ${q2} = '2' | low | | township_office |

## indicators

| name | label::中文 (zh) | label::English (en) | calculation | unit |
|---|---|---|---|---|
| safe | 住房安全 | Safe house | if(${q1} = '', '', number(${q1} = '1')) | household |
| water | 有水 | Water | if(${q2} = '', '', number(${q2} = '1')) | household |
| persons | 人口 | Persons | number(${size}) | person |
`

// World is a survey under way.
type World struct {
	D        *db.DB
	Bus      *job.Bus
	Blobs    *blob.Store
	Accounts *account.Service
	Surveys  *survey.Service
	Assigns  *assign.Service
	Subs     *submission.Service
	Reader   *submission.Reader
	Rosters  *roster.Service
	Campaign survey.Campaign
	Form     *survey.Form
	Team     string
	Visits   []Visit // half in the first village, half in the second

	County, Office, Supervisor, Inspector authz.Actor
	Village                               authz.Actor // of the first village
	Other                                 authz.Actor // office of the other township
	Enumerator, Partner                   authz.Actor
}

// Visit is an assignment with its household.
type Visit struct {
	assign.Assignment
	House roster.Full
}

// New makes a World with n visits. The survey began on 2026-03-02, a Monday.
func New(t testing.TB, d *db.DB, n int) *World {
	t.Helper()
	return NewBy(t, d, n, book)
}

// Book is the playbook of a World, for tests that change it and call NewBy.
func Book() string { return book }

// NewBy is New by another playbook.
func NewBy(t testing.TB, d *db.DB, n int, book string) *World {
	t.Helper()
	w := &World{D: d, Bus: job.New(d)}
	var err error
	if w.Blobs, err = blob.Open(t.TempDir()); err != nil {
		t.Fatal(err)
	}
	w.Accounts = account.New(d, account.Options{Cost: account.Cost{Time: 1, Memory: 64}})
	w.Surveys = survey.NewService(d, w.Bus, playbook.NewLibrary(fstest.MapFS{
		"small/playbook.yaml": {Data: []byte(book)}, "small/forms/a.md": {Data: []byte(form)},
	}))
	w.Rosters = roster.NewService(d, w.Bus, w.Surveys)
	w.Assigns = assign.NewService(d, w.Bus, w.Surveys, w.Accounts, nil)
	w.places(t)
	w.people(t)
	w.begin(t, n, "2026-03-02")
	w.Reader = submission.NewReader(d, w.Surveys)
	w.Subs = submission.NewService(d, w.Bus, submission.FromStreet(d, w.Bus, w.Surveys, w.Reader, w.Blobs))
	t.Cleanup(w.Subs.Close)
	w.Subs.Register()
	return w
}

// begin makes the campaign with its base list and team.
func (w *World) begin(t testing.TB, n int, startsOn db.Date) {
	t.Helper()
	ctx := context.Background()
	var err error
	w.Campaign, err = w.Surveys.Put(ctx, w.Office, id.New(), survey.Input{Playbook: "small", Title: "试点", Region: surveytest.Township, StartsOn: startsOn})
	if err != nil {
		t.Fatalf("campaign: %v", err)
	}
	if w.Form, err = w.Surveys.Form(ctx, w.Campaign.Forms[0].Hash); err != nil {
		t.Fatal(err)
	}
	data := rt.Township(t, []string{surveytest.VillageName(1), surveytest.VillageName(2)}, (n+1)/2, 2, func(int) string { return "脱贫户" })
	if _, err := w.Rosters.Import(ctx, w.Office, w.Campaign.ID, roster.File{Name: "底册.xlsx", Data: data}); err != nil {
		t.Fatalf("roster: %v", err)
	}
	w.Team = assigntest.Team(t, w.D, w.Office.County, w.Campaign.ID, "一组", w.Enumerator.ID, w.Partner.ID)
}

// Again makes a later round over the first n households, with the same people; its visits are not planted yet.
func (w *World) Again(t testing.TB, n int, startsOn db.Date) *World {
	t.Helper()
	next := *w
	next.Visits = nil
	next.begin(t, n, startsOn)
	return &next
}

func (w *World) places(t testing.TB) {
	t.Helper()
	rs := []region.Region{region.Named(surveytest.County, "测试县"), region.Named(surveytest.Township, "东镇"), region.Named(surveytest.Elsewhere, "西镇")}
	for n := 1; n <= 2; n++ {
		rs = append(rs, region.Named(surveytest.VillageCode(surveytest.Township, n), surveytest.VillageName(n)))
	}
	if err := region.NewService(w.D).Put(context.Background(), rs); err != nil {
		t.Fatalf("places: %v", err)
	}
}

func (w *World) people(t testing.TB) {
	t.Helper()
	w.County = surveytest.Actor(authz.CountyOffice, surveytest.County)
	w.Other = surveytest.Actor(authz.TownshipOffice, surveytest.Elsewhere)
	for _, p := range []struct {
		who   *authz.Actor
		role  authz.Role
		name  string
		where region.Code
	}{
		{&w.Office, authz.TownshipOffice, "office", surveytest.Township},
		{&w.Supervisor, authz.Supervisor, "supervisor", surveytest.Township},
		{&w.Inspector, authz.Inspector, "inspector", surveytest.Township},
		{&w.Village, authz.Village, "village", surveytest.VillageCode(surveytest.Township, 1)},
		{&w.Enumerator, authz.Enumerator, "enum1", surveytest.Township},
		{&w.Partner, authz.Enumerator, "enum2", surveytest.Township},
	} {
		a, err := w.Accounts.Put(context.Background(), w.County, id.New(), account.Input{
			Account: p.name, Name: "测试" + p.name, Role: p.role, RegionCode: p.where, Password: "correct horse",
		})
		if err != nil {
			t.Fatalf("account %s: %v", p.name, err)
		}
		*p.who = authz.Actor{ID: a.ID, Account: a.Account, Name: a.Name, Role: a.Role, County: p.where.County(), Region: a.RegionCode}
	}
}

// Person makes one more account.
func Person(t testing.TB, w *World, in account.Input) authz.Actor {
	t.Helper()
	a, err := w.Accounts.Put(context.Background(), w.County, id.New(), in)
	if err != nil {
		t.Fatalf("account %s: %v", in.Account, err)
	}
	return a.Actor()
}

// Plan plants the visits; call it after everything that listens to events is registered.
func (w *World) Plan(t testing.TB) {
	t.Helper()
	ctx := context.Background()
	var full map[string]roster.Full
	var order []string
	err := w.D.View(ctx, func(tx *db.Tx) error {
		hs, err := roster.CampaignTx(ctx, tx, w.Office.County, w.Campaign.ID)
		if err != nil {
			return err
		}
		for _, h := range hs {
			order = append(order, h.ID)
		}
		full, err = roster.HouseholdsTx(ctx, tx, w.Office.County, order)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	as := make([]assign.Assignment, len(order))
	for i, h := range order {
		as[i] = assign.Assignment{
			County: w.Office.County, Campaign: w.Campaign.ID, Household: h, Village: full[h].Village, Form: w.Form.Code, FormHash: w.Form.Hash,
			Team: w.Team, Date: db.Date(fmt.Sprintf("2026-03-%02d", 2+i%5)),
		}
	}
	assigntest.Plant(t, w.D, w.Bus, as)
	for _, a := range as {
		w.Visits = append(w.Visits, Visit{a, full[a.Household]})
	}
}

// Publish changes the questionnaire (pairs of old and new text of its workbook) and publishes it as a version; forms are filled in with it from
// then on. It gives the version before.
func (w *World) Publish(t testing.TB, version string, changes ...string) *survey.Form {
	t.Helper()
	ctx := context.Background()
	text := strings.NewReplacer(append(changes, "| small-a | 1 |", "| small-a | "+version+" |")...).Replace(form)
	v, err := w.Surveys.PublishForm(ctx, w.Office, w.Campaign.ID, w.Form.Code, survey.Publish{
		Upload: survey.Upload{Name: "a.md", Source: []byte(text)}, Base: w.Form.Hash, Reason: "口径变了",
	})
	if err != nil {
		t.Fatalf("publish: %v", err)
	}
	old := w.Form
	if w.Form, err = w.Surveys.Form(ctx, v.Hash); err != nil {
		t.Fatal(err)
	}
	return old
}

// Fill fills in the form of a visit: everything is fine but for what answers say (question → answer, "!question" → the reason
// that confirms its warning, "@question" → account, method, time and token by which somebody confirmed it).
func (w *World) Fill(t testing.TB, v Visit, instance string, answers map[string]string) []byte {
	t.Helper()
	s, err := w.Form.X.NewSession(xform.Env{Prefill: roster.Prefill(v.House), UUID: func() string { return instance }})
	if err != nil {
		t.Fatal(err)
	}
	refs := map[string]string{}
	for _, n := range w.Form.X.Nodes() {
		for i := len(n.Path) - 1; i >= 0; i-- {
			if n.Path[i] == '/' {
				refs[n.Path[i+1:]] = n.Path
				break
			}
		}
	}
	set := func(name, value string) {
		if _, err := s.Set(refs[name], value); err != nil {
			t.Fatalf("answer %s: %v", name, err)
		}
	}
	for _, a := range [][2]string{{"size", "3"}, {"q1", "1"}, {"q2", "1"}, {"enumerator_1", w.Enumerator.ID}} {
		set(a[0], a[1])
	}
	for name, value := range answers {
		if name[0] != '!' && name[0] != '@' {
			set(name, value)
		}
	}
	for name, value := range answers {
		if name[0] == '@' {
			f := append(strings.Fields(value), "", "")
			if err := s.SetVouch(xform.Vouch{Ref: refs[name[1:]], Account: f[0], Method: f[1], At: f[2], Token: f[3]}); err != nil {
				t.Fatalf("vouch %s: %v", name, err)
			}
		}
	}
	for name, value := range answers {
		if name[0] == '!' {
			if _, err := s.Confirm(refs[name[1:]], value); err != nil {
				t.Fatalf("confirm %s: %v", name, err)
			}
		}
	}
	xml, err := s.XML()
	if err != nil {
		t.Fatal(err)
	}
	return xml
}

// Send sends a form as the enumerator and lets everything that follows happen. It gives the submission's id.
func (w *World) Send(t testing.TB, v Visit, instance string, base int, answers map[string]string) string {
	t.Helper()
	ctx := context.Background()
	r, err := w.Subs.Receive(ctx, w.Enumerator, submission.Arrival{Assignment: v.ID, Form: w.Form.Hash, Base: base, Body: w.Fill(t, v, instance, answers)})
	if err != nil {
		t.Fatalf("send: %v", err)
	}
	if err := w.Bus.Drain(ctx); err != nil {
		t.Fatalf("drain: %v", err)
	}
	return submission.ID(r.InstanceID)
}

// Photo stores a picture and gives its digest.
func (w *World) Photo(t testing.TB, content string) blob.Digest {
	t.Helper()
	b := []byte("\x89PNG\r\n\x1a\n" + content)
	d, _, err := w.Blobs.Put(context.Background(), bytes.NewReader(b), 1<<20, "")
	if err != nil {
		t.Fatal(err)
	}
	return d
}
