package dbtest

import "testing"

// NotUnderRace skips a long test that shares nothing between goroutines under the race detector, where it takes minutes. `make test-go` runs
// it once more without: a package that calls this must stand there.
func NotUnderRace(t testing.TB) {
	t.Helper()
	if race {
		t.Skip("minutes under the race detector; make test-go runs it once more without")
	}
}
