package query_test

import (
	"testing"

	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/db/dbtest"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/query"
	"ruhu/internal/survey/surveytest"
)

// arrows is the whole state machine: where a turn of the team or of a leader leads from each state. A turn of a phone that comes late and does not
// fit is kept and changes nothing; an answer to what is closed is refused.
var arrows = map[query.State]map[string]query.State{
	query.Open:     {query.Answer: query.Answered, query.Close: query.Closed, query.Withdraw: query.Closed, query.Reopen: query.Open},
	query.Answered: {query.Answer: query.Answered, query.Close: query.Closed, query.Withdraw: query.Answered, query.Reopen: query.Open},
	query.Closed:   {query.Answer: "", query.Close: query.Closed, query.Withdraw: query.Closed, query.Reopen: query.Open},
}

// roads says how a query gets to a state: by answer and settling, and by being withdrawn.
var roads = map[query.State][][]string{
	query.Open:     {nil, {query.Withdraw, query.Reopen}},
	query.Answered: {{query.Answer}, {query.Withdraw, query.Reopen, query.Answer}},
	query.Closed:   {{query.Answer, query.Close}, {query.Withdraw}},
}

var actions = []string{query.Answer, query.Close, query.Withdraw, query.Reopen}

func (w world) turn(t *testing.T, item, action string) (query.State, error) {
	t.Helper()
	if action == query.Answer {
		it, err := w.queries.Answer(t.Context(), w.Supervisor, item, query.Reply{ID: id.New(), Text: "可以"})
		return it.State, err
	}
	it, err := w.queries.Say(t.Context(), w.Enumerator, w.said(action, item, "说明"))
	return it.State, err
}

func TestEveryTurnInEveryStateByEveryRole(t *testing.T) {
	t.Parallel()
	answer := map[authz.Role]bool{authz.CountyOffice: true, authz.TownshipOffice: true, authz.GroupLeader: true, authz.Supervisor: true}
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		for from, ways := range roads {
			for n := range len(ways) * len(arrows[from]) {
				road, action := ways[n%len(ways)], actions[n/len(ways)]
				to := arrows[from][action]
				item := w.must(t, w.Enumerator, w.said(query.Ask, id.New(), "怎么填")).ID
				for _, a := range road {
					if _, err := w.turn(t, item, a); err != nil {
						t.Fatalf("on the road to %s: %v", from, err)
					}
				}
				if action == query.Answer {
					for _, role := range authz.Roles() {
						_, err := w.queries.Answer(t.Context(), surveytest.Actor(role, surveytest.Elsewhere), item, query.Reply{ID: id.New(), Text: "可以"})
						want := "authz.forbidden"
						if answer[role] {
							want = "query.not_found"
						}
						if errs.CodeOf(err) != want {
							t.Errorf("%s: an answer by %s of another township: %v, want %s", from, role, err, want)
						}
						if answer[role] {
							continue
						}
						if _, err = w.queries.Answer(t.Context(), surveytest.Actor(role, surveytest.Township), item, query.Reply{ID: id.New(), Text: "可以"}); errs.CodeOf(err) != want {
							t.Errorf("%s: an answer by %s: %v", from, role, err)
						}
					}
				} else {
					for _, role := range authz.Roles() {
						want := "authz.forbidden"
						if role == authz.Enumerator { // of another team
							want = "query.not_found"
						}
						_, err := w.queries.Say(t.Context(), surveytest.Actor(role, surveytest.Township), w.said(action, item, "说明"))
						if errs.CodeOf(err) != want {
							t.Errorf("%s: %s by %s: %v, want %s", from, action, role, err, want)
						}
					}
				}
				got, err := w.turn(t, item, action)
				if to == "" {
					if errs.CodeOf(err) != "query.closed" {
						t.Errorf("%s: %s: %v", from, action, err)
					}
				} else if err != nil || got != to {
					t.Errorf("%s: %s leads to %s (%v), want %s", from, action, got, err, to)
				}
			}
		}
	})
}
