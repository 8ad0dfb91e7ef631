package indicator

import (
	"context"
	"errors"

	"ruhu/internal/audit"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/region"
	"ruhu/internal/roster"
	"ruhu/internal/survey"
)

const (
	columns = `county, id, campaign, kind, household, village, source, state, grounds, persons, checks, round, submission, revision, data_clear,
 appeal_by, appealed_by, opened_at, changed_at, version`

	insertCase   = `INSERT INTO indicator_determination (` + columns + `) VALUES `
	selectCase   = `SELECT ` + columns + ` FROM indicator_determination WHERE county = $1 AND id = $2`
	selectScoped = selectCase + ` AND village >= $3 AND village < $4`
	selectCases  = `SELECT ` + columns + ` FROM indicator_determination WHERE `
	selectKnown  = `SELECT ` + columns + ` FROM indicator_determination WHERE county = $1 AND campaign = $2 AND household IN (`
	selectByKey  = `SELECT ` + columns + ` FROM indicator_determination WHERE county = $1 AND campaign = $2 AND kind = $3 AND household = $4`
	countCases   = `SELECT state, count(*), CAST(sum(persons) AS BIGINT) FROM indicator_determination WHERE `
	updateCase   = `UPDATE indicator_determination SET state = $3, grounds = $4, persons = $5, checks = $6, round = $7, submission = $8, revision = $9,
 data_clear = $10, appeal_by = $11, appealed_by = $12, changed_at = $13, version = version + 1
 WHERE county = $1 AND id = $2 AND version = $14`

	insertEvent  = `INSERT INTO indicator_event (county, id, determination, action, opinion, account, by_name, role, note, files, at) VALUES `
	selectEvents = `SELECT id, action, opinion, account, by_name, role, note, files, at FROM indicator_event
 WHERE county = $1 AND determination = $2 ORDER BY at, id`
	selectEvent = `SELECT determination FROM indicator_event WHERE county = $1 AND id = $2`
)

func scanCase(scan func(...any) error) (Determination, error) {
	var x Determination
	var grounds db.JSON[[]Ground]
	var checks db.JSON[[]CaseCheck]
	var sub *string
	err := scan(&x.County, &x.ID, &x.Campaign, &x.Kind, &x.Household, &x.Village, (*string)(&x.Source), (*string)(&x.State), &grounds, &x.Persons, &checks,
		&x.Round, &sub, &x.Revision, &x.DataClear, &x.AppealBy, &x.AppealedBy, &x.OpenedAt, &x.ChangedAt, &x.Version)
	x.Grounds, x.Checks = grounds.V, checks.V
	if sub != nil {
		x.Submission = *sub
	}
	return x, err
}

func insertTx(ctx context.Context, tx *db.Tx, xs []Determination) error {
	rows := make([][]any, len(xs))
	for i, x := range xs {
		rows[i] = []any{
			x.County, x.ID, x.Campaign, x.Kind, x.Household, x.Village, string(x.Source), string(x.State), db.AsJSON(x.Grounds), x.Persons,
			db.AsJSON(x.Checks), x.Round, db.Null(x.Submission), x.Revision, x.DataClear, x.AppealBy, x.AppealedBy, tx.Now(), tx.Now(), 0,
		}
	}
	_, err := db.Insert(ctx, tx, insertCase, rows, "")
	return err
}

// saveTx writes what may change of a case that was read as it stood at its version. Returns Conflict "indicator.stale" when it does not any more.
func saveTx(ctx context.Context, tx *db.Tx, x Determination) error {
	n, err := tx.Exec(ctx, updateCase, x.County, x.ID, string(x.State), db.AsJSON(x.Grounds), x.Persons, db.AsJSON(x.Checks), x.Round, db.Null(x.Submission),
		x.Revision, x.DataClear, x.AppealBy, x.AppealedBy, tx.Now(), x.Version)
	if err == nil && n != 1 {
		return errs.Conflict.New("indicator.stale")
	}
	return err
}

// Event is one entry of a case's history.
type Event struct {
	ID      string     `json:"id"`
	Action  string     `json:"action"`
	Opinion string     `json:"opinion"` // holds, fails; "" where none is given
	Account string     `json:"-"`       // "" when the program acted
	ByName  string     `json:"by_name"`
	Role    authz.Role `json:"role"`
	Note    string     `json:"note"`
	Files   []string   `json:"files"` // digests
	At      db.Time    `json:"at"`
}

// Actions of the program, and of who opens a case by hand.
const (
	actedOpen    = "open"
	actedClear   = "data_clear"
	actedHolds   = "data_holds"
	actedChanged = "data_changed"
)

type note struct {
	Event
	of string
}

// system is an entry that the program makes.
func system(of, action, text string) note {
	return note{Event{ID: id.New(), Action: action, ByName: "系统", Note: text}, of}
}

// Logged are the rows of indicator_event, which are in the log.
var Logged = audit.NewTable("indicator_event", 1, "id, determination, action, opinion, account, by_name, role, note, files:json, at:time")

func noteTx(ctx context.Context, tx *db.Tx, county string, notes []note) error {
	rows := make([][]any, len(notes))
	for i, n := range notes {
		files := n.Files
		if files == nil {
			files = []string{}
		}
		rows[i] = []any{county, n.ID, n.of, n.Action, n.Opinion, n.Account, n.ByName, string(n.Role), n.Note, db.AsJSON(files), tx.Now()}
	}
	if _, err := db.Insert(ctx, tx, insertEvent, rows, ""); err != nil {
		return err
	}
	return audit.LogTx(ctx, tx, Logged, rows...)
}

func eventsTx(ctx context.Context, tx *db.Tx, county, of string) ([]Event, error) {
	return db.List(ctx, tx, func(scan func(...any) error) (Event, error) {
		var e Event
		var files db.JSON[[]string]
		err := scan(&e.ID, &e.Action, &e.Opinion, &e.Account, &e.ByName, (*string)(&e.Role), &e.Note, &files, &e.At)
		e.Files = files.V
		return e, err
	}, selectEvents, county, of)
}

// knownTx gives the cases of households, by household and kind.
func knownTx(ctx context.Context, tx *db.Tx, county, campaign string, households []string) (map[string]map[string]Determination, error) {
	out := map[string]map[string]Determination{}
	for len(households) > 0 {
		part := households[:min(200, len(households))]
		households = households[len(part):]
		in, args := db.In(3, part...)
		xs, err := db.List(ctx, tx, scanCase, selectKnown+in+`)`, append([]any{county, campaign}, args...)...)
		if err != nil {
			return nil, err
		}
		for _, x := range xs {
			if out[x.Household] == nil {
				out[x.Household] = map[string]Determination{}
			}
			out[x.Household][x.Kind] = x
		}
	}
	return out, nil
}

// getTx gives a case of the actor's region with its campaign. Returns NotFound "indicator.not_found".
func getTx(ctx context.Context, tx *db.Tx, actor authz.Actor, caseID string) (Determination, survey.Campaign, error) {
	lo, hi := actor.Scope()
	x, err := scanCase(tx.QueryRow(ctx, selectScoped, actor.County, caseID, lo, hi).Scan)
	if errors.Is(err, db.ErrNoRows) {
		return x, survey.Campaign{}, errs.NotFound.New("indicator.not_found", "id", caseID)
	}
	if err != nil {
		return x, survey.Campaign{}, err
	}
	c, err := survey.CampaignTx(ctx, tx, x.County, x.Campaign)
	if err == nil {
		x.today = c.Today(tx.Now())
	}
	return x, c, err
}

// fillTx adds what the base list says of the households.
func fillTx(ctx context.Context, tx *db.Tx, county string, xs []Determination) error {
	ids, codes := make([]string, len(xs)), make([]region.Code, len(xs))
	for i, x := range xs {
		ids[i], codes[i] = x.Household, x.Village
	}
	houses, err := roster.NamesTx(ctx, tx, county, ids)
	if err != nil {
		return err
	}
	names, err := region.NamesTx(ctx, tx, codes)
	if err != nil {
		return err
	}
	for i := range xs {
		x, h := &xs[i], houses[xs[i].Household]
		x.HouseholdCode, x.HeadName, x.Group, x.Class, x.Size, x.VillageName = h.Code, h.HeadName, h.Group, string(h.Class), h.Size, names[x.Village]
	}
	return nil
}
