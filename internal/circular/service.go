package circular

import (
	"context"
	"slices"
	"sync"
	"time"

	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/job"
	"ruhu/internal/playbook"
	"ruhu/internal/region"
	"ruhu/internal/score"
	"ruhu/internal/survey"
)

// Service counts days, computes circulars and issues them. It is safe for many goroutines.
type Service struct {
	d     *db.DB
	bus   *job.Bus
	rules sync.Map // county and campaign → rules
}

// NewService makes a Service.
func NewService(d *db.DB, bus *job.Bus) *Service { return &Service{d: d, bus: bus} }

// State of a circular.
type State string

// The states.
const (
	Computed  State = "computed"
	Approved  State = "approved"
	Issued    State = "issued"
	Withdrawn State = "withdrawn"
)

// Head is a circular without what it says.
type Head struct {
	ID          string        `json:"id"`
	Series      string        `json:"series"`
	Title       playbook.Text `json:"title"`
	Period      Period        `json:"period"`
	State       State         `json:"state"`
	Number      int           `json:"number"` // 0 before it is issued
	Digest      string        `json:"digest"`
	ComputedAt  db.Time       `json:"computed_at"`
	ComputedBy  string        `json:"computed_by"`
	ApprovedAt  db.Time       `json:"approved_at"`
	ApprovedBy  string        `json:"approved_by"`
	IssuedAt    db.Time       `json:"issued_at"`
	IssuedBy    string        `json:"issued_by"`
	WithdrawnAt db.Time       `json:"withdrawn_at"`
	WithdrawnBy string        `json:"withdrawn_by"`
	Reason      string        `json:"reason"` // of the withdrawal
}

func (h *Head) fill(c survey.Campaign) {
	s, _ := c.Plan.Circulars.Find(h.Series)
	h.Title = s.Title
}

// shownTo reports whether the actor may see it: what was issued is for every reader, a draft for those who make and approve it.
func (h Head) shownTo(actor authz.Actor, c survey.Campaign) bool {
	return h.Number > 0 || drafts(actor, c)
}

func drafts(actor authz.Actor, c survey.Campaign) bool {
	return actor.Sees(c.Region) && (actor.Can(authz.CircularIssue) || actor.Can(authz.CircularAllow))
}

// SeriesState is a series of the playbook and where it stands.
type SeriesState struct {
	Code    string        `json:"code"`
	Title   playbook.Text `json:"title"`
	Measure string        `json:"measure"`
	Now     *Period       `json:"now"` // under way; null before the first and after the last
	Due     []Period      `json:"due"` // over, and without a circular: only for those who see drafts
}

// Circulars is everything of a campaign that the actor sees.
type Circulars struct {
	Cutoff string        `json:"cutoff"` // "" when the campaign has no daily return
	Ranked bool          `json:"ranked"`
	Series []SeriesState `json:"series"`
	Items  []Head        `json:"items"`
}

// List gives the circulars of a campaign, the newest period first. Returns Forbidden, NotFound "survey.not_found".
func (s *Service) List(ctx context.Context, actor authz.Actor, campaign string) (Circulars, error) {
	out := Circulars{Series: []SeriesState{}, Items: []Head{}}
	if err := actor.Require(authz.CircularRead); err != nil {
		return out, err
	}
	err := s.d.View(ctx, func(tx *db.Tx) error {
		c, err := survey.VisibleTx(ctx, tx, actor, campaign)
		if err != nil {
			return err
		}
		out.Cutoff, out.Ranked = c.Plan.Circulars.Cutoff, c.Plan.Switches.Ranks()
		all, err := db.List(ctx, tx, scanSheet, selectSheets, actor.County, campaign)
		if err != nil {
			return err
		}
		made := map[string]bool{}
		for _, sh := range all {
			if sh.State != Withdrawn {
				made[sh.Series+string(sh.Period.To)] = true
			}
			if sh.shownTo(actor, c) {
				sh.fill(c)
				out.Items = append(out.Items, sh.Head)
			}
		}
		for _, ser := range c.Plan.Circulars.Series {
			out.Series = append(out.Series, stateOf(ser, c, tx.Now(), made, drafts(actor, c)))
		}
		return nil
	})
	return out, err
}

func stateOf(ser playbook.CircularSeries, c survey.Campaign, now db.Time, made map[string]bool, drafts bool) SeriesState {
	st := SeriesState{Code: ser.Code, Title: ser.Title, Measure: ser.Measure, Due: []Period{}}
	for _, p := range Periods(ser, c.Stages) {
		if closed(c, p, now) {
			if drafts && !made[ser.Code+string(p.To)] {
				st.Due = append(st.Due, p)
			}
			continue
		}
		if st.Now == nil && p.From <= rulesOf(c).day(now) {
			st.Now = &p
		}
	}
	return st
}

// grace is how long after the cut-off figures are not computed yet: transactions that began before it may still be on their way.
const grace = time.Minute

// closed reports whether nothing can change the figures of a period any more.
func closed(c survey.Campaign, p Period, now db.Time) bool {
	return rulesOf(c).day(now.Add(-grace)) > p.To
}

// Circular is a circular with what it says.
type Circular struct {
	Head
	Campaign string   `json:"campaign_id"`
	Content  Content  `json:"content"`
	Scored   []string `json:"scored"` // villages whose score bears its points; null when its points go to no score
	May      []string `json:"may"`    // what this person may do with it now: approve, issue, withdraw
}

// Get gives a circular. Returns Forbidden, NotFound "circular.not_found".
func (s *Service) Get(ctx context.Context, actor authz.Actor, circular string) (Circular, error) {
	var out Circular
	if err := actor.Require(authz.CircularRead); err != nil {
		return out, err
	}
	err := s.d.View(ctx, func(tx *db.Tx) error {
		sh, c, err := sheetTx(ctx, tx, actor, circular)
		if err != nil {
			return err
		}
		out, err = sh.whole(ctx, tx, actor, c)
		return err
	})
	return out, err
}

func (s sheet) whole(ctx context.Context, tx *db.Tx, actor authz.Actor, c survey.Campaign) (Circular, error) {
	content, err := decode(s.content)
	if err != nil {
		return Circular{}, err
	}
	out := Circular{s.Head, s.campaign, content, nil, []string{}}
	if a, ok := s.deduction(c); ok {
		units, err := score.UnitsTx(ctx, tx, c.County, a)
		if err != nil {
			return Circular{}, err
		}
		out.Scored = append([]string{}, units...)
	}
	for _, act := range []string{actApprove, actIssue, actWithdraw} {
		if s.check(actor, c, act) == nil {
			out.May = append(out.May, act)
		}
	}
	return out, nil
}

// DailyReturn is the return of forms of one day, village by village.
type DailyReturn struct {
	Day    db.Date    `json:"day"`
	Cutoff string     `json:"cutoff"`
	Over   bool       `json:"over"` // the cut-off has passed
	Items  []DailyRow `json:"items"`
}

// DailyRow is a village on a day.
type DailyRow struct {
	Village region.Code `json:"village"`
	Name    string      `json:"name"`
	Planned int         `json:"planned"` // visits planned for the day
	Handed  int         `json:"handed"`  // forms handed in on the day, whenever they were planned
	Behind  int         `json:"behind"`  // visits planned up to the day whose form has not come
	Total   int         `json:"total"`   // forms handed in so far
	Of      int         `json:"of"`      // visits in the plan
}

// Daily gives the return of a day, "" for the one under way, in the actor's region. Returns Forbidden, NotFound "survey.not_found", Invalid "circular.day",
// Conflict "circular.none".
func (s *Service) Daily(ctx context.Context, actor authz.Actor, campaign string, day db.Date) (DailyReturn, error) {
	out := DailyReturn{Items: []DailyRow{}}
	if err := actor.Require(authz.CircularRead); err != nil {
		return out, err
	}
	if day != "" {
		if _, err := db.ParseDate(string(day)); err != nil {
			return out, errs.Invalid.New("circular.day", "field", "day")
		}
	}
	err := s.d.View(ctx, func(tx *db.Tx) error {
		c, err := survey.VisibleTx(ctx, tx, actor, campaign)
		if err != nil {
			return err
		}
		if !c.Plan.Circulars.Asked() {
			return errs.Conflict.New("circular.none")
		}
		today := rulesOf(c).day(tx.Now())
		out.Day, out.Cutoff = day, c.Plan.Circulars.Cutoff
		if day == "" {
			out.Day = today
		}
		out.Over = out.Day < today
		lo, hi := actor.Scope()
		figures, err := figuresTx(ctx, tx, actor.County, campaign, lo, hi, Period{out.Day, out.Day})
		if err != nil {
			return err
		}
		names, err := region.NamesTx(ctx, tx, codes(figures))
		if err != nil {
			return err
		}
		for _, code := range codes(figures) {
			f := figures[code]
			out.Items = append(out.Items, DailyRow{code, names[code], f.PlannedNew, f.SubmittedNew, f.Planned - f.OnPlan, f.Submitted, f.Assigned})
		}
		return nil
	})
	return out, err
}

func codes(figures map[region.Code]Figures) []region.Code {
	out := make([]region.Code, 0, len(figures))
	for c := range figures {
		out = append(out, c)
	}
	slices.Sort(out)
	return out
}
