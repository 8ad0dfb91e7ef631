package paper

import (
	"slices"
	"time"

	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/docgen"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/region"
)

// Kind says what is printed.
type Kind string

// The kinds.
const (
	Forms    Kind = "forms"    // prefilled questionnaires of households
	Blank    Kind = "blank"    // empty questionnaires of one form
	Roster   Kind = "roster"   // household list of each village
	Listing  Kind = "listing"  // what the listing shows, with columns to tick (S4.3)
	Frozen   Kind = "frozen"   // household list of each frozen village, with the digest that stands for it
	Worklist Kind = "worklist" // visits of teams by day
)

// needs are the actions that a kind asks for besides paper.print.
var needs = map[Kind][]authz.Action{
	Forms: {authz.RosterRead}, Blank: {}, Roster: {authz.RosterRead}, Listing: {authz.RosterRead, authz.ListingRead},
	Frozen: {authz.RosterRead}, Worklist: {authz.RosterRead, authz.AssignRead},
}

// Ask is what somebody wants printed. Empty filters do not narrow.
type Ask struct {
	Kind       Kind         `json:"kind"`
	Village    region.Code  `json:"village"` // a village, or a township
	Team       string       `json:"team"`
	Day        db.Date      `json:"day"` // of the visit
	Households []string     `json:"households"`
	Form       string       `json:"form"`   // Blank: code of the form
	Copies     int          `json:"copies"` // Blank
	Sides      docgen.Sides `json:"sides"`  // 0 two-sided, 1 one-sided
	Lang       string       `json:"lang"`   // zh or en
}

// Limits of one job and one file.
const (
	MaxHouseholds = 2000
	MaxCopies     = 50
	formsPerFile  = 200 // about 800 pages, for which the browser takes 1.8 GB
	rowsPerFile   = 3000
	keepFor       = 24 * time.Hour
	spareRows     = 3 // empty rows below known members
	listingSpare  = 12
	maxPDF        = 512 << 20
)

func (a *Ask) check() error {
	if _, ok := needs[a.Kind]; !ok {
		return errs.Invalid.New("paper.kind", "field", "kind")
	}
	if a.Lang != "en" {
		a.Lang = "zh"
	}
	if a.Sides != docgen.OneSided {
		a.Sides = docgen.TwoSided
	}
	if a.Village != "" {
		if _, err := region.Parse(string(a.Village)); err != nil {
			return err
		}
	}
	if a.Day != "" {
		if _, err := db.ParseDate(string(a.Day)); err != nil {
			return errs.Invalid.New("paper.day", "field", "day")
		}
	}
	if a.Team != "" {
		t, err := id.Parse(a.Team)
		if err != nil {
			return err
		}
		a.Team = t
	}
	if len(a.Households) > MaxHouseholds {
		return errs.TooLarge.New("paper.too_many", "count", len(a.Households), "limit", MaxHouseholds)
	}
	for i, h := range a.Households {
		p, err := id.Parse(h)
		if err != nil {
			return err
		}
		a.Households[i] = p
	}
	slices.Sort(a.Households)
	a.Households = slices.Compact(a.Households)
	if a.Kind == Blank && (a.Copies < 1 || a.Copies > MaxCopies) {
		return errs.Invalid.New("paper.copies", "field", "copies", "limit", MaxCopies)
	}
	return nil
}

// State of a file.
type State string

// The states; see the package comment.
const (
	Queued   State = "queued"
	Building State = "building"
	Printing State = "printing"
	Ready    State = "ready"
	Failed   State = "failed"
	Gone     State = "gone"
)

// File is one PDF of a job: the forms of a village or a part of them, or lists with a section per village or team.
type File struct {
	N         int
	Name      string
	State     State
	Done      int // households laid out
	Total     int
	Err       *errs.Error // why it failed
	Size      int64
	EndedAt   db.Time
	ExpiresAt db.Time

	households []string
	digest     string
}

// Job is one print.
type Job struct {
	ID         string
	County     string
	Campaign   string
	Ask        Ask
	Base       string
	OpenPII    bool
	Households int
	CreatedAt  db.Time
	Files      []File
	actor      authz.Actor
}

// State sums the files up: failed when one failed and none is under way, gone when all are.
func (j Job) State() State {
	count := map[State]int{}
	for _, f := range j.Files {
		count[f.State]++
	}
	switch {
	case count[Printing]+count[Building] > 0:
		return Printing
	case count[Queued] > 0 && count[Ready] > 0:
		return Printing
	case count[Queued] > 0:
		return Queued
	case count[Failed] > 0:
		return Failed
	case count[Ready] > 0:
		return Ready
	}
	return Gone
}

// Asked is the payload of paper.asked: one file is to be made.
type Asked struct {
	Job string `json:"job"`
	N   int    `json:"n"`
}

// EventAsked is the event.
const EventAsked = "paper.asked"
