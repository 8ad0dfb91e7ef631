package main

import (
	"strings"
	"testing"
	"time"

	"ruhu/internal/errs"
	"ruhu/internal/sim"
)

func TestTheClockMovesForwardOnlyAndStopsAtNonsense(t *testing.T) {
	t.Parallel()
	clock := sim.NewClock(time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC))
	var said strings.Builder
	err := follow(strings.NewReader("2026-03-06T18:02:00+08:00\n2026-03-01T00:00:00Z\ntomorrow\n2026-04-01T00:00:00Z\n"), &said, clock)
	if errs.CodeOf(err) != "sim.instant" {
		t.Errorf("%v", err)
	}
	if want := "clock 2026-03-06T10:02:00Z\nclock 2026-03-06T10:02:00Z\n"; said.String() != want {
		t.Errorf("%q, want %q", said.String(), want)
	}
}
