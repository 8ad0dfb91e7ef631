package submission

import (
	"sync"

	"ruhu/internal/db"
	"ruhu/internal/job"
)

// Service keeps submissions. It is safe for many goroutines.
type Service struct {
	d      *db.DB
	bus    *job.Bus
	in     Inputs
	intake intake
}

// NewService makes a Service and starts its intake; Close stops it.
func NewService(d *db.DB, bus *job.Bus, in Inputs) *Service {
	s := &Service{d: d, bus: bus, in: in, intake: intake{queue: make(chan *waiting, maxQueue), ended: make(chan struct{})}}
	gatherers := 1
	if d.Dialect() == db.Postgres { // while one group waits for its round trips and its commit, the next is written
		gatherers = 3
	}
	var wg sync.WaitGroup
	for range gatherers {
		wg.Go(s.gather)
	}
	go func() {
		wg.Wait()
		close(s.intake.ended)
	}()
	return s
}

// Close stores the arrivals that wait and takes no more.
func (s *Service) Close() { s.intake.close() }
