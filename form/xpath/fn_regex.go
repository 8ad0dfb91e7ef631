package xpath

import (
	"regexp"
	"strings"
	"sync/atomic"
)

// makeRegex compiles regex(value, pattern): whether the pattern is found
// anywhere in the value, as the specification has it ("'[0-9]+' becomes
// /[0-9]+/"); an author who means the whole value writes ^ and $.
//
// Patterns are Go's (RE2): matching takes linear time whatever the pattern,
// at the price of look-around and back-references, which are refused.
func makeRegex(c *compiler, x *call, a []*prog) *prog {
	if a[1].lit != nil {
		re, err := compilePattern(a[1].lit.String())
		if err != nil {
			return c.fault(x, x.args[1].offset(), "the pattern cannot be used: %s", patternProblem(err))
		}
		return boolProg(func(m *machine) bool { return re.MatchString(a[0].str(m)) })
	}
	var last atomic.Pointer[pattern]
	return boolProg(func(m *machine) bool {
		s, src := a[0].str(m), a[1].str(m)
		p := last.Load()
		if p == nil || p.src != src {
			re, err := compilePattern(src)
			if err != nil {
				m.fail(x, "the pattern cannot be used: "+patternProblem(err), nil)
				return false
			}
			p = &pattern{src, re}
			last.Store(p)
		}
		return p.re.MatchString(s)
	})
}

type pattern struct {
	src string
	re  *regexp.Regexp
}

func patternProblem(err error) string {
	return strings.TrimPrefix(err.Error(), "error parsing regexp: ")
}

// compilePattern writes ECMAScript's \uXXXX the way Go has it.
func compilePattern(src string) (*regexp.Regexp, error) {
	var b strings.Builder
	for i := 0; i < len(src); i++ {
		if src[i] != '\\' || i+1 == len(src) {
			b.WriteByte(src[i])
			continue
		}
		i++
		if src[i] == 'u' && i+4 < len(src) && strings.Trim(src[i+1:i+5], "0123456789abcdefABCDEF") == "" {
			b.WriteString(`\x{` + src[i+1:i+5] + `}`)
			i += 4
			continue
		}
		b.WriteByte('\\')
		b.WriteByte(src[i])
	}
	return regexp.Compile(b.String())
}
