package web

import (
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"

	"ruhu/internal/authz"
	"ruhu/internal/db"
)

// shape is a JSON type, read from a Go type. openapi.yaml and types.gen.ts are written from the same shapes.
type shape struct {
	kind     string // string integer number boolean array map object any
	format   string // "date-time", "date" of strings
	enum     []string
	elem     *shape // of array and map
	name     string // of an object or an enumeration that has one
	fields   []field
	nullable bool
}

type field struct {
	name     string
	shape    *shape
	optional bool
}

// shapes collects the named objects.
type shapes struct {
	byType map[reflect.Type]*shape
	named  map[string]*shape
}

// Types that write their own JSON.
var known = map[reflect.Type]shape{
	reflect.TypeFor[db.Time]():         {kind: "string", format: "date-time"},
	reflect.TypeFor[time.Time]():       {kind: "string", format: "date-time"},
	reflect.TypeFor[db.Date]():         {kind: "string", format: "date"},
	reflect.TypeFor[json.RawMessage](): {kind: "any"},
	reflect.TypeFor[authz.Role]():      {kind: "string", name: "Role", enum: words(authz.Roles())},
	reflect.TypeFor[authz.Action]():    {kind: "string", name: "Action", enum: words(authz.Actions())},
}

func words[T ~string](vs []T) []string {
	out := make([]string, len(vs))
	for i, v := range vs {
		out[i] = string(v)
	}
	return out
}

// shapesOf reads every type that the rows mention, in their order, so that names come out the same each time.
func shapesOf(rows []Route) (*shapes, error) {
	s := &shapes{byType: map[reflect.Type]*shape{}, named: map[string]*shape{}}
	all := []any{ProblemDetails{}}
	for _, r := range rows {
		all = append(all, r.Req, r.Res)
	}
	types := map[reflect.Type]bool{}
	for _, v := range all {
		if v != nil {
			collect(reflect.TypeOf(v), types)
		}
	}
	s.nameAll(types)
	for _, v := range all {
		if v == nil {
			continue
		}
		if _, err := s.of(reflect.TypeOf(v)); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// collect finds every struct type below t.
func collect(t reflect.Type, into map[reflect.Type]bool) {
	if _, ok := known[t]; ok || into[t] {
		return
	}
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map:
		collect(t.Elem(), into)
	case reflect.Struct:
		into[t] = true
		for i := range t.NumField() {
			if f := t.Field(i); f.IsExported() && f.Tag.Get("json") != "-" {
				collect(f.Type, into)
			}
		}
	}
}

// general are names that say nothing without their package.
var general = []string{"Input", "Row", "Detail", "Record", "Entry", "Report", "Change", "Event", "Page", "List", "View", "Item", "Form", "Edit"}

// nameAll gives each type a name: its own; with the package in front when the name is general or two types share it.
func (s *shapes) nameAll(types map[reflect.Type]bool) {
	short := map[string]int{}
	for t := range types {
		short[bareName(t)]++
	}
	for t := range types {
		n := bareName(t)
		if n == "" {
			continue
		}
		if short[n] > 1 || slices.Contains(general, n) {
			n = long(t.PkgPath(), n)
		}
		n = upper(n)
		s.byType[t] = &shape{kind: "object", name: n}
	}
}

var generic = regexp.MustCompile(`^(\w+)\[(.*)\]$`)

// bareName is the type's name without packages: List[ruhu/internal/account.Account] is AccountList.
func bareName(t reflect.Type) string {
	m := generic.FindStringSubmatch(t.Name())
	if m == nil {
		return t.Name()
	}
	path, arg := "", m[2]
	if i := strings.LastIndexByte(arg, '.'); i >= 0 {
		path, arg = arg[:i], arg[i+1:]
	}
	if slices.Contains(general, arg) {
		arg = long(path, arg)
	}
	return upper(arg) + m[1]
}

// long puts the last word of the package's path in front of a name.
func long(path, name string) string {
	return upper(path[strings.LastIndexByte(path, '/')+1:]) + upper(name)
}

func upper(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

func (s *shapes) of(t reflect.Type) (*shape, error) {
	if k, ok := known[t]; ok {
		if k.name != "" {
			s.named[k.name] = &k
		}
		return &k, nil
	}
	switch t.Kind() {
	case reflect.Pointer:
		e, err := s.of(t.Elem())
		if err != nil {
			return nil, err
		}
		c := *e
		c.nullable = true
		return &c, nil
	case reflect.String:
		return &shape{kind: "string"}, nil
	case reflect.Bool:
		return &shape{kind: "boolean"}, nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uint:
		return &shape{kind: "integer"}, nil
	case reflect.Float32, reflect.Float64:
		return &shape{kind: "number"}, nil
	case reflect.Interface:
		return &shape{kind: "any"}, nil
	case reflect.Slice, reflect.Array:
		if t.Elem().Kind() == reflect.Uint8 {
			return &shape{kind: "string", format: "byte"}, nil
		}
		return s.elem("array", t)
	case reflect.Map:
		if t.Key().Kind() != reflect.String {
			return nil, fmt.Errorf("schema: %s: keys of JSON maps are strings", t)
		}
		return s.elem("map", t)
	case reflect.Struct:
		return s.object(t)
	}
	return nil, fmt.Errorf("schema: %s has no JSON form", t)
}

func (s *shapes) elem(kind string, t reflect.Type) (*shape, error) {
	e, err := s.of(t.Elem())
	return &shape{kind: kind, elem: e}, err
}

var marshaler = reflect.TypeFor[json.Marshaler]()

func (s *shapes) object(t reflect.Type) (*shape, error) {
	if t.Implements(marshaler) || reflect.PointerTo(t).Implements(marshaler) {
		return nil, fmt.Errorf("schema: %s writes its own JSON; say how in schema.go", t)
	}
	sh, seen := s.byType[t]
	if !seen {
		sh = &shape{kind: "object"}
	}
	if sh.name != "" {
		if s.named[sh.name] != nil {
			return sh, nil
		}
		s.named[sh.name] = sh
	}
	var err error
	sh.fields, err = s.fields(t)
	return sh, err
}

func (s *shapes) fields(t reflect.Type) ([]field, error) {
	var out []field
	for i := range t.NumField() {
		f := t.Field(i)
		tag, opts, _ := strings.Cut(f.Tag.Get("json"), ",")
		if tag == "-" || (!f.IsExported() && !f.Anonymous) {
			continue
		}
		if f.Anonymous && tag == "" && f.Type.Kind() == reflect.Struct {
			inner, err := s.fields(f.Type)
			if err != nil {
				return nil, err
			}
			out = append(out, inner...)
			continue
		}
		if tag == "" {
			return nil, fmt.Errorf("schema: %s.%s has no json tag", t, f.Name)
		}
		sh, err := s.of(f.Type)
		if err != nil {
			return nil, fmt.Errorf("%s.%s: %w", t, f.Name, err)
		}
		out = append(out, field{tag, sh, strings.Contains(opts, "omitempty") || strings.Contains(opts, "omitzero")})
	}
	// A field of the outer struct hides one of the same name further in.
	for i := len(out) - 1; i >= 0; i-- {
		for j := range out[:i] {
			if out[j].name == out[i].name {
				out = slices.Delete(out, j, j+1)
				i--
				break
			}
		}
	}
	return out, nil
}
