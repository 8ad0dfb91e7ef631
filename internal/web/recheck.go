package web

import (
	"net/http"

	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/quality"
	"ruhu/internal/region"
)

// Recheck is a sample that is asked again.
type Recheck struct {
	ID       string  `json:"id"`
	Seed     string  `json:"seed"`
	Frame    string  `json:"frame"` // SHA-256 of the list it was drawn from
	Size     int     `json:"size"`
	Drawn    int     `json:"drawn"`
	Answered int     `json:"answered"`
	Share    string  `json:"share"`
	ByName   string  `json:"by_name"`
	Note     string  `json:"note"`
	At       db.Time `json:"at"`
}

// RecheckInput draws a sample.
type RecheckInput struct {
	Seed string `json:"seed"`
	Note string `json:"note"`
}

// RecheckHouse is a household of a sample. Answers of the first interview are only in a comparison.
type RecheckHouse struct {
	SubmissionID  string           `json:"submission_id"`
	Household     ProblemHousehold `json:"household"`
	Village       region.Region    `json:"village"`
	TeamName      string           `json:"team_name"` // that asks again
	FirstTeamName string           `json:"first_team_name"`
	ByName        string           `json:"by_name"`
	AnsweredAt    db.Time          `json:"answered_at"`
}

// RecheckWork is what a person is to ask again.
type RecheckWork struct {
	Questions []quality.Question `json:"questions"`
	Houses    []RecheckHouse     `json:"houses"`
}

// RecheckAnswers are second answers, by question.
type RecheckAnswers struct {
	Answers map[string]string `json:"answers"`
}

// RecheckDifference is an answer that was another one the second time.
type RecheckDifference struct {
	SubmissionID string           `json:"submission_id"`
	Household    ProblemHousehold `json:"household"`
	Village      region.Region    `json:"village"`
	TeamName     string           `json:"team_name"` // of the first interview
	Item         string           `json:"item"`
	Type         int              `json:"type"`
	First        string           `json:"first"`
	Second       string           `json:"second"`
}

// RecheckResult compares second interviews with first ones.
type RecheckResult struct {
	Sample      Recheck             `json:"sample"`
	Houses      []RecheckHouse      `json:"houses"`
	Questions   []quality.Item      `json:"questions"`
	ByType      []quality.Rate      `json:"by_type"`
	ByVillage   []quality.Rate      `json:"by_village"`
	ByTeam      []quality.Rate      `json:"by_team"`
	Differences []RecheckDifference `json:"differences"`
	Coverage    []RecheckCoverage   `json:"coverage"` // of villages
	Covered     RecheckCoverage     `json:"covered"`  // all that were listed together
}

// RecheckCoverage is how well the list covers a village, by an independent listing. Figures are of where the team went; 0 where it has not been.
type RecheckCoverage struct {
	Village  region.Region    `json:"village"`
	Roster   int              `json:"roster"` // households on the list of the whole village
	Listing  *quality.Listing `json:"listing"`
	ByName   string           `json:"by_name"`
	At       db.Time          `json:"at"`
	Estimate float64          `json:"estimate"`
	SE       float64          `json:"se"`
	Share    float64          `json:"share"`
	Net      float64          `json:"net"`
}

func (s *Server) recheckRoutes() []Route {
	return []Route{
		{
			Pattern: "GET /api/v1/campaigns/{campaign}/rechecks", Action: authz.QualityRead, Res: List[Recheck]{},
			Summary: "Samples that are asked again", Handler: s.rechecks,
		},
		{
			Pattern: "PUT /api/v1/campaigns/{campaign}/rechecks/{recheck}", Action: authz.QualityManage, Req: RecheckInput{}, Res: Recheck{},
			Summary: "Draw a sample from a seed", Handler: s.putRecheck,
		},
		{
			Pattern: "GET /api/v1/rechecks/{recheck}/work", Action: authz.QualityRecheck, Res: RecheckWork{},
			Summary: "Households to ask again, without the first answers", Handler: s.recheckWork,
		},
		{
			Pattern: "PUT /api/v1/rechecks/{recheck}/houses/{submission}", Action: authz.QualityRecheck, Req: RecheckAnswers{}, Res: RecheckWork{},
			Summary: "Second answers of a household, once", Handler: s.answerRecheck,
		},
		{
			Pattern: "PUT /api/v1/rechecks/{recheck}/villages/{village}", Action: authz.QualityManage, Req: quality.Listing{}, Res: RecheckResult{},
			Summary: "What an independent listing of a village found", Handler: s.listRecheck,
		},
		{
			Pattern: "GET /api/v1/rechecks/{recheck}", Action: authz.QualityRead, Res: RecheckResult{},
			Summary: "Second answers against first ones", Handler: s.recheck,
		},
	}
}

func recheckRow(x quality.Sample) Recheck {
	return Recheck{x.ID, x.Seed, x.Frame, x.Size, x.Houses, x.Answered, x.Share, x.ByName, x.Note, x.At}
}

func recheckHouses(hs []quality.House) []RecheckHouse {
	out := []RecheckHouse{}
	for _, h := range hs {
		out = append(out, RecheckHouse{
			h.Submission,
			ProblemHousehold{ID: h.Household, Code: h.HouseholdCode, HeadName: h.HeadName},
			region.Named(h.Village, h.VillageName),
			h.TeamName, h.FirstTeamName, h.ByName, h.AnsweredAt,
		})
	}
	return out
}

func (s *Server) rechecks(w http.ResponseWriter, r *http.Request, c *Call) error {
	campaign, err := pathID(r, "campaign")
	if err != nil {
		return err
	}
	samples, err := s.Qualities.Samples(r.Context(), c.Actor, campaign)
	if err != nil {
		return err
	}
	out := make([]Recheck, len(samples))
	for i, x := range samples {
		out[i] = recheckRow(x)
	}
	return reply(w, http.StatusOK, list(out, ""))
}

func (s *Server) putRecheck(w http.ResponseWriter, r *http.Request, c *Call) error {
	campaign, err := pathID(r, "campaign")
	if err != nil {
		return err
	}
	key, err := pathID(r, "recheck")
	if err != nil {
		return err
	}
	in, err := decode[RecheckInput](r)
	if err != nil {
		return err
	}
	x, err := s.Qualities.Draw(r.Context(), c.Actor, campaign, key, in.Seed, in.Note)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, recheckRow(x))
}

func (s *Server) recheckWork(w http.ResponseWriter, r *http.Request, c *Call) error {
	key, err := pathID(r, "recheck")
	if err != nil {
		return err
	}
	qs, houses, err := s.Qualities.Work(r.Context(), c.Actor, key)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, RecheckWork{qs, recheckHouses(houses)})
}

func (s *Server) answerRecheck(w http.ResponseWriter, r *http.Request, c *Call) error {
	key, err := pathID(r, "recheck")
	if err != nil {
		return err
	}
	house, err := pathID(r, "submission")
	if err != nil {
		return err
	}
	in, err := decode[RecheckAnswers](r)
	if err != nil {
		return err
	}
	if err := s.Qualities.Answer(r.Context(), c.Actor, key, house, in.Answers); err != nil {
		return err
	}
	return s.recheckWork(w, r, c)
}

func coverageOf(x quality.Coverage) RecheckCoverage {
	return RecheckCoverage{region.Named(x.Village, x.Name), x.Roster, x.Listing, x.ByName, x.At, x.Estimate, x.SE, x.Share, x.Net}
}

func (s *Server) listRecheck(w http.ResponseWriter, r *http.Request, c *Call) error {
	key, err := pathID(r, "recheck")
	if err != nil {
		return err
	}
	in, err := decode[quality.Listing](r)
	if err != nil {
		return err
	}
	if err := s.Qualities.EnterListing(r.Context(), c.Actor, key, region.Code(r.PathValue("village")), in); err != nil {
		return err
	}
	return s.recheck(w, r, c)
}

func (s *Server) recheck(w http.ResponseWriter, r *http.Request, c *Call) error {
	key, err := pathID(r, "recheck")
	if err != nil {
		return err
	}
	x, err := s.Qualities.Compare(r.Context(), c.Actor, key)
	if err != nil {
		return err
	}
	out := RecheckResult{
		Sample: recheckRow(x.Sample), Houses: recheckHouses(x.Houses), Questions: x.Questions, ByType: x.ByType, ByVillage: x.ByVillage, ByTeam: x.ByTeam,
		Differences: []RecheckDifference{}, Coverage: []RecheckCoverage{}, Covered: coverageOf(x.Covered),
	}
	for _, v := range x.Coverage {
		out.Coverage = append(out.Coverage, coverageOf(v))
	}
	for _, d := range x.Differences {
		out.Differences = append(out.Differences, RecheckDifference{
			d.Submission,
			ProblemHousehold{ID: d.Household, Code: d.HouseholdCode, HeadName: d.HeadName},
			region.Named(d.Village, d.VillageName), d.TeamName,
			d.Item, d.Type, d.First, d.Second,
		})
	}
	return reply(w, http.StatusOK, out)
}
