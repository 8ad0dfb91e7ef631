package earlier

import (
	"context"
	"sync"

	"ruhu/internal/assign"
	"ruhu/internal/authz"
	"ruhu/internal/blob"
	"ruhu/internal/db"
	"ruhu/internal/device"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/job"
	"ruhu/internal/survey"
)

// EventAsked is emitted when a phone has asked for a form that nobody has looked through.
const EventAsked = "earlier.asked"

// Service tells phones what earlier rounds saw. It is safe for many goroutines.
type Service struct {
	d       *db.DB
	bus     *job.Bus
	surveys *survey.Service
	assigns *assign.Service
	blobs   *blob.Store
	asked   sync.Map // county and key → db.Time: when it was last asked for, by this process
}

// NewService makes a Service.
func NewService(d *db.DB, bus *job.Bus, surveys *survey.Service, assigns *assign.Service, blobs *blob.Store) *Service {
	return &Service{d: d, bus: bus, surveys: surveys, assigns: assigns, blobs: blobs}
}

// Listen makes the service look through the forms that are asked for.
func (s *Service) Listen() { s.bus.Outside("earlier.look", 8, s.work, EventAsked) }

// Carried tells a phone what earlier rounds saw at the households that its owner's team still has to visit, those of the next days first. Making is
// true while forms are looked through: who asks again later is told more. Returns Forbidden, NotFound "device.not_found", Conflict
// "device.given_up".
func (s *Service) Carried(ctx context.Context, actor authz.Actor, dev string) (houses []Sight, making bool, err error) {
	if err := actor.Require(authz.FieldUse); err != nil {
		return nil, false, err
	}
	if dev, err = id.Parse(dev); err != nil {
		return nil, false, errs.NotFound.New("device.not_found", "id", "")
	}
	var open []key
	err = s.d.View(ctx, func(tx *db.Tx) error {
		if err := device.InUseTx(ctx, tx, actor, dev); err != nil {
			return err
		}
		c, err := s.carryTx(ctx, tx, actor)
		houses, open, making = c.houses, c.open, c.making
		return err
	})
	if err == nil {
		err = s.ask(ctx, actor.County, open)
	}
	return houses, making, err
}

// Picture gives a small picture of an assignment by its digest, if Carried would. Returns Forbidden, NotFound "device.not_found", "blob.not_found",
// Conflict "device.given_up".
func (s *Service) Picture(ctx context.Context, actor authz.Actor, dev, assignment string, d blob.Digest) ([]byte, error) {
	none := errs.NotFound.New("blob.not_found")
	if err := actor.Require(authz.FieldUse); err != nil {
		return nil, err
	}
	assignment, err := id.Parse(assignment)
	if err != nil || !d.Valid() {
		return nil, none
	}
	var ours bool
	err = s.d.View(ctx, func(tx *db.Tx) error {
		a, err := s.assigns.OfMemberTx(ctx, tx, actor, assignment)
		if err != nil {
			return err
		}
		if dev, err = id.Parse(dev); err != nil {
			return errs.NotFound.New("device.not_found", "id", "")
		}
		if err := device.InUseTx(ctx, tx, actor, dev); err != nil {
			return err
		}
		ours, err = shownTx(ctx, tx, a, d)
		return err
	})
	if err != nil {
		return nil, err
	}
	if !ours {
		return nil, none
	}
	return s.read(d)
}
