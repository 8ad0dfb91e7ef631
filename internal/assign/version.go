package assign

import (
	"context"

	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/job"
	"ruhu/internal/survey"
)

// A visit names the version of the form that it is filled in with. What is not handed in follows the campaign: it gets a version that is
// published, and a form that comes back to its team is mended in the present one. What is handed in or done keeps its version.

// Use counts the visits that a version of a form has.
type Use struct {
	Form, Hash string
	Open       int // nobody has begun
	Begun      int // a phone said that there is a draft
	Returned   int
	Sent       int // handed in or done
}

const (
	updateForm = `UPDATE assign_assignment SET form_hash = $4, updated_at = $5
		WHERE county = $1 AND campaign = $2 AND form = $3 AND form_hash <> $4 AND state IN ('open', 'returned')`
	countUses = `SELECT form, form_hash, count(*) FILTER (WHERE state = 'open' AND begun_at IS NULL), count(*) FILTER (WHERE state = 'open' AND begun_at IS NOT NULL),
		count(*) FILTER (WHERE state = 'returned'), count(*) FILTER (WHERE state IN ('submitted', 'done'))
		FROM assign_assignment WHERE county = $1 AND campaign = $2 AND village >= $3 AND village < $4 GROUP BY form, form_hash ORDER BY form, form_hash`
)

// onFormPublished hears of a newer version of a form.
func (s *Service) onFormPublished(ctx context.Context, tx *db.Tx, evs []job.Event) error {
	for _, ev := range evs {
		p, err := job.Decode[survey.FormPublished](ev)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, updateForm, ev.County, p.Campaign, p.Form, p.Hash, tx.Now()); err != nil {
			return err
		}
	}
	return nil
}

// UsesTx counts the visits of a campaign in the actor's region by the version of their form. Those that count nowhere are left out.
func UsesTx(ctx context.Context, tx *db.Tx, actor authz.Actor, campaign string) ([]Use, error) {
	lo, hi := actor.Scope()
	return db.List(ctx, tx, func(scan func(...any) error) (Use, error) {
		var u Use
		err := scan(&u.Form, &u.Hash, &u.Open, &u.Begun, &u.Returned, &u.Sent)
		return u, err
	}, countUses, actor.County, campaign, lo, hi)
}

// renew points a visit that goes back to its team to the present version of its form. current is filled as it is needed.
func renew(ctx context.Context, tx *db.Tx, a *Assignment, current map[string]map[string]string) error {
	if a.State != Open && a.State != Returned {
		return nil
	}
	forms, known := current[a.Campaign]
	if !known {
		var err error
		if forms, err = survey.CurrentFormsTx(ctx, tx, a.County, a.Campaign); err != nil {
			return err
		}
		current[a.Campaign] = forms
	}
	if hash := forms[a.Form]; hash != "" {
		a.FormHash = hash
	}
	return nil
}
