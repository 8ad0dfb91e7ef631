// Package ruhu_test holds the rules of the whole house: what ARCHITECTURE.md and CONTRIBUTING.md promise is checked here by
// parsing the sources, so that a rule and the code cannot part in silence.
package ruhu_test

import (
	"go/ast"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"ruhu/internal/errs"
	"ruhu/playbooks"
)

// importOrder reads the list of ARCHITECTURE.md.
func importOrder(t *testing.T) []string {
	t.Helper()
	raw, err := os.ReadFile("ARCHITECTURE.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(raw), "```order\n")
	block, _, ok2 := strings.Cut(rest, "```")
	if !ok || !ok2 {
		t.Fatal("ARCHITECTURE.md has no block ```order")
	}
	var order []string
	for line := range strings.Lines(block) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "--") {
			order = append(order, line)
		}
	}
	return order
}

// place finds the entry that a folder belongs to: itself or the nearest parent in the list.
func place(order []string, dir string) int {
	for d := dir; d != "."; d = path.Dir(d) {
		if i := slices.Index(order, d); i >= 0 {
			return i
		}
	}
	return -1
}

func TestPackagesImportOnlyWhatStandsAboveThem(t *testing.T) {
	t.Parallel()
	order := importOrder(t)
	used := map[int]bool{}
	for _, f := range sources(t) {
		here := place(order, f.dir)
		if here < 0 {
			t.Errorf("%s is not in the list of ARCHITECTURE.md", f.dir)
			continue
		}
		used[here] = true
		if f.test {
			continue
		}
		for _, imp := range f.imports() {
			dir, ours := strings.CutPrefix(imp, "ruhu/")
			if !ours {
				continue
			}
			switch there := place(order, dir); {
			case there < 0:
				t.Errorf("%s imports %s, which is not in the list of ARCHITECTURE.md", f.path, imp)
			case there > here:
				t.Errorf("%s imports %s, which stands below it", f.path, imp)
			}
			if dir == "internal/web" && f.dir != "internal/app" && !strings.HasPrefix(f.dir, "cmd/") {
				t.Errorf("%s imports the edge; only internal/app and cmd may", f.path)
			}
		}
	}
	for i, entry := range order {
		if _, err := os.Stat(entry); !used[i] && err != nil {
			t.Errorf("ARCHITECTURE.md lists %s, which is not there", entry)
		}
	}
}

func TestTheFormEngineStandsAlone(t *testing.T) {
	t.Parallel()
	for _, f := range sources(t) {
		if f.test || !strings.HasPrefix(f.dir, "form") {
			continue
		}
		for _, imp := range f.imports() {
			if strings.HasPrefix(imp, "ruhu/internal/") || imp == "net/http" || imp == "database/sql" {
				t.Errorf("%s imports %s", f.path, imp)
			}
		}
		for _, pos := range f.calls("time", "Now", "Since", "Until") {
			t.Errorf("%s reads the clock", pos)
		}
	}
}

// clocks are the packages that may read the real time: the kernel (it hands tx.Now to the others), the simulation's clock, and
// the programs.
var clocks = []string{"internal/db", "internal/job", "internal/sim", "cmd"}

func TestDomainPackagesReadNoClock(t *testing.T) {
	t.Parallel()
	for _, f := range sources(t) {
		if f.test || slices.ContainsFunc(clocks, func(d string) bool { return f.dir == d || strings.HasPrefix(f.dir, d+"/") }) || strings.HasPrefix(f.dir, "cmd/") {
			continue
		}
		for _, pos := range f.calls("time", "Now", "Since", "Until") {
			t.Errorf("%s reads the clock; use tx.Now()", pos)
		}
	}
}

func TestNoCodeKnowsAPlaybook(t *testing.T) {
	t.Parallel()
	entries, err := fs.ReadDir(playbooks.FS, ".")
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, e := range entries {
		ids = append(ids, e.Name())
	}
	if len(ids) == 0 {
		t.Fatal("no playbook at all")
	}
	named := regexp.MustCompile(`\b(` + strings.Join(ids, "|") + `)\b`)
	for _, f := range sources(t) {
		if strings.HasPrefix(f.dir, "playbooks") {
			continue
		}
		if found := named.FindString(f.text); found != "" {
			t.Errorf("%s names the playbook %s", f.path, found)
		}
	}
}

// errorCode finds errs.Kind.New("code" and errs.Kind.Wrap(err, "code".
func errorCodes(f source) map[string]string {
	codes := map[string]string{}
	ast.Inspect(f.file, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		m, ok := call.Fun.(*ast.SelectorExpr)
		if !ok || m.Sel.Name != "New" && m.Sel.Name != "Wrap" {
			return true
		}
		kind, ok := m.X.(*ast.SelectorExpr)
		if !ok || !isIdent(kind.X, "errs") {
			return true
		}
		arg := 0
		if m.Sel.Name == "Wrap" {
			arg = 1
		}
		if arg < len(call.Args) {
			if s, ok := literal(call.Args[arg]); ok {
				codes[s] = f.pos(call)
			}
		}
		return true
	})
	return codes
}

func TestEveryErrorHasASentenceAndEverySentenceAnError(t *testing.T) {
	t.Parallel()
	catalog, err := errs.Catalog()
	if err != nil {
		t.Fatal(err)
	}
	mentioned := map[string]bool{"internal": true}
	for _, f := range sources(t) {
		if f.test {
			continue
		}
		for code, pos := range errorCodes(f) {
			if _, ok := catalog[code]; !ok {
				t.Errorf("%s: code %s has no sentence in internal/errs/locale", pos, code)
			}
		}
		for _, s := range f.strings() {
			mentioned[s] = true
		}
	}
	for code := range catalog {
		if !mentioned[code] {
			t.Errorf("internal/errs/locale has a sentence for %s, which no code uses", code)
		}
	}
}

var (
	created = regexp.MustCompile(`(?i)CREATE TABLE (?:IF NOT EXISTS )?([a-z_]+)`)
	touched = regexp.MustCompile(`\b(FROM|JOIN|INTO|UPDATE)\s+([a-z_]+)`)
)

// readers are read models: they may read the tables of others.
var readers = []string{"internal/progress", "internal/report"}

func TestATableIsTouchedOnlyByItsOwner(t *testing.T) {
	t.Parallel()
	tables := map[string]bool{}
	for _, text := range migrations(t) {
		for _, m := range created.FindAllStringSubmatch(text, -1) {
			tables[m[1]] = true
			owner, _, _ := strings.Cut(m[1], "_")
			if _, err := os.Stat("internal/" + owner); err != nil {
				t.Errorf("table %s begins with no package's name", m[1])
			}
		}
	}
	if len(tables) < 5 {
		t.Fatalf("found only %d tables", len(tables))
	}
	for _, f := range sources(t) {
		if f.test || !strings.HasPrefix(f.dir, "internal/") {
			continue
		}
		pkg, _, _ := strings.Cut(strings.TrimPrefix(f.dir, "internal/"), "/")
		for _, s := range f.strings() {
			for _, m := range touched.FindAllStringSubmatch(s, -1) {
				owner, _, _ := strings.Cut(m[2], "_")
				reads := m[1] == "FROM" && !strings.Contains(s, "DELETE FROM "+m[2]) || m[1] == "JOIN"
				if tables[m[2]] && owner != pkg && !(reads && slices.Contains(readers, f.dir)) {
					t.Errorf("%s: %s %s: the table belongs to package %s", f.path, m[1], m[2], owner)
				}
			}
		}
	}
}

func TestEveryKeyBeginsWithTheCounty(t *testing.T) {
	t.Parallel()
	// account_login is a small table that every machine holds in full: who logs in gives only a name.
	exempt := map[string]bool{"account_login": true, "db_migration": true}
	table := regexp.MustCompile(`(?is)CREATE TABLE ([a-z_]+) \((.*?)\n\);`)
	keys := regexp.MustCompile(`(?i)(?:PRIMARY KEY|UNIQUE)\s*\(([a-z_]+)`)
	unique := regexp.MustCompile(`(?i)CREATE UNIQUE INDEX [a-z_]+ ON ([a-z_]+) \(([a-z_]+)`)
	for name, text := range migrations(t) {
		for _, m := range table.FindAllStringSubmatch(text, -1) {
			ks := keys.FindAllStringSubmatch(m[2], -1)
			if exempt[m[1]] {
				continue
			}
			if len(ks) == 0 {
				t.Errorf("%s: table %s has no key", name, m[1])
			}
			for _, k := range ks {
				if k[1] != "county" {
					t.Errorf("%s: a key of %s begins with %s", name, m[1], k[1])
				}
			}
		}
		for _, m := range unique.FindAllStringSubmatch(text, -1) {
			if m[2] != "county" && !exempt[m[1]] {
				t.Errorf("%s: a unique index of %s begins with %s", name, m[1], m[2])
			}
		}
	}
}

// TestWhatIsLongUnderTheRaceDetectorRunsWithout: a test that is skipped there is run by make test-go once more.
func TestWhatIsLongUnderTheRaceDetectorRunsWithout(t *testing.T) {
	makefile, err := os.ReadFile("Makefile")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, s := range sources(t) {
		if !s.test || !strings.Contains(s.text, "dbtest.NotUnderRace(") {
			continue
		}
		found++
		again := regexp.MustCompile(`(?m)^\t\$\(GO\) test (-run \w+ )?[^-\n]*\./` + regexp.QuoteMeta(s.dir) + `( |$)`)
		if !again.Match(makefile) {
			t.Errorf("%s: make test-go does not run ./%s without the race detector", s.path, s.dir)
		}
	}
	if found < 3 {
		t.Errorf("found only %d files with such tests", found)
	}
}
