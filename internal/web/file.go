package web

import (
	"errors"
	"net/http"

	"ruhu/internal/authz"
	"ruhu/internal/blob"
	"ruhu/internal/errs"
)

// MaxFile is the largest photograph or paper that is accepted, in bytes.
const MaxFile = 12 << 20

// Stored says what was kept.
type Stored struct {
	SHA256 blob.Digest `json:"sha256"`
	Size   int64       `json:"size"`
}

func (s *Server) fileRoutes() []Route {
	return []Route{
		{
			Pattern: "PUT /api/v1/files/{sha256}", Action: authz.Self, Raw: "application/octet-stream", Res: Stored{}, MaxBody: MaxFile,
			Summary: "Keep a file under the digest of its content", Handler: s.putFile,
		},
	}
}

// putFile stores the body under its digest. Having stored a file gives no right to read it: files are read through the record
// that names them.
func (s *Server) putFile(w http.ResponseWriter, r *http.Request, _ *Call) error {
	want := blob.Digest(r.PathValue("sha256"))
	if !want.Valid() {
		return errs.Invalid.New("blob.digest")
	}
	d, n, err := s.Blobs.Put(r.Context(), r.Body, MaxFile, want)
	var big *http.MaxBytesError
	if errors.As(err, &big) {
		return errs.TooLarge.Wrap(err, "web.too_large", "limit", big.Limit)
	}
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, Stored{d, n})
}
