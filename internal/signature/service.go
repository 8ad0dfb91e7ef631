package signature

import (
	"context"
	"slices"
	"strconv"

	"ruhu/internal/account"
	"ruhu/internal/assign"
	"ruhu/internal/audit"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/playbook"
	"ruhu/internal/region"
	"ruhu/internal/roster"
	"ruhu/internal/survey"
)

// Service keeps signatures. It is safe for many goroutines.
type Service struct {
	d        *db.DB
	accounts *account.Service
	problems Lister
}

// NewService makes a Service and answers for the gate ledger_signed.
func NewService(d *db.DB, surveys *survey.Service, accounts *account.Service) *Service {
	s := &Service{d: d, accounts: accounts}
	surveys.RegisterGate(survey.GateLedgerSigned, s.ledgerSigned)
	return s
}

// Lists is a page of the lists of villages.
type Lists struct {
	Kinds []string   `json:"kinds"` // that the playbook has chains for
	Items []ListHead `json:"items"`
	Next  string     `json:"next"`
	Mine  int        `json:"mine"` // of this page, how many wait for this person
}

// pageSize is how many villages a page of lists holds: the list of each is made anew.
const pageSize = 30

// List gives the lists of the villages in the actor's region, in the order of their codes, after a village that a page ended with. Returns
// Forbidden, NotFound "survey.not_found".
func (s *Service) List(ctx context.Context, actor authz.Actor, campaign string, after region.Code) (Lists, error) {
	out := Lists{Kinds: []string{}, Items: []ListHead{}}
	if err := actor.Require(authz.SignatureRead); err != nil {
		return out, err
	}
	err := s.d.View(ctx, func(tx *db.Tx) error {
		c, err := survey.VisibleTx(ctx, tx, actor, campaign)
		if err != nil {
			return err
		}
		for _, kind := range lists {
			if _, ok := c.Plan.Chain(kind); ok && !held(actor, c, kind) {
				out.Kinds = append(out.Kinds, kind)
			}
		}
		lo, hi := actor.Scope()
		all, err := assign.VillagesTx(ctx, tx, actor.County, campaign, lo, hi)
		if err != nil {
			return err
		}
		all = slices.DeleteFunc(all, func(v assign.VillageCount) bool { return v.Village <= after })
		if len(all) > pageSize {
			all = all[:pageSize]
			out.Next = string(all[pageSize-1].Village)
		}
		names, err := region.NamesTx(ctx, tx, codes(all))
		if err != nil {
			return err
		}
		for _, v := range all {
			for _, kind := range out.Kinds {
				h, _, err := s.headTx(ctx, tx, actor, c, kind, v)
				if err != nil {
					return err
				}
				h.Name = names[v.Village]
				out.Items = append(out.Items, h)
				if h.Mine != "" {
					out.Mine++
				}
			}
		}
		return nil
	})
	return out, err
}

// held reports whether the playbook keeps the problems from a role until they are fed back (S2.14).
func held(actor authz.Actor, c survey.Campaign, kind string) bool {
	return kind == playbook.SignLedger && slices.Contains(c.Plan.Ledger.Daily.Hold, string(actor.Role))
}

func codes(vs []assign.VillageCount) []region.Code {
	out := make([]region.Code, len(vs))
	for i, v := range vs {
		out[i] = v.Village
	}
	return out
}

// headTx makes the list of a village, with all signatures under it.
func (s *Service) headTx(ctx context.Context, tx *db.Tx, actor authz.Actor, c survey.Campaign, kind string, v assign.VillageCount) (ListHead, sheet, error) {
	h := ListHead{Kind: kind, Village: v.Village, Visits: v.Visits, Accepted: v.Done}
	chain, ok := c.Plan.Chain(kind)
	if !ok || held(actor, c, kind) {
		return h, sheet{}, errs.NotFound.New("signature.no_chain", "kind", db.Clip(kind, 40))
	}
	var sh sheet
	var err error
	if sh.content, err = s.contentTx(ctx, tx, c, kind, v.Village); err != nil {
		return h, sh, err
	}
	if sh.text, h.Digest, err = sh.content.encode(); err != nil {
		return h, sh, err
	}
	all, err := EntriesTx(ctx, tx, c.County, c.ID, kind, string(v.Village))
	if err != nil {
		return h, sh, err
	}
	sh.all = all[string(v.Village)]
	h.Problems, h.Ready = sh.content.count(), ready(kind, v) == nil
	h.Steps = stand(chain, nil, sh.all, h.Digest)
	if i := next(h.Steps); h.Ready && i < len(h.Steps) && actor.Can(authz.SignatureSign) {
		if whom, err := may(actor, h.Steps, i); err == nil {
			h.Mine, h.For = h.Steps[i].Code, whom
		}
	}
	return h, sh, nil
}

// sheet is a list as it is now, and what was signed under it and under what it was.
type sheet struct {
	content ListContent
	text    string
	all     []Entry
}

// SignedList is a list with what it says.
type SignedList struct {
	ListHead
	Content    ListContent            `json:"content"`
	Households map[string]HouseholdOf `json:"households"` // that the content names
	Signatures []Entry                `json:"signatures"` // all, those that are void too, the oldest first
}

// HouseholdOf names a household of a list.
type HouseholdOf struct {
	Code string `json:"code"`
	Head string `json:"head"`
}

// Get gives the list of a village. Returns Forbidden, NotFound "survey.not_found", "signature.no_chain", "region.not_found".
func (s *Service) Get(ctx context.Context, actor authz.Actor, campaign, kind string, village region.Code) (SignedList, error) {
	var out SignedList
	if err := actor.Require(authz.SignatureRead); err != nil {
		return out, err
	}
	err := s.d.View(ctx, func(tx *db.Tx) (err error) {
		out, err = s.documentTx(ctx, tx, actor, campaign, kind, village)
		return err
	})
	return out, err
}

// villageTx gives a village of the plan in the actor's region. Returns NotFound "survey.not_found", "region.not_found".
func villageTx(ctx context.Context, tx *db.Tx, actor authz.Actor, campaign string, village region.Code) (survey.Campaign, assign.VillageCount, error) {
	c, err := survey.VisibleTx(ctx, tx, actor, campaign)
	if err != nil {
		return c, assign.VillageCount{}, err
	}
	if actor.Sees(village) {
		lo, hi := village.Range()
		vs, err := assign.VillagesTx(ctx, tx, actor.County, campaign, lo, hi)
		if err != nil {
			return c, assign.VillageCount{}, err
		}
		if len(vs) == 1 && vs[0].Village == village {
			return c, vs[0], nil
		}
	}
	return c, assign.VillageCount{}, errs.NotFound.New("region.not_found", "code", string(village))
}

func (s *Service) documentTx(ctx context.Context, tx *db.Tx, actor authz.Actor, campaign, kind string, village region.Code) (SignedList, error) {
	var out SignedList
	c, v, err := villageTx(ctx, tx, actor, campaign, village)
	if err != nil {
		return out, err
	}
	h, sh, err := s.headTx(ctx, tx, actor, c, kind, v)
	if err != nil {
		return out, err
	}
	names, err := region.NamesTx(ctx, tx, []region.Code{village})
	if err != nil {
		return out, err
	}
	h.Name = names[village]
	out = SignedList{ListHead: h, Content: sh.content, Households: map[string]HouseholdOf{}, Signatures: append([]Entry{}, sh.all...)}
	var ids []string
	for _, f := range sh.content.Forms {
		ids = append(ids, f.Household)
	}
	for _, p := range sh.content.Problems {
		if p.Household != "" {
			ids = append(ids, p.Household)
		}
	}
	slices.Sort(ids)
	houses, err := roster.NamesTx(ctx, tx, actor.County, slices.Compact(ids))
	for k, h := range houses {
		out.Households[k] = HouseholdOf{h.Code, h.HeadName}
	}
	return out, err
}

// Signing is what a person says when signing a list. ID is made by the client: the same signature sent twice is one.
type Signing struct {
	ID     string
	Step   string
	Digest string // of what was read
	Note   string // why, when signing for another
}

// Sign signs the list of a village.
//
// Returns Forbidden "authz.forbidden", "signature.wrong_role", NotFound "survey.not_found", "signature.no_chain", "region.not_found", Invalid
// "id.malformed", "signature.step", "signature.note", Conflict "signature.stale", "signature.not_ready", "signature.before",
// "signature.signed", "signature.same_person".
func (s *Service) Sign(ctx context.Context, actor authz.Actor, campaign, kind string, village region.Code, in Signing) (SignedList, error) {
	var out SignedList
	if err := actor.Require(authz.SignatureSign); err != nil {
		return out, err
	}
	key, err := id.Parse(in.ID)
	if err != nil {
		return out, err
	}
	in.ID, in.Note = key, db.Clip(in.Note, maxNote)
	err = s.d.Update(ctx, func(tx *db.Tx) error {
		if err := s.signTx(ctx, tx, actor, campaign, kind, village, in); err != nil {
			return err
		}
		out, err = s.documentTx(ctx, tx, actor, campaign, kind, village)
		return err
	})
	return out, err
}

func (s *Service) signTx(ctx context.Context, tx *db.Tx, actor authz.Actor, campaign, kind string, village region.Code, in Signing) error {
	c, v, err := villageTx(ctx, tx, actor, campaign, village)
	if err != nil {
		return err
	}
	h, sh, err := s.headTx(ctx, tx, actor, c, kind, v)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(h.Steps, func(s ChainStep) bool { return s.Code == in.Step })
	if i < 0 {
		return errs.Invalid.New("signature.step", "field", "step")
	}
	if e, sent, err := entryTx(ctx, tx, actor.County, in.ID); err != nil || sent && e.Account == actor.ID && e.Subject == string(village) && e.Step == in.Step {
		return err // sent again
	}
	forWhom, err := may(actor, h.Steps, i)
	switch {
	case err != nil:
		return err
	case h.Digest != in.Digest:
		return errs.Conflict.New("signature.stale")
	case forWhom != "" && in.Note == "":
		return errs.Invalid.New("signature.note", "field", "note")
	}
	if err := ready(kind, v); err != nil {
		return err
	}
	if err := keepContentTx(ctx, tx, actor, h.Digest, sh.text); err != nil {
		return err
	}
	e := Entry{
		ID: in.ID, Campaign: c.ID, Kind: kind, Subject: string(village), Village: village, Step: in.Step, Digest: h.Digest, Problems: strconv.Itoa(h.Problems),
		Account: actor.ID, ByName: actor.Name, Role: actor.Role, For: forWhom, Note: in.Note,
	}
	n, err := insertTx(ctx, tx, actor.County, []Entry{e})
	if err != nil {
		return err
	}
	if n == 0 { // somebody was quicker
		return errs.Conflict.New("signature.signed")
	}
	return audit.Write(ctx, tx, actor, audit.Entry{
		Action: "signature.sign", Campaign: c.ID, Object: "signature", ObjectID: in.ID, Place: village,
		Detail: map[string]any{"kind": kind, "step": in.Step, "digest": h.Digest, "for": forWhom},
	})
}
