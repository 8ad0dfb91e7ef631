package ledger_test

import (
	"maps"
	"strings"
	"testing"

	"ruhu/internal/authz"
	"ruhu/internal/blob"
	"ruhu/internal/db/dbtest"
	"ruhu/internal/id"
	"ruhu/internal/ledger"
)

// A picture may show two repairs of one household. Shown for another household, or taken at the visit, it is noted.
func TestEvidenceThatWasShownForAnotherHouseholdIsNoted(t *testing.T) {
	t.Parallel()
	run(t, 5, func(t *testing.T, w world, clock *dbtest.Clock) {
		one, other, before := w.Photo(t, "one"), w.Photo(t, "other"), w.Photo(t, "before")
		answers := maps.Clone(unsafe)
		answers["photo"] = string(before) + ".jpg"
		for _, v := range w.Visits[:5] {
			w.Send(t, v, id.New(), 0, answers)
		}
		items := w.list(t, w.Office, ledger.Filter{Village: w.Village.Region}).Items // housing of the village, water of the office, for each
		claim := func(actor authz.Actor, it ledger.Item, photo blob.Digest) string {
			w.must(t, actor, it.ID, ledger.Act{Action: ledger.Start, Cause: "年久失修", Measure: "加固", Person: "村主任"})
			clock.Advance(1)
			d := w.must(t, actor, it.ID, ledger.Act{Action: ledger.Claim, Files: []blob.Digest{photo}})
			var said []string
			for _, e := range d.Events {
				if strings.HasPrefix(e.Action, "evidence_") {
					said = append(said, e.Action+e.Note)
				}
			}
			return strings.Join(said, " ")
		}
		if len(items) < 6 {
			t.Fatalf("%d problems of the village", len(items))
		}
		for _, tc := range []struct {
			name  string
			actor authz.Actor
			item  ledger.Item
			photo blob.Digest
			want  string
		}{
			{"the first", w.Village, items[0], one, ""},
			{"the same household", w.Office, items[1], one, ""},
			{"another household", w.Village, items[2], one, "evidence_again" + items[0].Number + "、" + items[1].Number},
			{"its own picture", w.Office, items[3], other, ""},
			{"the picture of the visit", w.Village, items[4], before, "evidence_form"},
		} {
			if got := claim(tc.actor, tc.item, tc.photo); got != tc.want {
				t.Errorf("%s: %q, want %q", tc.name, got, tc.want)
			}
		}
	})
}
