package xpath

import "strings"

func init() {
	strToBool2("selected", selected)
	register(2, 2, func(_ *compiler, _ *call, a []*prog) *prog {
		return stringProg(func(m *machine) string {
			i := a[1].num(m)
			if !(i >= 0) {
				return ""
			}
			tok := ""
			s := a[0].str(m)
			for k := 0; float64(k) <= i; k++ {
				if tok, s = nextToken(s); tok == "" {
					return ""
				}
			}
			return tok
		})
	}, "selected-at")
	register(1, 1, func(_ *compiler, _ *call, a []*prog) *prog {
		return numberProg(func(m *machine) float64 {
			n, tok, s := 0, "", a[0].str(m)
			for {
				if tok, s = nextToken(s); tok == "" {
					return float64(n)
				}
				n++
			}
		})
	}, "count-selected")
	register(2, 2, func(_ *compiler, x *call, a []*prog) *prog {
		return stringProg(func(m *machine) string {
			value := a[0].str(m)
			if value == "" || m.env.ChoiceName == nil {
				return ""
			}
			label, _ := m.env.ChoiceName(value, a[1].str(m), m.node)
			return label
		})
	}, "jr:choice-name")
}

// nextToken cuts the first of the white-space separated tokens off s; "" when
// there is none left.
func nextToken(s string) (tok, rest string) {
	i := 0
	for i < len(s) && isSpace(s[i]) {
		i++
	}
	j := i
	for j < len(s) && !isSpace(s[j]) {
		j++
	}
	return s[i:j], s[j:]
}

// selected tells whether value is one of the tokens of list. Nothing selected
// matches the blank value.
func selected(list, value string) bool {
	value = strings.Trim(value, xmlBlanks)
	if value == "" {
		tok, _ := nextToken(list)
		return tok == ""
	}
	for {
		var tok string
		if tok, list = nextToken(list); tok == "" {
			return false
		}
		if tok == value {
			return true
		}
	}
}
