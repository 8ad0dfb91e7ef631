package listing

import (
	"context"
	"errors"
	"fmt"

	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/region"
	"ruhu/internal/roster"
)

const (
	villageColumns = `campaign, village, state, version, from_paper, village_at, village_by, township_at, township_by, frozen_at, frozen_by,
		returned_at, returned_by, returned_why`
	// Whoever changes something in a village's list holds this row until the end, so that its steps follow one another.
	lockVillage = `INSERT INTO listing_village (county, ` + villageColumns + `) VALUES ($1, $2, $3, 'open', 0, FALSE, NULL, '', NULL, '', NULL, '', NULL, '', '')
		ON CONFLICT (county, campaign, village) DO UPDATE SET version = listing_village.version RETURNING ` + villageColumns
	selectVillages = `SELECT ` + villageColumns + ` FROM listing_village WHERE county = $1 AND campaign = $2 ORDER BY village`
	selectVillage  = `SELECT ` + villageColumns + ` FROM listing_village WHERE county = $1 AND campaign = $2 AND village = $3`
	updateVillage  = `UPDATE listing_village SET state = $4, version = version + 1, from_paper = $5, village_at = $6, village_by = $7, township_at = $8,
		township_by = $9, frozen_at = $10, frozen_by = $11, returned_at = $12, returned_by = $13, returned_why = $14
		WHERE county = $1 AND campaign = $2 AND village = $3 AND version = $15`

	proposalColumns = `id, campaign, village, household, action, state, version, reason, note, files, op, name, differences, from_paper, at, by_account,
		by_name, by_role, decided_at, decided_by, decided_note`
	insertProposal = `INSERT INTO listing_proposal (county, ` + proposalColumns + `)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)`
	selectProposal  = `SELECT ` + proposalColumns + ` FROM listing_proposal WHERE county = $1 AND id = $2`
	selectProposals = `SELECT ` + proposalColumns + ` FROM listing_proposal WHERE county = $1 AND id IN (`
	selectOf        = `SELECT ` + proposalColumns + ` FROM listing_proposal WHERE county = $1 AND household = $2 ORDER BY id DESC LIMIT 100`
	endProposal     = `UPDATE listing_proposal SET state = $3, decided_at = $4, decided_by = $5, decided_note = $6 WHERE county = $1 AND id = $2 AND state = 'open'`

	answerColumns = `household, village, proposal, action, state, on_list, version`
	selectAnswers = `SELECT ` + answerColumns + ` FROM listing_answer WHERE county = $1 AND campaign = $2 AND village = $3`
	selectAnswer  = `SELECT ` + answerColumns + ` FROM listing_answer WHERE county = $1 AND household = $2`
	putAnswer     = `INSERT INTO listing_answer (county, campaign, ` + answerColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1)
		ON CONFLICT (county, household) DO UPDATE SET proposal = excluded.proposal, action = excluded.action, state = excluded.state,
		on_list = excluded.on_list, version = listing_answer.version + 1`
	setAnswer    = `UPDATE listing_answer SET state = $3, on_list = $4, version = version + 1 WHERE county = $1 AND household = $2`
	clearAnswer  = `UPDATE listing_answer SET action = '', state = '', version = version + 1 WHERE county = $1 AND household = $2`
	countAnswers = `SELECT village, action, state, on_list, count(*) FROM listing_answer WHERE county = $1 AND campaign = $2
		GROUP BY village, action, state, on_list`
)

// Stamp is the state of a village's list and who set it when.
type Stamp struct {
	Campaign    string
	Village     region.Code
	State       State
	Version     int64
	FromPaper   bool // the village's confirmation was entered from paper
	VillageAt   db.Time
	VillageBy   string
	TownshipAt  db.Time
	TownshipBy  string
	FrozenAt    db.Time
	FrozenBy    string
	ReturnedAt  db.Time
	ReturnedBy  string
	ReturnedWhy string
}

func scanStamp(scan func(...any) error) (Stamp, error) {
	var s Stamp
	err := scan(&s.Campaign, &s.Village, (*string)(&s.State), &s.Version, &s.FromPaper, &s.VillageAt, &s.VillageBy, &s.TownshipAt, &s.TownshipBy,
		&s.FrozenAt, &s.FrozenBy, &s.ReturnedAt, &s.ReturnedBy, &s.ReturnedWhy)
	return s, err
}

// stampTx gives a village's stamp; one that nobody touched is open.
func stampTx(ctx context.Context, tx *db.Tx, county, campaign string, village region.Code) (Stamp, error) {
	s, err := scanStamp(tx.QueryRow(ctx, selectVillage, county, campaign, village).Scan)
	if errors.Is(err, db.ErrNoRows) {
		return Stamp{Campaign: campaign, Village: village, State: Open}, nil
	}
	return s, err
}

func lockTx(ctx context.Context, tx *db.Tx, county, campaign string, village region.Code) (Stamp, error) {
	s, err := scanStamp(tx.QueryRow(ctx, lockVillage, county, campaign, village).Scan)
	if err != nil {
		return s, fmt.Errorf("lock list of %s: %w", village, err)
	}
	return s, nil
}

func saveTx(ctx context.Context, tx *db.Tx, county string, s Stamp) error {
	n, err := tx.Exec(ctx, updateVillage, county, s.Campaign, s.Village, string(s.State), s.FromPaper, s.VillageAt, s.VillageBy, s.TownshipAt, s.TownshipBy,
		s.FrozenAt, s.FrozenBy, s.ReturnedAt, s.ReturnedBy, s.ReturnedWhy, s.Version)
	if err == nil && n != 1 {
		return errs.Conflict.New("listing.stale")
	}
	return err
}

func scanProposal(scan func(...any) error) (Proposal, error) {
	var p Proposal
	var files db.JSON[[]string]
	var op db.JSON[roster.Op]
	var ds db.JSON[[]roster.Difference]
	var version int64
	err := scan(&p.ID, &p.Campaign, &p.Village, &p.Household, &p.Action, &p.State, &version, &p.Reason, &p.Note, &files, &op, &p.Name, &ds, &p.FromPaper,
		&p.At, &p.ByAccount, &p.ByName, (*string)(&p.ByRole), &p.DecidedAt, &p.DecidedBy, &p.DecidedNote)
	p.Files, p.op, p.Differences = files.V, op.V, ds.V
	return p, err
}

func insertTx(ctx context.Context, tx *db.Tx, county string, p Proposal) error {
	_, err := tx.Exec(ctx, insertProposal, county, p.ID, p.Campaign, p.Village, p.Household, p.Action, p.State, p.op.Version, p.Reason, p.Note,
		db.AsJSON(p.Files), db.AsJSON(p.op), p.Name, db.AsJSON(p.Differences), p.FromPaper, p.At, p.ByAccount, p.ByName, string(p.ByRole),
		p.DecidedAt, p.DecidedBy, p.DecidedNote)
	return err
}

// Answer is the present word about a household.
type Answer struct {
	Household string
	Village   region.Code
	Proposal  string
	Action    string // "" when it was taken back
	State     string
	OnList    bool // the household stands on the list now
	Version   int64
}

func scanAnswer(scan func(...any) error) (Answer, error) {
	var a Answer
	err := scan(&a.Household, &a.Village, &a.Proposal, &a.Action, &a.State, &a.OnList, &a.Version)
	return a, err
}

// Counts is how far a village is. Confirmed to Struck hold proposals that wait or were accepted.
type Counts struct {
	Households int `json:"households"` // on the list now
	Confirmed  int `json:"confirmed"`
	Changed    int `json:"changed"`
	Added      int `json:"added"`
	Struck     int `json:"struck"` // merged and split ones too
	Waiting    int `json:"waiting"`
	Returned   int `json:"returned"`
	Left       int `json:"left"` // nothing was said, or what was said came back
}

// countTx counts the answers of a campaign by village; Left still lacks the households that nobody spoke about.
func countTx(ctx context.Context, tx *db.Tx, county, campaign string) (map[region.Code]Counts, error) {
	listed, err := roster.CountVillagesTx(ctx, tx, county, campaign)
	if err != nil {
		return nil, err
	}
	out := map[region.Code]Counts{}
	for v, n := range listed {
		out[v] = Counts{Households: n, Left: n}
	}
	err = tx.Query(ctx, countAnswers, []any{county, campaign}, func(scan func(...any) error) error {
		var v region.Code
		var action, state string
		var onList bool
		var n int
		if err := scan(&v, &action, &state, &onList, &n); err != nil {
			return err
		}
		c := out[v]
		c.add(action, state, onList, n)
		out[v] = c
		return nil
	})
	return out, err
}

func (c *Counts) add(action, state string, onList bool, n int) {
	if state != Waiting && state != Accepted {
		if state == SentBack {
			c.Returned += n
		}
		return
	}
	if onList {
		c.Left -= n
	}
	if state == Waiting {
		c.Waiting += n
	}
	switch action {
	case ConfirmIt:
		c.Confirmed += n
	case roster.Correct:
		c.Changed += n
	case roster.Add:
		c.Added += n
	default:
		c.Struck += n
	}
}
