package playbook

import (
	"math"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"ruhu/form/xlsform"
)

// decoder fills a typed value from YAML nodes and notes every mistake with its line and key. It knows the struct tag
// check: required, code (a lower-case identifier), one=a|b (allowed words), min=, max=.
type decoder struct {
	file     string
	mistakes []Mistake
	lines    map[string]int // key → line, for checks after decoding
}

func (d *decoder) mistake(line int, key, code string, kv ...string) *Mistake {
	d.mistakes = append(d.mistakes, Mistake{File: d.file, Line: line, Key: key, Code: code, Message: message(code, kv...)})
	return &d.mistakes[len(d.mistakes)-1]
}

func (m *Mistake) meant(got string, known []string) {
	if best := xlsform.Nearest(got, known); best != "" {
		m.Hint = message("playbook.did_you_mean", "name", best)
	}
}

var dateType = reflect.TypeFor[Date]()

func (d *decoder) value(n *yaml.Node, v reflect.Value, key, check string) {
	for n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	d.lines[key] = n.Line
	if n.Kind == yaml.ScalarNode && n.Tag == "!!null" {
		if hasCheck(check, "required") {
			d.mistake(n.Line, key, "playbook.empty")
		}
		return
	}
	switch {
	case v.Type() == dateType:
		d.date(n, v, key)
	case v.Kind() == reflect.Struct:
		d.structure(n, v, key)
	case v.Kind() == reflect.Slice:
		d.slice(n, v, key, check)
	default:
		d.scalar(n, v, key, check)
	}
}

func (d *decoder) structure(n *yaml.Node, v reflect.Value, key string) {
	if n.Kind != yaml.MappingNode {
		d.mistake(n.Line, key, "playbook.want_map")
		return
	}
	fields := map[string]int{}
	var known []string
	for i := range v.NumField() {
		if name := v.Type().Field(i).Tag.Get("yaml"); name != "-" && name != "" {
			fields[name] = i
			known = append(known, name)
		}
	}
	seen := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, val := n.Content[i], n.Content[i+1]
		at := join(key, k.Value)
		f, ok := fields[k.Value]
		switch {
		case !ok:
			d.mistake(k.Line, at, "playbook.unknown_key").meant(k.Value, known)
		case seen[k.Value] > 0:
			d.mistake(k.Line, at, "playbook.same_key", "line", strconv.Itoa(seen[k.Value]))
		default:
			seen[k.Value] = k.Line
			d.value(val, v.Field(f), at, v.Type().Field(f).Tag.Get("check"))
		}
	}
	for _, name := range known {
		if seen[name] == 0 && hasCheck(v.Type().Field(fields[name]).Tag.Get("check"), "required") {
			d.mistake(n.Line, key, "playbook.missing_key", "name", name)
		}
	}
}

func (d *decoder) slice(n *yaml.Node, v reflect.Value, key, check string) {
	if n.Kind != yaml.SequenceNode {
		d.mistake(n.Line, key, "playbook.want_list")
		return
	}
	if len(n.Content) == 0 && hasCheck(check, "required") {
		d.mistake(n.Line, key, "playbook.empty")
	}
	out := reflect.MakeSlice(v.Type(), len(n.Content), len(n.Content))
	for i, item := range n.Content {
		d.value(item, out.Index(i), key+"["+strconv.Itoa(i)+"]", check)
	}
	v.Set(out)
}

func (d *decoder) date(n *yaml.Node, v reflect.Value, key string) {
	t, err := time.Parse(time.DateOnly, n.Value)
	if n.Kind != yaml.ScalarNode || err != nil {
		d.mistake(n.Line, key, "playbook.want_date", "got", n.Value)
		return
	}
	v.Set(reflect.ValueOf(Date{t}))
}

func (d *decoder) scalar(n *yaml.Node, v reflect.Value, key, check string) {
	if n.Kind != yaml.ScalarNode {
		d.mistake(n.Line, key, "playbook.want_text")
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(n.Value)
		d.word(n, key, check)
	case reflect.Bool:
		b, err := strconv.ParseBool(n.Value)
		if err != nil {
			d.mistake(n.Line, key, "playbook.want_bool", "got", n.Value)
		}
		v.SetBool(b)
	case reflect.Int:
		i, err := strconv.Atoi(n.Value)
		if err != nil {
			d.mistake(n.Line, key, "playbook.want_whole", "got", n.Value)
			return
		}
		v.SetInt(int64(i))
		d.bounds(n, float64(i), key, check)
	case reflect.Float64:
		f, err := strconv.ParseFloat(n.Value, 64)
		if err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
			d.mistake(n.Line, key, "playbook.want_number", "got", n.Value)
			return
		}
		v.SetFloat(f)
		d.bounds(n, f, key, check)
	}
}

var codeRE = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

func (d *decoder) word(n *yaml.Node, key, check string) {
	switch {
	case n.Value == "" && hasCheck(check, "required"):
		d.mistake(n.Line, key, "playbook.empty")
	case hasCheck(check, "code") && !codeRE.MatchString(n.Value):
		d.mistake(n.Line, key, "playbook.bad_code", "got", n.Value)
	}
	if words := checkArg(check, "one"); words != "" {
		allowed := strings.Split(words, "|")
		for _, w := range allowed {
			if w == n.Value {
				return
			}
		}
		d.mistake(n.Line, key, "playbook.bad_value", "got", n.Value, "values", strings.Join(allowed, ", ")).meant(n.Value, allowed)
	}
}

func (d *decoder) bounds(n *yaml.Node, f float64, key, check string) {
	lo, hi := checkArg(check, "min"), checkArg(check, "max")
	if lo == "" || hi == "" {
		return
	}
	low, _ := strconv.ParseFloat(lo, 64)
	high, _ := strconv.ParseFloat(hi, 64)
	if f < low || f > high {
		d.mistake(n.Line, key, "playbook.out_of_range", "got", n.Value, "min", lo, "max", hi)
	}
}

func hasCheck(check, word string) bool {
	for _, c := range strings.Split(check, ",") {
		if c == word {
			return true
		}
	}
	return false
}

func checkArg(check, word string) string {
	for _, c := range strings.Split(check, ",") {
		if v, ok := strings.CutPrefix(c, word+"="); ok {
			return v
		}
	}
	return ""
}

func join(key, name string) string {
	if key == "" {
		return name
	}
	return key + "." + name
}
