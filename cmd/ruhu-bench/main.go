// Command ruhu-bench measures the intake of the built program.
//
// It starts bin/ruhu on an empty folder (SQLite) and on a private PostgreSQL cluster that syncs its commits, makes a township
// through the API, and then sends forms over many connections, as phones would. It prints how many forms per second are
// acknowledged, how many are validated, and the latencies; then it kills the program in the middle of the traffic, starts it
// again, and fails when a form that was acknowledged is not there.
//
//	make bench
//	bin/ruhu-bench -database sqlite -count 5000
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"syscall"
	"time"

	"ruhu/internal/db/pgcluster"
)

type options struct {
	binary      string
	database    string
	count       int
	crash       int
	connections int
	size        int
	dir         string
}

func main() {
	var o options
	flag.StringVar(&o.binary, "binary", "bin/ruhu", "program to measure")
	flag.StringVar(&o.database, "database", "both", "sqlite, postgres or both")
	flag.IntVar(&o.count, "count", 8000, "forms to send while measuring, each for a household of its own")
	flag.IntVar(&o.crash, "crash", 600, "further forms to send while the program is killed")
	flag.IntVar(&o.connections, "connections", 64, "phones that send at once")
	flag.IntVar(&o.size, "size", 7000, "bytes of a form, at least")
	flag.StringVar(&o.dir, "dir", "", "folder for the databases; empty makes one beside the system's temporary files")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "ruhu-bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) (err error) {
	if o.dir == "" {
		if o.dir, err = os.MkdirTemp("", "ruhu-bench-"); err != nil {
			return fmt.Errorf("make folder: %w", err)
		}
		defer func() { err = errors.Join(err, os.RemoveAll(o.dir)) }()
	}
	fmt.Printf("intake: %d forms of at least %d bytes over %d connections; %d CPUs shared by program, database and driver\n",
		o.count, o.size, o.connections, runtime.NumCPU())
	if o.database == "sqlite" || o.database == "both" {
		if err := measure(ctx, o, "sqlite", "", func() time.Duration { return 0 }); err != nil {
			return fmt.Errorf("sqlite: %w", err)
		}
	}
	if o.database == "postgres" || o.database == "both" {
		runtime.LockOSThread() // the cluster dies with the thread that started it
		c, err := pgcluster.Start(ctx, true)
		if errors.Is(err, pgcluster.ErrMissing) {
			fmt.Println("postgres: not measured,", err)
			return nil
		}
		if err != nil {
			return fmt.Errorf("postgres: %w", err)
		}
		err = measure(ctx, o, "postgres", c.DSN("postgres"), func() time.Duration { return cpuOfFamily(c.PID()) })
		if err := errors.Join(err, c.Stop()); err != nil {
			return fmt.Errorf("postgres: %w", err)
		}
	}
	return nil
}
