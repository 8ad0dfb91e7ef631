package web

import (
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
)

// TypeScript writes web/packages/api/src/types.gen.ts: the JSON types of all routes, and the routes themselves.
func TypeScript(rows []Route) ([]byte, error) {
	s, err := shapesOf(rows)
	if err != nil {
		return nil, err
	}
	var b strings.Builder
	b.WriteString("// Made from the route table by `ruhu api ts`. Do not edit.\n")
	for _, name := range slices.Sorted(maps.Keys(s.named)) {
		if e := s.named[name].enum; e != nil {
			fmt.Fprintf(&b, "\nexport type %s =\n  | '%s'\n", name, strings.Join(e, "'\n  | '"))
			continue
		}
		fmt.Fprintf(&b, "\nexport interface %s {\n", name)
		for _, f := range s.named[name].fields {
			fmt.Fprintf(&b, "  %s%s: %s\n", key(f.name), optional(f.optional), ts(f.shape))
		}
		b.WriteString("}\n")
	}
	b.WriteString("\n/** Every route: what it is sent and what it answers. */\nexport interface Api {\n")
	for _, r := range rows {
		req, err := s.tsOf(r.Req)
		if err != nil {
			return nil, err
		}
		res, err := s.tsOf(r.Res)
		if err != nil {
			return nil, err
		}
		if r.Raw != "" {
			req = "Blob"
		}
		if r.Binary != "" {
			res = "Blob"
		}
		fmt.Fprintf(&b, "  '%s %s': { req: %s; res: %s }\n", r.method(), strings.TrimPrefix(r.path(), "/api/v1"), req, res)
	}
	b.WriteString("}\n")
	return []byte(b.String()), nil
}

func (s *shapes) tsOf(v any) (string, error) {
	if v == nil {
		return "undefined", nil
	}
	sh, err := s.of(reflect.TypeOf(v))
	if err != nil {
		return "", err
	}
	return ts(sh), nil
}

var plainKey = regexp.MustCompile(`^[A-Za-z_]\w*$`)

func key(s string) string {
	if plainKey.MatchString(s) {
		return s
	}
	return "'" + s + "'"
}

func optional(yes bool) string {
	if yes {
		return "?"
	}
	return ""
}

func ts(s *shape) string {
	out := bareTS(s)
	if s.nullable {
		out += " | null"
	}
	return out
}

func bareTS(s *shape) string {
	switch s.kind {
	case "string":
		if s.name != "" {
			return s.name
		}
		if len(s.enum) > 0 {
			return "'" + strings.Join(s.enum, "' | '") + "'"
		}
		return "string"
	case "integer", "number":
		return "number"
	case "boolean":
		return "boolean"
	case "array":
		e := ts(s.elem)
		if strings.Contains(e, "|") || strings.HasPrefix(e, "{") {
			return "(" + e + ")[]"
		}
		return e + "[]"
	case "map":
		return "Record<string, " + ts(s.elem) + ">"
	case "object":
		if s.name != "" {
			return s.name
		}
		parts := make([]string, len(s.fields))
		for i, f := range s.fields {
			parts[i] = key(f.name) + optional(f.optional) + ": " + ts(f.shape)
		}
		return "{ " + strings.Join(parts, "; ") + " }"
	}
	return "unknown"
}
