package listing_test

import (
	"fmt"
	"testing"

	"ruhu/internal/authz"
	"ruhu/internal/errs"
	"ruhu/internal/listing"
	"ruhu/internal/playbook"
	"ruhu/internal/region"
)

const here, there region.Code = "990101101203", "990101101204"

var rules = playbook.Listing{Village: []string{"village"}, Township: []string{"supervisor"}}

func person(r authz.Role, at region.Code) authz.Actor {
	return authz.Actor{Role: r, Region: at, County: "990101"}
}

// allowed is the whole machine: who may take which step in which state, and where it leads.
var allowed = map[string]struct {
	to    listing.State
	roles []authz.Role // any other role is Forbidden
	paper []authz.Role // may besides when they enter what was written on paper
}{
	"open propose":     {listing.Open, []authz.Role{authz.Village}, []authz.Role{authz.Supervisor}},
	"open confirm":     {listing.Village, []authz.Role{authz.Village}, []authz.Role{authz.Supervisor}},
	"returned propose": {listing.Returned, []authz.Role{authz.Village}, []authz.Role{authz.Supervisor}},
	"returned confirm": {listing.Village, []authz.Role{authz.Village}, []authz.Role{authz.Supervisor}},
	"village decide":   {listing.Village, []authz.Role{authz.Supervisor}, nil},
	"village approve":  {listing.Township, []authz.Role{authz.Supervisor}, nil},
	"village return":   {listing.Returned, []authz.Role{authz.Supervisor}, nil},
	"township return":  {listing.Returned, []authz.Role{authz.Supervisor}, nil},
	"township freeze":  {listing.Frozen, []authz.Role{authz.CountyOffice, authz.TownshipOffice}, nil},
	"frozen propose":   {listing.Frozen, []authz.Role{authz.Village, authz.Supervisor, authz.CountyOffice, authz.TownshipOffice}, nil},
	"frozen decide":    {listing.Frozen, []authz.Role{authz.CountyOffice, authz.TownshipOffice}, nil},
}

func TestEveryStepInEveryStateByEveryRole(t *testing.T) {
	t.Parallel()
	seen := 0
	for _, from := range []listing.State{listing.Open, listing.Returned, listing.Village, listing.Township, listing.Frozen} {
		for _, step := range listing.Steps() {
			want, known := allowed[fmt.Sprintf("%s %s", from, step)]
			if known {
				seen++
			}
			for _, role := range authz.Roles() {
				for _, paper := range []bool{false, true} {
					code := ""
					switch may := has(want.roles, role) || paper && has(want.paper, role); {
					case !known:
						code = "listing.wrong_state"
					case !may:
						code = "listing.role"
					}
					to, err := listing.Next(rules, from, step, person(role, here), listing.Place{Village: here, Now: here}, paper)
					if errs.CodeOf(err) != code || code == "" && to != want.to || code != "" && to != from {
						t.Errorf("%s %s by %s (paper %v): %s, %v; want %s %q", from, step, role, paper, to, err, want.to, code)
					}
					if _, err := listing.Next(rules, from, step, person(role, there), listing.Place{Village: here, Now: here}, paper); errs.CodeOf(err) != "listing.no_village" {
						t.Errorf("%s %s by %s from the next village: %v", from, step, role, err)
					}
				}
			}
		}
	}
	if seen != len(allowed) {
		t.Errorf("saw %d of %d steps", seen, len(allowed))
	}
}

func has(rs []authz.Role, r authz.Role) bool {
	for _, x := range rs {
		if x == r {
			return true
		}
	}
	return false
}

func TestTheVillageThatItWasMergedIntoSeesItsListToo(t *testing.T) {
	t.Parallel()
	at := listing.Place{Village: here, Now: there}
	for _, where := range []region.Code{here, there, "990101101000", "990101000000"} {
		if _, err := listing.Next(rules, listing.Open, listing.Confirm, person(authz.Village, where), at, false); err != nil {
			t.Errorf("from %s: %v", where, err)
		}
	}
}

func TestWithoutTownshipRolesTheVillagesWordIsEnough(t *testing.T) {
	t.Parallel()
	alone := playbook.Listing{Village: []string{"village"}}
	at := listing.Place{Village: here, Now: here}
	if to, err := listing.Next(alone, listing.Open, listing.Confirm, person(authz.Village, here), at, false); err != nil || to != listing.Township {
		t.Errorf("%s, %v", to, err)
	}
	if _, err := listing.Next(alone, listing.Township, listing.Return, person(authz.TownshipOffice, here), at, false); err != nil {
		t.Errorf("the office may still send it back: %v", err)
	}
	if _, err := listing.Next(alone, listing.Township, listing.Return, person(authz.Supervisor, here), at, false); errs.CodeOf(err) != "listing.role" {
		t.Errorf("a supervisor: %v", err)
	}
}

func TestInitialsKnowEveryReading(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"张三": "zs", "欧阳修": "oyx", "Ab": "ab", "": ""} {
		if got := listing.Initials(name); len(got) == 0 || got[0] != want {
			t.Errorf("%s: %v, want %s", name, got, want)
		}
	}
	got := map[string]bool{}
	for _, s := range listing.Initials("曾乐") {
		got[s] = true
	}
	if !got["zl"] || !got["cl"] || !got["zy"] {
		t.Errorf("曾乐: %v", got)
	}
	if n := len(listing.Initials("乐乐乐乐乐乐乐乐")); n > 8 {
		t.Errorf("%d readings", n)
	}
}
