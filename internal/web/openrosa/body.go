package openrosa

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"path"
	"strings"
	"unicode/utf8"
)

// XMLPart is the name of the part that holds the record.
const XMLPart = "xml_submission_file"

// maxParts bounds a body: a form names at most a hundred files, and clients add a field or two.
const maxParts = 200

// Errors of ReadBody, besides those of reading and of keep.
var (
	ErrNotMultipart = errors.New("not a multipart body")
	ErrNoRecord     = errors.New("no part, or more than one, is named " + XMLPart)
	ErrTooLarge     = errors.New("a part is larger than allowed")
	ErrManyParts    = errors.New("too many parts")
)

// ReadBody reads a submission: the record, at most limit bytes of it, and every file through keep, in the order of their coming. Fields that are no
// files, such as *isIncomplete*, say nothing that the record does not say.
func ReadBody(contentType string, r io.Reader, limit int64, keep func(name string, content io.Reader) error) ([]byte, error) {
	kind, p, err := mime.ParseMediaType(contentType)
	if err != nil || !strings.HasPrefix(kind, "multipart/") || p["boundary"] == "" {
		return nil, ErrNotMultipart
	}
	mr := multipart.NewReader(r, p["boundary"])
	var record []byte
	for n := 0; ; n++ {
		part, err := mr.NextRawPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		if n == maxParts {
			return nil, ErrManyParts
		}
		switch name := FileName(part.FileName()); {
		case part.FormName() == XMLPart:
			if record != nil {
				return nil, ErrNoRecord
			}
			if record, err = io.ReadAll(io.LimitReader(part, limit+1)); err != nil {
				return nil, err
			}
			if int64(len(record)) > limit {
				return nil, ErrTooLarge
			}
		case name != "":
			if err := keep(name, part); err != nil {
				return nil, err
			}
		}
	}
	if record == nil {
		return nil, ErrNoRecord
	}
	return record, nil
}

// FileName is the last part of a file's name as it may be stored; "" when nothing is left.
func FileName(s string) string {
	s = path.Base(strings.ReplaceAll(s, `\`, "/"))
	if s == "." || s == ".." || s == "/" || len(s) > 200 || !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool { return r < 0x20 || r == 0x7f }) {
		return ""
	}
	return s
}
