package match

import (
	"context"
	"log/slog"
	"strings"

	"ruhu/internal/audit"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/idnumber"
	"ruhu/internal/playbook"
	"ruhu/internal/region"
	"ruhu/internal/sheet"
	"ruhu/internal/survey"
)

// SuspectState of a suspect.
type SuspectState string

// The states of a suspect.
const (
	SuspectOpen      SuspectState = "open"
	SuspectExplained SuspectState = "explained"
	SuspectToVisit   SuspectState = "to_visit"
)

// Suspect is a person whom one register has and another has not. It is no finding: registers err, and linking errs.
type Suspect struct {
	ID           string
	Campaign     string
	Pair         string
	Kind         string
	Record       string
	Name         string
	IDNumber     string
	Village      string
	HouseholdKey string // in the register that has the person
	Household    string // id in the base list; "" when it is not in it
	State        SuspectState
	Note         string
	ByName       string
	DecidedAt    db.Time
	Gone         bool // decided on, but by the newest registers no suspect any more
	Version      int
	Proposed     string // household that was proposed to the listing because the list lacks it, or lacks the person in it
	personKey    string
	proposal     string
}

// missRate is the share of persons whom linking does not find although they are there: the worst register of the benchmark
// with 500,000 persons (1 − recall, docs/benchmarks.md), rounded up. Real registers may be worse.
const missRate = .002

// PairCounts says how a pair came out.
type PairCounts struct {
	Persons   int `json:"persons"`   // of the first register
	Found     int `json:"found"`     // linked in the second
	Uncertain int `json:"uncertain"` // a clerk has to decide on a link first; no suspects
	Missing   int `json:"missing"`   // the suspects
}

// Misses is how many of the missing are to be expected there after all, by the known error of linking.
func (c PairCounts) Misses() int { return min(c.Missing, int(missRate*float64(c.Found+c.Missing)+.5)) }

// PairState is a pair of the playbook with its counts; At is zero before the first run.
type PairState struct {
	Pair   playbook.SuspectPair
	Counts PairCounts
	States map[SuspectState]int // in the actor's region
	At     db.Time
}

// SuspectFilter narrows Suspects.
type SuspectFilter struct {
	Pair    string
	State   SuspectState
	Village region.Code
	Cursor  string
	Limit   int
}

// SuspectPage is a part of the suspects.
type SuspectPage struct {
	Pairs  []PairState
	Items  []Suspect
	Places map[string]string
	Next   string
	Total  int
}

// Suspects gives the pairs of the playbook and the suspects in the actor's region by pair and village. Numbers are masked unless the role
// has roster.pii. Returns Forbidden (nobody who goes on site sees suspects: S0.18), NotFound "survey.not_found", Invalid "match.cursor".
func (s *Identities) Suspects(ctx context.Context, actor authz.Actor, campaign string, f SuspectFilter) (SuspectPage, error) {
	if err := actor.Require(authz.MatchSuspect); err != nil {
		return SuspectPage{}, err
	}
	campaign, err := id.Parse(campaign)
	if err != nil {
		return SuspectPage{}, err
	}
	var p SuspectPage
	err = s.d.View(ctx, func(tx *db.Tx) error {
		c, err := survey.VisibleTx(ctx, tx, actor, campaign)
		if err != nil {
			return err
		}
		if p, err = suspectsTx(ctx, tx, actor, c, f, db.PageSize(f.Limit)); err != nil {
			return err
		}
		p.Pairs, err = pairStatesTx(ctx, tx, actor, c)
		return err
	})
	if err == nil && !actor.Can(authz.RosterPII) {
		for i := range p.Items {
			p.Items[i].IDNumber = idnumber.Mask(p.Items[i].IDNumber)
		}
	}
	return p, err
}

// SuspectDecision is what an office says about a suspect as it saw it.
type SuspectDecision struct {
	State   SuspectState `json:"state"`
	Reason  string       `json:"reason"`
	Version int          `json:"version"`
}

// Explain decides on a suspect: explained, to visit, or open again. To visit gives the household the pair's tag in the base list, so that
// the sample may take it for certain; where it is not in the list it is proposed to the listing (visitTx). Returns Forbidden, NotFound
// "match.no_suspect", Invalid "match.suspect_state", "match.reason", Conflict "match.decided", "survey.closed", and the errors of
// listing.MissedTx.
func (s *Identities) Explain(ctx context.Context, actor authz.Actor, suspect string, d SuspectDecision) (Suspect, error) {
	if err := actor.Require(authz.MatchSuspect); err != nil {
		return Suspect{}, err
	}
	if err := actor.Require(authz.MatchDecide); err != nil {
		return Suspect{}, err
	}
	suspect, err := id.Parse(suspect)
	if err != nil {
		return Suspect{}, err
	}
	d.Reason = sheet.Clip(strings.TrimSpace(d.Reason), 500)
	switch {
	case d.State != SuspectOpen && d.State != SuspectExplained && d.State != SuspectToVisit:
		return Suspect{}, errs.Invalid.New("match.suspect_state")
	case d.Reason == "":
		return Suspect{}, errs.Invalid.New("match.reason")
	}
	var out Suspect
	err = s.d.Update(ctx, func(tx *db.Tx) error {
		old, c, err := suspectTx(ctx, tx, actor, suspect)
		switch {
		case err != nil:
			return err
		case c.State == survey.Closed:
			return errs.Conflict.New("survey.closed")
		case old.Version != d.Version:
			return errs.Conflict.New("match.decided", "by", old.ByName)
		}
		n, err := tx.Exec(ctx, decideSuspect, actor.County, suspect, string(d.State), d.Reason, actor.ID, actor.Name, tx.Now(), d.Version)
		if err != nil {
			return err
		}
		if n == 0 {
			return errs.Conflict.New("match.decided", "by", old.ByName)
		}
		if err := s.movedTx(ctx, tx, actor, c, old, d.State); err != nil {
			return err
		}
		if err := audit.Write(ctx, tx, actor, audit.Entry{
			Action: "match.suspect", Campaign: c.ID, Object: "suspect", ObjectID: suspect, Place: region.Code(old.Village),
			Detail: map[string]any{"pair": old.Pair, "from": string(old.State), "to": string(d.State), "reason": d.Reason},
		}); err != nil {
			return err
		}
		out, _, err = suspectTx(ctx, tx, actor, suspect)
		return err
	})
	if err == nil && !actor.Can(authz.RosterPII) {
		out.IDNumber = idnumber.Mask(out.IDNumber)
	}
	return out, err
}

// Refresh computes the suspects of a campaign's pairs from its current links. What was decided stays; what is no suspect any more goes, or is
// marked when it was decided on.
func (s *Identities) Refresh(ctx context.Context, county, campaign string) error {
	var c survey.Campaign
	var all []source
	links := map[string]map[string]seen{} // kind -> record -> base
	err := s.d.View(ctx, func(tx *db.Tx) (err error) {
		if c, err = survey.CampaignTx(ctx, tx, county, campaign); err != nil || len(c.Plan.Suspects) == 0 {
			return err
		}
		if all, err = sourcesTx(ctx, tx, c); err != nil {
			return err
		}
		return linksOfTx(ctx, tx, c, links)
	})
	if err != nil || len(c.Plan.Suspects) == 0 {
		return err
	}
	g := ground{links: links, sources: map[string]source{}}
	for _, src := range all {
		g.sources[src.kind] = src
		if src.base {
			g.base = src.kind
		}
	}
	for i := range c.Plan.Suspects {
		pair := &c.Plan.Suspects[i]
		if !g.ready(pair.In) || !g.ready(pair.NotIn) {
			continue
		}
		found, counts, err := s.missing(ctx, c, g, pair)
		if err != nil {
			return err
		}
		if err := s.writeSuspects(ctx, c, pair, found, counts); err != nil {
			return err
		}
		slog.InfoContext(ctx, "suspects found", slog.String("campaign", c.ID), slog.String("pair", pair.Code), slog.Int("missing", counts.Missing), slog.Int("uncertain", counts.Uncertain))
	}
	return nil
}
