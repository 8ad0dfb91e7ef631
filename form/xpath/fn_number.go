package xpath

import "math"

var nan = math.NaN()

func init() {
	register(0, 1, func(_ *compiler, _ *call, a []*prog) *prog {
		return numberProg(orSelf(a).num)
	}, "number")
	num1("int", math.Trunc)
	num1("abs", math.Abs)
	num1("floor", math.Floor)
	num1("ceiling", math.Ceil)
	num1("sqrt", math.Sqrt)
	num1("exp", math.Exp)
	num1("exp10", func(f float64) float64 { return math.Pow(10, f) })
	num1("log", math.Log)
	num1("log10", math.Log10)
	num1("sin", math.Sin)
	num1("cos", math.Cos)
	num1("tan", math.Tan)
	num1("asin", math.Asin)
	num1("acos", math.Acos)
	num1("atan", math.Atan)
	num2("atan2", math.Atan2)
	num2("pow", math.Pow)
	register(0, 0, func(*compiler, *call, []*prog) *prog { return constant(Number(math.Pi)) }, "pi")
	register(1, 2, makeRound, "round")
	register(1, 1, func(c *compiler, x *call, a []*prog) *prog {
		c.wantSet(x, 0, a)
		return numberProg(func(m *machine) float64 {
			sum := 0.0
			m.eachNumber(a, func(f float64) { sum += f })
			return sum
		})
	}, "sum")
	register(0, -1, extreme(func(a, b float64) bool { return a < b }), "min")
	register(0, -1, extreme(func(a, b float64) bool { return a > b }), "max")
}

// extreme compiles min and max over the values of all arguments: NaN when there
// is none or one of them is not a number.
func extreme(better func(a, b float64) bool) func(*compiler, *call, []*prog) *prog {
	return func(_ *compiler, _ *call, a []*prog) *prog {
		return numberProg(func(m *machine) float64 {
			best, n := nan, 0
			m.eachNumber(a, func(f float64) {
				if n == 0 || f != f || best == best && better(f, best) {
					best = f
				}
				n++
			})
			return best
		})
	}
}

// makeRound compiles round(x), halves up as in XPath 1.0, and round(x, digits),
// halves away from zero on the decimal digits as written, digits may be
// negative.
func makeRound(_ *compiler, _ *call, a []*prog) *prog {
	if len(a) == 1 {
		return numberProg(func(m *machine) float64 { return roundHalfUp(a[0].num(m)) })
	}
	return numberProg(func(m *machine) float64 {
		f, d := a[0].num(m), math.Trunc(a[1].num(m))
		if f != f || math.IsInf(f, 0) || d != d {
			return f
		}
		return roundTo(f, int(math.Max(-400, math.Min(d, 400))))
	})
}

func roundTo(f float64, digits int) float64 {
	if digits > 17 {
		return f
	}
	if digits < 0 {
		p := math.Pow(10, float64(-digits))
		return math.Round(f/p) * p
	}
	p := math.Pow(10, float64(digits))
	return math.Round(f*p) / p
}
