package roster

import (
	"context"

	"ruhu/internal/db"
	"ruhu/internal/region"
	"ruhu/internal/survey"
)

const (
	countVillages = `SELECT village, count(*) FROM roster_household WHERE county = $1 AND campaign = $2 AND state = 'listed' GROUP BY village`
	selectVillage = `SELECT ` + householdColumns + ` FROM roster_household WHERE county = $1 AND campaign = $2 AND village = $3 ORDER BY code`
	setNow        = `UPDATE roster_household SET village_now = $3 WHERE county = $1 AND village = $2 AND village_now IS DISTINCT FROM $3`
	countSince    = `SELECT count(*) FROM roster_household WHERE county = $1 AND village = $2 AND added_at >= $3`
)

// CountVillagesTx counts the households on the list by village, as before mergers.
func CountVillagesTx(ctx context.Context, tx *db.Tx, county, campaign string) (map[region.Code]int, error) {
	return db.Counts[region.Code](ctx, tx, countVillages, county, campaign)
}

// VillageTx gives the households of a village with their members in the order of 户编号, struck ones too.
func VillageTx(ctx context.Context, tx *db.Tx, county, campaign string, village region.Code) ([]Full, error) {
	hs, err := db.List(ctx, tx, scanHousehold, selectVillage, county, campaign, village)
	if err != nil {
		return nil, err
	}
	return fillTx(ctx, tx, county, hs)
}

// SetNowTx notes at every household of a county which village its own is now, after mergers came or went. old are the villages that changed.
func SetNowTx(ctx context.Context, tx *db.Tx, county string, ms []region.Merger, old []region.Code) error {
	for _, v := range old {
		now := region.Present(ms, v)
		if now == v {
			now = ""
		}
		if _, err := tx.Exec(ctx, setNow, county, v, now); err != nil {
			return err
		}
	}
	return nil
}

// AddedSinceTx counts the households that came into a village since a moment.
func AddedSinceTx(ctx context.Context, tx *db.Tx, county string, village region.Code, since db.Time) (n int, err error) {
	err = tx.QueryRow(ctx, countSince, county, village, since).Scan(&n)
	return n, err
}

// Preview is what an Op would do.
type Preview struct {
	Name        string       // of the household's head
	Differences []Difference // of the household itself
}

// PreviewTx works out what an Op would do and writes nothing. It returns the errors of ApplyTx, but does not look whether people live elsewhere.
func PreviewTx(ctx context.Context, tx *db.Tx, c survey.Campaign, op Op) (Preview, error) {
	w := &work{ctx: ctx, tx: tx, c: c}
	if err := w.do(op); err != nil {
		return Preview{}, err
	}
	p := w.pairs[0]
	if p.before.ID == "" {
		p.before.State = Listed
	}
	return Preview{p.after.HeadName, Compare(p.before, p.after)}, nil
}
