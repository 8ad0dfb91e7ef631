package app

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"ruhu/internal/quality"
)

// Times of the HTTP server. There is no limit on writing, because progress streams stay open; a body has five minutes, which
// lets a 12 MiB photograph through a 2G network of 40 kB/s. net/http ends a stream after the same time; the browser then connects
// again, and its session is looked at again.
const (
	headerTimeout = 10 * time.Second
	bodyTimeout   = 5 * time.Minute
	idleTimeout   = 2 * time.Minute
	stopTimeout   = 15 * time.Second
)

// Run listens on Config.Addr and serves until ctx ends; then it lets running requests finish and stops the handlers of events.
func (a *App) Run(ctx context.Context, ready func(url string)) error {
	var lc net.ListenConfig
	ln, err := lc.Listen(ctx, "tcp", a.Config.Addr)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	if a.Config.TLSCert != "" {
		pair, err := tls.LoadX509KeyPair(a.Config.TLSCert, a.Config.TLSKey)
		if err != nil {
			return errors.Join(fmt.Errorf("certificate: %w", err), ln.Close())
		}
		ln = tls.NewListener(ln, &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"}})
	}
	return a.Serve(ctx, ln, ready)
}

// Serve is Run on a listener that is there already. ready is called with the address when requests are taken; nil is fine.
func (a *App) Serve(ctx context.Context, ln net.Listener, ready func(url string)) error {
	srv := &http.Server{
		Handler: a.Web.Handler(), ReadHeaderTimeout: headerTimeout, ReadTimeout: bodyTimeout, IdleTimeout: idleTimeout, MaxHeaderBytes: 64 << 10,
		ErrorLog: slog.NewLogLogger(a.log.Handler(), slog.LevelDebug),
	}
	srv.RegisterOnShutdown(a.stopStreams)

	jobs, stopJobs := context.WithCancel(context.WithoutCancel(ctx))
	var wg sync.WaitGroup
	wg.Go(func() { a.Bus.Run(jobs) })
	wg.Go(func() { a.sweep(jobs) })
	wg.Go(func() { a.night(jobs) })
	wg.Go(func() { a.seal(jobs) })
	wg.Go(func() { a.compute(jobs) })
	defer wg.Wait()
	defer stopJobs()

	failed := make(chan error, 1)
	go func() { failed <- srv.Serve(ln) }()
	if ready != nil {
		ready(a.url(ln.Addr()))
	}
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	a.log.InfoContext(ctx, "stopping")
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
	defer cancel()
	if err := srv.Shutdown(stop); err != nil {
		return errors.Join(fmt.Errorf("stop: %w", err), srv.Close())
	}
	return nil
}

// sealEvery is how long a decision may wait for its place in the log.
const sealEvery = 2 * time.Second

func (a *App) seal(ctx context.Context) {
	tick := time.NewTicker(sealEvery)
	defer tick.Stop()
	for last := ""; ; {
		err := a.Web.Sealed.Seal(ctx)
		switch {
		case err == nil:
			last = ""
		case ctx.Err() == nil && err.Error() != last: // said once, not every two seconds
			last = err.Error()
			a.log.ErrorContext(ctx, "the log was not sealed", slog.Any("error", err))
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// computeEvery is how soon after a cut-off its circular is there.
const computeEvery = 10 * time.Second

func (a *App) compute(ctx context.Context) {
	tick := time.NewTicker(computeEvery)
	defer tick.Stop()
	for last := ""; ; {
		err := a.Web.Circulars.Sweep(ctx)
		switch {
		case err == nil:
			last = ""
		case ctx.Err() == nil && err.Error() != last: // said once, not every time
			last = err.Error()
			a.log.ErrorContext(ctx, "circulars were not computed", slog.Any("error", err))
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// sweepEvery is how often prints that have expired are removed.
const sweepEvery = 10 * time.Minute

func (a *App) sweep(ctx context.Context) {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		if err := a.Web.Papers.Sweep(ctx); err != nil && ctx.Err() == nil {
			a.log.ErrorContext(ctx, "prints were not swept", slog.Any("error", err))
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// night runs the quality rules that need all forms, once a day for every campaign.
func (a *App) night(ctx context.Context) {
	tick := time.NewTicker(quality.NightlyEvery)
	defer tick.Stop()
	for {
		if err := a.Web.Qualities.Nightly(ctx); err != nil && ctx.Err() == nil {
			a.log.ErrorContext(ctx, "quality rules were not run", slog.Any("error", err))
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func (a *App) url(addr net.Addr) string {
	scheme := "http"
	if a.Config.TLSCert != "" {
		scheme = "https"
	}
	return scheme + "://" + addr.String()
}
