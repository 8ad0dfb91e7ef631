package web

import (
	"net/http"

	"ruhu/internal/assign"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/region"
)

// PlanMovesInput carries visits to other teams or days, all or none.
type PlanMovesInput struct {
	Steps  []assign.Step `json:"steps"`
	Reason string        `json:"reason"`
	DryRun bool          `json:"dry_run"`
}

// DropTeamInput takes a team out of the plan, or with back in again.
type DropTeamInput struct {
	Reason string  `json:"reason"`
	From   db.Date `json:"from,omitempty"` // plan again from this day
	Back   bool    `json:"back"`
	Leave  bool    `json:"leave"` // leave visits without a team where the others can't take them
	DryRun bool    `json:"dry_run"`
}

// DayOffInput says that a team, or without one everybody, does not visit on a day.
type DayOffInput struct {
	TeamID string  `json:"team_id"`
	Date   db.Date `json:"date"`
	Off    bool    `json:"off"`
	Reason string  `json:"reason"`
}

// GiveBackInput says why a team can't make a visit.
type GiveBackInput struct {
	Reason string `json:"reason"`
}

// TiesInput is all ties of a person.
type TiesInput struct {
	Ties []TieInput `json:"ties"`
}

// TieInput is one tie: workplace, responsible or kin.
type TieInput struct {
	Kind      string      `json:"kind"`
	Village   region.Code `json:"village"`
	Household string      `json:"household"`
	Note      string      `json:"note"`
}

// ArrangementInput is what is agreed with a household; empty takes it back.
type ArrangementInput struct {
	Day      db.Date `json:"day"`
	FromTime string  `json:"from_time"`
	ToTime   string  `json:"to_time"`
	Remote   string  `json:"remote"`
	Reason   string  `json:"reason"`
}

// GuideInput makes or changes a guide.
type GuideInput struct {
	Village region.Code `json:"village"`
	Name    string      `json:"name"`
	Phone   string      `json:"phone"`
	Role    string      `json:"role"`
}

func (s *Server) boardRoutes() []Route {
	return []Route{
		{
			Pattern: "GET /api/v1/campaigns/{campaign}/plan/board", Action: authz.AssignRead, Res: assign.Board{},
			Summary: "The present plan as teams and days, with the rules that close villages to teams", Handler: s.board,
		},
		{
			Pattern: "POST /api/v1/campaigns/{campaign}/plan/moves", Action: authz.AssignManage, Req: PlanMovesInput{}, Res: assign.Moves{},
			Summary: "Carry visits to other teams or days under the rules of the plan, all or none", Handler: s.movePlan,
		},
		{
			Pattern: "POST /api/v1/campaigns/{campaign}/teams/{team}/drop", Action: authz.AssignManage, Req: DropTeamInput{}, Res: assign.Plan{},
			Summary: "Take a team out of the plan and spread its open visits", Handler: s.dropTeam,
		},
		{
			Pattern: "POST /api/v1/campaigns/{campaign}/plan/days-off", Action: authz.AssignManage, Req: DayOffInput{},
			Summary: "Say that a team or everybody does not visit on a day", Handler: s.dayOff,
		},
		{
			Pattern: "POST /api/v1/assignments/{assignment}/give-back", Action: authz.AssignManage, Req: GiveBackInput{},
			Summary: "Take a visit from a team that can't make it; the next plan gives it to another one", Handler: s.giveBack,
		},
		{
			Pattern: "POST /api/v1/field/assignments/{assignment}/give-back", Action: authz.FieldUse, Req: GiveBackInput{},
			Summary: "Give back a visit that one's own team can't make", Handler: s.giveBack,
		},
		{
			Pattern: "POST /api/v1/field/assignments/{assignment}/begin", Action: authz.FieldUse,
			Summary: "Say that work on a household has begun: no plan gives it to another team", Handler: s.begin,
		},
		{
			Pattern: "GET /api/v1/campaigns/{campaign}/people", Action: authz.TeamRead, Res: List[assign.Person]{},
			Summary: "Enumerators of the campaign's area with their ties", Handler: s.people,
		},
		{
			Pattern: "PUT /api/v1/campaigns/{campaign}/people/{account}/ties", Action: authz.TeamManage, Req: TiesInput{}, Res: List[assign.Tie]{},
			Summary: "Replace the ties that keep an enumerator from villages and households", Handler: s.setTies,
		},
		{
			Pattern: "POST /api/v1/campaigns/{campaign}/people/import", Action: authz.TeamManage, Raw: xlsxType, Res: assign.StaffReport{},
			Summary: "Read ties from a staff table (.xlsx, .csv)", Query: []string{"dry_run"}, Handler: s.importStaff,
		},
		{
			Pattern: "GET /api/v1/campaigns/{campaign}/arrangements", Action: authz.AssignRead, Res: List[assign.Arrangement]{},
			Summary: "Appointments, and households reached by other means", Handler: s.arrangements,
		},
		{
			Pattern: "PUT /api/v1/campaigns/{campaign}/arrangements/{household}", Action: authz.AssignManage, Req: ArrangementInput{},
			Summary: "Note what is agreed with a household; empty takes it back", Handler: s.arrange,
		},
		{
			Pattern: "GET /api/v1/campaigns/{campaign}/guides", Action: authz.AssignRead, Res: List[assign.Guide]{},
			Summary: "Guides by village", Handler: s.guides,
		},
		{
			Pattern: "PUT /api/v1/campaigns/{campaign}/guides/{guide}", Action: authz.AssignManage, Req: GuideInput{},
			Summary: "Make or change a guide", Handler: s.putGuide,
		},
		{
			Pattern: "DELETE /api/v1/campaigns/{campaign}/guides/{guide}", Action: authz.AssignManage,
			Summary: "Take a guide away", Handler: s.deleteGuide,
		},
	}
}

func (s *Server) board(w http.ResponseWriter, r *http.Request, c *Call) error {
	b, err := s.Assigns.Board(r.Context(), c.Actor, r.PathValue("campaign"), c.Lang)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, b)
}

func (s *Server) movePlan(w http.ResponseWriter, r *http.Request, c *Call) error {
	in, err := decode[PlanMovesInput](r)
	if err != nil {
		return err
	}
	moves, err := s.Assigns.Move(r.Context(), c.Actor, r.PathValue("campaign"), in.Steps, in.Reason, in.DryRun)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, moves)
}

func (s *Server) dropTeam(w http.ResponseWriter, r *http.Request, c *Call) error {
	in, err := decode[DropTeamInput](r)
	if err != nil {
		return err
	}
	p, err := s.Assigns.DropTeam(r.Context(), c.Actor, r.PathValue("campaign"), r.PathValue("team"),
		assign.DropInput{Reason: in.Reason, From: in.From, Back: in.Back, Leave: in.Leave, DryRun: in.DryRun, Lang: c.Lang})
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, p)
}

func (s *Server) dayOff(w http.ResponseWriter, r *http.Request, c *Call) error {
	in, err := decode[DayOffInput](r)
	if err != nil {
		return err
	}
	if err := s.Assigns.SetDayOff(r.Context(), c.Actor, r.PathValue("campaign"), in.TeamID, in.Date, in.Off, in.Reason); err != nil {
		return err
	}
	return noContent(w)
}

func (s *Server) giveBack(w http.ResponseWriter, r *http.Request, c *Call) error {
	in, err := decode[GiveBackInput](r)
	if err != nil {
		return err
	}
	if err := s.Assigns.GiveBack(r.Context(), c.Actor, r.PathValue("assignment"), in.Reason); err != nil {
		return err
	}
	return noContent(w)
}

func (s *Server) begin(w http.ResponseWriter, r *http.Request, c *Call) error {
	if err := s.Assigns.Begin(r.Context(), c.Actor, r.PathValue("assignment")); err != nil {
		return err
	}
	return noContent(w)
}

func (s *Server) people(w http.ResponseWriter, r *http.Request, c *Call) error {
	ps, err := s.Assigns.People(r.Context(), c.Actor, r.PathValue("campaign"))
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, list(ps, ""))
}

func (s *Server) setTies(w http.ResponseWriter, r *http.Request, c *Call) error {
	in, err := decode[TiesInput](r)
	if err != nil {
		return err
	}
	ties := make([]assign.Tie, len(in.Ties))
	for i, t := range in.Ties {
		ties[i] = assign.Tie{Kind: t.Kind, Village: region.Region{Code: t.Village}, Household: t.Household, Note: t.Note}
	}
	if ties, err = s.Assigns.SetTies(r.Context(), c.Actor, r.PathValue("campaign"), r.PathValue("account"), ties); err != nil {
		return err
	}
	return reply(w, http.StatusOK, list(ties, ""))
}

// importStaff checks by default: only dry_run=false writes.
func (s *Server) importStaff(w http.ResponseWriter, r *http.Request, c *Call) error {
	data, err := body(r)
	if err != nil {
		return err
	}
	dryRun := r.URL.Query().Get("dry_run") != "false"
	rep, err := s.Assigns.ImportStaff(r.Context(), c.Actor, r.PathValue("campaign"), c.Lang, data, dryRun)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, rep)
}

func (s *Server) arrangements(w http.ResponseWriter, r *http.Request, c *Call) error {
	as, err := s.Assigns.Arrangements(r.Context(), c.Actor, r.PathValue("campaign"))
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, list(as, ""))
}

func (s *Server) arrange(w http.ResponseWriter, r *http.Request, c *Call) error {
	in, err := decode[ArrangementInput](r)
	if err != nil {
		return err
	}
	err = s.Assigns.Arrange(r.Context(), c.Actor, r.PathValue("campaign"), assign.Arrangement{
		Household: r.PathValue("household"), Day: in.Day, FromTime: in.FromTime, ToTime: in.ToTime, Remote: in.Remote, Reason: in.Reason,
	})
	if err != nil {
		return err
	}
	return noContent(w)
}

func (s *Server) guides(w http.ResponseWriter, r *http.Request, c *Call) error {
	gs, err := s.Assigns.Guides(r.Context(), c.Actor, r.PathValue("campaign"))
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, list(gs, ""))
}

func (s *Server) putGuide(w http.ResponseWriter, r *http.Request, c *Call) error {
	in, err := decode[GuideInput](r)
	if err != nil {
		return err
	}
	err = s.Assigns.PutGuide(r.Context(), c.Actor, r.PathValue("campaign"),
		assign.Guide{ID: r.PathValue("guide"), Village: region.Region{Code: in.Village}, Name: in.Name, Phone: in.Phone, Role: in.Role})
	if err != nil {
		return err
	}
	return noContent(w)
}

func (s *Server) deleteGuide(w http.ResponseWriter, r *http.Request, c *Call) error {
	if err := s.Assigns.DeleteGuide(r.Context(), c.Actor, r.PathValue("campaign"), r.PathValue("guide")); err != nil {
		return err
	}
	return noContent(w)
}
