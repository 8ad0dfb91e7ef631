package ledger

import (
	"context"
	"errors"
	"slices"

	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/region"
	"ruhu/internal/survey"
)

// sight is what of a campaign's ledger a person may see besides the region: complaints are kept from villages, and what has not been
// fed back at a meeting from the roles that the playbook names (S2.14).
type sight struct {
	noSealed bool
	held     bool
	until    db.Date // what was found up to this day; only when held
}

const selectFeedbacks = `SELECT region, until FROM ledger_feedback WHERE county = $1 AND campaign = $2`

func sightTx(ctx context.Context, tx *db.Tx, actor authz.Actor, c survey.Campaign) (sight, error) {
	out := sight{noSealed: actor.Role == authz.Village}
	if out.held = slices.Contains(c.Plan.Ledger.Daily.Hold, string(actor.Role)); !out.held {
		return out, nil
	}
	err := tx.Query(ctx, selectFeedbacks, []any{actor.County, c.ID}, func(scan func(...any) error) error {
		var of region.Code
		var until db.Date
		if err := scan(&of, &until); err != nil {
			return err
		}
		if of.Contains(actor.Region) && until > out.until {
			out.until = until
		}
		return nil
	})
	return out, err
}

func (s sight) sees(it Item) bool {
	return !(s.noSealed && it.Sealed) && (!s.held || it.FoundOn <= s.until)
}

// where narrows a list to what is seen.
func (s sight) where(w *db.Where) {
	if s.noSealed {
		w.And(`NOT sealed`)
	}
	if s.held {
		w.And(`found_on <= ?`, string(s.until))
	}
}

// getTx gives an item of the actor's region that the actor may see now, with its campaign. Returns NotFound "ledger.not_found".
func getTx(ctx context.Context, tx *db.Tx, actor authz.Actor, itemID string) (Item, survey.Campaign, error) {
	lo, hi := actor.Scope()
	it, err := scanItem(tx.QueryRow(ctx, selectScoped, actor.County, itemID, lo, hi).Scan)
	if errors.Is(err, db.ErrNoRows) {
		return it, survey.Campaign{}, errs.NotFound.New("ledger.not_found", "id", itemID)
	}
	if err != nil {
		return it, survey.Campaign{}, err
	}
	c, err := survey.CampaignTx(ctx, tx, it.County, it.Campaign)
	if err != nil {
		return it, c, err
	}
	sees, err := sightTx(ctx, tx, actor, c)
	if err == nil && !sees.sees(it) {
		err = errs.NotFound.New("ledger.not_found", "id", itemID)
	}
	it.today = c.Today(tx.Now())
	return it, c, err
}
