package circular_test

import (
	"testing"

	"ruhu/internal/authz"
	"ruhu/internal/circular"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/survey/surveytest"
)

// arrows is the whole state machine: who may do what with a circular in each state, by the roles that the playbook of the tests names.
var arrows = map[circular.State]map[string][]authz.Role{
	circular.Computed:  {"approve": {authz.TownshipLeader}, "issue": nil, "withdraw": {authz.TownshipLeader, authz.TownshipOffice}},
	circular.Approved:  {"approve": nil, "issue": {authz.TownshipOffice}, "withdraw": {authz.TownshipLeader, authz.TownshipOffice}},
	circular.Issued:    {"approve": nil, "issue": nil, "withdraw": {authz.TownshipOffice}},
	circular.Withdrawn: {"approve": nil, "issue": nil, "withdraw": nil},
}

func (w *world) act(t *testing.T, actor authz.Actor, c circular.Circular, act string) (circular.Circular, error) {
	t.Helper()
	switch act {
	case "approve":
		return w.circulars.Approve(t.Context(), actor, c.ID, c.Digest)
	case "issue":
		return w.circulars.Issue(t.Context(), actor, c.ID, c.Digest)
	}
	return w.circulars.Withdraw(t.Context(), actor, c.ID, "有误")
}

// refused tries everything that must be refused with a circular as it stands.
func (w *world) refused(t *testing.T, c circular.Circular) {
	t.Helper()
	for act, roles := range arrows[c.State] {
		may := map[authz.Role]bool{}
		for _, r := range roles {
			may[r] = true
		}
		for _, role := range authz.Roles() {
			elsewhere := surveytest.Actor(role, surveytest.Elsewhere)
			if _, err := w.act(t, elsewhere, c, act); err == nil || role == authz.TownshipOffice && errs.CodeOf(err) != "circular.not_found" {
				t.Errorf("%s: %s by %s of another township: %v", c.State, act, role, err)
			}
			if may[role] {
				continue
			}
			switch _, err := w.act(t, surveytest.Actor(role, surveytest.Township), c, act); errs.CodeOf(err) {
			case "authz.forbidden", "circular.not_found", "circular.wrong_state":
			default:
				t.Errorf("%s: %s by %s: %v", c.State, act, role, err)
			}
		}
	}
	if now := w.get(t, c.ID); now.State != c.State || now.Digest != c.Digest {
		t.Errorf("a refusal has changed %s to %s", c.State, now.State)
	}
}

func TestEveryActInEveryStateByEveryRole(t *testing.T) {
	t.Parallel()
	roads := map[circular.State][]string{circular.Computed: nil, circular.Approved: {"approve"}, circular.Issued: {"approve", "issue"}, circular.Withdrawn: {"withdraw"}}
	by := map[string]authz.Role{"approve": authz.TownshipLeader, "issue": authz.TownshipOffice, "withdraw": authz.TownshipOffice}
	leads := map[string]circular.State{"approve": circular.Approved, "issue": circular.Issued, "withdraw": circular.Withdrawn}
	on(t, func(t *testing.T, w *world) {
		w.send(t, 0)
		w.at(6, 18, 2)
		made := func() circular.Circular {
			c, err := w.circulars.Compute(t.Context(), w.Office, w.Campaign.ID, id.New(), "weekly", "2026-03-06")
			if err != nil {
				t.Fatal(err)
			}
			return c
		}
		for from, road := range roads {
			once := true
			for act, roles := range arrows[from] {
				for _, role := range roles {
					c := made()
					for _, a := range road {
						var err error
						if c, err = w.act(t, surveytest.Actor(by[a], surveytest.Township), c, a); err != nil {
							t.Fatalf("on the road to %s: %v", from, err)
						}
					}
					if once {
						w.refused(t, c)
						once = false
					}
					c, err := w.act(t, surveytest.Actor(role, surveytest.Township), c, act)
					if err != nil || c.State != leads[act] {
						t.Errorf("%s: %s by %s leads to %s: %v", from, act, role, c.State, err)
					}
					if c.State != circular.Withdrawn { // make room for the next one of this period
						if _, err := w.act(t, w.Office, c, "withdraw"); err != nil {
							t.Fatal(err)
						}
					}
				}
			}
			if from == circular.Withdrawn {
				c, err := w.act(t, w.Office, made(), "withdraw")
				if err != nil {
					t.Fatal(err)
				}
				w.refused(t, c)
			}
		}
	})
}
