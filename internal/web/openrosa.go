package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"ruhu/internal/authz"
	"ruhu/internal/errs"
	"ruhu/internal/survey"
	"ruhu/internal/web/openrosa"
)

const (
	rosaRoot = "/openrosa"
	// maxRosaBody bounds one request; what clients are told is less, so that what a village loses with a broken connection is little.
	maxRosaBody = 64 << 20
	rosaAdvice  = 8 << 20
)

// rosaRoutes are those of ODK Collect and other OpenRosa clients, twice: under the key of a person, and for name and password.
func (s *Server) rosaRoutes() []Route {
	var all []Route
	for _, root := range []string{rosaRoot + "/key/{token}", rosaRoot} {
		all = append(all, []Route{
			{
				Pattern: "GET " + root + "/formList", Action: authz.FieldUse, OpenRosa: true, Binary: "text/xml", Query: []string{"formID", "verbose", "listAllVersions", "deviceID"},
				Summary: "OpenRosa: the forms that the person's households need", Handler: s.rosaForms,
			},
			{
				Pattern: "GET " + root + "/forms/{hash}/form.xml", Action: authz.FieldUse, OpenRosa: true, Binary: "text/xml",
				Summary: "OpenRosa: a form, with our extensions as standard parts", Handler: s.rosaForm,
			},
			{
				Pattern: "GET " + root + "/forms/{hash}/manifest", Action: authz.FieldUse, OpenRosa: true, Binary: "text/xml",
				Summary: "OpenRosa: what comes with a form", Handler: s.rosaManifest,
			},
			{
				Pattern: "GET " + root + "/forms/{hash}/" + openrosa.HouseholdFile, Action: authz.FieldUse, OpenRosa: true, Binary: "text/csv",
				Summary: "OpenRosa: the person's households as an entity list", Handler: s.rosaHouseholds,
			},
			{
				Pattern: "HEAD " + root + "/submission", Action: authz.FieldUse, OpenRosa: true,
				Summary: "OpenRosa: asked before sending; answers 204", Handler: s.rosaReady,
			},
			{
				Pattern: "POST " + root + "/submission", Action: authz.FieldUse, OpenRosa: true, Raw: "multipart/form-data", Binary: "text/xml", MaxBody: maxRosaBody,
				Query:   []string{"deviceID"},
				Summary: "OpenRosa: a record with files; 201, or 202 when it is set aside. May be repeated", Handler: s.rosaSubmit,
			},
		}...)
	}
	return all
}

// rosaBase is the address under which this client reaches us, with its key when it came with one.
func (s *Server) rosaBase(r *http.Request) string {
	base := s.publicURL(r) + rosaRoot
	if token := r.PathValue("token"); token != "" {
		base += "/key/" + url.PathEscape(token)
	}
	return base
}

// offered is a form that the person may have.
type offered struct {
	FieldForm
	survey.Handed
	current bool // the campaign's present version
}

// rosaOffer gives the package of the person and the forms that its households need.
func (s *Server) rosaOffer(r *http.Request, c *Call) (FieldPackage, []offered, error) {
	p, err := s.wholePackage(r, c)
	if err != nil {
		return p, nil, err
	}
	codes, hashes := map[string]bool{}, map[string]bool{}
	code := map[string]string{}
	for _, f := range p.Forms {
		code[f.Hash] = f.Code
	}
	for _, a := range p.Assignments {
		hashes[a.FormHash], codes[code[a.FormHash]] = true, true
	}
	var out []offered
	seen := map[string]bool{}
	for _, f := range p.Forms { // the campaign's present versions come first
		if !codes[f.Code] {
			continue
		}
		h, err := s.Surveys.Hand(r.Context(), c.Actor.County, f.Hash)
		if err != nil {
			return p, nil, err
		}
		out = append(out, offered{f, h, !seen[f.Code]})
		seen[f.Code] = true
	}
	return p, out, nil
}

// rosaOne gives the form that the path names, if the person may have it.
func (s *Server) rosaOne(r *http.Request, c *Call) (FieldPackage, []offered, offered, error) {
	p, all, err := s.rosaOffer(r, c)
	if err != nil {
		return p, nil, offered{}, err
	}
	i := slices.IndexFunc(all, func(o offered) bool { return o.Hash == r.PathValue("hash") })
	if i < 0 {
		return p, nil, offered{}, errs.NotFound.New("survey.no_form", "hash", "")
	}
	return p, all, all[i], nil
}

func (s *Server) rosaForms(w http.ResponseWriter, r *http.Request, c *Call) error {
	p, all, err := s.rosaOffer(r, c)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	every := q.Has("listAllVersions") && q.Get("listAllVersions") != "false"
	out := []openrosa.Form{}
	for _, o := range all {
		if !o.current && !every || q.Has("formID") && q.Get("formID") != o.ID {
			continue
		}
		at := s.rosaBase(r) + "/forms/" + o.Hash
		f := openrosa.Form{
			ID: o.ID, Name: titleIn(o.Title.ZH, o.Title.EN, c.Lang), Version: o.Handed.Version, Hash: openrosa.Hash(o.XML),
			Download: at + "/form.xml", Manifest: at + "/manifest",
		}
		if q.Get("verbose") == "true" {
			f.Description = p.Campaign.Title
		}
		out = append(out, f)
	}
	b, err := openrosa.FormList(out)
	if err != nil {
		return err
	}
	return replyXML(w, http.StatusOK, b)
}

func titleIn(zh, en, lang string) string {
	if lang == "en" && en != "" || zh == "" {
		return en
	}
	return zh
}

func (s *Server) rosaForm(w http.ResponseWriter, r *http.Request, c *Call) error {
	_, _, o, err := s.rosaOne(r, c)
	if err != nil {
		return err
	}
	return replyXML(w, http.StatusOK, o.XML)
}

func (s *Server) rosaManifest(w http.ResponseWriter, r *http.Request, c *Call) error {
	p, all, o, err := s.rosaOne(r, c)
	if err != nil {
		return err
	}
	csv, err := households(p, all, c.Lang)
	if err != nil {
		return err
	}
	b, err := openrosa.Manifest([]openrosa.File{{
		Type: "entityList", Name: openrosa.HouseholdFile, Hash: openrosa.Hash(csv), Download: s.rosaBase(r) + "/forms/" + o.Hash + "/" + openrosa.HouseholdFile,
	}})
	if err != nil {
		return err
	}
	return replyXML(w, http.StatusOK, b)
}

func (s *Server) rosaHouseholds(w http.ResponseWriter, r *http.Request, c *Call) error {
	p, all, _, err := s.rosaOne(r, c)
	if err != nil {
		return err
	}
	csv, err := households(p, all, c.Lang)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(len(csv)))
	_, _ = w.Write(csv) // the client is gone; there is nobody to tell
	return nil
}

func replyXML(w http.ResponseWriter, status int, b []byte) error {
	h := w.Header()
	h.Set("Content-Type", "text/xml; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(len(b)))
	w.WriteHeader(status)
	_, _ = w.Write(b) // the client is gone; there is nobody to tell
	return nil
}

// households writes the list out of which the household is chosen: every household of the team, because apps keep one list of a name for all forms.
func households(p FieldPackage, all []offered, lang string) ([]byte, error) {
	ids := map[string]string{}
	for _, o := range all {
		ids[o.Hash] = o.ID
	}
	var rows []openrosa.Household
	for _, a := range p.Assignments {
		h := openrosa.Household{
			ID: a.ID, Form: ids[a.FormHash], Prefill: a.Prefill, Version: 1,
			Label: openrosa.Word("state."+string(a.State), lang) + a.Household.HeadName + " · " + a.Household.Village.Name + a.Household.Group + " · " + a.Household.Code,
		}
		if a.Submission != nil {
			h.Version = max(h.Version, a.Submission.ReceivedAt.Time().Unix())
		}
		if a.Returned != nil {
			h.Version = max(h.Version, a.Returned.At.Time().Unix())
			notes := []string{a.Returned.Note}
			for _, n := range a.Returned.Comments {
				notes = append(notes, n.Text)
			}
			h.Note = strings.Join(slices.DeleteFunc(notes, func(s string) bool { return s == "" }), "；")
		}
		rows = append(rows, h)
	}
	return openrosa.Households(rows)
}
