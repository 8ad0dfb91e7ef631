package web

import (
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/docgen"
	"ruhu/internal/errs"
	"ruhu/internal/paper"
	"ruhu/internal/region"
)

// PaperInput is the body of an order; empty filters do not narrow.
type PaperInput struct {
	Kind       paper.Kind  `json:"kind"`
	Village    region.Code `json:"village"`
	TeamID     string      `json:"team_id"`
	Date       db.Date     `json:"date"`
	Households []string    `json:"households"`
	Form       string      `json:"form"`
	Copies     int         `json:"copies"`
	OneSided   bool        `json:"one_sided"`
}

// PaperFile is one PDF. Error is a code, ErrorText its sentence.
type PaperFile struct {
	N         int         `json:"n"`
	Name      string      `json:"name"`
	State     paper.State `json:"state"` // queued, building, printing, ready, failed, gone
	Done      int         `json:"done"`
	Total     int         `json:"total"`
	Size      int64       `json:"size"`
	ExpiresAt db.Time     `json:"expires_at"`
	Error     string      `json:"error"`
	ErrorText string      `json:"error_text"`
}

// PaperJob is one print.
type PaperJob struct {
	ID         string      `json:"id"`
	State      paper.State `json:"state"`
	Ask        PaperInput  `json:"ask"`
	OpenPII    bool        `json:"open_pii"` // ID numbers and phones are readable
	Households int         `json:"households"`
	CreatedAt  db.Time     `json:"created_at"`
	Files      []PaperFile `json:"files"`
}

// PaperPrinter tells whether printing is possible. Reason is a code, "" when it is; Local warns that QR codes hold an address that
// phones cannot reach.
type PaperPrinter struct {
	Ready   bool   `json:"ready"`
	Reason  string `json:"reason"`
	Text    string `json:"text"`
	Address string `json:"address"`
	Local   bool   `json:"local"`
}

// PaperPage is everything about one's prints of a campaign.
type PaperPage struct {
	Items   []PaperJob   `json:"items"`
	Next    string       `json:"next"`
	Printer PaperPrinter `json:"printer"`
}

func (s *Server) paperRoutes() []Route {
	return []Route{
		{
			Pattern: "GET /api/v1/campaigns/{campaign}/papers", Action: authz.PaperPrint, Res: PaperPage{},
			Summary: "One's own prints of a campaign, and whether printing is possible", Handler: s.papers,
		},
		{
			Pattern: "PUT /api/v1/campaigns/{campaign}/papers/{paper}", Action: authz.PaperPrint, Req: PaperInput{}, Res: PaperJob{},
			Summary: "Print forms or lists in the background. May be repeated", Handler: s.putPaper,
		},
		{
			Pattern: "GET /api/v1/papers/{paper}", Action: authz.PaperPrint, Res: PaperJob{},
			Summary: "How far a print is", Handler: s.paper,
		},
		{
			Pattern: "DELETE /api/v1/papers/{paper}", Action: authz.PaperPrint,
			Summary: "Remove the files of a print before they expire", Handler: s.deletePaper,
		},
		{
			Pattern: "GET /api/v1/papers/{paper}/files/{n}", Action: authz.PaperPrint, Binary: "application/pdf",
			Summary: "A file of a print", Handler: s.paperFile,
		},
	}
}

func (s *Server) papers(w http.ResponseWriter, r *http.Request, c *Call) error {
	js, err := s.Papers.List(r.Context(), c.Actor, r.PathValue("campaign"))
	if err != nil {
		return err
	}
	out := PaperPage{Items: []PaperJob{}, Printer: PaperPrinter{Ready: true, Address: s.publicURL(r)}}
	for _, j := range js {
		out.Items = append(out.Items, paperJob(j, c.Lang))
	}
	if err := s.Papers.Printer(r.Context(), c.Actor); err != nil {
		e, known := errs.As(err)
		if !known {
			return err
		}
		out.Printer.Ready, out.Printer.Reason, out.Printer.Text = false, e.Code, e.Message(c.Lang)
	}
	out.Printer.Local = local(out.Printer.Address)
	return reply(w, http.StatusOK, out)
}

// publicURL is where browsers reach us: the setting, else what this browser asked for.
func (s *Server) publicURL(r *http.Request) string {
	if s.Options.PublicURL != "" {
		return strings.TrimRight(s.Options.PublicURL, "/")
	}
	scheme := "http"
	if s.Options.Secure {
		scheme = "https"
	}
	return scheme + "://" + r.Host
}

// local reports whether an address means the machine that asks.
func local(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return true
	}
	h := u.Hostname()
	return h == "localhost" || h == "::1" || strings.HasPrefix(h, "127.") || h == ""
}

func (s *Server) putPaper(w http.ResponseWriter, r *http.Request, c *Call) error {
	in, err := decode[PaperInput](r)
	if err != nil {
		return err
	}
	a := paper.Ask{
		Kind: in.Kind, Village: in.Village, Team: in.TeamID, Day: in.Date, Households: in.Households, Form: in.Form, Copies: in.Copies, Lang: c.Lang,
	}
	if in.OneSided {
		a.Sides = docgen.OneSided
	}
	j, err := s.Papers.Put(r.Context(), c.Actor, r.PathValue("campaign"), r.PathValue("paper"), a, s.publicURL(r))
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, paperJob(j, c.Lang))
}

func (s *Server) paper(w http.ResponseWriter, r *http.Request, c *Call) error {
	j, err := s.Papers.Get(r.Context(), c.Actor, r.PathValue("paper"))
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, paperJob(j, c.Lang))
}

func (s *Server) deletePaper(w http.ResponseWriter, r *http.Request, c *Call) error {
	if err := s.Papers.Remove(r.Context(), c.Actor, r.PathValue("paper")); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// paperFile shows a PDF in the browser. It is never kept there: it holds names and numbers.
func (s *Server) paperFile(w http.ResponseWriter, r *http.Request, c *Call) error {
	n, err := strconv.Atoi(r.PathValue("n"))
	if err != nil {
		return errs.NotFound.New("paper.not_found", "id", r.PathValue("paper"))
	}
	f, content, err := s.Papers.Open(r.Context(), c.Actor, r.PathValue("paper"), n)
	if err != nil {
		return err
	}
	defer func() { _ = content.Close() }() // only read
	h := w.Header()
	h.Set("Content-Type", "application/pdf")
	h.Set("Content-Disposition", mime.FormatMediaType("inline", map[string]string{"filename": f.Name + ".pdf"}))
	h.Set("Cache-Control", "private, no-store")
	http.ServeContent(w, r, "", time.Time{}, content)
	return nil
}

func paperJob(j paper.Job, lang string) PaperJob {
	a := j.Ask
	out := PaperJob{
		ID: j.ID, State: j.State(), OpenPII: j.OpenPII, Households: j.Households, CreatedAt: j.CreatedAt, Files: []PaperFile{},
		Ask: PaperInput{
			Kind: a.Kind, Village: a.Village, TeamID: a.Team, Date: a.Day, Households: orEmpty(a.Households), Form: a.Form, Copies: a.Copies,
			OneSided: a.Sides == docgen.OneSided,
		},
	}
	for _, f := range j.Files {
		x := PaperFile{N: f.N, Name: f.Name, State: f.State, Done: f.Done, Total: f.Total, Size: f.Size, ExpiresAt: f.ExpiresAt}
		if f.Err != nil {
			x.Error, x.ErrorText = f.Err.Code, f.Err.Message(lang)
		}
		out.Files = append(out.Files, x)
	}
	return out
}
