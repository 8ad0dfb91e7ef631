package match

import (
	"context"
	"errors"
	"strconv"

	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/playbook"
	"ruhu/internal/region"
	"ruhu/internal/survey"
)

const (
	suspectColumns = `id, campaign, pair, person_key, kind, record, name, id_number, village, household_key, household, state, note, by_name, decided_at, gone, version, proposed, proposal`
	selectSuspect  = `SELECT ` + suspectColumns + ` FROM match_suspect WHERE county = $1 AND id = $2`
	insertSuspect  = `INSERT INTO match_suspect (county, id, campaign, pair, person_key, kind, record, name, id_number, village, household_key, household, state, note, by_account, by_name,
		gone, at, version) VALUES `
	onSuspect = ` ON CONFLICT (county, campaign, pair, person_key) DO UPDATE SET kind = excluded.kind, record = excluded.record, name = excluded.name,
		id_number = excluded.id_number, village = excluded.village, household_key = excluded.household_key, household = excluded.household, gone = FALSE, at = excluded.at`
	dropSuspects  = `DELETE FROM match_suspect WHERE county = $1 AND campaign = $2 AND pair = $3 AND at < $4 AND state = 'open'`
	markSuspects  = `UPDATE match_suspect SET gone = TRUE WHERE county = $1 AND campaign = $2 AND pair = $3 AND at < $4 AND state <> 'open'`
	decideSuspect = `UPDATE match_suspect SET state = $3, note = $4, by_account = $5, by_name = $6, decided_at = $7, version = version + 1
		WHERE county = $1 AND id = $2 AND version = $8`
	selectVisits = `SELECT DISTINCT pair FROM match_suspect WHERE county = $1 AND campaign = $2 AND (household = $3 OR household = '' AND proposed = $3)
		AND state = 'to_visit' ORDER BY pair`
	selectToTag    = `SELECT DISTINCT proposed, pair FROM match_suspect WHERE county = $1 AND campaign = $2 AND state = 'to_visit' AND proposed IN (`
	updateProposed = `UPDATE match_suspect SET proposed = $3, proposal = $4 WHERE county = $1 AND id = $2`
	selectProposed = `SELECT DISTINCT proposed FROM match_suspect WHERE county = $1 AND campaign = $2 AND kind = $3 AND household_key = $4
		AND state = 'to_visit' AND proposed <> '' ORDER BY proposed`

	upsertPair = `INSERT INTO match_suspect_pair (county, campaign, pair, counts, at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (county, campaign, pair) DO UPDATE SET counts = excluded.counts, at = excluded.at`
	selectPairCounts = `SELECT pair, counts, at FROM match_suspect_pair WHERE county = $1 AND campaign = $2 ORDER BY pair`
)

func scanSuspect(scan func(...any) error) (Suspect, error) {
	var s Suspect
	err := scan(&s.ID, &s.Campaign, &s.Pair, &s.personKey, &s.Kind, &s.Record, &s.Name, &s.IDNumber, &s.Village, &s.HouseholdKey, &s.Household, (*string)(&s.State), &s.Note,
		&s.ByName, &s.DecidedAt, &s.Gone, &s.Version, &s.Proposed, &s.proposal)
	return s, err
}

func suspectTx(ctx context.Context, tx *db.Tx, actor authz.Actor, suspect string) (Suspect, survey.Campaign, error) {
	missing := errs.NotFound.New("match.no_suspect", "id", suspect)
	x, err := scanSuspect(tx.QueryRow(ctx, selectSuspect, actor.County, suspect).Scan)
	if errors.Is(err, db.ErrNoRows) {
		return x, survey.Campaign{}, missing
	}
	if err != nil {
		return x, survey.Campaign{}, err
	}
	c, err := survey.VisibleTx(ctx, tx, actor, x.Campaign)
	if errs.Is(err, errs.NotFound) || err == nil && !actor.Sees(c.Region) && !actor.Sees(region.Code(x.Village)) {
		return x, c, missing
	}
	return x, c, err
}

// suspectWhere is the filter of a list.
func suspectWhere(actor authz.Actor, c survey.Campaign, f SuspectFilter) *db.Where {
	w := db.NewWhere(`county = ? AND campaign = ?`, c.County, c.ID)
	if f.Pair != "" {
		w.And(`pair = ?`, f.Pair)
	}
	if f.State != "" {
		w.And(`state = ?`, string(f.State))
	}
	scopeOf(w, actor, c)
	if f.Village != "" {
		lo, hi := f.Village.Range()
		w.And(`village >= ? AND village < ?`, lo, hi)
	}
	return w
}

func suspectsTx(ctx context.Context, tx *db.Tx, actor authz.Actor, c survey.Campaign, f SuspectFilter, limit int) (SuspectPage, error) {
	var p SuspectPage
	w := suspectWhere(actor, c, f)
	if err := tx.QueryRow(ctx, `SELECT count(*) FROM match_suspect WHERE `+w.Text(), w.Args()...).Scan(&p.Total); err != nil {
		return p, err
	}
	if f.Cursor != "" {
		at, err := id.Parse(f.Cursor)
		if err != nil {
			return p, errs.Invalid.New("match.cursor")
		}
		last, err := scanSuspect(tx.QueryRow(ctx, selectSuspect, c.County, at).Scan)
		if err != nil {
			return p, errs.Invalid.New("match.cursor")
		}
		w.And(`(pair, village, id) > (?, ?, ?)`, last.Pair, last.Village, last.ID)
	}
	var err error
	p.Items, err = db.List(ctx, tx, scanSuspect, `SELECT `+suspectColumns+` FROM match_suspect WHERE `+w.Text()+` ORDER BY pair, village, id LIMIT $`+strconv.Itoa(len(w.Args())+1),
		append(w.Args(), limit+1)...)
	if err != nil {
		return p, err
	}
	if len(p.Items) > limit {
		p.Items = p.Items[:limit]
		p.Next = p.Items[limit-1].ID
	}
	codes := make([]region.Code, len(p.Items))
	for i, x := range p.Items {
		codes[i] = region.Code(x.Village)
	}
	names, err := region.NamesTx(ctx, tx, codes)
	p.Places = map[string]string{}
	for code, n := range names {
		p.Places[string(code)] = n
	}
	return p, err
}

// pairStatesTx gives the playbook's pairs with their counts.
func pairStatesTx(ctx context.Context, tx *db.Tx, actor authz.Actor, c survey.Campaign) ([]PairState, error) {
	out := make([]PairState, len(c.Plan.Suspects))
	at := map[string]*PairState{}
	for i, pair := range c.Plan.Suspects {
		out[i] = PairState{Pair: pair, States: map[SuspectState]int{}}
		at[pair.Code] = &out[i]
	}
	err := tx.Query(ctx, selectPairCounts, []any{c.County, c.ID}, func(scan func(...any) error) error {
		var code string
		var counts db.JSON[PairCounts]
		var when db.Time
		if err := scan(&code, &counts, &when); err != nil {
			return err
		}
		if p := at[code]; p != nil {
			p.Counts, p.At = counts.V, when
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	w := suspectWhere(actor, c, SuspectFilter{})
	err = tx.Query(ctx, `SELECT pair, state, count(*) FROM match_suspect WHERE `+w.Text()+` GROUP BY pair, state`, w.Args(), func(scan func(...any) error) error {
		var code, state string
		var n int
		if err := scan(&code, &state, &n); err != nil {
			return err
		}
		if p := at[code]; p != nil {
			p.States[SuspectState(state)] = n
		}
		return nil
	})
	return out, err
}

// writeSuspects keeps what was decided, adds what is new, and takes away what is no suspect any more.
func (s *Identities) writeSuspects(ctx context.Context, c survey.Campaign, pair *playbook.SuspectPair, found []Suspect, counts PairCounts) error {
	const columns, rows = 19, 100
	var began db.Time
	if err := s.d.View(ctx, func(tx *db.Tx) error { began = tx.Now(); return nil }); err != nil {
		return err
	}
	for len(found) > 0 {
		part := found[:min(rows, len(found))]
		found = found[len(part):]
		if err := s.d.Update(ctx, func(tx *db.Tx) error {
			args := make([]any, 0, len(part)*columns)
			for _, x := range part {
				args = append(args, c.County, id.New(), c.ID, x.Pair, x.personKey, x.Kind, x.Record, x.Name, x.IDNumber, x.Village, x.HouseholdKey, x.Household,
					string(SuspectOpen), "", "", "", false, tx.Now(), 1)
			}
			_, err := tx.Exec(ctx, insertSuspect+db.Rows(len(part), columns)+onSuspect, args...)
			return err
		}); err != nil {
			return err
		}
	}
	return s.d.Update(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, dropSuspects, c.County, c.ID, pair.Code, began); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, markSuspects, c.County, c.ID, pair.Code, began); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, upsertPair, c.County, c.ID, pair.Code, db.AsJSON(counts), tx.Now())
		return err
	})
}
