package survey_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/db/dbtest"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/region"
	"ruhu/internal/survey"
	"ruhu/internal/survey/surveytest"
)

func TestACampaignShiftsTheDatesOfItsPlaybook(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := surveytest.New(t, d, 1)
		c, err := w.Surveys.Get(context.Background(), w.Office, w.Campaign.ID)
		if err != nil {
			t.Fatal(err)
		}
		type stage struct {
			code     string
			from, to db.Date
			state    string
		}
		var got []stage
		for _, s := range c.Stages {
			got = append(got, stage{s.Code, s.From, s.To, s.State})
		}
		want := []stage{
			{"preparation", "2026-03-01", "2026-03-10", "next"}, {"visits", "2026-03-11", "2026-03-15", "next"}, {"report", "2026-03-16", "2026-03-20", "next"},
		}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(stage{})); diff != "" {
			t.Error(diff)
		}
		if v, ok := c.VisitStage(); !ok || v.Code != "visits" {
			t.Errorf("VisitStage() = %v, %v", v.Code, ok)
		}
		if c.RegionName != "东镇" || c.Plan.Team.HouseholdsPerDay != 3 || c.Zone.String() != "Asia/Shanghai" || c.State != survey.Planned {
			t.Errorf("got %s, %d a day, %s, %s", c.RegionName, c.Plan.Team.HouseholdsPerDay, c.Zone, c.State)
		}
	})
}

func TestFormsAreStoredByDigestAndCompiledOnce(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w := surveytest.New(t, d, 1)
		w.NewCampaign(t, w.Other, surveytest.Elsewhere) // stores the same forms again
		ref, ok := w.Campaign.FormFor("marginal")
		if !ok || ref.Code != "b" || len(ref.Hash) != 64 {
			t.Fatalf("FormFor(marginal) = %+v, %v", ref, ok)
		}
		if _, ok := w.Campaign.FormFor("ordinary"); ok {
			t.Error("a class that the playbook does not visit has a form")
		}
		f, err := w.Surveys.Form(ctx, ref.Hash)
		if err != nil {
			t.Fatal(err)
		}
		again, err := w.Surveys.Form(ctx, ref.Hash)
		if err != nil || again != f {
			t.Errorf("compiled twice (%v)", err)
		}
		if f.Code != "b" || f.Title.ZH != "乙表" || f.X == nil || f.X.ID() != "small-b" {
			t.Errorf("got form %s, %s", f.Code, f.Title.ZH)
		}
		if _, err := w.Surveys.Form(ctx, "nothing"); !errs.Is(err, errs.NotFound) {
			t.Errorf("an unknown form gives %v", err)
		}
	})
}

func TestPeopleSeeCampaignsOfTheirRegionOnly(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w := surveytest.New(t, d, 1)
		village := surveytest.Actor(authz.Village, surveytest.VillageCode(surveytest.Township, 1))
		otherVillage := surveytest.Actor(authz.Village, surveytest.VillageCode(surveytest.Elsewhere, 1))
		otherCounty := surveytest.Actor(authz.CountyOffice, "430923000000")
		for _, tt := range []struct {
			name  string
			actor authz.Actor
			sees  bool
		}{
			{"own office", w.Office, true},
			{"county office", w.County, true},
			{"village inside", village, true},
			{"another township", w.Other, false},
			{"village of another township", otherVillage, false},
			{"another county", otherCounty, false},
		} {
			_, err := w.Surveys.Get(ctx, tt.actor, w.Campaign.ID)
			if tt.sees != (err == nil) || err != nil && !errs.Is(err, errs.NotFound) {
				t.Errorf("%s: Get gives %v", tt.name, err)
			}
			cs, err := w.Surveys.List(ctx, tt.actor)
			if err != nil || tt.sees != (len(cs) == 1) {
				t.Errorf("%s: List gives %d campaigns, %v", tt.name, len(cs), err)
			}
		}
		if _, err := w.Surveys.SetStage(ctx, w.Other, w.Campaign.ID, "preparation"); !errs.Is(err, errs.NotFound) {
			t.Errorf("another township starts a stage: %v", err)
		}
		if _, err := w.Surveys.Put(ctx, w.Other, w.Campaign.ID, survey.Input{Playbook: "small", Title: "x", Region: surveytest.Elsewhere, StartsOn: "2026-01-01"}); !errs.Is(err, errs.NotFound) {
			t.Errorf("another township takes the id: %v", err)
		}
	})
}

func TestPutIsRepeatableAndKeepsWhatMustNotChange(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w := surveytest.New(t, d, 1)
		in := survey.Input{Playbook: "small", Title: " 新名 ", Region: surveytest.Township, StartsOn: "2026-05-01"}
		c, err := w.Surveys.Put(ctx, w.Office, w.Campaign.ID, in)
		if err != nil || c.Title != "新名" || c.Stages[0].From != "2026-05-01" {
			t.Fatalf("Put = %q from %s, %v", c.Title, c.Stages[0].From, err)
		}
		for _, tt := range []struct {
			name string
			in   survey.Input
			code string
		}{
			{"another region", survey.Input{Playbook: "small", Title: "x", Region: surveytest.Elsewhere, StartsOn: "2026-05-01"}, "survey.fixed"},
			{"no title", survey.Input{Playbook: "small", Region: surveytest.Township, StartsOn: "2026-05-01"}, "survey.title"},
			{"no such day", survey.Input{Playbook: "small", Title: "x", Region: surveytest.Township, StartsOn: "2026-02-30"}, "survey.starts_on"},
			{"no such playbook", survey.Input{Playbook: "none", Title: "x", Region: surveytest.Township, StartsOn: "2026-05-01"}, "playbook.unknown"},
		} {
			if _, err := w.Surveys.Put(ctx, w.Office, w.Campaign.ID, tt.in); errs.CodeOf(err) != tt.code {
				t.Errorf("%s: got %v, want %s", tt.name, err, tt.code)
			}
		}
		in.Region = surveytest.Elsewhere
		if _, err := w.Surveys.Put(ctx, w.Office, id.New(), in); !errs.Is(err, errs.NotFound) {
			t.Errorf("an office makes a campaign of another township: %v", err)
		}
		in.Region = surveytest.VillageCode(surveytest.Township, 1)
		if _, err := w.Surveys.Put(ctx, w.Office, id.New(), in); errs.CodeOf(err) != "survey.region" {
			t.Errorf("a campaign of one village: %v", err)
		}
	})
}

func TestAStageIsLeftOnlyThroughItsGates(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w := surveytest.New(t, d, 1)
		open := false
		w.Surveys.RegisterGate(survey.GateRosterImported, func(context.Context, *db.Tx, survey.Campaign) ([]*errs.Error, error) {
			if open {
				return nil, nil
			}
			return []*errs.Error{errs.Conflict.New("survey.title")}, nil
		})
		step := func(stage, code string) survey.Campaign {
			t.Helper()
			c, err := w.Surveys.SetStage(ctx, w.Office, w.Campaign.ID, stage)
			if got := errs.CodeOf(err); got != code {
				t.Fatalf("SetStage(%s): %v, want %q", stage, err, code)
			}
			return c
		}
		step("visits", "survey.stage_order")
		step("harvest", "survey.no_stage")
		if c := step("preparation", ""); c.State != survey.Running || c.Stage != "preparation" || c.Stages[0].State != "now" {
			t.Errorf("got %s %s", c.State, c.Stage)
		}
		step("preparation", "") // repeatable
		_, err := w.Surveys.SetStage(ctx, w.Office, w.Campaign.ID, "visits")
		e, _ := errs.As(err)
		if e == nil || e.Code != "survey.gate" {
			t.Fatalf("the gate is closed, got %v", err)
		}
		list, _ := e.Fields["missing"].([]survey.Missing)
		if len(list) != 1 || list[0].Gate != survey.GateRosterImported || list[0].ZH == "" || list[0].EN == "" {
			t.Errorf("missing = %+v", list)
		}
		open = true
		step("visits", "")
		step("report", "")
		step("preparation", "survey.stage_order")
		if c := step("closed", ""); c.State != survey.Closed || c.Stages[2].State != "done" {
			t.Errorf("got %s, last stage %s", c.State, c.Stages[2].State)
		}
		step("visits", "survey.closed")
	})
}

func TestOnlyOfficesOfTheRegionMoveACampaignOn(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := surveytest.New(t, d, 1)
		offices := map[authz.Role]bool{authz.CountyOffice: true, authz.TownshipOffice: true}
		for _, role := range authz.Roles() {
			for _, where := range []region.Code{surveytest.Township, surveytest.Elsewhere} {
				if offices[role] && where == surveytest.Township {
					continue // they may: the tests above
				}
				want := "authz.forbidden"
				if offices[role] {
					want = "survey.not_found"
				}
				for _, stage := range []string{"preparation", "visits", "closed"} {
					if _, err := w.Surveys.SetStage(t.Context(), surveytest.Actor(role, where), w.Campaign.ID, stage); errs.CodeOf(err) != want {
						t.Errorf("%s of %s to %s: %v, want %s", role, where, stage, err, want)
					}
				}
			}
		}
		if c, err := w.Surveys.Get(t.Context(), w.Office, w.Campaign.ID); err != nil || c.State != survey.Planned {
			t.Errorf("a refusal has changed it: %s %v", c.State, err)
		}
	})
}
