package sim

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"ruhu/internal/idnumber"
	"ruhu/internal/playbook"
	"ruhu/internal/sheet"
	"ruhu/playbooks"
)

// lists makes every register of a playbook's simulation.
func lists(t *testing.T, id string, seed uint64) (*World, []list) {
	t.Helper()
	h, err := loadHints(playbooks.FS, id)
	if err != nil {
		t.Fatal(err)
	}
	w := NewWorld(seed, h.World.over(Options{Households: 600}), today)
	var out []list
	for _, r := range h.Registers {
		out = append(out, w.list(r))
	}
	return w, out
}

func everyPlaybook(t *testing.T, f func(t *testing.T, id string)) {
	t.Helper()
	ids, err := playbook.NewLibrary(playbooks.FS).IDs()
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range ids {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			f(t, id)
		})
	}
}

func TestTheSameSeedMakesTheSameFaults(t *testing.T) {
	t.Parallel()
	everyPlaybook(t, func(t *testing.T, id string) {
		_, a := lists(t, id, 5)
		_, b := lists(t, id, 5)
		_, c := lists(t, id, 6)
		if fmt.Sprint(a[0].faults) != fmt.Sprint(b[0].faults) {
			t.Error("the same seed planted other faults")
		}
		if fmt.Sprint(a[0].faults) == fmt.Sprint(c[0].faults) {
			t.Error("another seed planted the same faults")
		}
	})
}

// What stands in the file is what the truth says about it, read back as the office's import reads it.
func TestAFaultStandsInTheRowThatTheTruthNames(t *testing.T) {
	t.Parallel()
	everyPlaybook(t, func(t *testing.T, id string) {
		w, all := lists(t, id, 1)
		for _, l := range all {
			raw, err := l.file(w)
			if err != nil {
				t.Fatal(err)
			}
			book, err := sheet.OpenBytes(raw.Bytes, sheet.Limits{})
			if err != nil {
				t.Fatalf("%s: %v", l.hint.Name, err)
			}
			rows := map[int][]sheet.Cell{}
			if err := book.Rows(0, 0, func(r sheet.Row) error {
				rows[r.Number] = slices.Clone(r.Cells)
				return nil
			}); err != nil {
				t.Fatal(err)
			}
			if want := l.header + len(l.rows); len(rows) != want {
				t.Errorf("%s: %d rows, want %d", l.hint.Name, len(rows), want)
			}
			seen := map[string]bool{}
			for _, f := range l.faults {
				seen[f.Kind] = true
				if f.Field == "" || f.Row == 0 {
					continue
				}
				col := slices.IndexFunc(l.hint.Columns, func(c columnHint) bool { return c.Value == f.Field })
				if col < 0 {
					continue // the village's code may stand for its name
				}
				got := ""
				for _, c := range rows[f.Row] {
					if c.Column == col+1 {
						got = c.Text
					}
				}
				if got != sheet.Clean(f.Is) {
					t.Errorf("%s row %d, %s: %q stands there, want %q", l.hint.Name, f.Row, f.Kind, got, f.Is)
				}
				if f.Was == f.Is {
					t.Errorf("%s row %d: %s changes nothing", l.hint.Name, f.Row, f.Kind)
				}
			}
			for kind := range l.hint.Faults {
				if !seen[kind] && kind != "absent" && kind != "dead_listed" && kind != "newborn_missing" {
					t.Errorf("%s: no %s was planted", l.hint.Name, kind)
				}
			}
			_ = book.Close()
		}
	})
}

func TestNumbersAreUniqueAndWrongDigitsAreWrong(t *testing.T) {
	t.Parallel()
	w, all := lists(t, firstPlaybook(t), 3)
	seen := map[string]bool{}
	for _, h := range w.Households {
		for _, m := range h.Members {
			if seen[m.IDNumber] || idnumber.Parse(m.IDNumber, "").Status != idnumber.Valid {
				t.Fatalf("%s is given out twice or invalid", m.IDNumber)
			}
			seen[m.IDNumber] = true
		}
	}
	n := 0
	for _, l := range all {
		for _, f := range l.faults {
			if f.Kind != "id_digit" && f.Kind != "id_swap" {
				continue
			}
			n++
			if s := idnumber.Parse(f.Is, "").Status; s == idnumber.Valid {
				t.Errorf("%s of %s is valid", f.Is, f.Kind)
			}
		}
	}
	if n == 0 {
		t.Error("no wrong number was planted")
	}
}

func firstPlaybook(t *testing.T) string {
	t.Helper()
	ids, err := playbook.NewLibrary(playbooks.FS).IDs()
	if err != nil || len(ids) == 0 {
		t.Fatalf("playbooks: %v, %v", ids, err)
	}
	return ids[0]
}

func TestNamesChangeByOneCharacterOfTheTable(t *testing.T) {
	t.Parallel()
	w, _ := lists(t, firstPlaybook(t), 1)
	got := replaced(w, "王国强", variants)
	if got == "王国强" || !strings.HasPrefix(got, "王") || len([]rune(got)) != 3 {
		t.Errorf("got %s", got)
	}
	if got := replaced(w, "王茜", variants); got != "" {
		t.Errorf("a name without variants became %s", got)
	}
}
