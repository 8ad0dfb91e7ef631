package region

import (
	"context"
	"errors"
	"math"

	"ruhu/internal/db"
	"ruhu/internal/errs"
)

// Region is a place with its name.
type Region struct {
	Code   Code   `json:"code"`
	Name   string `json:"name"`
	Level  string `json:"level"`
	Parent Code   `json:"parent"`
	// Where it is: WGS 84, degrees; nil is not known.
	Lat *float64 `json:"lat,omitempty"`
	Lon *float64 `json:"lon,omitempty"`
}

// Named makes the Region of a code.
func Named(c Code, name string) Region {
	return Region{Code: c, Name: name, Level: c.Level().String(), Parent: c.Parent()}
}

// Service keeps the places. Regions are reference data: reading is free for everybody of the county, so the methods take no
// actor; who may write is decided at the edge.
type Service struct{ d *db.DB }

// NewService makes a Service over d.
func NewService(d *db.DB) *Service { return &Service{d} }

// List gives under and every place in it, in the order of codes.
func (s *Service) List(ctx context.Context, under Code) ([]Region, error) {
	var out []Region
	err := s.d.View(ctx, func(tx *db.Tx) (err error) {
		out, err = listTx(ctx, tx, under)
		return err
	})
	return out, err
}

// Get gives one place. Returns NotFound "region.not_found".
func (s *Service) Get(ctx context.Context, c Code) (Region, error) {
	var r Region
	err := s.d.View(ctx, func(tx *db.Tx) (err error) {
		r, err = GetTx(ctx, tx, c)
		return err
	})
	return r, err
}

// Put writes places, adding or renaming. A place must have its parent, in the table or in the same call.
// Positions that are not given stay. Returns Invalid "region.code", "region.name", "region.no_parent", "region.position".
func (s *Service) Put(ctx context.Context, rs []Region) error {
	return s.d.Update(ctx, func(tx *db.Tx) error { return PutTx(ctx, tx, rs) })
}

// PutTx is Put in a running transaction.
func PutTx(ctx context.Context, tx *db.Tx, rs []Region) error {
	here := map[Code]bool{}
	for _, r := range rs {
		if !r.Code.Valid() {
			return errs.Invalid.New("region.code", "code", string(r.Code))
		}
		if r.Name == "" || len(r.Name) > 200 {
			return errs.Invalid.New("region.name", "code", string(r.Code))
		}
		if (r.Lat == nil) != (r.Lon == nil) || r.Lat != nil && !(math.Abs(*r.Lat) <= 90 && math.Abs(*r.Lon) <= 180) {
			return errs.Invalid.New("region.position", "code", string(r.Code))
		}
		here[r.Code] = true
	}
	var missing []Code
	for _, r := range rs {
		if p := r.Code.Parent(); p != "" && !here[p] {
			missing = append(missing, p)
		}
	}
	names, err := NamesTx(ctx, tx, missing)
	if err != nil {
		return err
	}
	for _, p := range missing {
		if _, ok := names[p]; !ok {
			return errs.Invalid.New("region.no_parent", "code", string(p))
		}
	}
	return putTx(ctx, tx, rs)
}

// GetTx is Get in a running transaction.
func GetTx(ctx context.Context, tx *db.Tx, c Code) (Region, error) {
	r, err := scanRegion(tx.QueryRow(ctx, selectOne, c.County(), c).Scan)
	if errors.Is(err, db.ErrNoRows) {
		return r, errs.NotFound.New("region.not_found", "code", string(c))
	}
	return r, err
}
