package sim

import (
	"cmp"
	"slices"
)

// Score says what became of one kind of planted fault in one register. docs/simulation.md explains what counts as found for each kind.
//
// Recall is Found/Planted, Precision is Right/Flagged; null where there is nothing to divide by.
type Score struct {
	Kind     string `json:"kind"`
	Register string `json:"register"`
	Stage    string `json:"stage"` // auto: by the program alone; clerk: after the queue was worked off; compare, suspect
	Planted  int    `json:"planted"`
	Found    int    `json:"found"`
	Flagged  int    `json:"flagged"` // what the program said
	Right    int    `json:"right"`   // of those, true

	Recall    *float64 `json:"recall"`
	Precision *float64 `json:"precision"`
}

func (s Score) rated() Score {
	s.Recall, s.Precision = share(s.Found, s.Planted), share(s.Right, s.Flagged)
	return s
}

func share(part, of int) *float64 {
	if of == 0 {
		return nil
	}
	f := float64(part) / float64(of)
	return &f
}

// pairOf joins a row of a register with a row of the base, as the program links them. Row 0 of the base is no link.
type pairOf struct {
	register  string
	row, base int
}

// scoreLinks holds links against the truth. For each register there is a Score of kind "all" over its rows, and one for each kind of
// identity fault over the rows that have it. Planted are the rows whose person is in the base, Found those linked to a row of that
// person, Flagged all that were linked. stage names what the links are.
func scoreLinks(lists []list, base string, links []pairOf, stage string) []Score {
	owner := map[int]string{} // row of the base → person
	inBase := map[string]bool{}
	for i := range lists {
		if lists[i].hint.Kind != base {
			continue
		}
		for _, r := range lists[i].truth() {
			owner[r.Row], inBase[r.Person] = r.Person, true
		}
	}
	linked := map[[2]any]int{}
	for _, l := range links {
		linked[[2]any{l.register, l.row}] = l.base
	}
	var out []Score
	for i := range lists {
		l := &lists[i]
		if l.hint.Kind == base {
			continue
		}
		kinds := map[int][]string{}
		for _, f := range l.faults {
			if f.Row > 0 && valueFaults[f.Kind] == nil && f.Kind != "unknown_household" {
				kinds[f.Row] = append(kinds[f.Row], f.Kind)
			}
		}
		by := map[string]*Score{}
		for _, r := range l.truth() {
			to, is := linked[[2]any{l.hint.Kind, r.Row}]
			for _, kind := range append(kinds[r.Row], "all") {
				s := by[kind]
				if s == nil {
					s = &Score{Kind: kind, Register: l.hint.Kind, Stage: stage}
					by[kind] = s
				}
				right := is && r.Person != "" && owner[to] == r.Person
				if inBase[r.Person] {
					s.Planted++
					s.Found += count(right)
				}
				s.Flagged += count(is)
				s.Right += count(right)
			}
		}
		for _, s := range by {
			out = append(out, s.rated())
		}
	}
	return sorted(out)
}

// finding is a household's or person's figure that the program says differs, or a person whom it misses somewhere.
type finding struct{ register, household, person, field string }

// scoreFindings holds findings against the faults of some kinds in one register. A finding is right when a fault of the kinds lies there,
// or when anything else that was planted explains it.
func scoreFindings(kind, register, stage string, planted []finding, found []finding, explained func(finding) bool) Score {
	s := Score{Kind: kind, Register: register, Stage: stage, Planted: len(planted), Flagged: len(found)}
	for _, p := range planted {
		s.Found += count(slices.Contains(found, p))
	}
	for _, f := range found {
		s.Right += count(slices.Contains(planted, f) || explained(f))
	}
	return s.rated()
}

func count(b bool) int {
	if b {
		return 1
	}
	return 0
}

func sorted(s []Score) []Score {
	slices.SortFunc(s, func(a, b Score) int {
		return cmp.Or(cmp.Compare(a.Register, b.Register), cmp.Compare(a.Stage, b.Stage), cmp.Compare(a.Kind, b.Kind))
	})
	return s
}
