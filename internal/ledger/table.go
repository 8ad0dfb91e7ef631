package ledger

import (
	"context"
	"slices"

	"ruhu/internal/audit"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/region"
	"ruhu/internal/survey"
)

// Table is a register as it is shown, printed and exported.
type Table struct {
	Kind, Title string
	Columns     []string // codes
	Heads       []string
	Rows        []TableRow
	More        bool // there are more than the limit
	Today       db.Date
	Campaign    string // its title
}

// TableRow is a row; ID is the item that it is about.
type TableRow struct {
	ID    string
	Cells []string
}

// The registers (S0.5, S0.10, S0.12, S2.14, S2.15). The correction list for registers' figures is made by package match; the one here has the
// problems of a nature that means wrong base data.
const (
	RegProblem       = "problem"
	RegRectification = "rectification"
	RegCorrection    = "correction"
	RegClearance     = "clearance"
	RegRemoval       = "removal" // wrongly included, to be cleared from the national system: 清退台账
	RegNotice        = "notice"
	RegHelp          = "help"
	RegDaily         = "daily"
)

// view is a register: which items, and what of them.
type view struct {
	columns []string
	where   func(w *db.Where, c survey.Campaign, f TableFilter)
	order   string
}

const (
	byNumber = `number, id`
	byHouse  = `village, household, off_name, number, id`
)

var views = map[string]view{
	RegProblem: {
		[]string{"number", "village", "group", "household", "title", "nature", "sector", "severity", "source", "reference", "found_on", "responsible", "due_on", "state"},
		func(*db.Where, survey.Campaign, TableFilter) {}, byNumber,
	},
	RegRectification: {
		[]string{"number", "source", "village", "household", "title", "cause", "measure", "responsible", "person", "due_on", "result", "done_on", "state"},
		func(w *db.Where, _ survey.Campaign, _ TableFilter) { w.And(`measure <> ''`) }, byNumber,
	},
	RegCorrection: {
		[]string{"number", "village", "group", "household", "title", "detail", "found_on", "person", "due_on", "state"},
		func(w *db.Where, c survey.Campaign, _ TableFilter) {
			w.And(`nature <> ''`)
			for _, n := range c.Plan.Ledger.Natures {
				if !n.Correction {
					w.And(`nature <> ?`, n.Code)
				}
			}
		}, byNumber,
	},
	RegClearance: {
		[]string{"number", "source", "village", "household", "title", "measure", "result", "done_on", "verified_by", "closed_by", "closed_on"},
		func(w *db.Where, _ survey.Campaign, _ TableFilter) { w.And(`state = 'closed'`) }, byNumber,
	},
	RegRemoval: {
		[]string{"number", "village", "group", "household", "title", "measure", "result", "person", "found_on", "due_on", "done_on", "state"},
		func(w *db.Where, _ survey.Campaign, _ TableFilter) {
			w.And(`source = 'determination' AND category = ?`, ofClearance)
		}, byNumber,
	},
	RegNotice: {
		[]string{"number", "village", "title", "responsible", "person", "due_on", "no", "demand", "issued_on", "reply_by", "reply", "state"},
		func(w *db.Where, _ survey.Campaign, _ TableFilter) { w.And(`notice <> ''`) }, byNumber,
	},
	RegHelp: {
		[]string{"village", "group", "household", "lack", "supplier", "measure", "responsible", "person", "due_on", "state"},
		func(w *db.Where, _ survey.Campaign, _ TableFilter) {
			w.And(`state <> 'closed' AND source NOT IN ('petition', 'determination') AND (household IS NOT NULL OR off_name <> '')`)
		}, byHouse,
	},
	RegDaily: {
		[]string{"number", "village", "group", "household", "title", "detail", "sector", "severity", "source", "responsible"},
		func(w *db.Where, _ survey.Campaign, f TableFilter) { w.And(`found_on = ?`, f.Day) }, byHouse,
	},
}

// TableFilter narrows a register.
type TableFilter struct {
	Village region.Code
	Day     db.Date // of the daily list; "" is today
	Limit   int
}

// tableLimit is how many rows a screen or a sheet holds.
const (
	shownRows = 1000
	sheetRows = 50_000
)

// Table gives one of the registers in a language. Returns Forbidden, NotFound "survey.not_found", "ledger.no_register", Invalid "ledger.day".
func (s *Service) Table(ctx context.Context, actor authz.Actor, campaign, kind string, f TableFilter, lang string) (Table, error) {
	if err := actor.Require(authz.LedgerRead); err != nil {
		return Table{}, err
	}
	f.Limit = shownRows
	var out Table
	err := s.d.View(ctx, func(tx *db.Tx) (err error) {
		out, err = s.tableTx(ctx, tx, actor, campaign, kind, f, lang)
		return err
	})
	return out, err
}

// Export gives a register as a workbook; that it was taken is recorded. Errors as of Table.
func (s *Service) Export(ctx context.Context, actor authz.Actor, campaign, kind string, f TableFilter, lang string) ([]byte, error) {
	if err := actor.Require(authz.LedgerRead); err != nil {
		return nil, err
	}
	f.Limit = sheetRows
	var out Table
	err := s.d.Update(ctx, func(tx *db.Tx) (err error) {
		if out, err = s.tableTx(ctx, tx, actor, campaign, kind, f, lang); err != nil {
			return err
		}
		return audit.Write(ctx, tx, actor, audit.Entry{
			Action: "ledger.export", Campaign: campaign, Object: "campaign", ObjectID: campaign, Place: actor.Region,
			Detail: map[string]any{"register": kind, "rows": len(out.Rows)},
		})
	})
	if err != nil {
		return nil, err
	}
	return workbook(out)
}

func (s *Service) tableTx(ctx context.Context, tx *db.Tx, actor authz.Actor, campaign, kind string, f TableFilter, lang string) (Table, error) {
	v, ok := views[kind]
	if !ok {
		return Table{}, errs.NotFound.New("ledger.no_register", "register", db.Clip(kind, 40))
	}
	w, c, err := s.scopeTx(ctx, tx, actor, campaign, Filter{Village: f.Village})
	if err != nil {
		return Table{}, err
	}
	today := c.Today(tx.Now())
	if f.Day == "" {
		f.Day = today
	}
	if _, err := db.ParseDate(string(f.Day)); err != nil {
		return Table{}, errs.Invalid.Wrap(err, "ledger.day", "field", "day")
	}
	v.where(w, c, f)
	w.And(`1 = 1 ORDER BY `+v.order+` LIMIT ?`, f.Limit+1)
	items, err := db.List(ctx, tx, scanItem, selectItems+w.Text(), w.Args()...)
	if err != nil {
		return Table{}, err
	}
	out := Table{Kind: kind, Title: say(kind, lang), Today: today, Campaign: c.Title, More: len(items) > f.Limit, Rows: []TableRow{}}
	items = items[:min(len(items), f.Limit)]
	if err := fillTx(ctx, tx, actor.County, today, items); err != nil {
		return Table{}, err
	}
	past, err := pastTx(ctx, tx, actor.County, c, v, items)
	if err != nil {
		return Table{}, err
	}
	out.Columns = v.columns
	for _, h := range v.columns {
		out.Heads = append(out.Heads, say(h, lang))
	}
	for _, it := range items {
		row := TableRow{ID: it.ID}
		for _, col := range v.columns {
			row.Cells = append(row.Cells, cell(col, it, past[it.ID], c, lang))
		}
		out.Rows = append(out.Rows, row)
	}
	return out, nil
}

// past is what a register says of an item's history.
type past struct {
	detail, result, doneOn, verifiedBy, closedBy, closedOn string
	notice                                                 Notice
	issuedOn                                               string
}

const (
	selectPast       = `SELECT item, action, by_name, note, at FROM ledger_event WHERE county = $1 AND item IN (`
	selectLastNotice = `SELECT item, no, demand, reply_by, reply, issued_at FROM ledger_notice WHERE county = $1 AND item IN (`
)

// pastTx reads the history of items, as far as a register needs it.
func pastTx(ctx context.Context, tx *db.Tx, county string, c survey.Campaign, v view, items []Item) (map[string]past, error) {
	out := map[string]past{}
	needs := func(columns ...string) bool {
		return slices.ContainsFunc(columns, func(x string) bool { return slices.Contains(v.columns, x) })
	}
	ids := make([]string, len(items))
	for i, it := range items {
		ids[i] = it.ID
	}
	for len(ids) > 0 {
		part := ids[:min(200, len(ids))]
		ids = ids[len(part):]
		list, args := db.In(2, part...)
		args = append([]any{county}, args...)
		if needs("detail", "result", "done_on", "verified_by", "closed_by", "closed_on") {
			err := tx.Query(ctx, selectPast+list+`) ORDER BY at, id`, args, func(scan func(...any) error) error {
				var item, action, by, text string
				var at db.Time
				if err := scan(&item, &action, &by, &text, &at); err != nil {
					return err
				}
				p := out[item]
				day := string(c.Today(at))
				switch Action(action) { //nolint:exhaustive // the others say nothing here
				case acted:
					p.detail = text
				case Claim:
					p.result, p.doneOn = text, day
				case Verify:
					p.verifiedBy = by
				case Close:
					p.closedBy, p.closedOn = by, day
				case Reject, Reopen:
					p.result, p.doneOn, p.verifiedBy, p.closedBy, p.closedOn = "", "", "", "", ""
				}
				out[item] = p
				return nil
			})
			if err != nil {
				return nil, err
			}
		}
		if needs("demand") {
			err := tx.Query(ctx, selectLastNotice+list+`) ORDER BY no`, args, func(scan func(...any) error) error {
				var item string
				var n Notice
				if err := scan(&item, &n.No, &n.Demand, &n.ReplyBy, &n.Reply, &n.IssuedAt); err != nil {
					return err
				}
				p := out[item]
				p.notice, p.issuedOn = n, string(c.Today(n.IssuedAt))
				out[item] = p
				return nil
			})
			if err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}
