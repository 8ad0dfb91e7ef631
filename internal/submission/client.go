package submission

import (
	"context"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"

	"ruhu/internal/authz"
	"ruhu/internal/blob"
	"ruhu/internal/db"
	"ruhu/internal/errs"
)

const (
	selectInstance  = `SELECT submission, n FROM submission_instance WHERE county = $1 AND instance = $2`
	selectAnID      = `SELECT id FROM submission WHERE county = $1 AND id = $2`
	insertInstance  = `INSERT INTO submission_instance (county, instance, submission, n) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`
	selectSentBytes = `SELECT n FROM submission_revision WHERE county = $1 AND submission = $2 AND digest = $3 ORDER BY n DESC LIMIT 1`
	insertAttached  = `INSERT INTO submission_attachment (county, submission, n, name, digest, account, received_at, later)
 VALUES ($1, $2, $3, $4, $5, $6, $7, EXISTS (SELECT 1 FROM submission_attachment
 WHERE county = $1 AND submission = $2 AND n = $3 AND name = $4 AND digest <> $5)) ON CONFLICT DO NOTHING`
	selectAttached = `SELECT n, name, digest FROM submission_attachment WHERE county = $1 AND submission = $2 AND NOT later ORDER BY received_at, digest`
)

// Attached is a file that came with a record of another app. It has been stored before.
type Attached struct {
	Name   string
	Digest blob.Digest
}

// ofClient finds out which submission a record of another app is a revision of, and which revision it was edited from. An edit there has an id
// of its own and names the one before; a record that is sent again, to bring more files, has the id that it had.
func (s *Service) ofClient(ctx context.Context, w *waiting, instance string) error {
	if w.f.form != nil {
		w.named = namedFiles(w.a.Body, w.f.form.Uploads)
	}
	return s.d.View(ctx, func(tx *db.Tx) error {
		w.a.Base, w.f.base = 0, 0
		own, _, err := instanceTx(ctx, tx, w.actor.County, instance)
		if err != nil {
			return err
		}
		if old := w.head.DeprecatedID; old != "" && old != instance {
			of, n, err := instanceTx(ctx, tx, w.actor.County, old)
			if err != nil {
				return err
			}
			if of != "" {
				w.id, w.a.Base, w.f.base = of, n, n
			}
		}
		if own != "" {
			w.id = own
		}
		return nil
	})
}

// instanceTx gives the submission of an instance and its revision; 0 when our phone sent it, whose revisions share one id; "" when there is none.
func instanceTx(ctx context.Context, tx *db.Tx, county, instance string) (submission string, n int, err error) {
	key := ID(instance)
	err = tx.QueryRow(ctx, selectInstance, county, key).Scan(&submission, &n)
	if errors.Is(err, db.ErrNoRows) {
		err = tx.QueryRow(ctx, selectAnID, county, key).Scan(&submission)
	}
	if errors.Is(err, db.ErrNoRows) {
		return "", 0, nil
	}
	return submission, n, err
}

// Attach notes the files that came with a record which Receive has given a receipt for. Files may come in several parts, and again. Returns
// Forbidden, NotFound "submission.not_found" when no such record was received. Who has the record's bytes may bring its files: the partner's phone, too.
func (s *Service) Attach(ctx context.Context, actor authz.Actor, r Receipt, files []Attached) error {
	if err := actor.Require(authz.FieldUse); err != nil {
		return err
	}
	if len(files) == 0 {
		return nil
	}
	return s.d.Update(ctx, func(tx *db.Tx) error {
		sub, _, err := instanceTx(ctx, tx, actor.County, r.InstanceID)
		if err != nil {
			return err
		}
		if sub == "" {
			return errs.NotFound.New("submission.not_found", "id", r.InstanceID)
		}
		var n int
		err = tx.QueryRow(ctx, selectSentBytes, actor.County, sub, r.Digest).Scan(&n)
		if errors.Is(err, db.ErrNoRows) {
			return errs.NotFound.New("submission.not_found", "id", r.InstanceID)
		}
		if err != nil {
			return err
		}
		for _, f := range files {
			if _, err := tx.Exec(ctx, insertAttached, actor.County, sub, n, f.Name, string(f.Digest), actor.ID, tx.Now()); err != nil {
				return err
			}
		}
		return nil
	})
}

// FilesTx gives the digest of every file that revision n names, "" for one that another app has not brought yet. What an edit did not bring again is
// taken from the revision that it was edited from. Whether the bytes are there is the blob store's to say.
func FilesTx(ctx context.Context, tx *db.Tx, county, submission string, revs []Revision, n int) (map[string]blob.Digest, error) {
	i := slices.IndexFunc(revs, func(r Revision) bool { return r.N == n })
	if i < 0 {
		return nil, errs.NotFound.New("submission.no_revision", "n", n)
	}
	out, open := map[string]blob.Digest{}, false
	for _, name := range revs[i].Files {
		if fileName([]byte(name)) {
			out[name] = blob.Digest(name[:digestLength])
		} else {
			out[name], open = "", true
		}
	}
	if !open {
		return out, nil
	}
	brought := map[int]map[string]blob.Digest{}
	err := tx.Query(ctx, selectAttached, []any{county, submission}, func(scan func(...any) error) error {
		var at int
		var name, digest string
		err := scan(&at, &name, &digest)
		if brought[at] == nil {
			brought[at] = map[string]blob.Digest{}
		}
		if brought[at][name] == "" { // what a reviewer has seen is not replaced by what comes later; that is kept all the same
			brought[at][name] = blob.Digest(digest)
		}
		return err
	})
	for name, d := range out {
		for _, at := range sources(revs, revs[i]) {
			if d == "" {
				d = brought[at][name]
			}
		}
		out[name] = d
	}
	return out, err
}

// sources are the revisions that a revision's files may have come with, the likeliest first: itself, one with the same bytes, what it was edited
// from; for one that was put together, all.
func sources(revs []Revision, r Revision) []int {
	out := []int{r.N}
	for _, x := range revs {
		if x.Digest == r.Digest {
			out = append(out, x.N)
		}
	}
	for base := r.Base; base > 0 && len(out) < 2*len(revs)+1; {
		i := slices.IndexFunc(revs, func(x Revision) bool { return x.N == base })
		if i < 0 {
			break
		}
		out, base = append(out, base), revs[i].Base
	}
	if r.Via == ViaMerge {
		for _, x := range slices.Backward(revs) {
			out = append(out, x.N)
		}
	}
	return out
}

// namedFiles gives the answers of the questions at paths, each once. What cannot be read names none: the engine will say so.
func namedFiles(body []byte, paths []string) []string {
	out := []string{}
	d := xml.NewDecoder(strings.NewReader(string(body)))
	var path []string
	var text strings.Builder
	for {
		t, err := d.Token()
		if err != nil {
			if !errors.Is(err, io.EOF) {
				return []string{}
			}
			return out
		}
		switch x := t.(type) {
		case xml.StartElement:
			if path = append(path, x.Name.Local); len(path) > maxDepth {
				return out
			}
			text.Reset()
		case xml.CharData:
			_, _ = text.Write(x) // a Builder never fails
		case xml.EndElement:
			name := strings.TrimSpace(text.String())
			here := "/" + strings.Join(path, "/")
			if name != "" && clip(name) != "" && slices.Contains(paths, here) && !slices.Contains(out, name) && len(out) < maxFiles {
				out = append(out, name)
			}
			path = path[:len(path)-1]
			text.Reset()
		}
	}
}
