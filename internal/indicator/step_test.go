package indicator_test

import (
	"slices"
	"testing"

	"ruhu/internal/authz"
	"ruhu/internal/blob"
	"ruhu/internal/db/dbtest"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/indicator"
)

// roads says how a case that the county confirms gets to a state.
var roads = map[indicator.State][]indicator.Action{
	indicator.Suspected: nil,
	indicator.Checked:   {indicator.CheckIt},
	indicator.Verified:  {indicator.CheckIt, indicator.CheckIt},
	indicator.Forwarded: {indicator.CheckIt, indicator.CheckIt, indicator.Decide},
	indicator.Confirmed: {indicator.CheckIt, indicator.CheckIt, indicator.Decide, indicator.Confirm},
	indicator.Appealed:  {indicator.CheckIt, indicator.CheckIt, indicator.Decide, indicator.Confirm, indicator.Appeal},
	indicator.Dismissed: {indicator.CheckIt, indicator.CheckIt, indicator.Dismiss},
}

var (
	office   = []authz.Role{authz.TownshipLeader, authz.TownshipOffice}
	county   = []authz.Role{authz.CountyOffice}
	opens    = []authz.Role{authz.CountyOffice, authz.GuidanceGroup, authz.TownshipOffice, authz.Inspector}
	rules    = []authz.Role{authz.CountyOffice, authz.GuidanceGroup, authz.TownshipLeader}
	takeDown = []authz.Role{authz.CountyOffice, authz.TownshipOffice}
)

// arrows is the whole state machine: for each action who may act, and where a case is then, by where it was.
var arrows = []struct {
	action indicator.Action
	to     map[indicator.State]indicator.State
	roles  []authz.Role
}{
	{indicator.CheckIt, map[indicator.State]indicator.State{indicator.Suspected: indicator.Checked, indicator.Checked: indicator.Verified}, office},
	{indicator.Decide, map[indicator.State]indicator.State{indicator.Verified: indicator.Forwarded}, office},
	{indicator.Dismiss, map[indicator.State]indicator.State{indicator.Verified: indicator.Dismissed}, office},
	{indicator.Confirm, map[indicator.State]indicator.State{indicator.Forwarded: indicator.Confirmed}, county},
	{indicator.Reject, map[indicator.State]indicator.State{indicator.Forwarded: indicator.Dismissed}, county},
	{indicator.Return, map[indicator.State]indicator.State{indicator.Forwarded: indicator.Suspected}, county},
	{indicator.Appeal, map[indicator.State]indicator.State{indicator.Confirmed: indicator.Appealed}, takeDown},
	{indicator.Uphold, map[indicator.State]indicator.State{indicator.Appealed: indicator.Confirmed}, rules},
	{indicator.Overturn, map[indicator.State]indicator.State{indicator.Appealed: indicator.Dismissed}, rules},
	{indicator.Reopen, map[indicator.State]indicator.State{indicator.Dismissed: indicator.Suspected, indicator.Cleared: indicator.Suspected}, opens},
}

// at brings a case of a household to a state; each step by another person.
func (w world) at(t *testing.T, visit int, state indicator.State, proof blob.Digest) string {
	t.Helper()
	if state == indicator.Cleared {
		u := id.New()
		w.Send(t, w.Visits[visit], u, 0, unsafe)
		w.Send(t, w.Visits[visit], u, 1, nil)
		return w.list(t, w.Office, indicator.Filter{Household: w.Visits[visit].Household}).Items[0].ID
	}
	x := w.open(t, visit, "wrongly_exited")
	for _, a := range roads[state] {
		who := w.as(authz.TownshipOffice)
		if a == indicator.Confirm {
			who = w.as(authz.CountyOffice)
		}
		w.must(t, who, x, indicator.Act{Action: a, Holds: true, Files: []blob.Digest{proof}})
	}
	return x
}

// TestEveryActionInEveryStateByEveryRole tries all of them: what the table of arrows does not allow is refused with the error that says why.
func TestEveryActionInEveryStateByEveryRole(t *testing.T) {
	t.Parallel()
	run(t, 60, func(t *testing.T, w world, _ *dbtest.Clock) {
		proof := w.Photo(t, "house")
		next, allowed := 0, 0
		fresh := func(state indicator.State) string {
			next++
			return w.at(t, next-1, state, proof)
		}
		cases := map[indicator.State]string{}
		for _, state := range indicator.States() {
			cases[state] = fresh(state)
		}
		for _, arrow := range arrows {
			for _, state := range indicator.States() {
				for _, role := range authz.Roles() {
					to, from := arrow.to[state]
					want := "indicator.wrong_state"
					switch {
					case !w.as(role).Can(arrow.action.Needs()):
						want = "authz.forbidden"
					case from && !slices.Contains(arrow.roles, role):
						want = "indicator.role" // the playbook does not name the guidance group
					case from:
						want = ""
					}
					act := indicator.Act{Action: arrow.action, Holds: true, Files: []blob.Digest{proof}}
					if w.as(role).Can(authz.DetermineRead) {
						far := w.as(role)
						far.Region = w.Other.Region
						if _, err := w.do(far, cases[state], act); errs.CodeOf(err) != "indicator.not_found" {
							t.Errorf("%s of %s by %s of another place: %v", arrow.action, state, role, err)
						}
					}
					x := cases[state]
					if want == "" { // it will move: take another one
						x, allowed = fresh(state), allowed+1
					}
					got, err := w.do(w.as(role), x, act)
					if errs.CodeOf(err) != want || want == "" && got.State != to {
						t.Errorf("%s of %s by %s: %v, state %q; want %q, state %q", arrow.action, state, role, err, got.State, want, to)
					}
				}
			}
		}
		for _, state := range indicator.States() { // nothing that was refused moved anything
			if x, err := w.cases.Get(t.Context(), w.Office, cases[state]); err != nil || x.State != state {
				t.Errorf("%s became %s (%v)", state, x.State, err)
			}
		}
		if want := 4 + 2 + 2 + 1 + 1 + 1 + 2 + 3 + 3 + 8; allowed != want {
			t.Errorf("%d ways through the machine, want %d", allowed, want)
		}
	})
}

// TestTheSamePersonHasOneSay: nobody verifies twice, decides on what he or she verified, or rules on what he or she decided.
func TestTheSamePersonHasOneSay(t *testing.T) {
	t.Parallel()
	run(t, 4, func(t *testing.T, w world, _ *dbtest.Clock) {
		proof := []blob.Digest{w.Photo(t, "house")}
		x := w.open(t, 0, "wrongly_exited")   // the county confirms
		y := w.open(t, 1, "wrongly_included") // it does not
		try := func(name string, who authz.Actor, of string, a indicator.Action, want string, state indicator.State) {
			t.Helper()
			if _, err := w.do(who, of, indicator.Act{Action: a, Holds: true, Files: proof}); errs.CodeOf(err) != want {
				t.Errorf("%s: %v, want %q", name, err, want)
			}
			if got, err := w.cases.Get(t.Context(), w.Office, of); err != nil || got.State != state {
				t.Errorf("%s: %s, want %s (%v)", name, got.State, state, err)
			}
		}
		turned := w.Leader // the same person in another post
		turned.Role, turned.Region = authz.CountyOffice, w.County.Region
		for _, of := range []string{x, y} {
			try("first", w.Office, of, indicator.CheckIt, "", indicator.Checked)
			try("the same again", w.Office, of, indicator.CheckIt, "indicator.same_person", indicator.Checked)
			try("second", w.Leader, of, indicator.CheckIt, "", indicator.Verified)
			try("a verifier dismisses", w.Leader, of, indicator.Dismiss, "indicator.verifier", indicator.Verified)
		}
		try("a verifier decides, no county confirms", w.Office, y, indicator.Decide, "indicator.verifier", indicator.Verified)
		try("somebody else decides", w.Second, y, indicator.Decide, "", indicator.Confirmed)
		try("a verifier decides, the county confirms", w.Office, x, indicator.Decide, "", indicator.Forwarded)
		try("a verifier confirms", turned, x, indicator.Confirm, "indicator.same_person", indicator.Forwarded)
		try("a verifier sends it back", turned, x, indicator.Return, "indicator.same_person", indicator.Forwarded)
		try("the county", w.County, x, indicator.Confirm, "", indicator.Confirmed)
		try("an appeal taken down by the county", w.as(authz.CountyOffice), x, indicator.Appeal, "", indicator.Appealed)
		try("who decided rules", w.County, x, indicator.Overturn, "indicator.same_person", indicator.Appealed)
		try("who verified rules", w.Leader, x, indicator.Uphold, "indicator.same_person", indicator.Appealed)
		try("somebody else rules", w.as(authz.CountyOffice), x, indicator.Overturn, "", indicator.Dismissed)
	})
}

// TestChecksThatDifferBeginANewRound: two who say the same decide.
func TestChecksThatDifferBeginANewRound(t *testing.T) {
	t.Parallel()
	run(t, 2, func(t *testing.T, w world, _ *dbtest.Clock) {
		x := w.open(t, 0, "wrongly_exited")
		say := func(who authz.Actor, holds bool) indicator.Case {
			t.Helper()
			return w.must(t, who, x, indicator.Act{Action: indicator.CheckIt, Holds: holds})
		}
		say(w.Office, true)
		got := say(w.Second, false)
		if got.State != indicator.Suspected || got.Round != 2 || len(got.Checks) != 0 || got.Events[2].Opinion != "fails" || got.Events[1].Opinion != "holds" {
			t.Errorf("%s, round %d, %+v", got.State, got.Round, got.Events)
		}
		say(w.Office, false)
		if got = say(w.Leader, false); got.State != indicator.Dismissed {
			t.Errorf("two say that it does not hold: %s", got.State)
		}
	})
}
