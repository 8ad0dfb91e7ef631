// Package surveytest makes small, valid worlds for tests: a county with two townships, people, a playbook of its own.
package surveytest

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/id"
	"ruhu/internal/job"
	"ruhu/internal/playbook"
	"ruhu/internal/region"
	"ruhu/internal/survey"
)

// The places. Two townships, so that a test can look over the fence.
const (
	County    region.Code = "430922000000"
	Township  region.Code = "430922101000"
	Elsewhere region.Code = "430922102000"
)

// VillageCode is the n-th village of a township, from 1.
func VillageCode(township region.Code, n int) region.Code {
	return region.Code(fmt.Sprintf("%s%03d", township[:9], 200+n))
}

// VillageName is its name.
func VillageName(n int) string { return fmt.Sprintf("第%d村", n) }

// Book is the playbook of the tests: visits of five days, teams of two, three households a team and day.
const Book = `id: small
title: {zh: 小方案, en: Small playbook}
time_zone: Asia/Shanghai
switches: {purpose: assessment, ranking: off}
stages:
  - {code: preparation, title: {zh: 准备, en: Preparation}, from: 2020-03-01, to: 2020-03-10, gates: [roster_imported, teams_complete, assignments_planned]}
  - {code: visits, title: {zh: 入户, en: Visits}, from: 2020-03-11, to: 2020-03-15, gates: [all_visited, all_reviewed]}
  - {code: report, title: {zh: 上报, en: Report}, from: 2020-03-16, to: 2020-03-20, gates: [report_filed]}
roles:
  - {code: supervisor, title: {zh: 指导员, en: Supervisor}, level: township}
  - {code: township_office, title: {zh: 镇办, en: Township office}, level: township}
  - {code: village, title: {zh: 村, en: Village}, level: village}
scope:
  levels: [township, village]
  classes:
    - {code: exited, title: {zh: 脱贫户, en: Exited}}
    - {code: poor, title: {zh: 未脱贫户, en: Poor}}
    - {code: marginal, title: {zh: 边缘户, en: Marginal}}
listing:
  village: [village]
  township: [township_office]
  by: 2020-03-08
  strikes:
    - {reason: moved, evidence: note}
    - {reason: died, evidence: photo}
    - {reason: merged, evidence: none}
    - {reason: split, evidence: none}
    - {reason: lost, evidence: statement, stays: true, tag: 失联}
team: {size: 2, households_per_day: 3, own_village: forbidden, county_share: 0.5}
forms:
  - {code: a, title: {zh: 甲表, en: Form A}, file: forms/a.md, for: [exited, poor]}
  - {code: b, title: {zh: 乙表, en: Form B}, file: forms/b.md, for: [marginal]}
review:
  - {level: 1, code: supervisor, title: {zh: 复核, en: Re-check}, role: supervisor, coverage: 1, powers: [approve, return], deadline_days: 1}
ledger:
  due_days: 15
  responsible: village
  verify_by: supervisor
  evidence: photo
  responsibles: [village]
  severities:
    - {code: high, title: {zh: 严重, en: High}}
`

// FormText is a workbook with one question.
func FormText(formID string) string {
	return "## settings\n\n| form_title | form_id | version |\n|---|---|---|\n| " + formID + " | " + formID + " | 1 |\n\n" +
		"## survey\n\n| type | name | label | required |\n|---|---|---|---|\n| text | q1 | 问题一 | yes |\n"
}

// Library holds the one playbook "small".
func Library() *playbook.Library { return LibraryWith("") }

// LibraryWith is Library with more sections at the end of the playbook.
func LibraryWith(sections string) *playbook.Library { return library(Book + sections) }

func library(book string) *playbook.Library {
	return playbook.NewLibrary(fstest.MapFS{
		"small/playbook.yaml": {Data: []byte(book)},
		"small/forms/a.md":    {Data: []byte(FormText("small-a"))},
		"small/forms/b.md":    {Data: []byte(FormText("small-b"))},
	})
}

// Actor makes a person of a role for a region. The account itself is not stored.
func Actor(role authz.Role, where region.Code) authz.Actor {
	return authz.Actor{ID: id.New(), Account: string(role), Name: "测试" + string(role), Role: role, County: where.County(), Region: where}
}

// World is what most tests begin with.
type World struct {
	D        *db.DB
	Bus      *job.Bus
	Surveys  *survey.Service
	Campaign survey.Campaign // planned, of Township, first day 2026-03-01: visits from 2026-03-11 to 2026-03-15
	County   authz.Actor     // county office
	Office   authz.Actor     // office of Township
	Other    authz.Actor     // office of Elsewhere
}

// New makes places (villages 1 to n in both townships), people and a campaign.
func New(t testing.TB, d *db.DB, villages int) World {
	t.Helper()
	return NewWith(t, d, villages, "")
}

// NewWith is New with more sections of the playbook.
func NewWith(t testing.TB, d *db.DB, villages int, sections string) World {
	t.Helper()
	return newWorld(t, d, villages, LibraryWith(sections))
}

// NewTeam is New with more keys of the section team, in one line of YAML.
func NewTeam(t testing.TB, d *db.DB, villages int, keys string) World {
	t.Helper()
	return newWorld(t, d, villages, library(strings.Replace(Book, "own_village: forbidden", "own_village: forbidden, "+keys, 1)))
}

// NewEdited is NewWith with a playbook that was changed before it is read.
func NewEdited(t testing.TB, d *db.DB, villages int, sections string, edit func(book string) string) World {
	t.Helper()
	return newWorld(t, d, villages, library(edit(Book+sections)))
}

func newWorld(t testing.TB, d *db.DB, villages int, books *playbook.Library) World {
	t.Helper()
	ctx := context.Background()
	rs := []region.Region{region.Named(County, "测试县"), region.Named(Township, "东镇"), region.Named(Elsewhere, "西镇")}
	for n := 1; n <= villages; n++ {
		rs = append(rs, region.Named(VillageCode(Township, n), VillageName(n)), region.Named(VillageCode(Elsewhere, n), "西"+VillageName(n)))
	}
	if err := region.NewService(d).Put(ctx, rs); err != nil {
		t.Fatalf("places: %v", err)
	}
	bus := job.New(d)
	w := World{
		D: d, Bus: bus, Surveys: survey.NewService(d, bus, books),
		County: Actor(authz.CountyOffice, County), Office: Actor(authz.TownshipOffice, Township), Other: Actor(authz.TownshipOffice, Elsewhere),
	}
	w.Campaign = w.NewCampaign(t, w.Office, Township)
	return w
}

// NewCampaign makes another campaign.
func (w World) NewCampaign(t testing.TB, actor authz.Actor, where region.Code) survey.Campaign {
	t.Helper()
	c, err := w.Surveys.Put(context.Background(), actor, id.New(), survey.Input{Playbook: "small", Title: "试点", Region: where, StartsOn: "2026-03-01"})
	if err != nil {
		t.Fatalf("campaign: %v", err)
	}
	return c
}
