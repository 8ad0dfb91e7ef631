package blob_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"ruhu/internal/blob"
	"ruhu/internal/errs"
)

// breaks gives some bytes and then fails, as a network does.
type breaks struct{ r io.Reader }

func (b breaks) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

func TestAFileArrivesInPiecesWhateverTheNetworkDoes(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	parts, err := blob.OpenParts(filepath.Join(dir, "parts"), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	store, err := blob.Open(filepath.Join(dir, "blobs"))
	if err != nil {
		t.Fatal(err)
	}
	const owner, limit = "01970000-0000-7000-8000-0000000000e1", 1000
	content := bytes.Repeat([]byte("0123456789"), 10)
	d, size := blob.Of(content), int64(len(content))
	send := func(offset int64, r io.Reader, want int64) {
		t.Helper()
		if got, err := parts.Append(owner, d, offset, limit, r); err != nil || got != want {
			t.Fatalf("at %d: %d %v, want %d", offset, got, err, want)
		}
	}
	send(0, bytes.NewReader(content[:30]), 30)
	send(0, bytes.NewReader(content[:30]), 30)    // sent again
	send(20, bytes.NewReader(content[20:40]), 40) // overlapping
	if _, err := parts.Append(owner, d, 41, limit, bytes.NewReader(content[41:])); errs.CodeOf(err) != "blob.offset" {
		t.Errorf("a gap: %v", err)
	}
	// Broken off in the middle: what came is here.
	if _, err := parts.Append(owner, d, 40, limit, breaks{bytes.NewReader(content[40:60])}); err == nil {
		t.Error("a broken piece passes for a whole one")
	}
	if n, err := parts.Offset(owner, d); n != 60 || err != nil {
		t.Errorf("after the break: %d %v", n, err)
	}
	if err := parts.Finish(t.Context(), owner, d, size, store); errs.CodeOf(err) != "blob.not_found" {
		t.Errorf("finished before its end: %v", err)
	}
	send(60, bytes.NewReader(content[60:]), size)
	if n, _ := parts.Offset("0197", d); n != 0 {
		t.Error("another sender sees it")
	}
	if err := parts.Finish(t.Context(), owner, d, size, store); err != nil {
		t.Fatal(err)
	}
	if has, err := store.Has(d); !has || err != nil {
		t.Errorf("the store: %v %v", has, err)
	}
	if n, _ := parts.Offset(owner, d); n != 0 {
		t.Errorf("%d bytes are left over", n)
	}
}

func TestBytesThatCannotBecomeTheFileAreDropped(t *testing.T) {
	t.Parallel()
	parts, err := blob.OpenParts(t.TempDir(), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	d := blob.Of([]byte("right"))
	if _, err := parts.Append("a", d, 0, 10, bytes.NewReader([]byte("wrong"))); err != nil {
		t.Fatal(err)
	}
	if _, err := parts.Bytes("a", d, 5); errs.CodeOf(err) != "blob.not_found" {
		t.Errorf("wrong bytes: %v", err)
	}
	if n, _ := parts.Offset("a", d); n != 0 {
		t.Errorf("they are still here: %d", n)
	}
	if _, err := parts.Append("a", d, 0, 10, bytes.NewReader(make([]byte, 11))); errs.CodeOf(err) != "blob.too_large" {
		t.Errorf("beyond the limit: %v", err)
	}
	for _, owner := range []string{"", "../x", "a/b"} {
		if _, err := parts.Append(owner, d, 0, 10, bytes.NewReader(nil)); errs.CodeOf(err) != "blob.digest" {
			t.Errorf("owner %q: %v", owner, err)
		}
	}
}

func TestAFileThatNobodyGoesOnWithIsForgottenAfterTwoMonths(t *testing.T) {
	t.Parallel()
	dir, now := t.TempDir(), time.Now()
	parts, err := blob.OpenParts(dir, now)
	if err != nil {
		t.Fatal(err)
	}
	d := blob.Of([]byte("right"))
	if _, err := parts.Append("a", d, 0, 10, bytes.NewReader([]byte("r"))); err != nil {
		t.Fatal(err)
	}
	if _, err := blob.OpenParts(dir, now.AddDate(0, 0, 50)); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "a", string(d))); err != nil {
		t.Errorf("after 50 days: %v", err)
	}
	if _, err := blob.OpenParts(dir, now.AddDate(0, 0, 70)); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "a", string(d))); err == nil {
		t.Error("after 70 days it is still here")
	}
}
