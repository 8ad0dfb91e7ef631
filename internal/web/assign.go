package web

import (
	"net/http"

	"ruhu/internal/assign"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/region"
)

// Team is a group of enumerators that visits together.
type Team struct {
	ID       string       `json:"id"`
	Name     string       `json:"name"`
	Members  []TeamMember `json:"members"`
	Assigned int          `json:"assigned"`
	Done     int          `json:"done"`
	Dropped  bool         `json:"dropped"`
	Reason   string       `json:"reason"` // why it dropped out
}

// TeamMember is one of them. Where they live, their team does not visit.
type TeamMember struct {
	ID          string         `json:"id"`
	Account     string         `json:"account"`
	Name        string         `json:"name"`
	FromCounty  bool           `json:"from_county"`
	HomeVillage *region.Region `json:"home_village"`
}

// TeamInput makes or changes a team.
type TeamInput struct {
	Name      string   `json:"name"`
	MemberIDs []string `json:"member_ids"`
}

// FormTeamsInput has no fields yet.
type FormTeamsInput struct{}

// FormedTeams are all teams after forming, and who is left over.
type FormedTeams struct {
	Items   []Team          `json:"items"`
	Reasons []assign.Reason `json:"reasons"`
}

// PlanInput asks for a plan; empty days are those of the visit stage.
type PlanInput struct {
	From   db.Date `json:"from"`
	To     db.Date `json:"to"`
	DryRun bool    `json:"dry_run"`
	Rest   bool    `json:"rest,omitempty"` // plan only what has no visit, is overdue, or can't be done as planned
}

// Assignment is one household's visit.
type Assignment struct {
	ID           string         `json:"id"`
	Household    HouseholdBrief `json:"household"`
	Form         string         `json:"form"`
	Team         TeamBrief      `json:"team"`
	Date         db.Date        `json:"date"`
	State        assign.State   `json:"state"`
	SubmissionID *string        `json:"submission_id"`
	Pinned       bool           `json:"pinned"` // moved by hand
	Begun        bool           `json:"begun"`  // on a phone
}

// AssignmentPage is a page of visits.
type AssignmentPage struct {
	Items []Assignment `json:"items"`
	Next  string       `json:"next"`
	Total int          `json:"total"`
}

// AssignmentMove gives a visit to another team or day.
type AssignmentMove struct {
	TeamID string  `json:"team_id,omitempty"`
	Date   db.Date `json:"date,omitempty"`
	Reason string  `json:"reason"`
}

func (s *Server) assignRoutes() []Route {
	return []Route{
		{
			Pattern: "GET /api/v1/campaigns/{campaign}/teams", Action: authz.TeamRead, Res: List[Team]{},
			Summary: "Teams of a campaign", Handler: s.teams,
		},
		{
			Pattern: "POST /api/v1/campaigns/{campaign}/teams/form", Action: authz.TeamManage, Req: FormTeamsInput{}, Res: FormedTeams{},
			Summary: "Make teams of the enumerators who are in none", Handler: s.formTeams,
		},
		{
			Pattern: "PUT /api/v1/campaigns/{campaign}/teams/{team}", Action: authz.TeamManage, Req: TeamInput{}, Res: Team{},
			Summary: "Make a team, or change its name and members", Handler: s.putTeam,
		},
		{
			Pattern: "DELETE /api/v1/campaigns/{campaign}/teams/{team}", Action: authz.TeamManage,
			Summary: "Dissolve a team that has no visits", Handler: s.deleteTeam,
		},
		{
			Pattern: "POST /api/v1/campaigns/{campaign}/plan", Action: authz.AssignManage, Req: PlanInput{}, Res: assign.Plan{},
			Summary: "Give every household a team and a day, or say why that is impossible", Handler: s.makePlan,
		},
		{
			Pattern: "GET /api/v1/campaigns/{campaign}/plan", Action: authz.AssignRead, Res: assign.Plan{},
			Summary: "The present plan by team and day", Handler: s.plan,
		},
		{
			Pattern: "GET /api/v1/campaigns/{campaign}/assignments", Action: authz.AssignRead, Res: AssignmentPage{},
			Query:   []string{"village", "team", "date", "state", "cursor", "limit"},
			Summary: "Visits by day", Handler: s.assignments,
		},
		{
			Pattern: "POST /api/v1/assignments/{assignment}/move", Action: authz.AssignManage, Req: AssignmentMove{}, Res: Assignment{},
			Summary: "Give a visit to another team or day, under the rules of the plan", Handler: s.moveAssignment,
		},
	}
}

func teamJSON(t assign.Team) Team {
	out := Team{ID: t.ID, Name: t.Name, Members: make([]TeamMember, len(t.Members)), Assigned: t.Assigned, Done: t.Done, Dropped: t.Dropped, Reason: t.Why}
	for i, m := range t.Members {
		out.Members[i] = TeamMember{ID: m.Account, Account: m.Login, Name: m.Name, FromCounty: m.FromCounty}
		if m.HomeVillage != "" {
			home := region.Named(m.HomeVillage, m.HomeName)
			out.Members[i].HomeVillage = &home
		}
	}
	return out
}

func teamsJSON(ts []assign.Team) []Team {
	out := make([]Team, len(ts))
	for i, t := range ts {
		out[i] = teamJSON(t)
	}
	return out
}

func (s *Server) teams(w http.ResponseWriter, r *http.Request, c *Call) error {
	ts, err := s.Assigns.Teams(r.Context(), c.Actor, r.PathValue("campaign"))
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, list(teamsJSON(ts), ""))
}

func (s *Server) formTeams(w http.ResponseWriter, r *http.Request, c *Call) error {
	if _, err := decode[FormTeamsInput](r); err != nil {
		return err
	}
	ts, reasons, err := s.Assigns.FormTeams(r.Context(), c.Actor, r.PathValue("campaign"), c.Lang)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, FormedTeams{teamsJSON(ts), reasons})
}

func (s *Server) putTeam(w http.ResponseWriter, r *http.Request, c *Call) error {
	in, err := decode[TeamInput](r)
	if err != nil {
		return err
	}
	t, err := s.Assigns.PutTeam(r.Context(), c.Actor, r.PathValue("campaign"), r.PathValue("team"), in.Name, in.MemberIDs)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, teamJSON(t))
}

func (s *Server) deleteTeam(w http.ResponseWriter, r *http.Request, c *Call) error {
	if err := s.Assigns.DeleteTeam(r.Context(), c.Actor, r.PathValue("campaign"), r.PathValue("team")); err != nil {
		return err
	}
	return noContent(w)
}

func (s *Server) makePlan(w http.ResponseWriter, r *http.Request, c *Call) error {
	in, err := decode[PlanInput](r)
	if err != nil {
		return err
	}
	p, err := s.Assigns.MakePlan(r.Context(), c.Actor, r.PathValue("campaign"), assign.PlanInput{From: in.From, To: in.To, Rest: in.Rest, DryRun: in.DryRun, Lang: c.Lang})
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, p)
}

func (s *Server) plan(w http.ResponseWriter, r *http.Request, c *Call) error {
	p, err := s.Assigns.Plan(r.Context(), c.Actor, r.PathValue("campaign"))
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, p)
}

func assignmentJSON(row assign.Row) Assignment {
	h := row.House
	out := Assignment{
		ID: row.ID, Form: row.Form, Team: TeamBrief{row.Team, row.TeamName}, Date: row.Date, State: row.State, Pinned: row.Pinned, Begun: row.Begun,
		Household: HouseholdBrief{ID: h.ID, Code: h.Code, HeadName: h.HeadName, Village: region.Named(h.Village, h.VillageName), Group: h.Group, Class: string(h.Class)},
	}
	if row.Submission != "" {
		out.SubmissionID = &row.Submission
	}
	return out
}

func (s *Server) assignments(w http.ResponseWriter, r *http.Request, c *Call) error {
	q := r.URL.Query()
	f := assign.Filter{Team: q.Get("team"), Date: db.Date(q.Get("date")), State: assign.State(q.Get("state"))}
	f.Cursor, f.Limit = page(r)
	var err error
	if f.Village, err = queryVillage(r); err != nil {
		return err
	}
	p, err := s.Assigns.List(r.Context(), c.Actor, r.PathValue("campaign"), f)
	if err != nil {
		return err
	}
	out := AssignmentPage{Items: make([]Assignment, len(p.Items)), Next: p.Next, Total: p.Total}
	for i, row := range p.Items {
		out.Items[i] = assignmentJSON(row)
	}
	return reply(w, http.StatusOK, out)
}

func (s *Server) moveAssignment(w http.ResponseWriter, r *http.Request, c *Call) error {
	in, err := decode[AssignmentMove](r)
	if err != nil {
		return err
	}
	row, err := s.Assigns.MoveByHand(r.Context(), c.Actor, r.PathValue("assignment"), assign.MoveInput{Team: in.TeamID, Date: in.Date, Reason: in.Reason})
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, assignmentJSON(row))
}
