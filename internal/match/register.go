package match

import (
	"ruhu/internal/authz"
	"ruhu/internal/blob"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/playbook"
)

// The events.
const (
	EventLoad   = "match.load"   // payload loadTask
	EventLoaded = "match.loaded" // payload Loaded
)

// Loaded says that a register has become current.
type Loaded struct {
	Campaign string `json:"campaign"`
	Register string `json:"register"`
	Kind     string `json:"kind"`
	Rows     int    `json:"rows"`
}

// State of a register.
type State string

// The states.
const (
	Uploaded   State = "uploaded"
	Loading    State = "loading"
	Current    State = "current"
	Superseded State = "superseded"
	Failed     State = "failed"
)

// Register is one file of a kind.
type Register struct {
	ID          string
	County      string
	Campaign    string
	Kind        string // code of the playbook's registers
	FileName    string
	Digest      blob.Digest
	Bytes       int64
	State       State
	Rows        int // loaded; grows while loading
	LeftOut     int
	LeftOutFile blob.Digest // list of the rows left out; "" is none
	Mapping     Mapping
	Report      *Report // of the last check or load; nil before
	SkipBroken  bool
	Error       *errs.Error // why loading failed
	ByName      string
	At          db.Time
	CurrentAt   db.Time
}

// Record is a row of a register. Texts are cleaned; Data has the value of every mapped field by its code.
type Record struct {
	N            int               `json:"n"` // from 1
	Sheet        int               `json:"sheet"`
	Row          int               `json:"row"` // of the file
	Name         string            `json:"name"`
	IDNumber     string            `json:"id_number"` // 18 characters where valid, else as written
	Birth        string            `json:"birth"`
	Sex          string            `json:"sex"`
	Village      string            `json:"village"` // 12 digits; "" unknown
	HouseholdKey string            `json:"household_key"`
	Relation     string            `json:"relation"`
	CaseKey      string            `json:"case_key"`
	Data         map[string]string `json:"data"`
}

// Masked gives a copy without readable numbers, days of birth and phones.
func (r Record) Masked() Record {
	r.IDNumber, r.Birth = maskAs(playbook.KindIDNumber, r.IDNumber), ""
	data := make(map[string]string, len(r.Data))
	for code, v := range r.Data {
		data[code] = maskAs(playbook.Identity[code], v)
	}
	r.Data = data
	return r
}

func mayRead(actor authz.Actor) error { return actor.Require(authz.MatchRead) }
