package submission_test

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"ruhu/internal/db"
	"ruhu/internal/db/dbtest"
	"ruhu/internal/id"
	"ruhu/internal/submission"
	st "ruhu/internal/submission/submissiontest"
)

// What was judged is at hand for the rooms below, and is the same as what is read again from the bytes.
func TestAFormThatWasJudgedIsNotParsedAgain(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var told []string
	d := dbtest.SQLite(t, db.Options{Watch: func(q string) {
		mu.Lock()
		defer mu.Unlock()
		told = append(told, q)
	}})
	w := st.New(t, d, 2)
	w.Plan(t)
	instance := "uuid:" + id.New()
	sub := w.Send(t, w.Visits[0], instance, 0, nil)
	read := func(r *submission.Reader) (*submission.Reading, bool) {
		t.Helper()
		var rec submission.Record
		if err := d.View(t.Context(), func(tx *db.Tx) (err error) { rec, err = submission.GetTx(t.Context(), tx, w.Office, sub); return err }); err != nil {
			t.Fatal(err)
		}
		mu.Lock()
		told = nil
		mu.Unlock()
		got, err := r.Read(t.Context(), w.Campaign.Zone, []submission.Record{rec})
		if err != nil || got[sub] == nil {
			t.Fatalf("%v, %v", got, err)
		}
		return got[sub], slices.ContainsFunc(told, func(q string) bool { return strings.Contains(q, "xml") })
	}
	check := func() {
		t.Helper()
		kept, again := read(w.Reader)
		if again {
			t.Error("the bytes were read again")
		}
		fresh, again := read(submission.NewReader(d, w.Surveys))
		if diff := cmp.Diff(fresh, kept, cmpopts.IgnoreUnexported(submission.Reading{})); diff != "" || !again {
			t.Errorf("read again %t: %s", again, diff)
		}
	}
	check()
	before, _ := read(w.Reader)
	w.Send(t, w.Visits[0], instance, 1, map[string]string{"photo": strings.Repeat("0", 64) + ".png"})
	check()
	if after, _ := read(w.Reader); cmp.Equal(before, after, cmpopts.IgnoreUnexported(submission.Reading{})) {
		t.Error("the corrected form reads as the first")
	}
}
