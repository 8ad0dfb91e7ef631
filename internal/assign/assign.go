package assign

import (
	"ruhu/internal/db"
	"ruhu/internal/region"
)

// State of an assignment; see the package comment.
type State string

// The states.
const (
	Open      State = "open"
	Submitted State = "submitted"
	Returned  State = "returned"
	Done      State = "done"
	Replaced  State = "replaced"
)

// Assignment is one household's visit.
type Assignment struct {
	ID         string
	County     string
	Campaign   string
	Household  string
	Village    region.Code
	Form       string // code of the form in the campaign
	FormHash   string
	Team       string
	Date       db.Date
	State      State
	Submission string // "" before the first one
	Pinned     bool   // moved by hand: a new plan leaves it alone
	Begun      bool   // a phone said that work has begun: nobody else is sent
}

// Team is a group of enumerators that visits together.
type Team struct {
	ID       string
	County   string
	Campaign string
	Name     string
	Members  []Member // in order
	Assigned int      // assignments that are not replaced
	Done     int
	Dropped  bool   // the team does not work any more; it keeps what it has begun
	Why      string // it dropped out
}

// Member is an enumerator of a team.
type Member struct {
	Account     string // account id
	Login       string // name to log in with
	Name        string
	FromCounty  bool
	HomeVillage region.Code // "" when unknown or elsewhere
	HomeName    string
	Unit        string
	Region      region.Code // of the account
	Ties        []Tie
	home        []region.Code // the home village, and all that are one village with it after mergers
}

// Homes lists the villages where members live: the team may not visit there.
func (t Team) Homes() []region.Code {
	var out []region.Code
	for _, m := range t.Members {
		out = append(out, m.home...)
	}
	return out
}

// Moved is the payload of assign.planned and assign.moved. From is "" for a new assignment, To is "" for one that was taken
// away; a change of team or day is two: away and new.
type Moved struct {
	Campaign   string      `json:"campaign"`
	Assignment string      `json:"assignment"`
	Village    region.Code `json:"village"`
	Team       string      `json:"team"`
	Day        db.Date     `json:"day"`
	From       State       `json:"from"`
	To         State       `json:"to"`
}

// The events.
const (
	EventPlanned = "assign.planned"
	EventMoved   = "assign.moved"
)

func (a Assignment) moved(from, to State) Moved {
	return Moved{Campaign: a.Campaign, Assignment: a.ID, Village: a.Village, Team: a.Team, Day: a.Date, From: from, To: to}
}
