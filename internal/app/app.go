package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"sync"
	"time"

	"ruhu/internal/account"
	"ruhu/internal/blob"
	"ruhu/internal/db"
	"ruhu/internal/job"
	"ruhu/internal/region"
	"ruhu/internal/web"
)

// Options are what tests and the simulation set.
type Options struct {
	Clock func() time.Time // nil means time.Now
	Log   *slog.Logger     // nil means slog.Default
	Cost  account.Cost     // of password hashes; zero means the default
	Watch func(string)     // see db.Options

	Playbooks fs.FS // nil means those inside the program
}

// App is the program, put together but not yet serving.
type App struct {
	Config Config
	DB     *db.DB
	Bus    *job.Bus
	Web    *web.Server
	// FirstPassword is the password that was made for the account "admin", when this start found an empty database.
	FirstPassword string

	log    *slog.Logger
	quit   chan struct{}
	once   sync.Once
	closes []func() error
}

// Open opens and migrates the database, makes the services and, in an empty database, the first account. It does not listen yet.
func Open(ctx context.Context, c Config, o Options) (*App, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	blobs, err := blob.Open(c.blobs())
	if err != nil {
		return nil, fmt.Errorf("file store: %w", err)
	}
	d, err := db.Open(ctx, c.dsn(), db.Options{Clock: o.Clock, Watch: o.Watch})
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	parts, err := blob.OpenParts(c.parts(), d.Now().Time())
	if err != nil {
		return nil, errors.Join(fmt.Errorf("file store: %w", err), d.Close())
	}
	a := &App{Config: c, DB: d, Bus: job.New(d), log: o.Log, quit: make(chan struct{}), closes: []func() error{d.Close}}
	if a.log == nil {
		a.log = slog.Default()
	}
	if err := a.start(ctx, blobs, parts, o); err != nil {
		return nil, errors.Join(err, a.Close())
	}
	return a, nil
}

func (a *App) start(ctx context.Context, blobs *blob.Store, parts *blob.Parts, o Options) error {
	if err := a.DB.Migrate(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	if err := a.wire(blobs, parts, o); err != nil {
		return err
	}
	code, err := region.Parse(a.Config.County)
	if err != nil {
		return err
	}
	used, made, err := a.Web.Accounts.First(ctx, region.Named(code, a.Config.CountyName), a.Config.AdminPassword)
	if err != nil {
		return fmt.Errorf("first account: %w", err)
	}
	if made && a.Config.AdminPassword == "" {
		a.FirstPassword = used
	}
	return a.Web.Sealed.TakeAll(ctx)
}

// Close releases what Open took, in reverse order. Run must have returned.
func (a *App) Close() error {
	a.stopStreams()
	var all []error
	for i := len(a.closes) - 1; i >= 0; i-- {
		all = append(all, a.closes[i]())
	}
	a.closes = nil
	return errors.Join(all...)
}

func (a *App) stopStreams() { a.once.Do(func() { close(a.quit) }) }
