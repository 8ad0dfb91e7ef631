package sim

import (
	"sync"
	"time"
)

// Clock is the server's clock while it is played with: it stands still until it is moved, and runs in step with the real
// one after Release.
type Clock struct {
	mu       sync.Mutex
	at       time.Time
	released bool
}

// NewClock starts at t.
func NewClock(t time.Time) *Clock { return &Clock{at: t} }

// Now reads the clock.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.released {
		return time.Now()
	}
	return c.at
}

// Set moves the clock forward to t; it never goes back.
func (c *Clock) Set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if t.After(c.at) {
		c.at = t
	}
}

// Add moves the clock forward by d.
func (c *Clock) Add(d time.Duration) { c.Set(c.Now().Add(d)) }

// Release lets the clock run with the real time.
func (c *Clock) Release() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.released = true
}
