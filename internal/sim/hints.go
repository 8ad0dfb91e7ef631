package sim

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"path"
	"sort"

	"go.yaml.in/yaml/v3"
)

// hint says how simulated households answer one question; exactly one part is set.
type hint struct {
	Options map[string]int `yaml:"options"` // option code → weight
	Empty   int            `yaml:"empty"`   // weight of no answer, beside options
	Range   []float64      `yaml:"range"`   // from, to
	Step    float64        `yaml:"step"`
	Sum     []string       `yaml:"sum"` // names of other questions
	Text    string         `yaml:"text"`
	Picture int            `yaml:"picture"` // percent of households with a picture
}

// fault is a problem that is planted: the first households of a day answer so.
type fault struct {
	Day     int               `yaml:"day"` // 1 is the first day of visits
	Form    string            `yaml:"form"`
	Count   int               `yaml:"count"`
	Answers map[string]string `yaml:"answers"`
}

// hints is simulation.yaml: who lives in the world, what departments' lists say about them, answers by form code and question name,
// and planted faults.
type hints struct {
	Answers map[string]map[string]hint `yaml:"answers"`
	Faults  []fault                    `yaml:"faults"`

	World     Shape          `yaml:"world"`
	Registers []registerHint `yaml:"registers"` // lists of departments, in the order in which they arrive
	Field     fieldwork      `yaml:"field"`
}

// loadHints reads simulation.yaml of a playbook; a playbook without one has no hints.
func loadHints(fsys fs.FS, playbook string) (hints, error) {
	raw, err := fs.ReadFile(fsys, path.Join(playbook, "simulation.yaml"))
	if errors.Is(err, fs.ErrNotExist) {
		return hints{}, nil
	}
	if err != nil {
		return hints{}, fmt.Errorf("read simulation hints: %w", err)
	}
	var h hints
	if err := yaml.Unmarshal(raw, &h); err != nil {
		return hints{}, fmt.Errorf("simulation.yaml of %s: %w", playbook, err)
	}
	return h, nil
}

// option draws an option code by weight; "" is the drawn empty answer.
func (h hint) option(r *rand.Rand) string {
	codes := make([]string, 0, len(h.Options))
	total := h.Empty
	for c, n := range h.Options {
		codes = append(codes, c)
		total += n
	}
	sort.Strings(codes) // a map has no order, a seed must
	n := r.IntN(max(total, 1))
	for _, c := range codes {
		if n < h.Options[c] {
			return c
		}
		n -= h.Options[c]
	}
	return ""
}

// amount draws a number of the range in whole steps.
func (h hint) amount(r *rand.Rand) float64 {
	if len(h.Range) != 2 || h.Step <= 0 {
		return 0
	}
	steps := int((h.Range[1] - h.Range[0]) / h.Step)
	return h.Range[0] + h.Step*float64(r.IntN(steps+1))
}
