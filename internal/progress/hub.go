package progress

import "sync"

// hub wakes those who watch a campaign in this process.
type hub struct {
	mu       sync.Mutex
	watchers map[string]map[chan struct{}]bool
}

// watch gives a channel that holds one token after a change, however many there were; stop ends it.
func (h *hub) watch(key string) (changed <-chan struct{}, stop func()) {
	c := make(chan struct{}, 1)
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.watchers == nil {
		h.watchers = map[string]map[chan struct{}]bool{}
	}
	if h.watchers[key] == nil {
		h.watchers[key] = map[chan struct{}]bool{}
	}
	h.watchers[key][c] = true
	return c, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		delete(h.watchers[key], c)
		if len(h.watchers[key]) == 0 {
			delete(h.watchers, key)
		}
	}
}

func (h *hub) tell(key string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for c := range h.watchers[key] {
		select {
		case c <- struct{}{}:
		default: // it will look anyway
		}
	}
}
