package layout

import (
	"embed"
	"encoding/json"
	"fmt"
	"strings"
)

//go:embed locale.json
var localeFile embed.FS

// locale holds every word that is printed but not part of a form: key → language → words.
var locale = func() map[string]map[string]string {
	b, err := localeFile.ReadFile("locale.json")
	if err != nil {
		panic(err) // embedded
	}
	var m map[string]map[string]string
	if err := json.Unmarshal(b, &m); err != nil {
		panic(fmt.Sprintf("layout/locale.json: %v", err)) // embedded, and a test reads it
	}
	return m
}()

// Word gives a word of the locale file in a language ("zh" or "en") with its parameters filled in: pairs of a name and a value.
func Word(lang, key string, kv ...any) string {
	s := locale[key][lang]
	if s == "" {
		s = locale[key]["zh"]
	}
	for i := 0; i+1 < len(kv); i += 2 {
		s = strings.ReplaceAll(s, "{"+fmt.Sprint(kv[i])+"}", fmt.Sprint(kv[i+1]))
	}
	return s
}

// namer knows how questions and their options are called.
type namer struct {
	lang  string
	names map[string]string            // path → "第4题", "“被访者”"
	marks map[string]map[string]string // path → value → "①"
}

func (n namer) word(key string, kv ...any) string { return Word(n.lang, key, kv...) }

// say puts a condition into words; "" when it cannot be said simply.
func (n namer) say(c *cond) string {
	if c == nil {
		return ""
	}
	switch c.op {
	case "and", "or":
		return n.joined(c)
	case "not":
		if k := c.kids[0]; k.op == "selected" || k.op == "=" {
			return n.single(k, "cond.not")
		}
		return ""
	case "true", "false":
		return ""
	}
	return n.single(c, "cond."+c.op)
}

func (n namer) single(c *cond, key string) string {
	q := n.names[c.path]
	if q == "" {
		return ""
	}
	if c.value == "" {
		switch c.op {
		case "!=":
			return n.word("cond.answered", "q", q)
		case "=":
			return n.word("cond.blank", "q", q)
		}
		return ""
	}
	v := c.value
	if marks := n.marks[c.path]; marks != nil {
		if v = marks[c.value]; v == "" {
			return ""
		}
	} else if key == "cond.=" {
		key = "cond.is"
	}
	return n.word(key, "q", q, "v", v)
}

// joined says the parts of an and or an or. “选①或②” is said once for one question; that a question is answered at all is not said
// beside what it must not be.
func (n namer) joined(c *cond) string {
	if s := n.oneOf(c); s != "" {
		return s
	}
	var parts []string
	for _, k := range c.kids {
		if c.op == "and" && k.op == "!=" && k.value == "" && mentions(c.kids, k) {
			continue
		}
		s := n.say(k)
		if s == "" {
			return ""
		}
		if (k.op == "and" || k.op == "or") && k.op != c.op && n.oneOf(k) == "" {
			s = n.word("cond.group", "c", s)
		}
		parts = append(parts, s)
	}
	return strings.Join(parts, n.word("cond."+c.op))
}

// mentions reports whether another part than k asks about the same question.
func mentions(kids []*cond, k *cond) bool {
	for _, o := range kids {
		if o != k && o.path == k.path {
			return true
		}
	}
	return false
}

// oneOf says an or of values of one question.
func (n namer) oneOf(c *cond) string {
	if c.op != "or" {
		return ""
	}
	path := c.kids[0].path
	var vs []string
	for _, k := range c.kids {
		mark := n.marks[path][k.value]
		if k.op != "=" && k.op != "selected" || k.path != path || mark == "" {
			return ""
		}
		vs = append(vs, mark)
	}
	if n.names[path] == "" {
		return ""
	}
	return n.word("cond.=", "q", n.names[path], "v", strings.Join(vs, n.word("cond.or")))
}
