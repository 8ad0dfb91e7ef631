package scheme

import (
	"fmt"
	"math/big"
)

// Part is one score that goes into a composite: a round (half-year, year), or a field of work (0.60 other targets, 0.40 poverty work).
type Part struct {
	Code          string   `json:"code"`
	Weight        Decimal  `json:"weight"`
	Score         Decimal  `json:"score"` // out of 100; "" is not there yet
	Exact         *big.Rat `json:"-"`     // of Score before it was rounded; nil: Score is all that is known
	Full          bool     `json:"full"`  // counts as 100: the unit's item got full marks in the evaluation above
	NotApplicable bool     `json:"not_applicable"`
}

// Composite is the weighted mean of parts. Final is nil while a part is missing.
type Composite struct {
	Final *big.Rat `json:"final,omitempty"`
	Score Decimal  `json:"score,omitempty"`
	Why   []Why    `json:"why"`
}

// Compose puts parts together and rounds once.
func Compose(parts []Part, rounding Rounding) (Composite, error) {
	sum, weights, missing := new(big.Rat), new(big.Rat), false
	var c Composite
	for _, p := range parts {
		w, err := p.Weight.Rat()
		if err != nil || w.Sign() <= 0 {
			return c, fmt.Errorf("part %s: weight %q", p.Code, p.Weight)
		}
		why := Why{What: "part", Figures: map[string]string{"part": p.Code, "weight": string(p.Weight), "score": string(p.Score)}}
		x := hundred
		switch {
		case p.NotApplicable:
			why.What = "part_not_applicable"
		case p.Full:
			why.What = "part_full"
		case p.Score == "":
			why.What, missing = "part_missing", true
		default:
			if x, err = p.Score.Rat(); err != nil {
				return c, fmt.Errorf("part %s: %w", p.Code, err)
			}
			if p.Exact != nil {
				x = p.Exact // nothing is rounded twice
			}
		}
		c.Why = append(c.Why, why)
		if !p.NotApplicable {
			weights.Add(weights, w)
			sum.Add(sum, new(big.Rat).Mul(w, x))
		}
	}
	if missing || weights.Sign() == 0 {
		return c, nil
	}
	c.Final = sum.Quo(sum, weights)
	c.Score = Round(c.Final, rounding.Places, rounding.Method)
	return c, nil
}
