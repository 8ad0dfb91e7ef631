package match

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"ruhu/internal/db"
	"ruhu/internal/playbook"
	"ruhu/internal/roster"
	"ruhu/internal/survey"
)

// hit is what is known about a person and a record: how their link stands.
type hit struct {
	ref   string
	state LinkState
}

const (
	linksOfRecords = `SELECT record, base_record, state FROM match_link WHERE county = $1 AND run = $2 AND record IN (`
	linksOfBase    = `SELECT base_record, record, state FROM match_link WHERE county = $1 AND run = $2 AND base_record IN (`
	byN            = `SELECT ` + recordColumns + ` FROM match_record WHERE county = $1 AND register = $2 AND n IN (`
)

// hitsTx gives the links of records (q linksOfRecords) or of persons of the base (linksOfBase) in a run, surest first.
func hitsTx(ctx context.Context, tx *db.Tx, county, run, q string, refs []string) (map[string][]hit, error) {
	out := map[string][]hit{}
	for part := range slices.Chunk(refs, inBatch) {
		in, args := db.In(3, part...)
		err := tx.Query(ctx, q+in+`) ORDER BY record, base_record`, append([]any{county, run}, args...), func(scan func(...any) error) error {
			var from string
			var h hit
			err := scan(&from, &h.ref, (*string)(&h.state))
			out[from] = append(out[from], h)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	for _, hs := range out {
		slices.SortStableFunc(hs, func(a, b hit) int { return sure(b.state) - sure(a.state) })
	}
	return out, nil
}

func sure(s LinkState) int {
	return map[LinkState]int{LinkConfirmed: 3, LinkAuto: 2, LinkReview: 1}[s]
}

// who finds the rows of members of the base list in registers: through the base, by the links of the current runs. Where the same files are
// not linked to each other yet, and for a person about whom no link says anything, a record with their number counts, unless it is linked to
// somebody else or a clerk has said that it is not theirs.
type who struct {
	c       survey.Campaign
	base    source
	runs    map[string]string   // usable run by kind
	current map[string]Register // by kind
	members []roster.Member
	atBase  map[string][]hit // by member
}

// person is a row of a register that is a member's. A link that waits for a clerk is no answer either way.
type person struct {
	rec     Record
	known   bool
	waiting bool
}

// whoTx prepares to find the present members of households.
func whoTx(ctx context.Context, tx *db.Tx, c survey.Campaign, full map[string]roster.Full) (*who, error) {
	w := &who{c: c, runs: map[string]string{}, atBase: map[string][]hit{}}
	var err error
	if w.current, err = currentsTx(ctx, tx, c.County, c.ID); err != nil {
		return nil, err
	}
	persons := 0
	if is, err := roster.AnyPersonTx(ctx, tx, c.County, c.ID); err != nil {
		return nil, err
	} else if is {
		persons = 1 // nobody asks here how many
	}
	sources := sourcesOf(c, w.current, persons)
	for _, src := range sources {
		if src.base {
			w.base = src
		}
	}
	runs, err := db.List(ctx, tx, scanRun, selectRuns, c.County, c.ID)
	if err != nil {
		return nil, err
	}
	for _, src := range sources {
		for _, r := range runs {
			if r.State == RunCurrent && r.Kind == src.kind && r.Register == src.register && r.BaseKind == w.base.kind && r.BaseRegister == w.base.register {
				w.runs[src.kind] = r.ID
			}
		}
	}
	for _, h := range full {
		for _, m := range h.Members {
			if m.State == roster.Present {
				w.members = append(w.members, m)
			}
		}
	}
	slices.SortFunc(w.members, func(a, b roster.Member) int { return strings.Compare(a.ID, b.ID) })
	if w.base.kind == playbook.RosterRegister {
		for _, m := range w.members {
			w.atBase[m.ID] = []hit{{m.ID, LinkAuto}}
		}
		return w, nil
	}
	if w.base.register == "" {
		return w, nil
	}
	ids := make([]string, len(w.members))
	for i, m := range w.members {
		ids[i] = m.ID
	}
	if run := w.runs[playbook.RosterRegister]; run != "" {
		if w.atBase, err = hitsTx(ctx, tx, c.County, run, linksOfRecords, ids); err != nil {
			return nil, err
		}
	}
	free, err := w.byNumberTx(ctx, tx, w.base.register, w.runs[playbook.RosterRegister], linksOfBase, w.atBase)
	for id, rec := range free {
		w.atBase[id] = append([]hit{{strconv.Itoa(rec.N), LinkAuto}}, w.atBase[id]...)
	}
	return w, err
}

// inTx gives, by member, their row of a current register.
func (w *who) inTx(ctx context.Context, tx *db.Tx, r Register) (map[string]person, error) {
	hits := w.atBase // the base's own rows
	if r.ID != w.base.register {
		var err error
		if hits, err = w.throughTx(ctx, tx, w.runs[r.Kind]); err != nil {
			return nil, err
		}
	}
	var ns []string
	for _, hs := range hits {
		for _, h := range hs {
			if sure(h.state) > 1 {
				ns = append(ns, h.ref)
			}
		}
	}
	recs, err := recordsAtTx(ctx, tx, r, ns)
	if err != nil {
		return nil, err
	}
	out := map[string]person{}
	for _, m := range w.members {
		var p person
		for _, h := range hits[m.ID] {
			rec, ok := recs[h.ref]
			switch {
			case sure(h.state) > 1 && ok && !p.known:
				p.rec, p.known = rec, true
			case h.state == LinkReview:
				p.waiting = true
			}
		}
		if p.known || p.waiting {
			out[m.ID] = p
		}
	}
	if r.ID == w.base.register {
		return out, nil
	}
	free, err := w.byNumberTx(ctx, tx, r.ID, w.runs[r.Kind], linksOfRecords, hits)
	for id, rec := range free {
		out[id] = person{rec: rec, known: true}
	}
	return out, err
}

// throughTx follows the links of a register's run from the base on: by member. A link is as sure as the less sure half of the way.
func (w *who) throughTx(ctx context.Context, tx *db.Tx, run string) (map[string][]hit, error) {
	out := map[string][]hit{}
	if run == "" {
		return out, nil
	}
	var refs []string
	for _, hs := range w.atBase {
		for _, h := range hs {
			refs = append(refs, h.ref)
		}
	}
	slices.Sort(refs)
	second, err := hitsTx(ctx, tx, w.c.County, run, linksOfBase, slices.Compact(refs))
	if err != nil {
		return nil, err
	}
	for id, hs := range w.atBase {
		for _, first := range hs {
			for _, h := range second[first.ref] {
				if sure(first.state) < sure(h.state) {
					h.state = first.state
				}
				out[id] = append(out[id], h)
			}
		}
	}
	return out, nil
}

// byNumberTx finds records by number for members about whom hits say nothing but no. q asks whom the records are linked to.
func (w *who) byNumberTx(ctx context.Context, tx *db.Tx, register, run, q string, hits map[string][]hit) (map[string]Record, error) {
	open := map[string][]roster.Member{}
	var numbers []string
	for _, m := range w.members {
		if m.IDNumber != "" && !slices.ContainsFunc(hits[m.ID], func(h hit) bool { return sure(h.state) > 0 }) {
			open[string(m.IDNumber)] = append(open[string(m.IDNumber)], m)
			numbers = append(numbers, string(m.IDNumber))
		}
	}
	found, err := recordsByTx(ctx, tx, byNumber, Register{County: w.c.County, ID: register}, numbers)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	taken := map[string][]hit{}
	if run != "" {
		refs := make([]string, len(found))
		for i, rec := range found {
			refs[i] = strconv.Itoa(rec.N)
		}
		if taken, err = hitsTx(ctx, tx, w.c.County, run, q, refs); err != nil {
			return nil, err
		}
	}
	out := map[string]Record{}
	for _, rec := range found {
		ref := strconv.Itoa(rec.N)
		if slices.ContainsFunc(taken[ref], func(h hit) bool { return sure(h.state) > 0 }) {
			continue
		}
		for _, m := range open[rec.IDNumber] {
			denied := slices.ContainsFunc(hits[m.ID], func(h hit) bool { return h.ref == ref && h.state == LinkRejected })
			if _, twice := out[m.ID]; !denied && !twice { // of several rows the first counts, as the check has warned
				out[m.ID] = rec
			}
		}
	}
	return out, nil
}

// recordsAtTx gives records by number of row, as links name them.
func recordsAtTx(ctx context.Context, tx *db.Tx, r Register, refs []string) (map[string]Record, error) {
	ns := make([]int, 0, len(refs))
	for _, ref := range refs {
		if n, err := strconv.Atoi(ref); err == nil {
			ns = append(ns, n)
		}
	}
	slices.Sort(ns)
	out := map[string]Record{}
	for part := range slices.Chunk(slices.Compact(ns), inBatch) {
		in, args := db.In(3, part...)
		rs, err := db.List(ctx, tx, scanRecord, byN+in+`) ORDER BY n`, append([]any{r.County, r.ID}, args...)...)
		if err != nil {
			return nil, err
		}
		for _, rec := range rs {
			out[strconv.Itoa(rec.N)] = rec
		}
	}
	return out, nil
}

// touchedTx gives the households whose figures a link may change: those of the person of the base and of the record.
func touchedTx(ctx context.Context, tx *db.Tx, c survey.Campaign, link string) ([]string, error) {
	l, err := scanLink(tx.QueryRow(ctx, selectLink, c.County, link).Scan)
	if err != nil {
		return nil, err
	}
	r, err := runTx(ctx, tx, c.County, l.Run)
	if err != nil {
		return nil, err
	}
	var ids, numbers []string
	for _, side := range []struct{ kind, register, ref string }{{r.Kind, r.Register, l.Record}, {r.BaseKind, r.BaseRegister, l.BaseRecord}} {
		if side.kind == playbook.RosterRegister {
			ids = append(ids, side.ref)
			continue
		}
		recs, err := recordsAtTx(ctx, tx, Register{County: c.County, ID: side.register}, []string{side.ref})
		if err != nil {
			return nil, err
		}
		if n := recs[side.ref].IDNumber; n != "" {
			numbers = append(numbers, n)
		}
	}
	if r.BaseKind != playbook.RosterRegister { // the base's person may be in the base list
		runs, err := db.List(ctx, tx, scanRun, selectRuns, c.County, c.ID)
		if err != nil {
			return nil, err
		}
		for _, of := range runs {
			if of.Kind != playbook.RosterRegister || of.State != RunCurrent || of.BaseRegister != r.BaseRegister {
				continue
			}
			hits, err := hitsTx(ctx, tx, c.County, of.ID, linksOfBase, []string{l.BaseRecord})
			if err != nil {
				return nil, err
			}
			for _, h := range hits[l.BaseRecord] {
				ids = append(ids, h.ref)
			}
		}
	}
	people, err := roster.PersonsByIDTx(ctx, tx, c.County, ids)
	if err != nil {
		return nil, err
	}
	same, err := roster.PersonsByNumberTx(ctx, tx, c.County, c.ID, numbers)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, p := range people {
		out = append(out, p.Household)
	}
	for _, p := range same {
		out = append(out, p.Household)
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}
