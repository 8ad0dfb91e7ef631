package assign

import (
	"fmt"
	"testing"

	"ruhu/internal/db"
	"ruhu/internal/region"
)

// BenchmarkSolve plans a county: 400 villages of 60 households, 500 teams that may not visit two villages each. The tight one
// has only just as many team-days as are needed, the short one too few.
func BenchmarkSolve(b *testing.B) {
	for _, tt := range []struct {
		name string
		days int
	}{{"easy", 16}, {"tight", 5}, {"short", 4}} {
		p := problem{perDay: 10, taken: map[slot]int{}}
		for d := range tt.days {
			p.days = append(p.days, db.Date("2026-04-13").AddDays(d))
		}
		for v := range 400 {
			village := planVillage{code: villageCode(v)}
			for h := range 60 {
				village.households = append(village.households, fmt.Sprintf("%d/%02d", v, h))
			}
			p.villages = append(p.villages, village)
		}
		for i := range 500 {
			p.teams = append(p.teams, planTeam{id: fmt.Sprint(i), homes: []region.Code{villageCode(i % 400), villageCode((i + 7) % 400)}})
		}
		b.Run(tt.name, func(b *testing.B) {
			for b.Loop() {
				visits, short := p.solve()
				if (len(short) > 0) != (tt.name == "short") || len(short) == 0 && len(visits) != 24_000 {
					b.Fatalf("%d visits, %+v", len(visits), short)
				}
			}
		})
	}
}
