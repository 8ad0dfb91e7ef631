package authz_test

import (
	"slices"
	"testing"

	"ruhu/internal/authz"
	"ruhu/internal/errs"
)

func TestEveryActionIsAllowedToSomebodyAndNothingToNobody(t *testing.T) {
	t.Parallel()
	for _, x := range authz.Actions() {
		some := false
		for _, r := range authz.Roles() {
			some = some || authz.Actor{Role: r}.Can(x)
		}
		if !some {
			t.Errorf("nobody may %s", x)
		}
		for _, a := range []authz.Actor{{}, {Role: "boss"}, authz.System("990101")} {
			if err := a.Require(x); errs.CodeOf(err) != "authz.forbidden" {
				t.Errorf("%q may %s", a.Role, x)
			}
		}
	}
	if (authz.Actor{Role: authz.CountyOffice}).Can("no.such") {
		t.Error("an action that does not exist is allowed")
	}
}

// Rules of the survey that must not be lost when the table is edited.
func TestTheRulesThatTheTableMustKeep(t *testing.T) {
	t.Parallel()
	only := func(x authz.Action, want ...authz.Role) {
		t.Helper()
		var got []authz.Role
		for _, r := range authz.Roles() {
			if (authz.Actor{Role: r}).Can(x) {
				got = append(got, r)
			}
		}
		slices.Sort(want)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", x, got, want)
		}
	}
	only(authz.FieldUse, authz.Enumerator)
	only(authz.LedgerClaim, authz.Village, authz.TownshipOffice) // the responsible body says that it is mended; somebody else verifies
	only(authz.ReviewDecide, authz.Supervisor, authz.GroupLeader, authz.TownshipOffice, authz.CountyOffice)
	only(authz.ReviewAccept, authz.CountyOffice, authz.TownshipOffice)
	only(authz.AccountManage, authz.CountyOffice, authz.TownshipOffice)
	only(authz.RosterPII, authz.CountyOffice, authz.TownshipOffice, authz.Supervisor)
	only(authz.CircularIssue, authz.CountyOffice, authz.TownshipOffice) // who issues a circular has not approved it
	only(authz.CircularAllow, authz.GuidanceGroup, authz.TownshipLeader)
	only(authz.DetermineRead, authz.CountyOffice, authz.GuidanceGroup, authz.TownshipLeader, authz.TownshipOffice, authz.Inspector) // S0.18
	only(authz.DetermineConfirm, authz.CountyOffice)
	for _, x := range []authz.Action{authz.DetermineOpen, authz.DetermineVerify, authz.DetermineDecide, authz.DetermineAppeal, authz.DetermineRule, authz.DetermineEnter} {
		for _, r := range authz.Roles() {
			if a := (authz.Actor{Role: r}); a.Can(x) && !a.Can(authz.DetermineRead) {
				t.Errorf("%s may %s without seeing it", r, x)
			}
		}
	}
	village := authz.Actor{Role: authz.Village}
	for _, x := range []authz.Action{authz.LedgerVerify, authz.LedgerClose, authz.SubmissionRead, authz.TeamRead} {
		if village.Can(x) {
			t.Errorf("a village may %s", x)
		}
	}
}

func TestScopeIsTheRegion(t *testing.T) {
	t.Parallel()
	a := authz.Actor{Region: "990101101000"}
	lo, hi := a.Scope()
	if lo != "990101101000" || hi != "990101102000" || !a.Sees("990101101203") || a.Sees("990101102203") || a.Sees("") || (authz.Actor{}).Sees("990101101203") {
		t.Errorf("[%s,%s)", lo, hi)
	}
	if lo, hi := (authz.Actor{}).Scope(); lo != hi {
		t.Error("no region must see nothing")
	}
}
