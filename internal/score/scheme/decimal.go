package scheme

import (
	"fmt"
	"math/big"
	"regexp"
	"strings"
)

// Decimal is a number as it is written: "0.20", "-1.5". "" is 'not said'. It is compared and computed as an exact fraction.
type Decimal string

var decimalRE = regexp.MustCompile(`^[+-]?[0-9]{1,30}(\.[0-9]{1,30})?$`)

// Rat is the exact value. It fails for what is no plain decimal, "" included: exponents and fractions are refused.
func (d Decimal) Rat() (*big.Rat, error) {
	if !decimalRE.MatchString(string(d)) {
		return nil, fmt.Errorf("not a decimal: %q", string(d))
	}
	r, _ := new(big.Rat).SetString(string(d))
	return r, nil
}

// Valid reports whether Rat succeeds.
func (d Decimal) Valid() bool { return decimalRE.MatchString(string(d)) }

// or is the exact value, or that of the default where nothing valid is said.
func (d Decimal) or(def Decimal) *big.Rat {
	r, err := d.Rat()
	if err != nil {
		r, _ = new(big.Rat).SetString(string(def))
	}
	return r
}

// places is the number of digits after the point as written.
func (d Decimal) places() int {
	if _, after, ok := strings.Cut(string(d), "."); ok {
		return len(after)
	}
	return 0
}

// Method says what happens to a half.
type Method string

const (
	HalfEven Method = "half_even" // 四舍六入五成双, GB/T 8170
	HalfUp   Method = "half_up"   // 四舍五入, away from zero
)

// Rounding is how a final score is rounded, once.
type Rounding struct {
	Method Method `json:"method,omitempty" yaml:"method" check:"one=half_even|half_up"` // "" is half_even
	Places int    `json:"places" yaml:"places" check:"min=0,max=6"`
}

// Round rounds to so many places: the printed form, with all of its places.
func Round(x *big.Rat, places int, m Method) Decimal {
	n := whole(new(big.Rat).Mul(x, new(big.Rat).SetInt(pow10(places))), m)
	return printed(n, places)
}

// RoundToUnit rounds to a multiple of unit (0.5, 0.2, 20): the standard's half and fifth unit rounding.
func RoundToUnit(x, unit *big.Rat, m Method) *big.Rat {
	n := whole(new(big.Rat).Quo(x, unit), m)
	return new(big.Rat).Mul(new(big.Rat).SetInt(n), unit)
}

// whole rounds to a whole number, by absolute value.
func whole(x *big.Rat, m Method) *big.Int {
	n, rest := new(big.Int).QuoRem(new(big.Int).Abs(x.Num()), x.Denom(), new(big.Int))
	switch rest.Lsh(rest, 1).Cmp(x.Denom()) {
	case 1:
		n.Add(n, big.NewInt(1))
	case 0:
		if m == HalfUp || n.Bit(0) == 1 {
			n.Add(n, big.NewInt(1))
		}
	}
	if x.Sign() < 0 {
		n.Neg(n)
	}
	return n
}

func pow10(n int) *big.Int { return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil) }

// printed writes n / 10^places.
func printed(n *big.Int, places int) Decimal {
	s := new(big.Int).Abs(n).String()
	if len(s) <= places {
		s = strings.Repeat("0", places-len(s)+1) + s
	}
	if places > 0 {
		s = s[:len(s)-places] + "." + s[len(s)-places:]
	}
	if n.Sign() < 0 {
		s = "-" + s
	}
	return Decimal(s)
}

// truncated drops digits, towards zero.
func truncated(x *big.Rat, places int) *big.Rat {
	p := pow10(places)
	n := new(big.Rat).Mul(x, new(big.Rat).SetInt(p))
	return new(big.Rat).SetFrac(new(big.Int).Quo(n.Num(), n.Denom()), p)
}

// Text writes a number for people: all of its digits if there are at most six after the point, else six.
func Text(x *big.Rat) string {
	s := string(Round(x, 6, HalfEven))
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
}
