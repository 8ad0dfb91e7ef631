package listing

import (
	"context"
	"slices"
	"strings"

	"ruhu/internal/audit"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/region"
	"ruhu/internal/roster"
	"ruhu/internal/sheet"
	"ruhu/internal/survey"
)

// EventFrozen says that villages' lists were frozen. Payload: Freezing.
const EventFrozen = "listing.frozen"

// Freezing is the payload of listing.frozen.
type Freezing struct {
	Campaign string        `json:"campaign"`
	Villages []region.Code `json:"villages"` // that were frozen now
	Number   int64         `json:"number"`   // of the entry
	Digest   string        `json:"digest"`
	Whole    bool          `json:"whole"` // no village of the campaign with households is left
}

// Freeze freezes the lists of villages that the township confirmed; none named means all in the actor's region that have households. It
// gives the entry with its digest.
//
// Returns Forbidden, NotFound "survey.not_found", "listing.no_village", Conflict "listing.none", "listing.not_ready" (villages, number),
// "listing.nothing_to_freeze", "survey.closed".
func (s *Service) Freeze(ctx context.Context, actor authz.Actor, campaign string, villages []region.Code, note string) (roster.Entry, error) {
	var out roster.Entry
	if err := actor.Require(authz.ListingFreeze); err != nil {
		return out, err
	}
	campaign, err := id.Parse(campaign)
	if err != nil {
		return out, err
	}
	note = strings.TrimSpace(sheet.Clip(note, maxNote))
	err = s.d.Update(ctx, func(tx *db.Tx) error {
		c, err := survey.VisibleTx(ctx, tx, actor, campaign)
		if err != nil {
			return err
		}
		out, err = s.freezeTx(ctx, tx, actor, c, villages, note)
		return err
	})
	return out, err
}

func (s *Service) freezeTx(ctx context.Context, tx *db.Tx, actor authz.Actor, c survey.Campaign, villages []region.Code, note string) (roster.Entry, error) {
	if !c.Plan.Listing.Asked() {
		return roster.Entry{}, errs.Conflict.New("listing.none")
	}
	if c.State == survey.Closed {
		return roster.Entry{}, errs.Conflict.New("survey.closed")
	}
	status, err := statusTx(ctx, tx, actor, c)
	if err != nil {
		return roster.Entry{}, err
	}
	chosen, err := choose(status.Rows, villages)
	if err != nil {
		return roster.Entry{}, err
	}
	var codes []region.Code
	for _, r := range chosen {
		st, err := lockTx(ctx, tx, c.County, c.ID, r.Village)
		if err != nil {
			return roster.Entry{}, err
		}
		if st.State, err = Next(c.Plan.Listing, st.State, Freeze, actor, Place{r.Village, r.Now}, false); err != nil {
			return roster.Entry{}, err
		}
		st.FrozenAt, st.FrozenBy = tx.Now(), actor.Name
		if err := saveTx(ctx, tx, c.County, st); err != nil {
			return roster.Entry{}, err
		}
		codes = append(codes, r.Village)
	}
	e, err := roster.FreezeTx(ctx, tx, actor, c, codes, note)
	if err != nil {
		return e, err
	}
	err = audit.Write(ctx, tx, actor, audit.Entry{
		Action: "listing.freeze", Campaign: c.ID, Object: "roster", ObjectID: c.ID,
		Detail: map[string]any{"villages": codes, "number": e.Number, "digest": e.Digest, "households": e.Households, "note": note},
	})
	if err != nil {
		return e, err
	}
	return e, s.bus.Emit(ctx, tx, c.County, EventFrozen, Freezing{c.ID, codes, e.Number, e.Digest, status.FrozenOf+len(codes) == status.Of})
}

// choose gives the rows to freeze. Returns NotFound "listing.no_village", Conflict "listing.not_ready", "listing.nothing_to_freeze".
func choose(rows []Row, villages []region.Code) ([]Row, error) {
	var chosen []Row
	if len(villages) == 0 {
		for _, r := range rows {
			if r.State != Frozen && r.Counts.Households > 0 {
				chosen = append(chosen, r)
			}
		}
	}
	for _, v := range villages {
		i := slices.IndexFunc(rows, func(r Row) bool { return r.Village == v })
		if i < 0 {
			return nil, errs.NotFound.New("listing.no_village", "village", string(v))
		}
		chosen = append(chosen, rows[i])
	}
	if len(chosen) == 0 {
		return nil, errs.Conflict.New("listing.nothing_to_freeze")
	}
	var late []string
	for _, r := range chosen {
		if r.State != Township || r.Counts.Left > 0 {
			late = append(late, r.Name)
		}
	}
	if len(late) > 0 {
		return nil, errs.Conflict.New("listing.not_ready", "number", len(late), "villages", strings.Join(late[:min(len(late), 5)], "、"))
	}
	return chosen, nil
}
