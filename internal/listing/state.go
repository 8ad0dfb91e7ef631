package listing

import (
	"slices"

	"ruhu/internal/authz"
	"ruhu/internal/errs"
	"ruhu/internal/playbook"
	"ruhu/internal/region"
)

// State of a village's list.
type State string

// The states.
const (
	Open     State = "open"
	Returned State = "returned" // the township sent it back
	Village  State = "village"  // confirmed by the village
	Township State = "township" // confirmed by the township
	Frozen   State = "frozen"
)

// Step is something that is done with a village's list.
type Step string

// The steps.
const (
	Propose Step = "propose" // say something about a household, or take it back
	Confirm Step = "confirm" // the village is through
	Decide  Step = "decide"  // accept or return one proposal
	Approve Step = "approve" // accept the village's list
	Return  Step = "return"  // send it back with a reason
	Freeze  Step = "freeze"
)

// Steps lists them all.
func Steps() []Step { return []Step{Propose, Confirm, Decide, Approve, Return, Freeze} }

// Place is a village and the one that it was merged into (the same when it was not).
type Place struct{ Village, Now region.Code }

// rule is a row of the table below: the state that a step leads to, and who may take it.
type rule struct {
	to  State
	who func(l playbook.Listing, a authz.Actor, paper bool) bool
}

// table has every allowed step; what is not in it can't be done.
var table = map[State]map[Step]rule{
	Open:     {Propose: {Open, works}, Confirm: {Village, works}},
	Returned: {Propose: {Returned, works}, Confirm: {Village, works}},
	Village:  {Decide: {Village, looks}, Approve: {Township, looks}, Return: {Returned, looks}},
	Township: {Return: {Returned, looks}, Freeze: {Frozen, freezes}},
	Frozen:   {Propose: {Frozen, late}, Decide: {Frozen, freezes}},
}

// works holds for the village's people; for the township's when they enter what the village wrote on paper.
func works(l playbook.Listing, a authz.Actor, paper bool) bool {
	return slices.Contains(l.Village, string(a.Role)) || paper && looks(l, a, false)
}

// looks holds for those who check the villages: the roles of the playbook, or whoever may freeze where it names none.
func looks(l playbook.Listing, a authz.Actor, _ bool) bool {
	if len(l.Township) == 0 {
		return freezes(l, a, false)
	}
	return slices.Contains(l.Township, string(a.Role))
}

func freezes(_ playbook.Listing, a authz.Actor, _ bool) bool { return a.Can(authz.ListingFreeze) }

func late(l playbook.Listing, a authz.Actor, _ bool) bool {
	return works(l, a, true) || freezes(l, a, false)
}

// Next gives the state after a step. paper says that the actor enters what others wrote.
//
// Returns NotFound "listing.no_village" outside the actor's region, Conflict "listing.wrong_state", Forbidden "listing.role".
func Next(l playbook.Listing, from State, step Step, actor authz.Actor, at Place, paper bool) (State, error) {
	if !actor.Sees(at.Village) && !actor.Sees(at.Now) {
		return from, errs.NotFound.New("listing.no_village", "village", string(at.Village))
	}
	r, ok := table[from][step]
	if !ok {
		return from, errs.Conflict.New("listing.wrong_state", "state", string(from), "step", string(step))
	}
	if !r.who(l, actor, paper) {
		return from, errs.Forbidden.New("listing.role", "step", string(step))
	}
	if step == Confirm && len(l.Township) == 0 {
		return Township, nil // nobody looks again
	}
	return r.to, nil
}

// May lists the steps that the actor could take now.
func May(l playbook.Listing, from State, actor authz.Actor, at Place) []Step {
	out := []Step{}
	for _, s := range Steps() {
		if _, err := Next(l, from, s, actor, at, true); err == nil {
			out = append(out, s)
		}
	}
	return out
}
