package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"

	"ruhu/internal/account"
	"ruhu/internal/app"
)

// ServeCmd runs the server until it is interrupted.
type ServeCmd struct {
	app.Config `embed:""`
}

// Run serves.
func (c *ServeCmd) Run(ctx context.Context) (err error) {
	log := logger(c.Config)
	slog.SetDefault(log)
	a, err := app.Open(ctx, c.Config, app.Options{Log: log})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	return a.Run(ctx, func(url string) {
		fmt.Printf("ruhu %s\n", url)
		if a.FirstPassword != "" {
			fmt.Printf("首个账号 first account: %s  密码 password: %s （只显示这一次 shown once）\n", account.FirstAccount, a.FirstPassword)
		}
	})
}

func logger(c app.Config) *slog.Logger {
	o := &slog.HandlerOptions{Level: c.Level()}
	if c.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(os.Stderr, o))
	}
	return slog.New(slog.NewTextHandler(os.Stderr, o))
}
