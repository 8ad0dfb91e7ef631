package quality_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"ruhu/internal/db"
	"ruhu/internal/playbook"
	"ruhu/internal/quality"
	"ruhu/internal/quality/measure"
	"ruhu/internal/region"
	"ruhu/internal/signature"
)

var noon = time.Date(2026, 3, 4, 4, 0, 0, 0, time.UTC) // in China

// honest makes forms of four teams, all different, all quiet.
func honest(n int) []quality.Fact {
	r := rand.New(rand.NewPCG(4, 4))
	var out []quality.Fact
	for i := range n {
		start := noon.Add(time.Duration(i/4)*90*time.Minute - 400*time.Hour)
		lat, lon, acc := 29.4+float64(i)*0.0002, 107.2, 5.0
		f := quality.Fact{
			Submission: fmt.Sprintf("s%03d", i), Household: fmt.Sprintf("h%03d", i), Team: fmt.Sprintf("t%d", i%4), Form: "a", Village: "990101101201",
			Start: start, End: start.Add(time.Duration(30+r.IntN(30)) * time.Minute), Hour: 12, Lat: &lat, Lon: &lon, Accuracy: &acc, Asked: 40,
			Picks: map[string]string{}, Answers: map[string]string{"income": fmt.Sprint(4000 + r.IntN(9000)), "approve": "1"},
			Marks: map[string][]string{"id": {fmt.Sprint("id", i)}, "phone": {fmt.Sprint("p", i)}},
		}
		for k := range 30 {
			f.Picks[fmt.Sprintf("q%d", k)] = fmt.Sprint(r.IntN(4))
		}
		for k := range 4 {
			f.Answers[fmt.Sprintf("b%d", k)] = fmt.Sprint(1 + (i+k)%3)
		}
		if i%9 == 0 {
			f.Answers["approve"] = "2"
		}
		out = append(out, f)
	}
	return out
}

var rules = playbook.Quality{
	Batteries: []playbook.Battery{{Code: "views", Items: []string{"b0", "b1", "b2", "b3"}}},
	Outliers:  []playbook.OutlierItem{{Item: "income", Log: true}},
	Digits:    []string{"income"},
	Effects:   []playbook.EffectItem{{Item: "approve", Value: "1"}},
}

var village = map[region.Code]measure.Place{"990101101201": {Lat: 29.4, Lon: 107.2}}

func found(facts []quality.Fact) map[string][]string {
	out := map[string][]string{}
	for _, f := range quality.Evaluate(facts, rules, quality.Known{Villages: village}, db.At(noon)) {
		subject := f.Submission
		if subject == "" {
			subject = f.Team
		}
		out[f.Rule] = append(out[f.Rule], subject)
	}
	return out
}

func TestQuietFormsAreNotRemarkable(t *testing.T) {
	t.Parallel()
	if got := found(honest(120)); len(got) > 0 {
		t.Errorf("%v", got)
	}
}

func TestEveryRuleFindsWhatWasPlantedAndNothingElse(t *testing.T) {
	t.Parallel()
	far, rough := 30.4, 80.0
	for rule, c := range map[string]struct {
		plant func(f []quality.Fact)
		want  []string
		also  []string // rules that the same fault sets off
	}{
		"duplicate_id":    {func(f []quality.Fact) { f[7].Marks["id"] = f[3].Marks["id"] }, []string{"s003", "s007"}, nil},
		"duplicate_photo": {func(f []quality.Fact) { f[7].Marks["photo"], f[8].Marks["photo"] = []string{"x"}, []string{"x"} }, []string{"s007", "s008"}, nil},
		"duplicate_signature": {func(f []quality.Fact) {
			f[7].Marks["signature"], f[8].Marks["signature"] = []string{"x"}, []string{"x"}
		}, []string{"s007", "s008"}, nil},
		"fast":     {func(f []quality.Fact) { f[5].End = f[5].Start.Add(9 * time.Minute) }, []string{"s005"}, []string{"duration"}},
		"duration": {func(f []quality.Fact) { f[119].End = f[119].Start.Add(9 * time.Hour) }, []string{"s119"}, nil},
		"night":    {func(f []quality.Fact) { f[5].Hour = 23 }, []string{"s005"}, nil},
		"clock": {func(f []quality.Fact) {
			f[5].End = f[5].Start.Add(-time.Minute)
			f[6].Ahead, f[7].Ahead = -301_000, 300_000
		}, []string{"s005", "s006"}, nil},
		"overlap": {func(f []quality.Fact) { f[5].Start = f[1].End.Add(-5 * time.Minute) }, []string{"s005"}, []string{"fast", "duration"}},
		"travel":  {func(f []quality.Fact) { f[5].Lat = &far }, []string{"s005", "s009"}, []string{"far"}},
		"straight": {func(f []quality.Fact) {
			f[5].Answers["b0"], f[5].Answers["b1"], f[5].Answers["b2"], f[5].Answers["b3"] = "2", "2", "2", "2"
		}, []string{"s005"}, nil},
		"similar": {func(f []quality.Fact) {
			for k, v := range f[5].Picks {
				f[9].Picks[k] = v
			}
		}, []string{"s005", "s009"}, nil},
		"outlier": {func(f []quality.Fact) { f[5].Answers["income"] = "9000001" }, []string{"s005"}, nil},
		"digits": {func(f []quality.Fact) {
			for i := 2; i < len(f); i += 4 {
				f[i].Answers["income"] = f[i].Answers["income"][:3] + "0"
			}
		}, []string{"t2"}, []string{"outlier"}},
		"effect": {func(f []quality.Fact) {
			for i := 2; i < len(f); i += 4 {
				f[i].Answers["approve"] = fmt.Sprint(1 + i/4%2)
			}
		}, []string{"t2"}, nil},
		"dont_know": {func(f []quality.Fact) { f[5].DontKnow = 5 }, []string{"s005"}, nil},
		"dont_know_team": {func(f []quality.Fact) {
			for i := 2; i < len(f); i += 4 {
				f[i].DontKnow = 3
			}
		}, []string{"t2"}, []string{"dont_know"}},
		"far":        {func(f []quality.Fact) { f[5].Lat = &far }, []string{"s005"}, []string{"travel"}},
		"inaccurate": {func(f []quality.Fact) { f[5].Accuracy = &rough }, []string{"s005"}, nil},
		"mocked":     {func(f []quality.Fact) { f[5].Oddities = map[string]int{"rounded": 1, "same": 2} }, []string{"s005"}, nil},
		"near":       {func(f []quality.Fact) { f[5].Lat, f[5].Lon = f[9].Lat, f[9].Lon }, []string{"s005", "s009"}, nil},
		"keyed": {func(f []quality.Fact) {
			for i := 2; i < len(f); i += 8 {
				f[i].Keyed = true
			}
		}, []string{"t2"}, nil},
	} {
		t.Run(rule, func(t *testing.T) {
			t.Parallel()
			facts := honest(120)
			c.plant(facts)
			got := found(facts)
			if d := cmp.Diff(c.want, got[rule]); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
			for r := range got {
				if r != rule && !slices.Contains(c.also, r) {
					t.Errorf("also %s: %v", r, got[r])
				}
			}
		})
	}
}

func TestADwellingIsNearerThanAVillage(t *testing.T) {
	t.Parallel()
	deg := func(metres float64) float64 { return metres / measure.EarthRadius * 180 / math.Pi }
	for name, c := range map[string]struct {
		metres, accuracy float64
		known            bool
		want             string // figure and threshold
	}{
		"at home":                        {100, 10, true, ""},
		"in the next hamlet":             {650, 10, true, "640 500"},
		"perhaps at home":                {650, 200, true, ""},
		"where the dwelling is unknown":  {650, 10, false, ""},
		"in the next village":            {3200, 10, false, "3190 3000"},
		"in the next village by a tower": {3200, 900, false, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := honest(1)
			lat := 29.4 + deg(c.metres)
			f[0].Lat, f[0].Accuracy = &lat, &c.accuracy
			known := quality.Known{Villages: village}
			if c.known {
				known.Dwellings = map[string]measure.Place{"h000": {Lat: 29.4, Lon: 107.2}}
			}
			got := ""
			for _, x := range quality.Evaluate(f, rules, known, db.At(noon)) {
				if x.Rule == "far" {
					got = x.Figure + " " + x.Threshold
				}
			}
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestFormsOfOneHouseholdAreNoDuplicates(t *testing.T) {
	t.Parallel()
	facts := honest(120)
	facts[7].Marks["id"], facts[7].Household = facts[3].Marks["id"], facts[3].Household
	if got := found(facts); len(got) > 0 {
		t.Errorf("%v", got)
	}
}

func TestARuleThatIsOffFindsNothing(t *testing.T) {
	t.Parallel()
	facts := honest(120)
	facts[5].Hour = 23
	q := rules
	q.Off = []string{"night"}
	if got := quality.Evaluate(facts, q, quality.Known{Villages: village}, db.At(noon)); len(got) > 0 {
		t.Errorf("%+v", got)
	}
}

// One hand: two signatures of a team that look alike, and somebody who signs faster than anybody reads.
func TestOneHandThatSignsForManyIsFound(t *testing.T) {
	t.Parallel()
	facts := honest(120)
	for i := range facts {
		facts[i].Marks["signature"] = []string{facts[i].Submission}
	}
	team := func(i int) string { return facts[i].Team }
	same := 0
	for i := 1; i < len(facts) && same == 0; i++ {
		if team(i) == team(0) {
			same = i
		}
	}
	known := quality.Known{Villages: village, Inks: map[string]measure.Ink{
		"s000": {0xff00ff00ff00ff00, 1}, facts[same].Submission: {0xff00ff00ff00ff03, 1}, "s001": {0x00ff00ff00ff00ff, 9},
	}, Paces: []signature.Pace{{Account: "a", ByName: "张甲", Most: 9, Submissions: []string{"s004", "s005"}}}}
	var got []string
	for _, f := range quality.Evaluate(facts, rules, known, db.At(noon)) {
		got = append(got, f.Rule+" "+f.Submission+" "+f.Figure+"/"+f.Threshold+" "+strings.Join(f.Others, ","))
	}
	slices.Sort(got)
	want := []string{"alike_signature " + facts[same].Submission + " 2/8 s000", "alike_signature s000 2/8 " + facts[same].Submission, "hasty_signer  9/6 s004,s005"}
	slices.Sort(want)
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}
