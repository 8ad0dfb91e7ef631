package xlsform

import (
	"regexp"
	"strconv"
	"strings"
)

var paramRE = regexp.MustCompile(`^([A-Za-z_-]+)\s*=\s*(\S+)$`)

// parameters parses `key=value key2=value2` and checks keys against the question type.
func (c *conv) parameters(n *node) map[string]string {
	cl := n.cell("parameters")
	if cl.empty() {
		return nil
	}
	out := map[string]string{}
	text := regexp.MustCompile(`\s*=\s*`).ReplaceAllString(cl.any(), "=")
	for _, f := range strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == ',' || r == ';' || r == '\n' || r == '\t' }) {
		m := paramRE.FindStringSubmatch(f)
		if m == nil {
			c.rep.error(cl.at, "xlsform.bad_parameters", "text", f)
			return out
		}
		key := strings.ToLower(m[1])
		if !contains(n.typ.params, key) {
			c.rep.error(cl.at, "xlsform.unknown_parameter", "key", m[1], "type", n.typ.name).meant(key, n.typ.params)
			continue
		}
		if _, dup := out[key]; dup {
			c.rep.error(cl.at, "xlsform.bad_parameters", "text", f)
		}
		out[key] = m[2]
	}
	c.checkParams(n, out, cl.at)
	return out
}

// allowed values of parameters; nil means a number.
var paramValues = map[string][]string{
	"randomize": {"true", "false"}, "allow-mock-accuracy": {"true", "false"}, "incremental": {"true", "false"},
	"capture-accuracy": nil, "warning-accuracy": nil, "rows": nil, "max-pixels": nil,
	"start": nil, "end": nil, "step": nil, "tick_interval": nil, "placeholder": nil,
	"location-priority": {"no-power", "low-power", "balanced", "high-accuracy"}, "location-min-interval": nil, "location-max-age": nil,
	"track-changes": {"true", "false"}, "track-changes-reasons": {"on-form-edit"}, "identify-user": {"true", "false"},
}

func (c *conv) checkParams(n *node, p map[string]string, at place) {
	for _, key := range n.typ.params {
		v, ok := p[key]
		if !ok {
			continue
		}
		want, known := paramValues[key]
		if n.typ.name == "audio" && key == "quality" {
			want, known = []string{"normal", "low", "voice-only", "external"}, true
		}
		if n.typ.name == "background-audio" && key == "quality" {
			want, known = []string{"normal", "low", "voice-only"}, true
		}
		if !known {
			continue
		}
		if want == nil {
			if _, err := strconv.ParseFloat(v, 64); err != nil {
				c.rep.error(at, "xlsform.parameter_number", "key", key, "value", v)
			}
		} else if !contains(want, v) {
			c.rep.error(at, "xlsform.parameter_value", "key", key, "value", v, "values", strings.Join(want, ", "))
		}
	}
	if p["seed"] != "" && p["randomize"] != "true" {
		c.rep.error(at, "xlsform.seed_alone")
	}
	if seed := p["seed"]; seed != "" && !strings.HasPrefix(seed, "${") {
		if _, err := strconv.ParseFloat(seed, 64); err != nil {
			c.rep.error(at, "xlsform.parameter_number", "key", "seed", "value", seed)
		}
	}
	if n.typ.name == "range" {
		c.checkRange(p, at)
	}
}

// rangeOf returns start, end and step of a range; the defaults are 1, 10, 1.
func rangeOf(p map[string]string) (start, end, step string) {
	return or(p["start"], "1"), or(p["end"], "10"), or(p["step"], "1")
}

func (c *conv) checkRange(p map[string]string, at place) {
	s, e, st := rangeOf(p)
	start, err1 := strconv.ParseFloat(s, 64)
	end, err2 := strconv.ParseFloat(e, 64)
	step, err3 := strconv.ParseFloat(st, 64)
	if err1 != nil || err2 != nil || err3 != nil {
		return // already reported
	}
	if step == 0 || start == end {
		c.rep.error(at, "xlsform.range_empty")
	}
}

func (c *conv) checkAudit(n *node) {
	p := n.params
	at := n.rec.at("parameters")
	for _, k := range []string{"location-min-interval", "location-max-age"} {
		if f, err := strconv.ParseFloat(p[k], 64); err == nil && f < 0 {
			c.rep.error(at, "xlsform.parameter_number", "key", k, "value", p[k])
		}
	}
	some := 0
	for _, k := range []string{"location-priority", "location-min-interval", "location-max-age"} {
		if p[k] != "" {
			some++
		}
	}
	if some != 0 && some != 3 {
		c.rep.error(at, "xlsform.audit_location")
	}
	lo, err1 := strconv.ParseFloat(p["location-min-interval"], 64)
	hi, err2 := strconv.ParseFloat(p["location-max-age"], 64)
	if err1 == nil && err2 == nil && hi < lo {
		c.rep.error(at, "xlsform.audit_location")
	}
}
