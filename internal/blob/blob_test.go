package blob_test

import (
	"bytes"
	"context"
	"io"
	"strings"
	"sync"
	"testing"

	"ruhu/internal/blob"
	"ruhu/internal/errs"
)

func TestABlobIsStoredOnceAndReadBack(t *testing.T) {
	t.Parallel()
	s, err := blob.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	content := []byte("一张照片")
	want := blob.Of(content)
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			d, n, err := s.Put(context.Background(), bytes.NewReader(content), 100, want)
			if err != nil || d != want || n != int64(len(content)) {
				t.Errorf("put: %v %d %v", d, n, err)
			}
		})
	}
	wg.Wait()
	f, err := s.Open(want)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	if got, err := io.ReadAll(f); err != nil || !bytes.Equal(got, content) {
		t.Errorf("read back %q, %v", got, err)
	}
}

func TestPutRefusesTooMuchAndAWrongDigestAndLeavesNothing(t *testing.T) {
	t.Parallel()
	s, err := blob.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Put(context.Background(), strings.NewReader("12345"), 4, ""); errs.CodeOf(err) != "blob.too_large" {
		t.Errorf("too large: %v", err)
	}
	if _, _, err := s.Put(context.Background(), strings.NewReader("12345"), 5, blob.Of([]byte("other"))); errs.CodeOf(err) != "blob.digest" {
		t.Errorf("wrong digest: %v", err)
	}
	if ok, err := s.Has(blob.Of([]byte("12345"))); ok || err != nil {
		t.Errorf("has: %v %v", ok, err)
	}
}

func TestOpenOfForeignTextIsNotFound(t *testing.T) {
	t.Parallel()
	s, err := blob.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range []blob.Digest{"", "../../etc/passwd", blob.Digest(strings.Repeat("A", 64)), blob.Of(nil)} {
		if _, err := s.Open(d); !errs.Is(err, errs.NotFound) {
			t.Errorf("Open(%q): %v", d, err)
		}
	}
}
