package solve_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"ruhu/internal/assign/solve"
)

// township makes a made-up township: villages in a disc of 12 km around the seat, each team of two with two home villages.
func township(villages, teams, households, days int) solve.Problem {
	r := rand.New(rand.NewPCG(20200413, 1))
	p := solve.Problem{PerDay: 10, Days: days}
	seat := &solve.Point{}
	for v := range villages {
		at := &solve.Point{}
		for at.X == 0 || at.X*at.X+at.Y*at.Y > 144 {
			at.X, at.Y = r.Float64()*24-12, r.Float64()*24-12
		}
		p.Villages = append(p.Villages, solve.Village{Area: v, Where: at, Seat: seat})
	}
	for range households {
		v := &p.Villages[r.IntN(villages)]
		v.Jobs = append(v.Jobs, solve.Job{Day: -1})
	}
	for range teams {
		t := solve.Team{Closed: make([]solve.Rule, villages), Used: make([]solve.Day, days)}
		for range 2 {
			home := r.IntN(villages)
			t.Closed[home] |= solve.Home
			if !slices.Contains(t.From, home) {
				t.From = append(t.From, home)
			}
		}
		p.Teams = append(p.Teams, t)
	}
	return p
}

// roundRobin is what a list and a pencil give: the next household to the next team that may go and has room, day after day.
func roundRobin(p solve.Problem) []solve.Visit {
	var out []solve.Visit
	n := make([]int, len(p.Teams))
	next := 0
	for v, village := range p.Villages {
		for j := range village.Jobs {
			for range p.Teams {
				t := next % len(p.Teams)
				next++
				if p.Teams[t].Closed[v] == 0 && n[t] < p.PerDay*p.Days {
					out = append(out, solve.Visit{Village: v, Job: j, Team: t, Day: n[t] / p.PerDay})
					n[t]++
					break
				}
			}
		}
	}
	return out
}

type quality struct {
	spread, villages int // most less least jobs of a team; teams times villages that they go to
	km               float64
	most             int // villages that a team has at most on a day
}

func measure(p solve.Problem, visits []solve.Visit) quality {
	load := make([]int, len(p.Teams))
	days := make([][][]int, len(p.Teams))
	for t := range days {
		days[t] = make([][]int, p.Days)
		load[t] = p.Teams[t].Load
	}
	pairs := map[[2]int]bool{}
	for _, v := range visits {
		load[v.Team]++
		pairs[[2]int{v.Team, v.Village}] = true
		if d := &days[v.Team][v.Day]; !slices.Contains(*d, v.Village) {
			*d = append(*d, v.Village)
		}
	}
	q := quality{spread: slices.Max(load) - slices.Min(load), villages: len(pairs)}
	for t := range days {
		for _, vs := range days[t] {
			q.km += p.DayWay(vs)
			q.most = max(q.most, len(vs))
		}
	}
	return q
}

func (q quality) report(b *testing.B) {
	b.ReportMetric(float64(q.spread), "spread")
	b.ReportMetric(q.km, "km")
	b.ReportMetric(float64(q.villages), "team-villages")
	b.ReportMetric(float64(q.most), "villages/day")
}

// BenchmarkPlan plans the township of S3 (26 villages, 60 teams, 3,000 households, the 16 days of its visits), beside a list and a pencil.
func BenchmarkPlan(b *testing.B) {
	p := township(26, 60, 3000, 16)
	b.Run("round-robin", func(b *testing.B) {
		for b.Loop() {
			roundRobin(p)
		}
		measure(p, roundRobin(p)).report(b)
	})
	for _, tt := range []struct {
		name   string
		change func(p *solve.Problem)
	}{
		{"plan", func(*solve.Problem) {}},
		{"two-villages-a-day", func(p *solve.Problem) { p.VillagesPerDay = 2 }},
		{"no-swaps", func(p *solve.Problem) { p.VillagesPerDay, p.Reciprocal = 2, true }},
		{"just-enough-days", func(p *solve.Problem) {
			p.Days = 5
			for t := range p.Teams {
				p.Teams[t].Used = p.Teams[t].Used[:5]
			}
		}},
	} {
		b.Run(tt.name, func(b *testing.B) {
			p := township(26, 60, 3000, 16)
			tt.change(&p)
			r := p.Solve()
			if len(r.Shortages) > 0 {
				b.Fatal(r.Shortages)
			}
			for b.Loop() {
				p.Solve()
			}
			if broken := holds(p, r.Visits); broken != "" {
				b.Fatal(broken)
			}
			measure(p, r.Visits).report(b)
		})
	}
	b.Run("four-days-are-too-few", func(b *testing.B) {
		p := township(26, 60, 3000, 4)
		for b.Loop() {
			if r := p.Solve(); len(r.Shortages) != 1 || r.Shortages[0].TeamDays != 60 {
				b.Fatal(r.Shortages)
			}
		}
	})
	b.Run("county-round-robin", func(b *testing.B) {
		p := township(400, 500, 24_000, 16)
		for b.Loop() {
			roundRobin(p)
		}
		measure(p, roundRobin(p)).report(b)
	})
	b.Run("county", func(b *testing.B) { // 400 villages, 500 teams
		p := township(400, 500, 24_000, 16)
		p.VillagesPerDay = 2
		r := p.Solve()
		for b.Loop() {
			p.Solve()
		}
		measure(p, r.Visits).report(b)
	})
}
