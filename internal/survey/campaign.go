package survey

import (
	"slices"
	"time"

	"ruhu/internal/db"
	"ruhu/internal/playbook"
	"ruhu/internal/region"
)

// The states of a campaign.
const (
	Planned = "planned"
	Running = "running"
	Closed  = "closed"
)

// Campaign is one survey run.
type Campaign struct {
	ID         string
	County     string
	Region     region.Code // township or county
	RegionName string
	Playbook   string             // id
	Plan       *playbook.Playbook // as it was when the campaign was made; its forms carry no XForm text, see Service.Form
	Title      string
	StartsOn   db.Date
	Zone       *time.Location
	State      string // Planned, Running, Closed
	Stage      string // code of the present stage; "" while planned
	Stages     []Stage
	Forms      []FormRef
}

// Stage is a period of the campaign with its own dates, both included.
type Stage struct {
	Code     string
	Title    playbook.Text
	From, To db.Date
	State    string // done, now, next
	Gates    []string
}

// FormRef names the version of a form that the campaign uses.
type FormRef struct {
	Code    string
	Title   playbook.Text
	Version string
	Hash    string   // SHA-256 of the XForm text, hex
	Classes []string // household classes it is for
}

// FormFor gives the form for a household class; false when the campaign does not visit that class.
func (c Campaign) FormFor(class string) (FormRef, bool) {
	for _, f := range c.Forms {
		if slices.Contains(f.Classes, class) {
			return f, true
		}
	}
	return FormRef{}, false
}

// VisitStage is the stage in which households are visited: the one that can't be left before all are (gate all_visited).
func (c Campaign) VisitStage() (Stage, bool) {
	for _, s := range c.Stages {
		if slices.Contains(s.Gates, GateAllVisited) {
			return s, true
		}
	}
	return Stage{}, false
}

// Day gives the campaign's day for a day of the playbook, such as the last day of the ledger; "" for none.
func (c Campaign) Day(d playbook.Date) db.Date {
	if d.IsZero() {
		return ""
	}
	return shift(d, c.Plan.Start(), c.StartsOn)
}

// Today is the calendar day of now in the campaign's zone.
func (c Campaign) Today(now db.Time) db.Date { return db.DateOf(now.Time(), c.Zone) }

// shift moves d by as many days as lie between the playbook's first day and the campaign's.
func shift(d, start playbook.Date, startsOn db.Date) db.Date {
	days := int(d.Sub(start.Time).Hours() / 24)
	return startsOn.AddDays(days)
}

// setStages works out the stages from plan, first day and present stage.
func (c *Campaign) setStages() {
	c.Zone = c.Plan.Location()
	c.Stages = make([]Stage, len(c.Plan.Stages))
	now := slices.IndexFunc(c.Plan.Stages, func(s playbook.Stage) bool { return s.Code == c.Stage })
	for i, p := range c.Plan.Stages {
		s := Stage{Code: p.Code, Title: p.Title, Gates: p.Gates, From: shift(p.From, c.Plan.Start(), c.StartsOn), To: shift(p.To, c.Plan.Start(), c.StartsOn), State: "next"}
		switch {
		case c.State == Closed || i < now:
			s.State = "done"
		case i == now:
			s.State = "now"
		}
		c.Stages[i] = s
	}
}
