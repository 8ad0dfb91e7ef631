package paper

import (
	"context"
	"io"
	"log/slog"
	"os"

	"ruhu/internal/blob"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/job"
)

// work makes one file. A failure is written to the file and not tried again: whoever waits sees it and decides.
func (s *Service) work(ctx context.Context, b *job.Batch) error {
	for _, ev := range b.Events {
		asked, err := job.Decode[Asked](ev)
		if err != nil {
			return err
		}
		if err := s.make(ctx, ev.County, asked); err != nil {
			return err
		}
	}
	return nil
}

// make returns an error only when the outcome could not be written, or the program stops.
func (s *Service) make(ctx context.Context, county string, asked Asked) error {
	var j Job
	err := s.d.View(ctx, func(tx *db.Tx) (err error) {
		j, err = jobTx(ctx, tx, county, asked.Job)
		return err
	})
	if err != nil {
		return err
	}
	if asked.N < 0 || asked.N >= len(j.Files) {
		return errs.NotFound.New("paper.not_found", "id", asked.Job)
	}
	f := j.Files[asked.N]
	if f.State != Queued && f.State != Building && f.State != Printing {
		return nil // done before, or taken back
	}
	p := &progress{s: s, ctx: ctx, county: county, job: j.ID, n: f.N}
	digest, size, err := s.produce(ctx, j, f, p)
	if err != nil && ctx.Err() != nil {
		return err // the program stops: the task is taken up again
	}
	var e *errs.Error
	if err != nil {
		known, ok := errs.As(err)
		if !ok {
			known = errs.Internal.Wrap(err, "paper.failed")
		}
		e = known
		slog.WarnContext(ctx, "print failed", slog.String("job", j.ID), slog.Int("file", f.N), slog.Any("error", err))
	}
	return s.end(ctx, j, f, digest, size, e)
}

func (s *Service) end(ctx context.Context, j Job, f File, digest blob.Digest, size int64, e *errs.Error) error {
	var kept int64
	err := s.d.Update(ctx, func(tx *db.Tx) (err error) {
		state, code, fields, done := Ready, "", map[string]any{}, f.Total
		var expires db.Time
		if e == nil {
			expires = tx.Now().Add(keepFor)
		} else {
			state, code, done = Failed, e.Code, 0
			if e.Fields != nil {
				fields = e.Fields
			}
		}
		kept, err = tx.Exec(ctx, updateEnd, j.County, j.ID, f.N, string(state), done, code, db.AsJSON(fields), string(digest), size, tx.Now(), expires)
		return err
	})
	if err == nil && kept == 0 { // it was taken back meanwhile
		s.forget(ctx, string(digest))
	}
	return err
}

// produce lays the file out, prints it and stores it.
func (s *Service) produce(ctx context.Context, j Job, f File, p *progress) (blob.Digest, int64, error) {
	doc, err := s.document(ctx, j, f, p)
	if err != nil {
		return "", 0, err
	}
	if err := p.set(Printing, f.Total); err != nil {
		return "", 0, err
	}
	tmp, err := os.CreateTemp("", "ruhu-paper-")
	if err != nil {
		return "", 0, err
	}
	defer func() {
		_ = tmp.Close()
		_ = os.Remove(tmp.Name()) // it has been copied into the store
	}()
	if _, err := s.printer.Print(ctx, doc.print(), tmp); err != nil {
		return "", 0, err
	}
	if _, err := tmp.Seek(0, io.SeekStart); err != nil {
		return "", 0, err
	}
	return s.files.Put(ctx, tmp, maxPDF, "")
}

// progress writes how far a file is.
type progress struct {
	s           *Service
	ctx         context.Context //nolint:containedctx // of one call of work
	county, job string
	n           int
}

func (p *progress) set(state State, done int) error {
	return p.s.d.Update(p.ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(p.ctx, updateState, p.county, p.job, p.n, string(state), done)
		return err
	})
}
