package submission

import (
	"context"

	"ruhu/internal/assign"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/region"
	"ruhu/internal/roster"
)

// Row is a submission with the names that a list shows.
type Row struct {
	Record
	House       roster.Household // zero when the household is not known
	VillageName string
	TeamName    string
}

// Page is one page of a list.
type Page struct {
	Items  []Row
	Next   string        // cursor; "" at the end
	Counts map[State]int // under the same filter, whatever the state
	Total  int           // the same for the state that was asked for
}

// PageTx gives the submissions of a campaign in the actor's region, the longest waiting first. Returns Invalid "submission.cursor", "submission.state".
func PageTx(ctx context.Context, tx *db.Tx, actor authz.Actor, campaign string, f Filter) (Page, error) {
	var p Page
	rs, next, counts, err := listTx(ctx, tx, actor, campaign, f)
	if err != nil {
		return p, err
	}
	p.Next, p.Counts = next, counts
	for state, n := range counts {
		if f.State == "" || f.State == state {
			p.Total += n
		}
	}
	p.Items, err = RowsTx(ctx, tx, actor.County, rs)
	return p, err
}

// RowsTx adds the names to records.
func RowsTx(ctx context.Context, tx *db.Tx, county string, rs []Record) ([]Row, error) {
	houses, teams, codes := make([]string, 0, len(rs)), make([]string, 0, len(rs)), make([]region.Code, 0, len(rs))
	for _, r := range rs {
		if r.Household != "" {
			houses = append(houses, r.Household)
		}
		if r.Team != "" {
			teams = append(teams, r.Team)
		}
		codes = append(codes, r.Village)
	}
	byHouse, err := roster.NamesTx(ctx, tx, county, houses)
	if err != nil {
		return nil, err
	}
	byTeam, err := assign.TeamNamesTx(ctx, tx, county, teams)
	if err != nil {
		return nil, err
	}
	names, err := region.NamesTx(ctx, tx, codes)
	if err != nil {
		return nil, err
	}
	out := make([]Row, len(rs))
	for i, r := range rs {
		out[i] = Row{r, byHouse[r.Household], names[r.Village], byTeam[r.Team]}
	}
	return out, nil
}

// UnfinishedTx counts the forms of a campaign that stand for an assignment and are not accepted.
func UnfinishedTx(ctx context.Context, tx *db.Tx, county, campaign string) (int, error) {
	var n int
	err := tx.QueryRow(ctx, `SELECT count(*) FROM submission WHERE county = $1 AND campaign = $2 AND state <> 'accepted' AND assignment IS NOT NULL`,
		county, campaign).Scan(&n)
	return n, err
}

// ReceiptsTx gives a receipt for the current revision of each form that stands for one of the assignments, by assignment id.
// Files are not looked at.
func ReceiptsTx(ctx context.Context, tx *db.Tx, county string, assignments []string) (map[string]Receipt, error) {
	recs, err := ByAssignmentsTx(ctx, tx, county, assignments)
	if err != nil {
		return nil, err
	}
	out := make(map[string]Receipt, len(recs))
	ids := make([]string, 0, len(recs))
	for _, r := range recs {
		ids = append(ids, r.ID)
	}
	byN := map[key]Receipt{}
	for len(ids) > 0 {
		part := ids[:min(500, len(ids))]
		ids = ids[len(part):]
		in, args := list(part)
		err := tx.Query(ctx, selectReceipts+in, append([]any{county}, args...), func(scan func(...any) error) error {
			var k key
			var reason string
			r := Receipt{State: StateReceived, MissingFiles: []string{}}
			err := scan(&k.submission, &r.Revision, &r.Digest, &r.ReceivedAt, &reason)
			k.n, byN[key{k.submission, r.Revision}] = r.Revision, r
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	for a, rec := range recs {
		r := byN[key{rec.ID, rec.Revision}]
		r.InstanceID = rec.InstanceID
		if rec.State == StateQuarantined {
			r.State = StateQuarantined
		}
		out[a] = r
	}
	return out, nil
}
