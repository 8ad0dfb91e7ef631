package blob

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"sync"
	"time"

	"ruhu/internal/errs"
)

// Parts keeps files that arrive piece by piece over a bad network, until they are whole. A file is known by who sends it and by the digest that it
// will have, so that a transfer goes on where it broke off, and nobody can finish or spoil another's. It is safe for many goroutines of
// one process.
type Parts struct {
	dir  string
	busy sync.Map // owner/digest → *sync.Mutex
}

var ownerName = regexp.MustCompile(`^[0-9a-f-]{1,64}$`)

// staleAfter is how long an unfinished file is kept: longer than a phone is out of reach.
const staleAfter = 60 * 24 * time.Hour

// OpenParts makes the folder when missing, and forgets files that nobody went on with.
func OpenParts(dir string, now time.Time) (*Parts, error) {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, fmt.Errorf("open parts: %w", err)
	}
	old := now.Add(-staleAfter)
	err := filepath.WalkDir(dir, func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		if st, err := e.Info(); err == nil && st.ModTime().Before(old) {
			_ = os.Remove(name) // another process may have been quicker
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("open parts: %w", err)
	}
	return &Parts{dir: dir}, nil
}

func (p *Parts) path(owner string, d Digest) (string, error) {
	if !d.Valid() || !ownerName.MatchString(owner) {
		return "", errs.Invalid.New("blob.digest")
	}
	return filepath.Join(p.dir, owner, string(d)), nil
}

func (p *Parts) lock(name string) func() {
	m, _ := p.busy.LoadOrStore(name, &sync.Mutex{})
	mu := m.(*sync.Mutex)
	mu.Lock()
	return mu.Unlock
}

// Offset tells how many bytes of a file are here; 0 when nothing is.
func (p *Parts) Offset(owner string, d Digest) (int64, error) {
	name, err := p.path(owner, d)
	if err != nil {
		return 0, err
	}
	st, err := os.Stat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("look at part: %w", err)
	}
	return st.Size(), nil
}

// Append adds bytes at an offset and gives how many are here now, durable. Bytes that are here already are passed over, so that a piece may be
// sent twice. Returns Conflict "blob.offset" with field offset when bytes before it are missing, TooLarge "blob.too_large" beyond limit.
func (p *Parts) Append(owner string, d Digest, offset, limit int64, r io.Reader) (int64, error) {
	name, err := p.path(owner, d)
	if err != nil {
		return 0, err
	}
	defer p.lock(name)()
	if err := os.MkdirAll(filepath.Dir(name), 0o750); err != nil {
		return 0, fmt.Errorf("keep part: %w", err)
	}
	f, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o640)
	if err != nil {
		return 0, fmt.Errorf("keep part: %w", err)
	}
	defer func() { _ = f.Close() }() // synced below
	st, err := f.Stat()
	if err != nil {
		return 0, fmt.Errorf("keep part: %w", err)
	}
	here := st.Size()
	if offset < 0 || offset > here {
		return here, errs.Conflict.New("blob.offset", "offset", here)
	}
	if _, err := io.CopyN(io.Discard, r, here-offset); err != nil {
		if errors.Is(err, io.EOF) {
			return here, nil // all of it is here already
		}
		return here, fmt.Errorf("keep part: %w", err)
	}
	n, err := io.Copy(f, io.LimitReader(r, limit-here+1))
	if err == nil {
		err = f.Sync()
	}
	if err == nil && here+n > limit {
		_ = f.Truncate(here)
		return here, errs.TooLarge.New("blob.too_large", "limit", limit)
	}
	if err != nil {
		return here + n, fmt.Errorf("keep part: %w", err)
	}
	return here + n, nil
}

// Bytes gives a file that is whole. Returns NotFound "blob.not_found" when it is not, after dropping bytes that can never become it.
func (p *Parts) Bytes(owner string, d Digest, size int64) ([]byte, error) {
	name, err := p.path(owner, d)
	if err != nil {
		return nil, err
	}
	defer p.lock(name)()
	b, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) || err == nil && int64(len(b)) < size {
		return nil, errs.NotFound.New("blob.not_found")
	}
	if err != nil {
		return nil, fmt.Errorf("read part: %w", err)
	}
	if Of(b) != d {
		_ = os.Remove(name) // it begins again from 0
		return nil, errs.NotFound.New("blob.not_found")
	}
	return b, nil
}

// Finish moves a file that is whole into the store. Returns what Bytes and Put return.
func (p *Parts) Finish(ctx context.Context, owner string, d Digest, size int64, into *Store) error {
	b, err := p.Bytes(owner, d, size)
	if err != nil {
		return err
	}
	if _, _, err := into.Put(ctx, bytes.NewReader(b), int64(len(b)), d); err != nil {
		return err
	}
	p.Drop(owner, d)
	return nil
}

// Drop forgets a file.
func (p *Parts) Drop(owner string, d Digest) {
	if name, err := p.path(owner, d); err == nil {
		defer p.lock(name)()
		_ = os.Remove(name) // gone already is as good
	}
}
