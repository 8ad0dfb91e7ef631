package web

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"ruhu/internal/authz"
	"ruhu/internal/blob"
	"ruhu/internal/db"
	"ruhu/internal/device"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/submission"
)

// The routes of docs/sync.md: what a phone and the server say to one another over a bad network. The older routes in field.go stay for phones
// that have not updated.

// SyncWelcome answers a phone's report.
type SyncWelcome struct {
	ServerTime db.Time          `json:"server_time"`
	Replaced   bool             `json:"replaced"` // another phone has taken the place of this one
	Wipe       bool             `json:"wipe"`     // clear yourself when everything has arrived
	OfficeKey  device.PublicKey `json:"office_key"`
	Badge      bool             `json:"badge"`    // the key of its badges is known: team-mates get it with their package
	MaxPart    int              `json:"max_part"` // bytes of one piece of a file, before compression
}

// SyncFile names a file by its digest.
type SyncFile struct {
	SHA256 string `json:"sha256"`
	Size   int64  `json:"size"`
}

// SyncAsk asks which files are here.
type SyncAsk struct {
	Files []SyncFile `json:"files"`
}

// SyncHave says how much of a file is here.
type SyncHave struct {
	SHA256 string `json:"sha256"`
	Whole  bool   `json:"whole"`
	Offset int64  `json:"offset"` // where to go on
}

// SyncForm is a finished form on its way. XML is left out when it was sent in pieces under its digest.
type SyncForm struct {
	Assignment string `json:"assignment"`
	Form       string `json:"form"`
	Base       int    `json:"base"`
	Digest     string `json:"digest"`
	Size       int64  `json:"size"`
	XML        string `json:"xml,omitempty"`
}

// SyncSend brings forms.
type SyncSend struct {
	Device string     `json:"device"`
	Forms  []SyncForm `json:"forms"`
}

// SyncAnswer is what became of one form: its receipt, or why it has none.
type SyncAnswer struct {
	Digest  string              `json:"digest"`
	Receipt *submission.Receipt `json:"receipt"`
	Code    string              `json:"code"`
	Detail  string              `json:"detail"`
}

// SyncDevice names a device.
type SyncDevice struct {
	Device string `json:"device"`
}

// SyncDeposit names a package that has arrived as a file.
type SyncDeposit struct {
	SHA256 string `json:"sha256"`
}

// SyncRecover asks for a data key.
type SyncRecover struct {
	Device   string          `json:"device"`
	Password string          `json:"password"`
	Envelope device.Envelope `json:"envelope"`
}

// SyncKey is a data key, 32 bytes.
type SyncKey struct {
	Key []byte `json:"key"`
}

const (
	maxPart  = 512 << 10
	maxForms = 64      // in one request
	maxSend  = 4 << 20 // bytes of one request of forms, uncompressed
)

func (s *Server) syncRoutes() []Route {
	return []Route{
		{
			Pattern: "POST /api/v1/field/sync/hello", Action: authz.FieldUse, Req: device.Report{}, Res: SyncWelcome{}, MaxBody: 4 << 10,
			Summary: "A phone reports and hears what the office has ordered", Handler: s.syncHello,
		},
		{
			Pattern: "GET /api/v1/field/sync/key", Action: authz.FieldUse, Res: device.PublicKey{},
			Summary: "The county's public key, to which phones wrap their data keys", Handler: s.syncKey,
		},
		{
			Pattern: "POST /api/v1/field/sync/have", Action: authz.FieldUse, Req: SyncAsk{}, Res: List[SyncHave]{}, MaxBody: 256 << 10,
			Summary: "How much of each file is here, so that nothing is sent twice", Handler: s.syncHave,
		},
		{
			Pattern: "PUT /api/v1/field/sync/parts/{sha256}", Action: authz.FieldUse, Raw: "application/octet-stream", Res: SyncHave{}, MaxBody: maxPart,
			Query: []string{"offset", "size", "form"}, Summary: "A piece of a file; the last one makes it whole. May be repeated", Handler: s.syncPart,
		},
		{
			Pattern: "POST /api/v1/field/sync/forms", Action: authz.FieldUse, Req: SyncSend{}, Res: List[SyncAnswer]{}, MaxBody: maxSend,
			Summary: "Send forms; a receipt means it is kept. May be repeated", Handler: s.syncForms,
		},
		{
			Pattern: "GET /api/v1/field/sync/sent", Action: authz.FieldUse, Res: List[submission.Sent]{}, Query: []string{"cursor", "limit"},
			Summary: "What the server has of what one has sent, the oldest first", Handler: s.syncSent,
		},
		{
			Pattern: "GET /api/v1/field/sync/manifest", Action: authz.FieldUse, Res: SyncManifest{},
			Summary: "Digests of everything the phone needs; answers 304 to If-None-Match", Handler: s.syncManifest,
		},
		{
			Pattern: "POST /api/v1/field/sync/pull", Action: authz.FieldUse, Req: SyncPull{}, Res: SyncPulled{}, MaxBody: 256 << 10,
			Summary: "The parts of the manifest that the phone does not have", Handler: s.syncPull,
		},
		{
			Pattern: "POST /api/v1/field/sync/deposit", Action: authz.FieldUse, Req: SyncDeposit{}, Res: device.Package{}, MaxBody: 4 << 10,
			Summary: "Leave an encrypted package that was sent in pieces", Handler: s.syncDeposit,
		},
		{
			Pattern: "POST /api/v1/field/sync/wiped", Action: authz.FieldUse, Req: SyncDevice{}, MaxBody: 4 << 10,
			Summary: "The phone has cleared itself", Handler: s.syncWiped,
		},
		{
			Pattern: "POST /api/v1/field/sync/recover", Action: authz.FieldUse, Req: SyncRecover{}, Res: SyncKey{}, MaxBody: 8 << 10,
			Summary: "Get one's own data key back against the password, when the PIN was forgotten", Handler: s.syncRecover,
		},
	}
}

func (s *Server) syncHello(w http.ResponseWriter, r *http.Request, c *Call) error {
	in, err := decode[device.Report](r)
	if err != nil {
		return err
	}
	got, err := s.Devices.Hello(r.Context(), c.Actor, in)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, SyncWelcome{s.DB.Now(), got.Device.Replaced, got.Device.Wipe, got.Key, got.Badge, maxPart})
}

func (s *Server) syncKey(w http.ResponseWriter, r *http.Request, c *Call) error {
	key, err := s.Devices.Key(r.Context(), c.Actor)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, key)
}

func (s *Server) syncHave(w http.ResponseWriter, r *http.Request, c *Call) error {
	in, err := decode[SyncAsk](r)
	if err != nil {
		return err
	}
	out := make([]SyncHave, 0, len(in.Files))
	for _, f := range in.Files {
		d := blob.Digest(f.SHA256)
		if !d.Valid() {
			return errs.Invalid.New("blob.digest")
		}
		h := SyncHave{SHA256: f.SHA256}
		if h.Whole, err = s.Blobs.Has(d); err != nil {
			return err
		}
		if h.Offset, err = s.Parts.Offset(c.Actor.ID, d); err != nil {
			return err
		}
		out = append(out, h)
	}
	return reply(w, http.StatusOK, list(out, ""))
}

// syncPart adds a piece. A file goes to the blobs when it is whole; a form waits for the request that says what it is.
func (s *Server) syncPart(w http.ResponseWriter, r *http.Request, c *Call) error {
	d, q := blob.Digest(r.PathValue("sha256")), r.URL.Query()
	offset, err1 := strconv.ParseInt(q.Get("offset"), 10, 64)
	size, err2 := strconv.ParseInt(q.Get("size"), 10, 64)
	if !d.Valid() || err1 != nil || err2 != nil || size < 1 {
		return errs.Invalid.New("blob.digest")
	}
	limit := int64(device.MaxBundle)
	form := q.Get("form") != ""
	if form {
		limit = submission.MaxBody
	}
	if size > limit {
		return errs.TooLarge.New("blob.too_large", "limit", limit)
	}
	out := SyncHave{SHA256: string(d)}
	here, err := s.Parts.Append(c.Actor.ID, d, offset, size, r.Body)
	var big *http.MaxBytesError
	switch {
	case errors.As(err, &big):
		return errs.TooLarge.Wrap(err, "web.too_large", "limit", big.Limit)
	case errs.CodeOf(err) == "" && err != nil: // the network broke off in the middle: what came is kept
		return errs.Invalid.Wrap(err, "web.broken_body")
	case err != nil:
		return err
	}
	out.Offset = here
	if here == size && !form {
		if err := s.Parts.Finish(r.Context(), c.Actor.ID, d, size, s.Blobs); err != nil {
			return wrongContent(err)
		}
		out.Whole = true
	}
	return reply(w, http.StatusOK, out)
}

// wrongContent: bytes of the right number that are not the file; they were dropped, it begins again.
func wrongContent(err error) error {
	if errs.Is(err, errs.NotFound) {
		return errs.Conflict.New("blob.offset", "offset", 0)
	}
	return err
}

func (s *Server) syncForms(w http.ResponseWriter, r *http.Request, c *Call) error {
	in, err := decode[SyncSend](r)
	if err != nil {
		return err
	}
	if len(in.Forms) > maxForms {
		return errs.TooLarge.New("web.too_large", "limit", maxForms)
	}
	out := make([]SyncAnswer, 0, len(in.Forms))
	for _, f := range in.Forms {
		a := SyncAnswer{Digest: f.Digest}
		receipt, err := s.receiveForm(r.Context(), c.Actor, in.Device, f)
		e, ours := errs.As(err)
		switch {
		case err == nil:
			a.Receipt = &receipt
		case ours && e.Kind != errs.Unavailable && e.Kind != errs.Internal:
			a.Code, a.Detail = e.Code, e.Message(c.Lang)
		default:
			return err
		}
		out = append(out, a)
	}
	return reply(w, http.StatusOK, list(out, ""))
}

func (s *Server) receiveForm(ctx context.Context, actor authz.Actor, dev string, f SyncForm) (submission.Receipt, error) {
	body, d := []byte(f.XML), blob.Digest(f.Digest)
	if f.XML == "" {
		b, err := s.Parts.Bytes(actor.ID, d, f.Size)
		if err != nil {
			return submission.Receipt{}, wrongContent(err)
		}
		body = b
	} else if blob.Of(body) != d { // what arrived is not what was sent; a receipt for it would be a lie
		return submission.Receipt{}, errs.Invalid.New("blob.digest", "want", f.Digest)
	}
	receipt, err := s.Submissions.Receive(ctx, actor, submission.Arrival{Assignment: f.Assignment, Form: f.Form, Base: f.Base, Body: body, Device: dev})
	if err == nil && f.XML == "" {
		s.Parts.Drop(actor.ID, d)
	}
	return receipt, err
}

func (s *Server) syncSent(w http.ResponseWriter, r *http.Request, c *Call) error {
	cursor, limit := page(r)
	items, next, err := s.Submissions.SentBy(r.Context(), c.Actor, cursor, limit)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, list(items, next))
}

func (s *Server) syncDeposit(w http.ResponseWriter, r *http.Request, c *Call) error {
	in, err := decode[SyncDeposit](r)
	if err != nil {
		return err
	}
	f, err := s.Blobs.Open(blob.Digest(in.SHA256))
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // only read
	p, err := s.Devices.Keep(r.Context(), c.Actor, f)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, p)
}

func (s *Server) syncWiped(w http.ResponseWriter, r *http.Request, c *Call) error {
	in, err := decode[SyncDevice](r)
	if err != nil {
		return err
	}
	if in.Device, err = id.Parse(in.Device); err != nil {
		return err
	}
	if err := s.Devices.Wiped(r.Context(), c.Actor, in.Device); err != nil {
		return err
	}
	return noContent(w)
}

func (s *Server) syncRecover(w http.ResponseWriter, r *http.Request, c *Call) error {
	in, err := decode[SyncRecover](r)
	if err != nil {
		return err
	}
	key, err := s.Devices.Recover(r.Context(), c.Actor, in.Device, in.Password, in.Envelope)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, SyncKey{key})
}
