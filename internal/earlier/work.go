package earlier

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"ruhu/internal/blob"
	"ruhu/internal/db"
	"ruhu/internal/earlier/small"
	"ruhu/internal/errs"
	"ruhu/internal/job"
	"ruhu/internal/submission"
	"ruhu/internal/survey"
)

// Asked is the payload of earlier.asked.
type Asked struct {
	Submission string `json:"submission"`
	Revision   int    `json:"revision"`
}

// work looks through forms. It may run again: nothing is made twice.
func (s *Service) work(ctx context.Context, b *job.Batch) error {
	for _, ev := range b.Events {
		a, err := job.Decode[Asked](ev)
		if err != nil {
			return err
		}
		if err := s.lookThrough(ctx, ev.County, key{a.Submission, a.Revision}); err != nil {
			return fmt.Errorf("look through submission %s: %w", a.Submission, err)
		}
	}
	return nil
}

func (s *Service) lookThrough(ctx context.Context, county string, k key) error {
	shots, err := s.shots(ctx, county, k)
	if err != nil {
		return err
	}
	for _, x := range shots {
		if x.small != nil {
			continue
		}
		m, err := s.shrink(ctx, x.original)
		if errs.Is(err, errs.NotFound) {
			continue // it may still come
		}
		if err != nil {
			return err
		}
		if err := s.d.Update(ctx, func(tx *db.Tx) error { return writeSmall(ctx, tx, county, x.original, m) }); err != nil {
			return err
		}
	}
	return nil
}

// shots gives the photographs of a revision that may be shown, from what is known or else from the form itself. A revision that does not stand
// as accepted any more has none.
func (s *Service) shots(ctx context.Context, county string, k key) ([]shot, error) {
	var f formSeen
	var known *seen
	var hash string
	err := s.d.View(ctx, func(tx *db.Tx) error {
		f, known, hash = formSeen{}, nil, ""
		was, err := seenTx(ctx, tx, county, []string{k.submission})
		if err != nil {
			return err
		}
		if x, ok := was[k]; ok {
			known = &x
			return nil
		}
		recs, err := submission.ByIDsTx(ctx, tx, county, []string{k.submission})
		if err != nil {
			return err
		}
		rec, ok := recs[k.submission]
		if !ok || rec.Revision != k.revision || rec.State != submission.StateAccepted {
			return nil
		}
		c, err := survey.CampaignTx(ctx, tx, county, rec.Campaign)
		if err != nil {
			return err
		}
		hash, f.plan, f.zone, f.at = rec.Form, c.Plan, c.Zone, rec.ReceivedAt
		if f.body, err = submission.BodyTx(ctx, tx, county, rec.ID, rec.Revision); err != nil {
			return err
		}
		revs, err := submission.RevisionsTx(ctx, tx, county, rec.ID)
		if err != nil {
			return err
		}
		f.files, err = submission.FilesTx(ctx, tx, county, rec.ID, revs, rec.Revision)
		return err
	})
	switch {
	case err != nil:
		return nil, err
	case known != nil:
		return known.shots, nil
	case hash == "":
		return nil, nil
	}
	form, err := s.surveys.Form(ctx, hash)
	if err != nil {
		return nil, err
	}
	f.form = form.X
	found := f.look()
	err = s.d.Update(ctx, func(tx *db.Tx) error {
		if err := writeSeen(ctx, tx, county, k, found); err != nil {
			return err
		}
		was, err := seenTx(ctx, tx, county, []string{k.submission}) // other forms may have the same photograph
		found = was[k]
		return err
	})
	return found.shots, err
}

// shrink makes and keeps a small picture. Returns NotFound "blob.not_found" when the photograph is not here.
func (s *Service) shrink(ctx context.Context, original blob.Digest) (made, error) {
	file, err := s.blobs.Open(original)
	if err != nil {
		return made{}, err
	}
	defer func() { _ = file.Close() }() // only read
	b, err := small.Of(file)
	if errors.Is(err, small.ErrPicture) {
		return made{}, nil
	}
	if err != nil {
		return made{}, err
	}
	d, n, err := s.blobs.Put(ctx, bytes.NewReader(b), small.MaxBytes, "")
	return made{d, n}, err
}
