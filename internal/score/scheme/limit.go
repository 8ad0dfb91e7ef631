package scheme

import (
	"fmt"
	"math/big"
)

// Limit holds a figure against a bound: "< 2", ">= 90". The full value is compared (GB/T 8170, 全数值比较法) unless Rounded is set; then the
// figure is first rounded to the places that the bound is written with (修约值比较法).
type Limit struct {
	Op      string  `json:"op" yaml:"op" check:"required,one=<|<=|>|>="`
	Bound   Decimal `json:"bound" yaml:"bound" check:"required"`
	Rounded bool    `json:"rounded,omitempty" yaml:"rounded"`
}

// Met reports whether x keeps the limit.
func (l Limit) Met(x *big.Rat) (bool, error) {
	b, err := l.Bound.Rat()
	if err != nil {
		return false, err
	}
	if l.Rounded {
		if x, err = l.RoundedTo(x).Rat(); err != nil {
			return false, err
		}
	}
	switch c := x.Cmp(b); l.Op {
	case "<":
		return c < 0, nil
	case "<=":
		return c <= 0, nil
	case ">":
		return c > 0, nil
	case ">=":
		return c >= 0, nil
	}
	return false, fmt.Errorf("no comparison %q", l.Op)
}

// RoundedTo is x with the bound's places.
func (l Limit) RoundedTo(x *big.Rat) Decimal { return Round(x, l.Bound.places(), HalfEven) }

// Show prints x with so many places, or with as many more as it takes for the print not to contradict the verdict: 1.996 against "< 2" is
// never shown as 2.00.
func (l Limit) Show(x *big.Rat, places int) (Decimal, error) {
	met, err := l.Met(x)
	if err != nil || l.Rounded {
		return l.RoundedTo(x), err
	}
	for p := places; ; p++ {
		s := Round(x, p, HalfEven)
		r, err := s.Rat()
		if err != nil || p >= 30 {
			return s, err
		}
		if again, _ := l.Met(r); again == met {
			return s, nil
		}
	}
}
