package survey_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"ruhu/internal/audit"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/db/dbtest"
	"ruhu/internal/errs"
	"ruhu/internal/job"
	"ruhu/internal/survey"
	"ruhu/internal/survey/surveytest"
)

// workbook is form a of the small playbook in another version: one question more.
func workbook(version string) []byte {
	return []byte(strings.Replace(surveytest.FormText("small-a"), "| small-a | 1 |", "| small-a | "+version+" |", 1) + "| integer | q2 | 问题二 | |\n")
}

func upload(version string) survey.Upload {
	return survey.Upload{Name: "a.md", Source: workbook(version)}
}

func codesOf(c survey.Checked) []string {
	var out []string
	for _, m := range c.Mistakes {
		out = append(out, m.Code)
	}
	return out
}

func TestAnUploadIsCheckedBeforeItIsPublished(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w := surveytest.New(t, d, 1)
		check := func(up survey.Upload) survey.Checked {
			t.Helper()
			c, err := w.Surveys.CheckForm(ctx, w.Office, w.Campaign.ID, "a", up, "zh")
			if err != nil {
				t.Fatal(err)
			}
			return c
		}
		c := check(upload("2"))
		if !c.Usable() || c.Base != w.Campaign.Forms[0].Hash || len(c.Form.Hash) != 64 || c.Form.Version != "2" || len(c.Mistakes) != 0 {
			t.Errorf("got %+v", c)
		}
		if len(c.Revised) != 1 || c.Revised[0].Kind != "added" || c.Revised[0].Label != "问题二" {
			t.Errorf("revised: %+v", c.Revised)
		}
		rules := "\n## indicators\n\n| name | label | calculation | unit |\n|---|---|---|---|\n| many | 人多 | ${q2} | household |\n\n" +
			"## problems\n\n| code | label | category | sector | condition | severity | due_days | responsible |\n|---|---|---|---|---|---|---|---|\n| few | 人少 | x | y | ${q2} = 1 | high | 3 | village |\n"
		c = check(survey.Upload{Name: "a.md", Source: append(workbook("2"), rules...)})
		var types []string
		for _, r := range c.Revised {
			types = append(types, r.Kind+" "+r.Type+" "+r.Label)
		}
		if !slices.Equal(types, []string{"added input 问题二", "added problem 人少", "added indicator 人多"}) {
			t.Errorf("revised %q, mistakes %+v", types, c.Mistakes)
		}
		for want, source := range map[string]string{
			"survey.other_form":   strings.Replace(string(workbook("2")), "| small-a | 2 |", "| small-b | 2 |", 1),
			"survey.same_version": string(workbook("1")),
			"survey.same_form":    surveytest.FormText("small-a"),
			"xlsform.no_survey":   "## settings\n\n| form_id |\n|---|\n| small-a |\n",
		} {
			if c := check(survey.Upload{Name: "a.md", Source: []byte(source)}); c.Usable() || c.Form.Hash != "" || !slices.Contains(codesOf(c), want) {
				t.Errorf("want %s, got %v", want, codesOf(c))
			}
		}
		if c := check(survey.Upload{Name: "a.xlsx", Source: []byte("no workbook")}); c.Usable() {
			t.Error("bytes that are no workbook can be used")
		}
		if fs, err := w.Surveys.Get(ctx, w.Office, w.Campaign.ID); err != nil || fs.Forms[0].Hash != w.Campaign.Forms[0].Hash {
			t.Errorf("a check changes the campaign: %v", err)
		}
	})
}

func TestAPublishedVersionIsTheOneOfTheCampaignAndTheOldOneStays(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w := surveytest.New(t, d, 1)
		var heard []survey.FormPublished
		w.Bus.Inside(survey.EventFormPublished, func(_ context.Context, _ *db.Tx, evs []job.Event) error {
			for _, ev := range evs {
				p, err := job.Decode[survey.FormPublished](ev)
				if err != nil {
					return err
				}
				heard = append(heard, p)
			}
			return nil
		})
		first := w.Campaign.Forms[0].Hash
		publish := func(version, base string) (survey.Version, error) {
			return w.Surveys.PublishForm(ctx, w.Office, w.Campaign.ID, "a", survey.Publish{Upload: upload(version), Base: base, Reason: " 县里改了口径 "})
		}
		second, err := publish("2", first)
		if err != nil || second.N != 2 || second.Reason != "县里改了口径" {
			t.Fatalf("%+v, %v", second, err)
		}
		third, err := publish("3", second.Hash)
		if err != nil || third.N != 3 {
			t.Fatalf("%+v, %v", third, err)
		}
		c, err := w.Surveys.Get(ctx, w.Office, w.Campaign.ID)
		if err != nil || c.Forms[0].Hash != third.Hash || c.Forms[0].Version != "3" || c.Forms[1].Hash != w.Campaign.Forms[1].Hash {
			t.Errorf("forms %+v, %v", c.Forms, err)
		}
		if !slices.Equal(heard, []survey.FormPublished{{w.Campaign.ID, "a", first, second.Hash}, {w.Campaign.ID, "a", second.Hash, third.Hash}}) {
			t.Errorf("heard %+v", heard)
		}
		if f, err := w.Surveys.Form(ctx, first); err != nil || f.Version != "1" {
			t.Errorf("the first version is gone: %v", err)
		}
		var all []survey.FormVersions
		err = d.View(ctx, func(tx *db.Tx) (err error) {
			all, err = survey.VersionsTx(ctx, tx, c)
			return err
		})
		if err != nil || len(all) != 2 || len(all[0].Versions) != 3 || len(all[1].Versions) != 1 {
			t.Fatalf("%+v, %v", all, err)
		}
		for i, want := range []string{"3 3", "2 2", "1 1"} {
			v := all[0].Versions[i]
			if got := string(rune('0'+v.N)) + " " + v.Version; got != want || v.Title.ZH != "甲表" || (v.N > 1) != (v.ByName == w.Office.Name && v.FileName == "a.md") {
				t.Errorf("version %d: %+v, want %s", i, v, want)
			}
		}
		rs, _, err := audit.NewService(d).List(ctx, surveytest.Actor(authz.Inspector, surveytest.Township), audit.Filter{Object: "form", ObjectID: "a"})
		if err != nil || len(rs) != 2 || rs[0].Action != "survey.publish_form" || !strings.Contains(string(rs[0].Detail), "县里改了口径") {
			t.Errorf("audit: %+v, %v", rs, err)
		}
	})
}

func TestWhoMayNotPublishAndWhatCanNotBe(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w := surveytest.New(t, d, 1)
		county := w.NewCampaign(t, w.County, surveytest.County)
		base := w.Campaign.Forms[0].Hash
		in := survey.Publish{Upload: upload("2"), Base: base, Reason: "改"}
		for _, tt := range []struct {
			name     string
			actor    authz.Actor
			campaign string
			form     string
			edit     func(*survey.Publish)
			code     string
		}{
			{"an enumerator", surveytest.Actor(authz.Enumerator, surveytest.Township), w.Campaign.ID, "a", nil, "authz.forbidden"},
			{"a supervisor", surveytest.Actor(authz.Supervisor, surveytest.Township), w.Campaign.ID, "a", nil, "authz.forbidden"},
			{"another township", w.Other, w.Campaign.ID, "a", nil, "survey.not_found"},
			{"a township, the county's", w.Office, county.ID, "a", nil, "authz.forbidden"},
			{"a form that there is not", w.Office, w.Campaign.ID, "z", nil, "survey.form_code"},
			{"no reason", w.Office, w.Campaign.ID, "a", func(p *survey.Publish) { p.Reason = "  " }, "survey.publish_reason"},
			{"a long reason", w.Office, w.Campaign.ID, "a", func(p *survey.Publish) { p.Reason = strings.Repeat("长", 501) }, "survey.publish_reason"},
			{"mistakes", w.Office, w.Campaign.ID, "a", func(p *survey.Publish) { p.Upload = upload("1") }, "survey.form_mistakes"},
			{"seen another version", w.Office, w.Campaign.ID, "a", func(p *survey.Publish) { p.Base = strings.Repeat("0", 64) }, "survey.form_changed"},
		} {
			p := in
			if tt.edit != nil {
				tt.edit(&p)
			}
			if _, err := w.Surveys.PublishForm(ctx, tt.actor, tt.campaign, tt.form, p); errs.CodeOf(err) != tt.code {
				t.Errorf("%s: %v, want %s", tt.name, err, tt.code)
			}
		}
		for _, stage := range []string{"preparation", "visits", "report", "closed"} {
			if _, err := w.Surveys.SetStage(ctx, w.Office, w.Campaign.ID, stage); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := w.Surveys.PublishForm(ctx, w.Office, w.Campaign.ID, "a", in); errs.CodeOf(err) != "survey.closed" {
			t.Errorf("closed: %v", err)
		}
	})
}

func TestOfTwoWhoPublishAtOnceOneIsRefused(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := surveytest.New(t, d, 1)
		base := w.Campaign.Forms[0].Hash
		var wg sync.WaitGroup
		out := make([]error, 4)
		for i := range out {
			wg.Go(func() {
				in := survey.Publish{Upload: upload(string(rune('2' + i))), Base: base, Reason: "改"}
				_, out[i] = w.Surveys.PublishForm(context.Background(), w.Office, w.Campaign.ID, "a", in)
			})
		}
		wg.Wait()
		won := 0
		for _, err := range out {
			if err == nil {
				won++
			} else if errs.CodeOf(err) != "survey.form_changed" {
				t.Errorf("refused with %v", errors.Unwrap(err))
			}
		}
		if won != 1 {
			t.Errorf("%d of four were published", won)
		}
	})
}
