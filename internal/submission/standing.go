package submission

import (
	"context"

	"ruhu/internal/db"
	"ruhu/internal/region"
)

const selectAccepted = `SELECT s.id, s.household, s.revision, r.digest, j.problems FROM submission s
 JOIN submission_revision r ON r.county = s.county AND r.submission = s.id AND r.n = s.revision
 LEFT JOIN submission_judgement j ON j.county = s.county AND j.submission = s.id AND j.n = s.revision
 WHERE s.county = $1 AND s.campaign = $2 AND s.village = $3 AND s.state = 'accepted' AND s.assignment IS NOT NULL`

// Standing is the accepted form of a household.
type Standing struct {
	Submission, Household string
	Revision              int
	Digest                string
	Problems              []string // codes that hold
}

// StandingTx gives the accepted forms of a village, in no order.
func StandingTx(ctx context.Context, tx *db.Tx, county, campaign string, village region.Code) ([]Standing, error) {
	return db.List(ctx, tx, func(scan func(...any) error) (Standing, error) {
		var x Standing
		var problems db.JSON[[]string]
		err := scan(&x.Submission, &x.Household, &x.Revision, &x.Digest, &problems)
		x.Problems = problems.V
		return x, err
	}, selectAccepted, county, campaign, village)
}
