// Command with runs another command while a private PostgreSQL cluster is up, and tells it the address in
// RUHU_TEST_POSTGRES. The Makefile puts it before "go test"; -durable keeps fsync on, for benchmarks.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"syscall"

	"ruhu/internal/db/pgcluster"
)

func main() {
	durable := flag.Bool("durable", false, "keep fsync on")
	flag.Parse()
	code, err := run(*durable, flag.Args())
	if err != nil {
		fmt.Fprintln(os.Stderr, "with postgres:", err)
	}
	os.Exit(code)
}

func run(durable bool, args []string) (int, error) {
	if len(args) == 0 {
		return 2, errors.New("no command given")
	}
	runtime.LockOSThread() // the cluster dies with the thread that started it
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	c, err := pgcluster.Start(ctx, durable)
	if err != nil {
		return 1, err
	}
	defer func() { _ = c.Stop() }() // what is left over lies in the temporary folder
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Env = append(os.Environ(), "RUHU_TEST_POSTGRES="+c.DSN("postgres"))
	err = cmd.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return exit.ExitCode(), nil
	}
	if err != nil {
		return 1, err
	}
	return 0, nil
}
