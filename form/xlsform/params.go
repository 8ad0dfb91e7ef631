package xlsform

import (
	"math"
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
		allowed := contains(n.typ.params, key)
		if (key == "value" || key == "label") && !n.typ.file {
			allowed = false
		}
		if !allowed {
			sev := SeverityError
			if len(n.typ.params) == 0 {
				sev = SeverityWarning
			}
			c.rep.add(sev, cl.at, "xlsform.unknown_parameter", "key", m[1], "type", n.typ.name).meant(key, n.typ.params)
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

var packageRE = regexp.MustCompile(`^[A-Za-z]\w*(\.[A-Za-z]\w*)+$`)

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
		} else if !contains(want, v) && !(want[0] == "true" && isTruth(v)) {
			c.rep.error(at, "xlsform.parameter_value", "key", key, "value", v, "values", strings.Join(want, ", "))
		}
	}
	if p["seed"] != "" && !truth(p["randomize"]) {
		c.rep.error(at, "xlsform.seed_alone")
	}
	if seed := p["seed"]; seed != "" && !strings.HasPrefix(seed, "${") {
		if _, err := strconv.ParseFloat(seed, 64); err != nil {
			c.rep.error(at, "xlsform.parameter_number", "key", "seed", "value", seed)
		}
	}
	for _, key := range []string{"value", "label"} {
		if v := p[key]; v != "" && !validName(v) {
			c.rep.error(at, "xlsform.bad_name", "name", v)
		}
	}
	if v := p["incremental"]; v != "" && !truth(v) {
		c.rep.error(at, "xlsform.parameter_value", "key", "incremental", "value", v, "values", "true")
	}
	if v := p["app"]; v != "" && !packageRE.MatchString(v) {
		if a := n.val("body::appearance"); a == "" || a == "annotate" {
			c.rep.error(at, "xlsform.bad_name", "name", v)
		}
	}
	if n.typ.name == "range" {
		c.checkRange(p, at)
		if a := n.val("body::appearance"); a != "" && a != "vertical" && a != "no-ticks" &&
			p["tick_interval"]+p["placeholder"]+p["tick_labelset"] != "" {
			c.rep.error(at, "xlsform.range_appearance")
		}
	}
}

func truth(s string) bool { return truths[strings.ToLower(s)] == "true()" }

func isTruth(s string) bool { return truths[strings.ToLower(s)] != "" }

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
	if step == 0 || start == end || math.Abs(step) > math.Abs(end-start) {
		c.rep.error(at, "xlsform.range_empty")
		return
	}
	for _, key := range []string{"tick_interval", "placeholder"} {
		v, err := strconv.ParseFloat(p[key], 64)
		if err != nil {
			continue
		}
		away := v
		if key == "placeholder" {
			away = v - start
			if v < min(start, end) || v > max(start, end) {
				c.rep.error(at, "xlsform.range_outside", "key", key, "value", p[key])
			}
		} else if v == 0 || math.Abs(v) > math.Abs(end-start) {
			c.rep.error(at, "xlsform.range_outside", "key", key, "value", p[key])
		}
		if !multiple(away, step) {
			c.rep.error(at, "xlsform.range_step", "key", key, "value", p[key])
		}
	}
}

func multiple(v, of float64) bool {
	q := v / of
	return math.Abs(q-math.Round(q)) < 1e-9
}

// checkTicks: the labels of a range's ticks stand at numbers that the range has.
func (c *conv) checkTicks(n *node, l *list) {
	at := n.rec.at("parameters")
	s, e, st := rangeOf(n.params)
	start, _ := strconv.ParseFloat(s, 64)
	end, _ := strconv.ParseFloat(e, 64)
	step, _ := strconv.ParseFloat(or(n.params["tick_interval"], st), 64)
	for _, rec := range l.choices {
		v, err := strconv.ParseFloat(rec.text("name"), 64)
		switch {
		case err != nil:
			c.rep.error(at, "xlsform.parameter_number", "key", "tick_labelset", "value", rec.text("name"))
		case v < min(start, end) || v > max(start, end):
			c.rep.error(at, "xlsform.range_outside", "key", "tick_labelset", "value", rec.text("name"))
		case step != 0 && !multiple(v-start, step):
			c.rep.error(at, "xlsform.range_step", "key", "tick_labelset", "value", rec.text("name"))
		}
	}
	values := map[string]bool{}
	for _, rec := range l.choices {
		values[rec.text("name")] = true
	}
	if strings.Contains(n.val("body::appearance"), "no-ticks") && len(values) > 2 {
		c.rep.error(at, "xlsform.range_ticks")
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
