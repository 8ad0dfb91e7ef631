package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"time"

	"ruhu/internal/account"
	"ruhu/internal/app"
	"ruhu/internal/errs"
	"ruhu/internal/sim"
)

// SimServeCmd is a server for training and tests whose clock stands still until whoever started it moves it: a week passes in a second. Nobody
// else can.
type SimServeCmd struct {
	app.Config `embed:""`
	From       string `help:"What the clock shows at first, such as 2026-03-02T09:00:00+08:00. 起始时间。" required:""`
	Playbooks  string `help:"Folder of playbooks to use instead of those inside the program. 方案目录。" type:"existingdir"`
}

// Run serves. Every line on stdin is an instant to move the clock forward to; it is repeated on stdout when that is done.
func (c *SimServeCmd) Run(ctx context.Context) (err error) {
	from, err := instant(c.From)
	if err != nil {
		return err
	}
	clock := sim.NewClock(from)
	o := app.Options{Clock: clock.Now, Log: logger(c.Config), Cost: account.Cost{Time: 1, Memory: 64}}
	if c.Playbooks != "" {
		o.Playbooks = os.DirFS(c.Playbooks)
	}
	slog.SetDefault(o.Log)
	a, err := app.Open(ctx, c.Config, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	return a.Run(ctx, func(url string) {
		fmt.Printf("ruhu %s\n", url)
		go func() {
			if err := follow(os.Stdin, os.Stdout, clock); err != nil {
				o.Log.Error("the clock was not moved", slog.Any("error", err))
			}
		}()
	})
}

// follow moves the clock as the lines say, until one is no instant.
func follow(lines io.Reader, said io.Writer, clock *sim.Clock) error {
	in := bufio.NewScanner(lines)
	for in.Scan() {
		t, err := instant(strings.TrimSpace(in.Text()))
		if err != nil {
			return err
		}
		clock.Set(t)
		if _, err := fmt.Fprintf(said, "clock %s\n", clock.Now().UTC().Format(time.RFC3339)); err != nil {
			return err
		}
	}
	return in.Err()
}

func instant(s string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return t, errs.Invalid.New("sim.instant", "got", s)
	}
	return t, nil
}
