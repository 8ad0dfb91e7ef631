package match

import (
	"context"
	"slices"

	"ruhu/internal/db"
	"ruhu/internal/playbook"
	"ruhu/internal/roster"
	"ruhu/internal/survey"
)

const (
	figureColumns = `id, campaign, village, household, member, field, verdict, three_way, four_level, sources, ruling, ruling_value, state, responsible,
		found_on, due_on, settled_value, settled_source, note, by_account, by_name, settled_at`

	insertFigure = `INSERT INTO match_agreement (county, ` + figureColumns + `) VALUES `
	updateFigure = `UPDATE match_agreement SET verdict = $3, three_way = $4, four_level = $5, sources = $6, ruling = $7, ruling_value = $8, state = $9,
		found_on = $10, due_on = $11, settled_value = '', settled_source = '', note = '', by_account = '', by_name = '', settled_at = NULL, village = $12
		WHERE county = $1 AND id = $2`
	deleteFigure  = `DELETE FROM match_agreement WHERE county = $1 AND id = $2`
	selectFigures = `SELECT ` + figureColumns + ` FROM match_agreement WHERE county = $1 AND campaign = $2 AND household IN (`
	selectFigure  = `SELECT ` + figureColumns + ` FROM match_agreement WHERE county = $1 AND id = $2 AND village >= $3 AND village < $4`
	settleFigure  = `UPDATE match_agreement SET state = $3, settled_value = $4, settled_source = $5, note = $6, by_account = $7, by_name = $8, settled_at = $9
		WHERE county = $1 AND id = $2 AND state = $10`
	countFigures = `SELECT village, field, verdict, state, count(*) FROM match_agreement WHERE county = $1 AND campaign = $2 AND village >= $3 AND village < $4
		GROUP BY village, field, verdict, state ORDER BY village, field, verdict, state`

	byNumber = `SELECT ` + recordColumns + ` FROM match_record WHERE county = $1 AND register = $2 AND id_number IN (`
	byKey    = `SELECT ` + recordColumns + ` FROM match_record WHERE county = $1 AND register = $2 AND household_key IN (`

	insertValue = `INSERT INTO match_value (county, campaign, household, member, field, source, value, ground, by_account, by_name, at) VALUES `
	toValue     = ` ON CONFLICT (county, campaign, household, member, field, source) DO UPDATE SET value = excluded.value, ground = excluded.ground,
		by_account = excluded.by_account, by_name = excluded.by_name, at = excluded.at`
	deleteValue = `DELETE FROM match_value WHERE county = $1 AND campaign = $2 AND household = $3 AND member = $4 AND field = $5 AND source = $6`
	deleteSite  = `DELETE FROM match_value WHERE county = $1 AND campaign = $2 AND source = 'site' AND household IN (`
	selectValue = `SELECT household, member, field, source, value FROM match_value WHERE county = $1 AND campaign = $2 AND household IN (`
)

const inBatch = 500

func scanFigure(scan func(...any) error) (Figure, error) {
	var f Figure
	var values db.JSON[[]Value]
	err := scan(&f.ID, &f.Campaign, &f.Village, &f.Household, &f.Member, &f.Field, (*string)(&f.Verdict), (*string)(&f.ThreeWay), (*string)(&f.FourLevel), &values,
		&f.Ruling, &f.RulingValue, &f.State, &f.Responsible, (*string)(&f.FoundOn), (*string)(&f.DueOn), &f.SettledValue, &f.SettledSource, &f.Note,
		&f.byAccount, &f.ByName, &f.SettledAt)
	f.Values = values.V
	return f, err
}

func insertFiguresTx(ctx context.Context, tx *db.Tx, county string, fs []Figure) error {
	const columns = 23
	for part := range slices.Chunk(fs, 100) {
		args := make([]any, 0, len(part)*columns)
		for _, f := range part {
			args = append(args, county, f.ID, f.Campaign, f.Village, f.Household, f.Member, f.Field, string(f.Verdict), string(f.ThreeWay), string(f.FourLevel),
				db.AsJSON(f.Values), f.Ruling, f.RulingValue, f.State, f.Responsible, string(f.FoundOn), string(f.DueOn), "", "", "", "", "", db.Time{})
		}
		if _, err := tx.Exec(ctx, insertFigure+db.Rows(len(part), columns), args...); err != nil {
			return err
		}
	}
	return nil
}

func updateFigureTx(ctx context.Context, tx *db.Tx, county string, f Figure) error {
	_, err := tx.Exec(ctx, updateFigure, county, f.ID, string(f.Verdict), string(f.ThreeWay), string(f.FourLevel), db.AsJSON(f.Values), f.Ruling, f.RulingValue,
		f.State, string(f.FoundOn), string(f.DueOn), f.Village)
	return err
}

func figuresOfTx(ctx context.Context, tx *db.Tx, county, campaign string, households []string) (map[figureKey]Figure, error) {
	out := map[figureKey]Figure{}
	for part := range slices.Chunk(households, inBatch) {
		in, args := db.In(3, part...)
		fs, err := db.List(ctx, tx, scanFigure, selectFigures+in+`)`, append([]any{county, campaign}, args...)...)
		if err != nil {
			return nil, err
		}
		for _, f := range fs {
			out[figureKey{f.Household, f.Member, f.Field}] = f
		}
	}
	return out, nil
}

// valuesTx gives what was typed in or answered for households.
func valuesTx(ctx context.Context, tx *db.Tx, county, campaign string, households []string) (map[typedKey]string, error) {
	out := map[typedKey]string{}
	for part := range slices.Chunk(households, inBatch) {
		in, args := db.In(3, part...)
		err := tx.Query(ctx, selectValue+in+`)`, append([]any{county, campaign}, args...), func(scan func(...any) error) error {
			var k typedKey
			var v string
			err := scan(&k.household, &k.member, &k.field, &k.source, &v)
			out[k] = v
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// rowsTx finds the rows of households in every current register that a figure names: by kind, then household. A kind without a current
// register is absent. Rows are found by who the members are there (who), then by the number of the household that those rows have there.
func rowsTx(ctx context.Context, tx *db.Tx, c survey.Campaign, full map[string]roster.Full) (map[string]map[string]rows, error) {
	out := map[string]map[string]rows{}
	w, err := whoTx(ctx, tx, c, full)
	if err != nil {
		return nil, err
	}
	for i := range c.Plan.Registers {
		k := &c.Plan.Registers[i]
		if !named(c.Plan, k.Code) {
			continue
		}
		r, ok := w.current[k.Code]
		if !ok {
			continue
		}
		if out[k.Code], err = registerRowsTx(ctx, tx, k, r, w, full); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func named(p *playbook.Playbook, kind string) bool {
	return slices.ContainsFunc(p.Agreement.Fields, func(f playbook.AgreementField) bool {
		return slices.ContainsFunc(f.Sources, func(s playbook.Source) bool { return s.Register == kind })
	})
}

func registerRowsTx(ctx context.Context, tx *db.Tx, k *playbook.Register, r Register, w *who, full map[string]roster.Full) (map[string]rows, error) {
	found, err := w.inTx(ctx, tx, r)
	if err != nil {
		return nil, err
	}
	var keys, heads []string
	for _, p := range found {
		if p.rec.HouseholdKey != "" {
			keys = append(keys, p.rec.HouseholdKey)
		}
	}
	for _, h := range full {
		keys = append(keys, h.Code)
		if len(h.Members) == 0 && h.HeadIDNumber != "" {
			heads = append(heads, string(h.HeadIDNumber))
		}
	}
	alone, err := recordsByTx(ctx, tx, byNumber, r, heads)
	if err != nil {
		return nil, err
	}
	byHead := map[string]Record{}
	for _, rec := range alone {
		if _, twice := byHead[rec.IDNumber]; !twice {
			byHead[rec.IDNumber] = rec
		}
		if rec.HouseholdKey != "" {
			keys = append(keys, rec.HouseholdKey)
		}
	}
	slices.Sort(keys)
	together, err := recordsByTx(ctx, tx, byKey, r, slices.Compact(keys))
	if err != nil {
		return nil, err
	}
	byHousehold := map[string][]Record{}
	for _, rec := range together {
		byHousehold[rec.HouseholdKey] = append(byHousehold[rec.HouseholdKey], rec)
	}
	out, columns := make(map[string]rows, len(full)), r.Mapping.fields()
	for id, h := range full {
		of := gather(k, h, found, byHead, byHousehold)
		of.columns = columns
		out[id] = of
	}
	return out, nil
}

// gather picks the rows of one household: its members', and those that share the household's number in that register.
func gather(k *playbook.Register, h roster.Full, found map[string]person, byHead map[string]Record, byHousehold map[string][]Record) rows {
	out := rows{register: k, byMember: map[string]Record{}, waiting: map[string]bool{}}
	seen := map[int]bool{}
	add := func(rec Record) {
		if !seen[rec.N] {
			seen[rec.N] = true
			out.all = append(out.all, rec)
		}
	}
	if rec, ok := byHead[string(h.HeadIDNumber)]; ok && len(h.Members) == 0 { // nobody else is known of the household
		add(rec)
	}
	votes, best := map[string]int{}, ""
	for _, m := range headFirst(h.Members) {
		p := found[m.ID]
		if p.waiting && !p.known {
			out.waiting[m.ID] = true
		}
		if m.Relation == roster.Head {
			out.head = m.ID
		}
		if !p.known {
			continue
		}
		out.byMember[m.ID] = p.rec
		if votes[p.rec.HouseholdKey]++; p.rec.HouseholdKey != "" && (votes[p.rec.HouseholdKey] > votes[best] || best == "") {
			best = p.rec.HouseholdKey
		}
		add(p.rec)
	}
	if best == "" && len(out.all) == 0 {
		best = h.Code
	}
	if k.Unit == "household" { // a row each: the head's own, then whatever bears the household's number
		for _, rec := range byHousehold[h.Code] {
			add(rec)
		}
		return out
	}
	if rows, ok := byHousehold[best]; ok && best != "" { // its household is where most of its people are: those who moved elsewhere do not count
		out.all = out.all[:0]
		clear(seen)
		for _, rec := range rows {
			add(rec)
		}
	}
	return out
}

// headFirst gives the present members, the head before the others.
func headFirst(ms []roster.Member) []roster.Member {
	var out []roster.Member
	for _, m := range ms {
		switch {
		case m.State != roster.Present:
		case m.Relation == roster.Head:
			out = slices.Insert(out, 0, m)
		default:
			out = append(out, m)
		}
	}
	return out
}

func recordsByTx(ctx context.Context, tx *db.Tx, q string, r Register, values []string) ([]Record, error) {
	var out []Record
	for part := range slices.Chunk(values, inBatch) {
		in, args := db.In(3, part...)
		rs, err := db.List(ctx, tx, scanRecord, q+in+`) ORDER BY n`, append([]any{r.County, r.ID}, args...)...)
		if err != nil {
			return nil, err
		}
		out = append(out, rs...)
	}
	return out, nil
}
