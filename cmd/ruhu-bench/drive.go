package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"ruhu/internal/db"
	rooms "ruhu/internal/job"
	"ruhu/internal/sim"
)

// receipt is what the server says of an arrival.
type receipt struct {
	InstanceID string `json:"instance_id"`
	Revision   int    `json:"revision"`
	State      string `json:"state"`
	Duplicate  bool   `json:"duplicate"`
}

// outcome is what happened to the jobs of one drive.
type outcome struct {
	took      time.Duration
	latencies []time.Duration
	acked     []string // instance ids
}

// measure takes the figures of the program on one database; database tells the processor time of the database's own processes.
func measure(ctx context.Context, o options, name, dsn string, database func() time.Duration) error {
	dir := filepath.Join(o.dir, name)
	srv, err := startServer(ctx, o.binary, dir, dsn)
	if err != nil {
		return err
	}
	defer func() { srv.kill() }()
	began := time.Now()
	t, err := makeTown(ctx, srv.base, o.count+o.crash, o.connections)
	if err != nil {
		return fmt.Errorf("make the township: %w", err)
	}
	jobs, err := makeJobs(ctx, t, o.count+o.crash, o.size)
	if err != nil {
		return err
	}
	fmt.Printf("%s: township of %d households ready after %.1f s; a form has %d bytes\n", name, len(jobs), time.Since(began).Seconds(), len(jobs[0].body))

	start, own, theirs, stored := time.Now(), cpuOwn(), cpuOf(srv.cmd.Process.Pid), database()
	out, err := drive(ctx, t, jobs[:o.count], func() bool { return false })
	if err != nil {
		return err
	}
	validated, err := t.waitJudged(ctx, o.count, start)
	if err != nil {
		return err
	}
	done, err := waitDone(ctx, dir, dsn, start)
	if err != nil {
		return err
	}
	report(name, out, o.count, validated, done)
	per := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 / float64(o.count) }
	fmt.Printf("  processor time per form:       program %.2f ms, database's processes %.2f ms, driver %.2f ms\n",
		per(cpuOf(srv.cmd.Process.Pid)-theirs), per(database()-stored), per(cpuOwn()-own))
	if err := t.check(ctx, "review", out.acked); err != nil {
		return err
	}
	return crash(ctx, o, &srv, dir, dsn, t, jobs[o.count:], out.acked)
}

// drive sends jobs over all phones at once. broken tells, after a request failed, that failures are expected.
func drive(ctx context.Context, t *town, jobs []job, broken func() bool) (outcome, error) {
	per := map[*phone][]job{}
	for _, j := range jobs {
		per[j.phone] = append(per[j.phone], j)
	}
	var mu sync.Mutex
	var out outcome
	var first error
	var wg sync.WaitGroup
	start := time.Now()
	for _, p := range t.phones {
		wg.Go(func() {
			mine := per[p]
			took, acked := make([]time.Duration, 0, len(mine)), make([]string, 0, len(mine))
			var failed error
			for _, j := range mine {
				began := time.Now()
				if failed = send(ctx, j); failed != nil {
					break
				}
				took, acked = append(took, time.Since(began)), append(acked, j.instance)
			}
			mu.Lock()
			defer mu.Unlock()
			out.latencies, out.acked = append(out.latencies, took...), append(out.acked, acked...)
			if failed != nil && !broken() && first == nil {
				first = failed
			}
		})
	}
	wg.Wait()
	out.took = time.Since(start)
	return out, first
}

func send(ctx context.Context, j job) error {
	q := url.Values{"assignment": {j.visit.ID}, "form": {j.visit.FormHash}, "base": {"0"}}
	var r receipt
	if err := j.phone.Do(ctx, http.MethodPost, "/field/submissions?"+q.Encode(), sim.Raw{Type: "text/xml", Bytes: j.body}, &r); err != nil {
		return err
	}
	if r.State != "received" || r.InstanceID != j.instance || r.Revision != 1 || r.Duplicate {
		return fmt.Errorf("receipt %+v for %s", r, j.instance)
	}
	return nil
}

type page struct {
	Items []struct {
		ID       string `json:"id"`
		State    string `json:"state"`
		Findings struct {
			Errors int `json:"errors"`
		} `json:"findings"`
	} `json:"items"`
	Next   string         `json:"next"`
	Counts map[string]int `json:"counts"`
}

// waitJudged waits until so many forms are in review and gives the time since start.
func (t *town) waitJudged(ctx context.Context, want int, start time.Time) (time.Duration, error) {
	for {
		var p page
		if err := t.admin.Do(ctx, http.MethodGet, "/campaigns/"+t.campaign+"/submissions?state=review&limit=1", nil, &p); err != nil {
			return 0, err
		}
		took := time.Since(start)
		if p.Counts["review"] >= want {
			return took, nil
		}
		if p.Counts["quarantined"] > 0 || took > 10*time.Minute {
			return 0, fmt.Errorf("after %s the forms stand so: %v", took, p.Counts)
		}
		select {
		case <-time.After(100 * time.Millisecond):
		case <-ctx.Done():
			return 0, ctx.Err()
		}
	}
}

// waitDone waits until no room has anything left to do and gives the time since start. Validated forms are looked at by several rooms: their work is
// part of what a form costs.
func waitDone(ctx context.Context, dir, dsn string, start time.Time) (took time.Duration, err error) {
	if dsn == "" {
		dsn = filepath.Join(dir, "ruhu.db")
	}
	d, err := db.Open(ctx, dsn, db.Options{})
	if err != nil {
		return 0, fmt.Errorf("look at the outbox: %w", err)
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	for {
		n, err := rooms.New(d).Waiting(ctx)
		took := time.Since(start)
		if err != nil || n == 0 {
			return took, err
		}
		if took > 20*time.Minute {
			return 0, fmt.Errorf("after %s there are %d tasks left", took, n)
		}
		select {
		case <-time.After(100 * time.Millisecond):
		case <-ctx.Done():
			return 0, ctx.Err()
		}
	}
}

// check fails unless every acknowledged form is there, without errors and in the state ("" is any).
func (t *town) check(ctx context.Context, state string, acked []string) error {
	have := map[string]bool{}
	for cursor := ""; ; {
		var p page
		q := url.Values{"state": {state}, "limit": {"200"}, "cursor": {cursor}}
		if err := t.admin.Do(ctx, http.MethodGet, "/campaigns/"+t.campaign+"/submissions?"+q.Encode(), nil, &p); err != nil {
			return err
		}
		for _, it := range p.Items {
			if it.Findings.Errors == 0 {
				have["uuid:"+it.ID] = true
			}
		}
		if cursor = p.Next; cursor == "" {
			break
		}
	}
	missing := 0
	for _, k := range acked {
		if !have[k] {
			missing++
		}
	}
	if missing > 0 {
		return fmt.Errorf("%d of %d acknowledged forms are missing", missing, len(acked))
	}
	return nil
}

// crash kills the program while forms come in, starts it again and looks for everything that was acknowledged.
func crash(ctx context.Context, o options, srv **server, dir, dsn string, t *town, jobs []job, acked []string) error {
	if len(jobs) == 0 {
		return nil
	}
	var killed atomic.Bool
	go func() {
		time.Sleep(150 * time.Millisecond)
		killed.Store(true)
		(*srv).kill()
	}()
	out, err := drive(ctx, t, jobs, killed.Load)
	if err != nil {
		return err
	}
	for !killed.Load() { // everything was sent before the blow
		time.Sleep(10 * time.Millisecond)
	}
	acked = append(acked, out.acked...)
	again, err := startServer(ctx, o.binary, dir, dsn)
	if err != nil {
		return err
	}
	*srv = again
	if t.admin, err = sim.Login(ctx, again.base, "admin", adminPassword); err != nil {
		return err
	}
	// Those that were being judged are judged again when their lease has run out; here it counts that they are kept.
	if err := t.check(ctx, "", acked); err != nil {
		return fmt.Errorf("after the kill: %w", err)
	}
	fmt.Printf("  killed with SIGKILL after %d of %d further forms were acknowledged: all %d acknowledged forms are there\n", len(out.acked), len(jobs), len(acked))
	return nil
}

func report(name string, out outcome, n int, validated, done time.Duration) {
	slices.Sort(out.latencies)
	at := func(p float64) float64 {
		return float64(out.latencies[min(len(out.latencies)-1, int(p*float64(len(out.latencies))))].Microseconds()) / 1000
	}
	fmt.Printf("%s: %d forms\n", name, n)
	fmt.Printf("  accepted, durable:             %6.0f per second (%.2f s)\n", float64(n)/out.took.Seconds(), out.took.Seconds())
	fmt.Printf("  accepted, validated, durable:  %6.0f per second (%.2f s)\n", float64(n)/validated.Seconds(), validated.Seconds())
	fmt.Printf("  looked at by every room:       %6.0f per second (%.2f s)\n", float64(n)/done.Seconds(), done.Seconds())
	fmt.Printf("  latency of a receipt:          p50 %.1f ms, p95 %.1f ms, p99 %.1f ms, max %.1f ms\n", at(0.5), at(0.95), at(0.99), at(1))
}
