package web

import (
	"errors"
	"io"
	"net/http"
	"strconv"

	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/match"
	"ruhu/internal/playbook"
)

// RegisterField is a column that files of a kind are expected to have.
type RegisterField struct {
	Code     string    `json:"code"`
	Title    errs.Text `json:"title"`
	Kind     string    `json:"kind"`
	Required bool      `json:"required"`
}

// RegisterKind is a kind of register of the campaign with its files, newest first.
type RegisterKind struct {
	Code   string          `json:"code"`
	Title  errs.Text       `json:"title"`
	Owner  errs.Text       `json:"owner"`
	Unit   string          `json:"unit"` // person, household
	Base   bool            `json:"base"`
	Copy   string          `json:"copy"` // county, township, village, household, ""
	Fields []RegisterField `json:"fields"`
	Files  []RegisterFile  `json:"files"`
}

// RegisterFile is one file of a kind. error is what kept it from being loaded.
type RegisterFile struct {
	ID         string      `json:"id"`
	Campaign   string      `json:"campaign_id"`
	Kind       string      `json:"kind"`
	FileName   string      `json:"file_name"`
	SHA256     string      `json:"sha256"`
	Bytes      int64       `json:"bytes"`
	State      match.State `json:"state"`
	Rows       int         `json:"rows"`
	LeftOut    int         `json:"left_out"`
	SkipBroken bool        `json:"skip_broken"`
	Error      string      `json:"error"`
	ByName     string      `json:"by_name"`
	At         db.Time     `json:"at"`
	CurrentAt  db.Time     `json:"current_at"`
}

// RegisterDetail is a file with the report of its last check or loading; null before.
type RegisterDetail struct {
	RegisterFile
	Report *match.Report `json:"report"`
}

// RegisterRow is a row near the top of a sheet, as the file has it.
type RegisterRow struct {
	Number int      `json:"number"`
	Cells  []string `json:"cells"` // by column, from A
}

// RegisterColumns is what the columns of a file seem to mean.
type RegisterColumns struct {
	File     RegisterFile    `json:"file"`
	Kind     RegisterKind    `json:"kind"`
	Format   string          `json:"format"`   // xlsx, text
	Encoding string          `json:"encoding"` // of text
	Mapping  match.Mapping   `json:"mapping"`
	Tops     [][]RegisterRow `json:"tops"` // by sheet
}

// RegisterLoad says how a file is to be read. skip_broken leaves rows with mistakes out.
type RegisterLoad struct {
	Mapping    match.Mapping `json:"mapping"`
	SkipBroken bool          `json:"skip_broken"`
}

func (s *Server) registerRoutes() []Route {
	const file = "/api/v1/registers/{register}"
	return []Route{
		{
			Pattern: "GET /api/v1/campaigns/{campaign}/registers", Action: authz.MatchRead, Res: List[RegisterKind]{},
			Summary: "Kinds of registers with their files", Handler: s.registers,
		},
		{
			Pattern: "POST /api/v1/campaigns/{campaign}/registers", Action: authz.MatchImport, Raw: "application/octet-stream", Res: RegisterFile{}, MaxBody: match.MaxFile,
			Query:   []string{"kind", "name", "again"},
			Summary: "Keep a file of a kind; the one that is current is given back when it is the same, unless again=true", Handler: s.uploadRegister,
		},
		{Pattern: "GET " + file, Action: authz.MatchRead, Res: RegisterDetail{}, Summary: "A file with its report", Handler: s.register},
		{Pattern: "GET " + file + "/columns", Action: authz.MatchImport, Res: RegisterColumns{}, Summary: "What the columns seem to mean", Handler: s.registerColumns},
		{
			Pattern: "GET " + file + "/columns/{sheet}", Action: authz.MatchImport, Res: match.SheetMapping{}, Query: []string{"from", "to"},
			Summary: "The same for a sheet whose header stands in these rows", Handler: s.registerSheet,
		},
		{
			Pattern: "POST " + file + "/check", Action: authz.MatchImport, Req: RegisterLoad{}, Res: match.Report{},
			Summary: "Read the whole file and report by sheet, row and column", Handler: s.checkRegister,
		},
		{
			Pattern: "POST " + file + "/load", Action: authz.MatchImport, Req: RegisterLoad{}, Res: RegisterFile{},
			Summary: "Start loading; the file's state tells how it went", Handler: s.loadRegister,
		},
		{
			Pattern: "GET " + file + "/records", Action: authz.MatchRead, Res: List[match.Record]{}, Query: []string{"cursor", "limit"},
			Summary: "Rows that were loaded; numbers are masked unless the role has roster.pii", Handler: s.registerRecords,
		},
		{Pattern: "GET " + file + "/left-out.csv", Action: authz.MatchImport, Binary: "text/csv", Summary: "The rows that were left out", Handler: s.registerLeftOut},
		{Pattern: "DELETE " + file, Action: authz.MatchImport, Summary: "Forget a file that was not loaded", Handler: s.discardRegister},
	}
}

func registerFile(r match.Register, lang string) RegisterFile {
	out := RegisterFile{
		ID: r.ID, Campaign: r.Campaign, Kind: r.Kind, FileName: r.FileName, SHA256: string(r.Digest), Bytes: r.Bytes, State: r.State, Rows: r.Rows, LeftOut: r.LeftOut,
		SkipBroken: r.SkipBroken, ByName: r.ByName, At: r.At, CurrentAt: r.CurrentAt,
	}
	if r.Error != nil {
		out.Error = r.Error.Message(lang)
	}
	return out
}

func registerKind(k *playbook.Register, files []match.Register, lang string) RegisterKind {
	out := RegisterKind{
		Code: k.Code, Title: errs.Text(k.Title), Owner: errs.Text(k.Owner), Unit: k.Unit, Base: k.Base, Copy: k.Copy,
		Fields: make([]RegisterField, len(k.Fields)), Files: make([]RegisterFile, len(files)),
	}
	for i, f := range k.Fields {
		out.Fields[i] = RegisterField{f.Code, errs.Text(match.TitleOf(f)), f.Meaning(), f.Required}
	}
	for i, f := range files {
		out.Files[i] = registerFile(f, lang)
	}
	return out
}

func (s *Server) registers(w http.ResponseWriter, r *http.Request, c *Call) error {
	kinds, err := s.Matches.List(r.Context(), c.Actor, r.PathValue("campaign"))
	if err != nil {
		return err
	}
	out := make([]RegisterKind, len(kinds))
	for i, k := range kinds {
		out[i] = registerKind(k.Kind, k.Files, c.Lang)
	}
	return reply(w, http.StatusOK, list(out, ""))
}

func (s *Server) uploadRegister(w http.ResponseWriter, r *http.Request, c *Call) error {
	q := r.URL.Query()
	got, err := s.Matches.Upload(r.Context(), c.Actor, r.PathValue("campaign"), q.Get("kind"), q.Get("name"), q.Get("again") == "true", r.Body)
	var big *http.MaxBytesError
	if errors.As(err, &big) {
		return errs.TooLarge.Wrap(err, "web.too_large", "limit", big.Limit)
	}
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, registerFile(got, c.Lang))
}

func (s *Server) register(w http.ResponseWriter, r *http.Request, c *Call) error {
	got, err := s.Matches.Get(r.Context(), c.Actor, r.PathValue("register"))
	if err != nil {
		return err
	}
	if got.Report != nil {
		got.Report.Say(c.Lang)
	}
	return reply(w, http.StatusOK, RegisterDetail{registerFile(got, c.Lang), got.Report})
}

func (s *Server) discardRegister(w http.ResponseWriter, r *http.Request, c *Call) error {
	if err := s.Matches.Discard(r.Context(), c.Actor, r.PathValue("register")); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (s *Server) registerColumns(w http.ResponseWriter, r *http.Request, c *Call) error {
	p, err := s.Matches.Propose(r.Context(), c.Actor, r.PathValue("register"))
	if err != nil {
		return err
	}
	out := RegisterColumns{
		File: registerFile(p.Register, c.Lang), Kind: registerKind(p.Kind, nil, c.Lang), Format: p.Format, Encoding: p.Encoding, Mapping: p.Mapping,
		Tops: make([][]RegisterRow, len(p.Tops)),
	}
	for i, top := range p.Tops {
		out.Tops[i] = make([]RegisterRow, len(top))
		for j, row := range top {
			cells := []string{}
			for _, cell := range row.Cells {
				for len(cells) < cell.Column {
					cells = append(cells, "")
				}
				cells[cell.Column-1] = cell.Text
			}
			out.Tops[i][j] = RegisterRow{row.Number, cells}
		}
	}
	return reply(w, http.StatusOK, out)
}

func (s *Server) registerSheet(w http.ResponseWriter, r *http.Request, c *Call) error {
	n := func(text string) int {
		v, err := strconv.Atoi(text)
		if err != nil {
			return -1
		}
		return v
	}
	q := r.URL.Query()
	m, err := s.Matches.ReHead(r.Context(), c.Actor, r.PathValue("register"), n(r.PathValue("sheet")), n(q.Get("from")), n(q.Get("to")))
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, m)
}

func (s *Server) checkRegister(w http.ResponseWriter, r *http.Request, c *Call) error {
	in, err := decode[RegisterLoad](r)
	if err != nil {
		return err
	}
	rep, err := s.Matches.Check(r.Context(), c.Actor, r.PathValue("register"), in.Mapping, c.Lang)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, rep)
}

func (s *Server) loadRegister(w http.ResponseWriter, r *http.Request, c *Call) error {
	in, err := decode[RegisterLoad](r)
	if err != nil {
		return err
	}
	got, err := s.Matches.Load(r.Context(), c.Actor, r.PathValue("register"), in.Mapping, in.SkipBroken, c.Lang)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, registerFile(got, c.Lang))
}

func (s *Server) registerRecords(w http.ResponseWriter, r *http.Request, c *Call) error {
	cursor, limit := page(r)
	after := 0
	if cursor != "" {
		var err error
		if after, err = strconv.Atoi(cursor); err != nil || after < 0 {
			return errs.Invalid.New("match.cursor")
		}
	}
	rs, err := s.Matches.Records(r.Context(), c.Actor, r.PathValue("register"), after, limit)
	if err != nil {
		return err
	}
	next := ""
	if len(rs) == limit {
		next = strconv.Itoa(rs[len(rs)-1].N)
	}
	return reply(w, http.StatusOK, list(rs, next))
}

func (s *Server) registerLeftOut(w http.ResponseWriter, r *http.Request, c *Call) error {
	f, err := s.Matches.LeftOut(r.Context(), c.Actor, r.PathValue("register"))
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // only read
	h := w.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="left-out.csv"`)
	h.Set("Cache-Control", "private, no-store")
	_, _ = io.Copy(w, f) // the client is gone; there is nobody to tell
	return nil
}
