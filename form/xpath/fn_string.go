package xpath

import (
	"math"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

func init() {
	register(0, 1, func(_ *compiler, _ *call, a []*prog) *prog {
		p := orSelf(a)
		if p.date {
			return p
		}
		return stringProg(p.str)
	}, "string")
	register(0, -1, func(_ *compiler, _ *call, a []*prog) *prog {
		return stringProg(func(m *machine) string { return m.join(a, "") })
	}, "concat")
	register(1, -1, func(_ *compiler, _ *call, a []*prog) *prog {
		return stringProg(func(m *machine) string { return m.join(a[1:], a[0].str(m)) })
	}, "join")
	strToBool2("contains", strings.Contains)
	strToBool2("starts-with", strings.HasPrefix)
	strToBool2("ends-with", strings.HasSuffix)
	strToStr2("substring-before", func(s, sep string) string {
		before, _, ok := strings.Cut(s, sep)
		if !ok {
			return ""
		}
		return before
	})
	strToStr2("substring-after", func(s, sep string) string {
		_, after, _ := strings.Cut(s, sep)
		return after
	})
	register(2, 3, makeSubstr, "substr")
	register(2, 3, makeSubstring, "substring")
	register(0, 1, func(_ *compiler, _ *call, a []*prog) *prog {
		s := orSelf(a)
		return numberProg(func(m *machine) float64 { return float64(utf16Len(s.str(m))) })
	}, "string-length")
	register(0, 1, func(_ *compiler, _ *call, a []*prog) *prog {
		s := orSelf(a)
		return stringProg(func(m *machine) string { return normalizeSpace(s.str(m)) })
	}, "normalize-space")
	register(3, 3, func(_ *compiler, _ *call, a []*prog) *prog {
		return stringProg(func(m *machine) string { return translate(a[0].str(m), a[1].str(m), a[2].str(m)) })
	}, "translate")
	register(1, 1, func(_ *compiler, _ *call, a []*prog) *prog {
		return stringProg(func(m *machine) string { return base64Decode(a[0].str(m)) })
	}, "base64-decode")
	register(2, 3, makeDigest, "digest")
	register(2, 2, makeRegex, "regex")
}

func (m *machine) join(args []*prog, sep string) string {
	var b strings.Builder
	first := true
	m.eachString(args, func(s string) bool {
		if !first {
			b.WriteString(sep)
		}
		first = false
		b.WriteString(s)
		return true
	})
	return b.String()
}

func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// utf16Len counts as every form engine does, in UTF-16 units: a Chinese
// character outside the basic plane counts as two.
func utf16Len(s string) int {
	n := 0
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n
}

// utf16Slice returns the units from lo (included) to hi (excluded). Half of a
// character outside the basic plane becomes U+FFFD: UTF-8 has no halves.
func utf16Slice(s string, lo, hi int) string {
	if isASCII(s) {
		lo, hi = clamp(lo, len(s)), clamp(hi, len(s))
		if lo >= hi {
			return ""
		}
		return s[lo:hi]
	}
	u := utf16.Encode([]rune(s))
	lo, hi = clamp(lo, len(u)), clamp(hi, len(u))
	if lo >= hi {
		return ""
	}
	return string(utf16.Decode(u[lo:hi]))
}

func clamp(i, n int) int { return max(0, min(i, n)) }

// makeSubstr compiles substr(s, start, end?): from 0, end excluded, negative
// positions count from the end.
func makeSubstr(_ *compiler, _ *call, a []*prog) *prog {
	return stringProg(func(m *machine) string {
		s := a[0].str(m)
		n := utf16Len(s)
		index := func(f float64) int {
			if f != f {
				return 0
			}
			if f < 0 {
				f += float64(n)
			}
			return int(math.Max(0, math.Min(math.Trunc(f), float64(n))))
		}
		lo, hi := index(a[1].num(m)), n
		if len(a) == 3 {
			hi = index(a[2].num(m))
		}
		return utf16Slice(s, lo, hi)
	})
}

// makeSubstring compiles substring(s, start, length?) of XPath 1.0: from 1,
// rounded, with NaN and infinities as the specification has them.
func makeSubstring(_ *compiler, _ *call, a []*prog) *prog {
	return stringProg(func(m *machine) string {
		s := a[0].str(m)
		start, end := roundHalfUp(a[1].num(m)), math.Inf(1)
		if len(a) == 3 {
			end = start + roundHalfUp(a[2].num(m))
		}
		n := float64(utf16Len(s))
		if !(start <= n) || !(end > 1) { // also NaN
			return ""
		}
		return utf16Slice(s, int(math.Max(start, 1))-1, int(math.Min(end, n+1))-1)
	})
}

func roundHalfUp(f float64) float64 {
	if f == 0 || math.IsNaN(f) || math.IsInf(f, 0) || math.Abs(f) > 1<<52 {
		return f
	}
	return math.Floor(f + 0.5)
}

func normalizeSpace(s string) string {
	clean := true
	for i := 0; i < len(s) && clean; i++ {
		clean = !isSpace(s[i]) || s[i] == ' ' && i > 0 && i < len(s)-1 && s[i-1] != ' '
	}
	if clean {
		return s
	}
	// strings.Fields would also take the ideographic space, which XML keeps.
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r < 0x80 && isSpace(byte(r)) }), " ")
}

func translate(s, from, to string) string {
	f, t := []rune(from), []rune(to)
	table := make(map[rune]rune, len(f))
	for i, r := range f {
		if _, dup := table[r]; dup {
			continue
		}
		if i < len(t) {
			table[r] = t[i]
		} else {
			table[r] = -1
		}
	}
	return strings.Map(func(r rune) rune {
		if x, ok := table[r]; ok {
			return x
		}
		return r
	}, s)
}
