package web

import (
	"net/http"

	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/playbook"
	"ruhu/internal/region"
	"ruhu/internal/survey"
)

// Playbook is a playbook to choose from.
type Playbook struct {
	ID    string        `json:"id"`
	Title playbook.Text `json:"title"`
}

// CampaignInput makes a campaign or renames one.
type CampaignInput struct {
	Playbook   string      `json:"playbook"`
	Title      string      `json:"title"`
	RegionCode region.Code `json:"region_code"`
	StartsOn   db.Date     `json:"starts_on"`
}

// StageInput names the stage to begin; "closed" ends the campaign.
type StageInput struct {
	Stage string `json:"stage"`
}

// Campaign is a survey run.
type Campaign struct {
	ID            string          `json:"id"`
	Playbook      string          `json:"playbook"`
	Title         string          `json:"title"`
	PlaybookTitle playbook.Text   `json:"playbook_title"`
	Region        region.Region   `json:"region"`
	Zone          string          `json:"zone"`
	StartsOn      db.Date         `json:"starts_on"`
	State         string          `json:"state"` // planned, running, closed
	Stage         string          `json:"stage"`
	Stages        []CampaignStage `json:"stages"`
	Forms         []CampaignForm  `json:"forms"`
	Rules         CampaignRules   `json:"rules"`
	Levels        []CampaignLevel `json:"levels"`
	Ages          []int           `json:"ages"` // the last working days of the columns in which waiting forms are counted
}

// CampaignStage is a stage with its days.
type CampaignStage struct {
	Code  string        `json:"code"`
	Title playbook.Text `json:"title"`
	From  db.Date       `json:"from"`
	To    db.Date       `json:"to"`
	State string        `json:"state"` // done, now, next
}

// CampaignForm is a form version and whom it is for.
type CampaignForm struct {
	Code    string        `json:"code"`
	Title   playbook.Text `json:"title"`
	Version string        `json:"version"`
	Hash    string        `json:"hash"`
	Classes []string      `json:"classes"`
}

// CampaignRules are the rules of teams and plans.
type CampaignRules struct {
	TeamSize         int     `json:"team_size"`
	HouseholdsPerDay int     `json:"households_per_day"`
	OwnVillage       string  `json:"own_village"` // forbidden, allowed
	CountyShare      float64 `json:"county_share"`
}

// CampaignLevel is a level of review.
type CampaignLevel struct {
	Code     string        `json:"code"`
	Title    playbook.Text `json:"title"`
	Role     authz.Role    `json:"role"`
	Coverage float64       `json:"coverage"` // part of the forms that is looked at
	Flagged  bool          `json:"flagged"`  // and those in which something was found
	Powers   []string      `json:"powers"`
	Days     int           `json:"deadline_days"` // working days
	Joint    bool          `json:"joint"`         // a meeting decides
}

func (s *Server) campaignRoutes() []Route {
	return []Route{
		{
			Pattern: "GET /api/v1/playbooks", Action: authz.CampaignRead, Res: List[Playbook]{},
			Summary: "Playbooks that campaigns can be made from", Handler: s.playbooks,
		},
		{
			Pattern: "GET /api/v1/campaigns", Action: authz.CampaignRead, Res: List[Campaign]{},
			Summary: "Campaigns that cover one's region or lie in it", Handler: s.campaigns,
		},
		{
			Pattern: "GET /api/v1/campaigns/{campaign}", Action: authz.CampaignRead, Res: Campaign{},
			Summary: "A campaign with stages, forms and rules", Handler: s.campaign,
		},
		{
			Pattern: "PUT /api/v1/campaigns/{campaign}", Action: authz.CampaignManage, Req: CampaignInput{}, Res: Campaign{},
			Summary: "Make a campaign from a playbook, or change its title and, before it begins, its first day", Handler: s.putCampaign,
		},
		{
			Pattern: "POST /api/v1/campaigns/{campaign}/stage", Action: authz.CampaignManage, Req: StageInput{}, Res: Campaign{},
			Summary: "Begin the next stage; 409 survey.gate lists what is missing", Handler: s.setStage,
		},
	}
}

func campaignJSON(c survey.Campaign) Campaign {
	t := c.Plan.Team
	out := Campaign{
		ID: c.ID, Playbook: c.Playbook, Title: c.Title, PlaybookTitle: c.Plan.Title, Region: region.Named(c.Region, c.RegionName),
		Zone: c.Zone.String(), StartsOn: c.StartsOn, State: c.State, Stage: c.Stage,
		Stages: []CampaignStage{}, Forms: []CampaignForm{}, Levels: []CampaignLevel{}, Ages: c.Plan.Ages(),
		Rules: CampaignRules{TeamSize: t.Size, HouseholdsPerDay: t.HouseholdsPerDay, OwnVillage: t.OwnVillage, CountyShare: t.CountyShare},
	}
	for _, st := range c.Stages {
		out.Stages = append(out.Stages, CampaignStage{st.Code, st.Title, st.From, st.To, st.State})
	}
	for _, f := range c.Forms {
		out.Forms = append(out.Forms, CampaignForm{f.Code, f.Title, f.Version, f.Hash, f.Classes})
	}
	for _, l := range c.Plan.Review {
		out.Levels = append(out.Levels, CampaignLevel{l.Code, l.Title, authz.Role(l.Role), l.Coverage, l.Flagged, l.Powers, l.DeadlineDays, l.Joint})
	}
	return out
}

func (s *Server) playbooks(w http.ResponseWriter, _ *http.Request, c *Call) error {
	books, err := s.Surveys.Books(c.Actor)
	if err != nil {
		return err
	}
	out := make([]Playbook, len(books))
	for i, b := range books {
		out[i] = Playbook(b)
	}
	return reply(w, http.StatusOK, list(out, ""))
}

func (s *Server) campaigns(w http.ResponseWriter, r *http.Request, c *Call) error {
	cs, err := s.Surveys.List(r.Context(), c.Actor)
	if err != nil {
		return err
	}
	out := make([]Campaign, len(cs))
	for i, one := range cs {
		out[i] = campaignJSON(one)
	}
	return reply(w, http.StatusOK, list(out, ""))
}

func (s *Server) campaign(w http.ResponseWriter, r *http.Request, c *Call) error {
	one, err := s.Surveys.Get(r.Context(), c.Actor, r.PathValue("campaign"))
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, campaignJSON(one))
}

func (s *Server) putCampaign(w http.ResponseWriter, r *http.Request, c *Call) error {
	in, err := decode[CampaignInput](r)
	if err != nil {
		return err
	}
	where, err := region.Parse(string(in.RegionCode))
	if err != nil {
		return err
	}
	one, err := s.Surveys.Put(r.Context(), c.Actor, r.PathValue("campaign"),
		survey.Input{Playbook: in.Playbook, Title: in.Title, Region: where, StartsOn: in.StartsOn})
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, campaignJSON(one))
}

func (s *Server) setStage(w http.ResponseWriter, r *http.Request, c *Call) error {
	in, err := decode[StageInput](r)
	if err != nil {
		return err
	}
	one, err := s.Surveys.SetStage(r.Context(), c.Actor, r.PathValue("campaign"), in.Stage)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, campaignJSON(one))
}
