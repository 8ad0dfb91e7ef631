package xpath

import (
	"crypto/sha256"
	"encoding/binary"
	"math"
	"strings"
)

func init() {
	register(0, 0, func(_ *compiler, x *call, _ []*prog) *prog {
		return numberProg(func(m *machine) float64 { return m.rand(x) })
	}, "random")
	register(0, 1, makeUUID, "uuid")
	register(1, 2, makeRandomize, "randomize")
}

func (m *machine) rand(x *call) float64 {
	if m.env.Rand == nil {
		m.fail(x, "there are no random numbers here", nil)
		return 0
	}
	return m.env.Rand()
}

const alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

// makeUUID compiles uuid(), a random UUID of version 4, and uuid(n), n random
// letters and digits.
func makeUUID(_ *compiler, x *call, a []*prog) *prog {
	return stringProg(func(m *machine) string {
		var b strings.Builder
		if len(a) == 1 {
			n := a[0].num(m)
			if !(n >= 0) || n > 10_000 {
				m.fail(x, "the length must be between 0 and 10000", nil)
				return ""
			}
			for i := 0; i < int(n); i++ {
				b.WriteByte(alphanumeric[int(m.rand(x)*float64(len(alphanumeric)))])
			}
			return b.String()
		}
		for i := 0; i < 36; i++ {
			digit := int(m.rand(x) * 16)
			switch i {
			case 8, 13, 18, 23:
				b.WriteByte('-')
				continue
			case 14:
				digit = 4
			case 19:
				digit = digit&3 | 8
			}
			b.WriteByte("0123456789abcdef"[digit])
		}
		return b.String()
	})
}

// makeRandomize compiles randomize(nodes, seed?): the nodes in another order.
// With a seed the order is the same on every engine: the inside-out shuffle of
// Fisher and Yates, driven by the generator of Park and Miller.
func makeRandomize(c *compiler, x *call, a []*prog) *prog {
	c.wantSet(x, 0, a)
	return setProg(func(m *machine) []*Node {
		next := func() float64 { return m.rand(x) }
		if len(a) == 2 {
			next = parkMiller(m.seed(a[1]))
		}
		mark := m.mark()
		m.gather(a[0])
		ns := append([]*Node(nil), m.since(mark)...)
		out := m.since(mark)
		for i, n := range ns {
			j := int(math.Floor(next() * float64(i+1)))
			out[i] = out[j]
			out[j] = n
		}
		return out
	}, nil)
}

// seed makes an integer of the seed argument: numbers are truncated, NaN and
// blank are 0, and other text is hashed.
func (m *machine) seed(p *prog) int64 {
	mark := m.mark()
	defer m.release(mark)
	v := p.val(m)
	f := m.number(v)
	if f != f {
		s := m.text(v)
		if v.typ == TypeNumber || s == "" || s == "NaN" {
			return 0
		}
		h := sha256.Sum256([]byte(s))
		return int64(binary.BigEndian.Uint64(h[:8]))
	}
	switch {
	case f >= math.MaxInt64:
		return math.MaxInt64
	case f <= math.MinInt64:
		return math.MinInt64
	}
	return int64(f)
}

// parkMiller is the minimal standard generator: x ← 16807·x mod 2³¹−1.
func parkMiller(seed int64) func() float64 {
	const modulus = 1<<31 - 1
	x := seed % modulus
	if x <= 0 {
		x += modulus - 1
	}
	return func() float64 {
		x = x * 16807 % modulus
		return float64(x-1) / (modulus - 1)
	}
}
