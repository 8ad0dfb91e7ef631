package sheet

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strconv"
	"strings"

	"ruhu/internal/errs"
)

// workbook is an open .xlsx: the rows of a sheet are read one at a time.
//
// excelize, which writes our templates, is not used for reading: its row iterator does not tell formulas from values and
// copies large sheets to a temporary file.
type workbook struct {
	limits   Limits
	files    map[string]*zip.File
	sheets   []sheetPart
	strings  stringTable
	merged   map[int]merges // by sheet, read once
	date1904 bool
}

type sheetPart struct {
	name string
	part string
}

// openWorkbook reads the directory of an .xlsx.
func openWorkbook(src io.ReaderAt, size int64, l Limits) (*workbook, error) {
	z, err := zip.NewReader(src, size)
	if err != nil {
		return nil, broken(err)
	}
	w := &workbook{limits: l, files: make(map[string]*zip.File, len(z.File)), merged: map[int]merges{}}
	for _, f := range z.File {
		w.files[strings.ToLower(strings.TrimPrefix(f.Name, "/"))] = f
	}
	main, err := w.target("", "_rels/.rels", "officeDocument")
	if err != nil {
		return nil, err
	}
	if err := w.readSheets(main); err != nil {
		return nil, err
	}
	if err := w.readStrings(main); err != nil {
		_ = w.strings.close() // the first error is the one that matters
		return nil, err
	}
	return w, nil
}

func broken(cause error) error {
	if _, done := errs.As(cause); done {
		return cause
	}
	return errs.Invalid.Wrap(cause, "sheet.broken")
}

// part opens a part for reading with the limit.
func (w *workbook) part(name string) (io.ReadCloser, error) {
	f := w.files[strings.ToLower(name)]
	if f == nil {
		return nil, broken(errors.New("no part " + strconv.Quote(name)))
	}
	if f.UncompressedSize64 > uint64(w.limits.Unzipped) { // the directory may lie, but it has no reason to lie upwards
		return nil, tooMuch(w.limits.Unzipped)
	}
	r, err := f.Open()
	if err != nil {
		return nil, broken(err)
	}
	return &limited{ReadCloser: r, left: w.limits.Unzipped, limit: w.limits.Unzipped}, nil
}

// limited fails when more than left bytes come out of the zip.
type limited struct {
	io.ReadCloser
	left, limit int64
}

func (l *limited) Read(p []byte) (int, error) {
	n, err := l.ReadCloser.Read(p)
	if l.left -= int64(n); l.left < 0 {
		return 0, tooMuch(l.limit)
	}
	return n, err
}

func tooMuch(limit int64) error { return errs.TooLarge.New("sheet.unzipped", "limit", limit>>20) }

// tokens walks over the start and end tags and texts of a part. Names are local: strict and transitional files differ in
// namespaces only.
func (w *workbook) tokens(name string, fn func(xml.Token) error) error {
	r, err := w.part(name)
	if err != nil {
		return err
	}
	defer func() { _ = r.Close() }() // only read
	return walk(r, fn)
}

// walk is tokens for an open part.
func walk(r io.Reader, fn func(xml.Token) error) error {
	d := xml.NewDecoder(r)
	for {
		t, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			err = fn(t)
		}
		if errors.Is(err, errStop) {
			return nil
		}
		if err != nil {
			return broken(err)
		}
	}
}

var errStop = errors.New("stop")

type relation struct{ id, kind, target string }

// relations reads a .rels part; targets are resolved against base, the folder of the part they belong to.
func (w *workbook) relations(base, name string) ([]relation, error) {
	var out []relation
	err := w.tokens(name, func(t xml.Token) error {
		e, ok := t.(xml.StartElement)
		if !ok || e.Name.Local != "Relationship" {
			return nil
		}
		r := relation{id: attr(e, "Id"), kind: path.Base(attr(e, "Type")), target: attr(e, "Target")}
		if strings.HasPrefix(r.target, "/") {
			r.target = strings.TrimPrefix(path.Clean(r.target), "/")
		} else {
			r.target = path.Join(base, r.target)
		}
		if len(out) > 10_000 {
			return errors.New("too many relations")
		}
		out = append(out, r)
		return nil
	})
	return out, err
}

func (w *workbook) target(base, rels, kind string) (string, error) {
	rs, err := w.relations(base, rels)
	if err != nil {
		return "", err
	}
	for _, r := range rs {
		if r.kind == kind {
			return r.target, nil
		}
	}
	return "", broken(errors.New("no " + kind))
}

func relsOf(part string) string { return path.Join(path.Dir(part), "_rels", path.Base(part)+".rels") }

func (w *workbook) readSheets(main string) error {
	rs, err := w.relations(path.Dir(main), relsOf(main))
	if err != nil {
		return err
	}
	byID := map[string]relation{}
	for _, r := range rs {
		byID[r.id] = r
	}
	return w.tokens(main, func(t xml.Token) error {
		e, ok := t.(xml.StartElement)
		if ok && e.Name.Local == "workbookPr" {
			w.date1904 = attr(e, "date1904") == "1" || attr(e, "date1904") == "true"
		}
		if !ok || e.Name.Local != "sheet" {
			return nil
		}
		var rid string
		for _, a := range e.Attr { // r:id; sheetId is another attribute
			if a.Name.Space != "" && a.Name.Local == "id" {
				rid = a.Value
			}
		}
		if r := byID[rid]; r.kind == "worksheet" {
			w.sheets = append(w.sheets, sheetPart{name: Clip(attr(e, "name"), 100), part: r.target})
		}
		if len(w.sheets) > w.limits.Sheets {
			return errs.TooLarge.New("sheet.sheets", "limit", w.limits.Sheets)
		}
		return nil
	})
}

// readStrings reads the shared strings. Phonetic hints (rPh) are not part of the text.
func (w *workbook) readStrings(main string) error {
	name, err := w.target(path.Dir(main), relsOf(main), "sharedStrings")
	if err != nil {
		return nil //nolint:nilerr // a file without text cells has none
	}
	var b strings.Builder
	inText, phonetic := false, false
	return w.tokens(name, func(t xml.Token) error {
		switch t := t.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "si":
				b.Reset()
			case "t":
				inText = true
			case "rPh":
				phonetic = true
			}
		case xml.EndElement:
			switch t.Name.Local {
			case "si":
				if w.strings.n >= w.limits.Strings {
					return tooMuch(w.limits.Unzipped)
				}
				return w.strings.add(b.String())
			case "t":
				inText = false
			case "rPh":
				phonetic = false
			}
		case xml.CharData:
			if inText && !phonetic && b.Len() < 4*w.limits.Text {
				b.Write(t)
			}
		}
		return nil
	})
}

func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name && a.Name.Space == "" {
			return a.Value
		}
	}
	return ""
}

// Clip cuts s to n characters and makes it valid UTF-8.
func Clip(s string, n int) string {
	s = strings.ToValidUTF8(s, "�")
	i := 0
	for at := range s {
		if i == n {
			return s[:at] + "…"
		}
		i++
	}
	return s
}
