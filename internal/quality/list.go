package quality

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

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

// State is where a finding stands.
type State string

// The states.
const (
	Open      State = "open"
	Explained State = "explained"
	Gone      State = "gone"
)

// Finding is a remarkable figure.
type Finding struct {
	ID, Campaign, Key, Rule, Item string
	Submission, Household, Team   string // Submission "": about the team
	Village                       region.Code
	Figure, Threshold             string
	Others                        []string // submissions
	Figures                       map[string]string
	State                         State
	Reason, Account, ByName       string
	ExplainedAt, FoundAt, SeenAt  db.Time

	HouseholdCode, HeadName, VillageName, TeamName string
}

// Filter narrows List. Empty fields are no restriction.
type Filter struct {
	State      State
	Rule       string
	Village    region.Code
	Team       string
	Submission string
	Cursor     string
	Limit      int
}

// Page is one page of findings, with how many there are by rule and by state.
type Page struct {
	Items  []Finding
	Next   string
	Rules  map[string]int // of the state that was asked for
	States map[State]int
	Ran    *Ran // the last run over all forms
}

// List gives findings of the actor's region, the oldest first. Returns Forbidden, NotFound "survey.not_found", Invalid "quality.filter".
func (s *Service) List(ctx context.Context, actor authz.Actor, campaign string, f Filter) (Page, error) {
	p := Page{Rules: map[string]int{}, States: map[State]int{}}
	if err := actor.Require(authz.QualityRead); err != nil {
		return p, err
	}
	if f.State != "" && f.State != Open && f.State != Explained && f.State != Gone || f.Rule != "" && !slices.Contains(playbook.QualityRules, f.Rule) {
		return p, errs.Invalid.New("quality.filter")
	}
	f.Limit = db.PageSize(f.Limit)
	err := s.d.View(ctx, func(tx *db.Tx) error {
		p = Page{Rules: map[string]int{}, States: map[State]int{}}
		if _, err := survey.VisibleTx(ctx, tx, actor, campaign); err != nil {
			return err
		}
		w, err := where(actor, campaign, f)
		if err != nil {
			return err
		}
		err = tx.Query(ctx, countRules+w.Text()+` GROUP BY rule, state`, w.Args(), func(scan func(...any) error) error {
			var rule, state string
			var n int
			err := scan(&rule, &state, &n)
			if f.State == "" || f.State == State(state) {
				p.Rules[rule] += n
			}
			if f.Rule == "" || f.Rule == rule {
				p.States[State(state)] += n
			}
			return err
		})
		if err != nil {
			return err
		}
		if f.State != "" {
			w.And(`state = ?`, string(f.State))
		}
		if f.Rule != "" {
			w.And(`rule = ?`, f.Rule)
		}
		if f.Cursor != "" {
			at, last, err := cursor(f.Cursor)
			if err != nil {
				return err
			}
			w.And(`(found_at, id) > (?, ?)`, at, last)
		}
		p.Items, err = db.List(ctx, tx, scanFinding, selectFindings+w.Text()+fmt.Sprintf(` ORDER BY found_at, id LIMIT %d`, f.Limit+1), w.Args()...)
		if err != nil {
			return err
		}
		if len(p.Items) > f.Limit {
			p.Items = p.Items[:f.Limit]
			end := p.Items[f.Limit-1]
			p.Next = end.FoundAt.String() + "," + end.ID
		}
		rs, err := db.List(ctx, tx, func(scan func(...any) error) (Ran, error) {
			var r Ran
			err := scan(&r.Forms, &r.Findings, &r.At)
			return r, err
		}, lastRun, actor.County, campaign)
		if err != nil {
			return err
		}
		if len(rs) > 0 {
			p.Ran = &rs[0]
		}
		return nameTx(ctx, tx, actor.County, p.Items)
	})
	return p, err
}

func where(actor authz.Actor, campaign string, f Filter) (*db.Where, error) {
	w := db.NewWhere(`county = ? AND campaign = ?`, actor.County, campaign)
	lo, hi := actor.Scope()
	regionOf(w, lo, hi)
	if f.Village != "" {
		lo, hi := f.Village.Range()
		regionOf(w, lo, hi)
	}
	for column, value := range map[string]string{"team": f.Team, "submission": f.Submission} {
		if value == "" {
			continue
		}
		x, err := id.Parse(value)
		if err != nil {
			return nil, err
		}
		w.And(column+` = ?`, x)
	}
	return w, nil
}

func cursor(c string) (at db.Time, last string, err error) {
	t, last, ok := strings.Cut(c, ",")
	if !ok || at.Scan(t) != nil {
		return at, "", errs.Invalid.New("quality.filter")
	}
	last, err = id.Parse(last)
	return at, last, err
}

func nameTx(ctx context.Context, tx *db.Tx, county string, items []Finding) error {
	var houses, teams []string
	codes := make([]region.Code, 0, len(items))
	for _, f := range items {
		if f.Household != "" {
			houses = append(houses, f.Household)
		}
		if f.Team != "" {
			teams = append(teams, f.Team)
		}
		codes = append(codes, f.Village)
	}
	byHouse, err := roster.NamesTx(ctx, tx, county, houses)
	if err != nil {
		return err
	}
	byTeam, err := assign.TeamNamesTx(ctx, tx, county, teams)
	if err != nil {
		return err
	}
	names, err := region.NamesTx(ctx, tx, codes)
	if err != nil {
		return err
	}
	for i := range items {
		f := &items[i]
		h := byHouse[f.Household]
		f.HouseholdCode, f.HeadName, f.TeamName, f.VillageName = h.Code, h.HeadName, byTeam[f.Team], names[f.Village]
	}
	return nil
}

const maxReason = 1000 // characters

// Explain marks a finding of the actor's region as explained, with the reason; again replaces the reason. Returns Forbidden, NotFound
// "quality.not_found", Invalid "quality.reason", Conflict "quality.gone".
func (s *Service) Explain(ctx context.Context, actor authz.Actor, finding, reason string) (Finding, error) {
	var out Finding
	if err := actor.Require(authz.QualityExplain); err != nil {
		return out, err
	}
	reason = strings.TrimSpace(strings.ToValidUTF8(strings.ReplaceAll(reason, "\x00", ""), ""))
	if n := utf8.RuneCountInString(reason); n == 0 || n > maxReason {
		return out, errs.Invalid.New("quality.reason", "field", "reason")
	}
	err := s.d.Update(ctx, func(tx *db.Tx) error {
		f, err := oneTx(ctx, tx, actor, finding)
		if err != nil {
			return err
		}
		n, err := tx.Exec(ctx, updateExplain, actor.County, f.ID, reason, actor.ID, actor.Name, tx.Now())
		if err != nil {
			return err
		}
		if n == 0 {
			return errs.Conflict.New("quality.gone")
		}
		err = audit.Write(ctx, tx, actor, audit.Entry{
			Action: "quality.explain", Campaign: f.Campaign, Object: "quality_finding", ObjectID: f.ID, Place: f.Village,
			Detail: map[string]any{"rule": f.Rule, "item": f.Item, "figure": f.Figure, "threshold": f.Threshold, "reason": reason},
		})
		if err != nil {
			return err
		}
		out, err = oneTx(ctx, tx, actor, finding)
		return err
	})
	return out, err
}

func oneTx(ctx context.Context, tx *db.Tx, actor authz.Actor, finding string) (Finding, error) {
	w := db.NewWhere(`county = ? AND id = ?`, actor.County, finding)
	lo, hi := actor.Scope()
	regionOf(w, lo, hi)
	items, err := db.List(ctx, tx, scanFinding, selectFindings+w.Text(), w.Args()...)
	if err != nil {
		return Finding{}, err
	}
	if len(items) == 0 {
		return Finding{}, errs.NotFound.New("quality.not_found")
	}
	return items[0], nameTx(ctx, tx, actor.County, items)
}
