package sheet

import (
	"encoding/binary"
	"fmt"
	"os"
)

// stringTable keeps the shared strings of a workbook in blocks of blockStrings. Small ones stay in memory; beyond memStrings
// bytes they go to a temporary file, and only the blocks in use are in memory. Rows use strings mostly in the order in which
// they stand, so a block serves many cells.
type stringTable struct {
	n      int
	starts []int64 // where each block begins
	tail   []byte  // what is not in the file yet
	file   *os.File
	filed  int64 // bytes in the file
	cache  []stringBlock
}

type stringBlock struct {
	number int // 1 + index; 0 is none
	text   []string
}

const (
	blockStrings = 64
	cacheBlocks  = 2048
	memStrings   = 8 << 20
)

func (s *stringTable) add(text string) error {
	if s.n%blockStrings == 0 {
		s.starts = append(s.starts, s.size())
		if len(s.tail) >= memStrings {
			if err := s.flush(); err != nil {
				return err
			}
		}
	}
	s.n++
	s.tail = binary.AppendUvarint(s.tail, uint64(len(text)))
	s.tail = append(s.tail, text...)
	return nil
}

func (s *stringTable) size() int64 { return s.filed + int64(len(s.tail)) }

func (s *stringTable) flush() error {
	if s.file == nil {
		f, err := os.CreateTemp("", "ruhu-strings-")
		if err != nil {
			return fmt.Errorf("keep the strings of a workbook: %w", err)
		}
		s.file = f
	}
	if _, err := s.file.WriteAt(s.tail, s.filed); err != nil {
		return fmt.Errorf("keep the strings of a workbook: %w", err)
	}
	s.filed += int64(len(s.tail))
	s.tail = s.tail[:0]
	return nil
}

// get gives string i, which must be below n.
func (s *stringTable) get(i int) (string, error) {
	if s.cache == nil {
		s.cache = make([]stringBlock, cacheBlocks)
	}
	at := i / blockStrings
	b := &s.cache[at%cacheBlocks]
	if b.number != at+1 {
		text, err := s.load(at)
		if err != nil {
			return "", err
		}
		b.number, b.text = at+1, text
	}
	return b.text[i%blockStrings], nil
}

func (s *stringTable) load(at int) ([]string, error) {
	from, to := s.starts[at], s.size()
	if at+1 < len(s.starts) {
		to = s.starts[at+1]
	}
	var raw []byte
	if from >= s.filed {
		raw = s.tail[from-s.filed : to-s.filed]
	} else {
		raw = make([]byte, to-from)
		if _, err := s.file.ReadAt(raw, from); err != nil {
			return nil, fmt.Errorf("read the strings of a workbook: %w", err)
		}
	}
	out := make([]string, 0, blockStrings)
	for len(raw) > 0 {
		n, w := binary.Uvarint(raw)
		out = append(out, string(raw[w:w+int(n)]))
		raw = raw[w+int(n):]
	}
	return out, nil
}

func (s *stringTable) close() error {
	if s.file == nil {
		return nil
	}
	_ = s.file.Close() // read only from here on
	err := os.Remove(s.file.Name())
	s.file = nil
	return err
}
