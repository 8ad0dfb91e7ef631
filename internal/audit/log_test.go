package audit_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	mod "golang.org/x/mod/sumdb/tlog"

	"ruhu/internal/audit"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/db/dbtest"
	"ruhu/internal/errs"
	"ruhu/internal/tlog"
)

// notes stands for a table of another package.
var notes = audit.NewTable("job_task", 1, "id, handler, event, payload:json, attempt:int, failed:bool, due_at:time")

type world struct {
	t   *testing.T
	d   *db.DB
	log *audit.Log
	who authz.Actor
}

func newWorld(t *testing.T, d *db.DB) *world {
	var mu sync.Mutex
	secrets := map[string]string{}
	keys := func(county string) (string, error) {
		mu.Lock()
		defer mu.Unlock()
		if secrets[county] == "" {
			secrets[county], _, _ = tlog.NewKey(audit.Origin(county))
		}
		return secrets[county], nil
	}
	return &world{t, d, audit.NewLog(d, keys, notes), person(authz.CountyOffice, "990101000000")}
}

func (w *world) update(fn func(ctx context.Context, tx *db.Tx) error) {
	w.t.Helper()
	ctx := context.Background()
	if err := w.d.Update(ctx, func(tx *db.Tx) error { return fn(ctx, tx) }); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) exec(q string, args ...any) {
	w.t.Helper()
	w.update(func(ctx context.Context, tx *db.Tx) error {
		n, err := tx.Exec(ctx, q, args...)
		if err == nil && n == 0 {
			err = fmt.Errorf("nothing changed: %s", q)
		}
		return err
	})
}

const insertNote = `INSERT INTO job_task (county, id, handler, event, payload, attempt, failed, due_at, created_at, error)
 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, '')`

func noteID(i int) string { return fmt.Sprintf("00000000-0000-7000-8000-%012d", i) }

// decide writes a decision and a note, n times.
func (w *world) decide(from, n int) {
	w.t.Helper()
	for i := from; i < from+n; i++ {
		w.update(func(ctx context.Context, tx *db.Tx) error {
			row := []any{w.who.County, noteID(i), "h", "e", `{"z": 1.50, "a": "一户一档"}`, i, i%2 == 0, tx.Now()}
			if _, err := tx.Exec(ctx, insertNote, row...); err != nil {
				return err
			}
			if err := audit.LogTx(ctx, tx, notes, row); err != nil {
				return err
			}
			return audit.Write(ctx, tx, w.who, audit.Entry{Action: "x.y", Object: "note", ObjectID: fmt.Sprint(i), Detail: map[string]any{"b": i, "a": 0.25}})
		})
	}
}

func (w *world) seal() audit.Checkpoint {
	w.t.Helper()
	if err := w.log.Seal(context.Background()); err != nil {
		w.t.Fatal(err)
	}
	c, err := w.log.Checkpoint(context.Background(), w.who.County)
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

func (w *world) verify(verifier, earlier string) audit.Verdict {
	w.t.Helper()
	v, err := w.log.Verify(context.Background(), w.who.County, verifier, earlier)
	if err != nil {
		w.t.Fatal(err)
	}
	return v
}

func TestWhatIsWrittenIsSealedAndWhole(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		if _, err := w.log.Checkpoint(context.Background(), "990101"); errs.CodeOf(err) != "audit.no_log" {
			t.Errorf("a log before the first seal: %v", err)
		}
		w.decide(0, 3)
		first := w.seal()
		w.decide(3, 140)
		second := w.seal()
		w.decide(143, 1)
		v := w.verify(second.Verifier, first.Signed)
		if !v.Whole() || first.Size != 6 || second.Size != 286 || v.Waiting != 2 || v.Rows["audit_entry"] != 144 || v.Rows["job_task"] != 144 {
			t.Errorf("%d, %d, %+v", first.Size, second.Size, v)
		}
	})
}

func TestAChangedRowIsNamed(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.decide(0, 5)
		w.seal()
		w.decide(5, 1)
		w.exec(`UPDATE job_task SET attempt = 40 WHERE id = $1`, noteID(4))
		w.exec(`UPDATE job_task SET payload = '{"a":"x","z":1.5}' WHERE id = $1`, noteID(5)) // before it is sealed
		w.exec(`DELETE FROM job_task WHERE id = $1`, noteID(1))
		w.exec(insertNote, "990101", noteID(99), "h", "e", `{}`, 1, false, w.d.Now())
		w.exec(`UPDATE audit_entry SET actor_name = '别人' WHERE object_id = '2'`)
		v := w.verify("", "")
		var got []string
		for _, f := range v.Found {
			s := f.Kind + " " + f.Table
			for _, c := range f.Diff {
				s += fmt.Sprintf(" %s:%s→%s", c.Column, c.Was, c.Is)
			}
			if f.Table == "job_task" {
				s += " " + f.Key[len(f.Key)-2:]
			}
			got = append(got, s)
		}
		slices.Sort(got)
		want := []string{
			`row_changed audit_entry actor_name:"某人"→"别人"`,
			`row_changed job_task attempt:4→40 04`,
			`row_changed job_task payload:{"a":"一户一档","z":1.5}→{"a":"x","z":1.5} 05`,
			`row_missing job_task 01`,
			`row_unlogged job_task 99`,
		}
		if !slices.Equal(got, want) {
			t.Errorf("got %q", got)
		}
	})
}

func TestWhoRewritesTheLogTooIsFoundByTheKeyOrAnEarlierCheckpoint(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.decide(0, 20)
		kept := w.seal()
		has := func(what string, v audit.Verdict, kind string) {
			t.Helper()
			if !slices.ContainsFunc(v.Found, func(f audit.Finding) bool { return f.Kind == kind }) {
				t.Errorf("%s: no %s in %+v", what, kind, v.Found)
			}
		}
		// The row and its entry are changed, the tree is not.
		var entry []byte
		w.update(func(ctx context.Context, tx *db.Tx) error {
			return tx.QueryRow(ctx, `SELECT entry FROM audit_leaf WHERE county = '990101' AND table_name = 'job_task' AND row_key = $1`, noteID(3)).Scan(&entry)
		})
		forged := []byte(strings.Replace(string(entry), `"attempt":3`, `"attempt":9`, 1))
		w.exec(`UPDATE job_task SET attempt = 9 WHERE id = $1`, noteID(3))
		w.exec(`UPDATE audit_leaf SET entry = $1 WHERE table_name = 'job_task' AND row_key = $2`, forged, noteID(3))
		v := w.verify("", "")
		has("row and entry", v, audit.LogTree)
		if !slices.ContainsFunc(v.Found, func(f audit.Finding) bool { return f.Table == "job_task" && f.Key == noteID(3) }) {
			t.Errorf("the row is not named: %+v", v.Found)
		}
		// The whole log is made anew with another key.
		w.exec(`DELETE FROM audit_leaf`)
		w.exec(`DELETE FROM audit_tile`)
		w.exec(`DELETE FROM audit_log`)
		w.exec(`DELETE FROM job_task WHERE id = $1`, noteID(7))
		other := newWorld(t, d)
		if err := other.log.Take(context.Background(), "990101"); err != nil {
			t.Fatal(err)
		}
		other.seal()
		if v := other.verify("", ""); !v.Whole() {
			t.Errorf("made anew: %+v", v.Found)
		}
		has("another key", other.verify(kept.Verifier, ""), audit.LogUnsigned)
		has("an earlier checkpoint", other.verify("", kept.Signed), audit.LogEarlier)
		// The key that began the log is the only one that goes on with it.
		w.decide(30, 1)
		if err := w.log.Seal(context.Background()); errs.CodeOf(err) != "audit.log_key" {
			t.Errorf("two keys: %v", err)
		}
	})
}

func TestRowsFromBeforeAreTakenOnce(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		for i := range 3 {
			w.exec(insertNote, "990101", noteID(i), "h", "e", `{}`, 1, false, w.d.Now())
		}
		w.decide(3, 1)
		for range 2 {
			if err := w.log.Take(context.Background(), "990101"); err != nil {
				t.Fatal(err)
			}
		}
		c := w.seal()
		if v := w.verify("", ""); !v.Whole() || c.Size != 5 {
			t.Errorf("%d entries, %+v", c.Size, v.Found)
		}
		w.exec(insertNote, "990101", noteID(50), "h", "e", `{}`, 1, false, w.d.Now())
		if err := w.log.Take(context.Background(), "990101"); err != nil {
			t.Fatal(err)
		}
		if v := w.verify("", ""); len(v.Found) != 1 || v.Found[0].Kind != audit.RowNotLogged {
			t.Errorf("a row by the back door: %+v", v.Found)
		}
	})
}

// served is a log as others fetch it.
func (w *world) served(c audit.Checkpoint) fs.FS {
	files := fstest.MapFS{}
	size, err := w.log.Export(context.Background(), w.who.County, func(name string, data []byte) error {
		files[name] = &fstest.MapFile{Data: data}
		return nil
	})
	if err != nil || size != c.Size {
		w.t.Fatal(size, err)
	}
	return files
}

type modTiles struct{ files fs.FS }

func (modTiles) Height() int                    { return tlog.Height }
func (modTiles) SaveTiles([]mod.Tile, [][]byte) {}
func (m modTiles) ReadTiles(ts []mod.Tile) (out [][]byte, err error) {
	for _, t := range ts {
		data, err := fs.ReadFile(m.files, tlog.Piece{Level: t.L, N: t.N, W: t.W}.Path())
		if err != nil {
			return nil, err
		}
		out = append(out, data)
	}
	return out, nil
}

func TestWhatIsGivenOutIsProvenByAForeignVerifier(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.decide(0, 100)
		early := w.seal()
		w.decide(100, 100)
		late := w.seal()
		files := w.served(late)
		var second []byte
		c, err := tlog.CheckCopy(files, late.Origin, late.Verifier, func(i int64, e []byte) error {
			if i == 1 {
				second = e
			}
			return nil
		})
		if err != nil || len(c.Found) != 0 || c.Head.Size != 400 {
			t.Fatalf("%+v, %v", c, err)
		}
		var e struct {
			Table string
			Row   struct{ Action string }
		}
		if err := json.Unmarshal(second, &e); err != nil || e.Table != "audit_entry" || e.Row.Action != "x.y" {
			t.Errorf("%s, %v", second, err)
		}
		was, err := tlog.Open(early.Origin, early.Verifier, early.Signed)
		if err != nil {
			t.Fatal(err)
		}
		hashes := mod.TileHashReader(mod.Tree{N: c.Head.Size, Hash: c.Head.Root}, modTiles{files})
		p, err := mod.ProveTree(c.Head.Size, was.Size, hashes)
		if err == nil {
			err = mod.CheckTree(p, c.Head.Size, c.Head.Root, was.Size, was.Root)
		}
		if err != nil {
			t.Errorf("the earlier state is not part of the later: %v", err)
		}
		r, err := mod.ProveRecord(c.Head.Size, 1, hashes)
		if err == nil {
			err = mod.CheckRecord(r, c.Head.Size, c.Head.Root, 1, mod.RecordHash(second))
		}
		if err != nil {
			t.Errorf("entry 1: %v", err)
		}
		if _, err := w.log.Piece(context.Background(), "990101", tlog.Piece{Level: 0, N: 9, W: 256}); errs.CodeOf(err) != "audit.no_piece" {
			t.Errorf("a tile that is not there: %v", err)
		}
		if _, err := w.log.Piece(context.Background(), "990101", tlog.Piece{Level: tlog.Entries, N: 1, W: 200}); errs.CodeOf(err) != "audit.no_piece" {
			t.Errorf("a bundle that is not there: %v", err)
		}
	})
}

func TestTwoWhoSealAtOnceMakeOneLog(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.decide(0, 60)
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				if err := w.log.Seal(context.Background()); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if v := w.verify("", ""); !v.Whole() || v.Size != 120 {
			t.Errorf("%+v", v)
		}
	})
}

func TestARowTooLongForAnEntryKeepsItsDigest(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		long := strings.Repeat("很长", 40000)
		w.update(func(ctx context.Context, tx *db.Tx) error {
			return audit.Write(ctx, tx, w.who, audit.Entry{Action: "x.long", Object: "o", Detail: map[string]string{"note": long}})
		})
		w.seal()
		if v := w.verify("", ""); !v.Whole() {
			t.Errorf("%+v", v.Found)
		}
		w.exec(`UPDATE audit_entry SET detail = $1`, `{"note":"`+long+`。"}`)
		if v := w.verify("", ""); len(v.Found) != 1 || v.Found[0].Kind != audit.RowChanged {
			t.Errorf("%+v", v.Found)
		}
	})
}
