package ledger

import (
	"slices"

	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/region"
)

// State is where an item stands.
type State string

// The states; see the package comment.
const (
	Registered State = "registered"
	Fixing     State = "fixing"
	Claimed    State = "claimed"
	Verified   State = "verified"
	Closed     State = "closed"
)

// States lists the states in the order of an item's life.
func States() []State { return []State{Registered, Fixing, Claimed, Verified, Closed} }

// Action is what a person does with an item.
type Action string

// The actions.
const (
	Start  Action = "start"  // say cause and measure
	Claim  Action = "claim"  // it is fixed
	Verify Action = "verify" // it really is
	Reject Action = "reject" // it is not
	Close  Action = "close"
	Reopen Action = "reopen"
)

// step is one arrow of the state diagram.
type step struct {
	action Action
	from   []State
	to     State
	needs  authz.Action
}

var steps = []step{
	{Start, []State{Registered, Fixing}, Fixing, authz.LedgerClaim},
	{Claim, []State{Fixing}, Claimed, authz.LedgerClaim},
	{Verify, []State{Claimed}, Verified, authz.LedgerVerify},
	{Reject, []State{Claimed}, Fixing, authz.LedgerVerify},
	{Close, []State{Verified}, Closed, authz.LedgerClose},
	{Reopen, []State{Verified, Closed}, Fixing, authz.LedgerVerify},
}

// Item is a problem.
type Item struct {
	County, ID, Campaign    string
	RuleKey, Number, Code   string
	Title                   errs.Text
	Category, Sector        string
	Severity, Source        string
	Household               string // "" for a problem of the village
	Village                 region.Code
	Team                    string
	Submission              string
	Revision                int
	State                   State
	Responsible             string
	Cause, Measure, Person  string
	FoundOn, DueOn          db.Date
	DataClear               bool
	ClaimedBy               string // account of the last claim
	HouseholdCode, HeadName string // filled on reading
	Group, VillageName      string // filled on reading
}

// Sources of items.
const (
	ByRule  = "rule"
	ByVisit = "visit"
)

// next finds the arrow for an action of actor on it. Returns Invalid "ledger.action", Forbidden "authz.forbidden",
// "ledger.of_village", Conflict "ledger.wrong_state", "ledger.same_person".
func (it Item) next(actor authz.Actor, a Action) (step, error) {
	i := slices.IndexFunc(steps, func(s step) bool { return s.action == a })
	if i < 0 {
		return step{}, errs.Invalid.New("ledger.action", "action", string(a))
	}
	s := steps[i]
	if err := actor.Require(s.needs); err != nil {
		return step{}, err
	}
	if s.needs == authz.LedgerClaim && actor.Role != authz.Village && it.Responsible == string(authz.Village) {
		return step{}, errs.Forbidden.New("ledger.of_village") // the office mends only what it answers for; the village may show all
	}
	if !slices.Contains(s.from, it.State) {
		return step{}, errs.Conflict.New("ledger.wrong_state", "state", string(it.State), "action", string(a))
	}
	if a == Verify && it.ClaimedBy == actor.ID {
		return step{}, errs.Conflict.New("ledger.same_person")
	}
	return s, nil
}

// May lists what actor may do with it now.
func (it Item) May(actor authz.Actor) []Action {
	out := []Action{}
	for _, s := range steps {
		if _, err := it.next(actor, s.action); err == nil {
			out = append(out, s.action)
		}
	}
	return out
}

// Overdue reports whether the due date has passed on the day today.
func (it Item) Overdue(today db.Date) bool { return it.State != Closed && it.DueOn < today }

// Event is one entry of an item's history.
type Event struct {
	ID      string
	Action  string
	Account string // "" when the program acted
	ByName  string
	Role    authz.Role
	Note    string
	Files   []string // digests
	At      db.Time
}

// Actions of the program in the history.
const (
	acted       = "register"
	actedClear  = "data_clear"
	actedHolds  = "data_holds"
	actedReopen = "reopen"
)

// Moved is the payload of ledger.moved. From is "" for a new item.
type Moved struct {
	Campaign string      `json:"campaign"`
	Problem  string      `json:"problem"`
	Village  region.Code `json:"village"`
	Team     string      `json:"team"`
	Day      db.Date     `json:"day"` // found on
	DueOn    db.Date     `json:"due_on"`
	From     State       `json:"from"`
	To       State       `json:"to"`
}

// EventMoved is emitted for each new item and each change of state.
const EventMoved = "ledger.moved"

func (it Item) moved(from, to State) Moved {
	return Moved{it.Campaign, it.ID, it.Village, it.Team, it.FoundOn, it.DueOn, from, to}
}
