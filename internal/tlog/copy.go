package tlog

import (
	"bytes"
	"fmt"
	"io/fs"
)

// Copy is what CheckCopy found in a copy of a log.
type Copy struct {
	Head  Head
	Found []string // what is wrong, in the order of the log; none is a copy that is whole
}

// CheckCopy checks a copy of a log, as it is served or exported, without anything else: the signature of its checkpoint, every entry against
// its leaf, every tile against the leaves, the root. Each entry is given to visit, which may be nil. An error is a copy that can't be read; what does
// not fit is in Copy.Found.
func CheckCopy(files fs.FS, origin, verifier string, visit func(index int64, entry []byte) error) (Copy, error) {
	var c Copy
	signed, err := fs.ReadFile(files, "checkpoint")
	if err != nil {
		return c, err
	}
	if c.Head, err = Open(origin, verifier, string(signed)); err != nil {
		return c, err
	}
	leaves, err := c.entries(files, visit)
	if err != nil {
		return c, err
	}
	level := leaves
	for l := 0; len(level) > 0; l++ {
		if err := c.tiles(files, l, level); err != nil {
			return c, err
		}
		level = parents(level)
	}
	if int64(len(leaves)) != c.Head.Size || Root(leaves) != c.Head.Root {
		c.Found = append(c.Found, "the entries do not give the root of the checkpoint")
	}
	return c, nil
}

func (c *Copy) entries(files fs.FS, visit func(int64, []byte) error) ([]Hash, error) {
	var leaves []Hash
	for n := int64(0); n*Width < c.Head.Size; n++ {
		p := Piece{Entries, n, int(min(Width, c.Head.Size-n*Width))}
		data, err := fs.ReadFile(files, p.Path())
		if err != nil {
			return nil, err
		}
		entries, err := Unbundle(data)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.Path(), err)
		}
		if len(entries) != p.W {
			return nil, fmt.Errorf("%s holds %d entries", p.Path(), len(entries))
		}
		for i, e := range entries {
			leaves = append(leaves, LeafHash(e))
			if visit != nil {
				if err := visit(n*Width+int64(i), e); err != nil {
					return nil, err
				}
			}
		}
	}
	return leaves, nil
}

// tiles compares the tiles of a level with its hashes.
func (c *Copy) tiles(files fs.FS, l int, level []Hash) error {
	for n := 0; n*Width < len(level); n++ {
		part := level[n*Width : min(len(level), (n+1)*Width)]
		p := Piece{l, int64(n), len(part)}
		data, err := fs.ReadFile(files, p.Path())
		if err != nil {
			return err
		}
		if len(data) != len(part)*len(Hash{}) {
			c.Found = append(c.Found, fmt.Sprintf("%s holds %d bytes", p.Path(), len(data)))
			continue
		}
		for i, h := range part {
			if !bytes.Equal(data[i*len(h):(i+1)*len(h)], h[:]) {
				what := "node"
				if l == 0 {
					what = "entry"
				}
				c.Found = append(c.Found, fmt.Sprintf("%s %d of level %d is not the one in %s", what, n*Width+i, l, p.Path()))
			}
		}
	}
	return nil
}

// parents gives the hashes of the next level of tiles: the roots of full tiles.
func parents(level []Hash) []Hash {
	var up []Hash
	for ; len(level) >= Width; level = level[Width:] {
		up = append(up, Root(level[:Width]))
	}
	return up
}
