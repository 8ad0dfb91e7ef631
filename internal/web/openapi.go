package web

import (
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Version is the version of the API in openapi.yaml. It is raised when a route or a type changes in a way that a client notices.
const Version = "1.0.0"

// obj is a YAML mapping that keeps its order.
type obj []pair

type pair struct {
	key string
	val any
}

// MarshalYAML implements yaml.Marshaler.
func (o obj) MarshalYAML() (any, error) {
	n := &yaml.Node{Kind: yaml.MappingNode}
	for _, p := range o {
		k, v := &yaml.Node{}, &yaml.Node{}
		if err := k.Encode(p.key); err != nil {
			return nil, err
		}
		if err := v.Encode(p.val); err != nil {
			return nil, err
		}
		n.Content = append(n.Content, k, v)
	}
	return n, nil
}

// OpenAPI writes api/openapi.yaml (OpenAPI 3.1) from the route table.
func OpenAPI(rows []Route) ([]byte, error) {
	s, err := shapesOf(rows)
	if err != nil {
		return nil, err
	}
	paths, order := map[string]obj{}, []string{}
	for _, r := range rows {
		op, err := s.operation(r)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", r.Pattern, err)
		}
		p := r.path()
		if _, ok := paths[p]; !ok {
			order = append(order, p)
		}
		paths[p] = append(paths[p], pair{strings.ToLower(r.method()), op})
	}
	all := obj{}
	for _, p := range order {
		all = append(all, pair{p, paths[p]})
	}
	schemas := obj{}
	for _, name := range slices.Sorted(maps.Keys(s.named)) {
		schemas = append(schemas, pair{name, bareSchema(s.named[name].anonymous())})
	}
	doc := obj{
		{"openapi", "3.1.0"},
		{"info", obj{{"title", "ruhu"}, {"version", Version}, {"description", "Household survey API. Made from the route table by `ruhu api openapi`; do not edit."}}},
		{"paths", all},
		{"components", obj{
			{"schemas", schemas},
			{"securitySchemes", obj{{"session", obj{{"type", "apiKey"}, {"in", "cookie"}, {"name", cookieName}}}, {"digest", obj{{"type", "http"}, {"scheme", "digest"}}}, {"basic", obj{{"type", "http"}, {"scheme", "basic"}}}}},
		}},
	}
	return yaml.Marshal(doc)
}

var pathParam = regexp.MustCompile(`\{(\w+)(?:\.\.\.)?\}`)

// security says what a request must bring: a session, or on OpenRosa's routes a key in the path or a digest or a password.
func security(r Route) []obj {
	switch {
	case !r.OpenRosa:
		return []obj{{{"session", []string{}}}}
	case strings.Contains(r.path(), "{token}"):
		return []obj{{}}
	}
	return []obj{{{"digest", []string{}}}, {{"basic", []string{}}}}
}

func (s *shapes) operation(r Route) (obj, error) {
	op := obj{{"summary", r.Summary}}
	if r.Action != "" {
		op = append(op, pair{"x-action", string(r.Action)}, pair{"security", security(r)})
	}
	var params []obj
	for _, m := range pathParam.FindAllStringSubmatch(r.path(), -1) {
		params = append(params, obj{{"name", m[1]}, {"in", "path"}, {"required", true}, {"schema", obj{{"type", "string"}}}})
	}
	for _, q := range r.Query {
		params = append(params, obj{{"name", q}, {"in", "query"}, {"schema", obj{{"type", "string"}}}})
	}
	if params != nil {
		op = append(op, pair{"parameters", params})
	}
	switch {
	case r.Raw != "":
		op = append(op, pair{"requestBody", obj{{"required", true}, {"content", obj{{r.Raw, obj{{"schema", obj{{"type", "string"}, {"format", "binary"}}}}}}}}})
	case r.Req != nil:
		sh, err := s.of(reflect.TypeOf(r.Req))
		if err != nil {
			return nil, err
		}
		op = append(op, pair{"requestBody", obj{{"required", true}, {"content", obj{{"application/json", obj{{"schema", schema(sh)}}}}}}})
	}
	ok, err := s.answer(r)
	if err != nil {
		return nil, err
	}
	problem := obj{{"description", "Problem"}, {"content", obj{{"application/problem+json", obj{{"schema", obj{{"$ref", "#/components/schemas/ProblemDetails"}}}}}}}}
	return append(op, pair{"responses", obj{ok, {"default", problem}}}), nil
}

func (s *shapes) answer(r Route) (pair, error) {
	switch {
	case r.Binary != "":
		return pair{"200", obj{{"description", "OK"}, {"content", obj{{r.Binary, obj{}}}}}}, nil
	case r.Res == nil:
		return pair{"204", obj{{"description", "Done"}}}, nil
	}
	sh, err := s.of(reflect.TypeOf(r.Res))
	return pair{"200", obj{{"description", "OK"}, {"content", obj{{"application/json", obj{{"schema", schema(sh)}}}}}}}, err
}

func schema(s *shape) obj {
	o := bareSchema(s)
	if !s.nullable {
		return o
	}
	return obj{{"oneOf", []obj{o, {{"type", "null"}}}}}
}

// anonymous is the shape written out where its name is declared.
func (s *shape) anonymous() *shape {
	c := *s
	c.name = ""
	return &c
}

func bareSchema(s *shape) obj {
	if s.name != "" {
		return obj{{"$ref", "#/components/schemas/" + s.name}}
	}
	switch s.kind {
	case "any":
		return obj{}
	case "array":
		return obj{{"type", "array"}, {"items", schema(s.elem)}}
	case "map":
		return obj{{"type", "object"}, {"additionalProperties", schema(s.elem)}}
	case "object":
		props, required := obj{}, []string{}
		for _, f := range s.fields {
			props = append(props, pair{f.name, schema(f.shape)})
			if !f.optional {
				required = append(required, f.name)
			}
		}
		return obj{{"type", "object"}, {"properties", props}, {"required", required}}
	}
	o := obj{{"type", s.kind}}
	if s.format != "" {
		o = append(o, pair{"format", s.format})
	}
	if s.enum != nil {
		o = append(o, pair{"enum", s.enum})
	}
	return o
}
