package small

import (
	"bytes"
	"encoding/binary"
	"io"
)

// maxNotes is how much of a file is looked through for the camera's notes: they stand before the picture, each at most 64 kB.
const maxNotes = 1 << 20

// tagOrientation of EXIF: how the camera was held.
const tagOrientation = 0x0112

// orientation reads how a JPEG has to be turned, 1 to 8; 1 when nothing that can be read says otherwise.
func orientation(r io.Reader) int {
	b, err := io.ReadAll(r)
	if err != nil || len(b) < 2 || b[0] != 0xff || b[1] != 0xd8 {
		return 1
	}
	for b = b[2:]; len(b) >= 4 && b[0] == 0xff; {
		marker, size := b[1], int(binary.BigEndian.Uint16(b[2:]))
		if marker == 0xda || size < 2 || len(b) < 2+size { // the picture begins
			return 1
		}
		if notes, ok := bytes.CutPrefix(b[4:2+size], []byte("Exif\x00\x00")); ok && marker == 0xe1 {
			return turnOf(notes)
		}
		b = b[2+size:]
	}
	return 1
}

// turnOf reads the orientation from the first directory of a TIFF block.
func turnOf(b []byte) int {
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(b, []byte("II*\x00")):
		order = binary.LittleEndian
	case bytes.HasPrefix(b, []byte("MM\x00*")):
		order = binary.BigEndian
	default:
		return 1
	}
	if len(b) < 8 {
		return 1
	}
	at := int64(order.Uint32(b[4:]))
	if at+2 > int64(len(b)) {
		return 1
	}
	entries := b[at+2:]
	for n := int(order.Uint16(b[at:])); n > 0 && len(entries) >= 12; n, entries = n-1, entries[12:] {
		if order.Uint16(entries) != tagOrientation {
			continue
		}
		if turn := int(order.Uint16(entries[8:])); turn >= 1 && turn <= 8 {
			return turn
		}
		return 1
	}
	return 1
}
