package submission

import (
	"context"
	"fmt"
	"log/slog"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/job"
)

const (
	judgeBatch  = 128
	maxFindings = 500 // of one revision; the counts tell the rest
)

// task is a revision to judge and what came out.
type task struct {
	key
	campaign string
	team     string
	account  string // who sent it
	zone     *time.Location
	form     string
	xml      []byte
	at       db.Time
	verdict  Verdict
	reason   string
	level    string
	errors   int
	warnings int
	open     int       // warnings without an explanation
	vouched  []Finding // of confirmations that do not hold; see vouch
}

type key struct {
	submission string
	n          int
}

// Register makes the service judge what arrives, and compare edits that met, outside of the intake.
func (s *Service) Register() {
	s.bus.Outside("submission.judge", judgeBatch, s.judge, "submission.received")
	s.bus.Outside("submission.reconcile", 1, s.reconcile, "submission.set_aside")
	s.bus.Outside("submission.pair", 1, s.pair, "submission.second")
}

// judge handles a batch of submission.received: exactly once, because the verdicts and the end of the tasks are one transaction.
func (s *Service) judge(ctx context.Context, b *job.Batch) error {
	byCounty := map[string][]*task{}
	seen := map[key]bool{}
	for _, ev := range b.Events {
		r, err := job.Decode[Received](ev)
		if err != nil {
			return err
		}
		k := key{r.Submission, r.Revision}
		if !seen[k] {
			seen[k] = true
			byCounty[ev.County] = append(byCounty[ev.County], &task{key: k, campaign: r.Campaign, team: r.Team})
		}
	}
	for county, ts := range byCounty {
		err := s.d.View(ctx, func(tx *db.Tx) error { return loadTasks(ctx, tx, county, ts) })
		if err != nil {
			return fmt.Errorf("load revisions: %w", err)
		}
		if err := s.campaigns(ctx, county, ts); err != nil {
			return err
		}
		if err := s.weigh(ctx, county, ts); err != nil {
			return err
		}
	}
	return s.d.Update(ctx, func(tx *db.Tx) error {
		for county, ts := range byCounty {
			if err := s.settle(ctx, tx, county, ts); err != nil {
				return err
			}
		}
		return b.Done(ctx, tx)
	})
}

// campaigns sets zone and first level of tasks.
func (s *Service) campaigns(ctx context.Context, county string, ts []*task) error {
	known := map[string]Campaign{}
	for _, t := range ts {
		c, ok := known[t.campaign]
		if !ok {
			var err error
			if c, err = s.in.Campaign(ctx, county, t.campaign); err != nil {
				return fmt.Errorf("campaign %s: %w", t.campaign, err)
			}
			known[t.campaign] = c
		}
		t.zone, t.level = c.Zone, c.FirstLevel
	}
	return nil
}

// weigh runs the engine over tasks on all cores.
func (s *Service) weigh(ctx context.Context, county string, ts []*task) error {
	var wg sync.WaitGroup
	next := make(chan *task)
	var mu sync.Mutex
	var first error
	for range min(len(ts), runtime.GOMAXPROCS(0)) {
		wg.Go(func() {
			for t := range next {
				if err := s.weighOne(ctx, county, t); err != nil {
					mu.Lock()
					first = err
					mu.Unlock()
				}
			}
		})
	}
	for _, t := range ts {
		next <- t
	}
	close(next)
	wg.Wait()
	return first
}

// weighOne sets the verdict of t. Only a failure that may pass, such as a busy database, is an error.
func (s *Service) weighOne(ctx context.Context, county string, t *task) error {
	form, err := s.in.Form(ctx, t.form)
	switch {
	case errs.Is(err, errs.NotFound):
		t.reason = reasonNoForm
		return nil
	case err != nil:
		return fmt.Errorf("form %s: %w", t.form, err)
	}
	t.verdict, t.reason = guarded(ctx, form, t)
	if x := t.verdict.Reading; x != nil && s.in.Reader != nil {
		s.in.Reader.keep(readKey{county, t.submission, t.n, t.at}, x)
	}
	t.verdict.Reading = nil // it is kept, or nobody wants it
	for _, f := range t.verdict.Findings {
		switch {
		case f.Severity == "error":
			t.errors++
			if f.Rule == "structure" {
				t.reason = reasonStructure
			}
		case f.Reason == "":
			t.warnings++
			t.open++
		default:
			t.warnings++
		}
	}
	if len(t.verdict.Findings) > maxFindings {
		t.verdict.Findings = t.verdict.Findings[:maxFindings]
	}
	return nil
}

// guarded keeps a panic of the engine from taking the server along: that form is quarantined, in sight of a supervisor.
func guarded(ctx context.Context, form *Form, t *task) (v Verdict, reason string) {
	defer func() {
		if p := recover(); p != nil {
			slog.ErrorContext(ctx, "form engine panicked", slog.String("submission", t.submission), slog.Int("revision", t.n),
				slog.Any("panic", p), slog.String("stack", string(debug.Stack())))
			v, reason = Verdict{}, reasonEngine
		}
	}()
	v, err := form.Judge(t.xml, t.at.Time().In(t.zone))
	if err != nil {
		slog.InfoContext(ctx, "submission is no instance of its form", slog.String("submission", t.submission), slog.Int("revision", t.n))
		return Verdict{Findings: v.Findings}, reasonStructure
	}
	return v, ""
}

// settle writes verdicts and moves the submissions on, unless a newer revision has arrived.
func (s *Service) settle(ctx context.Context, tx *db.Tx, county string, ts []*task) error {
	var judgements, findings [][]any
	judged, err := judgedBefore(ctx, tx, county, ts)
	if err != nil {
		return err
	}
	if err := s.vouch(ctx, tx, county, ts); err != nil {
		return err
	}
	alike := map[outcome][]*task{}
	var kinds []outcome
	for _, t := range ts {
		if judged[t.key] {
			continue
		}
		if t.verdict.Problems == nil {
			t.verdict.Problems = []string{}
		}
		o := t.outcome(tx.Now())
		judgements = append(judgements, []any{
			county, t.submission, t.n, tx.Now(), o.errors, o.warnings, o.open, t.reason, db.AsJSON(t.verdict.Problems),
		})
		for i, f := range slices.Concat(t.verdict.Findings, t.vouched) {
			findings = append(findings, []any{county, t.submission, t.n, i, f.Ref, f.Rule, f.Severity, db.AsJSON(f.Message), f.Reason})
		}
		if alike[o] == nil {
			kinds = append(kinds, o)
		}
		alike[o] = append(alike[o], t)
	}
	var events, measured []any
	for _, o := range kinds {
		moved, err := moveJudged(ctx, tx, county, o, alike[o])
		if err != nil {
			return err
		}
		for _, t := range alike[o] {
			if moved[t.submission] && t.reason == "" {
				events = append(events, Judged{t.campaign, t.submission, t.n, o.errors, o.warnings, o.open, t.verdict.Problems})
				if len(t.verdict.Figures) > 0 {
					measured = append(measured, Measured{t.campaign, t.submission, t.n, t.verdict.Figures})
				}
			}
		}
	}
	if err := insertAll(ctx, tx, insertJudgement, judgements); err != nil {
		return err
	}
	if err := insertAll(ctx, tx, insertFinding, findings); err != nil {
		return err
	}
	if err := s.bus.Emit(ctx, tx, county, "submission.measured", measured...); err != nil {
		return err
	}
	return s.bus.Emit(ctx, tx, county, "submission.judged", events...)
}

// outcome is what many judged submissions have in common, so that they are moved by one statement.
type outcome struct {
	n                      int
	state                  State
	level, reason          string
	errors, warnings, open int
	since                  db.Date
}

func (t *task) outcome(now db.Time) outcome {
	n := len(t.vouched)
	o := outcome{t.n, StateReview, t.level, t.reason, t.errors, t.warnings + n, t.open + n, db.DateOf(now.Time(), t.zone)}
	if t.reason != "" {
		o.state, o.level = StateQuarantined, ""
	}
	return o
}
