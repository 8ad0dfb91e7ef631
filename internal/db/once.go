package db

import "sync"

// maxOnce bounds what is kept by Once; beyond it everything is made anew.
const maxOnce = 256

type once struct {
	mu   sync.Mutex
	kept map[string]any
}

// Once gives what make made for key, which is made once for a database and then shared: for rows that are written once, are large and are read
// often. What a transaction made is kept when it has committed, so that nobody sees what was taken back. Whoever asks must not change it.
func Once[T any](tx *Tx, key string, make func() (T, error)) (T, error) {
	o := &tx.d.once
	o.mu.Lock()
	kept, ok := o.kept[key]
	o.mu.Unlock()
	if ok {
		return kept.(T), nil
	}
	v, err := make()
	if err != nil {
		return v, err
	}
	if tx.reads {
		o.keep(key, v)
	} else {
		tx.AfterCommit(func() { o.keep(key, v) })
	}
	return v, nil
}

func (o *once) keep(key string, v any) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.kept == nil || len(o.kept) >= maxOnce {
		o.kept = map[string]any{}
	}
	o.kept[key] = v
}
