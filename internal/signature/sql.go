package signature

import (
	"context"
	"errors"

	"ruhu/internal/audit"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/id"
)

const (
	columns = `id, campaign, kind, subject, village, step, digest, submission, revision, problems, account, by_name, role, for_whom, reason, note, image,
 signed_at, at`
	insertEntry   = `INSERT INTO signature_entry (county, ` + columns + `) VALUES `
	ifNew         = ` ON CONFLICT (county, campaign, kind, subject, step, digest) DO NOTHING RETURNING id`
	selectEntry   = `SELECT ` + columns + ` FROM signature_entry WHERE county = $1 AND id = $2`
	selectEntries = `SELECT ` + columns + ` FROM signature_entry WHERE county = $1 AND campaign = $2 AND kind = $3 AND subject IN (`
	insertContent = `INSERT INTO signature_content (county, digest, content, at) VALUES ($1, $2, $3, $4) ON CONFLICT (county, digest) DO NOTHING`
	selectContent = `SELECT content FROM signature_content WHERE county = $1 AND digest = $2`
)

// Logged are the rows of signature_entry, which are in the log.
var Logged = audit.NewTable("signature_entry", 1, `id, campaign, kind, subject, village, step, digest, submission, revision:int, problems, account, by_name, role,
 for_whom, reason, note, image, signed_at:time, at:time`)

// LoggedContents are those of signature_content.
var LoggedContents = audit.NewTable("signature_content", 1, "digest, content, at:time")

func scanEntry(scan func(...any) error) (Entry, error) {
	var e Entry
	err := scan(&e.ID, &e.Campaign, &e.Kind, &e.Subject, &e.Village, &e.Step, &e.Digest, &e.Submission, &e.Revision, &e.Problems, &e.Account, &e.ByName,
		(*string)(&e.Role), &e.For, &e.Reason, &e.Note, &e.Image, &e.SignedAt, &e.At)
	return e, err
}

func (e Entry) row(county string) []any {
	return []any{
		county, e.ID, e.Campaign, e.Kind, e.Subject, e.Village, e.Step, e.Digest, e.Submission, e.Revision, e.Problems, e.Account, e.ByName, string(e.Role),
		e.For, e.Reason, e.Note, e.Image, e.SignedAt, e.At,
	}
}

// insertTx writes signatures and puts them into the log. One under a content that the step has been signed under already is left out: it gives
// how many were new.
func insertTx(ctx context.Context, tx *db.Tx, county string, entries []Entry) (int, error) {
	var fresh [][]any
	for len(entries) > 0 {
		part := entries[:min(len(entries), 40)]
		entries = entries[len(part):]
		byID := map[string][]any{}
		var args []any
		for i := range part {
			if part[i].ID == "" {
				part[i].ID = id.New()
			}
			if part[i].At.IsZero() {
				part[i].At = tx.Now()
			}
			row := part[i].row(county)
			byID[part[i].ID] = row
			args = append(args, row...)
		}
		width := len(args) / len(part)
		err := tx.Query(ctx, insertEntry+db.Rows(len(part), width)+ifNew, args, func(scan func(...any) error) error {
			var key string
			err := scan(&key)
			fresh = append(fresh, byID[key])
			return err
		})
		if err != nil {
			return 0, err
		}
	}
	return len(fresh), audit.LogTx(ctx, tx, Logged, fresh...)
}

// EntriesTx gives all signatures under the documents of a kind, by subject, the oldest first.
func EntriesTx(ctx context.Context, tx *db.Tx, county, campaign, kind string, subjects ...string) (map[string][]Entry, error) {
	out := map[string][]Entry{}
	for len(subjects) > 0 {
		part := subjects[:min(len(subjects), 400)]
		subjects = subjects[len(part):]
		in, args := db.In(4, part...)
		es, err := db.List(ctx, tx, scanEntry, selectEntries+in+`) ORDER BY at, id`, append([]any{county, campaign, kind}, args...)...)
		if err != nil {
			return nil, err
		}
		for _, e := range es {
			out[e.Subject] = append(out[e.Subject], e)
		}
	}
	return out, nil
}

// entryTx gives a signature; false when there is none of that id.
func entryTx(ctx context.Context, tx *db.Tx, county, entry string) (Entry, bool, error) {
	e, err := scanEntry(tx.QueryRow(ctx, selectEntry, county, entry).Scan)
	if errors.Is(err, db.ErrNoRows) {
		return e, false, nil
	}
	return e, err == nil, err
}

// keepContentTx keeps what a signed list says.
func keepContentTx(ctx context.Context, tx *db.Tx, actor authz.Actor, digest, content string) error {
	row := []any{actor.County, digest, content, tx.Now()}
	n, err := tx.Exec(ctx, insertContent, row...)
	if err != nil || n == 0 {
		return err
	}
	return audit.LogTx(ctx, tx, LoggedContents, row)
}

// ContentTx gives what the list of a digest says. Returns db.ErrNoRows when nobody has signed it.
func ContentTx(ctx context.Context, tx *db.Tx, county, digest string) (ListContent, error) {
	var text string
	if err := tx.QueryRow(ctx, selectContent, county, digest).Scan(&text); err != nil {
		return ListContent{}, err
	}
	return decode(text)
}
