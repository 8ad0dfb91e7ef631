package progress_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
	"time"

	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/db/dbtest"
	"ruhu/internal/id"
	"ruhu/internal/region"
)

const (
	benchHouseholds = 1_000_000
	benchVillages   = 500 // in 20 townships
	benchTeams      = 10  // of each village; a team visits 10 households a day on 20 days
	benchReads      = 500
)

// BenchmarkMillion measures the data of the progress page for a county of a million households with 200,000 problems, in the state they are in
// after two thirds of the visits: how long a read and its JSON take for somebody of the county and of a township, and a recount. Run it by
// `make bench`.
func BenchmarkMillion(b *testing.B) {
	if os.Getenv("RUHU_BENCH") == "" {
		b.Skip("set RUHU_BENCH=1: it takes minutes")
	}
	for kind, open := range map[string]func(testing.TB, db.Options) *db.DB{"sqlite": dbtest.SQLite, "postgres": dbtest.Postgres} {
		b.Run(kind, func(b *testing.B) {
			w := newWorld(b, open(b, db.Options{}), 2)
			w.million(b)
			began := time.Now()
			if _, err := w.counts.Recount(b.Context(), w.Office.County, true); err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(time.Since(began).Seconds(), "s/repair")
			if diffs, err := w.counts.Recount(b.Context(), w.Office.County, false); err != nil || len(diffs) > 0 {
				b.Fatal(len(diffs), err)
			}
			for name, actor := range map[string]authz.Actor{"county": w.County, "township": w.Office} {
				for _, by := range []string{"village", "team", "day"} {
					b.Run(name+"/"+by, func(b *testing.B) { w.read(b, actor, by) })
				}
			}
		})
	}
}

// read reports the median and the 99th percentile of benchReads reads.
func (w world) read(b *testing.B, actor authz.Actor, by string) {
	took := make([]time.Duration, benchReads)
	size := 0
	for i := range took {
		began := time.Now()
		p, err := w.counts.Get(b.Context(), actor, w.Campaign.ID, by)
		if err != nil {
			b.Fatal(err)
		}
		data, err := json.Marshal(p)
		if err != nil {
			b.Fatal(err)
		}
		took[i], size = time.Since(began), len(data)
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[benchReads/2].Microseconds())/1000, "ms/p50")
	b.ReportMetric(float64(took[benchReads*99/100].Microseconds())/1000, "ms/p99")
	b.ReportMetric(float64(size)/1024, "KiB")
}

// million writes assignments and problems as their rooms would have them; the counters are made by the repair.
func (w world) million(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	county, now := w.Office.County, db.At(time.Now())
	var places, teams, visits, problems [][]any
	for v := range benchVillages {
		village := region.Code(fmt.Sprintf("%s%03d%03d", county, 101+v%20, 301+v/20))
		places = append(places, []any{county, village, fmt.Sprintf("第%d村", v+1)})
		for n := range benchTeams {
			team := id.New()
			teams = append(teams, []any{county, team, w.Campaign.ID, fmt.Sprintf("%d组%d", v+1, n+1), now})
			for i := range benchHouseholds / benchVillages / benchTeams {
				day := fmt.Sprintf("2026-03-%02d", 2+i/10)
				state := []string{"open", "submitted", "returned", "done", "done", "done"}[r.IntN(6)]
				visits = append(visits, []any{county, id.New(), w.Campaign.ID, id.New(), village, "registered", w.Form.Hash, team, day, state, false, now})
				if r.IntN(5) == 0 {
					due := fmt.Sprintf("2026-04-%02d", 1+r.IntN(30))
					state := []string{"registered", "fixing", "claimed", "closed"}[r.IntN(4)]
					problems = append(problems, []any{county, id.New(), w.Campaign.ID, id.New(), "", "x", "{}", "", "", "", "rule", village, team, 1, state, "", "", "", "", day, due, false, ""})
				}
			}
		}
	}
	for _, x := range []struct {
		into string
		rows [][]any
	}{
		{`INSERT INTO region_place (county, code, name) VALUES `, places},
		{`INSERT INTO assign_team (county, id, campaign, name, created_at) VALUES `, teams},
		{`INSERT INTO assign_assignment (county, id, campaign, household, village, form, form_hash, team, day, state, pinned, updated_at) VALUES `, visits},
		{`INSERT INTO ledger_item (county, id, campaign, rule_key, number, code, title, category, sector, severity, source, village, team, revision,
 state, responsible, cause, measure, person, found_on, due_on, data_clear, claimed_by) VALUES `, problems},
	} {
		for part := range slices.Chunk(x.rows, 20_000) {
			err := w.D.Update(b.Context(), func(tx *db.Tx) error {
				_, err := db.Insert(b.Context(), tx, x.into, part, "")
				return err
			})
			if err != nil {
				b.Fatal(err)
			}
		}
	}
}
