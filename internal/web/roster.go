package web

import (
	"net/http"
	"strings"

	"ruhu/internal/assign"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/ledger"
	"ruhu/internal/playbook"
	"ruhu/internal/region"
	"ruhu/internal/roster"
	"ruhu/internal/submission"
)

const xlsxType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// ImportReport says what an import found and changed.
type ImportReport roster.Report

// RosterImport is one import that was written.
type RosterImport struct {
	ID       string        `json:"id"`
	FileName string        `json:"file_name"`
	At       db.Time       `json:"at"`
	ByName   string        `json:"by_name"`
	Counts   roster.Counts `json:"counts"`
}

// Household is a row of the base list. ID number and phone are masked unless the role has roster.pii.
type Household struct {
	ID           string           `json:"id"`
	Code         string           `json:"code"`
	Village      region.Region    `json:"village"`
	Group        string           `json:"group"`
	HeadName     string           `json:"head_name"`
	HeadIDNumber string           `json:"head_id_number"`
	Phone        string           `json:"phone"`
	Class        string           `json:"class"`
	ExitYear     *int             `json:"exit_year"`
	Size         int              `json:"size"`
	Tags         []string         `json:"tags"`
	State        string           `json:"state"`       // listed, struck
	Struck       string           `json:"struck"`      // why
	Origin       string           `json:"origin"`      // import, listing, off_system
	VillageNow   *region.Region   `json:"village_now"` // the village that this one was merged into
	Version      int64            `json:"version"`
	Position     *roster.Position `json:"position"` // where it lives (WGS 84); only for roles with roster.pii
	Assignment   *HouseholdsVisit `json:"assignment"`
}

// HouseholdsVisit is the visit of a household, in short.
type HouseholdsVisit struct {
	ID       string       `json:"id"`
	State    assign.State `json:"state"`
	TeamName string       `json:"team_name"`
	Date     db.Date      `json:"date"`
}

// HouseholdPage is a page of the base list.
type HouseholdPage struct {
	Items []Household `json:"items"`
	Next  string      `json:"next"`
	Total int         `json:"total"`
}

// HouseholdForm is a form of a household, in short.
type HouseholdForm struct {
	ID         string           `json:"id"`
	State      submission.State `json:"state"`
	Revision   int              `json:"revision"`
	ReceivedAt db.Time          `json:"received_at"`
	Capture    string           `json:"capture"` // paper: ByName keyed it from a form on paper
	ByName     string           `json:"by_name"` // who sent it
}

// HouseholdDetail is a household with everything about it that the role may read.
type HouseholdDetail struct {
	Household
	CampaignID  string          `json:"campaign_id"`
	Members     []roster.Member `json:"members"`
	Submissions []HouseholdForm `json:"submissions"`
	Problems    []ProblemRow    `json:"problems"`
}

func (s *Server) rosterRoutes() []Route {
	return []Route{
		{
			Pattern: "POST /api/v1/campaigns/{campaign}/roster/imports", Action: authz.RosterImport, Raw: xlsxType, Res: ImportReport{}, MaxBody: roster.MaxFile,
			Query:   []string{"dry_run", "name", "reason"},
			Summary: "Check a roster, or import it; 422 roster.import_errors carries the report", Handler: s.importRoster,
		},
		{
			Pattern: "GET /api/v1/campaigns/{campaign}/roster/imports", Action: authz.RosterRead, Res: List[RosterImport]{},
			Summary: "What was imported, newest first", Handler: s.rosterImports,
		},
		{
			Pattern: "GET /api/v1/campaigns/{campaign}/roster/template.xlsx", Action: authz.RosterRead, Binary: xlsxType,
			Summary: "An empty roster to fill in", Handler: s.rosterTemplate,
		},
		{
			Pattern: "GET /api/v1/campaigns/{campaign}/households", Action: authz.RosterRead, Res: HouseholdPage{},
			Query:   []string{"village", "class", "state", "q", "cursor", "limit"},
			Summary: "Households of the base list", Handler: s.households,
		},
		{
			Pattern: "GET /api/v1/households/{household}", Action: authz.RosterRead, Res: HouseholdDetail{},
			Summary: "A household with members, forms and problems", Handler: s.household,
		},
	}
}

// importRoster checks by default: only dry_run=false writes.
func (s *Server) importRoster(w http.ResponseWriter, r *http.Request, c *Call) error {
	q := r.URL.Query()
	data, err := body(r)
	if err != nil {
		return err
	}
	switch q.Get("dry_run") {
	case "true", "false", "":
	default:
		return errs.Invalid.New("web.json", "field", "dry_run", "problem", "true or false")
	}
	rep, err := s.Rosters.Import(r.Context(), c.Actor, r.PathValue("campaign"),
		roster.File{Name: q.Get("name"), Data: data, DryRun: q.Get("dry_run") != "false", Lang: c.Lang, Reason: q.Get("reason")})
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, ImportReport(rep))
}

func (s *Server) rosterImports(w http.ResponseWriter, r *http.Request, c *Call) error {
	done, err := s.Rosters.Imports(r.Context(), c.Actor, r.PathValue("campaign"))
	if err != nil {
		return err
	}
	out := make([]RosterImport, len(done))
	for i, d := range done {
		out[i] = RosterImport(d)
	}
	return reply(w, http.StatusOK, list(out, ""))
}

func (s *Server) rosterTemplate(w http.ResponseWriter, r *http.Request, c *Call) error {
	if _, err := s.Surveys.Get(r.Context(), c.Actor, r.PathValue("campaign")); err != nil {
		return err
	}
	b, err := roster.Template()
	if err != nil {
		return err
	}
	return attachment(w, xlsxType, "roster-template.xlsx", b)
}

func (s *Server) households(w http.ResponseWriter, r *http.Request, c *Call) error {
	campaign, err := pathID(r, "campaign")
	if err != nil {
		return err
	}
	q := r.URL.Query()
	f := roster.Filter{Class: roster.Class(q.Get("class")), State: q.Get("state"), Query: q.Get("q")}
	f.Cursor, f.Limit = page(r)
	if f.Village, err = queryVillage(r); err != nil {
		return err
	}
	p, err := s.Rosters.List(r.Context(), c.Actor, campaign, f)
	if err != nil {
		return err
	}
	ids := make([]string, len(p.Items))
	for i, h := range p.Items {
		ids[i] = h.ID
	}
	visits, err := s.Assigns.ByHouseholds(r.Context(), c.Actor, campaign, ids)
	if err != nil {
		return err
	}
	out := HouseholdPage{Items: make([]Household, len(p.Items)), Next: p.Next, Total: p.Total}
	for i, h := range p.Items {
		out.Items[i] = householdJSON(c.Actor, h, visits)
	}
	return reply(w, http.StatusOK, out)
}

// shownTags leaves out the tags that tell of a suspicion, for roles that see no suspects (S0.18).
func shownTags(a authz.Actor, tags []string) []string {
	out := make([]string, 0, len(tags))
	for _, t := range tags {
		if a.Can(authz.MatchSuspect) || !strings.HasPrefix(t, playbook.SuspectTags) {
			out = append(out, t)
		}
	}
	return out
}

func householdJSON(a authz.Actor, h roster.Household, visits map[string]assign.Row) Household {
	out := Household{
		ID: h.ID, Code: h.Code, Village: region.Named(h.Village, h.VillageName), Group: h.Group, HeadName: h.HeadName,
		HeadIDNumber: string(h.HeadIDNumber), Phone: h.Phone, Class: string(h.Class), Size: h.Size, Tags: shownTags(a, h.Tags),
		State: h.State, Struck: h.Struck, Origin: h.Origin, Version: h.Version, Position: h.Position,
	}
	if h.VillageNow != "" {
		now := region.Named(h.VillageNow, h.NowName)
		out.VillageNow = &now
	}
	if h.ExitYear > 0 {
		out.ExitYear = &h.ExitYear
	}
	if v, ok := visits[h.ID]; ok {
		out.Assignment = &HouseholdsVisit{v.ID, v.State, v.TeamName, v.Date}
	}
	return out
}

func (s *Server) household(w http.ResponseWriter, r *http.Request, c *Call) error {
	ctx := r.Context()
	f, err := s.Rosters.Get(ctx, c.Actor, r.PathValue("household"))
	if err != nil {
		return err
	}
	visits, err := s.Assigns.ByHouseholds(ctx, c.Actor, f.Campaign, []string{f.ID})
	if err != nil {
		return err
	}
	out := HouseholdDetail{Household: householdJSON(c.Actor, f.Household, visits), CampaignID: f.Campaign, Members: orEmpty(f.Members), Submissions: []HouseholdForm{}, Problems: []ProblemRow{}}
	if v, ok := visits[f.ID]; ok && c.Actor.Can(authz.SubmissionRead) {
		err := s.DB.View(ctx, func(tx *db.Tx) error {
			rs, err := submission.ByAssignmentsTx(ctx, tx, c.Actor.County, []string{v.ID})
			sub, ok := rs[v.ID]
			if err != nil || !ok {
				return err
			}
			who, err := s.Accounts.ByIDsTx(ctx, tx, c.Actor.County, []string{sub.Account})
			out.Submissions = []HouseholdForm{{sub.ID, sub.State, sub.Revision, sub.ReceivedAt, sub.Capture, who[sub.Account].Name}}
			return err
		})
		if err != nil {
			return err
		}
	}
	if c.Actor.Can(authz.LedgerRead) {
		p, err := s.Ledgers.List(ctx, c.Actor, f.Campaign, ledger.Filter{Household: f.ID, Limit: 200})
		if err != nil {
			return err
		}
		out.Problems = problemRows(p.Items, p.Today, p.WarnTo)
	}
	return reply(w, http.StatusOK, out)
}
