package tlog

import (
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"
)

// Entries is the level under which bundles of entries are named.
const Entries = -1

// Piece names a tile or a bundle.
type Piece struct {
	Level int // Entries or 0..63
	N     int64
	W     int // 1..Width
}

// Path is the name of a piece below the log: tile/0/x001/234, tile/entries/007.p/12.
func (p Piece) Path() string {
	level := "entries"
	if p.Level != Entries {
		level = strconv.Itoa(p.Level)
	}
	n := fmt.Sprintf("%03d", p.N%1000)
	for rest := p.N / 1000; rest > 0; rest /= 1000 {
		n = fmt.Sprintf("x%03d/%s", rest%1000, n)
	}
	path := "tile/" + level + "/" + n
	if p.W < Width {
		path += ".p/" + strconv.Itoa(p.W)
	}
	return path
}

// ParsePath reads what Path writes, and nothing else.
func ParsePath(path string) (Piece, bool) {
	var p Piece
	rest, ok := strings.CutPrefix(path, "tile/")
	if !ok {
		return p, false
	}
	level, rest, ok := strings.Cut(rest, "/")
	if !ok {
		return p, false
	}
	p.Level, p.W = Entries, Width
	if level != "entries" {
		n, err := strconv.ParseUint(level, 10, 6)
		if err != nil {
			return p, false
		}
		p.Level = int(n)
	}
	if before, w, partial := strings.Cut(rest, ".p/"); partial {
		n, err := strconv.ParseUint(w, 10, Height)
		if err != nil {
			return p, false
		}
		p.W, rest = int(n), before
	}
	for _, group := range strings.Split(rest, "/") {
		n, err := strconv.ParseUint(strings.TrimPrefix(group, "x"), 10, 10)
		if err != nil || p.N > 1<<40 {
			return p, false
		}
		p.N = p.N*1000 + int64(n)
	}
	return p, p.W > 0 && p.Path() == path // the canonical spelling only
}

// Bundle writes entries as a bundle: each with its length in two bytes before it.
func Bundle(entries [][]byte) ([]byte, error) {
	var out []byte
	for i, e := range entries {
		if len(e) > MaxEntry {
			return nil, fmt.Errorf("entry %d of the bundle has %d bytes", i, len(e))
		}
		out = binary.BigEndian.AppendUint16(out, uint16(len(e)))
		out = append(out, e...)
	}
	return out, nil
}

// Unbundle reads what Bundle writes.
func Unbundle(data []byte) ([][]byte, error) {
	var out [][]byte
	for len(data) > 0 {
		if len(data) < 2 || len(data)-2 < int(binary.BigEndian.Uint16(data)) {
			return nil, fmt.Errorf("bundle ends within entry %d", len(out))
		}
		n := int(binary.BigEndian.Uint16(data))
		out = append(out, data[2:2+n:2+n])
		data = data[2+n:]
	}
	return out, nil
}
