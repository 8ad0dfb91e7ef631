package main

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
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

// TestRosterDigestFollowsItsDescription computes the digests as docs/listing.md says, without our code.
func TestRosterDigestFollowsItsDescription(t *testing.T) {
	t.Parallel()
	sum := func(s string) string {
		h := sha256.Sum256([]byte(s))
		return hex.EncodeToString(h[:])
	}
	head := "ruhu-roster 1\ncampaign\t0190b0b4-0000-7000-8000-000000000001\n"
	one := "entry\t1\tfreeze\t2026-03-05T08:00:00.000Z\t某人\t\n" +
		"H\tH1\t990101101201\t一组\t甲\t\t\tpoor\t\t2\t\tlisted\t\timport\n" +
		"M\t甲\t\t户主\tmale\t\t\t\t\tpresent\t\n"
	two := "entry\t2\tchange\t2026-03-06T08:00:00.000Z\t某人\t搬走\n" +
		"H\tH1\t990101101201\t一组\t甲\t\t\tpoor\t\t2\t\tstruck\tmoved\timport\n"
	first := sum(sum(head) + "\n" + one)
	text := head + one + "digest\t" + first + "\n" + two + "digest\t" + sum(first+"\n"+two) + "\n"
	for name, c := range map[string]struct {
		text string
		want int
	}{
		"as it was exported": {text, 0},
		"with a change":      {strings.Replace(text, "搬走", "死亡", 1), 1},
		"one entry missing":  {head + strings.Replace(two, "entry\t2", "entry\t1", 1) + "digest\t" + sum(first+"\n"+two) + "\n", 1},
		"cut off":            {text[:len(text)-80], 1},
		"no roster":          {"x", 1},
		"empty":              {"", 1},
	} {
		p := filepath.Join(t.TempDir(), "frozen-roster.txt")
		if err := os.WriteFile(p, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, args := range [][]string{{"roster", "digest", p}, {"roster", "digest", p, "--json"}} {
			if got := run(args); got != c.want {
				t.Errorf("%s: exit %d, want %d", name, got, c.want)
			}
		}
	}
}
