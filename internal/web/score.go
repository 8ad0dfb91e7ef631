package web

import (
	"math/big"
	"net/http"

	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/playbook"
	"ruhu/internal/region"
	"ruhu/internal/score"
	"ruhu/internal/score/scheme"
)

// ScoreRef points at evidence.
type ScoreRef struct {
	Kind string `json:"kind"`
	ID   string `json:"id"`
	Note string `json:"note"`
}

// ScoreItem is an item of a scheme; parent is "" at the top.
type ScoreItem struct {
	Code   string    `json:"code"`
	Parent string    `json:"parent"`
	Depth  int       `json:"depth"`
	Title  errs.Text `json:"title"`
	Weight string    `json:"weight"`
	Max    string    `json:"max"`  // "" for a branch
	Kind   string    `json:"kind"` // given, errors, measure, manual; "" for a branch
}

// ScoreRound is an evaluation; id is "" before it is opened.
type ScoreRound struct {
	ID       string    `json:"id"`
	Code     string    `json:"code"`
	Title    errs.Text `json:"title"`
	Weight   string    `json:"weight"`
	State    string    `json:"state"` // planned, open, closed
	Digest   string    `json:"digest"`
	ByName   string    `json:"by_name"`
	OpenedAt db.Time   `json:"opened_at"`
	ClosedAt db.Time   `json:"closed_at"`
}

// ScoreKind is a kind of unit that is scored.
type ScoreKind struct {
	Code   string       `json:"code"`
	Title  errs.Text    `json:"title"`
	Kind   string       `json:"kind"` // township, village, resident_team, department
	Rounds []ScoreRound `json:"rounds"`
}

// ScoreWhy is a step of an explanation: a word with its figures.
type ScoreWhy struct {
	What     string            `json:"what"`
	Figures  map[string]string `json:"figures"`
	Evidence []ScoreRef        `json:"evidence"`
	Note     string            `json:"note"`
}

// ScoreLine explains one item of a unit. Numbers are decimals; "" is none.
type ScoreLine struct {
	Code   string     `json:"code"`
	State  string     `json:"state"` // scored, not_applicable, missing, disputed
	Part   string     `json:"part"`
	Share  string     `json:"share"`
	Points string     `json:"points"`
	Gives  string     `json:"gives"`
	Why    []ScoreWhy `json:"why"`
}

// ScorePlace is a unit's rank.
type ScorePlace struct {
	Place    int    `json:"place"` // ties share one
	Ordinal  int    `json:"ordinal"`
	TieBreak string `json:"tie_break"`
	Best     bool   `json:"best"`
}

// ScoreUnit is a unit's score with its explanation.
type ScoreUnit struct {
	Code     string        `json:"code"`
	Name     string        `json:"name"`
	Village  region.Region `json:"village"` // the place
	Score    string        `json:"score"`   // "" while something is missing
	Base     string        `json:"base"`
	Deducted string        `json:"deducted"`
	Bonus    string        `json:"bonus"`
	Vetoed   bool          `json:"vetoed"`
	Missing  []string      `json:"missing"`
	Disputed []string      `json:"disputed"`
	Lines    []ScoreLine   `json:"lines"`
	Steps    []ScoreWhy    `json:"steps"`
	Place    *ScorePlace   `json:"place"` // null where there are no places
	Whole    string        `json:"whole"` // of all rounds; "" while one is missing
}

// ScoreAdjustment is a deduction or veto.
type ScoreAdjustment struct {
	ID          string     `json:"id"`
	Unit        string     `json:"unit"`
	Kind        string     `json:"kind"` // deduction, veto
	Code        string     `json:"code"`
	Points      string     `json:"points"`
	Reason      string     `json:"reason"`
	Evidence    []ScoreRef `json:"evidence"`
	ByName      string     `json:"by_name"`
	At          db.Time    `json:"at"`
	WithdrawnAt db.Time    `json:"withdrawn_at"`
	WithdrawnBy string     `json:"withdrawn_by"`
}

// ScoreEntry is something known about a unit.
type ScoreEntry struct {
	Unit     string     `json:"unit"`
	Kind     string     `json:"kind"` // points, fact, not_applicable
	Key      string     `json:"key"`
	Value    string     `json:"value"`
	Evidence []ScoreRef `json:"evidence"`
	ByName   string     `json:"by_name"`
	At       db.Time    `json:"at"`
}

// ScoreTable is a round as it stands.
type ScoreTable struct {
	ID          string            `json:"id"`
	CampaignID  string            `json:"campaign_id"`
	Object      string            `json:"object"`
	Round       string            `json:"round"`
	State       string            `json:"state"`
	Digest      string            `json:"digest"`
	Ranked      bool              `json:"ranked"`
	Items       []ScoreItem       `json:"items"`
	Facts       []ScoreFact       `json:"facts"`  // that the scheme counts
	Vetoes      []ScoreFact       `json:"vetoes"` // items of the veto
	VetoMode    string            `json:"veto_mode"`
	Units       []ScoreUnit       `json:"units"`
	Entries     []ScoreEntry      `json:"entries"`
	Adjustments []ScoreAdjustment `json:"adjustments"`
}

// ScoreFact is a fact, or an item of the veto, by its name.
type ScoreFact struct {
	Code    string    `json:"code"`
	Title   errs.Text `json:"title"`
	Counted bool      `json:"counted"` // in the ledger, by the program
}

// ScoreOpening opens a round.
type ScoreOpening struct {
	Object      string   `json:"object"`
	Round       string   `json:"round"`
	Departments []string `json:"departments"` // of kind department
}

// ScoreEntryInput keeps an entry; value "" takes it back.
type ScoreEntryInput struct {
	Kind     string     `json:"kind"`
	Key      string     `json:"key"`
	Value    string     `json:"value"`
	Evidence []ScoreRef `json:"evidence"`
}

// ScoreRatingInput is an evaluator's judgement.
type ScoreRatingInput struct {
	Item     string     `json:"item"`
	Points   string     `json:"points"`
	Ruling   bool       `json:"ruling"`
	Evidence []ScoreRef `json:"evidence"`
	Note     string     `json:"note"`
}

// ScoreAdjustmentInput takes points off, or sets a veto.
type ScoreAdjustmentInput struct {
	Unit     string     `json:"unit"`
	Kind     string     `json:"kind"`
	Code     string     `json:"code"`
	Points   string     `json:"points"`
	Reason   string     `json:"reason"`
	Evidence []ScoreRef `json:"evidence"`
}

// ScoreChange is another value, for a what-if.
type ScoreChange struct {
	Unit  string `json:"unit"`
	Kind  string `json:"kind"`
	Key   string `json:"key"`
	Value string `json:"value"`
}

// ScoreWeight is another weight of an item, for a what-if.
type ScoreWeight struct {
	Item   string `json:"item"`
	Weight string `json:"weight"`
}

// ScoreWhatIf asks what would be. Nothing is written.
type ScoreWhatIf struct {
	Weights  []ScoreWeight `json:"weights"`
	VetoMode string        `json:"veto_mode"` // "" leaves it
	Changes  []ScoreChange `json:"changes"`
}

// ScoreWhatIfResult is the round as it is and as it would be.
type ScoreWhatIfResult struct {
	Before ScoreTable `json:"before"`
	After  ScoreTable `json:"after"`
}

func (s *Server) scoreRoutes() []Route {
	return []Route{
		{
			Pattern: "GET /api/v1/campaigns/{campaign}/scores", Action: authz.ScoreRead, Res: List[ScoreKind]{},
			Summary: "What is scored, and the rounds", Handler: s.scoreKinds,
		},
		{
			Pattern: "PUT /api/v1/campaigns/{campaign}/scores/{round}", Action: authz.ScoreManage, Req: ScoreOpening{}, Res: ScoreTable{},
			Summary: "Open a round; its scheme is frozen", Handler: s.onRound(s.openScore),
		},
		{
			Pattern: "GET /api/v1/scores/{round}", Action: authz.ScoreRead, Res: ScoreTable{},
			Summary: "A round with every score explained", Handler: s.onRound(nil),
		},
		{
			Pattern: "POST /api/v1/scores/{round}/collect", Action: authz.ScoreManage, Res: ScoreTable{},
			Summary: "Count the facts that are in the ledger", Handler: s.onRound(s.collectScore),
		},
		{
			Pattern: "POST /api/v1/scores/{round}/close", Action: authz.ScoreManage, Res: ScoreTable{},
			Summary: "Close a round", Handler: s.onRound(s.closeScore),
		},
		{
			Pattern: "PUT /api/v1/scores/{round}/units/{unit}/entry", Action: authz.ScoreEnter, Req: ScoreEntryInput{}, Res: ScoreTable{},
			Summary: "Points, a fact, or that an item does not apply", Handler: s.onRound(s.enterScore),
		},
		{
			Pattern: "PUT /api/v1/scores/{round}/units/{unit}/rating", Action: authz.ScoreRate, Req: ScoreRatingInput{}, Res: ScoreTable{},
			Summary: "Rate a manual item, or rule on a dispute", Handler: s.onRound(s.rateScore),
		},
		{
			Pattern: "PUT /api/v1/scores/{round}/adjustments/{adjustment}", Action: authz.ScoreManage, Req: ScoreAdjustmentInput{}, Res: ScoreTable{},
			Summary: "Take points off, or set a veto", Handler: s.onRound(s.adjustScore),
		},
		{
			Pattern: "DELETE /api/v1/scores/{round}/adjustments/{adjustment}", Action: authz.ScoreManage, Res: ScoreTable{},
			Summary: "Withdraw a deduction or veto; it stays on record", Handler: s.onRound(s.withdrawScore),
		},
		{
			Pattern: "POST /api/v1/scores/{round}/what-if", Action: authz.ScoreManage, Req: ScoreWhatIf{}, Res: ScoreWhatIfResult{},
			Summary: "What would be with other weights or values; nothing is written", Handler: s.scoreWhatIf,
		},
	}
}

func refsOut(in []scheme.Ref) []ScoreRef {
	out := []ScoreRef{}
	for _, r := range in {
		out = append(out, ScoreRef(r))
	}
	return out
}

func refsIn(in []ScoreRef) []scheme.Ref {
	out := []scheme.Ref{}
	for _, r := range in {
		out = append(out, scheme.Ref(r))
	}
	return out
}

func ratText(x *big.Rat) string {
	if x == nil {
		return ""
	}
	return scheme.Text(x)
}

func whys(in []scheme.Why) []ScoreWhy {
	out := []ScoreWhy{}
	for _, w := range in {
		f := w.Figures
		if f == nil {
			f = map[string]string{}
		}
		out = append(out, ScoreWhy{w.What, f, refsOut(w.Evidence), w.Note})
	}
	return out
}

func scoreLines(in []scheme.Line, out []ScoreLine) []ScoreLine {
	for _, l := range in {
		out = append(out, ScoreLine{l.Code, string(l.State), ratText(l.Part), ratText(l.Share), ratText(l.Points), ratText(l.Gives), whys(l.Why)})
		out = scoreLines(l.Items, out)
	}
	return out
}

func scoreItems(in []scheme.Item, parent string, depth int, out []ScoreItem) []ScoreItem {
	for _, it := range in {
		kind := it.Rule.Kind
		if kind == "" && len(it.Items) == 0 {
			kind = scheme.Given
		}
		title := errs.Text(it.Title)
		if title.ZH == "" {
			title = errs.Text{ZH: it.Code, EN: it.Code}
		}
		out = append(out, ScoreItem{it.Code, parent, depth, title, string(it.Weight), string(it.Max), kind})
		out = scoreItems(it.Items, it.Code, depth+1, out)
	}
	return out
}

func scoreFacts(o playbook.ScoreObject, codes []string) []ScoreFact {
	out := []ScoreFact{}
	for _, code := range codes {
		f := o.Fact(code)
		out = append(out, ScoreFact{code, errs.Text(f.Title), f.Count.Of != ""})
	}
	return out
}

func scoreTableOf(t score.Table) ScoreTable {
	r := t.Round
	out := ScoreTable{
		ID: r.ID, CampaignID: r.Campaign, Object: r.Object, Round: r.Code, State: r.State, Digest: r.Digest, Ranked: t.Ranked,
		Items: scoreItems(r.Scheme.Items, "", 0, []ScoreItem{}), Facts: scoreFacts(t.Object, r.Scheme.Facts()), Vetoes: scoreFacts(t.Object, r.Scheme.Veto.Items),
		VetoMode: r.Scheme.Veto.Mode,
		Units:    []ScoreUnit{}, Entries: []ScoreEntry{}, Adjustments: []ScoreAdjustment{},
	}
	results := map[string]scheme.Result{}
	for _, x := range t.Results {
		results[x.Unit] = x
	}
	places := map[string]*ScorePlace{}
	for _, p := range t.Places {
		places[p.Unit] = &ScorePlace{Place: p.Competition, Ordinal: p.Ordinal, TieBreak: p.TieBreak}
	}
	for _, b := range t.Best {
		if places[b] != nil {
			places[b].Best = true
		}
	}
	for _, u := range t.Units {
		x := results[u.Code]
		out.Units = append(out.Units, ScoreUnit{
			Code: u.Code, Name: u.Name, Village: region.Named(u.Place, u.Name), Score: string(x.Score), Base: ratText(x.Base), Deducted: ratText(x.Deducted),
			Bonus: ratText(x.Bonus), Vetoed: x.Vetoed, Missing: orEmpty(x.Missing), Disputed: orEmpty(x.Disputed), Lines: scoreLines(x.Items, []ScoreLine{}),
			Steps: whys(x.Steps), Place: places[u.Code], Whole: string(t.Whole[u.Code].Score),
		})
	}
	for _, e := range t.Entries {
		out.Entries = append(out.Entries, ScoreEntry{e.Unit, e.Kind, e.Key, e.Value, refsOut(e.Evidence), e.ByName, e.At})
	}
	for _, a := range t.Adjusts {
		out.Adjustments = append(out.Adjustments, ScoreAdjustment{
			a.ID, a.Unit, a.Kind, a.Code, string(a.Points), a.Reason, refsOut(a.Evidence), a.ByName, a.At, a.WithdrawnAt, a.WithdrawnBy,
		})
	}
	return out
}

func (s *Server) scoreKinds(w http.ResponseWriter, r *http.Request, c *Call) error {
	campaign, err := pathID(r, "campaign")
	if err != nil {
		return err
	}
	kinds, err := s.Scores.Kinds(r.Context(), c.Actor, campaign)
	if err != nil {
		return err
	}
	out := []ScoreKind{}
	for _, k := range kinds {
		row := ScoreKind{Code: k.Object.Code, Title: errs.Text(k.Object.Title), Kind: k.Object.Kind, Rounds: []ScoreRound{}}
		for _, p := range k.Object.Rounds {
			x := ScoreRound{Code: p.Code, Title: errs.Text(p.Title), Weight: string(p.Weight), State: "planned"}
			for _, o := range k.Rounds {
				if o.Code == p.Code {
					x.ID, x.State, x.Digest, x.ByName, x.OpenedAt, x.ClosedAt = o.ID, o.State, o.Digest, o.ByName, o.OpenedAt, o.ClosedAt
				}
			}
			row.Rounds = append(row.Rounds, x)
		}
		out = append(out, row)
	}
	return reply(w, http.StatusOK, list(out, ""))
}

// onRound does something to the round that the path names, nil for nothing, and replies with the round as it stands then.
func (s *Server) onRound(act func(r *http.Request, c *Call, round string) error) Handler {
	return func(w http.ResponseWriter, r *http.Request, c *Call) error {
		round, err := pathID(r, "round")
		if err != nil {
			return err
		}
		if act != nil {
			if err := act(r, c, round); err != nil {
				return err
			}
		}
		t, err := s.Scores.Get(r.Context(), c.Actor, round)
		if err != nil {
			return err
		}
		return reply(w, http.StatusOK, scoreTableOf(t))
	}
}

func (s *Server) openScore(r *http.Request, c *Call, round string) error {
	campaign, err := pathID(r, "campaign")
	if err != nil {
		return err
	}
	in, err := decode[ScoreOpening](r)
	if err != nil {
		return err
	}
	_, err = s.Scores.Open(r.Context(), c.Actor, campaign, round, score.OpenInput(in))
	return err
}

func (s *Server) collectScore(r *http.Request, c *Call, round string) error {
	return s.Scores.Collect(r.Context(), c.Actor, round)
}

func (s *Server) closeScore(r *http.Request, c *Call, round string) error {
	_, err := s.Scores.Close(r.Context(), c.Actor, round)
	return err
}

func (s *Server) enterScore(r *http.Request, c *Call, round string) error {
	in, err := decode[ScoreEntryInput](r)
	if err != nil {
		return err
	}
	e := score.Entry{Unit: r.PathValue("unit"), Kind: in.Kind, Key: in.Key, Value: in.Value, Evidence: refsIn(in.Evidence)}
	return s.Scores.Enter(r.Context(), c.Actor, round, e)
}

func (s *Server) rateScore(r *http.Request, c *Call, round string) error {
	in, err := decode[ScoreRatingInput](r)
	if err != nil {
		return err
	}
	x := score.RatingInput{Unit: r.PathValue("unit"), Item: in.Item, Points: scheme.Decimal(in.Points), Ruling: in.Ruling, Evidence: refsIn(in.Evidence), Note: in.Note}
	return s.Scores.Rate(r.Context(), c.Actor, round, x)
}

func (s *Server) adjustScore(r *http.Request, c *Call, round string) error {
	adjustment, err := pathID(r, "adjustment")
	if err != nil {
		return err
	}
	in, err := decode[ScoreAdjustmentInput](r)
	if err != nil {
		return err
	}
	a := score.Adjustment{Unit: in.Unit, Kind: in.Kind, Code: in.Code, Points: scheme.Decimal(in.Points), Reason: in.Reason, Evidence: refsIn(in.Evidence)}
	return s.Scores.Adjust(r.Context(), c.Actor, round, adjustment, a)
}

func (s *Server) withdrawScore(r *http.Request, c *Call, round string) error {
	adjustment, err := pathID(r, "adjustment")
	if err != nil {
		return err
	}
	return s.Scores.Withdraw(r.Context(), c.Actor, round, adjustment)
}

func (s *Server) scoreWhatIf(w http.ResponseWriter, r *http.Request, c *Call) error {
	key, err := pathID(r, "round")
	if err != nil {
		return err
	}
	in, err := decode[ScoreWhatIf](r)
	if err != nil {
		return err
	}
	x := score.WhatIf{VetoMode: in.VetoMode, Weights: map[string]scheme.Decimal{}}
	for _, w := range in.Weights {
		x.Weights[w.Item] = scheme.Decimal(w.Weight)
	}
	for _, ch := range in.Changes {
		x.Changes = append(x.Changes, score.Change(ch))
	}
	before, after, err := s.Scores.WhatIf(r.Context(), c.Actor, key, x)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, ScoreWhatIfResult{scoreTableOf(before), scoreTableOf(after)})
}
