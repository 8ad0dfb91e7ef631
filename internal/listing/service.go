package listing

import (
	"context"
	"errors"
	"slices"

	"ruhu/internal/authz"
	"ruhu/internal/blob"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/job"
	"ruhu/internal/playbook"
	"ruhu/internal/region"
	"ruhu/internal/roster"
	"ruhu/internal/survey"
)

// Service takes lists through the villages. It is safe for many goroutines.
type Service struct {
	d       *db.DB
	bus     *job.Bus
	rosters *roster.Service
	blobs   *blob.Store
}

// NewService makes a Service and registers the gate listing_frozen with surveys.
func NewService(d *db.DB, bus *job.Bus, surveys *survey.Service, rosters *roster.Service, blobs *blob.Store) *Service {
	surveys.RegisterGate(survey.GateListingFrozen, gate)
	return &Service{d, bus, rosters, blobs}
}

// gate is open when every village with households is frozen.
func gate(ctx context.Context, tx *db.Tx, c survey.Campaign) ([]*errs.Error, error) {
	frozen, err := roster.FrozenTx(ctx, tx, c.County, c.ID)
	if err != nil {
		return nil, err
	}
	listed, err := roster.CountVillagesTx(ctx, tx, c.County, c.ID)
	if err != nil {
		return nil, err
	}
	left := 0
	for v := range listed {
		if frozen[v] == 0 {
			left++
		}
	}
	if left == 0 && len(listed) > 0 {
		return nil, nil
	}
	return []*errs.Error{errs.Conflict.New("listing.gate", "number", left)}, nil
}

// Row is a village in the status.
type Row struct {
	Stamp
	Name    string
	Now     region.Code // the village it was merged into; the same when it was not
	NowName string
	Counts  Counts
	May     []Step
}

// Status is how far the villages are.
type Status struct {
	Asked    bool // the playbook has a listing
	Rules    playbook.Listing
	By       db.Date // the last day, in the campaign's calendar
	Today    db.Date
	Rows     []Row
	Mergers  []region.Merger
	Number   int64  // of the last entry of the frozen roster; 0 when nothing is frozen
	Digest   string //
	FrozenOf int    // villages of the campaign that are frozen
	Of       int    // villages of the campaign with households
}

// Status gives the villages of the actor's region with households or with something said about them. Returns Forbidden, NotFound
// "survey.not_found".
func (s *Service) Status(ctx context.Context, actor authz.Actor, campaign string) (Status, error) {
	var out Status
	if err := actor.Require(authz.ListingRead); err != nil {
		return out, err
	}
	campaign, err := id.Parse(campaign)
	if err != nil {
		return out, err
	}
	err = s.d.View(ctx, func(tx *db.Tx) error {
		c, err := survey.VisibleTx(ctx, tx, actor, campaign)
		if err != nil {
			return err
		}
		out, err = statusTx(ctx, tx, actor, c)
		return err
	})
	return out, err
}

func statusTx(ctx context.Context, tx *db.Tx, actor authz.Actor, c survey.Campaign) (Status, error) {
	out := Status{Rules: c.Plan.Listing, Asked: c.Plan.Listing.Asked(), By: c.Day(c.Plan.Listing.By), Today: c.Today(tx.Now()), Rows: []Row{}}
	counts, err := countTx(ctx, tx, c.County, c.ID)
	if err != nil {
		return out, err
	}
	stamps, err := db.List(ctx, tx, scanStamp, selectVillages, c.County, c.ID)
	if err != nil {
		return out, err
	}
	if out.Mergers, err = region.MergersTx(ctx, tx, c.County); err != nil {
		return out, err
	}
	frozen, err := roster.FrozenTx(ctx, tx, c.County, c.ID)
	if err != nil {
		return out, err
	}
	if out.Number, out.Digest, err = roster.HeadTx(ctx, tx, c.County, c.ID); err != nil {
		return out, err
	}
	at := map[region.Code]Stamp{}
	for _, st := range stamps {
		at[st.Village] = st
		if _, ok := counts[st.Village]; !ok {
			counts[st.Village] = Counts{}
		}
	}
	codes := []region.Code{}
	for v, n := range counts {
		if n.Households > 0 {
			out.Of++
		}
		if frozen[v] > 0 {
			out.FrozenOf++
		}
		if now := region.Present(out.Mergers, v); actor.Sees(v) || actor.Sees(now) {
			codes = append(codes, v)
		}
	}
	slices.Sort(codes)
	var all []region.Code
	for _, v := range codes {
		all = append(all, v, region.Present(out.Mergers, v))
	}
	names, err := region.NamesTx(ctx, tx, all)
	for _, v := range codes {
		st, ok := at[v]
		if !ok {
			st = Stamp{Campaign: c.ID, Village: v, State: Open}
		}
		now := region.Present(out.Mergers, v)
		out.Rows = append(out.Rows, Row{st, names[v], now, names[now], counts[v], May(c.Plan.Listing, st.State, actor, Place{v, now})})
	}
	return out, err
}

// Item is a household on a village's working list.
type Item struct {
	roster.Full           // without ID where it was only proposed
	Initials    []string  // of the head and the members, for searching
	Answer      Answer    // zero when nothing was said
	Proposal    *Proposal // the present one
}

// Work is a village's working list, also what is printed.
type Work struct {
	Row
	Rules playbook.Listing
	By    db.Date
	Today db.Date
	Items []Item // by 户编号; proposed new ones last
}

// Work gives a village's list whole: all its households with members, struck ones too, and what was said about each. ID numbers and phones
// are masked unless the role has roster.pii. Returns Forbidden, NotFound "survey.not_found", "listing.no_village", Conflict "listing.none".
func (s *Service) Work(ctx context.Context, actor authz.Actor, campaign string, village region.Code) (Work, error) {
	var out Work
	if err := actor.Require(authz.ListingRead); err != nil {
		return out, err
	}
	campaign, err := id.Parse(campaign)
	if err != nil {
		return out, err
	}
	err = s.d.View(ctx, func(tx *db.Tx) error {
		c, at, err := placeTx(ctx, tx, actor, campaign, village)
		if err != nil {
			return err
		}
		out, err = workTx(ctx, tx, actor, c, at)
		return err
	})
	if err == nil && !actor.Can(authz.RosterPII) {
		out.mask()
	}
	return out, err
}

// WorkTx gives a village's list whole inside a transaction of another room; masked as in Work. Returns NotFound "listing.no_village".
func WorkTx(ctx context.Context, tx *db.Tx, actor authz.Actor, c survey.Campaign, village region.Code) (Work, error) {
	ms, err := region.MergersTx(ctx, tx, c.County)
	if err != nil {
		return Work{}, err
	}
	at := Place{village, region.Present(ms, village)}
	if !actor.Sees(at.Village) && !actor.Sees(at.Now) {
		return Work{}, errs.NotFound.New("listing.no_village", "village", string(village))
	}
	out, err := workTx(ctx, tx, actor, c, at)
	if err == nil && !actor.Can(authz.RosterPII) {
		out.mask()
	}
	return out, err
}

// mask hides ID numbers and phones.
func (w *Work) mask() {
	for i := range w.Items {
		w.Items[i].Full = w.Items[i].Masked()
		w.Items[i].Proposal.mask()
	}
}

func (p *Proposal) mask() {
	if p == nil {
		return
	}
	for i, d := range p.Differences {
		p.Differences[i] = d.Masked()
	}
}

// placeTx gives the campaign and the village that an actor asks for.
func placeTx(ctx context.Context, tx *db.Tx, actor authz.Actor, campaign string, village region.Code) (survey.Campaign, Place, error) {
	c, err := survey.VisibleTx(ctx, tx, actor, campaign)
	if err != nil {
		return c, Place{}, err
	}
	if !c.Plan.Listing.Asked() {
		return c, Place{}, errs.Conflict.New("listing.none")
	}
	ms, err := region.MergersTx(ctx, tx, c.County)
	at := Place{village, region.Present(ms, village)}
	if err == nil && (village.Level() != region.Village || !c.Region.Contains(village) || !actor.Sees(at.Village) && !actor.Sees(at.Now)) {
		err = errs.NotFound.New("listing.no_village", "village", string(village))
	}
	return c, at, err
}

func workTx(ctx context.Context, tx *db.Tx, actor authz.Actor, c survey.Campaign, at Place) (Work, error) {
	out := Work{Rules: c.Plan.Listing, By: c.Day(c.Plan.Listing.By), Today: c.Today(tx.Now()), Items: []Item{}}
	st, err := stampTx(ctx, tx, c.County, c.ID, at.Village)
	if err != nil {
		return out, err
	}
	counts, err := countTx(ctx, tx, c.County, c.ID)
	if err != nil {
		return out, err
	}
	names, err := region.NamesTx(ctx, tx, []region.Code{at.Village, at.Now})
	if err != nil {
		return out, err
	}
	out.Row = Row{st, names[at.Village], at.Now, names[at.Now], counts[at.Village], May(c.Plan.Listing, st.State, actor, at)}
	answers, proposals, err := saidTx(ctx, tx, c, at.Village)
	if err != nil {
		return out, err
	}
	fs, err := roster.VillageTx(ctx, tx, c.County, c.ID, at.Village)
	if err != nil {
		return out, err
	}
	for _, f := range fs {
		a := answers[f.ID]
		delete(answers, f.ID)
		out.Items = append(out.Items, item(f, a, proposals))
	}
	for _, a := range sorted(answers) { // proposed, not on the list yet
		if p := proposals[a.Proposal]; a.Action == roster.Add && p != nil {
			f := roster.Full{Household: roster.Household{HeadName: p.Name, Village: at.Village, VillageName: out.Name, State: roster.Listed}}
			f.ID = a.Household
			out.Items = append(out.Items, item(f, a, proposals))
		}
	}
	return out, nil
}

func sorted(answers map[string]Answer) []Answer {
	out := make([]Answer, 0, len(answers))
	for _, a := range answers {
		out = append(out, a)
	}
	slices.SortFunc(out, func(a, b Answer) int {
		if a.Proposal < b.Proposal {
			return -1
		}
		return 1
	})
	return out
}

func item(f roster.Full, a Answer, proposals map[string]*Proposal) Item {
	it := Item{Full: f, Answer: a, Initials: Initials(f.HeadName)}
	for _, m := range f.Members {
		if m.Name != f.HeadName {
			it.Initials = append(it.Initials, Initials(m.Name)...)
		}
	}
	if a.Proposal != "" && a.Action != "" {
		it.Proposal = proposals[a.Proposal]
	}
	return it
}

// saidTx gives the answers of a village by household and their proposals by id.
func saidTx(ctx context.Context, tx *db.Tx, c survey.Campaign, village region.Code) (map[string]Answer, map[string]*Proposal, error) {
	list, err := db.List(ctx, tx, scanAnswer, selectAnswers, c.County, c.ID, village)
	if err != nil {
		return nil, nil, err
	}
	answers, proposals := map[string]Answer{}, map[string]*Proposal{}
	var ids []string
	for _, a := range list {
		answers[a.Household] = a
		ids = append(ids, a.Proposal)
	}
	for part := range slices.Chunk(ids, 500) {
		in, args := db.In(2, part...)
		ps, err := db.List(ctx, tx, scanProposal, selectProposals+in+`)`, append([]any{c.County}, args...)...)
		if err != nil {
			return nil, nil, err
		}
		for _, p := range ps {
			proposals[p.ID] = &p
		}
	}
	return answers, proposals, nil
}

// proposalTx gives a proposal that the actor sees, with its campaign and place. Returns NotFound "listing.no_proposal".
func proposalTx(ctx context.Context, tx *db.Tx, actor authz.Actor, key string) (Proposal, survey.Campaign, Place, error) {
	p, err := scanProposal(tx.QueryRow(ctx, selectProposal, actor.County, key).Scan)
	if errors.Is(err, db.ErrNoRows) {
		return p, survey.Campaign{}, Place{}, errs.NotFound.New("listing.no_proposal", "id", key)
	}
	if err != nil {
		return p, survey.Campaign{}, Place{}, err
	}
	c, at, err := placeTx(ctx, tx, actor, p.Campaign, p.Village)
	if errs.Is(err, errs.NotFound) {
		err = errs.NotFound.New("listing.no_proposal", "id", key)
	}
	return p, c, at, err
}

// Proposals gives everything that was ever said about a household of the actor's region, newest first; masked as in Work. Returns Forbidden,
// NotFound "roster.no_household".
func (s *Service) Proposals(ctx context.Context, actor authz.Actor, household string) ([]Proposal, error) {
	if err := actor.Require(authz.ListingRead); err != nil {
		return nil, err
	}
	if _, err := s.rosters.Get(ctx, actor, household); err != nil {
		return nil, err
	}
	var out []Proposal
	err := s.d.View(ctx, func(tx *db.Tx) (err error) {
		out, err = db.List(ctx, tx, scanProposal, selectOf, actor.County, household)
		return err
	})
	if !actor.Can(authz.RosterPII) {
		for i := range out {
			out[i].mask()
		}
	}
	return out, err
}

// File gives a piece of evidence that a proposal names. Returns Forbidden, NotFound "listing.no_proposal", "blob.not_found".
func (s *Service) File(ctx context.Context, actor authz.Actor, key, digest string) (blob.Digest, error) {
	if err := actor.Require(authz.ListingRead); err != nil {
		return "", err
	}
	key, err := id.Parse(key)
	if err != nil {
		return "", err
	}
	err = s.d.View(ctx, func(tx *db.Tx) error {
		p, _, _, err := proposalTx(ctx, tx, actor, key)
		if err == nil && !slices.Contains(p.Files, digest) {
			err = errs.NotFound.New("blob.not_found")
		}
		return err
	})
	return blob.Digest(digest), err
}
