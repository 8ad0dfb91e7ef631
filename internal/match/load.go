package match

import (
	"context"
	"io"
	"log/slog"

	"ruhu/internal/audit"
	"ruhu/internal/authz"
	"ruhu/internal/blob"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/job"
	"ruhu/internal/survey"
)

// loadTask is the payload of match.load.
type loadTask struct {
	Register string      `json:"register"`
	Actor    authz.Actor `json:"actor"`
}

// rowsPerTx is how many records are written in one transaction: some 20 ms on SQLite, where all writers wait for one another.
const rowsPerTx = 1000

// Load starts loading a register with this mapping, which the county remembers for the kind. It returns at once; the register's state tells
// how it went. When the current register has the same file and the same mapping, nothing is loaded: this one is forgotten and the current one
// given back. skipBroken leaves rows with mistakes out instead of refusing the file.
// Returns Forbidden, NotFound "match.no_register", Invalid as of Mapping.check, Conflict "match.state" when it is loading or loaded.
func (s *Service) Load(ctx context.Context, actor authz.Actor, register string, m Mapping, skipBroken bool, lang string) (Register, error) {
	if err := actor.Require(authz.MatchImport); err != nil {
		return Register{}, err
	}
	r, c, err := s.one(ctx, actor, register)
	if err != nil {
		return Register{}, err
	}
	kind, err := kindOf(c, r.Kind)
	if err != nil {
		return Register{}, err
	}
	if err := m.check(kind, lang); err != nil {
		return Register{}, err
	}
	var out Register
	err = s.d.Update(ctx, func(tx *db.Tx) error {
		if _, err := importTx(ctx, tx, actor, r.Campaign); err != nil {
			return err
		}
		current, ok, err := CurrentTx(ctx, tx, r.County, r.Campaign, r.Kind)
		if err != nil {
			return err
		}
		if ok && current.Digest == r.Digest && current.Mapping.same(m) && current.SkipBroken == skipBroken {
			out = current
			_, err := tx.Exec(ctx, deleteRegister, r.County, r.ID) // no row when it is the current one itself
			return err
		}
		n, err := tx.Exec(ctx, updateStart, r.County, r.ID, db.AsJSON(m.bare()), skipBroken, db.AsJSON[*storedError](nil))
		if err != nil {
			return err
		}
		if n == 0 {
			return errs.Conflict.New("match.state")
		}
		if err := saveTx(ctx, tx, r.County, r.Kind, m); err != nil {
			return err
		}
		if err := audit.Write(ctx, tx, actor, audit.Entry{
			Action: "match.load", Campaign: r.Campaign, Object: "register", ObjectID: r.ID, Place: c.Region,
			Detail: map[string]any{"kind": r.Kind, "file": r.FileName, "digest": string(r.Digest), "leave_out_broken_rows": skipBroken},
		}); err != nil {
			return err
		}
		if out, err = registerTx(ctx, tx, r.County, r.ID); err != nil {
			return err
		}
		return s.bus.Emit(ctx, tx, r.County, EventLoad, loadTask{r.ID, actor})
	})
	return out, err
}

// onLoad loads. It may run again after a crash: what the first run wrote is removed before.
func (s *Service) onLoad(ctx context.Context, b *job.Batch) error {
	for _, ev := range b.Events {
		task, err := job.Decode[loadTask](ev)
		if err != nil {
			return err
		}
		var r Register
		var c survey.Campaign
		err = s.d.View(ctx, func(tx *db.Tx) error {
			if r, err = registerTx(ctx, tx, ev.County, task.Register); err == nil {
				c, err = survey.CampaignTx(ctx, tx, ev.County, r.Campaign)
			}
			return err
		})
		if err != nil {
			return err
		}
		if r.State != Loading {
			continue
		}
		if err := s.load(ctx, task.Actor, c, r); err != nil {
			return err
		}
	}
	return nil
}

// load writes the rows of a register and makes it current, or marks it failed. An error is one that another try may mend.
func (s *Service) load(ctx context.Context, actor authz.Actor, c survey.Campaign, r Register) error {
	if err := s.clear(ctx, r); err != nil {
		return err
	}
	rep, left, err := s.write(ctx, c, r)
	if _, known := errs.As(err); err != nil && !known || errs.Is(err, errs.Unavailable) {
		return err
	}
	if err == nil && rep.Broken > 0 && !r.SkipBroken {
		err = errs.Invalid.New("match.broken_rows", "count", rep.Broken)
	}
	if err == nil && rep.Rows == rep.Broken {
		err = errs.Invalid.New("match.no_rows")
	}
	if err != nil {
		if cerr := s.clear(ctx, r); cerr != nil {
			return cerr
		}
		failure := store(err)
		slog.InfoContext(ctx, "register not loaded", slog.String("register", r.ID), slog.String("code", failure.Code))
		return s.d.Update(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, updateFailed, r.County, r.ID, db.AsJSON(rep), db.AsJSON(failure))
			return err
		})
	}
	return s.d.Update(ctx, func(tx *db.Tx) error { return s.finishTx(ctx, tx, actor, c, r, rep, left) })
}

// finishTx makes a register current: the one small transaction in which everybody begins to see it.
func (s *Service) finishTx(ctx context.Context, tx *db.Tx, actor authz.Actor, c survey.Campaign, r Register, rep *Report, left blob.Digest) error {
	rows := rep.Rows - rep.Broken
	n, err := tx.Exec(ctx, updateCurrent, r.County, r.ID, tx.Now(), rows, rep.Broken, string(left), db.AsJSON(rep))
	if err != nil || n == 0 { // another process was quicker
		return err
	}
	if _, err := tx.Exec(ctx, supersede, r.County, r.Campaign, r.Kind, r.ID); err != nil {
		return err
	}
	if err := s.bus.Emit(ctx, tx, r.County, EventLoaded, Loaded{r.Campaign, r.ID, r.Kind, rows}); err != nil {
		return err
	}
	return audit.Write(ctx, tx, actor, audit.Entry{
		Action: "match.loaded", Campaign: r.Campaign, Object: "register", ObjectID: r.ID, Place: c.Region,
		Detail: map[string]any{"kind": r.Kind, "rows": rows, "left_out": rep.Broken},
	})
}

// write reads the file and writes its sound rows. left is the digest of the list of those left out.
func (s *Service) write(ctx context.Context, c survey.Campaign, r Register) (rep *Report, left blob.Digest, err error) {
	kind, err := kindOf(c, r.Kind)
	if err != nil {
		return nil, "", err
	}
	places, err := s.places(ctx, c)
	if err != nil {
		return nil, "", err
	}
	b, done, err := s.open(r.Digest)
	if err != nil {
		return nil, "", err
	}
	defer done()
	batch := make([]Record, 0, rowsPerTx)
	flush := func() error {
		if len(batch) == 0 {
			return nil
		}
		err := s.d.Update(ctx, func(tx *db.Tx) error {
			if err := insertTx(ctx, tx, r.County, r.ID, batch); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, updateRows, r.County, r.ID, batch[len(batch)-1].N)
			return err
		})
		batch = batch[:0]
		return err
	}
	sink := func(rec Record) error {
		if batch = append(batch, rec); len(batch) == rowsPerTx {
			return flush()
		}
		return nil
	}
	if !r.SkipBroken {
		rep, err = read(ctx, b, kind, places, r.Mapping, sink, nil)
	} else {
		rep, left, err = s.writeAndList(ctx, func(l *leftOut) (*Report, error) { return read(ctx, b, kind, places, r.Mapping, sink, l) })
	}
	if err == nil {
		err = flush()
	}
	return rep, left, err
}

// writeAndList runs fn with a list that goes to the blob store; left is "" when nothing was left out.
func (s *Service) writeAndList(ctx context.Context, fn func(*leftOut) (*Report, error)) (rep *Report, left blob.Digest, err error) {
	in, out := io.Pipe()
	type put struct {
		d   blob.Digest
		err error
	}
	stored := make(chan put, 1)
	go func() {
		d, _, err := s.blobs.Put(ctx, in, 2*MaxFile, "")
		_ = in.CloseWithError(err) // whoever writes must not wait for ever
		stored <- put{d, err}
	}()
	l, err := newLeftOut(out)
	if err == nil {
		rep, err = fn(l)
	}
	if err == nil {
		err = l.close()
	}
	_ = out.CloseWithError(err) // nil is the end of the file
	p := <-stored
	if err == nil {
		err = p.err
	}
	if err == nil && l.n > 0 {
		left = p.d
	}
	return rep, left, err
}

// clear removes rows of a register that is not current, a few at a time.
func (s *Service) clear(ctx context.Context, r Register) error {
	last := 0
	if err := s.d.View(ctx, func(tx *db.Tx) error { return tx.QueryRow(ctx, lastRecord, r.County, r.ID).Scan(&last) }); err != nil {
		return err
	}
	for from := 0; from < last; from += rowsPerTx {
		if err := s.d.Update(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, deleteRecords, r.County, r.ID, from, from+rowsPerTx)
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}

// LeftOut opens the list of rows that were left out (CSV with the file's values). The caller closes it; who reads it is recorded. Returns
// Forbidden (the role needs roster.pii, too), NotFound "match.no_register", "match.no_left_out".
func (s *Service) LeftOut(ctx context.Context, actor authz.Actor, register string) (io.ReadCloser, error) {
	if err := actor.Require(authz.MatchImport); err != nil {
		return nil, err
	}
	if err := actor.Require(authz.RosterPII); err != nil {
		return nil, err
	}
	r, _, err := s.one(ctx, actor, register)
	if err != nil {
		return nil, err
	}
	if r.LeftOutFile == "" {
		return nil, errs.NotFound.New("match.no_left_out")
	}
	if err := s.d.Update(ctx, func(tx *db.Tx) error {
		if _, err := importTx(ctx, tx, actor, r.Campaign); err != nil {
			return err
		}
		return audit.Write(ctx, tx, actor, audit.Entry{Action: "match.read_left_out", Campaign: r.Campaign, Object: "register", ObjectID: r.ID})
	}); err != nil {
		return nil, err
	}
	return s.blobs.Open(r.LeftOutFile)
}
