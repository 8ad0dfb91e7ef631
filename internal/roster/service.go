package roster

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/job"
	"ruhu/internal/region"
	"ruhu/internal/sheet"
	"ruhu/internal/survey"
)

// Service keeps base lists.
type Service struct {
	d   *db.DB
	bus *job.Bus
}

// NewService makes a Service and registers the gate roster_imported with surveys.
func NewService(d *db.DB, bus *job.Bus, surveys *survey.Service) *Service {
	surveys.RegisterGate(survey.GateRosterImported, func(ctx context.Context, tx *db.Tx, c survey.Campaign) ([]*errs.Error, error) {
		var n int
		if err := tx.QueryRow(ctx, countCampaign, c.County, c.ID).Scan(&n); err != nil || n > 0 {
			return nil, err
		}
		return []*errs.Error{errs.Conflict.New("roster.gate_empty")}, nil
	})
	return &Service{d: d, bus: bus}
}

// Filter narrows List. Zero fields do not narrow.
type Filter struct {
	Village region.Code // a village, or a township
	Class   Class
	State   string // Listed, Struck, "all"; "" is Listed
	Query   string // part of 户编号 or of the head's name; a whole ID number or phone for those who may see them
	Cursor  string
	Limit   int // see db.PageSize
}

// Page is a part of a list. Next is "" at the end; Total counts all that fit the filter.
type Page struct {
	Items []Household
	Next  string
	Total int
}

// List gives households of a campaign in the actor's region by village and 户编号. ID numbers and phones are masked unless
// the role has roster.pii. Returns Forbidden, NotFound "survey.not_found", Invalid "roster.cursor", "roster.state".
func (s *Service) List(ctx context.Context, actor authz.Actor, campaign string, f Filter) (Page, error) {
	if err := actor.Require(authz.RosterRead); err != nil {
		return Page{}, err
	}
	campaign, err := id.Parse(campaign)
	if err != nil {
		return Page{}, err
	}
	var p Page
	err = s.d.View(ctx, func(tx *db.Tx) error {
		if _, err := survey.VisibleTx(ctx, tx, actor, campaign); err != nil {
			return err
		}
		p, err = listTx(ctx, tx, actor, campaign, f)
		return err
	})
	if err == nil && !actor.Can(authz.RosterPII) {
		for i, h := range p.Items {
			p.Items[i] = h.Masked()
		}
	}
	return p, err
}

// Get gives a household with its members; masked as in List. Returns Forbidden, NotFound "roster.no_household".
func (s *Service) Get(ctx context.Context, actor authz.Actor, household string) (Full, error) {
	if err := actor.Require(authz.RosterRead); err != nil {
		return Full{}, err
	}
	household, err := id.Parse(household)
	if err != nil {
		return Full{}, err
	}
	var f Full
	err = s.d.View(ctx, func(tx *db.Tx) error {
		lo, hi := actor.Scope()
		h, err := scanHousehold(tx.QueryRow(ctx, selectScopedHousehold, actor.County, household, lo, hi).Scan)
		if errors.Is(err, db.ErrNoRows) {
			return errs.NotFound.New("roster.no_household", "id", household)
		}
		if err != nil {
			return err
		}
		full, err := fillTx(ctx, tx, actor.County, []Household{h})
		if err == nil {
			f = full[0]
		}
		return err
	})
	if err == nil && !actor.Can(authz.RosterPII) {
		f = f.Masked()
	}
	return f, err
}

// within holds for households whose village lies in a range as before a merger or as now (S4.1). The second is asked for only where it
// matters: a page of a long list comes out of the index of villages.
func within(w *db.Where, ms []region.Merger, lo, hi region.Code) {
	inside := func(c region.Code) bool { return c >= lo && c < hi }
	if slices.ContainsFunc(ms, func(m region.Merger) bool { return inside(m.New) && !inside(m.Old) }) {
		w.And(`(village >= ? AND village < ? OR village_now >= ? AND village_now < ?)`, lo, hi, lo, hi)
		return
	}
	w.And(`village >= ? AND village < ?`, lo, hi)
}

const countCampaign = `SELECT count(*) FROM roster_household WHERE county = $1 AND campaign = $2`

func listTx(ctx context.Context, tx *db.Tx, actor authz.Actor, campaign string, f Filter) (Page, error) {
	lo, hi := actor.Scope()
	ms, err := region.MergersTx(ctx, tx, actor.County)
	if err != nil {
		return Page{}, err
	}
	w := db.NewWhere(`county = ? AND campaign = ?`, actor.County, campaign)
	within(w, ms, lo, hi)
	if f.Village != "" {
		lo, hi := f.Village.Range()
		within(w, ms, lo, hi)
	}
	switch f.State {
	case "", Listed:
		w.And(`state = 'listed'`)
	case Struck:
		w.And(`state = 'struck'`)
	case "all":
	default:
		return Page{}, errs.Invalid.New("roster.state", "state", sheet.Clip(f.State, 30))
	}
	if f.Class != "" {
		w.And(`class = ?`, string(f.Class))
	}
	if q := sheet.Clean(f.Query); q != "" {
		like := "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(q) + "%"
		if actor.Can(authz.RosterPII) {
			w.And(`(lower(code) LIKE lower(?) ESCAPE '\' OR lower(head_name) LIKE lower(?) ESCAPE '\' OR head_id_number = ? OR phone = ?)`, like, like, strings.ToUpper(q), q)
		} else {
			w.And(`(lower(code) LIKE lower(?) ESCAPE '\' OR lower(head_name) LIKE lower(?) ESCAPE '\')`, like, like)
		}
	}
	var p Page
	if err := tx.QueryRow(ctx, `SELECT count(*) FROM roster_household WHERE `+w.Text(), w.Args()...).Scan(&p.Total); err != nil {
		return p, err
	}
	if f.Cursor != "" {
		village, code, ok := strings.Cut(f.Cursor, ".")
		if !ok {
			return p, errs.Invalid.New("roster.cursor")
		}
		w.And(`(village, code) > (?, ?)`, village, code)
	}
	limit := db.PageSize(f.Limit)
	args := append(w.Args(), limit+1)
	hs, err := db.List(ctx, tx, scanHousehold, `SELECT `+householdColumns+` FROM roster_household WHERE `+w.Text()+` ORDER BY village, code LIMIT $`+strconv.Itoa(len(args)), args...)
	if err != nil {
		return p, err
	}
	if len(hs) > limit {
		hs = hs[:limit]
		p.Next = string(hs[limit-1].Village) + "." + hs[limit-1].Code
	}
	p.Items = hs
	return p, nameTx(ctx, tx, hs)
}
