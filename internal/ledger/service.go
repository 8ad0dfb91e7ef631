package ledger

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"ruhu/internal/audit"
	"ruhu/internal/authz"
	"ruhu/internal/blob"
	"ruhu/internal/calendar"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/job"
	"ruhu/internal/region"
	"ruhu/internal/roster"
	"ruhu/internal/survey"
)

// Service keeps the ledger. It is safe for many goroutines.
type Service struct {
	d       *db.DB
	bus     *job.Bus
	surveys *survey.Service
	blobs   *blob.Store
	cal     *calendar.Calendar
}

// NewService makes a Service. cal says which days are working days; nil is the official calendar.
func NewService(d *db.DB, bus *job.Bus, surveys *survey.Service, blobs *blob.Store, cal *calendar.Calendar) *Service {
	if cal == nil {
		cal = calendar.Official()
	}
	return &Service{d, bus, surveys, blobs, cal}
}

// Filter narrows List. Empty fields are no restriction.
type Filter struct {
	State     State
	Village   region.Code
	Household string // id
	Sector    string
	Overdue   bool
	Cursor    string // as List gave it
	Limit     int    // see db.PageSize
}

// Page is one page of the ledger.
type Page struct {
	Items  []Item
	Next   string        // cursor; "" at the end
	Counts map[State]int // under the same filter, whatever the state
	Total  int           // the same for the state that was asked for
	Today  db.Date       // in the campaign's zone: what overdue means
}

// List gives the items of a campaign in the actor's region in the order of numbers. Returns Forbidden, NotFound
// "survey.not_found", Invalid "ledger.state".
func (s *Service) List(ctx context.Context, actor authz.Actor, campaign string, f Filter) (Page, error) {
	p := Page{Counts: map[State]int{}}
	if err := actor.Require(authz.LedgerRead); err != nil {
		return p, err
	}
	if f.State != "" && !slices.Contains(States(), f.State) {
		return p, errs.Invalid.New("ledger.state", "state", string(f.State))
	}
	f.Limit = db.PageSize(f.Limit)
	err := s.d.View(ctx, func(tx *db.Tx) error {
		c, err := survey.VisibleTx(ctx, tx, actor, campaign)
		if err != nil {
			return err
		}
		p.Today = c.Today(tx.Now())
		w := filter(actor, campaign, f, p.Today)
		if err := countTx(ctx, tx, w, &p, f.State); err != nil {
			return err
		}
		if f.State != "" {
			w.And(`state = ?`, string(f.State))
		}
		if f.Cursor != "" {
			number, last, _ := strings.Cut(f.Cursor, ",")
			if last, err = id.Parse(last); err != nil {
				return err
			}
			w.And(`(number, id) > (?, ?)`, clip(number, 40), last)
		}
		q := selectItems + w.Text() + fmt.Sprintf(` ORDER BY number, id LIMIT %d`, f.Limit+1)
		p.Items, err = db.List(ctx, tx, scanItem, q, w.Args()...)
		if err != nil {
			return err
		}
		if len(p.Items) > f.Limit {
			p.Items = p.Items[:f.Limit]
			end := p.Items[f.Limit-1]
			p.Next = end.Number + "," + end.ID
		}
		return fillTx(ctx, tx, actor.County, p.Items)
	})
	return p, err
}

func filter(actor authz.Actor, campaign string, f Filter, today db.Date) *db.Where {
	lo, hi := actor.Scope()
	w := db.NewWhere(`county = ? AND campaign = ? AND village >= ? AND village < ?`, actor.County, campaign, lo, hi)
	if f.Village != "" {
		vlo, vhi := f.Village.Range()
		w.And(`village >= ? AND village < ?`, vlo, vhi)
	}
	if f.Household != "" {
		w.And(`household = ?`, f.Household)
	}
	if f.Sector != "" {
		w.And(`sector = ?`, f.Sector)
	}
	if f.Overdue {
		w.And(`state <> 'closed' AND due_on < ?`, today)
	}
	return w
}

func countTx(ctx context.Context, tx *db.Tx, w *db.Where, p *Page, state State) error {
	return tx.Query(ctx, countItems+w.Text()+` GROUP BY state`, w.Args(), func(scan func(...any) error) error {
		var st string
		var n int
		err := scan(&st, &n)
		p.Counts[State(st)] = n
		if state == "" || state == State(st) {
			p.Total += n
		}
		return err
	})
}

// Detail is an item with its history.
type Detail struct {
	Item
	Events []Event
	Today  db.Date
}

// Get gives an item of the actor's region. Returns Forbidden, NotFound "ledger.not_found".
func (s *Service) Get(ctx context.Context, actor authz.Actor, itemID string) (Detail, error) {
	if err := actor.Require(authz.LedgerRead); err != nil {
		return Detail{}, err
	}
	var out Detail
	err := s.d.View(ctx, func(tx *db.Tx) (err error) {
		out, err = detailTx(ctx, tx, actor, itemID)
		return err
	})
	return out, err
}

func detailTx(ctx context.Context, tx *db.Tx, actor authz.Actor, itemID string) (Detail, error) {
	it, err := getTx(ctx, tx, actor, itemID)
	if err != nil {
		return Detail{}, err
	}
	c, err := survey.CampaignTx(ctx, tx, it.County, it.Campaign)
	if err != nil {
		return Detail{}, err
	}
	one := []Item{it}
	if err := fillTx(ctx, tx, it.County, one); err != nil {
		return Detail{}, err
	}
	events, err := eventsTx(ctx, tx, it.County, it.ID)
	return Detail{one[0], events, c.Today(tx.Now())}, err
}

// ForHouseholdTx gives the items of a household; the caller has decided who may see it.
func ForHouseholdTx(ctx context.Context, tx *db.Tx, county, household string) ([]Item, error) {
	items, err := db.List(ctx, tx, scanItem, selectItems+`county = $1 AND household = $2 ORDER BY number, id`, county, household)
	if err != nil {
		return nil, err
	}
	return items, fillTx(ctx, tx, county, items)
}

// File opens a piece of evidence that the item names. The caller closes it. Returns Forbidden, NotFound "ledger.not_found",
// "blob.not_found".
func (s *Service) File(ctx context.Context, actor authz.Actor, itemID, digest string) (blob.Digest, error) {
	d, err := s.Get(ctx, actor, itemID)
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

// Input is a problem that a person registers.
type Input struct {
	Household string // "" for a problem of the village
	Village   region.Code
	Title     errs.Text // one language is enough
	Category  string
	Sector    string
	Severity  string // of the playbook
	DueOn     db.Date
	Note      string
}

// Register opens an item by hand under an id made by the caller; the same id again gives the item as it stands.
// Returns Forbidden, NotFound "survey.not_found", "roster.no_household", "region.not_found", Invalid "ledger.title", "ledger.severity", "ledger.due".
func (s *Service) Register(ctx context.Context, actor authz.Actor, campaign, itemID string, in Input) (Detail, error) {
	if err := actor.Require(authz.LedgerRegister); err != nil {
		return Detail{}, err
	}
	if in.Title = bothLanguages(in.Title); in.Title.ZH == "" || tooLong(in.Title.ZH) || tooLong(in.Title.EN) {
		return Detail{}, errs.Invalid.New("ledger.title", "field", "title")
	}
	if in.DueOn != "" {
		if _, err := db.ParseDate(string(in.DueOn)); err != nil {
			return Detail{}, errs.Invalid.Wrap(err, "ledger.due", "field", "due_on")
		}
	}
	var out Detail
	err := s.d.Update(ctx, func(tx *db.Tx) error {
		_, err := scanItem(tx.QueryRow(ctx, selectItem, actor.County, itemID).Scan)
		if err == nil {
			out, err = detailTx(ctx, tx, actor, itemID)
			return err
		}
		if !errors.Is(err, db.ErrNoRows) {
			return err
		}
		if err := s.registerTx(ctx, tx, actor, campaign, itemID, in); err != nil {
			return err
		}
		out, err = detailTx(ctx, tx, actor, itemID)
		return err
	})
	return out, err
}

func (s *Service) registerTx(ctx context.Context, tx *db.Tx, actor authz.Actor, campaign, itemID string, in Input) error {
	c, err := survey.VisibleTx(ctx, tx, actor, campaign)
	if err != nil {
		return err
	}
	if in.Household != "" {
		h, err := roster.HouseholdTx(ctx, tx, actor.County, in.Household)
		if err != nil {
			return err
		}
		if h.Campaign != campaign || !actor.Sees(h.Village) {
			return errs.NotFound.New("roster.no_household", "id", in.Household)
		}
		in.Village = h.Village
	}
	if !actor.Sees(in.Village) || !c.Region.Contains(in.Village) {
		return errs.NotFound.New("region.not_found", "code", string(in.Village))
	}
	if !slices.ContainsFunc(c.Plan.Ledger.Severities, sameCode(in.Severity)) {
		return errs.Invalid.New("ledger.severity", "field", "severity", "severity", clip(in.Severity, 40))
	}
	today := c.Today(tx.Now())
	if in.DueOn == "" {
		in.DueOn = s.due(c, today, 0)
	}
	items := []Item{{
		County: actor.County, ID: itemID, Campaign: campaign, RuleKey: itemID, Code: "manual", Title: in.Title,
		Category: clip(in.Category, 60), Sector: clip(in.Sector, 60), Severity: in.Severity, Source: ByVisit, Household: in.Household,
		Village: in.Village, State: Registered, Responsible: c.Plan.Ledger.Responsible, FoundOn: today, DueOn: in.DueOn,
	}}
	if err := numberTx(ctx, tx, actor.County, items); err != nil {
		return err
	}
	if err := insertItemsTx(ctx, tx, items); err != nil {
		return err
	}
	e := note{Event{ID: id.New(), Action: acted, Account: actor.ID, ByName: actor.Name, Role: actor.Role, Note: clip(in.Note, maxText)}, itemID}
	if err := noteTx(ctx, tx, actor.County, []note{e}); err != nil {
		return err
	}
	err = audit.Write(ctx, tx, actor, audit.Entry{
		Action: "ledger.register", Campaign: campaign, Object: "problem", ObjectID: itemID, Place: in.Village, Detail: map[string]any{"number": items[0].Number},
	})
	if err != nil {
		return err
	}
	return s.bus.Emit(ctx, tx, actor.County, EventMoved, items[0].moved("", Registered))
}

// bothLanguages takes a missing language from the other.
func bothLanguages(t errs.Text) errs.Text {
	t.ZH, t.EN = clip(t.ZH, maxText), clip(t.EN, maxText)
	if t.ZH == "" {
		t.ZH = t.EN
	}
	if t.EN == "" {
		t.EN = t.ZH
	}
	return t
}

func tooLong(title string) bool { return utf8.RuneCountInString(title) > 200 }

const maxText = 2000 // characters of a note

// clip cuts a text from outside to n characters.
func clip(s string, n int) string {
	s = strings.TrimSpace(strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", ""), "�"))
	if r := []rune(s); len(r) > n {
		return string(r[:n])
	}
	return s
}
