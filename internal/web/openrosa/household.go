package openrosa

import (
	"bytes"
	"encoding/csv"
	"maps"
	"slices"
	"strconv"

	"ruhu/form/collect"
)

// HouseholdFile is the name of the entity list in a manifest.
const HouseholdFile = collect.EntityList + ".csv"

// Household is a line of the entity list that goes with the forms.
type Household struct {
	ID, Label, Form, Note string
	Version               int64
	Prefill               map[string]string
}

// Households writes the list as CSV, with a column for every prefill that any household has.
func Households(rows []Household) ([]byte, error) {
	keys := map[string]bool{}
	for _, r := range rows {
		for k := range r.Prefill {
			keys[k] = true
		}
	}
	sorted := slices.Sorted(maps.Keys(keys))
	head := []string{collect.ColumnName, collect.ColumnLabel, collect.ColumnVersion, collect.ColumnForm, collect.ColumnNote}
	for _, k := range sorted {
		head = append(head, collect.Column(k))
	}
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	if err := w.Write(head); err != nil {
		return nil, err
	}
	for _, r := range rows {
		line := []string{r.ID, r.Label, strconv.FormatInt(r.Version, 10), r.Form, r.Note}
		for _, k := range sorted {
			line = append(line, r.Prefill[k])
		}
		if err := w.Write(line); err != nil {
			return nil, err
		}
	}
	w.Flush()
	return b.Bytes(), w.Error()
}
