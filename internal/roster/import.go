package roster

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"ruhu/internal/audit"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/region"
	"ruhu/internal/sheet"
	"ruhu/internal/survey"
)

// EventChanged says that households already on the list have another village or class. Payload: Changed.
const EventChanged = "roster.changed"

// Changed is the payload of roster.changed.
type Changed struct {
	Campaign   string   `json:"campaign"`
	Households []string `json:"households"`
}

// EventEdited says that something about households, their people or who is on the list has changed. Payload: Edited. It follows every change of
// the list, also those of which EventChanged speaks.
const EventEdited = "roster.edited"

// Edited is the payload of roster.edited.
type Edited struct {
	Campaign   string   `json:"campaign"`
	Households []string `json:"households"` // empty after an import: any may have changed
	Import     bool     `json:"import"`
}

// File is a roster to import.
type File struct {
	Name   string
	Data   []byte // .xlsx
	DryRun bool   // only report
	Lang   string // of the messages: "zh" or "en"
	Reason string // needed once a village that the file changes is frozen
}

// Done is one import that was written.
type Done struct {
	ID       string
	FileName string
	At       db.Time
	ByName   string
	Counts   Counts
}

// Check reads a roster without a database: what ruhu roster import does before a server is asked. regions are the places that
// villages are looked up in; nil leaves their names unchecked. Returns Invalid or TooLarge "sheet.…" or Invalid "roster.xlsx_kind" for a file that can't be read at all.
func Check(f File, regions []region.Region) (Report, error) {
	rep := newReport(f)
	in, err := readFile(f.Data, regions, &rep)
	if err != nil {
		return Report{}, err
	}
	compare(ground{}, in, nil, nil, &rep)
	return rep, nil
}

func newReport(f File) Report {
	sum := sha256.Sum256(f.Data)
	return Report{
		DryRun: f.DryRun, FileName: sheet.Clip(f.Name, 120), Digest: hex.EncodeToString(sum[:]), lang: f.Lang,
		Sheets: []SheetReport{}, Errors: []CellNote{}, Warnings: []CellNote{}, Changes: []Change{},
	}
}

// Import reads a roster file and, unless f.DryRun, writes it. With any mistake in the cells nothing is written.
// Returns Forbidden, NotFound "survey.not_found", Conflict "survey.closed", Invalid or TooLarge "sheet.…" or Invalid "roster.xlsx_kind" for a file that can't be
// read at all, Invalid "roster.import_errors" (field report) when it has mistakes and is no dry run, "roster.frozen_reason" when it changes a
// frozen village and f has no reason.
func (s *Service) Import(ctx context.Context, actor authz.Actor, campaign string, f File) (Report, error) {
	if err := actor.Require(authz.RosterImport); err != nil {
		return Report{}, err
	}
	campaign, err := id.Parse(campaign)
	if err != nil {
		return Report{}, err
	}
	c, regions, err := s.where(ctx, actor, campaign)
	if err != nil {
		return Report{}, err
	}
	base := newReport(f)
	in, err := readFile(f.Data, append([]region.Region{}, regions...), &base) // never nil: an unchecked village must not be written
	if err != nil {
		return Report{}, err
	}
	g := ground{county: c.County, campaign: c.ID, names: map[region.Code]string{}}
	for _, r := range regions {
		g.names[r.Code] = r.Name
	}
	var rep Report
	attempt := func(tx *db.Tx) error { // may run twice: begins with a fresh copy
		rep = base
		chain, err := chainTx(ctx, tx, c, f.DryRun)
		if err != nil {
			return err
		}
		if g.mergers, err = region.MergersTx(ctx, tx, c.County); err != nil {
			return err
		}
		stored, members, err := storedTx(ctx, tx, c)
		if err != nil {
			return err
		}
		p := compare(g, in, stored, members, &rep)
		changed := p.pairs(stored, members, chain.frozen)
		rep.NeedsReason = touches(chain.frozen, changed)
		if rep.ErrorsTotal > 0 && !f.DryRun {
			return errs.Invalid.New("roster.import_errors", "count", rep.ErrorsTotal, "report", rep)
		}
		if f.DryRun {
			return nil
		}
		return s.writeTx(ctx, tx, actor, c, p, rep, chain, changed, f.Reason)
	}
	if f.DryRun {
		err = s.d.View(ctx, attempt)
	} else {
		err = s.d.Update(ctx, attempt)
	}
	if err != nil {
		return Report{}, err
	}
	return rep, nil
}

// where gives the campaign and the places it covers.
func (s *Service) where(ctx context.Context, actor authz.Actor, campaign string) (c survey.Campaign, rs []region.Region, err error) {
	err = s.d.View(ctx, func(tx *db.Tx) error {
		if c, err = survey.VisibleTx(ctx, tx, actor, campaign); err != nil {
			return err
		}
		if c.State == survey.Closed {
			return errs.Conflict.New("survey.closed")
		}
		return nil
	})
	if err != nil {
		return c, nil, err
	}
	under := c.Region
	if !actor.Sees(under) { // a township's part of the county's campaign
		under = actor.Region
	}
	rs, err = region.NewService(s.d).List(ctx, under)
	return c, rs, err
}

func (s *Service) writeTx(ctx context.Context, tx *db.Tx, actor authz.Actor, c survey.Campaign, p plan, rep Report, chain chainHead, changed []pair, reason string) error {
	if err := insertHouseholds(ctx, tx, p.newHouseholds); err != nil {
		return err
	}
	if err := insertMembers(ctx, tx, c, p.newMembers); err != nil {
		return err
	}
	if err := saveHouseholds(ctx, tx, p.oldHouseholds); err != nil {
		return err
	}
	if err := saveMembers(ctx, tx, c.County, p.oldMembers); err != nil {
		return err
	}
	reason = strings.TrimSpace(sheet.Clip(reason, 500))
	if _, err := recordTx(ctx, tx, actor, c, chain, EntryImport, Why{SourceImport, reason}, changed); err != nil {
		return err
	}
	importID := id.New()
	if _, err := tx.Exec(ctx, insertImport, c.County, importID, c.ID, rep.FileName, rep.Digest, tx.Now(), actor.ID, actor.Name, db.AsJSON(rep.Counts)); err != nil {
		return err
	}
	if len(p.moved) > 0 {
		if err := s.bus.Emit(ctx, tx, c.County, EventChanged, Changed{c.ID, p.moved}); err != nil {
			return err
		}
	}
	if p.writes() {
		if err := s.bus.Emit(ctx, tx, c.County, EventEdited, Edited{Campaign: c.ID, Households: []string{}, Import: true}); err != nil {
			return err
		}
	}
	return audit.Write(ctx, tx, actor, audit.Entry{
		Action: "roster.import", Campaign: c.ID, Object: "import", ObjectID: importID, Place: c.Region,
		Detail: map[string]any{"file": rep.FileName, "digest": rep.Digest, "counts": rep.Counts, "reason": reason},
	})
}

// Imports lists what was imported, newest first. Returns Forbidden, NotFound "survey.not_found".
func (s *Service) Imports(ctx context.Context, actor authz.Actor, campaign string) ([]Done, error) {
	if err := actor.Require(authz.RosterRead); err != nil {
		return nil, err
	}
	campaign, err := id.Parse(campaign)
	if err != nil {
		return nil, err
	}
	var out []Done
	err = s.d.View(ctx, func(tx *db.Tx) error {
		if _, err := survey.VisibleTx(ctx, tx, actor, campaign); err != nil {
			return err
		}
		out, err = db.List(ctx, tx, func(scan func(...any) error) (Done, error) {
			var d Done
			var counts db.JSON[Counts]
			err := scan(&d.ID, &d.FileName, &d.At, &d.ByName, &counts)
			d.Counts = counts.V
			return d, err
		}, selectImports, actor.County, campaign)
		return err
	})
	return out, err
}

// chainTx gives the frozen state; for an import that writes it also makes other writers wait.
func chainTx(ctx context.Context, tx *db.Tx, c survey.Campaign, dry bool) (h chainHead, err error) {
	if !dry {
		return lockTx(ctx, tx, c)
	}
	h.frozen, err = FrozenTx(ctx, tx, c.County, c.ID)
	return h, err
}

// touches reports whether a change reaches a frozen village.
func touches(frozen map[region.Code]int64, ps []pair) bool {
	return slices.ContainsFunc(ps, func(p pair) bool { return frozen[p.before.Village] > 0 || frozen[p.after.Village] > 0 })
}
