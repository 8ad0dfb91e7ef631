package sim_test

import (
	"testing"

	"ruhu/internal/sim"
)

// The bounds that docs/simulation.md publishes for what happens in the field. A kind with few planted may miss one.
func TestWhatWasPlantedInTheFieldIsFound(t *testing.T) {
	t.Parallel()
	recall := map[string]float64{"desk": .9, "night": .9, "straight": .8, "one_photo": .9, "copied": .7, "careful": 0}
	precision := map[string]float64{"any": .7, "two_families": .9, "similar": .8, "duplicate_photo": .99, "night": .9, "fast": .6}
	scored := map[string]int{}
	for _, pb := range books(t, false) {
		sum, truth := play(t, pb, sim.Options{Seed: 2, Villages: 10, Households: 130, Teams: 12, Days: 2, PerTeam: 7})
		for _, s := range sum.Scores {
			switch s.Stage {
			case "fabricated":
				bound, known := recall[s.Kind]
				if !known {
					t.Errorf("%s: no bound for %+v", pb.ID, s)
				}
				if *s.Recall < bound && s.Planted-s.Found > 1 {
					t.Errorf("%s: recall %.3f below %.3f: %+v", pb.ID, *s.Recall, bound, s)
				}
				scored[s.Kind] += s.Planted
			case "fabricated_by":
				if bound := precision[s.Kind]; s.Precision != nil && *s.Precision < bound && s.Flagged-s.Right > 1 {
					t.Errorf("%s: precision %.3f below %.3f: %+v", pb.ID, *s.Precision, bound, s)
				}
				if s.Kind == "any" && *s.Recall < .7 {
					t.Errorf("%s: recall of any rule %.3f", pb.ID, *s.Recall)
				}
			}
		}
		made := map[string]int{}
		for _, i := range truth.MadeUp {
			made[i.Kind]++
		}
		for kind := range recall {
			if made[kind] == 0 || scored[kind] != made[kind] {
				t.Errorf("%s: %d interviews of %s were made up, %d scored", pb.ID, made[kind], kind, scored[kind])
			}
		}
	}
}
