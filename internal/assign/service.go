package assign

import (
	"ruhu/internal/account"
	"ruhu/internal/calendar"
	"ruhu/internal/db"
	"ruhu/internal/job"
	"ruhu/internal/roster"
	"ruhu/internal/sampling"
	"ruhu/internal/survey"
)

// Service forms teams, plans visits and keeps their states.
type Service struct {
	d        *db.DB
	bus      *job.Bus
	surveys  *survey.Service
	accounts *account.Service
	cal      *calendar.Calendar
}

// NewService makes a Service and registers what the gates of stages ask of teams and visits (see gate.go). cal says which days are working
// days; nil is the official calendar.
func NewService(d *db.DB, bus *job.Bus, surveys *survey.Service, accounts *account.Service, cal *calendar.Calendar) *Service {
	if cal == nil {
		cal = calendar.Official()
	}
	s := &Service{d: d, bus: bus, surveys: surveys, accounts: accounts, cal: cal}
	s.registerGates()
	bus.Inside(survey.EventFormPublished, s.onFormPublished)
	bus.Inside(roster.EventChanged, s.onRosterChanged)
	bus.Inside(sampling.EventDrawn, s.onSampleDrawn)
	bus.Inside(sampling.EventReplaced, s.onSampleReplaced)
	return s
}
