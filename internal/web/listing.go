package web

import (
	"net/http"

	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/listing"
	"ruhu/internal/region"
	"ruhu/internal/roster"
)

// ListingRules is what the playbook says about the listing.
type ListingRules struct {
	Township bool            `json:"township"` // the township looks at every village's list again
	By       db.Date         `json:"by"`       // the last day; "" for none
	Today    db.Date         `json:"today"`
	Strikes  []ListingStrike `json:"strikes"`
}

// ListingStrike is a reason for which a household may be struck, and the evidence that it needs: none, note, photo, statement.
type ListingStrike struct {
	Reason   string `json:"reason"`
	Evidence string `json:"evidence"`
	Stays    bool   `json:"stays"`
}

// ListingVillage is how far a village is.
type ListingVillage struct {
	Village     region.Region  `json:"village"` // as before a merger
	Now         region.Region  `json:"now"`     // the same when it was not merged
	State       listing.State  `json:"state"`
	Version     int64          `json:"version"`
	Counts      listing.Counts `json:"counts"`
	FromPaper   bool           `json:"from_paper"`
	VillageAt   db.Time        `json:"village_at"`
	VillageBy   string         `json:"village_by"`
	TownshipAt  db.Time        `json:"township_at"`
	TownshipBy  string         `json:"township_by"`
	FrozenAt    db.Time        `json:"frozen_at"`
	FrozenBy    string         `json:"frozen_by"`
	ReturnedAt  db.Time        `json:"returned_at"`
	ReturnedBy  string         `json:"returned_by"`
	ReturnedWhy string         `json:"returned_why"`
	May         []listing.Step `json:"may"`
}

// ListingStatus is how far the villages are. asked is false when the playbook has no listing.
type ListingStatus struct {
	Asked    bool             `json:"asked"`
	Rules    ListingRules     `json:"rules"`
	Items    []ListingVillage `json:"items"`
	Number   int64            `json:"number"` // of the last entry of the frozen roster; 0 when nothing is frozen
	Digest   string           `json:"digest"`
	Frozen   int              `json:"frozen"`   // villages of the campaign that are frozen
	Villages int              `json:"villages"` // villages of the campaign with households
}

// ListingProposal is what somebody said about a household.
type ListingProposal struct {
	ID          string              `json:"id"`
	Action      string              `json:"action"` // confirm, correct, add, strike, merge, split
	State       string              `json:"state"`  // open, accepted, returned, withdrawn, replaced
	Reason      string              `json:"reason"`
	Note        string              `json:"note"`
	Files       []string            `json:"files"`
	Differences []roster.Difference `json:"differences"`
	FromPaper   bool                `json:"from_paper"`
	At          db.Time             `json:"at"`
	ByName      string              `json:"by_name"`
	Role        authz.Role          `json:"role"`
	DecidedAt   db.Time             `json:"decided_at"`
	DecidedBy   string              `json:"decided_by"`
	DecidedNote string              `json:"decided_note"`
}

// ListingHousehold is a household on the working list.
type ListingHousehold struct {
	ID           string           `json:"id"`
	Code         string           `json:"code"` // "" while a new one is only proposed
	Group        string           `json:"group"`
	HeadName     string           `json:"head_name"`
	HeadIDNumber string           `json:"head_id_number"`
	Phone        string           `json:"phone"`
	Class        string           `json:"class"`
	ExitYear     int              `json:"exit_year"`
	Size         int              `json:"size"`
	Tags         []string         `json:"tags"`
	State        string           `json:"state"` // listed, struck
	Struck       string           `json:"struck"`
	Origin       string           `json:"origin"` // import, listing, off_system
	Version      int64            `json:"version"`
	Members      []roster.Member  `json:"members"`
	Initials     []string         `json:"initials"` // of pinyin
	Seen         int64            `json:"seen"`     // version of what was said; sent back with the next word
	Proposal     *ListingProposal `json:"proposal"`
}

// ListingWork is a village's list whole.
type ListingWork struct {
	ListingVillage
	Rules ListingRules       `json:"rules"`
	Items []ListingHousehold `json:"items"`
}

// ListingInput is what a person says about a household; see listing.Input.
type ListingInput struct {
	Action      string        `json:"action"`
	HouseholdID string        `json:"household_id"`
	Version     int64         `json:"version,omitempty"`
	Seen        int64         `json:"seen,omitempty"`
	Reason      string        `json:"reason,omitempty"`
	Note        string        `json:"note,omitempty"`
	Files       []string      `json:"files,omitempty"`
	FromPaper   bool          `json:"from_paper,omitempty"`
	Edit        *roster.Edit  `json:"edit,omitempty"`
	Code        string        `json:"code,omitempty"`
	OffSystem   bool          `json:"off_system,omitempty"`
	Into        string        `json:"into,omitempty"`
	Parts       []roster.Part `json:"parts,omitempty"`
}

// ListingAct is a step with a village's whole list.
type ListingAct struct {
	Version   int64  `json:"version"`
	Note      string `json:"note,omitempty"` // return: the reason
	FromPaper bool   `json:"from_paper,omitempty"`
}

// ListingJudgement accepts or returns one proposal.
type ListingJudgement struct {
	Accept bool   `json:"accept"`
	Note   string `json:"note,omitempty"` // returned: the reason
}

// ListingFreeze names the villages to freeze; none is all.
type ListingFreeze struct {
	Villages []string `json:"villages,omitempty"`
	Note     string   `json:"note,omitempty"`
}

func (s *Server) listingRoutes() []Route {
	rows := []Route{
		{
			Pattern: "GET /api/v1/campaigns/{campaign}/listing", Action: authz.ListingRead, Res: ListingStatus{},
			Summary: "How far the villages are with their lists", Handler: s.listingStatus,
		},
		{
			Pattern: "GET /api/v1/campaigns/{campaign}/listing/{village}", Action: authz.ListingRead, Res: ListingWork{},
			Summary: "A village's list, whole, with what was said about each household", Handler: s.listingWork,
		},
		{
			Pattern: "PUT /api/v1/campaigns/{campaign}/listing/{village}/proposals/{proposal}", Action: authz.ListingWork, Req: ListingInput{}, Res: ListingHousehold{},
			Summary: "Confirm, correct, add, strike, merge or split a household", Handler: s.putProposal,
		},
		{
			Pattern: "PUT /api/v1/campaigns/{campaign}/listing/{village}/late/{proposal}", Action: authz.ListingFreeze, Req: ListingInput{}, Res: ListingHousehold{},
			Summary: "Change a household of a frozen village, with a reason", Handler: s.putProposal,
		},
		{
			Pattern: "POST /api/v1/campaigns/{campaign}/listing/freeze", Action: authz.ListingFreeze, Req: ListingFreeze{}, Res: roster.Entry{},
			Summary: "Freeze the lists of villages", Handler: s.freezeListing,
		},
		{
			Pattern: "DELETE /api/v1/listing-proposals/{proposal}", Action: authz.ListingWork,
			Summary: "Take back what was said about a household", Handler: s.withdrawProposal,
		},
		{
			Pattern: "POST /api/v1/listing-proposals/{proposal}/decision", Action: authz.ListingDecide, Req: ListingJudgement{}, Res: ListingHousehold{},
			Summary: "Accept or return one proposal", Handler: s.judgeProposal,
		},
		{
			Pattern: "GET /api/v1/listing-proposals/{proposal}/files/{sha256}", Action: authz.ListingRead, Binary: "application/octet-stream",
			Summary: "A piece of evidence", Handler: s.proposalFile,
		},
		{
			Pattern: "GET /api/v1/households/{household}/proposals", Action: authz.ListingRead, Res: List[ListingProposal]{},
			Summary: "What was ever said about a household in the listing", Handler: s.householdProposals,
		},
	}
	for _, a := range []struct {
		step    listing.Step
		needs   authz.Action
		summary string
	}{
		{listing.Confirm, authz.ListingWork, "The village is through with its list"},
		{listing.Approve, authz.ListingDecide, "Confirm a village's list for the township and accept what it says"},
		{listing.Return, authz.ListingDecide, "Send a village's list back with a reason"},
	} {
		rows = append(rows, Route{
			Pattern: "POST /api/v1/campaigns/{campaign}/listing/{village}/" + string(a.step), Action: a.needs, Req: ListingAct{}, Res: ListingWork{},
			Summary: a.summary, Handler: s.actOnListing(a.step),
		})
	}
	return rows
}

// pathVillage reads a village's code from the path.
func pathVillage(r *http.Request) (region.Code, error) { return region.Parse(r.PathValue("village")) }

func (s *Server) listingStatus(w http.ResponseWriter, r *http.Request, c *Call) error {
	st, err := s.Listings.Status(r.Context(), c.Actor, r.PathValue("campaign"))
	if err != nil {
		return err
	}
	out := ListingStatus{
		Asked: st.Asked, Rules: listingRules(listing.Work{Rules: st.Rules, By: st.By, Today: st.Today}), Items: make([]ListingVillage, len(st.Rows)),
		Number: st.Number, Digest: st.Digest, Frozen: st.FrozenOf, Villages: st.Of,
	}
	for i, row := range st.Rows {
		out.Items[i] = listingVillage(row)
	}
	return reply(w, http.StatusOK, out)
}

func listingRules(x listing.Work) ListingRules {
	out := ListingRules{Township: len(x.Rules.Township) > 0, By: x.By, Today: x.Today, Strikes: []ListingStrike{}}
	for _, s := range x.Rules.Strikes {
		out.Strikes = append(out.Strikes, ListingStrike{s.Reason, s.Evidence, s.Stays})
	}
	return out
}

func listingVillage(x listing.Row) ListingVillage {
	return ListingVillage{
		Village: region.Named(x.Village, x.Name), Now: region.Named(x.Now, x.NowName), State: x.State, Version: x.Version, Counts: x.Counts,
		FromPaper: x.FromPaper, VillageAt: x.VillageAt, VillageBy: x.VillageBy, TownshipAt: x.TownshipAt, TownshipBy: x.TownshipBy,
		FrozenAt: x.FrozenAt, FrozenBy: x.FrozenBy, ReturnedAt: x.ReturnedAt, ReturnedBy: x.ReturnedBy, ReturnedWhy: x.ReturnedWhy, May: x.May,
	}
}

func listingWork(a authz.Actor, x listing.Work) ListingWork {
	out := ListingWork{ListingVillage: listingVillage(x.Row), Rules: listingRules(x), Items: make([]ListingHousehold, len(x.Items))}
	for i, it := range x.Items {
		out.Items[i] = listingHousehold(a, it)
	}
	return out
}

func listingHousehold(a authz.Actor, it listing.Item) ListingHousehold {
	out := ListingHousehold{
		ID: it.ID, Code: it.Code, Group: it.Group, HeadName: it.HeadName, HeadIDNumber: string(it.HeadIDNumber), Phone: it.Phone, Class: string(it.Class),
		ExitYear: it.ExitYear, Size: it.Size, Tags: shownTags(a, it.Tags), State: it.State, Struck: it.Struck, Origin: it.Origin, Version: it.Version,
		Members: orEmpty(it.Members), Initials: orEmpty(it.Initials), Seen: it.Answer.Version,
	}
	if it.Proposal != nil {
		p := listingProposal(*it.Proposal)
		out.Proposal = &p
	}
	return out
}

func listingProposal(p listing.Proposal) ListingProposal {
	return ListingProposal{
		ID: p.ID, Action: p.Action, State: p.State, Reason: p.Reason, Note: p.Note, Files: orEmpty(p.Files), Differences: orEmpty(p.Differences),
		FromPaper: p.FromPaper, At: p.At, ByName: p.ByName, Role: p.ByRole, DecidedAt: p.DecidedAt, DecidedBy: p.DecidedBy, DecidedNote: p.DecidedNote,
	}
}

func (s *Server) listingWork(w http.ResponseWriter, r *http.Request, c *Call) error {
	village, err := pathVillage(r)
	if err != nil {
		return err
	}
	x, err := s.Listings.Work(r.Context(), c.Actor, r.PathValue("campaign"), village)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, listingWork(c.Actor, x))
}

func (s *Server) putProposal(w http.ResponseWriter, r *http.Request, c *Call) error {
	village, err := pathVillage(r)
	if err != nil {
		return err
	}
	in, err := decode[ListingInput](r)
	if err != nil {
		return err
	}
	x := listing.Input{
		Action: in.Action, Household: in.HouseholdID, Version: in.Version, Seen: in.Seen, Reason: in.Reason, Note: in.Note, FromPaper: in.FromPaper,
		Code: in.Code, OffSystem: in.OffSystem, Into: in.Into, Parts: in.Parts,
	}
	if in.Edit != nil {
		x.Edit = *in.Edit
	}
	x.Files = digests(in.Files)
	it, err := s.Listings.Propose(r.Context(), c.Actor, r.PathValue("campaign"), village, r.PathValue("proposal"), x)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, listingHousehold(c.Actor, it))
}

func (s *Server) actOnListing(step listing.Step) Handler {
	return func(w http.ResponseWriter, r *http.Request, c *Call) error {
		village, err := pathVillage(r)
		if err != nil {
			return err
		}
		in, err := decode[ListingAct](r)
		if err != nil {
			return err
		}
		x, err := s.Listings.Do(r.Context(), c.Actor, r.PathValue("campaign"), village,
			listing.Act{Step: step, Version: in.Version, Note: in.Note, FromPaper: in.FromPaper})
		if err != nil {
			return err
		}
		return reply(w, http.StatusOK, listingWork(c.Actor, x))
	}
}

func (s *Server) freezeListing(w http.ResponseWriter, r *http.Request, c *Call) error {
	in, err := decode[ListingFreeze](r)
	if err != nil {
		return err
	}
	var codes []region.Code
	for _, v := range in.Villages {
		code, err := region.Parse(v)
		if err != nil {
			return err
		}
		codes = append(codes, code)
	}
	e, err := s.Listings.Freeze(r.Context(), c.Actor, r.PathValue("campaign"), codes, in.Note)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, e)
}

func (s *Server) withdrawProposal(w http.ResponseWriter, r *http.Request, c *Call) error {
	if err := s.Listings.Withdraw(r.Context(), c.Actor, r.PathValue("proposal")); err != nil {
		return err
	}
	return noContent(w)
}

func (s *Server) judgeProposal(w http.ResponseWriter, r *http.Request, c *Call) error {
	in, err := decode[ListingJudgement](r)
	if err != nil {
		return err
	}
	it, err := s.Listings.Judge(r.Context(), c.Actor, r.PathValue("proposal"), in.Accept, in.Note)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, listingHousehold(c.Actor, it))
}

func (s *Server) proposalFile(w http.ResponseWriter, r *http.Request, c *Call) error {
	d, err := s.Listings.File(r.Context(), c.Actor, r.PathValue("proposal"), r.PathValue("sha256"))
	if err != nil {
		return err
	}
	return s.sendEvidence(w, r, d)
}

func (s *Server) householdProposals(w http.ResponseWriter, r *http.Request, c *Call) error {
	ps, err := s.Listings.Proposals(r.Context(), c.Actor, r.PathValue("household"))
	if err != nil {
		return err
	}
	out := make([]ListingProposal, len(ps))
	for i, p := range ps {
		out[i] = listingProposal(p)
	}
	return reply(w, http.StatusOK, list(out, ""))
}
