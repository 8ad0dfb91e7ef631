package sim_test

import (
	"maps"
	"slices"
	"testing"

	"ruhu/internal/db/dbtest"
	"ruhu/internal/sim"
)

// The bounds that docs/simulation.md publishes for what happens in the field. A kind with few planted may miss one.
func TestWhatWasPlantedInTheFieldIsFound(t *testing.T) {
	dbtest.NotUnderRace(t)
	t.Parallel()
	recall := map[string]float64{"desk": .9, "night": .9, "straight": .8, "one_photo": .9, "copied": .7, "careful": 0, "one_picture": .9, "one_hand": .8, "loose_hand": .5}
	precision := map[string]float64{"any": .6, "two_families": .9, "similar": .8, "duplicate_photo": .99, "duplicate_signature": .99, "alike_signature": .8, "night": .9, "fast": .6}
	noted := map[string]float64{"all": .4, "other_photo": .9, "old_photo": .9, "new_photo": 0}
	determined := map[string]float64{"wrongly_exited": .6, "missed": .4}
	scored := map[string]int{}
	for _, pb := range books(t, false) {
		sum, truth := play(t, pb, sim.Options{Seed: 2, Villages: 10, Households: 130, Teams: 12, Days: 2, PerTeam: 7})
		for _, s := range sum.Scores {
			switch s.Stage {
			case "fabricated", "signed":
				bound, known := recall[s.Kind]
				if !known {
					t.Errorf("%s: no bound for %+v", pb.ID, s)
				}
				if *s.Recall < bound && s.Planted-s.Found > 1 {
					t.Errorf("%s: recall %.3f below %.3f: %+v", pb.ID, *s.Recall, bound, s)
				}
				scored[s.Kind] += s.Planted
			case "fabricated_by", "signed_by":
				if bound := precision[s.Kind]; s.Precision != nil && *s.Precision < bound && s.Flagged-s.Right > 1 {
					t.Errorf("%s: precision %.3f below %.3f: %+v", pb.ID, *s.Precision, bound, s)
				}
				if s.Kind == "any" && *s.Recall < .7 {
					t.Errorf("%s: recall of any rule %.3f", pb.ID, *s.Recall)
				}
			case "noted":
				bound, known := noted[s.Kind]
				if !known || s.Recall != nil && *s.Recall < bound && s.Planted-s.Found > 1 {
					t.Errorf("%s: recall below %.3f: %+v", pb.ID, bound, s)
				}
				if s.Precision != nil && *s.Precision < .75 && s.Flagged-s.Right > 1 {
					t.Errorf("%s: precision below 0.75: %+v", pb.ID, s)
				}
				scored[s.Kind] += s.Planted
			case "suspected", "confirmed":
				bound, known := determined[s.Kind]
				if !known || s.Recall != nil && *s.Recall < bound && s.Planted-s.Found > 2 {
					t.Errorf("%s: recall below %.3f: %+v", pb.ID, bound, s)
				}
				if s.Stage == "confirmed" && s.Precision != nil && *s.Precision < .9 && s.Flagged-s.Right > 1 {
					t.Errorf("%s: precision below 0.9: %+v", pb.ID, s)
				}
				if s.Stage == "suspected" {
					scored[s.Kind] += s.Planted
				}
			}
		}
		made := map[string]int{}
		for _, i := range slices.Concat(truth.MadeUp, truth.Signed) {
			made[i.Kind]++
		}
		for _, c := range truth.Claims {
			if c.Kind != "" {
				made[c.Kind]++
				made["all"]++
			}
		}
		for _, n := range truth.Needs {
			made[n.Kind]++
		}
		for _, kind := range slices.Concat(slices.Collect(maps.Keys(recall)), slices.Collect(maps.Keys(noted)), slices.Collect(maps.Keys(determined))) {
			if made[kind] == 0 || scored[kind] != made[kind] {
				t.Errorf("%s: %d of %s were planted, %d scored", pb.ID, made[kind], kind, scored[kind])
			}
		}
	}
}
