package review

import (
	"context"
	"maps"
	"slices"
	"strings"

	"ruhu/internal/assign"
	"ruhu/internal/audit"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/query"
	"ruhu/internal/region"
	"ruhu/internal/submission"
	"ruhu/internal/survey"
)

// The states of a village in a campaign; one that nobody has accepted yet is open.
const (
	AreaOpen     = "open"
	AreaAccepted = "accepted"
	AreaReopened = "reopened"
)

// Lack counts what keeps a village from being accepted (S4.10).
type Lack struct {
	Visits   int `json:"visits"`   // households without a form
	Forms    int `json:"forms"`    // not through their levels
	Errors   int `json:"errors"`   // forms with an error
	Warnings int `json:"warnings"` // forms with a warning that nobody confirmed with a reason
	Queries  int `json:"queries"`  // nobody answered
	Threads  int `json:"threads"`  // comments that are not resolved
}

// Nothing reports whether nothing is missing.
func (l Lack) Nothing() bool { return l == Lack{} }

// Area is a village in a campaign (验收).
type Area struct {
	Village  region.Code `json:"village"`
	Name     string      `json:"name"`
	State    string      `json:"state"` // open, accepted, reopened
	ByName   string      `json:"by_name"`
	Reason   string      `json:"reason"`
	At       db.Time     `json:"at"`
	Accepted int         `json:"accepted"` // forms
	Lack     Lack        `json:"lack"`
}

// AreaAct is a decision about a village. ID is made by the client: the same one sent twice is one.
type AreaAct struct{ ID, Reason string }

// AreaDone is the payload of review.area_accepted and review.area_reopened.
type AreaDone struct {
	Campaign string      `json:"campaign"`
	Village  region.Code `json:"village"`
	Forms    int         `json:"forms"` // accepted ones
	Day      db.Date     `json:"day"`
}

// Areas gives the villages of a campaign in the actor's region that have visits or forms. Returns Forbidden, NotFound "survey.not_found".
func (s *Service) Areas(ctx context.Context, actor authz.Actor, campaign string) ([]Area, error) {
	if err := actor.Require(authz.SubmissionRead); err != nil {
		return nil, err
	}
	var out []Area
	err := s.d.View(ctx, func(tx *db.Tx) error {
		c, err := survey.VisibleTx(ctx, tx, actor, campaign)
		if err != nil {
			return err
		}
		lo, hi := actor.Scope()
		out, err = areasTx(ctx, tx, c, lo, hi)
		return err
	})
	return out, err
}

// areasTx counts what is missing in each village of a range that has visits or forms.
func areasTx(ctx context.Context, tx *db.Tx, c survey.Campaign, lo, hi region.Code) ([]Area, error) {
	visits, err := assign.UnvisitedTx(ctx, tx, c.County, c.ID, lo, hi)
	if err != nil {
		return nil, err
	}
	forms, err := submission.AreaCountsTx(ctx, tx, c.County, c.ID, lo, hi)
	if err != nil {
		return nil, err
	}
	queries, err := query.OpenTx(ctx, tx, c.County, c.ID, lo, hi)
	if err != nil {
		return nil, err
	}
	threads, err := openThreadsTx(ctx, tx, c.County, c.ID, lo, hi)
	if err != nil {
		return nil, err
	}
	states, err := areaStatesTx(ctx, tx, c.County, c.ID, lo, hi)
	if err != nil {
		return nil, err
	}
	codes := slices.Collect(maps.Keys(visits))
	codes = append(codes, slices.Collect(maps.Keys(forms))...)
	slices.Sort(codes)
	codes = slices.Compact(codes)
	names, err := region.NamesTx(ctx, tx, codes)
	if err != nil {
		return nil, err
	}
	out := make([]Area, 0, len(codes))
	for _, v := range codes {
		if v.Level() != region.Village { // a form that fits none lies in its sender's region
			continue
		}
		a, f := states[v], forms[v]
		if a.State == "" {
			a.State = AreaOpen
		}
		a.Village, a.Name, a.Accepted = v, names[v], f.Accepted
		a.Lack = Lack{visits[v], f.Open, f.Errors, f.Unconfirmed, queries[v], threads[v]}
		out = append(out, a)
	}
	return out, nil
}

// Accept accepts a village in which nothing is missing. Returns Forbidden, NotFound "survey.not_found", "review.no_area", Invalid "id.malformed",
// "review.text", Conflict "review.area_lacks" with what is missing, "review.area_state", "review.other_decision".
func (s *Service) Accept(ctx context.Context, actor authz.Actor, campaign string, village region.Code, act AreaAct) (Area, error) {
	return s.actOn(ctx, actor, campaign, village, act, func(tx *db.Tx, c survey.Campaign) (Area, error) {
		// The row comes first: whoever returns a form of the village waits for it, or is waited for.
		if err := moveArea(ctx, tx, c, village, AreaAccepted, AreaOpen, AreaReopened, actor.Name, act.Reason); err != nil {
			return Area{}, err
		}
		a, err := areaTx(ctx, tx, c, village)
		if err != nil {
			return a, err
		}
		if !a.Lack.Nothing() || a.Accepted == 0 {
			return a, lacking(a)
		}
		return a, s.wrote(ctx, tx, actor, c, a, act, "accept", "")
	})
}

// ReopenArea takes an acceptance back, with a reason. Returns what Accept does without "review.area_lacks".
func (s *Service) ReopenArea(ctx context.Context, actor authz.Actor, campaign string, village region.Code, act AreaAct) (Area, error) {
	if strings.TrimSpace(act.Reason) == "" {
		return Area{}, errs.Invalid.New("review.nothing_said", "field", "reason")
	}
	return s.actOn(ctx, actor, campaign, village, act, func(tx *db.Tx, c survey.Campaign) (Area, error) {
		if err := moveArea(ctx, tx, c, village, AreaReopened, AreaAccepted, AreaAccepted, actor.Name, act.Reason); err != nil {
			return Area{}, err
		}
		a, err := areaTx(ctx, tx, c, village)
		if err != nil {
			return a, err
		}
		return a, s.wrote(ctx, tx, actor, c, a, act, "reopen", "")
	})
}

// actOn does what a decision about a village has in common.
func (s *Service) actOn(ctx context.Context, actor authz.Actor, campaign string, village region.Code, act AreaAct, do func(*db.Tx, survey.Campaign) (Area, error)) (Area, error) {
	if err := actor.Require(authz.ReviewAccept); err != nil {
		return Area{}, err
	}
	var err error
	if act.ID, err = id.Parse(act.ID); err != nil {
		return Area{}, err
	}
	if !writable(act.Reason) {
		return Area{}, errs.Invalid.New("review.text", "field", "reason", "limit", maxText)
	}
	var out Area
	err = s.d.Update(ctx, func(tx *db.Tx) error {
		c, err := survey.VisibleTx(ctx, tx, actor, campaign)
		if err != nil {
			return err
		}
		if !actor.Sees(village) {
			return errs.NotFound.New("review.no_area", "village", string(village))
		}
		switch of, err := areaOf(ctx, tx, c.County, act.ID); {
		case err != nil:
			return err
		case of == c.ID+string(village):
			out, err = areaTx(ctx, tx, c, village)
			return err // sent again
		case of != "":
			return errs.Conflict.New("review.other_decision")
		}
		out, err = do(tx, c)
		return err
	})
	return out, err
}

// lacking is the one refusal that says everything that is missing.
func lacking(a Area) error {
	var zh, en []string
	say := func(n int, z, e string) {
		if n > 0 {
			zh, en = append(zh, strings.Replace(z, "#", itoa(n), 1)), append(en, strings.Replace(e, "#", itoa(n), 1))
		}
	}
	l := a.Lack
	say(l.Visits, "# 户没有交表", "# households without a form")
	say(l.Forms, "# 份没有审完", "# forms not through their levels")
	say(l.Errors, "# 份有错误", "# forms with errors")
	say(l.Warnings, "# 份有提示没说明", "# forms with warnings nobody explained")
	say(l.Queries, "# 条请示没答复", "# queries not answered")
	say(l.Threads, "# 条批注没解决", "# comments not resolved")
	if len(zh) == 0 {
		zh, en = []string{"一份表也没有"}, []string{"there are no forms"}
	}
	return errs.Conflict.New("review.area_lacks", "village", a.Name, "list_zh", strings.Join(zh, "；"), "list_en", strings.Join(en, "; "), "lack", l)
}

// wrote writes a decision about a village, with what follows from it.
func (s *Service) wrote(ctx context.Context, tx *db.Tx, actor authz.Actor, c survey.Campaign, a Area, act AreaAct, action, form string) error {
	if err := writeArea(ctx, tx, actor, c, a, act, action, form); err != nil {
		return err
	}
	err := audit.Write(ctx, tx, actor, audit.Entry{
		Action: "review.area_" + action, Campaign: c.ID, Object: "village", ObjectID: string(a.Village), Place: a.Village,
		Detail: map[string]any{"forms": a.Accepted, "submission": form},
	})
	if err != nil {
		return err
	}
	return s.bus.Emit(ctx, tx, c.County, "review.area_"+action+"ed", AreaDone{c.ID, a.Village, a.Accepted, c.Today(tx.Now())})
}

// returnedIn reopens a village that was accepted when one of its forms goes back.
func (s *Service) returnedIn(ctx context.Context, tx *db.Tx, actor authz.Actor, c survey.Campaign, rec submission.Record, reason string) error {
	err := moveArea(ctx, tx, c, rec.Village, AreaReopened, AreaAccepted, AreaAccepted, actor.Name, reason)
	if errs.CodeOf(err) == "review.area_state" {
		return nil
	}
	if err != nil {
		return err
	}
	a, err := areaTx(ctx, tx, c, rec.Village)
	if err != nil {
		return err
	}
	return s.wrote(ctx, tx, actor, c, a, AreaAct{id.New(), reason}, "reopen", rec.ID)
}

// areasAccepted is the gate areas_accepted.
func areasAccepted(ctx context.Context, tx *db.Tx, c survey.Campaign) ([]*errs.Error, error) {
	lo, hi := c.Region.Range()
	as, err := areasTx(ctx, tx, c, lo, hi)
	if err != nil {
		return nil, err
	}
	n := 0
	for _, a := range as {
		if a.State != AreaAccepted {
			n++
		}
	}
	if n == 0 && len(as) > 0 {
		return nil, nil
	}
	return []*errs.Error{errs.Conflict.New("review.areas_open", "count", n)}, nil
}
