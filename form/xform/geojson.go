package xform

import (
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"

	"ruhu/form/xpath"
)

var errGeoJSON = errors.New("not a GeoJSON FeatureCollection")

// readGeoJSON turns a FeatureCollection into items: the properties, the id and
// the geometry as a geopoint, geotrace or geoshape. Numbers are kept as written.
// The reader is a small one of its own because the phone's binary should not
// carry reflection for one rare kind of file.
func readGeoJSON(data []byte) (*xpath.Node, error) {
	p := &jsonParser{s: string(data)}
	v := p.value(0)
	top, ok := v.(*jsonObject)
	if p.bad || !ok || top.str("type") != "FeatureCollection" {
		return nil, errGeoJSON
	}
	features, ok := top.get("features").([]any)
	if !ok {
		return nil, errGeoJSON
	}
	doc, root := itemList()
	for _, x := range features {
		f, ok := x.(*jsonObject)
		if !ok {
			return nil, errGeoJSON
		}
		it := addItem(root)
		if g, ok := f.get("geometry").(*jsonObject); ok {
			leaf(it, "geometry", geometry(g))
		}
		if id := jsonText(f.get("id")); id != "" {
			leaf(it, "id", id)
		}
		if props, ok := f.get("properties").(*jsonObject); ok {
			for i, k := range props.keys {
				if k == "id" && f.get("id") != nil {
					continue
				}
				leaf(it, k, jsonText(props.vals[i]))
			}
		}
	}
	return doc, nil
}

// geometry writes coordinates as "lat lon 0 0", joined by ";".
func geometry(g *jsonObject) string {
	coords, ok := g.get("coordinates").([]any)
	if !ok {
		return ""
	}
	if g.str("type") == "Polygon" && len(coords) > 0 {
		coords, _ = coords[0].([]any)
	}
	if g.str("type") == "Point" {
		return point(coords)
	}
	pts := make([]string, 0, len(coords))
	for _, c := range coords {
		if xy, ok := c.([]any); ok {
			pts = append(pts, point(xy))
		}
	}
	return strings.Join(pts, "; ")
}

func point(xy []any) string {
	if len(xy) < 2 {
		return ""
	}
	return jsonText(xy[1]) + " " + jsonText(xy[0]) + " 0 0"
}

func jsonText(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case jsonNumber:
		return string(v)
	case bool:
		return strconv.FormatBool(v)
	}
	return ""
}

type jsonNumber string

type jsonObject struct {
	keys []string
	vals []any
}

func (o *jsonObject) get(k string) any {
	for i := range o.keys {
		if o.keys[i] == k {
			return o.vals[i]
		}
	}
	return nil
}

func (o *jsonObject) str(k string) string { s, _ := o.get(k).(string); return s }

type jsonParser struct {
	s   string
	i   int
	bad bool
}

func (p *jsonParser) space() {
	for p.i < len(p.s) && strings.IndexByte(" \t\r\n", p.s[p.i]) >= 0 {
		p.i++
	}
}

func (p *jsonParser) eat(c byte) bool {
	p.space()
	if p.i < len(p.s) && p.s[p.i] == c {
		p.i++
		return true
	}
	return false
}

func (p *jsonParser) value(depth int) any {
	p.space()
	if depth > 100 || p.i >= len(p.s) {
		p.bad = true
		return nil
	}
	switch c := p.s[p.i]; {
	case c == '{':
		return p.object(depth)
	case c == '[':
		p.i++
		out := []any{}
		for !p.bad && !p.eat(']') {
			if len(out) > 0 && !p.eat(',') {
				p.bad = true
			}
			out = append(out, p.value(depth+1))
		}
		return out
	case c == '"':
		return p.str()
	case strings.HasPrefix(p.s[p.i:], "true"):
		p.i += 4
		return true
	case strings.HasPrefix(p.s[p.i:], "false"):
		p.i += 5
		return false
	case strings.HasPrefix(p.s[p.i:], "null"):
		p.i += 4
		return nil
	}
	start := p.i
	for p.i < len(p.s) && strings.IndexByte("+-.eE0123456789", p.s[p.i]) >= 0 {
		p.i++
	}
	if start == p.i {
		p.bad = true
	}
	return jsonNumber(p.s[start:p.i])
}

func (p *jsonParser) object(depth int) any {
	p.i++
	o := &jsonObject{}
	for !p.bad && !p.eat('}') {
		if len(o.keys) > 0 && !p.eat(',') {
			p.bad = true
		}
		p.space()
		k := p.str()
		if !p.eat(':') {
			p.bad = true
		}
		o.keys = append(o.keys, k)
		o.vals = append(o.vals, p.value(depth+1))
	}
	return o
}

func (p *jsonParser) str() string {
	if !p.eat('"') {
		p.bad = true
		return ""
	}
	var b strings.Builder
	for p.i < len(p.s) {
		c := p.s[p.i]
		p.i++
		if c == '"' {
			return b.String()
		}
		if c != '\\' {
			b.WriteByte(c)
			continue
		}
		if p.i >= len(p.s) {
			break
		}
		c = p.s[p.i]
		p.i++
		switch c {
		case 'n':
			b.WriteByte('\n')
		case 't':
			b.WriteByte('\t')
		case 'r':
			b.WriteByte('\r')
		case 'b', 'f':
		case 'u':
			b.WriteRune(p.unicode())
		default:
			b.WriteByte(c)
		}
	}
	p.bad = true
	return ""
}

func (p *jsonParser) hex() rune {
	if p.i+4 > len(p.s) {
		p.bad = true
		return utf8.RuneError
	}
	n, err := strconv.ParseUint(p.s[p.i:p.i+4], 16, 32)
	p.i += 4
	if err != nil {
		p.bad = true
	}
	return rune(n)
}

func (p *jsonParser) unicode() rune {
	r := p.hex()
	if r >= 0xd800 && r < 0xdc00 && strings.HasPrefix(p.s[p.i:], `\u`) {
		p.i += 2
		return (r-0xd800)<<10 + (p.hex() - 0xdc00) + 0x10000
	}
	return r
}
