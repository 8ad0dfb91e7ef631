package measure

import (
	"fmt"
	"math"
	"sort"

	"ruhu/internal/stats"
)

// Twice is one household's two answers to a categorical item.
type Twice struct {
	First, Second string
	Weight        float64
	Stratum, PSU  string // for standard errors in a clustered sample
}

// Category is what a second interview says about one answer.
type Category struct {
	Code   string  `json:"code"`
	First  float64 `json:"first"` // weighted counts
	Second float64 `json:"second"`
	Both   float64 `json:"both"`
	GDR    float64 `json:"gdr"`    // gross difference rate: (n1 + n2 − 2·both)/n
	NDR    float64 `json:"ndr"`    // net difference rate, first − second
	NDRSE  float64 `json:"ndr_se"` // as if simple random
	IOI    float64 `json:"ioi"`    // index of inconsistency, percent
}

// Reinterview is what a second interview says about an item. IOI under 20 is low, 20 to 50 moderate, over 50 high; |NDR| under 0.01
// low, over 0.05 high (UN, US Census Bureau).
type Reinterview struct {
	N              float64
	Agreement, GDR float64
	IOI            float64 // aggregate: 100·(1 − observed)/(1 − expected) = 100·(1 − κ)
	Kappa          float64
	Categories     []Category
}

// Compare builds the table of first by second answers. Pairs with a blank are left out.
func Compare(pairs []Twice) Reinterview {
	var r Reinterview
	at := map[string]int{}
	var codes []string
	for _, p := range pairs {
		for _, c := range []string{p.First, p.Second} {
			if _, ok := at[c]; !ok && p.First != "" && p.Second != "" {
				at[c] = 0
				codes = append(codes, c)
			}
		}
	}
	sort.Slice(codes, func(i, j int) bool { return lessCode(codes[i], codes[j]) })
	for i, c := range codes {
		at[c] = i
		r.Categories = append(r.Categories, Category{Code: c})
	}
	same := 0.0
	for _, p := range pairs {
		if p.First == "" || p.Second == "" {
			continue
		}
		r.N += p.Weight
		r.Categories[at[p.First]].First += p.Weight
		r.Categories[at[p.Second]].Second += p.Weight
		if p.First == p.Second {
			r.Categories[at[p.First]].Both += p.Weight
			same += p.Weight
		}
	}
	r.Agreement = same / r.N
	r.GDR = 1 - r.Agreement
	chance := 0.0
	for i := range r.Categories {
		c := &r.Categories[i]
		p1, p2 := c.First/r.N, c.Second/r.N
		chance += p1 * p2
		c.GDR = (c.First + c.Second - 2*c.Both) / r.N
		c.NDR = (c.First - c.Second) / r.N
		c.NDRSE = math.Sqrt(max(0, c.GDR-c.NDR*c.NDR) / r.N)
		c.IOI = inconsistency(c.GDR, p1*(1-p2)+p2*(1-p1))
	}
	r.IOI = inconsistency(r.GDR, 1-chance)
	r.Kappa = 1 - r.IOI/100
	return r
}

// inconsistency is 0 where everybody gave the same answer both times.
func inconsistency(gross, expected float64) float64 {
	if gross == 0 {
		return 0
	}
	return 100 * gross / expected
}

// lessCode puts numbers in their order and before words.
func lessCode(a, b string) bool {
	x, okA := number(a)
	y, okB := number(b)
	if okA && okB {
		return x.Cmp(y) < 0
	}
	if okA != okB {
		return okA
	}
	return a < b
}

// CompareInSample gives gross and net difference rate of one answer with the standard errors of a stratified cluster sample.
func CompareInSample(pairs []Twice, code string) (gross, net stats.Figure, err error) {
	var rows []stats.Row
	var g, n []float64
	for _, p := range pairs {
		if p.First == "" || p.Second == "" {
			continue
		}
		rows = append(rows, stats.Row{Stratum: p.Stratum, PSU: p.PSU, Weight: p.Weight})
		d := 0.0
		if p.First == code {
			d++
		}
		if p.Second == code {
			d--
		}
		n, g = append(n, d), append(g, math.Abs(d))
	}
	design, err := stats.NewDesign(rows, stats.Options{})
	if err != nil {
		return gross, net, fmt.Errorf("reinterview sample: %w", err)
	}
	return design.Mean(g, nil), design.Mean(n, nil), nil
}

// IOIBand and NDRBand are the words for the two figures.
func IOIBand(ioi float64) string { return band(ioi, 20, 50) }

// NDRBand looks at the size alone.
func NDRBand(ndr float64) string { return band(math.Abs(ndr), 0.01, 0.05) }

func band(x, low, high float64) string {
	switch {
	case x < low:
		return "low"
	case x > high:
		return "high"
	}
	return "moderate"
}
