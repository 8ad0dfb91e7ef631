package link_test

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"

	"ruhu/internal/match/link"
)

// fixtures is the folder of the shared fixtures; the test is skipped when it lacks the file.
func fixtures(t testing.TB, name string) string {
	t.Helper()
	dir := os.Getenv("RUHU_FIXTURES")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "..", "shared", "fixtures", "stats")
	}
	path := filepath.Join(dir, "match", name)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("no fixture %s (set RUHU_FIXTURES)", path)
	}
	return path
}

func fixtureJSON(t *testing.T, name string, into any) {
	t.Helper()
	raw, err := os.ReadFile(fixtures(t, name))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, into); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

func TestFixtureNamesAreCleanedForMatching(t *testing.T) {
	t.Parallel()
	var cases []struct {
		Raw, Note string
		Form      string `json:"match_form"`
	}
	fixtureJSON(t, "name_cases.json", &cases)
	if len(cases) == 0 {
		t.Fatal("no cases")
	}
	for _, c := range cases {
		if got := link.CleanName(c.Raw); got != c.Form {
			t.Errorf("%q (%s): %q, want %q", c.Raw, c.Note, got, c.Form)
		}
	}
}

func TestFixtureStringDistancesAreThoseOfStringdist(t *testing.T) {
	t.Parallel()
	var file struct {
		Pairs []struct {
			A, B        string
			Levenshtein int
			OSA         int
			Damerau     int `json:"damerau_levenshtein"`
			LCS         int `json:"lcs_distance"`
			Jaro        float64
			JaroWinkler float64 `json:"jaro_winkler_p0.1"`
		}
	}
	fixtureJSON(t, "string_cases.json", &file)
	if len(file.Pairs) == 0 {
		t.Fatal("no pairs")
	}
	for _, c := range file.Pairs {
		if l, o, d, s := link.Levenshtein(c.A, c.B), link.OSA(c.A, c.B), link.Damerau(c.A, c.B), link.LCSDistance(c.A, c.B); l != c.Levenshtein || o != c.OSA || d != c.Damerau || s != c.LCS {
			t.Errorf("%q %q: %d %d %d %d, want %d %d %d %d", c.A, c.B, l, o, d, s, c.Levenshtein, c.OSA, c.Damerau, c.LCS)
		}
		if j, w := link.Jaro(c.A, c.B), link.JaroWinkler(c.A, c.B, .1); math.Abs(j-c.Jaro) > 1e-12 || math.Abs(w-c.JaroWinkler) > 1e-12 {
			t.Errorf("%q %q: jaro %v, winkler %v, want %v, %v", c.A, c.B, j, w, c.Jaro, c.JaroWinkler)
		}
	}
}

func TestFixtureWeightsTermFrequenciesAndEM(t *testing.T) {
	t.Parallel()
	var file struct {
		Weights struct {
			Parameters struct {
				Prior  float64
				Fields map[string][][3]any
			}
			Results []struct {
				Pattern     []*string
				Weights     []float64
				Weight      float64 `json:"match_weight"`
				Probability float64 `json:"match_probability"`
			}
		}
		TF struct {
			U     float64 `json:"u_exact"`
			Cases []struct{ TF, Extra float64 }
		} `json:"term_frequency"`
		EM struct {
			Fields   int
			Patterns []struct {
				Pattern string
				N       float64
			} `json:"pattern_counts"`
			Start    struct{ M, U, Prior float64 }
			Estimate struct {
				M, U          []float64
				Prior         float64
				LogLikelihood float64 `json:"log_likelihood"`
				Tol           float64
			}
			Tolerance float64
		}
	}
	fixtureJSON(t, "fellegi_sunter_cases.json", &file)

	var p link.Parameters
	var names []map[string]link.Level
	p.Prior = file.Weights.Parameters.Prior
	for _, f := range []string{"id", "name", "birth", "village", "sex"} {
		var m, u []float64
		level := map[string]link.Level{}
		for i, l := range file.Weights.Parameters.Fields[f] {
			level[l[0].(string)] = link.Level(i)
			m, u = append(m, l[1].(float64)), append(u, l[2].(float64))
		}
		p.M, p.U, names = append(p.M, m), append(p.U, u), append(names, level)
	}
	if len(file.Weights.Results) == 0 {
		t.Fatal("no weights")
	}
	for _, r := range file.Weights.Results {
		sum := p.PriorWeight()
		for f, s := range r.Pattern {
			l := link.Missing
			if s != nil {
				l = names[f][*s]
			}
			w := p.Weight(f, l)
			sum += w
			if math.Abs(w-r.Weights[f]) > 1e-9 {
				t.Errorf("%v field %d: weight %v, want %v", r.Pattern, f, w, r.Weights[f])
			}
		}
		if math.Abs(sum-r.Weight) > 1e-9 || math.Abs(link.Probability(sum)-r.Probability) > 1e-9*r.Probability {
			t.Errorf("%v: weight %v probability %v, want %v %v", r.Pattern, sum, link.Probability(sum), r.Weight, r.Probability)
		}
	}
	for _, c := range file.TF.Cases {
		if got := link.TermWeight(file.TF.U, c.TF, c.TF/2); math.Abs(got-c.Extra) > 1e-9 {
			t.Errorf("tf %v: %v, want %v", c.TF, got, c.Extra)
		}
	}

	start := link.Parameters{Prior: file.EM.Start.Prior}
	for range file.EM.Fields {
		start.M = append(start.M, []float64{file.EM.Start.M, 1 - file.EM.Start.M})
		start.U = append(start.U, []float64{file.EM.Start.U, 1 - file.EM.Start.U})
	}
	var patterns []link.Pattern
	for _, c := range file.EM.Patterns {
		pt := link.Pattern{Count: c.N}
		for _, b := range c.Pattern { // 1 agrees: level 0
			pt.Levels = append(pt.Levels, link.Level('1'-b))
		}
		patterns = append(patterns, pt)
	}
	got, logL, _ := link.EM(patterns, start, link.EMOptions{Tol: file.EM.Estimate.Tol, Limit: 1000})
	tol := file.EM.Tolerance
	for f := range file.EM.Fields {
		if math.Abs(got.M[f][0]-file.EM.Estimate.M[f]) > tol || math.Abs(got.U[f][0]-file.EM.Estimate.U[f]) > tol {
			t.Errorf("field %d: m %v u %v, want %v %v", f, got.M[f][0], got.U[f][0], file.EM.Estimate.M[f], file.EM.Estimate.U[f])
		}
	}
	if math.Abs(got.Prior-file.EM.Estimate.Prior) > tol || math.Abs(logL-file.EM.Estimate.LogLikelihood) > tol {
		t.Errorf("prior %v logL %v, want %v %v", got.Prior, logL, file.EM.Estimate.Prior, file.EM.Estimate.LogLikelihood)
	}
}
