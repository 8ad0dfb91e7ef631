package quality

import (
	"context"
	"slices"

	"ruhu/internal/audit"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/quality/measure"
	"ruhu/internal/region"
	"ruhu/internal/roster"
	"ruhu/internal/survey"
)

const (
	upsertCoverage = `INSERT INTO quality_coverage (county, recheck, village, listed, found, matched, note, account, by_name, at)
 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (county, recheck, village) DO UPDATE SET listed = excluded.listed, found = excluded.found,
 matched = excluded.matched, note = excluded.note, account = excluded.account, by_name = excluded.by_name, at = excluded.at`
	selectCoverage = `SELECT village, listed, found, matched, note, by_name, at FROM quality_coverage WHERE county = $1 AND recheck = $2`
)

// maxListed is more than any village has.
const maxListed = 100_000

// Listing is what an independent team found when it went through a village, or through some groups of it, without the list: so many households, and
// how many of them are on the list.
type Listing struct {
	Listed int    `json:"listed"` // on the list, where the team went
	Found  int    `json:"found"`
	Both   int    `json:"both"`
	Note   string `json:"note"`
}

// Coverage of a village by its list: the dual-system estimate of Chapman (1951) of how many households there are.
type Coverage struct {
	Village  region.Code
	Name     string
	Roster   int // households on the list of the whole village now
	Listing  *Listing
	ByName   string
	At       db.Time
	Estimate float64 // of the households where the team went
	SE       float64
	Share    float64 // of the households found, the part that is on the list
	Net      float64 // listed less estimated: below zero, the list lacks households
}

// EnterListing enters what an independent listing of a village of the sample found; again replaces it. Returns Forbidden, NotFound "quality.no_recheck",
// "quality.no_village", Invalid "quality.listing".
func (s *Service) EnterListing(ctx context.Context, actor authz.Actor, recheck string, village region.Code, in Listing) error {
	if err := actor.Require(authz.QualityManage); err != nil {
		return err
	}
	in.Note = clip(in.Note)
	return s.d.Update(ctx, func(tx *db.Tx) error {
		c, houses, err := s.housesTx(ctx, tx, actor, recheck)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(houses, func(h House) bool { return h.Village == village }) {
			return errs.NotFound.New("quality.no_village")
		}
		if in.Listed < 1 || in.Found < 1 || in.Both < 0 || in.Both > min(in.Listed, in.Found) || max(in.Listed, in.Found) > maxListed {
			return errs.Invalid.New("quality.listing", "field", "both")
		}
		_, err = tx.Exec(ctx, upsertCoverage, actor.County, recheck, village, in.Listed, in.Found, in.Both, in.Note, actor.ID, actor.Name, tx.Now())
		if err != nil {
			return err
		}
		return audit.Write(ctx, tx, actor, audit.Entry{
			Action: "quality.list", Campaign: c.ID, Object: "quality_recheck", ObjectID: recheck, Place: village,
			Detail: map[string]any{"listed": in.Listed, "found": in.Found, "both": in.Both},
		})
	})
}

// coverageTx gives the villages of a sample with what was listed there, and their sum; the sum's Village is "" and its Listing nil where nothing was listed.
func coverageTx(ctx context.Context, tx *db.Tx, c survey.Campaign, recheck string, houses []House) ([]Coverage, Coverage, error) {
	rows := map[region.Code]Coverage{}
	err := tx.Query(ctx, selectCoverage, []any{c.County, recheck}, func(scan func(...any) error) error {
		x := Coverage{Listing: &Listing{}}
		err := scan(&x.Village, &x.Listing.Listed, &x.Listing.Found, &x.Listing.Both, &x.Listing.Note, &x.ByName, &x.At)
		rows[x.Village] = x
		return err
	})
	if err != nil {
		return nil, Coverage{}, err
	}
	counts, err := roster.CountVillagesTx(ctx, tx, c.County, c.ID)
	if err != nil {
		return nil, Coverage{}, err
	}
	out := []Coverage{}
	for _, h := range houses {
		if slices.ContainsFunc(out, func(x Coverage) bool { return x.Village == h.Village }) {
			continue
		}
		x := rows[h.Village]
		x.Village, x.Name, x.Roster = h.Village, h.VillageName, counts[h.Village]
		out = append(out, x)
	}
	return out, estimate(out), nil
}

// estimate is pure: it fills the figures of villages that were listed, and adds them up.
func estimate(villages []Coverage) Coverage {
	var sum Coverage
	var pairs []measure.ListPair
	for i := range villages {
		l := villages[i].Listing
		if l == nil {
			continue
		}
		p := measure.ListPair{First: float64(l.Listed), Second: float64(l.Found), Both: float64(l.Both)}
		villages[i].fill(measure.SumLists([]measure.ListPair{p}))
		pairs = append(pairs, p)
		if sum.Listing == nil {
			sum.Listing = &Listing{}
		}
		sum.Listing.Listed, sum.Listing.Found, sum.Listing.Both = sum.Listing.Listed+l.Listed, sum.Listing.Found+l.Found, sum.Listing.Both+l.Both
	}
	if len(pairs) > 0 {
		sum.fill(measure.SumLists(pairs))
	}
	return sum
}

func (c *Coverage) fill(t measure.TwoLists) {
	c.Estimate, c.SE, c.Share, c.Net = t.Chapman, t.SE, t.CoverageOfFirst, t.NetErrorOfFirst
}
