// Package blob keeps files by their content: photographs, signatures, workbooks that were imported.
//
// A blob is named by the SHA-256 of its bytes (64 hex digits), so the same file sent twice is stored once and a name
// can be checked against its content. Put returns when the bytes are durable. Blobs are never changed; what is evidence is
// never removed. Rows that name a blob are written after it: a crash leaves at most a file that nobody refers to.
package blob

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"ruhu/internal/errs"
)

// Digest names a blob: SHA-256 in 64 lower-case hex digits.
type Digest string

// Of computes the digest of b.
func Of(b []byte) Digest {
	sum := sha256.Sum256(b)
	return Digest(hex.EncodeToString(sum[:]))
}

// Valid reports whether d is written as a digest must be. Check it before using text from outside.
func (d Digest) Valid() bool {
	if len(d) != 64 {
		return false
	}
	for _, c := range d {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

// Store is a folder of blobs. It is safe for many goroutines and processes.
type Store struct{ dir string }

// Open makes the folder when missing.
func Open(dir string) (*Store, error) {
	if err := os.MkdirAll(filepath.Join(dir, "tmp"), 0o750); err != nil {
		return nil, fmt.Errorf("open blob store: %w", err)
	}
	return &Store{dir}, nil
}

// Put stores what r gives, at most limit bytes, and returns its digest and size. When want is not empty the content
// must have that digest. Returns TooLarge "blob.too_large", Invalid "blob.digest".
func (s *Store) Put(ctx context.Context, r io.Reader, limit int64, want Digest) (Digest, int64, error) {
	f, err := os.CreateTemp(filepath.Join(s.dir, "tmp"), "in-")
	if err != nil {
		return "", 0, fmt.Errorf("store blob: %w", err)
	}
	defer func() {
		_ = f.Close()
		_ = os.Remove(f.Name()) // gone already when it was renamed
	}()
	h := sha256.New()
	n, err := io.Copy(io.MultiWriter(f, h), io.LimitReader(r, limit+1))
	if err != nil {
		return "", 0, fmt.Errorf("store blob: %w", err)
	}
	if n > limit {
		return "", 0, errs.TooLarge.New("blob.too_large", "limit", limit)
	}
	d := Digest(hex.EncodeToString(h.Sum(nil)))
	if want != "" && want != d {
		return "", 0, errs.Invalid.New("blob.digest", "want", string(want), "got", string(d))
	}
	if err := ctx.Err(); err != nil {
		return "", 0, err
	}
	if err := f.Sync(); err != nil {
		return "", 0, fmt.Errorf("store blob: %w", err)
	}
	return d, n, s.place(f.Name(), d)
}

func (s *Store) place(from string, d Digest) error {
	to := s.path(d)
	if _, err := os.Stat(to); err == nil {
		return nil
	}
	dir := filepath.Dir(to)
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return fmt.Errorf("store blob: %w", err)
	}
	if err := os.Rename(from, to); err != nil {
		return fmt.Errorf("store blob: %w", err)
	}
	return syncDir(dir)
}

// syncDir makes the new name durable, not only the bytes.
func syncDir(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("store blob: %w", err)
	}
	defer func() { _ = f.Close() }()
	if err := f.Sync(); err != nil {
		return fmt.Errorf("store blob: %w", err)
	}
	return nil
}

// Open gives the content. The caller closes it. Returns NotFound "blob.not_found".
func (s *Store) Open(d Digest) (*os.File, error) {
	if !d.Valid() {
		return nil, errs.NotFound.New("blob.not_found")
	}
	f, err := os.Open(s.path(d))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errs.NotFound.New("blob.not_found")
	}
	if err != nil {
		return nil, fmt.Errorf("open blob: %w", err)
	}
	return f, nil
}

// Has reports whether the blob is here.
func (s *Store) Has(d Digest) (bool, error) {
	if !d.Valid() {
		return false, nil
	}
	_, err := os.Stat(s.path(d))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// Remove takes a blob away; one that is not there is no error. It is for stores whose files are meant to go, such as prints: a
// store of evidence never calls it, because others may name the same content.
func (s *Store) Remove(d Digest) error {
	if !d.Valid() {
		return nil
	}
	if err := os.Remove(s.path(d)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove blob: %w", err)
	}
	return nil
}

func (s *Store) path(d Digest) string {
	return filepath.Join(s.dir, string(d[:2]), string(d[2:4]), string(d))
}
