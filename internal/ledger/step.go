package ledger

import "ruhu/internal/authz"

// State is where an item stands.
type State string

// The states; see the package comment.
const (
	Registered State = "registered"
	Fixing     State = "fixing"
	Escalated  State = "escalated" // the village can't; the township judges
	Referred   State = "referred"  // put to the leaders
	Claimed    State = "claimed"
	Verified   State = "verified"
	Closed     State = "closed"
)

// States lists the states in the order of an item's life.
func States() []State {
	return []State{Registered, Fixing, Escalated, Referred, Claimed, Verified, Closed}
}

// Action is what a person does with an item.
type Action string

// The actions.
const (
	Start     Action = "start"     // say cause and measure
	Claim     Action = "claim"     // it is fixed
	Escalate  Action = "escalate"  // the village can't mend it (S1.14)
	Judge     Action = "judge"     // the township says who mends it, until when
	Refer     Action = "refer"     // the township puts it to the leaders
	Decide    Action = "decide"    // the leaders say who mends it, until when
	Supervise Action = "supervise" // a supervision notice (督办)
	Answer    Action = "answer"    // to the notice
	Verify    Action = "verify"    // it really is fixed
	Reject    Action = "reject"    // it is not
	Close     Action = "close"
	Reopen    Action = "reopen"
)

// step is one arrow of the state diagram. To is "" when the item stays where it is.
type step struct {
	action Action
	from   []State
	to     State
	needs  authz.Action
}

var (
	atWork = []State{Registered, Fixing, Escalated, Referred}
	open   = []State{Registered, Fixing, Escalated, Referred, Claimed, Verified}
)

var steps = []step{
	{Start, []State{Registered, Fixing}, Fixing, authz.LedgerClaim},
	{Claim, []State{Fixing}, Claimed, authz.LedgerClaim},
	{Escalate, []State{Registered, Fixing}, Escalated, authz.LedgerClaim},
	{Judge, []State{Registered, Fixing, Escalated}, Registered, authz.LedgerJudge},
	{Refer, []State{Escalated}, Referred, authz.LedgerJudge},
	{Decide, []State{Referred}, Registered, authz.LedgerDecide},
	{Supervise, atWork, "", authz.LedgerNotice},
	{Answer, open, "", authz.LedgerClaim},
	{Verify, []State{Claimed}, Verified, authz.LedgerVerify},
	{Reject, []State{Claimed}, Fixing, authz.LedgerVerify},
	{Close, []State{Verified}, Closed, authz.LedgerClose},
	{Reopen, []State{Verified, Closed}, Fixing, authz.LedgerVerify},
}

// Actions lists the actions in the order of an item's life.
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
