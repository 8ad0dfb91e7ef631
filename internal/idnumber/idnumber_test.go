package idnumber_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ruhu/internal/idnumber"
)

// fixture reads a file of the shared fixtures; the test is skipped without them.
func fixture(t *testing.T, pattern string) map[string][]byte {
	t.Helper()
	dir := os.Getenv("RUHU_FIXTURES")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "fixtures", "stats")
	}
	paths, err := filepath.Glob(filepath.Join(dir, pattern))
	if err != nil {
		t.Fatal(err)
	}
	if len(paths) == 0 {
		t.Skipf("no fixtures %s in %s (set RUHU_FIXTURES)", pattern, dir)
	}
	files := map[string][]byte{}
	for _, p := range paths {
		raw, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		files[p] = raw
	}
	return files
}

func TestFixtureIDs(t *testing.T) {
	t.Parallel()
	for path, raw := range fixture(t, "match/id_cases.json") {
		var file struct {
			ReferenceDate string `json:"reference_date"`
			Cases         []struct {
				Raw, Status, Note string
				Normalised, Birth *string
				Sex               *int
			}
		}
		if err := json.Unmarshal(raw, &file); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		if len(file.Cases) == 0 {
			t.Fatalf("%s has no cases", path)
		}
		for _, c := range file.Cases {
			got := idnumber.Parse(c.Raw, file.ReferenceDate)
			if string(got.Status) != c.Status {
				t.Errorf("%q (%s): %s, want %s", c.Raw, c.Note, got.Status, c.Status)
				continue
			}
			want, birth, sex := "", "", ""
			if c.Normalised != nil {
				want, birth, sex = *c.Normalised, *c.Birth, idnumber.Female
				if *c.Sex == 1 {
					sex = idnumber.Male
				}
			}
			if string(got.Number) != want || got.Number.BirthDate() != birth || got.Number.Sex() != sex {
				t.Errorf("%q (%s): %s %s %s, want %s %s %s", c.Raw, c.Note, got.Number, got.Number.BirthDate(), got.Number.Sex(), want, birth, sex)
			}
		}
	}
}

func TestEverySingleWrongDigitAndEverySwapOfNeighboursIsFound(t *testing.T) {
	t.Parallel()
	for _, n := range []string{"11010519491231002X", "440524188001010014"} { // the examples of the standard, annex A
		for i := range 17 {
			for d := byte('0'); d <= '9'; d++ {
				b := []byte(n)
				if b[i] == d {
					continue
				}
				b[i] = d
				if got := idnumber.Parse(string(b), ""); got.Number != "" {
					t.Errorf("%s passes for %s", b, n)
				}
			}
			if b := []byte(n); i < 16 && b[i] != b[i+1] {
				b[i], b[i+1] = b[i+1], b[i]
				if got := idnumber.Parse(string(b), ""); got.Number != "" {
					t.Errorf("%s passes for %s", b, n)
				}
			}
		}
	}
}

func TestWhatASpreadsheetDidToANumberIsNamed(t *testing.T) {
	t.Parallel()
	for s, want := range map[string][2]bool{
		"4.30922E+17": {true, false}, "4.30922e17": {true, false}, "E": {false, false}, "430922199001010000": {false, true},
		"430922199001011000": {false, true}, "430922199001010010": {false, false}, "430922199001": {false, false}, "": {false, false},
	} {
		if got := [2]bool{idnumber.Scientific(s), idnumber.Rounded(s)}; got != want {
			t.Errorf("%q: scientific, rounded = %v, want %v", s, got, want)
		}
	}
}

func TestNumbersTellPlaceBirthAndSexAndAreShownMasked(t *testing.T) {
	t.Parallel()
	n := idnumber.Number("11010519491231002X")
	if n.Place() != "110105" || n.BirthDate() != "1949-12-31" || n.Sex() != idnumber.Female {
		t.Errorf("%s: %s %s %s", n, n.Place(), n.BirthDate(), n.Sex())
	}
	if n := idnumber.Number(""); n.Place() != "" || n.BirthDate() != "" || n.Sex() != "" {
		t.Error("no number tells something")
	}
	if got := idnumber.Mask(string(n)); got != "1101************2X" {
		t.Errorf("masked %s", got)
	}
	if got := idnumber.Mask("1101"); got != "****" {
		t.Errorf("a short value is shown: %s", got)
	}
	if got := idnumber.MaskPhone("13800000000"); got != "138****0000" {
		t.Errorf("masked %s", got)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"", "无", "11010519491231002x", "509901431105221", "50990119901231017342", "5.09901E+17", "５０９９０１"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := idnumber.Parse(s, "2025-06-30")
		if (got.Number != "") != (got.Status == idnumber.Valid || got.Status == idnumber.Converted15 || got.Status == idnumber.Disability20) {
			t.Fatalf("%q: %+v", s, got)
		}
		if got.Number != "" {
			again := idnumber.Parse(string(got.Number), "2025-06-30")
			if again.Number != got.Number || again.Status != idnumber.Valid || strings.ToUpper(string(got.Number)) != string(got.Number) {
				t.Fatalf("%q gives %+v, and that %+v", s, got, again)
			}
		}
	})
}
