package listing

import (
	"context"
	"strings"

	"ruhu/internal/audit"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/region"
	"ruhu/internal/roster"
)

// Mergers lists the mergers of the actor's county.
func (s *Service) Mergers(ctx context.Context, actor authz.Actor) ([]region.Merger, error) {
	if err := actor.Require(authz.RegionRead); err != nil {
		return nil, err
	}
	var out []region.Merger
	err := s.d.View(ctx, func(tx *db.Tx) (err error) {
		out, err = region.MergersTx(ctx, tx, actor.County)
		return err
	})
	return out, err
}

// Merge records that a village was merged into another, under an id made by the client: surveys go on by the old village (S4.1), every
// household also carries the new one. Returns Forbidden, NotFound "region.not_found", and the errors of region.MergeTx.
func (s *Service) Merge(ctx context.Context, actor authz.Actor, m region.Merger) ([]region.Merger, error) {
	if err := actor.Require(authz.RegionManage); err != nil {
		return nil, err
	}
	var err error
	if m.ID, err = id.Parse(m.ID); err != nil {
		return nil, err
	}
	for _, c := range []region.Code{m.Old, m.New} {
		if !actor.Sees(c) {
			return nil, errs.NotFound.New("region.not_found", "code", string(c))
		}
	}
	m.Document, m.ByName = strings.TrimSpace(m.Document), actor.Name
	var out []region.Merger
	err = s.d.Update(ctx, func(tx *db.Tx) error {
		if err := region.MergeTx(ctx, tx, m); err != nil {
			return err
		}
		out, err = spreadTx(ctx, tx, actor, m, "region.merge")
		return err
	})
	return out, err
}

// Unmerge takes a merger back while nothing depends on it. Returns Forbidden, NotFound "region.no_merger", Conflict "region.merger_needed" (a
// later merger), "listing.merger_used" (number; households came in under the new code since).
func (s *Service) Unmerge(ctx context.Context, actor authz.Actor, key string) ([]region.Merger, error) {
	if err := actor.Require(authz.RegionManage); err != nil {
		return nil, err
	}
	key, err := id.Parse(key)
	if err != nil {
		return nil, err
	}
	var out []region.Merger
	err = s.d.Update(ctx, func(tx *db.Tx) error {
		m, err := region.UnmergeTx(ctx, tx, actor.County, key)
		if err != nil {
			return err
		}
		if !actor.Sees(m.Old) || !actor.Sees(m.New) {
			return errs.NotFound.New("region.no_merger")
		}
		n, err := roster.AddedSinceTx(ctx, tx, actor.County, m.New, m.At)
		if err != nil {
			return err
		}
		if n > 0 {
			return errs.Conflict.New("listing.merger_used", "number", n)
		}
		out, err = spreadTx(ctx, tx, actor, m, "region.unmerge")
		return err
	})
	return out, err
}

// spreadTx brings every household's present village up to date and writes the decision down.
func spreadTx(ctx context.Context, tx *db.Tx, actor authz.Actor, m region.Merger, action string) ([]region.Merger, error) {
	ms, err := region.MergersTx(ctx, tx, actor.County)
	if err != nil {
		return nil, err
	}
	old := []region.Code{m.Old}
	for _, x := range ms {
		old = append(old, x.Old)
	}
	if err := roster.SetNowTx(ctx, tx, actor.County, ms, old); err != nil {
		return nil, err
	}
	return ms, audit.Write(ctx, tx, actor, audit.Entry{
		Action: action, Object: "merger", ObjectID: m.ID, Place: m.Old, Detail: map[string]any{"old": m.Old, "new": m.New, "day": m.Day, "document": m.Document},
	})
}
