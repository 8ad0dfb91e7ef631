package match

import (
	"context"
	"log/slog"
	"math"

	"ruhu/internal/audit"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/job"
	"ruhu/internal/match/link"
	"ruhu/internal/playbook"
	"ruhu/internal/roster"
	"ruhu/internal/survey"
)

// linkTask is the payload of match.link.
type linkTask struct {
	Run string `json:"run"`
}

// Start links registers: the kind, or every kind for "". Files that were linked to each other are not linked again. Returns Forbidden, NotFound
// "survey.not_found", "match.no_kind", Conflict "survey.closed", "match.no_base", "match.not_loaded".
func (s *Identities) Start(ctx context.Context, actor authz.Actor, campaign, kind string) error {
	if err := actor.Require(authz.MatchDecide); err != nil {
		return err
	}
	campaign, err := id.Parse(campaign)
	if err != nil {
		return err
	}
	return s.d.Update(ctx, func(tx *db.Tx) error {
		c, err := importTx(ctx, tx, actor, campaign)
		if err != nil {
			return err
		}
		started, err := s.startTx(ctx, tx, actor, c, kind)
		if err != nil {
			return err
		}
		return audit.Write(ctx, tx, actor, audit.Entry{
			Action: "match.link", Campaign: c.ID, Object: "campaign", ObjectID: c.ID, Place: c.Region, Detail: map[string]any{"kinds": started},
		})
	})
}

// startTx queues runs for the kinds that have a register, unless the same files were linked already, and gives the kinds.
func (s *Identities) startTx(ctx context.Context, tx *db.Tx, actor authz.Actor, c survey.Campaign, kind string) ([]string, error) {
	base, err := baseTx(ctx, tx, c)
	if err != nil {
		return nil, err
	}
	all, err := sourcesTx(ctx, tx, c)
	if err != nil {
		return nil, err
	}
	started, known, ready := []string{}, kind == "", false
	for _, src := range all {
		known = known || src.kind == kind
		if src.base || kind != "" && src.kind != kind || src.register == "" {
			continue
		}
		ready = true
		same, err := sameRunTx(ctx, tx, c, src, base)
		if err != nil {
			return nil, err
		}
		if same {
			continue
		}
		started = append(started, src.kind)
		rid := id.New()
		if _, err := tx.Exec(ctx, insertRun, c.County, rid, c.ID, src.kind, src.register, base.kind, base.register, base.rows+src.rows, db.AsJSON(RunResult{Steps: []int{}}),
			actor.ID, actor.Name, tx.Now()); err != nil {
			return nil, err
		}
		if err := s.bus.Emit(ctx, tx, c.County, EventLink, linkTask{rid}); err != nil {
			return nil, err
		}
	}
	if !known {
		return nil, errs.NotFound.New("match.no_kind", "kind", kind)
	}
	if !ready && kind != "" {
		return nil, errs.Conflict.New("match.not_loaded", "kind", kind)
	}
	return started, nil
}

// sameRunTx reports whether linking a source again would tell nothing new: the same files run or have run. The base list has no
// file, so it is always linked anew.
func sameRunTx(ctx context.Context, tx *db.Tx, c survey.Campaign, src, base source) (bool, error) {
	runs, err := db.List(ctx, tx, scanRun, selectRuns, c.County, c.ID)
	if err != nil {
		return false, err
	}
	lists := src.kind == playbook.RosterRegister || base.kind == playbook.RosterRegister
	for _, r := range runs {
		if r.Kind == src.kind && r.Register == src.register && r.BaseRegister == base.register && (r.State == RunRunning && r.Phase == "read" || r.State == RunCurrent && !lists) {
			return true, nil
		}
	}
	return false, nil
}

func scanID(scan func(...any) error) (v string, err error) { return v, scan(&v) }

// onLoaded links a register that has become current; a new base links all anew.
func (s *Identities) onLoaded(ctx context.Context, b *job.Batch) error {
	for _, ev := range b.Events {
		loaded, err := job.Decode[Loaded](ev)
		if err != nil {
			return err
		}
		if err := s.restart(ctx, ev.County, loaded.Campaign, loaded.Kind); err != nil {
			return err
		}
	}
	return nil
}

// onRoster links the base list when it was imported, once a register is the base. Single changes do not link it anew: whom no link knows is
// found by number until somebody asks for it. Suspects' households that came onto the list get their tags.
func (s *Identities) onRoster(ctx context.Context, b *job.Batch) error {
	done := map[string]bool{}
	for _, ev := range b.Events {
		edited, err := job.Decode[roster.Edited](ev)
		if err != nil {
			return err
		}
		if !edited.Import {
			if err := s.tagListed(ctx, ev.County, edited.Campaign, edited.Households); err != nil {
				return err
			}
			continue
		}
		if done[ev.County+edited.Campaign] {
			continue
		}
		done[ev.County+edited.Campaign] = true
		if err := s.restart(ctx, ev.County, edited.Campaign, playbook.RosterRegister); err != nil {
			return err
		}
	}
	return nil
}

// restart links a kind anew; a new base links all. Without a base there is nothing to do yet.
func (s *Identities) restart(ctx context.Context, county, campaign, kind string) error {
	err := s.d.Update(ctx, func(tx *db.Tx) error {
		c, err := survey.CampaignTx(ctx, tx, county, campaign)
		if err != nil || len(c.Plan.Registers) == 0 {
			return err
		}
		base, err := baseTx(ctx, tx, c)
		if err != nil {
			return err
		}
		if kind == base.kind {
			kind = ""
		}
		_, err = s.startTx(ctx, tx, authz.System(county), c, kind)
		return err
	})
	if code := errs.CodeOf(err); code == "match.no_base" || code == "match.no_kind" || code == "match.not_loaded" {
		return nil
	}
	return err
}

func (s *Identities) onLink(ctx context.Context, b *job.Batch) error {
	for _, ev := range b.Events {
		task, err := job.Decode[linkTask](ev)
		if err != nil {
			return err
		}
		var r Run
		if err := s.d.View(ctx, func(tx *db.Tx) error {
			r, err = runTx(ctx, tx, ev.County, task.Run)
			return err
		}); err != nil {
			return err
		}
		if r.State != RunRunning {
			continue
		}
		if err := s.run(ctx, r); err != nil {
			return err
		}
	}
	return nil
}

// linksPerTx is how many links are written in one transaction.
const linksPerTx = 500

// run links and writes. It may run again after a crash: links of the first try are removed before.
func (s *Identities) run(ctx context.Context, r Run) error {
	if err := s.clearRun(ctx, r.County, r.ID); err != nil {
		return err
	}
	var base link.Builder
	refs, keys, villages := [2][]string{}, [2][]string{}, [2][]string{}
	var households []string // of the register's records, for their villages
	note := func(side int, ref string, p link.Person) {
		refs[side], keys[side], villages[side] = append(refs[side], ref), append(keys[side], keyOf(p)), append(villages[side], p.Village)
	}
	if err := s.each(ctx, r.County, source{kind: r.BaseKind, register: r.BaseRegister}, func(ref string, p link.Person) {
		base.Add(p)
		note(0, ref, p)
	}); err != nil {
		return err
	}
	reg := base.Base().Register()
	if err := s.each(ctx, r.County, source{kind: r.Kind, register: r.Register}, func(ref string, p link.Person) {
		reg.Add(p)
		note(1, ref, p)
		households = append(households, p.Household)
	}); err != nil {
		return err
	}
	if err := s.phase(ctx, r, "link", 0, 1); err != nil {
		return err
	}
	res := reg.Link()

	decided, err := s.decisions(ctx, r)
	if err != nil {
		return err
	}
	out := RunResult{
		Records: len(refs[1]), Base: len(refs[0]), Steps: res.Counts[:], Pairs: res.Pairs, Cut: res.Cut, Houses: len(res.Houses),
		Prior: res.Parameters.Prior, M: res.Parameters.M, U: res.Parameters.U,
	}
	links := make([]Link, 0, linksPerTx)
	for i, found := range res.Links {
		l := asLink(r, found)
		l.Record, l.BaseRecord = refs[1][found.Record], refs[0][found.Person]
		l.recordKey, l.baseKey = keys[1][found.Record], keys[0][found.Person]
		if l.Village = villages[0][found.Person]; l.Village == "" {
			l.Village = villages[1][found.Record]
		}
		if d, ok := decided[l.recordKey+l.baseKey]; ok {
			l.State, l.Note, l.ByName, l.DecidedAt = LinkRejected, d.note, d.byName, d.at
			if d.same {
				l.State = LinkConfirmed
			}
		}
		switch l.State {
		case LinkReview:
			out.Review++
		case LinkAuto, LinkConfirmed:
			out.Linked++
		}
		if found.Duplicate {
			out.Duplicates++
		}
		links = append(links, l)
		if len(links) == linksPerTx || i == len(res.Links)-1 {
			if err := s.d.Update(ctx, func(tx *db.Tx) error {
				if err := insertLinksTx(ctx, tx, r.County, links); err != nil {
					return err
				}
				_, err := tx.Exec(ctx, updatePhase, r.County, r.ID, "write", i+1, len(res.Links))
				return err
			}); err != nil {
				return err
			}
			links = links[:0]
		}
	}
	at := map[string]string{}
	for i, h := range households {
		if at[h] == "" {
			at[h] = villages[1][i]
		}
	}
	if err := s.writeHouses(ctx, r, res.Houses, at, &out); err != nil {
		return err
	}
	slog.InfoContext(ctx, "register linked", slog.String("run", r.ID), slog.Int("records", out.Records), slog.Int("linked", out.Linked), slog.Int("review", out.Review))
	return s.finish(ctx, r, out)
}

// asLink is the link without names of records.
func asLink(r Run, found link.Link) Link {
	l := Link{
		Campaign: r.Campaign, Run: r.ID, Kind: r.Kind, State: LinkAuto, Step: found.Step, Weight: int(math.Round(found.Weight * 100)),
		Probability: int(math.Round(found.Probability * 1e6)),
		Reason: Reason{
			Levels: found.Levels[:], Weights: found.Weights[:], Term: found.Term, Household: found.Household, Housemates: found.Housemates, Duplicate: found.Duplicate,
		},
	}
	if found.Review {
		l.State = LinkReview
	}
	return l
}

// finish makes the run the current one of its kind; runs before it are superseded and their links removed.
func (s *Identities) finish(ctx context.Context, r Run, out RunResult) error {
	var old []string
	err := s.d.Update(ctx, func(tx *db.Tx) error {
		n, err := tx.Exec(ctx, endRun, r.County, r.ID, string(RunCurrent), db.AsJSON(out), tx.Now())
		if err != nil || n == 0 {
			return err
		}
		if _, err := tx.Exec(ctx, supersedeRuns, r.County, r.Campaign, r.Kind, r.ID); err != nil {
			return err
		}
		if old, err = db.List(ctx, tx, scanID, selectOldRuns, r.County, r.Campaign, r.Kind); err != nil {
			return err
		}
		return s.bus.Emit(ctx, tx, r.County, EventLinked, Linked{r.Campaign, r.Kind, r.ID})
	})
	if err != nil {
		return err
	}
	for _, run := range old {
		if err := s.clearRun(ctx, r.County, run); err != nil {
			return err
		}
	}
	return nil
}

// clearRun removes the links of a run that nobody looks at, a few at a time.
func (s *Identities) clearRun(ctx context.Context, county, run string) error {
	for {
		var n int64
		err := s.d.Update(ctx, func(tx *db.Tx) (err error) {
			if n, err = tx.Exec(ctx, deleteLinks, county, run, 2000); err == nil && n == 0 {
				_, err = tx.Exec(ctx, deleteHouse, county, run)
			}
			return err
		})
		if err != nil || n == 0 {
			return err
		}
	}
}

func (s *Identities) phase(ctx context.Context, r Run, phase string, done, total int) error {
	return s.d.Update(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, updatePhase, r.County, r.ID, phase, done, total)
		return err
	})
}

type decision struct {
	same         bool
	note, byName string
	at           db.Time
}

// decisions are what clerks said about pairs of persons, by both keys.
func (s *Identities) decisions(ctx context.Context, r Run) (map[string]decision, error) {
	out := map[string]decision{}
	err := s.d.View(ctx, func(tx *db.Tx) error {
		return tx.Query(ctx, selectDecisions, []any{r.County, r.Campaign, r.Kind}, func(scan func(...any) error) error {
			var a, b, account string
			var d decision
			if err := scan(&a, &b, &d.same, &d.note, &account, &d.byName, &d.at); err != nil {
				return err
			}
			out[a+b] = d
			return nil
		})
	})
	return out, err
}

// writeHouses keeps the households that were split or merged; the others are counted.
func (s *Identities) writeHouses(ctx context.Context, r Run, hs []link.House, village map[string]string, out *RunResult) error {
	const columns = 9
	var args []any
	flush := func() error {
		if len(args) == 0 {
			return nil
		}
		err := s.d.Update(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, insertHouse+db.Rows(len(args)/columns, columns), args...)
			return err
		})
		args = args[:0]
		return err
	}
	for _, h := range hs {
		if len(h.Others) > 0 {
			out.Splits++
		}
		if len(h.Merged) > 0 {
			out.Merges++
		}
		if len(h.Others)+len(h.Merged) == 0 {
			continue
		}
		args = append(args, r.County, r.ID, h.Household, village[h.Household], h.Base, h.Members, h.Agree, db.AsJSON(h.Others), db.AsJSON(h.Merged))
		if len(args) == 100*columns {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	return flush()
}
