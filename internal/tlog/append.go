package tlog

import (
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// Height of a tile: 2^8 hashes.
const Height = 8

// Width of a full tile and of a full bundle of entries.
const Width = 1 << Height

// MaxEntry is the longest entry in bytes: its length is written in two of them.
const MaxEntry = 1<<16 - 1

// Hash is a node of the tree.
type Hash = tlog.Hash

// LeafHash is the hash of an entry.
func LeafHash(entry []byte) Hash { return tlog.RecordHash(entry) }

// Tile is a piece of the tree: hashes from..from+width of a level. Level 0 holds the leaves.
type Tile struct {
	Level int
	N     int64
	Data  []byte // hashes of 32 bytes, at most Width of them
}

// Head is the state of a log.
type Head struct {
	Size int64
	Root Hash
}

// ReadTile gives the data of a tile with at least width hashes; it may give more.
type ReadTile func(level int, n int64, width int) ([]byte, error)

// Append adds leaves to the log at head. It gives the new head and the tiles that are new or have grown, with all their hashes. What it reads of
// the present tiles is checked against head: an error says that the stored tree is not the one that was signed.
func Append(head Head, leaves []Hash, read ReadTile) (Head, []Tile, error) {
	if len(leaves) == 0 {
		return head, nil, nil
	}
	w := &writer{old: tlog.Tree{N: head.Size, Hash: head.Root}, read: read, fresh: map[int64]Hash{}}
	w.stored = tlog.TileHashReader(w.old, w)
	size := head.Size
	for _, leaf := range leaves {
		hashes, err := tlog.StoredHashesForRecordHash(size, leaf, w)
		if err != nil {
			return head, nil, fmt.Errorf("append entry %d: %w", size, err)
		}
		at := tlog.StoredHashIndex(0, size)
		for i, h := range hashes {
			w.fresh[at+int64(i)] = h
		}
		size++
	}
	root, err := tlog.TreeHash(size, w)
	if err != nil {
		return head, nil, fmt.Errorf("root of %d entries: %w", size, err)
	}
	var tiles []Tile
	for _, t := range tlog.NewTiles(Height, head.Size, size) {
		data, err := tlog.ReadTileData(t, w)
		if err != nil {
			return head, nil, fmt.Errorf("tile %s: %w", t.Path(), err)
		}
		tiles = append(tiles, Tile{Level: t.L, N: t.N, Data: data})
	}
	return Head{Size: size, Root: root}, tiles, nil
}

// writer reads hashes from those just made, else from the stored tiles.
type writer struct {
	old    tlog.Tree
	read   ReadTile
	stored tlog.HashReader
	fresh  map[int64]Hash
}

// ReadHashes implements tlog.HashReader.
func (w *writer) ReadHashes(indexes []int64) ([]Hash, error) {
	out := make([]Hash, len(indexes))
	var missing []int64
	var places []int
	for i, x := range indexes {
		if h, ok := w.fresh[x]; ok {
			out[i] = h
			continue
		}
		missing, places = append(missing, x), append(places, i)
	}
	if len(missing) == 0 {
		return out, nil
	}
	hashes, err := w.stored.ReadHashes(missing)
	if err != nil {
		return nil, err
	}
	for i, h := range hashes {
		out[places[i]] = h
	}
	return out, nil
}

// Height implements tlog.TileReader.
func (w *writer) Height() int { return Height }

// ReadTiles implements tlog.TileReader.
func (w *writer) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	out := make([][]byte, len(tiles))
	for i, t := range tiles {
		data, err := w.read(t.L, t.N, t.W)
		if err != nil {
			return nil, err
		}
		if len(data) < t.W*tlog.HashSize {
			return nil, fmt.Errorf("tile %s holds %d bytes", t.Path(), len(data))
		}
		out[i] = data[:t.W*tlog.HashSize]
	}
	return out, nil
}

// SaveTiles implements tlog.TileReader: nothing is cached.
func (w *writer) SaveTiles([]tlog.Tile, [][]byte) {}

// Root computes the root over all leaves. It takes time and memory in proportion to their number.
func Root(leaves []Hash) Hash {
	var stack []Hash // complete subtrees, the largest first
	for i, leaf := range leaves {
		stack = append(stack, leaf)
		for n := i + 1; n%2 == 0; n /= 2 {
			l, r := stack[len(stack)-2], stack[len(stack)-1]
			stack = append(stack[:len(stack)-2], tlog.NodeHash(l, r))
		}
	}
	if len(stack) == 0 {
		h, _ := tlog.TreeHash(0, nil) // of nothing: no reader is asked
		return h
	}
	root := stack[len(stack)-1]
	for i := len(stack) - 2; i >= 0; i-- {
		root = tlog.NodeHash(stack[i], root)
	}
	return root
}
