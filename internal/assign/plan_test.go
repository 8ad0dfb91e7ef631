package assign

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"ruhu/internal/db"
	"ruhu/internal/region"
)

func villageCode(n int) region.Code { return region.Code(fmt.Sprintf("430922101%03d", 200+n)) }

// drawProblem makes a small problem; small enough for the oracle below to try every set of villages.
func drawProblem(t *rapid.T) problem {
	p := problem{perDay: rapid.IntRange(1, 4).Draw(t, "perDay"), taken: map[slot]int{}, ownOK: rapid.IntRange(0, 9).Draw(t, "own") == 0}
	for v := range rapid.IntRange(0, 6).Draw(t, "villages") {
		village := planVillage{code: villageCode(v)}
		for h := range rapid.IntRange(1, 12).Draw(t, "households") {
			village.households = append(village.households, fmt.Sprintf("%d/%02d", v, h))
		}
		p.villages = append(p.villages, village)
	}
	for d := range rapid.IntRange(1, 4).Draw(t, "days") {
		p.days = append(p.days, db.Date("2026-03-01").AddDays(d))
	}
	for i := range rapid.IntRange(0, 5).Draw(t, "teams") {
		team := planTeam{id: fmt.Sprint("team", i)}
		for range rapid.IntRange(0, 3).Draw(t, "homes") {
			team.homes = append(team.homes, villageCode(rapid.IntRange(0, 6).Draw(t, "home")))
		}
		p.teams = append(p.teams, team)
		for d := range p.days {
			if rapid.IntRange(0, 3).Draw(t, "busy") == 0 {
				p.taken[slot{i, d}] = rapid.IntRange(1, p.perDay).Draw(t, "taken")
			}
		}
	}
	return p
}

// feasible asks Hall's condition of every set of villages: the teams that may go to at least one of them must have room for all.
func feasible(p problem) bool {
	for set := range 1 << len(p.villages) {
		want, room := 0, 0
		for v := range p.villages {
			if set>>v&1 == 1 {
				want += len(p.villages[v].households)
			}
		}
		for i, team := range p.teams {
			useful := slices.ContainsFunc(p.villages, func(v planVillage) bool {
				n := slices.IndexFunc(p.villages, func(w planVillage) bool { return w.code == v.code })
				return set>>n&1 == 1 && (p.ownOK || !slices.Contains(team.homes, v.code))
			})
			for d := range p.days {
				if useful {
					room += max(0, p.perDay-p.taken[slot{i, d}])
				}
			}
		}
		if want > room {
			return false
		}
	}
	return true
}

func TestAPlanHoldsEveryRuleAndIsFoundWheneverOneExists(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := drawProblem(t)
		visits, shortages := p.solve()
		if feasible(p) != (len(shortages) == 0) {
			t.Fatalf("feasible is %v, shortages %+v", feasible(p), shortages)
		}
		if len(shortages) > 0 {
			if len(visits) > 0 {
				t.Fatal("half a plan")
			}
			for _, s := range shortages {
				if len(s.villages) == 0 || s.short < 1 || s.teamDays < 1 || s.households < s.short {
					t.Fatalf("a shortage that explains nothing: %+v", s)
				}
			}
			return
		}
		seen := map[string]bool{}
		load := map[slot]int{}
		for k, n := range p.taken {
			load[k] = n
		}
		for _, v := range visits {
			if seen[v.household] {
				t.Fatalf("%s is visited twice", v.household)
			}
			seen[v.household] = true
			load[v.slot]++
			if !slices.Contains(p.villages[v.village].households, v.household) {
				t.Fatalf("%s is not of village %d", v.household, v.village)
			}
			if !p.ownOK && slices.Contains(p.teams[v.team].homes, p.villages[v.village].code) {
				t.Fatalf("team %d visits its own village", v.team)
			}
			if v.day < 0 || v.day >= len(p.days) || load[v.slot] > p.perDay {
				t.Fatalf("team %d has %d visits on day %d", v.team, load[v.slot], v.day)
			}
		}
		want := 0
		for _, v := range p.villages {
			want += len(v.households)
		}
		if len(seen) != want {
			t.Fatalf("%d of %d households", len(seen), want)
		}
		again, _ := p.solve()
		if diff := cmp.Diff(fmt.Sprint(visits), fmt.Sprint(again)); diff != "" {
			t.Fatalf("not deterministic: %s", diff)
		}
	})
}

func TestATeamHasOneVillageADayWhereThereIsTime(t *testing.T) {
	t.Parallel()
	p := problem{perDay: 10, taken: map[slot]int{}}
	for d := range 16 {
		p.days = append(p.days, db.Date("2026-04-13").AddDays(d))
	}
	for v := range 26 {
		village := planVillage{code: villageCode(v)}
		for h := range 10 + v {
			village.households = append(village.households, fmt.Sprintf("%d/%02d", v, h))
		}
		p.villages = append(p.villages, village)
	}
	for i := range 20 {
		p.teams = append(p.teams, planTeam{id: fmt.Sprint(i), homes: []region.Code{villageCode(i), villageCode(i + 3)}})
	}
	visits, short := p.solve()
	if len(short) > 0 {
		t.Fatalf("%+v", short)
	}
	villageOf := map[slot]int{}
	teamsOf := map[int]map[int]bool{}
	days := map[int]map[int]bool{}
	for _, v := range visits {
		if old, ok := villageOf[v.slot]; ok && old != v.village {
			t.Errorf("team %d is in villages %d and %d on day %d", v.team, old, v.village, v.day)
		}
		villageOf[v.slot] = v.village
		if teamsOf[v.village] == nil {
			teamsOf[v.village] = map[int]bool{}
		}
		teamsOf[v.village][v.team] = true
		if days[v.team] == nil {
			days[v.team] = map[int]bool{}
		}
		days[v.team][v.day] = true
	}
	for v, ts := range teamsOf {
		if len(ts) > 3 {
			t.Errorf("village %d is split among %d teams", v, len(ts))
		}
	}
	for team, ds := range days {
		if len(ds) > 5 {
			t.Errorf("team %d works %d days: the work is not spread evenly", team, len(ds))
		}
	}
}
