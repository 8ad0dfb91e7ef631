package survey

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"ruhu/form/collect"
	"ruhu/internal/db"
)

// Handed is a form as other apps get it.
type Handed struct {
	ID      string // of the XForm
	Version string // names the form that it was made of
	XML     []byte
	Judge   string // hash of the form that arrivals are judged with; it is stored like any other
}

// Hand gives the form of that hash for other apps (package collect), made once and kept. What arrivals are judged with is stored in the county when
// it is not there yet, so that they can be judged for as long as the campaign's forms are kept. Returns NotFound "survey.no_form".
func (s *Service) Hand(ctx context.Context, county, hash string) (Handed, error) {
	key := county + hash
	if h, ok := s.handed.Load(key); ok {
		return h.(Handed), nil
	}
	f, err := s.Form(ctx, hash)
	if err != nil {
		return Handed{}, err
	}
	made, err := collect.Make(f.XML, f.Hash)
	if err != nil {
		return Handed{}, fmt.Errorf("hand out form %s: %w", hash, err)
	}
	sum := sha256.Sum256(made.Judge)
	h := Handed{ID: f.X.ID(), Version: collect.Version(f.X.Version(), f.Hash), XML: made.Client, Judge: hex.EncodeToString(sum[:])}
	err = s.d.Update(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, insertForm, county, h.Judge, f.Code, h.Version, db.AsJSON(f.Title), made.Judge, db.AsJSON(f.Problems), db.AsJSON(f.Indicators), tx.Now())
		return err
	})
	if err != nil {
		return Handed{}, err
	}
	s.handed.Store(key, h)
	return h, nil
}

// JudgeOf is JudgeOfTx in a transaction of its own.
func (s *Service) JudgeOf(ctx context.Context, county, formID, version string) (hash string, err error) {
	err = s.d.View(ctx, func(tx *db.Tx) error {
		hash, err = s.JudgeOfTx(ctx, tx, county, formID, version)
		return err
	})
	return hash, err
}

// JudgeOfTx gives the hash of the form that a record of another app is judged with, by the id and version that the record bears; "" when the county
// has handed out no such form.
func (s *Service) JudgeOfTx(ctx context.Context, tx *db.Tx, county, formID, version string) (string, error) {
	if formID == "" || version == "" {
		return "", nil
	}
	type made struct{ hash, code string }
	all, err := db.List(ctx, tx, func(scan func(...any) error) (made, error) {
		var m made
		err := scan(&m.hash, &m.code)
		return m, err
	}, selectMade, county, version)
	for _, m := range all {
		f, err := s.FormTx(ctx, tx, m.hash)
		if err != nil {
			return "", err
		}
		if f.X.ID() == formID {
			return m.hash, nil
		}
	}
	return "", err
}
