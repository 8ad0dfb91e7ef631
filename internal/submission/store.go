package submission

import (
	"context"
	"fmt"
	"slices"

	"ruhu/internal/db"
	"ruhu/internal/errs"
)

// store writes arrivals that are independent of each other. It sets their receipts, and may run again after a failure.
func (s *Service) store(ctx context.Context, tx *db.Tx, group []*waiting) error {
	byCounty := map[string][]*waiting{}
	for _, w := range group {
		byCounty[w.actor.County] = append(byCounty[w.actor.County], w)
	}
	for county, ws := range byCounty {
		if err := s.storeCounty(ctx, tx, county, ws); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) storeCounty(ctx context.Context, tx *db.Tx, county string, ws []*waiting) error {
	ws, err := s.look(ctx, tx, county, ws)
	if err != nil {
		return err
	}
	var rows, revisions, instances [][]any
	var updates []func() error
	var moves []Move
	var events, aside, second []any
	for _, w := range ws {
		reason, n := decide(w.f), 1
		if w.f.before != nil {
			n = w.f.before.last + 1
		}
		w.out.Revision, w.out.ReceivedAt, w.out.Duplicate, w.out.State = n, tx.Now(), false, StateReceived
		if reason != "" {
			w.out.State = StateQuarantined
		}
		revisions = append(revisions, []any{
			county, w.id, n, w.digest, len(w.a.Body), w.a.Base, w.actor.ID, clip(w.a.Form), clip(w.f.named), reason,
			db.AsJSON(w.files()), tx.Now(), w.a.Body, string(w.a.Via), w.a.Device, w.head.Capture,
		})
		row := w.row(tx, reason, n)
		if w.f.before == nil {
			rows = append(rows, row.args(county))
		} else {
			updates = append(updates, func() error { return row.update(ctx, tx, county, w.f.before) })
		}
		if w.a.Via == ViaClient {
			instances = append(instances, []any{county, ID(w.out.InstanceID), w.id, n})
		}
		if reason == reasonConflict {
			aside = append(aside, SetAside{w.id, n, w.a.Base, w.f.before.revision})
		}
		if reason == reasonSecondForm {
			second = append(second, Beside{w.id, n, w.f.holder})
		}
		if reason == "" {
			// What other apps fill in is made of the campaign's version, and is none of its own.
			version := ""
			if w.a.Via != ViaClient && w.f.form.Hash != w.f.assigned.FormHash {
				version = w.f.form.Hash
			}
			if w.f.assigned.State != "submitted" || version != "" {
				moves = append(moves, Move{county, w.f.assigned.ID, "submitted", w.id, version})
			}
			events = append(events, Received{row.campaign, w.id, n, row.assignment, row.team, row.village, row.day})
		}
	}
	if err := insertAll(ctx, tx, insertSubmission, rows); err != nil {
		return err
	}
	for _, u := range updates {
		if err := u(); err != nil {
			return err
		}
	}
	if err := insertRevisions(ctx, tx, revisions); err != nil {
		return err
	}
	for _, args := range instances {
		if _, err := tx.Exec(ctx, insertInstance, args...); err != nil {
			return err
		}
	}
	if len(moves) > 0 {
		if err := s.in.Move(ctx, tx, moves); err != nil {
			return fmt.Errorf("move assignments: %w", err)
		}
	}
	if err := s.bus.Emit(ctx, tx, county, "submission.set_aside", aside...); err != nil {
		return err
	}
	if err := s.bus.Emit(ctx, tx, county, "submission.second", second...); err != nil {
		return err
	}
	return s.bus.Emit(ctx, tx, county, "submission.received", events...)
}

// look reads what the arrivals meet. Those that are repetitions get their receipt and drop out.
func (s *Service) look(ctx context.Context, tx *db.Tx, county string, ws []*waiting) ([]*waiting, error) {
	ids, wanted, accounts := keys(ws)
	before, err := standings(ctx, tx, county, ids)
	if err != nil {
		return nil, err
	}
	if len(before) > 0 {
		if ws, err = s.duplicates(ctx, tx, county, ws, before); err != nil {
			return nil, err
		}
	}
	assigned, err := s.in.Assignments(ctx, tx, county, wanted)
	if err != nil {
		return nil, fmt.Errorf("read assignments: %w", err)
	}
	teams, err := s.in.Teams(ctx, tx, county, accounts)
	if err != nil {
		return nil, fmt.Errorf("read teams: %w", err)
	}
	holders, err := holdersOf(ctx, tx, county, wanted)
	if err != nil {
		return nil, err
	}
	replaced, err := s.replaced(ctx, tx, county, ws)
	if err != nil {
		return nil, err
	}
	for _, w := range ws {
		w.f.before, w.f.assigned, w.f.holder = nil, nil, ""
		if b, ok := before[w.id]; ok {
			w.f.before = &b
		}
		if a, ok := assigned[w.a.Assignment]; ok {
			w.f.assigned = &a
		}
		w.f.teams, w.f.replaced = teams[w.actor.ID], replaced[w.a.Device]
		if h := holders[w.a.Assignment]; h != w.id {
			w.f.holder = h
		}
	}
	return ws, nil
}

// replaced tells which of the phones that the arrivals come from were given up.
func (s *Service) replaced(ctx context.Context, tx *db.Tx, county string, ws []*waiting) (map[string]bool, error) {
	var ids []string
	for _, w := range ws {
		if w.a.Device != "" && !slices.Contains(ids, w.a.Device) {
			ids = append(ids, w.a.Device)
		}
	}
	if len(ids) == 0 || s.in.Replaced == nil {
		return nil, nil
	}
	out, err := s.in.Replaced(ctx, tx, county, ids)
	if err != nil {
		return nil, fmt.Errorf("read devices: %w", err)
	}
	return out, nil
}

// keys collects the distinct ids that a group asks for.
func keys(ws []*waiting) (ids, assignments, accounts []string) {
	known := map[string]bool{}
	for _, w := range ws {
		ids = append(ids, w.id)
		if w.a.Assignment != "" {
			assignments = append(assignments, w.a.Assignment)
		}
		if !known[w.actor.ID] {
			known[w.actor.ID] = true
			accounts = append(accounts, w.actor.ID)
		}
	}
	return ids, assignments, accounts
}

// duplicates gives the receipt they had to arrivals whose bytes are known. The bytes of an older revision, edited from the current
// one, are a new revision.
func (s *Service) duplicates(ctx context.Context, tx *db.Tx, county string, ws []*waiting, before map[string]standing) ([]*waiting, error) {
	known := make([]string, 0, len(before))
	for k := range before {
		known = append(known, k)
	}
	revs, err := receiptsOf(ctx, tx, county, known)
	if err != nil {
		return nil, err
	}
	fresh := make([]*waiting, 0, len(ws))
	for _, w := range ws {
		r, ok := revs[w.id+w.digest]
		if b := before[w.id]; !ok || r.Revision < b.revision && w.a.Base == b.revision {
			fresh = append(fresh, w) // unknown, or a change that was taken back on purpose
			continue
		}
		w.out.Revision, w.out.ReceivedAt, w.out.State, w.out.Duplicate = r.Revision, r.ReceivedAt, r.State, true
	}
	return fresh, nil
}

func (w *waiting) files() []string {
	if w.named != nil {
		return w.named
	}
	if w.head.Files == nil {
		return []string{}
	}
	return w.head.Files
}

// row is the submission's row after this arrival.
func (w *waiting) row(tx *db.Tx, reason string, n int) row {
	r := row{
		id: w.id, instance: w.out.InstanceID, campaign: NoCampaign, village: w.actor.Region, form: clip(w.a.Form),
		account: w.actor.ID, revision: n, last: n, state: StateReceived, reason: reason, receivedAt: tx.Now(), capture: w.head.Capture,
	}
	if w.f.form != nil {
		r.formCode = w.f.form.Code
	}
	if a := w.f.assigned; a != nil && w.mayKnow(a) {
		r.campaign, r.household, r.village, r.team, r.day = a.Campaign, a.Household, a.Village, a.Team, a.Day
		if reason == "" {
			r.assignment = a.ID
		}
	}
	if reason != "" {
		r.state = StateQuarantined
	}
	return r
}

// mayKnow reports whether the assignment lies in the sender's region: an arrival must not plant itself elsewhere.
func (w *waiting) mayKnow(a *Assigned) bool { return w.actor.Sees(a.Village) }

// update writes the row over what stands. A revision that is set aside changes no more than its number and the reason.
func (r row) update(ctx context.Context, tx *db.Tx, county string, before *standing) error {
	q, args := updateCurrent, []any{
		county, r.id, r.campaign, db.Null(r.assignment), db.Null(r.household), r.village, db.Null(r.team), r.day, r.form, r.formCode,
		r.account, r.revision, string(r.state), r.receivedAt, before.last, r.capture,
	}
	if r.state == StateQuarantined {
		q, args = updateAside, []any{county, r.id, r.last, r.reason, before.last}
	}
	n, err := tx.Exec(ctx, q, args...)
	if err == nil && n != 1 { // another process was quicker
		return errs.Conflict.New("submission.stale")
	}
	return err
}

// clip bounds a text from outside and makes it storable.
func clip(s string) string {
	if len(s) > maxTextInID || !printable([]byte(s)) {
		return ""
	}
	return s
}
