package web

import (
	"net/http"

	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/match"
	"ruhu/internal/playbook"
	"ruhu/internal/region"
	"ruhu/internal/survey"
)

// FigureKind is a figure that the playbook compares.
type FigureKind struct {
	Code        string    `json:"code"`
	Title       errs.Text `json:"title"`
	Unit        string    `json:"unit"` // household, person
	Kind        string    `json:"kind"`
	Paper       string    `json:"paper"` // code of the paper that shows it
	Rules       []string  `json:"rules"`
	Correct     []string  `json:"correct"`
	Responsible string    `json:"responsible"`
	Days        int       `json:"days"`
}

// FigureSource is a source of figures: a register, roster, paper, site.
type FigureSource struct {
	Code  string    `json:"code"`
	Title errs.Text `json:"title"`
	Copy  string    `json:"copy"` // whose copy it is, "" takes part in the three-way comparison
}

// FigureCount tells how many figures of a village have a verdict and state.
type FigureCount struct {
	Village region.Region       `json:"village"`
	Field   string              `json:"field"`
	Verdict match.FigureVerdict `json:"verdict"`
	State   string              `json:"state"`
	Count   int                 `json:"count"`
}

// AgreementSummary is the fix-first list in numbers.
type AgreementSummary struct {
	Fields  []FigureKind   `json:"fields"`
	Sources []FigureSource `json:"sources"`
	Counts  []FigureCount  `json:"counts"`
}

// Figure is a figure of a household or person with what all sources say. Values are masked unless the role has roster.pii.
type Figure struct {
	ID            string              `json:"id"`
	Household     ProblemHousehold    `json:"household"`
	Village       region.Region       `json:"village"`
	MemberID      string              `json:"member_id"`
	MemberName    string              `json:"member_name"`
	Field         string              `json:"field"`
	Verdict       match.FigureVerdict `json:"verdict"`
	ThreeWay      match.FigureVerdict `json:"three_way"`
	FourLevel     match.FigureVerdict `json:"four_level"`
	Values        []match.Value       `json:"values"`
	Ruling        string              `json:"ruling"`
	RulingValue   string              `json:"ruling_value"`
	State         string              `json:"state"` // none, open, settled
	Responsible   string              `json:"responsible"`
	FoundOn       db.Date             `json:"found_on"`
	DueOn         db.Date             `json:"due_on"`
	SettledValue  string              `json:"settled_value"`
	SettledSource string              `json:"settled_source"`
	Note          string              `json:"note"`
	ByName        string              `json:"by_name"`
	SettledAt     db.Time             `json:"settled_at"`
}

// HouseholdAgreement is the compare view of one household.
type HouseholdAgreement struct {
	Household Household      `json:"household"`
	Members   []Person       `json:"members"`
	Fields    []FigureKind   `json:"fields"`
	Sources   []FigureSource `json:"sources"`
	Figures   []Figure       `json:"figures"`
	Papers    []PaperCheck   `json:"papers"`
}

// Person is a member of a household in short.
type Person struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// PaperCheck is one of the papers of a household and what a look at it found: yes, no, "" nobody has looked.
type PaperCheck struct {
	Code       string    `json:"code"`
	Title      errs.Text `json:"title"`
	Look       errs.Text `json:"look"`
	Present    string    `json:"present"`
	Complete   string    `json:"complete"`
	Consistent string    `json:"consistent"`
	Note       string    `json:"note"`
	ByName     string    `json:"by_name"`
	At         db.Time   `json:"at"`
}

// PaperCheckInput is a look at a paper.
type PaperCheckInput struct {
	Present    string `json:"present"`
	Complete   string `json:"complete"`
	Consistent string `json:"consistent"`
	Note       string `json:"note"`
}

// PaperSummary sums the papers of a village up.
type PaperSummary struct {
	Village    region.Region `json:"village"`
	Paper      string        `json:"paper"`
	Title      errs.Text     `json:"title"`
	Looked     int           `json:"looked"`
	Present    int           `json:"present"`
	Complete   int           `json:"complete"`
	Consistent int           `json:"consistent"`
}

// PaperValue is what a paper shows for a figure; "" takes it back.
type PaperValue struct {
	MemberID string `json:"member_id,omitempty"`
	Field    string `json:"field"`
	Value    string `json:"value"`
}

// Settlement says what is right about a figure.
type Settlement struct {
	Source string `json:"source"` // of the figure's values, or other
	Value  string `json:"value,omitempty"`
	Note   string `json:"note"`
}

// Reopening takes a settlement back.
type Reopening struct {
	Note string `json:"note"`
}

func (s *Server) agreementRoutes() []Route {
	const campaign, household = "/api/v1/campaigns/{campaign}", "/api/v1/households/{household}"
	return []Route{
		{Pattern: "GET " + campaign + "/agreement", Action: authz.MatchCompare, Res: AgreementSummary{}, Summary: "Figures, sources and how many agree, by village", Handler: s.agreement},
		{
			Pattern: "GET " + campaign + "/agreement/figures", Action: authz.MatchCompare, Res: List[Figure]{},
			Query:   []string{"village", "field", "verdict", "state", "cursor", "limit"},
			Summary: "Figures that differ or lack a value, or as the filter says", Handler: s.figures,
		},
		{Pattern: "POST " + campaign + "/agreement/compare", Action: authz.MatchImport, Summary: "Compare all figures anew", Handler: s.compareAgain},
		{
			Pattern: "POST " + campaign + "/corrections", Action: authz.MatchCompare, Raw: xlsxType, Binary: xlsxType, MaxBody: 2 << 20, Query: []string{"register", "open"},
			Summary: "The correction list, in the layout of the template that is sent, or our own; open=true takes unsettled figures in", Handler: s.corrections,
		},
		{Pattern: "GET " + campaign + "/paper-checks", Action: authz.MatchCompare, Res: List[PaperSummary]{}, Summary: "Papers by village", Handler: s.paperSummary},
		{Pattern: "GET " + household + "/agreement", Action: authz.MatchCompare, Res: HouseholdAgreement{}, Summary: "A household's figures from every source, and its papers", Handler: s.householdAgreement},
		{Pattern: "PUT " + household + "/paper-values", Action: authz.MatchSettle, Req: PaperValue{}, Summary: "Enter what a paper shows", Handler: s.putPaperValue},
		{Pattern: "PUT " + household + "/paper-checks/{check}", Action: authz.MatchSettle, Req: PaperCheckInput{}, Summary: "Record a look at a paper", Handler: s.putPaperCheck},
		{Pattern: "POST /api/v1/figures/{figure}/settle", Action: authz.MatchSettle, Req: Settlement{}, Res: Figure{}, Summary: "Say what is right", Handler: s.settleFigure},
		{Pattern: "POST /api/v1/figures/{figure}/reopen", Action: authz.MatchSettle, Req: Reopening{}, Res: Figure{}, Summary: "Take a settlement back", Handler: s.reopenFigure},
	}
}

func figureKinds(p *playbook.Playbook) []FigureKind {
	out := make([]FigureKind, len(p.Agreement.Fields))
	for i, f := range p.Agreement.Fields {
		out[i] = FigureKind{f.Code, errs.Text(f.Title), f.Unit, f.Kind, f.Paper, orEmpty(f.Rules), orEmpty(f.Correct), f.Settle.Role, f.Settle.Days}
	}
	return out
}

func figureSources(p *playbook.Playbook) []FigureSource {
	out := []FigureSource{{Code: playbook.RosterRegister, Title: errs.Text(match.SourceTitle(p, playbook.RosterRegister))}}
	for _, r := range p.Registers {
		out = append(out, FigureSource{r.Code, errs.Text(r.Title), r.Copy})
	}
	for _, code := range []string{playbook.SourcePaper, playbook.SourceSite, match.SourceOther} {
		out = append(out, FigureSource{Code: code, Title: errs.Text(match.SourceTitle(p, code))})
	}
	return out
}

func figureJSON(r match.Row) Figure {
	return Figure{
		ID: r.ID, Household: ProblemHousehold{r.House.ID, r.House.Code, r.House.HeadName, r.House.Group}, Village: region.Named(r.Village, r.House.VillageName),
		MemberID: r.Member, MemberName: r.MemberName, Field: r.Field, Verdict: r.Verdict, ThreeWay: r.ThreeWay, FourLevel: r.FourLevel, Values: orEmpty(r.Values),
		Ruling: r.Ruling, RulingValue: r.RulingValue, State: r.State, Responsible: r.Responsible, FoundOn: r.FoundOn, DueOn: r.DueOn,
		SettledValue: r.SettledValue, SettledSource: r.SettledSource, Note: r.Note, ByName: r.ByName, SettledAt: r.SettledAt,
	}
}

func figuresJSON(rows []match.Row) []Figure {
	out := make([]Figure, len(rows))
	for i, r := range rows {
		out[i] = figureJSON(r)
	}
	return out
}

// villageNames names the villages of counts.
func (s *Server) villageNames(r *http.Request, codes []region.Code) (map[region.Code]string, error) {
	var names map[region.Code]string
	err := s.DB.View(r.Context(), func(tx *db.Tx) (err error) {
		names, err = region.NamesTx(r.Context(), tx, codes)
		return err
	})
	return names, err
}

func (s *Server) agreement(w http.ResponseWriter, r *http.Request, c *Call) error {
	counts, camp, err := s.counts(r, c)
	if err != nil {
		return err
	}
	codes := make([]region.Code, len(counts))
	for i, n := range counts {
		codes[i] = n.Village
	}
	names, err := s.villageNames(r, codes)
	if err != nil {
		return err
	}
	out := AgreementSummary{Fields: figureKinds(camp.Plan), Sources: figureSources(camp.Plan), Counts: make([]FigureCount, len(counts))}
	for i, n := range counts {
		out.Counts[i] = FigureCount{region.Named(n.Village, names[n.Village]), n.Field, n.Verdict, n.State, n.N}
	}
	return reply(w, http.StatusOK, out)
}

func (s *Server) counts(r *http.Request, c *Call) ([]match.Count, survey.Campaign, error) {
	camp, err := s.Surveys.Get(r.Context(), c.Actor, r.PathValue("campaign"))
	if err != nil {
		return nil, camp, err
	}
	counts, err := s.Agrees.Counts(r.Context(), c.Actor, camp.ID)
	return counts, camp, err
}

func (s *Server) figures(w http.ResponseWriter, r *http.Request, c *Call) error {
	q := r.URL.Query()
	f := match.FigureFilter{Field: q.Get("field"), Verdict: match.FigureVerdict(q.Get("verdict")), State: q.Get("state")}
	f.Cursor, f.Limit = page(r)
	var err error
	if f.Village, err = queryVillage(r); err != nil {
		return err
	}
	rows, next, err := s.Agrees.Figures(r.Context(), c.Actor, r.PathValue("campaign"), f)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, list(figuresJSON(rows), next))
}

func (s *Server) compareAgain(w http.ResponseWriter, r *http.Request, c *Call) error {
	if err := s.Agrees.Compare(r.Context(), c.Actor, r.PathValue("campaign")); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (s *Server) corrections(w http.ResponseWriter, r *http.Request, c *Call) error {
	template, err := body(r)
	if err != nil {
		return err
	}
	if len(template) == 0 {
		template = nil
	}
	q := r.URL.Query()
	file, _, err := s.Agrees.Corrections(r.Context(), c.Actor, r.PathValue("campaign"), q.Get("register"), q.Get("open") == "true", template)
	if err != nil {
		return err
	}
	return attachment(w, xlsxType, "corrections.xlsx", file)
}

func (s *Server) paperSummary(w http.ResponseWriter, r *http.Request, c *Call) error {
	camp, err := s.Surveys.Get(r.Context(), c.Actor, r.PathValue("campaign"))
	if err != nil {
		return err
	}
	counts, err := s.Agrees.PaperCounts(r.Context(), c.Actor, camp.ID)
	if err != nil {
		return err
	}
	codes := make([]region.Code, len(counts))
	for i, n := range counts {
		codes[i] = n.Village
	}
	names, err := s.villageNames(r, codes)
	if err != nil {
		return err
	}
	out := make([]PaperSummary, len(counts))
	for i, n := range counts {
		out[i] = PaperSummary{Village: region.Named(n.Village, names[n.Village]), Paper: n.Paper, Looked: n.Looked, Present: n.Present, Complete: n.Complete, Consistent: n.Consistent}
		if k, ok := camp.Plan.PaperKind(n.Paper); ok {
			out[i].Title = errs.Text(k.Title)
		}
	}
	return reply(w, http.StatusOK, list(out, ""))
}

func (s *Server) householdAgreement(w http.ResponseWriter, r *http.Request, c *Call) error {
	ctx := r.Context()
	h, err := s.Rosters.Get(ctx, c.Actor, r.PathValue("household"))
	if err != nil {
		return err
	}
	rows, camp, err := s.Agrees.Household(ctx, c.Actor, h.ID)
	if err != nil {
		return err
	}
	papers, err := s.Agrees.Papers(ctx, c.Actor, h.ID)
	if err != nil {
		return err
	}
	out := HouseholdAgreement{
		Household: householdJSON(c.Actor, h.Household, nil), Members: make([]Person, len(h.Members)), Fields: figureKinds(camp.Plan), Sources: figureSources(camp.Plan),
		Figures: figuresJSON(rows), Papers: make([]PaperCheck, len(papers)),
	}
	for i, m := range h.Members {
		out.Members[i] = Person{m.ID, m.Name}
	}
	for i, p := range papers {
		out.Papers[i] = PaperCheck{
			p.Kind.Code, errs.Text(p.Kind.Title), errs.Text(p.Kind.Look), p.Present, p.Complete, p.Consistent, p.Note, p.ByName, p.At,
		}
	}
	return reply(w, http.StatusOK, out)
}

func (s *Server) putPaperValue(w http.ResponseWriter, r *http.Request, c *Call) error {
	in, err := decode[PaperValue](r)
	if err != nil {
		return err
	}
	if err := s.Agrees.PutPaper(r.Context(), c.Actor, r.PathValue("household"), in.MemberID, in.Field, in.Value); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (s *Server) putPaperCheck(w http.ResponseWriter, r *http.Request, c *Call) error {
	in, err := decode[PaperCheckInput](r)
	if err != nil {
		return err
	}
	p := match.Paper{Present: in.Present, Complete: in.Complete, Consistent: in.Consistent, Note: in.Note}
	if err := s.Agrees.PutPaperCheck(r.Context(), c.Actor, r.PathValue("household"), r.PathValue("check"), p); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (s *Server) settleFigure(w http.ResponseWriter, r *http.Request, c *Call) error {
	in, err := decode[Settlement](r)
	if err != nil {
		return err
	}
	row, err := s.Agrees.Settle(r.Context(), c.Actor, r.PathValue("figure"), match.Settlement(in))
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, figureJSON(row))
}

func (s *Server) reopenFigure(w http.ResponseWriter, r *http.Request, c *Call) error {
	in, err := decode[Reopening](r)
	if err != nil {
		return err
	}
	row, err := s.Agrees.Reopen(r.Context(), c.Actor, r.PathValue("figure"), in.Note)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, figureJSON(row))
}
