package tlog_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	mod "golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"

	"ruhu/internal/tlog"
)

// store keeps a log as a database would: the widest tile of each place.
type store struct {
	head    tlog.Head
	tiles   map[[2]int64][]byte
	entries [][]byte
}

func (s *store) read(level int, n int64, _ int) ([]byte, error) {
	return s.tiles[[2]int64{int64(level), n}], nil
}

func (s *store) add(entries ...[]byte) error {
	hashes := make([]tlog.Hash, len(entries))
	for i, e := range entries {
		hashes[i] = tlog.LeafHash(e)
	}
	head, tiles, err := tlog.Append(s.head, hashes, s.read)
	if err != nil {
		return err
	}
	for _, t := range tiles {
		s.tiles[[2]int64{int64(t.Level), t.N}] = t.Data
	}
	s.head, s.entries = head, append(s.entries, entries...)
	return nil
}

// export writes the log as files, as it is served.
func (s *store) export(t interface{ Fatal(...any) }, secret string) fstest.MapFS {
	files := fstest.MapFS{}
	signed, err := tlog.Sign("ruhu.test/990101", secret, s.head)
	if err != nil {
		t.Fatal(err)
	}
	files["checkpoint"] = &fstest.MapFile{Data: []byte(signed)}
	for at, data := range s.tiles {
		files[tlog.Piece{Level: int(at[0]), N: at[1], W: len(data) / 32}.Path()] = &fstest.MapFile{Data: data}
	}
	for n := 0; n*tlog.Width < len(s.entries); n++ {
		part := s.entries[n*tlog.Width : min(len(s.entries), (n+1)*tlog.Width)]
		data, err := tlog.Bundle(part)
		if err != nil {
			t.Fatal(err)
		}
		files[tlog.Piece{Level: tlog.Entries, N: int64(n), W: len(part)}.Path()] = &fstest.MapFile{Data: data}
	}
	return files
}

func fill(t interface{ Fatal(...any) }, batches ...int) *store {
	s := &store{tiles: map[[2]int64][]byte{}}
	for _, n := range batches {
		var es [][]byte
		for range n {
			es = append(es, fmt.Appendf(nil, "entry %d", len(s.entries)+len(es)))
		}
		if err := s.add(es...); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// The first leaves of the test vectors that logs of RFC 6962 share.
func TestRootsAreThoseOfRFC6962(t *testing.T) {
	t.Parallel()
	inputs := []string{"", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"}
	want := []string{
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
		"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
		"aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
		"d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
		"4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
		"76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
		"ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
		"5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
	}
	s := fill(t)
	var leaves []tlog.Hash
	for i := range want {
		if got := tlog.Root(leaves); hex.EncodeToString(got[:]) != want[i] {
			t.Errorf("root of %d: %x", i, got)
		}
		if i > 0 && hex.EncodeToString(s.head.Root[:]) != want[i] {
			t.Errorf("appended root of %d: %x", i, s.head.Root)
		}
		if i < len(inputs) {
			e, _ := hex.DecodeString(inputs[i])
			leaves = append(leaves, tlog.LeafHash(e))
			if err := s.add(e); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// modReader lets the module proxy's own verifier read an exported copy.
type modReader struct{ files fs.FS }

func (modReader) Height() int                    { return tlog.Height }
func (modReader) SaveTiles([]mod.Tile, [][]byte) {}
func (r modReader) ReadTiles(ts []mod.Tile) (out [][]byte, err error) {
	for _, t := range ts {
		data, err := fs.ReadFile(r.files, tlog.Piece{Level: t.L, N: t.N, W: t.W}.Path())
		if err != nil {
			return nil, err
		}
		out = append(out, data)
	}
	return out, nil
}

func TestAForeignVerifierProvesEveryEntryAndEveryEarlierState(t *testing.T) {
	t.Parallel()
	secret, verifier, err := tlog.NewKey("ruhu.test/990101")
	if err != nil {
		t.Fatal(err)
	}
	s := fill(t, 1)
	early := s.head
	for _, n := range []int{254, 1, 1, 700, 3} {
		es := make([][]byte, n)
		for i := range es {
			es[i] = fmt.Appendf(nil, "more %d", len(s.entries)+i)
		}
		if err := s.add(es...); err != nil {
			t.Fatal(err)
		}
	}
	files := s.export(t, secret)
	signed, _ := fs.ReadFile(files, "checkpoint")
	head, err := tlog.Open("ruhu.test/990101", verifier, string(signed))
	if err != nil || head != s.head || head.Size != 960 {
		t.Fatalf("%+v, %v", head, err)
	}
	hashes := mod.TileHashReader(mod.Tree{N: head.Size, Hash: head.Root}, modReader{files})
	for _, i := range []int64{0, 1, 255, 256, 511, 768, 959} {
		p, err := mod.ProveRecord(head.Size, i, hashes)
		if err == nil {
			err = mod.CheckRecord(p, head.Size, head.Root, i, mod.RecordHash(s.entries[i]))
		}
		if err != nil {
			t.Errorf("entry %d: %v", i, err)
		}
		if mod.CheckRecord(p, head.Size, head.Root, i, mod.RecordHash([]byte("another"))) == nil {
			t.Errorf("entry %d is proven with another text", i)
		}
	}
	p, err := mod.ProveTree(head.Size, early.Size, hashes)
	if err == nil {
		err = mod.CheckTree(p, head.Size, head.Root, early.Size, early.Root)
	}
	if err != nil {
		t.Errorf("the first state is not part of the last: %v", err)
	}
}

func TestBatchesDoNotMatter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		batches := rapid.SliceOfN(rapid.IntRange(1, 300), 1, 6).Draw(t, "batches")
		total := 0
		for _, n := range batches {
			total += n
		}
		a, b := fill(t, batches...), fill(t, total)
		if a.head != b.head || !maps.EqualFunc(a.tiles, b.tiles, bytes.Equal) {
			t.Fatalf("%v differs from one batch of %d", batches, total)
		}
		leaves := make([]tlog.Hash, total)
		for i, e := range a.entries {
			leaves[i] = tlog.LeafHash(e)
		}
		if tlog.Root(leaves) != a.head.Root {
			t.Fatal("root")
		}
	})
}

func TestACopyIsWholeOrItIsSaidWhatIsNot(t *testing.T) {
	t.Parallel()
	const origin = "ruhu.test/990101"
	secret, verifier, _ := tlog.NewKey(origin)
	_, stranger, _ := tlog.NewKey(origin)
	s := fill(t, 300, 400)
	seen := 0
	c, err := tlog.CheckCopy(s.export(t, secret), origin, verifier, func(i int64, e []byte) error {
		if string(e) != fmt.Sprintf("entry %d", i) {
			t.Errorf("%d: %s", i, e)
		}
		seen++
		return nil
	})
	if err != nil || len(c.Found) != 0 || seen != 700 {
		t.Fatalf("%v, %v, %d", err, c.Found, seen)
	}
	for name, spoil := range map[string]func(fstest.MapFS){
		"an entry is changed":      func(f fstest.MapFS) { flip(f, "tile/entries/001", 40) },
		"a leaf is changed":        func(f fstest.MapFS) { flip(f, "tile/0/001", 40) },
		"an upper node is changed": func(f fstest.MapFS) { flip(f, "tile/1/000.p/2", 40) },
		"a tile is short":          func(f fstest.MapFS) { f["tile/0/000"].Data = f["tile/0/000"].Data[:64] },
	} {
		files := s.export(t, secret)
		spoil(files)
		c, err := tlog.CheckCopy(files, origin, verifier, nil)
		if err != nil || len(c.Found) == 0 {
			t.Errorf("%s: %v, %v", name, c.Found, err)
		}
	}
	for name, spoil := range map[string]func(fstest.MapFS){
		"the checkpoint is changed": func(f fstest.MapFS) { flip(f, "checkpoint", len(origin)+2) },
		"a bundle is missing":       func(f fstest.MapFS) { delete(f, "tile/entries/002.p/188") },
		"a tile is missing":         func(f fstest.MapFS) { delete(f, "tile/0/002.p/188") },
		"a bundle is cut":           func(f fstest.MapFS) { f["tile/entries/000"].Data = f["tile/entries/000"].Data[:9] },
	} {
		files := s.export(t, secret)
		spoil(files)
		if c, err := tlog.CheckCopy(files, origin, verifier, nil); err == nil {
			t.Errorf("%s: %+v", name, c)
		}
	}
	if _, err := tlog.CheckCopy(s.export(t, secret), origin, stranger, nil); !errors.Is(err, tlog.ErrCheckpoint) {
		t.Errorf("signed by another key: %v", err)
	}
	if _, err := tlog.CheckCopy(s.export(t, secret), "elsewhere", verifier, nil); !errors.Is(err, tlog.ErrCheckpoint) {
		t.Errorf("of another log: %v", err)
	}
}

func flip(f fstest.MapFS, name string, at int) {
	data := slices.Clone(f[name].Data)
	data[at] ^= 1
	f[name] = &fstest.MapFile{Data: data}
}

func TestAppendRefusesTilesThatWereNotSigned(t *testing.T) {
	t.Parallel()
	s := fill(t, 300)
	data := slices.Clone(s.tiles[[2]int64{0, 1}])
	data[5] ^= 1
	s.tiles[[2]int64{0, 1}] = data
	if err := s.add([]byte("x")); err == nil {
		t.Error("appended to a tree that was changed")
	}
}

func TestTheVerifierLineFollowsFromTheSecret(t *testing.T) {
	t.Parallel()
	for range 50 { // the base64 of some keys holds a plus, which also parts the fields
		secret, verifier, err := tlog.NewKey("ruhu.test/990101")
		if err != nil {
			t.Fatal(err)
		}
		if got, err := tlog.VerifierOf(secret); err != nil || got != verifier {
			t.Errorf("%s: %s, %v", verifier, got, err)
		}
	}
	if _, err := tlog.VerifierOf("nonsense"); !errors.Is(err, tlog.ErrCheckpoint) {
		t.Error(err)
	}
}

func TestPiecesAreNamedAsTheSpecificationSays(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		p    tlog.Piece
		want string
	}{
		{tlog.Piece{Level: 0, N: 0, W: 256}, "tile/0/000"},
		{tlog.Piece{Level: 3, N: 1234067, W: 256}, "tile/3/x001/x234/067"},
		{tlog.Piece{Level: 0, N: 1000, W: 7}, "tile/0/x001/000.p/7"},
		{tlog.Piece{Level: tlog.Entries, N: 12, W: 255}, "tile/entries/012.p/255"},
	} {
		got, ok := tlog.ParsePath(c.want)
		if c.p.Path() != c.want || !ok || got != c.p {
			t.Errorf("%s: %s, %+v", c.want, c.p.Path(), got)
		}
	}
	for _, bad := range []string{"", "tile/0", "tile/0/0", "tile/0/000.p/256", "tile/0/000.p/0", "tile/00/000", "tile/0/x000/001", "tile/64/000", "tile/0/../000", "/tile/0/000"} {
		if p, ok := tlog.ParsePath(bad); ok {
			t.Errorf("%q: %+v", bad, p)
		}
	}
}

func FuzzPath(f *testing.F) {
	f.Add("tile/0/x001/234.p/5")
	f.Add("tile/entries/000")
	f.Fuzz(func(t *testing.T, s string) {
		if p, ok := tlog.ParsePath(s); ok && p.Path() != s {
			t.Errorf("%q: %+v", s, p)
		}
	})
}

func FuzzUnbundle(f *testing.F) {
	f.Add([]byte("\x00\x01a\x00\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		es, err := tlog.Unbundle(b)
		if err != nil {
			return
		}
		if again, err := tlog.Bundle(es); err != nil || !bytes.Equal(again, b) {
			t.Errorf("%x: %v", again, err)
		}
	})
}

func FuzzOpen(f *testing.F) {
	secret, verifier, _ := tlog.NewKey("o")
	signed, _ := tlog.Sign("o", secret, tlog.Head{Size: 3})
	f.Add(signed)
	f.Fuzz(func(t *testing.T, s string) {
		if _, err := tlog.Open("o", verifier, s); err == nil && !strings.HasPrefix(s, signed[:strings.Index(signed, "\n\n")]) {
			t.Errorf("taken for signed: %q", s)
		}
	})
}
