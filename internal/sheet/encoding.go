package sheet

import (
	"bytes"
	"errors"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

// The encodings of text, as Book.Encoding names them.
const (
	encUTF8    = "utf-8"
	encUTF16   = "utf-16"
	encGB18030 = "gb18030"
)

// encodingOf tells how a text is written: by its mark, else UTF-8 when all of it is valid, else GB18030. The whole file is looked
// at, because a list may have its first Chinese character late. A zero byte is in no text.
func encodingOf(r io.Reader) (name string, decode encoding.Encoding, err error) {
	valid := true
	buf := make([]byte, 64<<10)
	kept, first := 0, true
	for {
		n, err := io.ReadFull(r, buf[kept:])
		b := buf[:kept+n]
		if first {
			first = false
			switch {
			case bytes.HasPrefix(b, []byte{0xEF, 0xBB, 0xBF}):
				return encUTF8, unicode.UTF8BOM, nil
			case bytes.HasPrefix(b, []byte{0xFF, 0xFE}), bytes.HasPrefix(b, []byte{0xFE, 0xFF}):
				return encUTF16, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), nil
			}
		}
		if bytes.IndexByte(b[kept:], 0) >= 0 {
			return "", nil, kind()
		}
		end := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
		if err != nil && !end {
			return "", nil, err
		}
		if valid {
			kept, valid = validUTF8(b, end)
			copy(buf, b[len(b)-kept:])
		} else {
			kept = 0
		}
		if end {
			break
		}
	}
	if valid {
		return encUTF8, unicode.UTF8, nil
	}
	return encGB18030, simplifiedchinese.GB18030, nil
}

// validUTF8 reports whether b is UTF-8, and how many bytes at its end begin a character that is not complete yet.
func validUTF8(b []byte, end bool) (rest int, ok bool) {
	if !end {
		for rest < 3 && rest < len(b) && !utf8.RuneStart(b[len(b)-1-rest]) {
			rest++
		}
		if rest < len(b) && b[len(b)-1-rest] >= utf8.RuneSelf {
			rest++
		} else {
			rest = 0
		}
		if rest > 0 && utf8.FullRune(b[len(b)-rest:]) {
			rest = 0
		}
	}
	return rest, utf8.Valid(b[:len(b)-rest])
}
