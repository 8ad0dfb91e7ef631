package sampling

import (
	"bytes"
	"context"
	"fmt"
	"io"

	"ruhu/internal/authz"
	"ruhu/internal/blob"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/job"
	"ruhu/internal/survey"
)

// Service keeps draws.
type Service struct {
	d     *db.DB
	bus   *job.Bus
	blobs *blob.Store
}

// NewService makes a Service and registers the gate sample_drawn with surveys.
func NewService(d *db.DB, bus *job.Bus, surveys *survey.Service, blobs *blob.Store) *Service {
	surveys.RegisterGate(survey.GateSampleDrawn, func(ctx context.Context, tx *db.Tx, c survey.Campaign) ([]*errs.Error, error) {
		if !c.Plan.Sampling.Sampled() {
			return nil, nil
		}
		_, drawn, err := currentTx(ctx, tx, c)
		if err != nil || drawn {
			return nil, err
		}
		return []*errs.Error{errs.Conflict.New("sampling.gate_undrawn")}, nil
	})
	return &Service{d: d, bus: bus, blobs: blobs}
}

// managedTx is the campaign, if the actor may draw for it.
func managedTx(ctx context.Context, tx *db.Tx, actor authz.Actor, campaign string) (survey.Campaign, error) {
	c, err := survey.VisibleTx(ctx, tx, actor, campaign)
	switch {
	case err != nil:
		return c, err
	case !actor.Sees(c.Region):
		return c, errs.Forbidden.New("authz.forbidden", "action", string(authz.SamplingManage))
	case c.State == survey.Closed:
		return c, errs.Conflict.New("survey.closed")
	case !c.Plan.Sampling.Sampled():
		return c, errs.Conflict.New("sampling.census")
	}
	return c, nil
}

// manages reports whether the actor may see a draw before it is published.
func manages(actor authz.Actor, c survey.Campaign) bool {
	return actor.Can(authz.SamplingManage) && actor.Sees(c.Region)
}

// currentTx gives the id of the draw that counts.
func currentTx(ctx context.Context, tx *db.Tx, c survey.Campaign) (id string, drawn bool, err error) {
	ids, err := db.List(ctx, tx, func(scan func(...any) error) (string, error) {
		var id string
		err := scan(&id)
		return id, err
	}, selectCurrent, c.County, c.ID)
	if err != nil || len(ids) == 0 {
		return "", false, err
	}
	return ids[0], true, nil
}

// SelectedTx gives the ids of the households of the campaign's draw that are visited: the selected ones and the replacements in use,
// without those that are gone. sampled is false when the playbook has no design: then everybody is visited. Before the draw, and in a
// campaign with a design, ids is empty: nobody is visited yet.
func SelectedTx(ctx context.Context, tx *db.Tx, c survey.Campaign) (ids map[string]bool, sampled bool, err error) {
	if !c.Plan.Sampling.Sampled() {
		return nil, false, nil
	}
	ids = map[string]bool{}
	draw, drawn, err := currentTx(ctx, tx, c)
	if err != nil || !drawn {
		return ids, true, err
	}
	err = tx.Query(ctx, selectVisited, []any{c.County, draw}, func(scan func(...any) error) error {
		var id string
		err := scan(&id)
		ids[id] = true
		return err
	})
	return ids, true, err
}

// UnitsTx gives every household of the campaign's draw with its design weight, the reserve included; nothing before the draw.
func UnitsTx(ctx context.Context, tx *db.Tx, c survey.Campaign) ([]Unit, error) {
	draw, drawn, err := currentTx(ctx, tx, c)
	if err != nil || !drawn {
		return nil, err
	}
	lo, hi := c.Region.Range()
	return db.List(ctx, tx, scanUnit, selectUnits, c.County, draw, lo, hi)
}

// maxFile bounds frames and samples, in bytes: five million households.
const maxFile = 512 << 20

func (s *Service) put(ctx context.Context, raw []byte) (string, error) {
	d, _, err := s.blobs.Put(ctx, bytes.NewReader(raw), maxFile, "")
	return string(d), err
}

func (s *Service) get(digest string) ([]byte, error) {
	f, err := s.blobs.Open(blob.Digest(digest))
	if err != nil {
		return nil, fmt.Errorf("open a file of a draw: %w", err)
	}
	defer func() { _ = f.Close() }()
	return io.ReadAll(f)
}
