package progress

import (
	"context"
	"errors"
	"slices"

	"ruhu/internal/assign"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/job"
	"ruhu/internal/ledger"
	"ruhu/internal/region"
	"ruhu/internal/survey"
)

// Service keeps and reads the counters. It is safe for many goroutines.
type Service struct {
	d   *db.DB
	bus *job.Bus
	hub hub
}

// NewService makes a Service.
func NewService(d *db.DB, bus *job.Bus) *Service { return &Service{d: d, bus: bus} }

// Counts are the numbers of one place, team or day; see the package comment.
type Counts struct {
	Assigned        int `json:"assigned"`
	Submitted       int `json:"submitted"`
	Returned        int `json:"returned"`
	Accepted        int `json:"accepted"`
	ProblemsOpen    int `json:"problems_open"`
	ProblemsClosed  int `json:"problems_closed"`
	ProblemsOverdue int `json:"problems_overdue"`
}

func (c *Counts) add(k cell, n int, today db.Date) {
	if k.kind == kindProblem {
		if ledger.State(k.state) == ledger.Closed {
			c.ProblemsClosed += n
			return
		}
		c.ProblemsOpen += n
		if k.due < today {
			c.ProblemsOverdue += n
		}
		return
	}
	switch assign.State(k.state) {
	case assign.Open:
		c.Assigned += n
	case assign.Submitted:
		c.Assigned, c.Submitted = c.Assigned+n, c.Submitted+n
	case assign.Returned:
		c.Assigned, c.Submitted, c.Returned = c.Assigned+n, c.Submitted+n, c.Returned+n
	case assign.Done:
		c.Assigned, c.Submitted, c.Accepted = c.Assigned+n, c.Submitted+n, c.Accepted+n
	}
}

// VillageCounts is the row of a village.
type VillageCounts struct {
	Code region.Code `json:"code"`
	Name string      `json:"name"`
	Counts
}

// TeamCounts is the row of a team.
type TeamCounts struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Counts
}

// DayCounts is the row of a day.
type DayCounts struct {
	Date db.Date `json:"date"`
	Counts
}

// Progress is the whole picture of a campaign, as far as the actor sees it.
type Progress struct {
	Version   int64           `json:"version"`
	UpdatedAt db.Time         `json:"updated_at"`
	Totals    Counts          `json:"totals"`
	Villages  []VillageCounts `json:"villages"`
	Teams     []TeamCounts    `json:"teams"`
	Days      []DayCounts     `json:"days"`
}

const selectVersion = `SELECT version, updated_at FROM progress_version WHERE county = $1 AND campaign = $2`

// Get gives the progress of a campaign in the actor's region: by is village, team or day, "" for all three; the totals are always there. Returns
// Forbidden, NotFound "survey.not_found", Invalid "progress.by".
func (s *Service) Get(ctx context.Context, actor authz.Actor, campaign, by string) (Progress, error) {
	p := Progress{Villages: []VillageCounts{}, Teams: []TeamCounts{}, Days: []DayCounts{}}
	if err := actor.Require(authz.ProgressRead); err != nil {
		return p, err
	}
	if by != "" && !slices.Contains(axes[:], by) {
		return p, errs.Invalid.New("progress.by", "field", "by")
	}
	err := s.d.View(ctx, func(tx *db.Tx) error {
		c, err := survey.VisibleTx(ctx, tx, actor, campaign)
		if err != nil {
			return err
		}
		if p.Version, p.UpdatedAt, err = versionTx(ctx, tx, actor.County, campaign); err != nil {
			return err
		}
		sight, err := sightTx(ctx, tx, actor, campaign, by, c.Today(tx.Now()))
		if err != nil {
			return err
		}
		return p.fill(ctx, tx, actor.County, by, sight)
	})
	return p, err
}

// Version gives the campaign's version, 0 when nothing has happened. Returns Forbidden, NotFound "survey.not_found".
func (s *Service) Version(ctx context.Context, actor authz.Actor, campaign string) (int64, error) {
	if err := actor.Require(authz.ProgressRead); err != nil {
		return 0, err
	}
	var v int64
	err := s.d.View(ctx, func(tx *db.Tx) error {
		if _, err := survey.VisibleTx(ctx, tx, actor, campaign); err != nil {
			return err
		}
		var err error
		v, _, err = versionTx(ctx, tx, actor.County, campaign)
		return err
	})
	return v, err
}

// Watch gives a channel that holds a token after the campaign has changed in this process; stop must be called. Changes made by
// another process are not seen: a watcher also looks at Version now and then.
func (s *Service) Watch(actor authz.Actor, campaign string) (changed <-chan struct{}, stop func()) {
	return s.hub.watch(actor.County + campaign)
}

func versionTx(ctx context.Context, tx *db.Tx, county, campaign string) (v int64, at db.Time, err error) {
	err = tx.QueryRow(ctx, selectVersion, county, campaign).Scan(&v, &at)
	if errors.Is(err, db.ErrNoRows) {
		err = nil
	}
	return v, at, err
}
