package roster_test

import (
	"context"
	"fmt"
	"testing"

	"ruhu/internal/db"
	"ruhu/internal/db/dbtest"
	"ruhu/internal/job"
	"ruhu/internal/roster"
	rt "ruhu/internal/roster/rostertest"
	"ruhu/internal/survey/surveytest"
)

// BenchmarkImport measures a township of 5,000 households with 18,000 members: dry run, first import, and the same file again.
//
//	go run ./internal/db/pgcluster/with go test -run none -bench Import -benchtime 1x ./internal/roster
func BenchmarkImport(b *testing.B) {
	const villages = 25
	var names []string
	for n := 1; n <= villages; n++ {
		names = append(names, surveytest.VillageName(n))
	}
	rows, people := [][]any{rt.HouseholdHeader}, [][]any{rt.MemberHeader}
	for n := 1; n <= 5000; n++ {
		rows = append(rows, rt.Household(n, names[n%villages], "脱贫户"))
		for m := range 3 + (n%5+2)/4 { // 3.6 on average: 18,000
			people = append(people, rt.Member(n, m))
		}
	}
	data := rt.XLSX(b, rt.Sheet{Name: "户信息", Rows: rows}, rt.Sheet{Name: "家庭成员", Rows: people})
	b.Logf("%d households, %d members, %d kB", len(rows)-1, len(people)-1, len(data)>>10)
	for _, kind := range []string{"sqlite", "postgres"} {
		open := func(b *testing.B) (*roster.Service, surveytest.World) {
			var d *db.DB
			if kind == "sqlite" {
				d = dbtest.SQLite(b, db.Options{})
			} else {
				d = dbtest.Postgres(b, db.Options{})
			}
			w := surveytest.New(b, d, villages)
			return roster.NewService(d, job.New(d), w.Surveys), w
		}
		load := func(b *testing.B, s *roster.Service, w surveytest.World, dry bool, want roster.Counts) {
			rep, err := s.Import(context.Background(), w.Office, w.Campaign.ID, roster.File{Data: data, DryRun: dry})
			if err != nil || rep.Counts != want {
				b.Fatalf("%+v, %v", rep.Counts, err)
			}
		}
		fresh := roster.Counts{HouseholdsNew: 5000, MembersNew: len(people) - 1}
		b.Run(fmt.Sprintf("%s/dry-run", kind), func(b *testing.B) {
			s, w := open(b)
			for b.Loop() {
				load(b, s, w, true, fresh)
			}
		})
		b.Run(fmt.Sprintf("%s/first", kind), func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				s, w := open(b)
				b.StartTimer()
				load(b, s, w, false, fresh)
			}
		})
		b.Run(fmt.Sprintf("%s/again", kind), func(b *testing.B) {
			s, w := open(b)
			load(b, s, w, false, fresh)
			for b.Loop() {
				load(b, s, w, false, roster.Counts{HouseholdsSame: 5000, MembersSame: len(people) - 1})
			}
		})
	}
}
