package earlier

import (
	"context"
	"slices"

	"ruhu/internal/blob"
	"ruhu/internal/db"
)

const (
	selectForms = `SELECT submission, revision, visited_on, position FROM earlier_form WHERE county = $1 AND submission IN (`
	insertForm  = `INSERT INTO earlier_form (county, submission, revision, visited_on, position, looked_at)
 VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`
	selectShots = `SELECT s.submission, s.revision, s.original, s.label_zh, s.label_en, p.small, p.size FROM earlier_shot s
 LEFT JOIN earlier_picture p ON p.county = s.county AND p.original = s.original WHERE s.county = $1 AND s.submission IN (`
	insertShot = `INSERT INTO earlier_shot (county, submission, revision, n, original, label_zh, label_en)
 VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`
	insertSmall = `INSERT INTO earlier_picture (county, original, small, size, made_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`
)

const batch = 500 // values in one IN list

// key names a revision.
type key struct {
	submission string
	revision   int
}

// seenTx gives what is known of the revisions of forms, with the small pictures as far as somebody has tried to make them.
func seenTx(ctx context.Context, tx *db.Tx, county string, submissions []string) (map[key]seen, error) {
	out := map[key]seen{}
	for part := range slices.Chunk(submissions, batch) {
		in, args := db.In(2, part...)
		args = append([]any{county}, args...)
		err := tx.Query(ctx, selectForms+in+`)`, args, func(scan func(...any) error) error {
			var k key
			var s seen
			var at db.JSON[*spot]
			err := scan(&k.submission, &k.revision, &s.visitedOn, &at)
			s.spot = at.V
			out[k] = s
			return err
		})
		if err != nil {
			return nil, err
		}
		err = tx.Query(ctx, selectShots+in+`) ORDER BY s.submission, s.revision, s.n`, args, func(scan func(...any) error) error {
			var k key
			var x shot
			var small *string
			var size *int64
			err := scan(&k.submission, &k.revision, (*string)(&x.original), &x.label.ZH, &x.label.EN, &small, &size)
			if small != nil && size != nil {
				x.small = &made{blob.Digest(*small), *size}
			}
			s := out[k]
			s.shots = append(s.shots, x)
			out[k] = s
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

func writeSeen(ctx context.Context, tx *db.Tx, county string, k key, s seen) error {
	if _, err := tx.Exec(ctx, insertForm, county, k.submission, k.revision, s.visitedOn, db.AsJSON(s.spot), tx.Now()); err != nil {
		return err
	}
	for n, x := range s.shots {
		if _, err := tx.Exec(ctx, insertShot, county, k.submission, k.revision, n, string(x.original), x.label.ZH, x.label.EN); err != nil {
			return err
		}
	}
	return nil
}

func writeSmall(ctx context.Context, tx *db.Tx, county string, original blob.Digest, m made) error {
	_, err := tx.Exec(ctx, insertSmall, county, string(original), string(m.small), m.size, tx.Now())
	return err
}
