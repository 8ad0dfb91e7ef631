package indicator

import "ruhu/internal/authz"

// State is where a case stands.
type State string

// The states; see the package comment.
const (
	Suspected State = "suspected"
	Checked   State = "checked"   // not by enough persons yet
	Verified  State = "verified"  // the township decides
	Forwarded State = "forwarded" // the county confirms
	Confirmed State = "confirmed"
	Appealed  State = "appealed"
	Dismissed State = "dismissed"
	Cleared   State = "cleared" // a newer form gives no grounds any more
)

// States lists the states in the order of a case's life.
func States() []State {
	return []State{Suspected, Checked, Verified, Forwarded, Confirmed, Appealed, Dismissed, Cleared}
}

// Stands are the states in which a case counts; Open those in which it may come to count.
var (
	stands = []State{Confirmed, Appealed}
	open   = []State{Suspected, Checked, Verified, Forwarded}
)

// Action is what a person does with a case.
type Action string

// The actions.
const (
	CheckIt  Action = "check"    // verified on the spot or from papers: it holds, or it does not
	Decide   Action = "decide"   // the township holds it proven
	Dismiss  Action = "dismiss"  // the township does not
	Confirm  Action = "confirm"  // the county does
	Reject   Action = "reject"   // the county does not
	Return   Action = "return"   // the county wants it verified anew
	Appeal   Action = "appeal"   // 申诉举证: with evidence
	Uphold   Action = "uphold"   // the appeal fails
	Overturn Action = "overturn" // the appeal succeeds
	Reopen   Action = "reopen"   // verify a dismissed or cleared case again
)

// step is one arrow of the state diagram. To is "" where the checks decide.
type step struct {
	action Action
	from   []State
	to     State
	needs  authz.Action
}

var steps = []step{
	{CheckIt, []State{Suspected, Checked}, "", authz.DetermineVerify},
	{Decide, []State{Verified}, Forwarded, authz.DetermineDecide},
	{Dismiss, []State{Verified}, Dismissed, authz.DetermineDecide},
	{Confirm, []State{Forwarded}, Confirmed, authz.DetermineConfirm},
	{Reject, []State{Forwarded}, Dismissed, authz.DetermineConfirm},
	{Return, []State{Forwarded}, Suspected, authz.DetermineConfirm},
	{Appeal, []State{Confirmed}, Appealed, authz.DetermineAppeal},
	{Uphold, []State{Appealed}, Confirmed, authz.DetermineRule},
	{Overturn, []State{Appealed}, Dismissed, authz.DetermineRule},
	{Reopen, []State{Dismissed, Cleared}, Suspected, authz.DetermineOpen},
}

// Actions lists the actions in the order of a case's life.
func Actions() []Action {
	out := make([]Action, len(steps))
	for i, s := range steps {
		out[i] = s.action
	}
	return out
}

// Needs says what a person must be allowed to do for an action; "" for one that does not exist.
func (a Action) Needs() authz.Action {
	for _, s := range steps {
		if s.action == a {
			return s.needs
		}
	}
	return ""
}
