package main

import (
	"context"
	"net/http/httptest"
	"testing"
	"time"

	"ruhu/internal/account"
	"ruhu/internal/app"
)

// BenchmarkIntake sends forms to the program inside this process: for profiles, which ruhu-bench itself cannot take.
// Run it with a fixed number: go test ./cmd/ruhu-bench -bench Intake -benchtime 3000x -cpuprofile cpu.out
func BenchmarkIntake(b *testing.B) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	c := app.Default(b.TempDir())
	c.AdminPassword = adminPassword
	a, err := app.Open(ctx, c, app.Options{Cost: account.Cost{Time: 1, Memory: 64}})
	if err != nil {
		b.Fatal(err)
	}
	srv := httptest.NewServer(a.Web.Handler())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		a.Bus.Run(ctx)
	}()
	defer func() {
		srv.Close()
		cancel()
		<-ended
		if err := a.Close(); err != nil {
			b.Error(err)
		}
	}()
	t, err := makeTown(ctx, srv.URL, b.N, 64)
	if err != nil {
		b.Fatal(err)
	}
	jobs, err := makeJobs(ctx, t, b.N, 7000)
	if err != nil {
		b.Fatal(err)
	}
	before := cpuOwn()
	b.ResetTimer()
	out, err := drive(ctx, t, jobs, func() bool { return false })
	if err != nil {
		b.Fatal(err)
	}
	validated, err := t.waitJudged(ctx, b.N, time.Now().Add(-out.took))
	if err != nil {
		b.Fatal(err)
	}
	b.StopTimer()
	b.ReportMetric(float64(b.N)/validated.Seconds(), "forms/s")
	b.ReportMetric(float64((cpuOwn()-before).Microseconds())/float64(b.N), "cpu-µs/form")
	if err := t.check(ctx, "review", out.acked); err != nil {
		b.Fatal(err)
	}
}
