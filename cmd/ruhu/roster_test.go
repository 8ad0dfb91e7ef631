package main

import (
	"os"
	"path/filepath"
	"testing"

	rt "ruhu/internal/roster/rostertest"
)

func TestRosterImportFailsOnMistakesOnly(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name string, b []byte) string {
		t.Helper()
		p := filepath.Join(dir, name)
		if err := os.WriteFile(p, b, 0o600); err != nil {
			t.Fatal(err)
		}
		return p
	}
	places := write("places.csv", []byte("\ufeff代码,名称\n430922101000,东镇\n430922101201,第1村\n"))
	good := write("good.xlsx", rt.Township(t, []string{"第1村"}, 2, 2, func(int) string { return "脱贫户" }))
	bad := write("bad.xlsx", rt.Township(t, []string{"无此村"}, 2, 2, func(int) string { return "脱贫户" }))
	template := filepath.Join(dir, "template.xlsx")
	for _, tt := range []struct {
		name string
		args []string
		want int
	}{
		{"a good file", []string{"roster", "import", good, "--places", places}, 0},
		{"as JSON", []string{"roster", "import", good, "--places", places, "--json"}, 0},
		{"a village that is not there", []string{"roster", "import", bad, "--places", places}, 1},
		{"without places names are not checked", []string{"roster", "import", bad}, 0},
		{"no .xlsx", []string{"roster", "import", places}, 1},
		{"no such database", []string{"roster", "import", good, "--db", filepath.Join(dir, "none.db"), "--region", "430922101"}, 1},
		{"the template", []string{"roster", "template", template}, 0},
		{"a file that is there", []string{"roster", "template", template}, 1},
		{"the template is no mistake", []string{"roster", "import", template, "--places", places}, 0},
	} {
		if got := run(tt.args); got != tt.want {
			t.Errorf("%s: exit %d, want %d", tt.name, got, tt.want)
		}
	}
}
