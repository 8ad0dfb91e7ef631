// Package conform keeps the account of the conformance cases: where they are,
// which of them pass, which differ on purpose and why, and the table in
// docs/conformance.md. Only tests import it.
package conform

import (
	"bufio"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Update rewrites generated files (go test -update).
var Update = flag.Bool("update", false, "rewrite golden files and docs/conformance.md")

// Dir is the folder of the cases: the one that RUHU_CONFORMANCE names, else
// shared/conformance beside the project. The test is skipped without it. root
// is the way from the test's package to the project.
func Dir(tb testing.TB, root string) string {
	tb.Helper()
	dir := os.Getenv("RUHU_CONFORMANCE")
	if dir == "" {
		dir = filepath.Join(root, "..", "shared", "conformance")
	}
	if _, err := os.Stat(dir); err != nil {
		tb.Skipf("no conformance cases in %s: set RUHU_CONFORMANCE to their folder", dir)
	}
	return dir
}

// Foreign tells whether the cases are others than those that the lists of known
// differences and docs/conformance.md speak of.
func Foreign() bool { return os.Getenv("RUHU_CONFORMANCE") != "" }

// Reason is why a case may differ. Design is false for work left to do.
type Reason struct {
	Text   string
	Design bool
}

// Known reads a list of differences: lines "id[,id…] reason", where a reason
// that begins with "design:" is a choice. Empty lines and # are passed over.
func Known(tb testing.TB, path string) map[string]Reason {
	tb.Helper()
	f, err := os.Open(path)
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	known := map[string]Reason{}
	for s := bufio.NewScanner(f); s.Scan(); {
		line := strings.TrimSpace(s.Text())
		if line == "" || line[0] == '#' {
			continue
		}
		ids, text, ok := strings.Cut(line, " ")
		if !ok || strings.TrimSpace(text) == "" {
			tb.Fatalf("%s: no reason in %q", path, line)
		}
		text, design := strings.CutPrefix(strings.TrimSpace(text), "design:")
		for _, id := range strings.Split(ids, ",") {
			known[id] = Reason{strings.TrimSpace(text), design}
		}
	}
	return known
}

// row is the account of one family.
type row struct{ passed, design, open, skipped int }

// Tally is the account of one kind of cases.
type Tally struct {
	Kind  string
	Notes []string // sentences under the table
	known map[string]Reason
	rows  map[string]*row
	why   map[string][]string // reason → ids
	skips map[string][]string
	left  []string
}

// New begins an account. known may be nil.
func New(kind string, known map[string]Reason) *Tally {
	return &Tally{Kind: kind, known: known, rows: map[string]*row{}, why: map[string][]string{}, skips: map[string][]string{}}
}

func (t *Tally) row(family string) *row {
	r := t.rows[family]
	if r == nil {
		r = &row{}
		t.rows[family] = r
	}
	return r
}

// Skip counts a case that is not run, with the reason.
func (t *Tally) Skip(id, family, why string) {
	t.row(family).skipped++
	t.skips[why] = append(t.skips[why], id)
	delete(t.known, id)
}

// Judge counts a case that was run; diff is "" when it passed. A difference that
// is not on the list fails the test, and so does a case on the list that passes,
// so that the list stays true.
func (t *Tally) Judge(tb testing.TB, id, family, diff string) {
	tb.Helper()
	r, listed := t.known[id]
	delete(t.known, id)
	n := t.row(family)
	switch {
	case diff == "":
		n.passed++
		if listed {
			tb.Errorf("%s passes: take it off the list (%s)", id, r.Text)
		}
	case listed && r.Design:
		n.design++
		t.why[r.Text] = append(t.why[r.Text], id)
	default:
		n.open++
		t.left = append(t.left, id)
		if !listed {
			tb.Errorf("%s [%s]: %s", id, family, diff)
		}
	}
}

// Design counts a case that differs by a rule rather than by a list.
func (t *Tally) Design(id, family, why string) {
	t.row(family).design++
	t.why[why] = append(t.why[why], id)
	delete(t.known, id)
}

// Totals adds up the families.
func (t *Tally) Totals() (passed, design, open, skipped int) {
	for _, r := range t.rows {
		passed, design, open, skipped = passed+r.passed, design+r.design, open+r.open, skipped+r.skipped
	}
	return passed, design, open, skipped
}

// Done prints the last line and keeps docs/conformance.md true: with -update it
// is rewritten, without it a difference is an error.
func (t *Tally) Done(tb testing.TB, root string) {
	tb.Helper()
	for id := range t.known {
		if !Foreign() {
			tb.Errorf("%s is on the list but is no case", id)
		}
	}
	if !Foreign() && !tb.Failed() {
		t.document(tb, filepath.Join(root, "docs", "conformance.md"))
	}
	p, d, o, _ := t.Totals()
	fmt.Printf("conformance %s: %d passed, %d by design, %d open\n", t.Kind, p, d, o)
}
