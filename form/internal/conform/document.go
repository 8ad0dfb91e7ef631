package conform

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// document compares or rewrites the section of this kind.
func (t *Tally) document(tb testing.TB, path string) {
	tb.Helper()
	if *Update {
		unlock := lock(tb, path+".lock")
		defer unlock()
	}
	src, err := os.ReadFile(path)
	if err != nil {
		tb.Fatal(err)
	}
	begin, end := "<!-- begin "+t.Kind+" -->\n", "<!-- end "+t.Kind+" -->"
	head, rest, ok1 := strings.Cut(string(src), begin)
	have, tail, ok2 := strings.Cut(rest, end)
	if !ok1 || !ok2 {
		tb.Fatalf("%s has no section between %q and %q", path, strings.TrimSpace(begin), end)
	}
	want := t.markdown()
	if have == want {
		return
	}
	if !*Update {
		tb.Errorf("%s is out of date in the section %s: run go test with -update", path, t.Kind)
		return
	}
	if err := os.WriteFile(path, []byte(head+begin+want+end+tail), 0o644); err != nil {
		tb.Fatal(err)
	}
}

// lock keeps the packages' tests, which run at the same time, from writing over
// each other.
func lock(tb testing.TB, path string) func() {
	for range 200 {
		f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL, 0o600)
		if err == nil {
			f.Close()
			return func() { os.Remove(path) }
		}
		time.Sleep(20 * time.Millisecond)
	}
	tb.Fatalf("%s is there: remove it if no other test is running", path)
	return nil
}

func (t *Tally) markdown() string {
	var b strings.Builder
	b.WriteString("| family | passed | by design | open | not run |\n|---|---:|---:|---:|---:|\n")
	for _, name := range slices.Sorted(maps.Keys(t.rows)) {
		r := t.rows[name]
		fmt.Fprintf(&b, "| %s | %d | %d | %d | %d |\n", name, r.passed, r.design, r.open, r.skipped)
	}
	p, d, o, s := t.Totals()
	fmt.Fprintf(&b, "| **all** | **%d** | **%d** | **%d** | **%d** |\n", p, d, o, s)
	for _, n := range t.Notes {
		b.WriteString("\n" + n + "\n")
	}
	list(&b, "Different by design:", t.why)
	list(&b, "Not run:", t.skips)
	if len(t.left) > 0 {
		list(&b, "Open:", map[string][]string{"to be done": t.left})
	}
	return b.String()
}

func list(b *strings.Builder, title string, m map[string][]string) {
	if len(m) == 0 {
		return
	}
	b.WriteString("\n" + title + "\n\n")
	for _, why := range slices.Sorted(maps.Keys(m)) {
		ids := slices.Sorted(slices.Values(m[why]))
		shown := strings.Join(ids[:min(len(ids), 12)], ", ")
		if len(ids) > 12 {
			shown += ", …"
		}
		fmt.Fprintf(b, "- %s (%d: %s)\n", why, len(ids), shown)
	}
}
