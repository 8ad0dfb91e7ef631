package assign_test

import (
	"context"
	"strings"
	"testing"

	"ruhu/internal/assign"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/db/dbtest"
	"ruhu/internal/survey"
	"ruhu/internal/survey/surveytest"
)

func (w *world) publish(t *testing.T, form, version string) survey.Version {
	t.Helper()
	ctx := context.Background()
	c, err := w.Surveys.Get(ctx, w.Office, w.Campaign.ID)
	if err != nil {
		t.Fatal(err)
	}
	base := ""
	for _, f := range c.Forms {
		if f.Code == form {
			base = f.Hash
		}
	}
	text := strings.Replace(surveytest.FormText("small-"+form), " | 1 |", " | "+version+" |", 1)
	v, err := w.Surveys.PublishForm(ctx, w.Office, c.ID, form, survey.Publish{Upload: survey.Upload{Name: "f.md", Source: []byte(text)}, Base: base, Reason: "改"})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func (w *world) uses(t *testing.T, actor authz.Actor) map[string]assign.Use {
	t.Helper()
	out := map[string]assign.Use{}
	err := w.D.View(context.Background(), func(tx *db.Tx) error {
		list, err := assign.UsesTx(context.Background(), tx, actor, w.Campaign.ID)
		for _, u := range list {
			out[u.Hash] = u
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestVisitsThatAreNotHandedInFollowTheForm(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.people(t, "c", "t1")
		w.load(t, 0, 6)
		w.form(t)
		w.plan(t)
		rows := w.all(t)
		first := rows[0].FormHash
		if err := w.assigns.Begin(context.Background(), w.Office, rows[1].ID); err != nil {
			t.Fatal(err)
		}
		for i, to := range map[int][]assign.State{2: {assign.Submitted}, 3: {assign.Submitted, assign.Returned}, 4: {assign.Submitted, assign.Done}, 5: {assign.Replaced}} {
			for _, s := range to {
				w.state(t, rows[i].ID, s)
			}
		}
		if got, want := w.uses(t, w.Office)[first], (assign.Use{"a", first, 1, 1, 1, 2}); got != want {
			t.Fatalf("before: %+v, want %+v", got, want)
		}
		if got := w.uses(t, surveytest.Actor(authz.Village, surveytest.VillageCode(surveytest.Township, 1))); len(got) != 0 {
			t.Errorf("visits of another village are counted: %+v", got)
		}
		second := w.publish(t, "a", "2").Hash
		w.publish(t, "b", "2") // concerns none of them
		hashes := func() (out []string) {
			t.Helper()
			for _, r := range rows {
				a, _ := w.by(t, r.Household)
				out = append(out, map[string]string{first: "1", second: "2"}[a.FormHash])
			}
			return out
		}
		if got := strings.Join(hashes(), ""); got != "221211" {
			t.Errorf("versions %s, want 221211", got)
		}
		if got, want := w.uses(t, w.Office), (assign.Use{"a", second, 1, 1, 1, 0}); got[second] != want || got[first].Sent != 2 {
			t.Errorf("after: %+v", got)
		}

		// What comes back to its team is mended in the present version, and so is what is drawn again.
		w.state(t, rows[2].ID, assign.Returned)
		w.state(t, rows[4].ID, assign.Returned)
		w.state(t, rows[5].ID, assign.Open)
		if got := strings.Join(hashes(), ""); got != "222222" {
			t.Errorf("versions %s, want 222222", got)
		}
		w.state(t, rows[2].ID, assign.Submitted)
		w.publish(t, "a", "3")
		if a, _ := w.by(t, rows[2].Household); a.FormHash != second {
			t.Error("a form that was handed in has another version")
		}
	})
}
