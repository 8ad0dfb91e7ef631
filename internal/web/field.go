package web

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"ruhu/internal/account"
	"ruhu/internal/assign"
	"ruhu/internal/authz"
	"ruhu/internal/blob"
	"ruhu/internal/db"
	"ruhu/internal/device"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/playbook"
	"ruhu/internal/query"
	"ruhu/internal/region"
	"ruhu/internal/review"
	"ruhu/internal/roster"
	"ruhu/internal/submission"
	"ruhu/internal/survey"
	"ruhu/internal/training"
)

// FieldPackage is everything that the phone needs to work for days without a network.
type FieldPackage struct {
	ServerTime  db.Time           `json:"server_time"`
	Me          FieldPerson       `json:"me"`
	Campaign    *FieldCampaign    `json:"campaign"`
	Team        *FieldTeam        `json:"team"`
	Forms       []FieldForm       `json:"forms"`
	Assignments []FieldAssignment `json:"assignments"`
}

// FieldPerson is the logged-in enumerator.
type FieldPerson struct {
	ID      string `json:"id"`
	Account string `json:"account"`
	Name    string `json:"name"`
}

// FieldCampaign is the survey that the team works for.
type FieldCampaign struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Zone  string `json:"zone"`

	DwellingMetres float64 `json:"dwelling_metres"` // farther from where the household lives asks for a reason

	Guides  []FieldGuide   `json:"guides"`  // of the villages that the team goes to
	Rulings []query.Ruling `json:"rulings"` // answers to queries that hold for every household

	Training string `json:"training"` // digest of the material to download, "" for none
}

// FieldGuide shows the way in a village.
type FieldGuide struct {
	Village region.Code `json:"village"`
	Name    string      `json:"name"`
	Role    string      `json:"role"`
}

// FieldTeam is the team with what its members need to confirm by PIN or badge, offline.
type FieldTeam struct {
	ID      string        `json:"id"`
	Name    string        `json:"name"`
	Members []FieldMember `json:"members"`
}

// FieldMember is a member of the team.
type FieldMember struct {
	ID      string       `json:"id"`
	Account string       `json:"account"`
	Name    string       `json:"name"`
	PIN     *account.PIN `json:"pin"`
	Badges  []FieldBadge `json:"badges"` // of all their phones
}

// FieldBadge is the key with which a phone signs its badges.
type FieldBadge struct {
	Device string `json:"device"`
	Point  []byte `json:"point"` // uncompressed P-256, 65 bytes
}

// FieldForm is a questionnaire to download by its hash.
type FieldForm struct {
	Code    string        `json:"code"`
	Version string        `json:"version"`
	Hash    string        `json:"hash"`
	Title   playbook.Text `json:"title"`
}

// FieldPersonInHousehold is a member of the household.
type FieldPersonInHousehold struct {
	Name      string  `json:"name"`
	Relation  string  `json:"relation"`
	BirthDate db.Date `json:"birth_date"`
	Sex       string  `json:"sex"`
}

// FieldHousehold is whom to visit.
type FieldHousehold struct {
	ID       string                   `json:"id"`
	Code     string                   `json:"code"`
	Village  region.Region            `json:"village"`
	Group    string                   `json:"group"`
	HeadName string                   `json:"head_name"`
	Initials string                   `json:"initials"` // what each character of the head's name may begin with in pinyin: "cds x h"
	Phone    string                   `json:"phone"`
	Class    string                   `json:"class"`
	Size     int                      `json:"size"`
	Members  []FieldPersonInHousehold `json:"members"`
	Position *roster.Position         `json:"position"` // where it lives (WGS 84), if that is known
}

// FieldSubmission is what the server has of the household's form.
type FieldSubmission struct {
	InstanceID string           `json:"instance_id"`
	Revision   int              `json:"revision"`
	State      submission.State `json:"state"`
	Digest     string           `json:"digest"`
	ReceivedAt db.Time          `json:"received_at"`
	FormHash   string           `json:"form_hash"` // the version that it is of
	Capture    string           `json:"capture"`   // paper: it was keyed from paper, and may be keyed once more
}

// FieldComment is a reviewer's comment at a question that is not resolved, and what reviewers said to it since.
type FieldComment struct {
	ID     string        `json:"id"`
	Ref    string        `json:"ref"`
	Text   string        `json:"text"`
	ByName string        `json:"by_name"`
	At     db.Time       `json:"at"`
	Turns  []CommentTurn `json:"turns"`
}

// FieldReturned says why the form came back.
type FieldReturned struct {
	Level    string         `json:"level"` // code of the review level
	Note     string         `json:"note"`
	ByName   string         `json:"by_name"`
	At       db.Time        `json:"at"`
	Revision int            `json:"revision"`
	Comments []FieldComment `json:"comments"`
}

// FieldAssignment is one visit.
type FieldAssignment struct {
	ID          string            `json:"id"`
	State       assign.State      `json:"state"`
	Date        db.Date           `json:"date"`
	FormHash    string            `json:"form_hash"`
	Household   FieldHousehold    `json:"household"`
	Prefill     map[string]string `json:"prefill"`
	Submission  *FieldSubmission  `json:"submission"`
	Returned    *FieldReturned    `json:"returned"`
	InstanceURL string            `json:"instance_url"` // under /api/v1; "" unless returned
	Form        string            `json:"form"`         // code
	Queries     []FieldQuery      `json:"queries"`
}

func (s *Server) fieldRoutes() []Route {
	return []Route{
		{
			Pattern: "GET /api/v1/field/package", Action: authz.FieldUse, Res: FieldPackage{},
			Summary: "The team's assignments with everything needed offline; answers 304 to If-None-Match", Handler: s.fieldPackage,
		},
		{
			Pattern: "GET /api/v1/field/forms/{hash}", Action: authz.FieldUse, Binary: "text/xml", Query: []string{"offset", "limit"},
			Summary: "A questionnaire as XForm; it never changes", Handler: s.fieldForm,
		},
		{
			Pattern: "GET /api/v1/field/instances/{instance}", Action: authz.FieldUse, Binary: "text/xml", Query: []string{"offset", "limit"},
			Summary: "The current revision of a form of one's own team", Handler: s.fieldInstance,
		},
		{
			Pattern: "PUT /api/v1/field/files/{sha256}", Action: authz.FieldUse, Raw: "application/octet-stream", Res: Stored{}, MaxBody: MaxFile,
			Summary: "Send a photograph or signature under the digest of its content", Handler: s.putFile,
		},
		{
			Pattern: "HEAD /api/v1/field/files/{sha256}", Action: authz.FieldUse,
			Summary: "Whether a file has arrived: 200 or 404", Handler: s.hasFile,
		},
		{
			Pattern: "POST /api/v1/field/submissions", Action: authz.FieldUse, Raw: "text/xml", Res: submission.Receipt{}, MaxBody: submission.MaxBody,
			Query:   []string{"assignment", "form", "base"},
			Summary: "Send a form; the receipt means it is kept. May be repeated", Handler: s.submit,
		},
		{
			Pattern: "GET /api/v1/field/receipts", Action: authz.FieldUse, Res: List[submission.Receipt]{},
			Summary: "Receipts of the team's forms", Handler: s.receipts,
		},
	}
}

func (s *Server) submit(w http.ResponseWriter, r *http.Request, c *Call) error {
	b, err := body(r)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	base, err := strconv.Atoi(q.Get("base"))
	if err != nil || base < 0 || base > 1<<20 {
		base = 0 // an arrival is never refused for what surrounds it
	}
	receipt, err := s.Submissions.Receive(r.Context(), c.Actor, submission.Arrival{Assignment: q.Get("assignment"), Form: q.Get("form"), Base: base, Body: b})
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, receipt)
}

func (s *Server) hasFile(w http.ResponseWriter, r *http.Request, _ *Call) error {
	has, err := s.Blobs.Has(blob.Digest(r.PathValue("sha256")))
	if err != nil {
		return err
	}
	if !has {
		return errs.NotFound.New("blob.not_found")
	}
	w.WriteHeader(http.StatusOK)
	return nil
}

func (s *Server) fieldForm(w http.ResponseWriter, r *http.Request, _ *Call) error {
	hash := r.PathValue("hash")
	if !blob.Digest(hash).Valid() {
		return errs.NotFound.New("survey.no_form", "hash", "")
	}
	f, err := s.Surveys.Form(r.Context(), hash)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "text/xml; charset=utf-8")
	h.Set("Cache-Control", "private, max-age=31536000, immutable")
	h.Set("ETag", `"`+hash+`"`)
	if matches(r, hash) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	return sendPart(w, r, f.XML)
}

// sendPart answers with the bytes from ?offset= on, at most ?limit= of them, and with their number in all in X-Ruhu-Size, so that a download
// goes on where it broke off. Ranges of HTTP do not go together with compression on the way; this does.
func sendPart(w http.ResponseWriter, r *http.Request, b []byte) error {
	q, all := r.URL.Query(), len(b)
	if o, err := strconv.Atoi(q.Get("offset")); err == nil && o > 0 {
		b = b[min(o, all):]
		w.Header().Del("ETag")
		w.Header().Set("Cache-Control", "no-store")
	}
	if n, err := strconv.Atoi(q.Get("limit")); err == nil && n > 0 {
		b = b[:min(n, len(b))]
	}
	w.Header().Set("X-Ruhu-Size", strconv.Itoa(all))
	w.Header().Set("Content-Length", strconv.Itoa(len(b)))
	_, _ = w.Write(b) // the client is gone; there is nobody to tell
	return nil
}

// matches reports whether If-None-Match names the tag.
func matches(r *http.Request, tag string) bool {
	for t := range strings.SplitSeq(r.Header.Get("If-None-Match"), ",") {
		if strings.Trim(strings.TrimPrefix(strings.TrimSpace(t), "W/"), `"`) == tag {
			return true
		}
	}
	return false
}

func (s *Server) fieldInstance(w http.ResponseWriter, r *http.Request, c *Call) error {
	key, err := id.Parse(r.PathValue("instance"))
	if err != nil {
		key = submission.ID(r.PathValue("instance")) // "uuid:…", as the receipt names it
	}
	var xml []byte
	err = s.DB.View(r.Context(), func(tx *db.Tx) error {
		rec, err := submission.GetTx(r.Context(), tx, c.Actor, key)
		if err != nil {
			return err
		}
		team, _, err := s.Assigns.ForAccountTx(r.Context(), tx, c.Actor.County, c.Actor.ID)
		if err != nil {
			return err
		}
		if rec.Assignment == "" || rec.Team != team.ID {
			return errs.NotFound.New("submission.not_found", "id", key)
		}
		xml, err = submission.BodyTx(r.Context(), tx, rec.County, rec.ID, rec.Revision)
		return err
	})
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "text/xml; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Ruhu-Digest", string(blob.Of(xml))) // a newer revision between two parts is noticed
	return sendPart(w, r, xml)
}

func (s *Server) receipts(w http.ResponseWriter, r *http.Request, c *Call) error {
	out := []submission.Receipt{}
	err := s.DB.View(r.Context(), func(tx *db.Tx) error {
		_, as, err := s.Assigns.ForAccountTx(r.Context(), tx, c.Actor.County, c.Actor.ID)
		if err != nil {
			return err
		}
		got, err := submission.ReceiptsTx(r.Context(), tx, c.Actor.County, idsOf(as))
		for _, a := range as {
			if rc, ok := got[a.ID]; ok {
				out = append(out, rc)
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, list(out, ""))
}

func idsOf(as []assign.Assignment) []string {
	ids := make([]string, len(as))
	for i, a := range as {
		ids[i] = a.ID
	}
	return ids
}

// fieldPackage answers with an ETag over everything but the time.
func (s *Server) fieldPackage(w http.ResponseWriter, r *http.Request, c *Call) error {
	var p FieldPackage
	var now db.Time
	err := s.DB.View(r.Context(), func(tx *db.Tx) (err error) {
		now = tx.Now()
		p, err = s.fieldPackageTx(r.Context(), tx, c.Actor)
		return err
	})
	if err != nil {
		return err
	}
	b, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("encode field package: %w", err)
	}
	sum := sha256.Sum256(b)
	tag := hex.EncodeToString(sum[:16])
	w.Header().Set("ETag", `"`+tag+`"`)
	w.Header().Set("Cache-Control", "private, no-cache")
	if matches(r, tag) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	p.ServerTime = now
	return reply(w, http.StatusOK, p)
}

func (s *Server) fieldPackageTx(ctx context.Context, tx *db.Tx, actor authz.Actor) (FieldPackage, error) {
	p := FieldPackage{Me: FieldPerson{actor.ID, actor.Account, actor.Name}, Forms: []FieldForm{}, Assignments: []FieldAssignment{}}
	team, as, err := s.Assigns.ForAccountTx(ctx, tx, actor.County, actor.ID)
	if err != nil || team.ID == "" {
		return p, err
	}
	c, err := survey.CampaignTx(ctx, tx, actor.County, team.Campaign)
	if err != nil {
		return p, err
	}
	p.Campaign = &FieldCampaign{ID: c.ID, Title: c.Title, Zone: c.Zone.String(), DwellingMetres: c.Plan.Quality.Filled().DwellingMetres}
	if _, p.Campaign.Training, err = training.MaterialOf(c); err != nil {
		return p, err
	}
	if p.Team, err = s.fieldTeam(ctx, tx, actor.County, team); err != nil {
		return p, err
	}
	if p.Forms, err = s.fieldForms(ctx, tx, c, as); err != nil {
		return p, err
	}
	if p.Assignments, err = s.fieldAssignments(ctx, tx, actor.County, as); err != nil {
		return p, err
	}
	if p.Campaign.Guides, err = fieldGuides(ctx, tx, c, p.Assignments); err != nil {
		return p, err
	}
	rulings, err := query.RulingsTx(ctx, tx, c.County, c.ID)
	p.Campaign.Rulings = orEmpty(rulings)
	return p, err
}

func (s *Server) fieldTeam(ctx context.Context, tx *db.Tx, county string, t assign.Team) (*FieldTeam, error) {
	out := &FieldTeam{t.ID, t.Name, []FieldMember{}}
	var ids []string
	for _, m := range t.Members {
		ids = append(ids, m.Account)
	}
	pins, err := s.Accounts.PINsTx(ctx, tx, county, ids)
	if err != nil {
		return nil, err
	}
	keys, err := device.BadgesOfTx(ctx, tx, county, ids)
	if err != nil {
		return nil, err
	}
	for _, m := range t.Members {
		x := FieldMember{ID: m.Account, Account: m.Login, Name: m.Name, Badges: []FieldBadge{}}
		for _, k := range keys[m.Account] {
			x.Badges = append(x.Badges, FieldBadge{k.Device, k.Point})
		}
		if p, ok := pins[m.Account]; ok {
			x.PIN = &p
		}
		out.Members = append(out.Members, x)
	}
	return out, nil
}

// fieldForms lists the campaign's forms and older versions that assignments still name.
func (s *Server) fieldForms(ctx context.Context, tx *db.Tx, c survey.Campaign, as []assign.Assignment) ([]FieldForm, error) {
	out := []FieldForm{}
	seen := map[string]bool{}
	for _, f := range c.Forms {
		seen[f.Hash] = true
		out = append(out, FieldForm{f.Code, f.Version, f.Hash, f.Title})
	}
	for _, a := range as {
		if seen[a.FormHash] {
			continue
		}
		seen[a.FormHash] = true
		f, err := s.Surveys.FormTx(ctx, tx, a.FormHash)
		if err != nil {
			return nil, err
		}
		out = append(out, FieldForm{f.Code, f.Version, f.Hash, f.Title})
	}
	return out, nil
}

func (s *Server) fieldAssignments(ctx context.Context, tx *db.Tx, county string, as []assign.Assignment) ([]FieldAssignment, error) {
	houses := make([]string, len(as))
	for i, a := range as {
		houses[i] = a.Household
	}
	full, err := roster.HouseholdsTx(ctx, tx, county, houses)
	if err != nil {
		return nil, err
	}
	subs, err := submission.ByAssignmentsTx(ctx, tx, county, idsOf(as))
	if err != nil {
		return nil, err
	}
	receipts, err := submission.ReceiptsTx(ctx, tx, county, idsOf(as))
	if err != nil {
		return nil, err
	}
	var back []string
	for _, sub := range subs {
		if sub.State == submission.StateReturned {
			back = append(back, sub.ID)
		}
	}
	slices.Sort(back)
	returned, err := review.ReturnedTx(ctx, tx, county, back)
	if err != nil {
		return nil, err
	}
	asked, err := query.OfAssignmentsTx(ctx, tx, county, idsOf(as))
	if err != nil {
		return nil, err
	}
	out := make([]FieldAssignment, 0, len(as))
	for _, a := range as {
		f := full[a.Household]
		x := FieldAssignment{ID: a.ID, State: a.State, Date: a.Date, FormHash: a.FormHash, Household: fieldHousehold(f), Prefill: roster.Prefill(f), Form: a.Form, Queries: []FieldQuery{}}
		for _, q := range asked[a.ID] {
			x.Queries = append(x.Queries, fieldQuery(q))
		}
		form, err := s.Surveys.FormTx(ctx, tx, a.FormHash)
		if err != nil {
			return nil, err
		}
		if form.Members {
			roster.PrefillMembers(x.Prefill, f)
		}
		if sub, ok := subs[a.ID]; ok {
			x.Submission = &FieldSubmission{sub.InstanceID, sub.Revision, sub.State, receipts[a.ID].Digest, sub.ReceivedAt, sub.Form, sub.Capture}
			if r, ok := returned[sub.ID]; ok {
				x.Returned, x.InstanceURL = fieldReturned(r), "/field/instances/"+sub.ID
			}
		}
		out = append(out, x)
	}
	return out, nil
}

func fieldGuides(ctx context.Context, tx *db.Tx, c survey.Campaign, as []FieldAssignment) ([]FieldGuide, error) {
	out := []FieldGuide{}
	villages := map[region.Code]bool{}
	for _, a := range as {
		villages[a.Household.Village.Code] = true
	}
	gs, err := assign.GuidesTx(ctx, tx, c.County, c.ID, slices.Sorted(maps.Keys(villages)))
	for _, g := range gs {
		out = append(out, FieldGuide{g.Village.Code, g.Name, g.Role})
	}
	return out, err
}

func fieldHousehold(f roster.Full) FieldHousehold {
	out := FieldHousehold{
		ID: f.ID, Code: f.Code, Village: region.Named(f.Village, f.VillageName), Group: f.Group, HeadName: f.HeadName, Initials: initials(f.HeadName), Phone: f.Phone,
		Class: string(f.Class), Size: f.Size, Members: []FieldPersonInHousehold{}, Position: f.Position,
	}
	for _, m := range f.Members {
		if m.State == roster.Present {
			out.Members = append(out.Members, FieldPersonInHousehold{m.Name, m.Relation, m.BirthDate, m.Sex})
		}
	}
	return out
}

func fieldReturned(r review.Returned) *FieldReturned {
	out := &FieldReturned{r.Level, r.Note, r.ByName, r.At, r.Revision, []FieldComment{}}
	for _, c := range r.Comments {
		out.Comments = append(out.Comments, FieldComment{c.ID, c.Ref, c.Text, c.ByName, c.At, turns(c.Turns)})
	}
	return out
}
