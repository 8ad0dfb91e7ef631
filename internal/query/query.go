package query

import (
	"strings"
	"unicode/utf8"

	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/region"
)

// State of a query; see the package comment.
type State string

// The states.
const (
	Open     State = "open"
	Answered State = "answered"
	Closed   State = "closed"
)

// What a turn does.
const (
	Ask      = "ask"
	Answer   = "answer"
	Close    = "close"
	Withdraw = "withdraw" // the team takes back what nobody has answered
	Reopen   = "reopen"
)

// Turn is something that was said.
type Turn struct {
	ID     string     `json:"id"`
	Action string     `json:"action"` // ask, answer, close, withdraw, reopen
	Text   string     `json:"text"`
	ByName string     `json:"by_name"`
	Role   authz.Role `json:"role"`
	At     db.Time    `json:"at"`
}

// Item is a query with everything that was said, the first first.
type Item struct {
	ID         string
	Campaign   string
	Assignment string
	Household  string
	Village    region.Code
	Team       string
	Form       string // code
	Ref        string
	Label      string
	State      State
	Ruling     bool
	AskedAt    db.Time
	MovedAt    db.Time
	Turns      []Turn
}

// Ruling is an answer that holds for every household: nothing of the household that it was first given for is in it.
type Ruling struct {
	ID     string  `json:"id"`
	Form   string  `json:"form"` // code of the questionnaire
	Ref    string  `json:"ref"`
	Asked  string  `json:"asked"`
	Answer string  `json:"answer"`
	ByName string  `json:"by_name"`
	At     db.Time `json:"at"`
}

// Said is what a phone sends: a turn, with what the first one is about.
type Said struct {
	ID         string `json:"id"`   // of the turn
	Item       string `json:"item"` // of the query; made by the phone that asks
	Action     string `json:"action"`
	Text       string `json:"text"`
	Assignment string `json:"assignment"`
	Ref        string `json:"ref"`
	Label      string `json:"label"`
}

const (
	maxText = 1000 // characters
	maxRef  = 500
)

// next gives the state that a turn leads to; the same one when it does not fit, as it may when it comes late.
func next(s State, action string) State {
	switch {
	case action == Answer && s != Closed:
		return Answered
	case action == Close, action == Withdraw && s == Open:
		return Closed
	case action == Reopen && s != Open:
		return Open
	}
	return s
}

func writable(s string, limit int) bool {
	return utf8.ValidString(s) && utf8.RuneCountInString(s) <= limit && !strings.ContainsRune(s, 0)
}

// check normalises what was said. Returns Invalid "id.malformed", "query.action", "query.text".
func (x *Said) check() error {
	var err error
	if x.ID, err = id.Parse(x.ID); err != nil {
		return err
	}
	if x.Item, err = id.Parse(x.Item); err != nil {
		return err
	}
	if x.Action != Ask && x.Action != Close && x.Action != Withdraw && x.Action != Reopen {
		return errs.Invalid.New("query.action", "field", "action")
	}
	x.Text, x.Label = strings.TrimSpace(x.Text), strings.TrimSpace(x.Label)
	if !writable(x.Text, maxText) || x.Text == "" && x.Action != Close {
		return errs.Invalid.New("query.text", "field", "text", "limit", maxText)
	}
	if !writable(x.Ref, maxRef) || !writable(x.Label, maxText) || x.Action == Ask && x.Ref == "" {
		return errs.Invalid.New("query.text", "field", "ref", "limit", maxRef)
	}
	return nil
}
