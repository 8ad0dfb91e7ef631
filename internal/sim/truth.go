package sim

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

// Truth is what the simulation knows and never sends: who every row of every register is about, and what is wrong with it.
type Truth struct {
	Seed      uint64           `json:"seed"`
	Playbook  string           `json:"playbook"`
	Registers map[string][]Row `json:"registers"` // by the register's code, in the order of the file
	Faults    []Fault          `json:"faults"`

	MadeUp []Interview `json:"made_up"` // interviews that nobody held
	Signed []Interview `json:"signed"`  // interviews under which one of the team signed for the household
	Claims []*Claim    `json:"claims"`  // of villages, that a problem is fixed
	Needs  []*Need     `json:"needs"`   // households that are not what the list says
}

// Row says whose a row of a register is.
type Row struct {
	Row       int    `json:"row"`    // of the file, 1 is the first
	Person    string `json:"person"` // Member.Key; "" for somebody who does not exist
	Household string `json:"household"`
}

func (l *list) truth() []Row {
	out := make([]Row, len(l.rows))
	for i, e := range l.rows {
		out[i] = Row{Row: l.header + 1 + i, Person: e.person, Household: e.h.Code}
	}
	return out
}

// WriteTruth writes truth.json, and every register as it was sent, into a folder.
func (p *player) writeTruth(dir string) error {
	t := Truth{Seed: p.Seed, Playbook: p.Playbook, Registers: map[string][]Row{}, MadeUp: p.madeUps, Signed: p.signed, Claims: p.repairs.all, Needs: p.needs}
	if err := os.MkdirAll(filepath.Join(dir, "registers"), 0o755); err != nil {
		return fmt.Errorf("truth: %w", err)
	}
	for i := range p.lists {
		l := &p.lists[i]
		t.Registers[l.hint.Kind] = l.truth()
		t.Faults = append(t.Faults, l.faults...)
		raw, err := l.file(p.world)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, "registers", l.hint.Name), raw.Bytes, 0o644); err != nil {
			return fmt.Errorf("truth: %w", err)
		}
	}
	return writeJSON(filepath.Join(dir, "truth.json"), t)
}

func writeJSON(path string, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if err := os.WriteFile(path, append(b, '\n'), 0o644); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}
