package assign_test

import (
	"context"
	"testing"

	"ruhu/internal/assign"
	"ruhu/internal/db"
	"ruhu/internal/db/dbtest"
	"ruhu/internal/errs"
)

// arrows is the whole state machine of an assignment: where it may go from each state.
var arrows = map[assign.State][]assign.State{
	assign.Open:      {assign.Submitted, assign.Replaced},
	assign.Submitted: {assign.Submitted, assign.Returned, assign.Done},
	assign.Returned:  {assign.Submitted, assign.Replaced},
	assign.Done:      {assign.Submitted, assign.Returned},
	assign.Replaced:  {assign.Open},
}

// roads says how an assignment gets to a state.
var roads = map[assign.State][]assign.State{
	assign.Open:      nil,
	assign.Submitted: {assign.Submitted},
	assign.Returned:  {assign.Submitted, assign.Returned},
	assign.Done:      {assign.Submitted, assign.Done},
	assign.Replaced:  {assign.Replaced},
}

// Only the program moves an assignment, so there is no role and no region to refuse.
func TestEveryStateOfAnAssignmentAndWhatMayFollow(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w := newWorld(t, d)
		w.people(t, "c", "t1", "c", "t1")
		w.load(t, 0, len(roads)*len(roads))
		w.form(t)
		w.plan(t)
		rows, next := w.all(t), 0
		set := func(id string, to assign.State) error {
			return d.Update(ctx, func(tx *db.Tx) error {
				return assign.SetStateTx(ctx, tx, w.Bus, []assign.Move{{County: w.Campaign.County, ID: id, To: to}})
			})
		}
		for from, road := range roads {
			for to := range roads {
				id := rows[next].ID
				next++
				for _, s := range road {
					if err := set(id, s); err != nil {
						t.Fatalf("on the road to %s: %v", from, err)
					}
				}
				want := "assign.state"
				for _, s := range arrows[from] {
					if s == to {
						want = ""
					}
				}
				if from == to { // asking for the state it is in changes nothing
					want = ""
				}
				if err := set(id, to); errs.CodeOf(err) != want {
					t.Errorf("%s to %s: %v, want %q", from, to, err, want)
				}
			}
		}
	})
}
