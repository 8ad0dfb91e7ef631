package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/id"
)

// decode reads the body as JSON of type T, strictly: an unknown field, a wrong type or text after the value is Invalid
// "web.json" with the field; a body beyond the route's limit is TooLarge "web.too_large".
func decode[T any](r *http.Request) (T, error) {
	var v T
	if ct := r.Header.Get("Content-Type"); ct != "" && !strings.HasPrefix(ct, "application/json") {
		return v, errs.Invalid.New("web.content_type", "want", "application/json")
	}
	raw, err := body(r)
	if err != nil {
		return v, err
	}
	if bytes.Contains(raw, []byte(`\u0000`)) { // PostgreSQL cannot keep it, and nobody types it
		return v, errs.Invalid.New("web.json", "field", "", "problem", "NUL character")
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(&v); err != nil {
		return v, jsonError(err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		if err != nil {
			return v, jsonError(err)
		}
		return v, errs.Invalid.New("web.json", "field", "", "problem", "text after the value")
	}
	return v, nil
}

func jsonError(err error) error {
	if _, ours := errs.As(err); ours { // an UnmarshalJSON of our own types
		return err
	}
	var typ *json.UnmarshalTypeError
	if errors.As(err, &typ) {
		return errs.Invalid.Wrap(err, "web.json", "field", typ.Field, "problem", "expected "+typ.Type.String()+", got "+typ.Value)
	}
	if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		return errs.Invalid.Wrap(err, "web.json", "field", strings.Trim(name, `"`), "problem", "unknown field")
	}
	var syn *json.SyntaxError
	if errors.As(err, &syn) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errs.Invalid.Wrap(err, "web.json", "field", "", "problem", err.Error())
	}
	return errs.Invalid.Wrap(err, "web.json", "field", "", "problem", "unreadable")
}

// body reads a raw body whole. Returns TooLarge "web.too_large".
func body(r *http.Request) ([]byte, error) {
	b, err := io.ReadAll(r.Body)
	if err == nil {
		return b, nil
	}
	var big *http.MaxBytesError
	if errors.As(err, &big) {
		return nil, errs.TooLarge.Wrap(err, "web.too_large", "limit", big.Limit)
	}
	return nil, errs.Invalid.Wrap(err, "web.broken_body")
}

// reply encodes v and then writes status and body, so that a value that cannot be encoded is an error, not half an answer.
func reply(w http.ResponseWriter, status int, v any) error {
	var buf bytes.Buffer
	e := json.NewEncoder(&buf)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return fmt.Errorf("encode answer: %w", err)
	}
	h := w.Header()
	if h.Get("Content-Type") == "" {
		h.Set("Content-Type", "application/json; charset=utf-8")
	}
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "no-store")
	}
	h.Set("Content-Length", strconv.Itoa(buf.Len()))
	w.WriteHeader(status)
	_, _ = w.Write(buf.Bytes()) // the client is gone; there is nobody to tell
	return nil
}

// noContent answers 204.
func noContent(w http.ResponseWriter) error {
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// pathID reads an id from the path. Returns Invalid "id.malformed".
func pathID(r *http.Request, name string) (string, error) { return id.Parse(r.PathValue(name)) }

// page reads ?cursor= and ?limit= (see db.PageSize).
func page(r *http.Request) (cursor string, limit int) {
	q := r.URL.Query()
	limit, err := strconv.Atoi(q.Get("limit"))
	if err != nil {
		limit = 0
	}
	return q.Get("cursor"), db.PageSize(limit)
}
