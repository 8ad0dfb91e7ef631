package ledger

import (
	"context"
	"fmt"

	"ruhu/internal/audit"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/region"
	"ruhu/internal/roster"
)

const (
	columns = `county, id, campaign, rule_key, number, code, title, category, sector, severity, source, household, village, team, submission,
 revision, state, responsible, cause, measure, person, found_on, due_on, data_clear, claimed_by, nature, reference, sealed, off_name, signed_by,
 first_due, notice, reply_by, replied, version`
	width = 35

	insertItem   = `INSERT INTO ledger_item (` + columns + `) VALUES `
	selectItem   = `SELECT ` + columns + ` FROM ledger_item WHERE county = $1 AND id = $2`
	selectScoped = selectItem + ` AND village >= $3 AND village < $4`
	selectItems  = `SELECT ` + columns + ` FROM ledger_item WHERE `
	selectKnown  = `SELECT ` + columns + ` FROM ledger_item WHERE county = $1 AND campaign = $2 AND source = 'rule' AND household IN (`
	countItems   = `SELECT state, count(*) FROM ledger_item WHERE `
	updateItem   = `UPDATE ledger_item SET state = $3, cause = $4, measure = $5, person = $6, data_clear = $7, claimed_by = $8, submission = $9,
 revision = $10, nature = $11, sector = $12, responsible = $13, due_on = $14, first_due = $15, signed_by = $16, notice = $17, reply_by = $18,
 replied = $19, version = version + 1 WHERE county = $1 AND id = $2 AND version = $20`

	insertEvent  = `INSERT INTO ledger_event (county, id, item, action, account, by_name, role, note, files, at) VALUES `
	selectEvents = `SELECT id, action, account, by_name, role, note, files, at FROM ledger_event WHERE county = $1 AND item = $2 ORDER BY at, id`
	selectEvent  = `SELECT item FROM ledger_event WHERE county = $1 AND id = $2`

	selectClaims = `SELECT i.number, i.household, e.files FROM ledger_item i JOIN ledger_event e ON e.county = i.county AND e.item = i.id
 WHERE i.county = $1 AND i.campaign = $2 AND i.village >= $3 AND i.village < $4 AND i.id <> $5 AND e.action = 'claim' ORDER BY i.number, e.at`

	takeNumbers = `INSERT INTO ledger_number (county, year, last) VALUES ($1, $2, $3)
 ON CONFLICT (county, year) DO UPDATE SET last = ledger_number.last + excluded.last RETURNING last`
)

func scanItem(scan func(...any) error) (Item, error) {
	var it Item
	var title db.JSON[errs.Text]
	var household, submission *string
	err := scan(&it.County, &it.ID, &it.Campaign, &it.RuleKey, &it.Number, &it.Code, &title, &it.Category, &it.Sector, &it.Severity, (*string)(&it.Source),
		&household, &it.Village, &it.Team, &submission, &it.Revision, (*string)(&it.State), &it.Responsible, &it.Cause, &it.Measure, &it.Person,
		&it.FoundOn, &it.DueOn, &it.DataClear, &it.ClaimedBy, &it.Nature, &it.Reference, &it.Sealed, &it.OffName, &it.SignedBy,
		&it.FirstDue, &it.Notice, &it.ReplyBy, &it.Replied, &it.Version)
	if it.FirstDue == "" {
		it.FirstDue = it.DueOn
	}
	it.Title = title.V
	if household != nil {
		it.Household = *household
	}
	if submission != nil {
		it.Submission = *submission
	}
	return it, err
}

func (it Item) args() []any {
	return []any{
		it.County, it.ID, it.Campaign, it.RuleKey, it.Number, it.Code, db.AsJSON(it.Title), it.Category, it.Sector, it.Severity, string(it.Source),
		db.Null(it.Household), it.Village, it.Team, db.Null(it.Submission), it.Revision, string(it.State), it.Responsible, it.Cause, it.Measure, it.Person,
		it.FoundOn, it.DueOn, it.DataClear, it.ClaimedBy, it.Nature, it.Reference, it.Sealed, it.OffName, it.SignedBy,
		it.FirstDue, it.Notice, it.ReplyBy, it.Replied, it.Version,
	}
}

// saveTx writes what may change of an item that was read as it stood at its version. Returns Conflict "ledger.stale" when it does not any more.
func saveTx(ctx context.Context, tx *db.Tx, it Item) error {
	n, err := tx.Exec(ctx, updateItem, it.County, it.ID, string(it.State), it.Cause, it.Measure, it.Person, it.DataClear, it.ClaimedBy,
		db.Null(it.Submission), it.Revision, it.Nature, it.Sector, it.Responsible, it.DueOn, it.FirstDue, it.SignedBy, it.Notice, it.ReplyBy,
		it.Replied, it.Version)
	if err == nil && n != 1 {
		return errs.Conflict.New("ledger.stale")
	}
	return err
}

// insertItemsTx writes new items, 20 a statement.
func insertItemsTx(ctx context.Context, tx *db.Tx, items []Item) error {
	for len(items) > 0 {
		part := items[:min(20, len(items))]
		items = items[len(part):]
		args := make([]any, 0, len(part)*width)
		for _, it := range part {
			args = append(args, it.args()...)
		}
		if _, err := tx.Exec(ctx, insertItem+db.Rows(len(part), width), args...); err != nil {
			return err
		}
	}
	return nil
}

// Logged are the rows of ledger_event, which are in the log.
var Logged = audit.NewTable("ledger_event", 1, "id, item, action, account, by_name, role, note, files:json, at:time")

// noteTx writes events of items.
func noteTx(ctx context.Context, tx *db.Tx, county string, notes []note) error {
	rows := make([][]any, len(notes))
	for i, n := range notes {
		files := n.Files
		if files == nil {
			files = []string{}
		}
		rows[i] = []any{county, n.ID, n.item, n.Action, n.Account, n.ByName, string(n.Role), n.Note, db.AsJSON(files), tx.Now()}
	}
	if _, err := db.Insert(ctx, tx, insertEvent, rows, ""); err != nil {
		return err
	}
	return audit.LogTx(ctx, tx, Logged, rows...)
}

type note struct {
	Event
	item string
}

// system is an entry that the program makes.
func system(item, action, text string) note {
	return note{Event{ID: id.New(), Action: action, ByName: "系统", Note: text}, item}
}

func eventsTx(ctx context.Context, tx *db.Tx, county, item string) ([]Event, error) {
	return db.List(ctx, tx, func(scan func(...any) error) (Event, error) {
		var e Event
		var files db.JSON[[]string]
		err := scan(&e.ID, &e.Action, &e.Account, &e.ByName, (*string)(&e.Role), &e.Note, &files, &e.At)
		e.Files = files.V
		return e, err
	}, selectEvents, county, item)
}

// knownTx gives the items that rules have opened for households, by household and rule.
func knownTx(ctx context.Context, tx *db.Tx, county, campaign string, households []string) (map[string]map[string]Item, error) {
	out := map[string]map[string]Item{}
	for len(households) > 0 {
		part := households[:min(200, len(households))]
		households = households[len(part):]
		in, args := db.In(3, part...)
		items, err := db.List(ctx, tx, scanItem, selectKnown+in+`)`, append([]any{county, campaign}, args...)...)
		if err != nil {
			return nil, err
		}
		for _, it := range items {
			if out[it.Household] == nil {
				out[it.Household] = map[string]Item{}
			}
			out[it.Household][it.Code] = it
		}
	}
	return out, nil
}

// numberTx numbers items of a county that were found in a year.
func numberTx(ctx context.Context, tx *db.Tx, county string, items []Item) error {
	byYear := map[string][]*Item{}
	for i := range items {
		y := string(items[i].FoundOn[:4])
		byYear[y] = append(byYear[y], &items[i])
	}
	for y, its := range byYear {
		var year, last int
		if _, err := fmt.Sscanf(y, "%d", &year); err != nil {
			return fmt.Errorf("number problems of %s: %w", y, err)
		}
		if err := tx.QueryRow(ctx, takeNumbers, county, year, len(its)).Scan(&last); err != nil {
			return err
		}
		for i, it := range its {
			it.Number = fmt.Sprintf("%s-%06d", y, last-len(its)+1+i)
		}
	}
	return nil
}

// fillTx adds the names of households and villages, and the day.
func fillTx(ctx context.Context, tx *db.Tx, county string, today db.Date, items []Item) error {
	ids, codes := make([]string, 0, len(items)), make([]region.Code, 0, len(items))
	seen := map[string]bool{}
	for _, it := range items {
		if it.Household != "" && !seen[it.Household] {
			seen[it.Household] = true
			ids = append(ids, it.Household)
		}
		codes = append(codes, it.Village)
	}
	houses, err := roster.NamesTx(ctx, tx, county, ids)
	if err != nil {
		return err
	}
	names, err := region.NamesTx(ctx, tx, codes)
	if err != nil {
		return err
	}
	for i := range items {
		h := houses[items[i].Household]
		items[i].HouseholdCode, items[i].HeadName, items[i].Group, items[i].today = h.Code, h.HeadName, h.Group, today
		if items[i].Household == "" {
			items[i].HeadName = items[i].OffName
		}
		items[i].VillageName = names[items[i].Village]
	}
	return nil
}
