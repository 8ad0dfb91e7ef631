package ledger

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"ruhu/internal/authz"
	"ruhu/internal/blob"
	"ruhu/internal/calendar"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/job"
	"ruhu/internal/playbook"
	"ruhu/internal/region"
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
	Nature    string
	Source    Source
	Overdue   bool
	Warning   bool   // due within the playbook's days of early warning
	Notice    string // open: a supervision notice is unanswered; late: and should have been answered
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
	WarnTo db.Date       // items due from Today to this day are warned of; "" for none
}

// List gives the items of a campaign in the actor's region in the order of numbers. Returns Forbidden, NotFound
// "survey.not_found", Invalid "ledger.state", "ledger.filter".
func (s *Service) List(ctx context.Context, actor authz.Actor, campaign string, f Filter) (Page, error) {
	p := Page{Counts: map[State]int{}}
	if err := actor.Require(authz.LedgerRead); err != nil {
		return p, err
	}
	if f.State != "" && !slices.Contains(States(), f.State) {
		return p, errs.Invalid.New("ledger.state", "state", string(f.State))
	}
	if f.Notice != "" && f.Notice != "open" && f.Notice != "late" {
		return p, errs.Invalid.New("ledger.filter", "field", "notice")
	}
	f.Limit = db.PageSize(f.Limit)
	err := s.d.View(ctx, func(tx *db.Tx) error {
		c, err := survey.VisibleTx(ctx, tx, actor, campaign)
		if err != nil {
			return err
		}
		p.Today = c.Today(tx.Now())
		p.WarnTo = s.warnTo(c, p.Today)
		sees, err := sightTx(ctx, tx, actor, c)
		if err != nil {
			return err
		}
		w := filter(actor, campaign, f, p)
		sees.where(w)
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
			w.And(`(number, id) > (?, ?)`, db.Clip(number, 40), last)
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
		return fillTx(ctx, tx, actor.County, p.Today, p.Items)
	})
	return p, err
}

// warnTo is the last due date that is warned of today; "" where the playbook warns of none.
func (s *Service) warnTo(c survey.Campaign, today db.Date) db.Date {
	if c.Plan.Ledger.WarnDays == 0 {
		return ""
	}
	return s.cal.Add(today, c.Plan.Ledger.WarnDays)
}

func filter(actor authz.Actor, campaign string, f Filter, p Page) *db.Where {
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
	if f.Nature != "" {
		w.And(`nature = ?`, f.Nature)
	}
	if f.Source != "" {
		w.And(`source = ?`, string(f.Source))
	}
	if f.Overdue {
		w.And(`state <> 'closed' AND due_on < ?`, p.Today)
	}
	if f.Warning {
		w.And(`state IN ('registered', 'fixing', 'escalated', 'referred') AND due_on >= ? AND due_on <= ?`, p.Today, string(p.WarnTo))
	}
	if f.Notice != "" {
		w.And(`state <> 'closed' AND notice <> '' AND NOT replied`)
	}
	if f.Notice == "late" {
		w.And(`reply_by < ?`, p.Today)
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

// Rules is what the playbook says about the ledger of a campaign, with today's dates.
type Rules struct {
	playbook.Ledger
	Today, DueOn, ReplyBy, WarnTo db.Date
}

// Rules gives them. Returns Forbidden, NotFound "survey.not_found".
func (s *Service) Rules(ctx context.Context, actor authz.Actor, campaign string) (Rules, error) {
	var out Rules
	if err := actor.Require(authz.LedgerRead); err != nil {
		return out, err
	}
	err := s.d.View(ctx, func(tx *db.Tx) error {
		c, err := survey.VisibleTx(ctx, tx, actor, campaign)
		if err != nil {
			return err
		}
		today := c.Today(tx.Now())
		out = Rules{c.Plan.Ledger, today, s.due(c, today, 0), s.replyBy(c, today), s.warnTo(c, today)}
		return nil
	})
	return out, err
}

// Detail is an item with its history.
type Detail struct {
	Item
	Events   []Event
	Notices  []Notice
	Petition *Petition // nil for other sources
	Today    db.Date
	WarnTo   db.Date
}

// Warned reports whether the due date is near and nobody has claimed yet.
func (it Item) Warned(today, warnTo db.Date) bool {
	return slices.Contains(atWork, it.State) && it.DueOn >= today && it.DueOn <= warnTo
}

// Get gives an item of the actor's region. Returns Forbidden, NotFound "ledger.not_found".
func (s *Service) Get(ctx context.Context, actor authz.Actor, itemID string) (Detail, error) {
	if err := actor.Require(authz.LedgerRead); err != nil {
		return Detail{}, err
	}
	var out Detail
	err := s.d.View(ctx, func(tx *db.Tx) (err error) {
		out, err = s.detailTx(ctx, tx, actor, itemID)
		return err
	})
	return out, err
}

func (s *Service) detailTx(ctx context.Context, tx *db.Tx, actor authz.Actor, itemID string) (Detail, error) {
	it, c, err := getTx(ctx, tx, actor, itemID)
	if err != nil {
		return Detail{}, err
	}
	one := []Item{it}
	if err := fillTx(ctx, tx, it.County, it.today, one); err != nil {
		return Detail{}, err
	}
	out := Detail{Item: one[0], Today: it.today, WarnTo: s.warnTo(c, it.today)}
	if out.Events, err = eventsTx(ctx, tx, it.County, it.ID); err != nil {
		return Detail{}, err
	}
	if it.Notice != "" {
		if out.Notices, err = noticesTx(ctx, tx, it.County, it.ID); err != nil {
			return Detail{}, err
		}
	}
	if it.Source == ByPetition {
		out.Petition, err = petitionTx(ctx, tx, actor, it)
	}
	return out, err
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

// bothLanguages takes a missing language from the other.
func bothLanguages(t errs.Text) errs.Text {
	t.ZH, t.EN = db.Clip(t.ZH, maxText), db.Clip(t.EN, maxText)
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
