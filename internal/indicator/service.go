package indicator

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"ruhu/internal/authz"
	"ruhu/internal/blob"
	"ruhu/internal/calendar"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/job"
	"ruhu/internal/playbook"
	"ruhu/internal/region"
	"ruhu/internal/sampling"
	"ruhu/internal/survey"
)

// Service keeps figures and determinations. It is safe for many goroutines.
type Service struct {
	d         *db.DB
	bus       *job.Bus
	surveys   *survey.Service
	samplings *sampling.Service
	blobs     *blob.Store
	cal       *calendar.Calendar
}

// NewService makes a Service. cal says which days are working days; nil is the official calendar.
func NewService(d *db.DB, bus *job.Bus, surveys *survey.Service, samplings *sampling.Service, blobs *blob.Store, cal *calendar.Calendar) *Service {
	if cal == nil {
		cal = calendar.Official()
	}
	return &Service{d, bus, surveys, samplings, blobs, cal}
}

// Filter narrows List. Empty fields are no restriction.
type Filter struct {
	Kind      string
	State     State
	Village   region.Code
	Household string // id
	Cursor    string // as List gave it
	Limit     int    // see db.PageSize
}

// Page is one page of the cases.
type Page struct {
	Items   []Determination `json:"items"`
	Next    string          `json:"next"`
	Counts  map[State]int   `json:"counts"`  // under the same filter, whatever the state
	Persons map[State]int   `json:"persons"` // the same, persons
	Kinds   []CaseKind      `json:"kinds"`   // of the playbook
}

// CaseKind is a kind of determination as the playbook has it.
type CaseKind struct {
	Code        string        `json:"code"`
	Title       playbook.Text `json:"title"`
	Classes     []string      `json:"classes"`
	Needs       int           `json:"needs"`  // verifiers who must agree
	County      bool          `json:"county"` // the county confirms
	Consequence string        `json:"consequence"`
	AppealDays  int           `json:"appeal_days"` // working days
}

func caseKind(d playbook.Determinations, k playbook.DeterminationKind) CaseKind {
	return CaseKind{k.Code, k.Title, k.Classes, k.Needs(), k.County, k.Consequence, d.AppealDays}
}

// List gives the cases of a campaign in the actor's region by village. Returns Forbidden, NotFound "survey.not_found", Invalid "indicator.state".
func (s *Service) List(ctx context.Context, actor authz.Actor, campaign string, f Filter) (Page, error) {
	p := Page{Items: []Determination{}, Counts: map[State]int{}, Persons: map[State]int{}, Kinds: []CaseKind{}}
	if err := actor.Require(authz.DetermineRead); err != nil {
		return p, err
	}
	if f.State != "" && !slices.Contains(States(), f.State) {
		return p, errs.Invalid.New("indicator.state", "state", db.Clip(string(f.State), 40))
	}
	f.Limit = db.PageSize(f.Limit)
	err := s.d.View(ctx, func(tx *db.Tx) error {
		c, err := survey.VisibleTx(ctx, tx, actor, campaign)
		if err != nil {
			return err
		}
		for _, k := range c.Plan.Determinations.Kinds {
			p.Kinds = append(p.Kinds, caseKind(c.Plan.Determinations, k))
		}
		lo, hi := actor.Scope()
		w := db.NewWhere(`county = ? AND campaign = ? AND village >= ? AND village < ?`, actor.County, campaign, lo, hi)
		if f.Village != "" {
			vlo, vhi := f.Village.Range()
			w.And(`village >= ? AND village < ?`, vlo, vhi)
		}
		if f.Kind != "" {
			w.And(`kind = ?`, f.Kind)
		}
		if f.Household != "" {
			w.And(`household = ?`, f.Household)
		}
		err = tx.Query(ctx, countCases+w.Text()+` GROUP BY state`, w.Args(), func(scan func(...any) error) error {
			var st string
			var n, persons int
			err := scan(&st, &n, &persons)
			p.Counts[State(st)], p.Persons[State(st)] = n, persons
			return err
		})
		if err != nil {
			return err
		}
		if f.State != "" {
			w.And(`state = ?`, string(f.State))
		}
		if f.Cursor != "" {
			village, last, _ := strings.Cut(f.Cursor, ",")
			if last, err = id.Parse(last); err != nil {
				return err
			}
			w.And(`(village, id) > (?, ?)`, db.Clip(village, 12), last)
		}
		q := selectCases + w.Text() + fmt.Sprintf(` ORDER BY village, id LIMIT %d`, f.Limit+1)
		items, err := db.List(ctx, tx, scanCase, q, w.Args()...)
		if err != nil {
			return err
		}
		p.Items = append(p.Items, items...)
		if len(p.Items) > f.Limit {
			p.Items = p.Items[:f.Limit]
			end := p.Items[f.Limit-1]
			p.Next = string(end.Village) + "," + end.ID
		}
		return fillTx(ctx, tx, actor.County, p.Items)
	})
	return p, err
}

// Case is a determination with its history and what the person may do now.
type Case struct {
	Determination
	Rules   CaseKind         `json:"rules"`
	Items   []ItemResult     `json:"items"`   // of the household's exit standard, as its form stands now
	Figures []StandingFigure `json:"figures"` // all that the form says
	Events  []Event          `json:"events"`
	May     []Action         `json:"may"`
	Today   db.Date          `json:"today"`
}

// Get gives a case of the actor's region. Returns Forbidden, NotFound "indicator.not_found".
func (s *Service) Get(ctx context.Context, actor authz.Actor, caseID string) (Case, error) {
	if err := actor.Require(authz.DetermineRead); err != nil {
		return Case{}, err
	}
	var out Case
	err := s.d.View(ctx, func(tx *db.Tx) (err error) {
		out, err = s.caseTx(ctx, tx, actor, caseID)
		return err
	})
	return out, err
}

func (s *Service) caseTx(ctx context.Context, tx *db.Tx, actor authz.Actor, caseID string) (Case, error) {
	x, c, err := getTx(ctx, tx, actor, caseID)
	if err != nil {
		return Case{}, err
	}
	one := []Determination{x}
	if err := fillTx(ctx, tx, x.County, one); err != nil {
		return Case{}, err
	}
	out := Case{Determination: one[0], Today: x.today, May: x.may(actor, c)}
	out.Rules = caseKind(c.Plan.Determinations, kindOf(c, x))
	st, err := s.standardTx(ctx, tx, c, x.Household, one[0].Class)
	if err != nil {
		return Case{}, err
	}
	out.Items, out.Figures = st.Items, st.Figures
	out.Events, err = eventsTx(ctx, tx, x.County, x.ID)
	return out, err
}

// File gives a piece of evidence that the case names. Returns Forbidden, NotFound "indicator.not_found", "blob.not_found".
func (s *Service) File(ctx context.Context, actor authz.Actor, caseID, digest string) (blob.Digest, error) {
	d, err := s.Get(ctx, actor, caseID)
	if err != nil {
		return "", err
	}
	for _, e := range d.Events {
		if slices.Contains(e.Files, digest) {
			return blob.Digest(digest), nil
		}
	}
	return "", errs.NotFound.New("blob.not_found")
}

const maxText = 2000 // characters of a note
