package roster

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	"ruhu/internal/audit"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/region"
	"ruhu/internal/survey"
)

// Kinds of entries.
const (
	EntryFreeze = "freeze"
	EntryChange = "change" // one decision
	EntryImport = "import" // one import
)

// Entry is one running number of a frozen roster: the freeze of villages, or a change afterwards. Its digest covers the text of
// the households as they became and the digest before it, so that none can be taken out or rewritten unseen.
type Entry struct {
	Number     int64   `json:"number"` // 1, 2, … in the campaign
	Kind       string  `json:"kind"`
	At         db.Time `json:"at"`
	ByName     string  `json:"by_name"`
	Reason     string  `json:"reason"`
	Households int     `json:"households"`
	Digest     string  `json:"digest"`
}

const (
	// The row of the campaign is locked by the first statement of whoever changes the list, so that changes, imports and freezes of one
	// campaign follow one another.
	lockHead = `INSERT INTO roster_head (county, campaign, number, digest, touched) VALUES ($1, $2, 0, $3, 0)
		ON CONFLICT (county, campaign) DO UPDATE SET touched = roster_head.touched + 1 RETURNING number, digest`
	updateHead   = `UPDATE roster_head SET number = $3, digest = $4 WHERE county = $1 AND campaign = $2`
	selectHead   = `SELECT number, digest FROM roster_head WHERE county = $1 AND campaign = $2`
	selectFrozen = `SELECT village, number FROM roster_frozen WHERE county = $1 AND campaign = $2`
	insertFrozen = `INSERT INTO roster_frozen (county, campaign, village, number) VALUES ($1, $2, $3, $4)`

	insertEntry = `INSERT INTO roster_entry (county, campaign, number, kind, at, by_name, reason, households, digest)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`
	insertText    = `INSERT INTO roster_entry_text (county, campaign, number, village, body) VALUES ($1, $2, $3, $4, $5)`
	selectEntries = `SELECT number, kind, at, by_name, reason, households, digest FROM roster_entry
		WHERE county = $1 AND campaign = $2 AND number > $3 ORDER BY number LIMIT $4`
	selectTexts = `SELECT body FROM roster_entry_text WHERE county = $1 AND campaign = $2 AND number = $3 ORDER BY village`
)

// Logged are the rows of roster_entry, which are in the log.
var Logged = audit.NewTable("roster_entry", 2, "campaign, number:int, kind, at:time, by_name, reason, households:int, digest")

// chainHead is the last entry of a campaign.
type chainHead struct {
	number int64
	digest string
	frozen map[region.Code]int64
}

// lockTx makes other writers of this campaign's list wait.
func lockTx(ctx context.Context, tx *db.Tx, c survey.Campaign) (chainHead, error) {
	h := chainHead{}
	if err := tx.QueryRow(ctx, lockHead, c.County, c.ID, rootDigest(c.ID)).Scan(&h.number, &h.digest); err != nil {
		return h, fmt.Errorf("lock roster: %w", err)
	}
	var err error
	h.frozen, err = FrozenTx(ctx, tx, c.County, c.ID)
	return h, err
}

// FrozenTx gives the villages whose list is frozen, with the running number of their freeze.
func FrozenTx(ctx context.Context, tx *db.Tx, county, campaign string) (map[region.Code]int64, error) {
	out := map[region.Code]int64{}
	err := tx.Query(ctx, selectFrozen, []any{county, campaign}, func(scan func(...any) error) error {
		var v region.Code
		var n int64
		err := scan(&v, &n)
		out[v] = n
		return err
	})
	return out, err
}

// HeadTx gives the running number and digest that stand for the frozen list as it is now; 0 and "" while nothing is frozen.
func HeadTx(ctx context.Context, tx *db.Tx, county, campaign string) (number int64, digest string, err error) {
	err = tx.QueryRow(ctx, selectHead, county, campaign).Scan(&number, &digest)
	if errors.Is(err, db.ErrNoRows) || err == nil && number == 0 {
		return 0, "", nil
	}
	return number, digest, err
}

// entryTx appends an entry over the households as they are now. Those outside frozen villages are the caller's to leave out.
func entryTx(ctx context.Context, tx *db.Tx, c survey.Campaign, h chainHead, e Entry, fs []Full) (Entry, error) {
	byVillage := map[region.Code][]Full{}
	for _, f := range fs {
		byVillage[f.Village] = append(byVillage[f.Village], f)
	}
	e.Number, e.At, e.Households = h.number+1, tx.Now(), len(fs)
	body := ""
	for _, v := range slices.Sorted(maps.Keys(byVillage)) {
		text := canonicals(byVillage[v])
		body += text
		if _, err := tx.Exec(ctx, insertText, c.County, c.ID, e.Number, v, text); err != nil {
			return e, err
		}
	}
	e.Digest = e.chain(h.digest, body)
	row := []any{c.County, c.ID, e.Number, e.Kind, e.At, e.ByName, e.Reason, e.Households, e.Digest}
	if _, err := tx.Exec(ctx, insertEntry, row...); err != nil {
		return e, err
	}
	if err := audit.LogTx(ctx, tx, Logged, row); err != nil {
		return e, err
	}
	_, err := tx.Exec(ctx, updateHead, c.County, c.ID, e.Number, e.Digest)
	return e, err
}

// FreezeTx freezes the lists of villages: one entry with all their households, struck ones too. Returns Conflict "roster.frozen_already",
// "roster.freeze_empty" when there is no household in them.
func FreezeTx(ctx context.Context, tx *db.Tx, actor authz.Actor, c survey.Campaign, villages []region.Code, reason string) (Entry, error) {
	h, err := lockTx(ctx, tx, c)
	if err != nil {
		return Entry{}, err
	}
	wanted := map[region.Code]bool{}
	for _, v := range villages {
		if h.frozen[v] > 0 || wanted[v] {
			return Entry{}, errs.Conflict.New("roster.frozen_already", "village", string(v))
		}
		wanted[v] = true
	}
	all, err := db.List(ctx, tx, scanHousehold, selectAll, c.County, c.ID)
	if err != nil {
		return Entry{}, err
	}
	hs := slices.DeleteFunc(all, func(h Household) bool { return !wanted[h.Village] })
	if len(hs) == 0 {
		return Entry{}, errs.Conflict.New("roster.freeze_empty")
	}
	fs, err := fillTx(ctx, tx, c.County, hs)
	if err != nil {
		return Entry{}, err
	}
	e, err := entryTx(ctx, tx, c, h, Entry{Kind: EntryFreeze, ByName: actor.Name, Reason: reason}, fs)
	if err != nil {
		return e, err
	}
	for _, v := range villages {
		if _, err := tx.Exec(ctx, insertFrozen, c.County, c.ID, v, e.Number); err != nil {
			return e, err
		}
	}
	return e, nil
}

func scanEntry(scan func(...any) error) (Entry, error) {
	var e Entry
	err := scan(&e.Number, &e.Kind, &e.At, &e.ByName, &e.Reason, &e.Households, &e.Digest)
	return e, err
}

// Entries gives the running numbers of a campaign after a given one. Returns Forbidden, NotFound "survey.not_found".
func (s *Service) Entries(ctx context.Context, actor authz.Actor, campaign string, after int64) (out []Entry, more bool, err error) {
	if err := actor.Require(authz.RosterRead); err != nil {
		return nil, false, err
	}
	campaign, err = id.Parse(campaign)
	if err != nil {
		return nil, false, err
	}
	err = s.d.View(ctx, func(tx *db.Tx) error {
		if _, err := survey.VisibleTx(ctx, tx, actor, campaign); err != nil {
			return err
		}
		out, err = db.List(ctx, tx, scanEntry, selectEntries, actor.County, campaign, after, db.MaxPage+1)
		return err
	})
	if len(out) > db.MaxPage {
		return out[:db.MaxPage], true, err
	}
	return out, false, err
}

// Export writes the frozen roster with everything that came after it, as Verify reads it: names and ID numbers in full. Returns Forbidden
// (roster.pii), NotFound "survey.not_found", Conflict "roster.not_frozen".
func (s *Service) Export(ctx context.Context, actor authz.Actor, campaign string, w io.Writer) error {
	if err := actor.Require(authz.RosterPII); err != nil {
		return err
	}
	campaign, err := id.Parse(campaign)
	if err != nil {
		return err
	}
	return s.d.View(ctx, func(tx *db.Tx) error {
		c, err := survey.VisibleTx(ctx, tx, actor, campaign)
		if err != nil {
			return err
		}
		if !actor.Sees(c.Region) { // the chain is of the whole campaign
			return errs.NotFound.New("survey.not_found", "id", campaign)
		}
		number, _, err := HeadTx(ctx, tx, c.County, c.ID)
		if err != nil {
			return err
		}
		if number == 0 {
			return errs.Conflict.New("roster.not_frozen")
		}
		if _, err := io.WriteString(w, formatName+"\ncampaign\t"+c.ID+"\n"); err != nil {
			return err
		}
		for last := int64(0); last < number; {
			page, err := db.List(ctx, tx, scanEntry, selectEntries, c.County, c.ID, last, db.MaxPage)
			if err != nil {
				return err
			}
			for _, e := range page {
				if err := writeEntry(ctx, tx, c, e, w); err != nil {
					return err
				}
				last = e.Number
			}
		}
		return nil
	})
}

func writeEntry(ctx context.Context, tx *db.Tx, c survey.Campaign, e Entry, w io.Writer) error {
	if _, err := io.WriteString(w, e.title()); err != nil {
		return err
	}
	err := tx.Query(ctx, selectTexts, []any{c.County, c.ID, e.Number}, func(scan func(...any) error) error {
		var body string
		if err := scan(&body); err != nil {
			return err
		}
		_, err := io.WriteString(w, body)
		return err
	})
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, "digest\t"+e.Digest+"\n")
	return err
}
