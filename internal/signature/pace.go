package signature

import (
	"context"
	"slices"
	"time"

	"ruhu/internal/db"
	"ruhu/internal/region"
)

const selectPaces = `SELECT account, by_name, subject, village, submission, at FROM signature_entry
 WHERE county = $1 AND campaign = $2 AND account <> '' AND role <> 'enumerator' AND for_whom = '' ORDER BY account, at, id`

// Pace is the quickest minute of a person who signs.
type Pace struct {
	Account, ByName string
	Village         region.Code // of the first document
	Most            int         // documents signed in it
	At              db.Time     // when it began
	Submissions     []string    // the forms among them
}

type stroke struct {
	account, name, subject, submission string
	village                            region.Code
	at                                 db.Time
}

// PacesTx gives the people who signed more documents in a minute than limit, with the quickest minute of each. Enumerators sign at the door,
// by another clock; who signs for a household signs the form too and is counted once.
func PacesTx(ctx context.Context, tx *db.Tx, county, campaign string, limit int) ([]Pace, error) {
	all, err := db.List(ctx, tx, func(scan func(...any) error) (stroke, error) {
		var s stroke
		err := scan(&s.account, &s.name, &s.subject, &s.village, &s.submission, &s.at)
		return s, err
	}, selectPaces, county, campaign)
	if err != nil {
		return nil, err
	}
	var out []Pace
	for len(all) > 0 {
		n := slices.IndexFunc(all, func(s stroke) bool { return s.account != all[0].account })
		if n < 0 {
			n = len(all)
		}
		if p := quickest(all[:n]); p.Most > limit {
			out = append(out, p)
		}
		all = all[n:]
	}
	return out, nil
}

// quickest finds the minute in which one person signed most documents.
func quickest(strokes []stroke) Pace {
	var best Pace
	from := 0
	for to := range strokes {
		for strokes[to].at.Time().Sub(strokes[from].at.Time()) >= time.Minute {
			from++
		}
		if n := to - from + 1; n > best.Most {
			s := strokes[from]
			best = Pace{s.account, s.name, s.village, n, s.at, nil}
			for _, x := range strokes[from : to+1] {
				if x.submission != "" {
					best.Submissions = append(best.Submissions, x.submission)
				}
			}
		}
	}
	return best
}
