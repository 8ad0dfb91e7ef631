package web

import (
	"errors"
	"io"
	"net/http"
	"strconv"

	"ruhu/internal/errs"
	"ruhu/internal/submission"
	"ruhu/internal/web/openrosa"
)

// rosaReady answers the question that clients ask before they send.
func (s *Server) rosaReady(w http.ResponseWriter, r *http.Request, _ *Call) error {
	h := w.Header()
	h.Set("X-OpenRosa-Accept-Content-Length", strconv.Itoa(rosaAdvice))
	h.Set("Location", s.rosaBase(r)+"/submission")
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// rosaSubmit keeps a record and the files that came with it. Files are stored first, the record is received with its receipt, then the files are noted
// with it: a break at any place leaves what a repetition of the request sets right.
func (s *Server) rosaSubmit(w http.ResponseWriter, r *http.Request, c *Call) error {
	var files []submission.Attached
	body, err := openrosa.ReadBody(r.Header.Get("Content-Type"), r.Body, submission.MaxBody, func(name string, content io.Reader) error {
		d, _, err := s.Blobs.Put(r.Context(), content, submission.MaxFile, "")
		files = append(files, submission.Attached{Name: name, Digest: d})
		return err
	})
	if err != nil {
		return bodyError(err)
	}
	head, _ := submission.Scan(body) // what is no XML is kept, too
	form, err := s.Surveys.JudgeOf(r.Context(), c.Actor.County, head.FormID, head.Version)
	if err != nil {
		return err
	}
	receipt, err := s.Submissions.Receive(r.Context(), c.Actor, submission.Arrival{
		Assignment: head.Visit, Form: form, Body: body, Via: submission.ViaClient,
	})
	if err != nil {
		return err
	}
	if err := s.Submissions.Attach(r.Context(), c.Actor, receipt, files); err != nil {
		return err
	}
	status, word := http.StatusCreated, "received"
	switch {
	case receipt.State == submission.StateQuarantined:
		status, word = http.StatusAccepted, "aside"
	case receipt.Duplicate:
		word = "again"
	}
	b, err := openrosa.Answer(word, openrosa.Word(word, c.Lang), &openrosa.Receipt{
		InstanceID: receipt.InstanceID, Revision: receipt.Revision, Digest: receipt.Digest, ReceivedAt: receipt.ReceivedAt.String(),
		Duplicate: receipt.Duplicate, State: string(receipt.State),
	})
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("X-OpenRosa-Accept-Content-Length", strconv.Itoa(rosaAdvice))
	h.Set("Location", s.rosaBase(r)+"/submission")
	return replyXML(w, status, b)
}

// bodyError says in our words what is wrong with a multipart body.
func bodyError(err error) error {
	var big *http.MaxBytesError
	var ours *errs.Error
	switch {
	case errors.As(err, &ours):
		return err
	case errors.As(err, &big):
		return errs.TooLarge.Wrap(err, "web.too_large", "limit", big.Limit)
	case errors.Is(err, openrosa.ErrTooLarge):
		return errs.TooLarge.Wrap(err, "submission.too_large", "limit", submission.MaxBody)
	case errors.Is(err, openrosa.ErrNotMultipart), errors.Is(err, openrosa.ErrNoRecord):
		return errs.Invalid.Wrap(err, "openrosa.no_record")
	}
	return errs.Invalid.Wrap(err, "openrosa.body")
}
