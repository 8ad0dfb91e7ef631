package assign

import (
	"ruhu/internal/account"
	"ruhu/internal/db"
	"ruhu/internal/job"
	"ruhu/internal/roster"
	"ruhu/internal/survey"
)

// Service forms teams, plans visits and keeps their states.
type Service struct {
	d        *db.DB
	bus      *job.Bus
	surveys  *survey.Service
	accounts *account.Service
}

// NewService makes a Service and registers what the gates of stages ask of teams and visits (see gate.go).
func NewService(d *db.DB, bus *job.Bus, surveys *survey.Service, accounts *account.Service) *Service {
	s := &Service{d: d, bus: bus, surveys: surveys, accounts: accounts}
	s.registerGates()
	bus.Inside(roster.EventChanged, s.onRosterChanged)
	return s
}
