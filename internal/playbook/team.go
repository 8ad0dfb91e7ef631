package playbook

import (
	"fmt"
	"math"
)

// Team says how visits are staffed, and which rules a plan of visits holds. Keys that are absent ask for nothing.
type Team struct {
	Size             int      `yaml:"size" check:"required,min=1,max=10"`
	HouseholdsPerDay int      `yaml:"households_per_day" check:"required,min=1,max=200"`
	VillagesPerDay   int      `yaml:"villages_per_day" check:"min=0,max=20"` // S2.8: two; 0 is no limit
	OwnVillage       string   `yaml:"own_village" check:"required,one=forbidden|allowed"`
	Ties             []string `yaml:"ties" check:"one=workplace|responsible|kin"` // further ties of a member that close a village to the team
	Cross            string   `yaml:"cross" check:"one=village|township"`         // township: teams work in another township (S4.5)
	NoSwaps          string   `yaml:"no_swaps" check:"one=village|township"`      // no two of these send teams to each other
	CountyShare      float64  `yaml:"county_share" check:"min=0,max=1"`           // part of the enumerators sent by county departments
	ShareBy          string   `yaml:"share_by" check:"one=overall|team"`          // overall when absent: only the sum counts
	Days             string   `yaml:"days" check:"one=all|working"`               // all when absent: visits on every day of the stage
}

// Words of Team.
const (
	Forbidden       = "forbidden"
	TieWorkplace    = "workplace"
	TieResponsible  = "responsible"
	TieKin          = "kin"
	ByTownship      = "township"
	ShareOfEachTeam = "team"
	WorkingDays     = "working"
)

// team checks what the types can't.
func (d *decoder) team(pb *Playbook) {
	t := pb.Team
	if t.VillagesPerDay > t.HouseholdsPerDay && t.HouseholdsPerDay > 0 {
		d.mistake(d.lines["team.villages_per_day"], "team.villages_per_day", "playbook.villages_per_day")
	}
	if n := t.CountyShare * float64(t.Size); t.ShareBy == ShareOfEachTeam && math.Abs(n-math.Round(n)) > 1e-9 {
		d.mistake(d.lines["team.share_by"], "team.share_by", "playbook.share_by_team", "size", fmt.Sprint(t.Size))
	}
	seen := map[string]bool{}
	for i, tie := range t.Ties {
		if key := fmt.Sprintf("team.ties[%d]", i); seen[tie] {
			d.mistake(d.lines[key], key, "playbook.same_code", "got", tie, "line", fmt.Sprint(d.lines["team.ties"]))
		}
		seen[tie] = true
	}
}
