package web

import (
	"net/http"

	"ruhu/internal/authz"
	"ruhu/internal/blob"
	"ruhu/internal/id"
	"ruhu/internal/indicator"
	"ruhu/internal/region"
)

// DeterminationInput is a suspicion that a person has.
type DeterminationInput struct {
	Kind        string   `json:"kind"`
	HouseholdID string   `json:"household_id"`
	Persons     int      `json:"persons,omitempty"` // 0: the whole household
	Note        string   `json:"note"`
	Files       []string `json:"files,omitempty"`
}

// DeterminationAct is what a person says when acting on a case. id is made by the client and may be repeated.
type DeterminationAct struct {
	ID      string   `json:"id"`
	Seen    *int     `json:"seen,omitempty"`    // version that the person saw
	Holds   bool     `json:"holds,omitempty"`   // check
	Persons int      `json:"persons,omitempty"` // check, decide, confirm
	Note    string   `json:"note"`
	Files   []string `json:"files,omitempty"`
}

// PopulationInput are rural persons by the code of the village.
type PopulationInput struct {
	Persons map[string]int `json:"persons"`
}

// VillageStandingInput is what the check of a village found, by item.
type VillageStandingInput struct {
	Items []indicator.VillageEntry `json:"items"`
}

// S0.18: nothing of this is for who goes on site, nor for villages.
func (s *Server) determinationRoutes() []Route {
	rows := []Route{
		{
			Pattern: "GET /api/v1/campaigns/{campaign}/determinations", Action: authz.DetermineRead, Res: indicator.Page{},
			Query:   []string{"kind", "state", "village", "household", "cursor", "limit"},
			Summary: "Households that may have been wrongly included, missed or wrongly exited", Handler: s.determinations,
		},
		{
			Pattern: "PUT /api/v1/campaigns/{campaign}/determinations/{determination}", Action: authz.DetermineOpen, Req: DeterminationInput{}, Res: indicator.Case{},
			Summary: "Open a case by hand", Handler: s.putDetermination,
		},
		{
			Pattern: "GET /api/v1/determinations/{determination}", Action: authz.DetermineRead, Res: indicator.Case{},
			Summary: "A case with its grounds and history", Handler: s.determination,
		},
		{
			Pattern: "GET /api/v1/determinations/{determination}/files/{sha256}", Action: authz.DetermineRead, Binary: "application/octet-stream",
			Summary: "A piece of evidence", Handler: s.determinationFile,
		},
		{
			Pattern: "GET /api/v1/households/{household}/standing", Action: authz.DetermineRead, Res: indicator.ExitStanding{},
			Summary: "A household against the exit standard, item by item", Handler: s.standing,
		},
		{
			Pattern: "GET /api/v1/campaigns/{campaign}/rates", Action: authz.DetermineRead, Res: indicator.RoundRates{}, Query: []string{"place"},
			Summary: "The three rates and the approval, with intervals where a sample was drawn", Handler: s.rates,
		},
		{
			Pattern: "GET /api/v1/campaigns/{campaign}/village-standings", Action: authz.DetermineRead, Res: List[indicator.VillageStanding]{}, Query: []string{"place"},
			Summary: "Villages against the exit standard, item by item", Handler: s.villageStandings,
		},
		{
			Pattern: "PUT /api/v1/campaigns/{campaign}/village-standings/{village}", Action: authz.DetermineEnter, Req: VillageStandingInput{},
			Summary: "Enter what the check of a village found", Handler: s.putVillageStanding,
		},
		{
			Pattern: "GET /api/v1/campaigns/{campaign}/populations", Action: authz.DetermineRead, Res: List[indicator.Population]{},
			Summary: "Rural persons by village", Handler: s.populations,
		},
		{
			Pattern: "PUT /api/v1/campaigns/{campaign}/populations", Action: authz.DetermineEnter, Req: PopulationInput{},
			Summary: "Enter rural persons by village", Handler: s.putPopulations,
		},
	}
	for _, a := range indicator.Actions() {
		rows = append(rows, Route{
			Pattern: "POST /api/v1/determinations/{determination}/" + string(a), Action: a.Needs(), Req: DeterminationAct{}, Res: indicator.Case{},
			Summary: caseSummaries[a], Handler: s.actOnDetermination(a),
		})
	}
	return rows
}

var caseSummaries = map[indicator.Action]string{
	indicator.CheckIt:  "Verify: it holds, or it does not; two persons",
	indicator.Decide:   "The township holds it proven",
	indicator.Dismiss:  "The township dismisses it",
	indicator.Confirm:  "The county confirms",
	indicator.Reject:   "The county dismisses it",
	indicator.Return:   "The county wants it verified anew",
	indicator.Appeal:   "Take an appeal down, with its evidence",
	indicator.Uphold:   "The appeal fails",
	indicator.Overturn: "The appeal succeeds: the determination is withdrawn",
	indicator.Reopen:   "Verify a dismissed or cleared case again",
}

func (s *Server) determinations(w http.ResponseWriter, r *http.Request, c *Call) error {
	campaign, err := pathID(r, "campaign")
	if err != nil {
		return err
	}
	q := r.URL.Query()
	f := indicator.Filter{Kind: q.Get("kind"), State: indicator.State(q.Get("state"))}
	if f.Village, err = queryVillage(r); err != nil {
		return err
	}
	if h := q.Get("household"); h != "" {
		if f.Household, err = id.Parse(h); err != nil {
			return err
		}
	}
	f.Cursor, f.Limit = page(r)
	p, err := s.Indicators.List(r.Context(), c.Actor, campaign, f)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, p)
}

func (s *Server) putDetermination(w http.ResponseWriter, r *http.Request, c *Call) error {
	campaign, err := pathID(r, "campaign")
	if err != nil {
		return err
	}
	key, err := pathID(r, "determination")
	if err != nil {
		return err
	}
	in, err := decode[DeterminationInput](r)
	if err != nil {
		return err
	}
	d, err := s.Indicators.Open(r.Context(), c.Actor, campaign, key, indicator.Input{
		Kind: in.Kind, Household: in.HouseholdID, Persons: in.Persons, Note: in.Note, Files: digests(in.Files),
	})
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, d)
}

func digests(files []string) []blob.Digest {
	var out []blob.Digest
	for _, f := range files {
		out = append(out, blob.Digest(f))
	}
	return out
}

func (s *Server) determination(w http.ResponseWriter, r *http.Request, c *Call) error {
	key, err := pathID(r, "determination")
	if err != nil {
		return err
	}
	d, err := s.Indicators.Get(r.Context(), c.Actor, key)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, d)
}

func (s *Server) actOnDetermination(a indicator.Action) Handler {
	return func(w http.ResponseWriter, r *http.Request, c *Call) error {
		key, err := pathID(r, "determination")
		if err != nil {
			return err
		}
		in, err := decode[DeterminationAct](r)
		if err != nil {
			return err
		}
		d, err := s.Indicators.Do(r.Context(), c.Actor, key, indicator.Act{
			ID: in.ID, Action: a, Seen: in.Seen, Holds: in.Holds, Persons: in.Persons, Note: in.Note, Files: digests(in.Files),
		})
		if err != nil {
			return err
		}
		return reply(w, http.StatusOK, d)
	}
}

func (s *Server) determinationFile(w http.ResponseWriter, r *http.Request, c *Call) error {
	key, err := pathID(r, "determination")
	if err != nil {
		return err
	}
	d, err := s.Indicators.File(r.Context(), c.Actor, key, r.PathValue("sha256"))
	if err != nil {
		return err
	}
	return s.sendEvidence(w, r, d)
}

func (s *Server) standing(w http.ResponseWriter, r *http.Request, c *Call) error {
	key, err := pathID(r, "household")
	if err != nil {
		return err
	}
	out, err := s.Indicators.Standing(r.Context(), c.Actor, key)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, out)
}

func (s *Server) rates(w http.ResponseWriter, r *http.Request, c *Call) error {
	campaign, err := pathID(r, "campaign")
	if err != nil {
		return err
	}
	place, err := queryPlace(r)
	if err != nil {
		return err
	}
	out, err := s.Indicators.Rates(r.Context(), c.Actor, campaign, place)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, out)
}

// queryPlace reads the place of a query; "" when there is none.
func queryPlace(r *http.Request) (region.Code, error) {
	q := r.URL.Query().Get("place")
	if q == "" {
		return "", nil
	}
	return region.Parse(q)
}

func (s *Server) villageStandings(w http.ResponseWriter, r *http.Request, c *Call) error {
	campaign, err := pathID(r, "campaign")
	if err != nil {
		return err
	}
	place, err := queryPlace(r)
	if err != nil {
		return err
	}
	out, err := s.Indicators.Villages(r.Context(), c.Actor, campaign, place)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, List[indicator.VillageStanding]{Items: out})
}

func (s *Server) putVillageStanding(w http.ResponseWriter, r *http.Request, c *Call) error {
	campaign, err := pathID(r, "campaign")
	if err != nil {
		return err
	}
	village, err := region.Parse(r.PathValue("village"))
	if err != nil {
		return err
	}
	in, err := decode[VillageStandingInput](r)
	if err != nil {
		return err
	}
	if err := s.Indicators.PutVillage(r.Context(), c.Actor, campaign, village, in.Items); err != nil {
		return err
	}
	return noContent(w)
}

func (s *Server) populations(w http.ResponseWriter, r *http.Request, c *Call) error {
	campaign, err := pathID(r, "campaign")
	if err != nil {
		return err
	}
	out, err := s.Indicators.Populations(r.Context(), c.Actor, campaign)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, List[indicator.Population]{Items: out})
}

func (s *Server) putPopulations(w http.ResponseWriter, r *http.Request, c *Call) error {
	campaign, err := pathID(r, "campaign")
	if err != nil {
		return err
	}
	in, err := decode[PopulationInput](r)
	if err != nil {
		return err
	}
	persons := make(map[region.Code]int, len(in.Persons))
	for k, n := range in.Persons {
		v, err := region.Parse(k)
		if err != nil {
			return err
		}
		persons[v] = n
	}
	if err := s.Indicators.PutPopulations(r.Context(), c.Actor, campaign, persons); err != nil {
		return err
	}
	return noContent(w)
}
