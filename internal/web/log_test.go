package web_test

import (
	"context"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"ruhu/internal/account"
	"ruhu/internal/app"
	"ruhu/internal/audit"
	"ruhu/internal/db"
	"ruhu/internal/tlog"
)

// A survey is played, and then somebody changes one row of every logged table behind the program's back.
func TestAWholeSurveyIsInTheLogAndEveryTamperedTableIsNamed(t *testing.T) {
	t.Parallel()
	tw := play(t, "")
	ctx := context.Background()
	if err := tw.app.Bus.Drain(ctx); err != nil {
		t.Fatal(err)
	}
	if err := tw.app.Web.Sealed.Seal(ctx); err != nil {
		t.Fatal(err)
	}
	log := audit.NewLog(tw.app.DB, nil, app.Logged()...)
	verify := func() audit.Verdict {
		t.Helper()
		v, err := log.Verify(ctx, "990101", "", "")
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	v := verify()
	if !v.Whole() || v.Size < 100 {
		t.Fatalf("%d entries, %+v", v.Size, v.Found)
	}
	for table, change := range map[string]string{
		"audit_entry":         `actor_name = 'x'`,
		"roster_entry":        `reason = 'x'`,
		"signature_entry":     `note = 'x'`,
		"submission_revision": `xml = CAST('x' AS BLOB)`,
		"review_decision":     `note = 'x'`,
		"review_comment":      `text = 'x'`,
		"ledger_event":        `note = 'x'`,
	} {
		if v.Rows[table] == 0 {
			t.Errorf("the survey has no %s", table)
			continue
		}
		err := tw.app.DB.Update(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE `+table+` SET `+change+` WHERE rowid = (SELECT min(rowid) FROM `+table+`)`)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	var named []string
	for _, f := range verify().Found {
		if f.Kind != audit.RowChanged || len(f.Diff) != 1 || f.Key == "" {
			t.Errorf("%+v", f)
		}
		named = append(named, f.Table)
	}
	slices.Sort(named)
	if got := strings.Join(named, " "); got != "audit_entry ledger_event review_comment review_decision roster_entry signature_entry submission_revision" {
		t.Errorf("named: %s", got)
	}
}

func TestAStrangerReadsHashesButNoEntries(t *testing.T) {
	t.Parallel()
	tw := play(t, "")
	if err := tw.app.Web.Sealed.Seal(context.Background()); err != nil {
		t.Fatal(err)
	}
	get := func(p person, path string) (int, []byte) {
		t.Helper()
		res, err := p.http.Get(tw.base + "/api/v1/log/990101/" + path)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		b, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return res.StatusCode, b
	}
	stranger, county := tw.login(t, ""), tw.login(t, account.FirstAccount)
	c, err := tw.app.Web.Sealed.Checkpoint(context.Background(), "990101")
	if err != nil {
		t.Fatal(err)
	}
	_, signed := get(stranger, "checkpoint")
	head, err := tlog.Open(c.Origin, c.Verifier, string(signed))
	if err != nil || head.Size < 100 {
		t.Fatalf("%+v, %v", head, err)
	}
	tile, entry := tlog.Piece{Level: 0, W: int(min(head.Size, tlog.Width))}, tlog.Piece{Level: tlog.Entries, W: int(min(head.Size, tlog.Width))}
	status, hashes := get(stranger, tile.Path())
	_, bundle := get(county, entry.Path())
	entries, err := tlog.Unbundle(bundle)
	if status != http.StatusOK || err != nil || len(entries) != tile.W || len(hashes) != 32*tile.W {
		t.Fatalf("%d, %d entries, %d bytes, %v", status, len(entries), len(hashes), err)
	}
	for i, e := range entries {
		if h := tlog.LeafHash(e); string(h[:]) != string(hashes[i*32:(i+1)*32]) {
			t.Fatalf("entry %d is not the one of the tile", i)
		}
	}
	for path, want := range map[string]int{entry.Path(): 401, "tile/9/000": 404, "tile/0/0": 404} {
		if status, _ := get(stranger, path); status != want {
			t.Errorf("%s: %d", path, status)
		}
	}
}
