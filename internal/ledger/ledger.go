package ledger

import (
	"slices"

	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/region"
)

// Item is a problem.
type Item struct {
	County, ID, Campaign   string
	RuleKey, Number, Code  string
	Title                  errs.Text
	Category, Sector       string
	Nature, Severity       string
	Source                 Source
	Reference              string // the document or number under which a check gave the problem
	Sealed                 bool   // a complaint: not shown to the village that it may be about
	Household              string // "" for a problem of the village or of a household outside the roster
	OffName                string // the household outside the roster, as the office writes it
	Village                region.Code
	Team                   string
	Submission             string
	Revision               int
	State                  State
	Responsible            string
	Cause, Measure, Person string
	SignedBy               string // who signed the village's list, when it said that it can't mend this alone
	FoundOn, DueOn         db.Date
	FirstDue               db.Date // before any new deadline
	DataClear              bool
	ClaimedBy              string // account of the last claim
	Notice                 string // id of the last supervision notice
	ReplyBy                db.Date
	Replied                bool
	Version                int // of this row; what a person saw when acting

	HouseholdCode, HeadName string // filled on reading
	Group, VillageName      string // filled on reading
	today                   db.Date
}

// Source says how a problem came to be known.
type Source string

// Sources of items.
const (
	ByRule     Source = "rule"
	ByVisit    Source = "visit"
	ByPetition Source = "petition"   // S0.5
	ByNational Source = "national"   // checks: S2.15
	ByProvince Source = "provincial" //
	ByOwn      Source = "own"        // the county's or the township's own check
	BySpot     Source = "spot"       // spot acceptance
)

// manual is the code of what a person registers.
const manual = "manual"

// Sources lists them; nobody opens items of the first two by hand.
func Sources() []Source {
	return []Source{ByRule, ByDetermination, ByVisit, ByPetition, ByNational, ByProvince, ByOwn, BySpot}
}

// next finds the arrow for an action of actor on it. Returns Invalid "ledger.action", Forbidden "authz.forbidden",
// "ledger.of_village", Conflict "ledger.wrong_state", "ledger.same_person", "ledger.of_township", "ledger.notice_open", "ledger.no_notice",
// "ledger.notice_unanswered".
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
	byData := a == Verify && it.DataClear && slices.Contains(atWork, it.State) // nobody claimed; the form says it
	if !slices.Contains(s.from, it.State) && !byData {
		return step{}, errs.Conflict.New("ledger.wrong_state", "state", string(it.State), "action", string(a))
	}
	unanswered := it.Notice != "" && !it.Replied
	switch {
	case a == Verify && it.ClaimedBy == actor.ID:
		return step{}, errs.Conflict.New("ledger.same_person")
	case a == Escalate && it.Responsible != string(authz.Village):
		return step{}, errs.Conflict.New("ledger.of_township")
	case a == Supervise && unanswered && it.ReplyBy >= it.today:
		return step{}, errs.Conflict.New("ledger.notice_open", "date", string(it.ReplyBy))
	case a == Answer && !unanswered:
		return step{}, errs.Conflict.New("ledger.no_notice")
	case a == Close && unanswered:
		return step{}, errs.Conflict.New("ledger.notice_unanswered")
	}
	if s.to == "" {
		s.to = it.State
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

// ReplyOverdue reports whether the answer to a supervision notice should have come before today.
func (it Item) ReplyOverdue(today db.Date) bool {
	return it.State != Closed && it.Notice != "" && !it.Replied && it.ReplyBy < today
}

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
	actedAgain  = "evidence_again" // note: numbers of the other households' problems
	actedForm   = "evidence_form"
)

// Moved is the payload of ledger.moved: an item left From or came to To. From is "" for a new item. A new due date is said by two of them: the
// item leaves under the old date (To is ""), and comes under the new one (From is "").
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

// EventMoved is emitted for each new item, each change of state and each new due date.
const EventMoved = "ledger.moved"

func (it Item) moved(from, to State) Moved {
	return Moved{it.Campaign, it.ID, it.Village, it.Team, it.FoundOn, it.DueOn, from, to}
}

// movedFrom gives what to tell after before became it.
func (it Item) movedFrom(before Item) []any {
	switch {
	case it.DueOn != before.DueOn:
		return []any{before.moved(before.State, ""), it.moved("", it.State)}
	case it.State != before.State:
		return []any{it.moved(before.State, it.State)}
	}
	return nil
}
