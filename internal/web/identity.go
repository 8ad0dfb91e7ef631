package web

import (
	"net/http"
	"strconv"

	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/match"
	"ruhu/internal/playbook"
	"ruhu/internal/region"
)

// IdentityRegister is how far a register is linked to the base.
type IdentityRegister struct {
	Kind     string        `json:"kind"`
	Title    playbook.Text `json:"title"`
	Base     bool          `json:"base"`
	Rows     int           `json:"rows"`
	Loaded   bool          `json:"loaded"`
	Outdated bool          `json:"outdated"` // the register or the base has been replaced since
	Run      *match.Run    `json:"run"`      // running, else the current one
	Current  *match.Run    `json:"current"`
	Auto     int           `json:"auto"` // links in the actor's region
	Review   int           `json:"review"`
	Unsure   int           `json:"unsure"` // of review
	Decided  int           `json:"decided"`
	Rejected int           `json:"rejected"`
}

// IdentityLink is a link with both records. Numbers and days of birth are masked unless the role has roster.pii.
type IdentityLink struct {
	ID          string          `json:"id"`
	Kind        string          `json:"kind"`
	State       match.LinkState `json:"state"`
	Step        int             `json:"step"`
	Weight      float64         `json:"weight"`
	Probability float64         `json:"probability"`
	Reason      match.Reason    `json:"reason"`
	Unsure      bool            `json:"unsure"`
	Note        string          `json:"note"`
	ByName      string          `json:"by_name"`
	DecidedAt   db.Time         `json:"decided_at"`
	Version     int             `json:"version"`
	Left        IdentitySide    `json:"left"`
	Right       IdentitySide    `json:"right"`
}

// IdentitySide is one of the two records.
type IdentitySide struct {
	match.Side
	VillageName string `json:"village_name"`
}

// IdentityPage is a page of links.
type IdentityPage struct {
	Items []IdentityLink `json:"items"`
	Next  string         `json:"next"`
	Total int            `json:"total"`
}

// House is a household of one register whose people are in several households of another.
type House struct {
	Village region.Region     `json:"village"`
	One     match.HouseSide   `json:"one"`
	Parts   []match.HouseSide `json:"parts"`
}

// HousePage is a page of them. A page may be shorter than asked for though there is another.
type HousePage struct {
	Items []House `json:"items"`
	Next  string  `json:"next"`
}

// LinkingInput says what to link anew: a kind of register, or all for "".
type LinkingInput struct {
	Kind string `json:"kind"`
}

// Suspect is a person whom one register has and another has not.
type Suspect struct {
	ID           string             `json:"id"`
	Pair         string             `json:"pair"`
	Kind         string             `json:"kind"`
	Name         string             `json:"name"`
	IDNumber     string             `json:"id_number"`
	Village      region.Region      `json:"village"`
	HouseholdKey string             `json:"household_key"`
	Household    string             `json:"household"`
	Proposed     string             `json:"proposed"` // household that the listing was asked to add, or to add the person to
	State        match.SuspectState `json:"state"`
	Note         string             `json:"note"`
	ByName       string             `json:"by_name"`
	DecidedAt    db.Time            `json:"decided_at"`
	Gone         bool               `json:"gone"`
	Version      int                `json:"version"`
}

// SuspectPair is a pair of registers with what came out.
type SuspectPair struct {
	Code      string           `json:"code"`
	Title     playbook.Text    `json:"title"`
	In        string           `json:"in"`
	NotIn     string           `json:"not_in"`
	Tag       string           `json:"tag"`
	Counts    match.PairCounts `json:"counts"`
	Misses    int              `json:"misses"` // of the missing, how many are to be expected there after all
	Open      int              `json:"open"`
	Explained int              `json:"explained"`
	ToVisit   int              `json:"to_visit"`
	At        db.Time          `json:"at"`
}

// SuspectPage is a page of suspects with all pairs.
type SuspectPage struct {
	Pairs []SuspectPair `json:"pairs"`
	Items []Suspect     `json:"items"`
	Next  string        `json:"next"`
	Total int           `json:"total"`
}

func (s *Server) identityRoutes() []Route {
	return []Route{
		{
			Pattern: "GET /api/v1/campaigns/{campaign}/identity", Action: authz.MatchRead, Res: List[IdentityRegister]{},
			Summary: "Registers of a campaign and how far they are linked to persons", Handler: s.identity,
		},
		{
			Pattern: "POST /api/v1/campaigns/{campaign}/identity/runs", Action: authz.MatchDecide, Req: LinkingInput{}, Res: List[IdentityRegister]{},
			Summary: "Link a register, or all, anew", Handler: s.startLinking,
		},
		{
			Pattern: "GET /api/v1/campaigns/{campaign}/identity/links", Action: authz.MatchRead, Res: IdentityPage{},
			Query:   []string{"kind", "state", "village", "step", "cursor", "limit"},
			Summary: "Links with both records; those that wait for a clerk by default", Handler: s.identityLinks,
		},
		{
			Pattern: "GET /api/v1/campaigns/{campaign}/identity/houses", Action: authz.MatchRead, Res: HousePage{}, Query: []string{"kind", "cursor", "limit"},
			Summary: "Households of one register whose people are in several households of another", Handler: s.identityHouses,
		},
		{
			Pattern: "GET /api/v1/identity/links/{link}", Action: authz.MatchRead, Res: IdentityLink{},
			Summary: "A link with both records", Handler: s.identityLink,
		},
		{
			Pattern: "POST /api/v1/identity/links/{link}/decision", Action: authz.MatchDecide, Req: match.Decision{}, Res: IdentityLink{},
			Summary: "Say whether both records are the same person, or undo a link; 409 match.decided when somebody else has", Handler: s.decideIdentity,
		},
		{
			Pattern: "GET /api/v1/campaigns/{campaign}/suspects", Action: authz.MatchSuspect, Res: SuspectPage{},
			Query:   []string{"pair", "state", "village", "cursor", "limit"},
			Summary: "Persons whom one register has and another has not", Handler: s.suspects,
		},
		{
			Pattern: "GET /api/v1/campaigns/{campaign}/suspects.xlsx", Action: authz.MatchSuspect, Binary: xlsxType, Query: []string{"pair", "state", "village"},
			Summary: "Suspects as a workbook", Handler: s.suspectsFile,
		},
		{
			Pattern: "POST /api/v1/suspects/{suspect}/decision", Action: authz.MatchDecide, Req: match.SuspectDecision{}, Res: Suspect{},
			Summary: "Explain a suspect, or have the household visited", Handler: s.decideSuspect,
		},
	}
}

func (s *Server) identity(w http.ResponseWriter, r *http.Request, c *Call) error {
	ks, err := s.Identities.Overview(r.Context(), c.Actor, r.PathValue("campaign"))
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, identityJSON(ks))
}

func (s *Server) startLinking(w http.ResponseWriter, r *http.Request, c *Call) error {
	in, err := decode[LinkingInput](r)
	if err != nil {
		return err
	}
	if err := s.Identities.Start(r.Context(), c.Actor, r.PathValue("campaign"), in.Kind); err != nil {
		return err
	}
	return s.identity(w, r, c)
}

func identityJSON(ks []match.KindIdentity) List[IdentityRegister] {
	out := List[IdentityRegister]{Items: make([]IdentityRegister, len(ks))}
	for i, k := range ks {
		out.Items[i] = IdentityRegister{
			Kind: k.Kind, Title: k.Title, Base: k.Base, Rows: k.Rows, Loaded: k.Loaded, Outdated: k.Outdated, Run: k.Run, Current: k.Current,
			Auto: k.Counts[match.LinkAuto], Review: k.Counts[match.LinkReview], Unsure: k.Unsure, Decided: k.Counts[match.LinkConfirmed], Rejected: k.Counts[match.LinkRejected],
		}
	}
	return out
}

func (s *Server) identityLinks(w http.ResponseWriter, r *http.Request, c *Call) error {
	q := r.URL.Query()
	f := match.LinkFilter{Kind: q.Get("kind"), State: match.LinkState(q.Get("state"))}
	f.Step, _ = strconv.Atoi(q.Get("step")) // anything else is any step
	f.Cursor, f.Limit = page(r)
	var err error
	if f.Village, err = queryVillage(r); err != nil {
		return err
	}
	p, err := s.Identities.Links(r.Context(), c.Actor, r.PathValue("campaign"), f)
	if err != nil {
		return err
	}
	out := IdentityPage{Items: make([]IdentityLink, len(p.Items)), Next: p.Next, Total: p.Total}
	for i, l := range p.Items {
		out.Items[i] = linkJSON(l)
	}
	return reply(w, http.StatusOK, out)
}

func linkJSON(p match.Pair) IdentityLink {
	return IdentityLink{
		ID: p.ID, Kind: p.Kind, State: p.State, Step: int(p.Step), Weight: float64(p.Weight) / 100, Probability: float64(p.Probability) / 1e6, Reason: p.Reason,
		Unsure: p.Unsure, Note: p.Note, ByName: p.ByName, DecidedAt: p.DecidedAt, Version: p.Version,
		Left: IdentitySide{p.Left, p.Places[p.Left.Village]}, Right: IdentitySide{p.Right, p.Places[p.Right.Village]},
	}
}

func (s *Server) identityHouses(w http.ResponseWriter, r *http.Request, c *Call) error {
	cursor, limit := page(r)
	hs, next, err := s.Identities.Houses(r.Context(), c.Actor, r.PathValue("campaign"), r.URL.Query().Get("kind"), cursor, limit)
	if err != nil {
		return err
	}
	out := HousePage{Items: make([]House, len(hs)), Next: next}
	for i, h := range hs {
		out.Items[i] = House{region.Named(h.Village, h.Place), h.One, h.Parts}
	}
	return reply(w, http.StatusOK, out)
}

func (s *Server) identityLink(w http.ResponseWriter, r *http.Request, c *Call) error {
	p, err := s.Identities.Link(r.Context(), c.Actor, r.PathValue("link"))
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, linkJSON(p))
}

func (s *Server) decideIdentity(w http.ResponseWriter, r *http.Request, c *Call) error {
	in, err := decode[match.Decision](r)
	if err != nil {
		return err
	}
	p, err := s.Identities.Decide(r.Context(), c.Actor, r.PathValue("link"), in)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, linkJSON(p))
}

func suspectFilter(r *http.Request) (match.SuspectFilter, error) {
	q := r.URL.Query()
	f := match.SuspectFilter{Pair: q.Get("pair"), State: match.SuspectState(q.Get("state"))}
	f.Cursor, f.Limit = page(r)
	var err error
	f.Village, err = queryVillage(r)
	return f, err
}

func (s *Server) suspects(w http.ResponseWriter, r *http.Request, c *Call) error {
	f, err := suspectFilter(r)
	if err != nil {
		return err
	}
	p, err := s.Identities.Suspects(r.Context(), c.Actor, r.PathValue("campaign"), f)
	if err != nil {
		return err
	}
	out := SuspectPage{Pairs: make([]SuspectPair, len(p.Pairs)), Items: make([]Suspect, len(p.Items)), Next: p.Next, Total: p.Total}
	for i, x := range p.Pairs {
		out.Pairs[i] = SuspectPair{
			Code: x.Pair.Code, Title: x.Pair.Title, In: x.Pair.In, NotIn: x.Pair.NotIn, Tag: x.Pair.VisitTag(), Counts: x.Counts, Misses: x.Counts.Misses(),
			Open: x.States[match.SuspectOpen], Explained: x.States[match.SuspectExplained], ToVisit: x.States[match.SuspectToVisit], At: x.At,
		}
	}
	for i, x := range p.Items {
		out.Items[i] = suspectJSON(x, p.Places[x.Village])
	}
	return reply(w, http.StatusOK, out)
}

func suspectJSON(x match.Suspect, place string) Suspect {
	return Suspect{
		ID: x.ID, Pair: x.Pair, Kind: x.Kind, Name: x.Name, IDNumber: x.IDNumber, Village: region.Named(region.Code(x.Village), place), HouseholdKey: x.HouseholdKey,
		Household: x.Household, Proposed: x.Proposed, State: x.State, Note: x.Note, ByName: x.ByName, DecidedAt: x.DecidedAt, Gone: x.Gone, Version: x.Version,
	}
}

func (s *Server) suspectsFile(w http.ResponseWriter, r *http.Request, c *Call) error {
	f, err := suspectFilter(r)
	if err != nil {
		return err
	}
	b, err := s.Identities.ExportSuspects(r.Context(), c.Actor, r.PathValue("campaign"), f, c.Lang)
	if err != nil {
		return err
	}
	return attachment(w, xlsxType, "suspects.xlsx", b)
}

func (s *Server) decideSuspect(w http.ResponseWriter, r *http.Request, c *Call) error {
	in, err := decode[match.SuspectDecision](r)
	if err != nil {
		return err
	}
	x, err := s.Identities.Explain(r.Context(), c.Actor, r.PathValue("suspect"), in)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, suspectJSON(x, ""))
}
