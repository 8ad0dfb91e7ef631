package paper

import (
	"context"
	"log/slog"
	"os"
	"slices"

	"ruhu/internal/assign"
	"ruhu/internal/audit"
	"ruhu/internal/authz"
	"ruhu/internal/blob"
	"ruhu/internal/db"
	"ruhu/internal/docgen"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/job"
	"ruhu/internal/region"
	"ruhu/internal/survey"
)

// Service takes orders and makes the files.
type Service struct {
	d       *db.DB
	bus     *job.Bus
	surveys *survey.Service
	assigns *assign.Service
	files   *blob.Store // of prints only: they are removed again
	printer *docgen.Printer
}

// NewService makes a Service. files must be a store of its own, because prints are removed from it.
func NewService(d *db.DB, bus *job.Bus, surveys *survey.Service, assigns *assign.Service, files *blob.Store, printer *docgen.Printer) *Service {
	return &Service{d: d, bus: bus, surveys: surveys, assigns: assigns, files: files, printer: printer}
}

// Listen makes the service work on what is asked for.
func (s *Service) Listen() { s.bus.Outside("paper.print", 1, s.work, EventAsked) }

// Printer tells whether printing is possible. Returns Forbidden, and what docgen.Printer.Ready returns.
func (s *Service) Printer(ctx context.Context, actor authz.Actor) error {
	if err := actor.Require(authz.PaperPrint); err != nil {
		return err
	}
	return s.printer.Ready(ctx)
}

// Put takes an order under an id chosen by the client; the same id again gives the same job. base is the address that QR codes begin with,
// such as https://ruhu.example. Returns Forbidden, NotFound "survey.not_found", "paper.nothing" (no household fits), "paper.no_form",
// Invalid "paper.kind", "paper.day", "paper.copies", "id.malformed", "region.code", TooLarge "paper.too_many", Conflict "roster.not_frozen", and Unavailable as
// docgen.Printer.Ready says it.
func (s *Service) Put(ctx context.Context, actor authz.Actor, campaign, jobID string, a Ask, base string) (Job, error) {
	if err := actor.Require(authz.PaperPrint); err != nil {
		return Job{}, err
	}
	campaign, err := id.Parse(campaign)
	if err != nil {
		return Job{}, err
	}
	if jobID, err = id.Parse(jobID); err != nil {
		return Job{}, err
	}
	if err := a.check(); err != nil {
		return Job{}, err
	}
	for _, x := range needs[a.Kind] {
		if err := actor.Require(x); err != nil {
			return Job{}, err
		}
	}
	err = s.d.View(ctx, func(tx *db.Tx) error { // what does not exist is said before what is missing on the machine
		_, err := survey.VisibleTx(ctx, tx, actor, campaign)
		return err
	})
	if err != nil {
		return Job{}, err
	}
	if err := s.printer.Ready(ctx); err != nil {
		return Job{}, err
	}
	var out Job
	err = s.d.Update(ctx, func(tx *db.Tx) (err error) {
		out, err = s.putTx(ctx, tx, actor, campaign, jobID, a, base)
		return err
	})
	return out, err
}

func (s *Service) putTx(ctx context.Context, tx *db.Tx, actor authz.Actor, campaign, jobID string, a Ask, base string) (Job, error) {
	c, err := survey.VisibleTx(ctx, tx, actor, campaign)
	if err != nil {
		return Job{}, err
	}
	if old, err := jobTx(ctx, tx, actor.County, jobID); err == nil {
		if old.actor.ID != actor.ID || old.Campaign != c.ID {
			return Job{}, errs.NotFound.New("paper.not_found", "id", jobID)
		}
		return old, nil
	} else if !errs.Is(err, errs.NotFound) {
		return Job{}, err
	}
	files, places, err := plan(ctx, tx, actor, c, a)
	if err != nil {
		return Job{}, err
	}
	total := 0
	for _, f := range files {
		total += f.Total
	}
	if _, err := tx.Exec(ctx, insertJob, actor.County, jobID, c.ID, actor.ID, db.AsJSON(person{actor.Account, actor.Name, actor.Role, actor.Region}),
		db.AsJSON(a), base, actor.Can(authz.RosterPII), total, tx.Now()); err != nil {
		return Job{}, err
	}
	var events []any
	for _, f := range files {
		if _, err := tx.Exec(ctx, insertFile, actor.County, jobID, f.N, f.Name, db.AsJSON(orNone(f.households)), f.Total); err != nil {
			return Job{}, err
		}
		events = append(events, Asked{jobID, f.N})
	}
	place := c.Region
	if len(places) == 1 {
		place = places[0]
	}
	err = audit.Write(ctx, tx, actor, audit.Entry{
		Action: "paper.print", Campaign: c.ID, Object: "paper", ObjectID: jobID, Place: place,
		Detail: map[string]any{
			"kind": a.Kind, "villages": places, "team": a.Team, "day": a.Day, "form": a.Form, "count": total, "files": len(files),
			"open_pii": a.Kind != Blank && actor.Can(authz.RosterPII),
		},
	})
	if err != nil {
		return Job{}, err
	}
	if err := s.bus.Emit(ctx, tx, actor.County, EventAsked, events...); err != nil {
		return Job{}, err
	}
	return jobTx(ctx, tx, actor.County, jobID)
}

// plan settles the files of an order and the villages in them.
func plan(ctx context.Context, tx *db.Tx, actor authz.Actor, c survey.Campaign, a Ask) ([]File, []region.Code, error) {
	if a.Kind == Blank {
		i := slices.IndexFunc(c.Forms, func(f survey.FormRef) bool { return f.Code == a.Form })
		if i < 0 {
			return nil, nil, errs.NotFound.New("paper.no_form", "form", a.Form)
		}
		return []File{{Name: title(c.Forms[i].Title, a.Lang), Total: a.Copies}}, []region.Code{}, nil
	}
	hs, err := chooseTx(ctx, tx, actor, c, a)
	if err != nil {
		return nil, nil, err
	}
	files, err := cut(ctx, tx, c, a, hs)
	var places []region.Code
	for _, h := range hs {
		places = append(places, h.Village)
	}
	slices.Sort(places)
	return files, slices.Compact(places), err
}

func orNone(ids []string) []string {
	if ids == nil {
		return []string{}
	}
	return ids
}

// List gives one's own jobs of a campaign, the newest first, 50 at most. Returns Forbidden, NotFound "survey.not_found".
func (s *Service) List(ctx context.Context, actor authz.Actor, campaign string) ([]Job, error) {
	if err := actor.Require(authz.PaperPrint); err != nil {
		return nil, err
	}
	campaign, err := id.Parse(campaign)
	if err != nil {
		return nil, err
	}
	var out []Job
	err = s.d.View(ctx, func(tx *db.Tx) error {
		if _, err := survey.VisibleTx(ctx, tx, actor, campaign); err != nil {
			return err
		}
		if out, err = db.List(ctx, tx, scanJob, selectOwn, actor.County, campaign, actor.ID); err != nil {
			return err
		}
		return filesTx(ctx, tx, actor.County, out)
	})
	return out, err
}

// Get gives one's own job. Returns Forbidden, NotFound "paper.not_found".
func (s *Service) Get(ctx context.Context, actor authz.Actor, jobID string) (Job, error) {
	if err := actor.Require(authz.PaperPrint); err != nil {
		return Job{}, err
	}
	jobID, err := id.Parse(jobID)
	if err != nil {
		return Job{}, err
	}
	var out Job
	err = s.d.View(ctx, func(tx *db.Tx) (err error) {
		out, err = ownTx(ctx, tx, actor, jobID)
		return err
	})
	return out, err
}

func ownTx(ctx context.Context, tx *db.Tx, actor authz.Actor, jobID string) (Job, error) {
	j, err := jobTx(ctx, tx, actor.County, jobID)
	if err != nil {
		return j, err
	}
	if j.actor.ID != actor.ID {
		return Job{}, errs.NotFound.New("paper.not_found", "id", jobID)
	}
	return j, nil
}

// Open gives a file that is ready; the caller closes it. Whoever may not see any more what is in it does not get it.
// Returns Forbidden, NotFound "paper.not_found", "paper.gone", Conflict "paper.not_ready".
func (s *Service) Open(ctx context.Context, actor authz.Actor, jobID string, n int) (File, *os.File, error) {
	j, err := s.Get(ctx, actor, jobID)
	if err != nil {
		return File{}, nil, err
	}
	for _, x := range needs[j.Ask.Kind] {
		if err := actor.Require(x); err != nil {
			return File{}, nil, err
		}
	}
	if j.OpenPII {
		if err := actor.Require(authz.RosterPII); err != nil {
			return File{}, nil, err
		}
	}
	if n < 0 || n >= len(j.Files) || !actor.Sees(j.actor.Region) { // moved to another region since
		return File{}, nil, errs.NotFound.New("paper.not_found", "id", jobID)
	}
	f := j.Files[n]
	switch {
	case f.State == Gone || f.State == Ready && !s.d.Now().Before(f.ExpiresAt):
		return f, nil, errs.NotFound.New("paper.gone")
	case f.State != Ready:
		return f, nil, errs.Conflict.New("paper.not_ready")
	}
	r, err := s.files.Open(blob.Digest(f.digest))
	if errs.Is(err, errs.NotFound) {
		return f, nil, errs.NotFound.New("paper.gone")
	}
	return f, r, err
}

// Remove removes the files of one's own job before they expire, and takes those that wait out of the queue. The job stays in the list.
// Returns Forbidden, NotFound "paper.not_found".
func (s *Service) Remove(ctx context.Context, actor authz.Actor, jobID string) error {
	j, err := s.Get(ctx, actor, jobID)
	if err != nil {
		return err
	}
	err = s.d.Update(ctx, func(tx *db.Tx) error {
		if j, err = ownTx(ctx, tx, actor, j.ID); err != nil {
			return err
		}
		for _, f := range j.Files {
			if _, err := tx.Exec(ctx, updateGone, j.County, j.ID, f.N); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, f := range j.Files {
		s.forget(ctx, f.digest)
	}
	return nil
}

// Sweep removes the files that have expired. It is called now and then.
func (s *Service) Sweep(ctx context.Context) error {
	type old struct {
		county, job string
		n           int
		digest      string
	}
	var olds []old
	err := s.d.Update(ctx, func(tx *db.Tx) (err error) {
		olds, err = db.List(ctx, tx, func(scan func(...any) error) (o old, err error) {
			err = scan(&o.county, &o.job, &o.n, &o.digest)
			return o, err
		}, selectExpired, tx.Now())
		if err != nil {
			return err
		}
		for _, o := range olds {
			if _, err := tx.Exec(ctx, updateGone, o.county, o.job, o.n); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, o := range olds {
		s.forget(ctx, o.digest)
	}
	return nil
}

// forget removes a file that no row names any more. One that cannot be removed stays out of reach of everybody but the machine's owner.
func (s *Service) forget(ctx context.Context, digest string) {
	if digest == "" {
		return
	}
	if err := s.files.Remove(blob.Digest(digest)); err != nil {
		slog.ErrorContext(ctx, "print cannot be removed", slog.String("file", digest), slog.Any("error", err))
	}
}
