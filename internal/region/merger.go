package region

import (
	"context"
	"errors"
	"slices"

	"ruhu/internal/db"
	"ruhu/internal/errs"
)

// Merger says that a village was merged into another (村合并). Surveys go on by the villages as before (S4.1); the new code is kept beside.
type Merger struct {
	ID       string  `json:"id"`
	Old      Code    `json:"old"`
	New      Code    `json:"new"`
	OldName  string  `json:"old_name"`
	NewName  string  `json:"new_name"`
	Day      db.Date `json:"day"`
	Document string  `json:"document"` // number of the official paper
	At       db.Time `json:"at"`
	ByName   string  `json:"by_name"`
}

const (
	mergerColumns  = `id, old, new, day, document, at, by_name`
	selectMergers  = `SELECT ` + mergerColumns + ` FROM region_merger WHERE county = $1 ORDER BY day, id`
	insertMerger   = `INSERT INTO region_merger (county, ` + mergerColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING`
	deleteMerger   = `DELETE FROM region_merger WHERE county = $1 AND id = $2`
	maxDocumentLen = 200
)

// MergersTx lists the mergers of a county in the order of their days.
func MergersTx(ctx context.Context, tx *db.Tx, county string) ([]Merger, error) {
	ms, err := db.List(ctx, tx, func(scan func(...any) error) (Merger, error) {
		var m Merger
		err := scan(&m.ID, &m.Old, &m.New, &m.Day, &m.Document, &m.At, &m.ByName)
		return m, err
	}, selectMergers, county)
	if err != nil {
		return nil, err
	}
	var codes []Code
	for _, m := range ms {
		codes = append(codes, m.Old, m.New)
	}
	names, err := NamesTx(ctx, tx, codes)
	for i, m := range ms {
		ms[i].OldName, ms[i].NewName = names[m.Old], names[m.New]
	}
	return ms, err
}

// Present follows mergers from a village to the one that stands for it now; a village that was not merged stands for itself.
func Present(ms []Merger, c Code) Code {
	for range ms { // at most as many steps as there are mergers
		i := slices.IndexFunc(ms, func(m Merger) bool { return m.Old == c })
		if i < 0 {
			break
		}
		c = ms[i].New
	}
	return c
}

// Same lists the codes of the village that c is part of now: c, the village it was merged into, and all others that were. Somebody at home
// in one of them is at home in all (S3.4: no team in its own village).
func Same(ms []Merger, c Code) []Code {
	if c == "" {
		return nil
	}
	now := Present(ms, c)
	out := []Code{c}
	if now != c {
		out = append(out, now)
	}
	for _, m := range ms {
		if m.Old != c && m.Old != now && Present(ms, m.Old) == now {
			out = append(out, m.Old)
		}
	}
	return out
}

// NowTx gives the village that c was merged into; "" when it was not.
func NowTx(ctx context.Context, tx *db.Tx, c Code) (Code, error) {
	ms, err := MergersTx(ctx, tx, c.County())
	if now := Present(ms, c); now != c {
		return now, err
	}
	return "", err
}

// MergeTx records a merger. Returns Invalid "region.merger" (field) for what is no village, a day or a paper that is missing, NotFound
// "region.not_found", Conflict "region.merged_already", "region.merger_circle".
func MergeTx(ctx context.Context, tx *db.Tx, m Merger) error {
	for _, c := range []Code{m.Old, m.New} {
		if c.Level() != Village || c.County() != m.Old.County() {
			return errs.Invalid.New("region.merger", "field", "old")
		}
		if _, err := GetTx(ctx, tx, c); err != nil {
			return err
		}
	}
	if _, err := db.ParseDate(string(m.Day)); err != nil {
		return errs.Invalid.Wrap(err, "region.merger", "field", "day")
	}
	if m.Document == "" || len(m.Document) > maxDocumentLen {
		return errs.Invalid.New("region.merger", "field", "document")
	}
	ms, err := MergersTx(ctx, tx, m.Old.County())
	if err != nil {
		return err
	}
	if Present(ms, m.New) == m.Old || m.New == m.Old {
		return errs.Conflict.New("region.merger_circle")
	}
	n, err := tx.Exec(ctx, insertMerger, m.Old.County(), m.ID, m.Old, m.New, m.Day, m.Document, tx.Now(), m.ByName)
	if err == nil && n != 1 {
		return errs.Conflict.New("region.merged_already")
	}
	return err
}

// UnmergeTx takes a merger back and gives it. Returns NotFound "region.no_merger", Conflict "region.merger_needed" when a later merger builds on it.
func UnmergeTx(ctx context.Context, tx *db.Tx, county, id string) (Merger, error) {
	ms, err := MergersTx(ctx, tx, county)
	if err != nil {
		return Merger{}, err
	}
	i := slices.IndexFunc(ms, func(m Merger) bool { return m.ID == id })
	if i < 0 {
		return Merger{}, errs.NotFound.New("region.no_merger")
	}
	if slices.ContainsFunc(ms, func(m Merger) bool { return m.Old == ms[i].New }) {
		return ms[i], errs.Conflict.New("region.merger_needed")
	}
	n, err := tx.Exec(ctx, deleteMerger, county, id)
	if err == nil && n != 1 {
		err = errors.New("region: merger went away")
	}
	return ms[i], err
}
