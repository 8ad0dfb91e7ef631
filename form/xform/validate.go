package xform

import (
	"strings"

	"ruhu/form/xpath"
)

// Report is the server's judgement of a submission.
type Report struct {
	InstanceID   string
	DeprecatedID string // meta/deprecatedID: the edited record
	Version      string // of the form, as the submission says
	Findings     []Finding
	Session      *Session // the record, for Value and EvalExpr
}

// Errors counts the findings of severity error; Unconfirmed the warnings
// without a reason.
func (r *Report) Errors() (errors, unconfirmed int) {
	for _, f := range r.Findings {
		switch {
		case f.Severity == "error":
			errors++
		case f.Rule == "warning" && f.Reason == "":
			unconfirmed++
		}
	}
	return errors, unconfirmed
}

type drift struct {
	in            *inst
	was, computed string
}

// Validate judges a submission as it arrived: its structure, types, required
// answers, constraints, choices, warnings without a reason, answers to
// questions that are not asked, and calculated values. Nothing in it is
// changed; calculations that depend on the clock, on chance or on the device
// are believed. e.Now should be the time of the interview. The error is an
// *Error: instance, too_large, wrong_form, runaway. What is wrong with the
// answers is in the Report.
func (f *Form) Validate(submission []byte, e Env) (*Report, error) {
	top, err := readInstance(submission)
	if err != nil {
		return nil, err
	}
	if err := f.accepts(top); err != nil {
		return nil, err
	}
	s := f.session(e)
	s.silent, s.keepCalc = true, true
	s.env.Prefill = nil
	if err := s.start(top); err != nil {
		return nil, err
	}
	s.structure(top, s.root)
	r := &Report{Session: s}
	r.Version, _ = top.Attr("", "version")
	for _, m := range top.Children {
		if m.Name.Local == "meta" {
			r.InstanceID, r.DeprecatedID = childText(m, "instanceID"), childText(m, "deprecatedID")
			break
		}
	}
	if r.Version != f.version && r.Version != "" {
		fd := s.finding(s.root, "structure", "version")
		fd.Severity, fd.Detail = "warning", r.Version
		s.findings = append(s.findings, fd)
	}
	s.drifted()
	r.Findings = s.Check()
	return r, nil
}

// recordDrift notes a calculation whose result is not what was submitted. A
// field that the form does not show and the client left out is not compared.
func (s *Session) recordDrift(in *inst, computed string) {
	was := in.answer()
	if was == computed || sameNumber(was, computed) || was == "" && in.def.attr {
		return
	}
	for i := range s.drift {
		if s.drift[i].in == in {
			s.drift[i].computed = computed
			return
		}
	}
	s.drift = append(s.drift, drift{in, was, computed})
}

func sameNumber(a, b string) bool {
	if a == "" || b == "" {
		return false
	}
	x, y := xpath.ParseNumber(a, nil), xpath.ParseNumber(b, nil)
	d := x - y
	return d > -1e-9 && d < 1e-9
}

func (s *Session) drifted() {
	for _, d := range s.drift {
		if d.was == d.computed || !d.in.relevant() {
			continue
		}
		f := s.finding(d.in, "calculate", "calculate")
		f.Detail = d.was + " ≠ " + d.computed
		s.findings = append(s.findings, f)
	}
}

// structure compares the elements of a record with the form.
func (s *Session) structure(src *xpath.Node, in *inst) {
	if len(in.def.children) == 0 {
		if src.Element() != nil {
			s.odd(in, src.Element(), "unknown")
		}
		if !in.relevant() && strings.TrimSpace(src.StringValue()) != "" {
			s.findings = append(s.findings, s.finding(in, "irrelevant", "irrelevant"))
		}
		return
	}
	var used [64]uint16
	counts := used[:]
	if len(in.kids) > len(counts) {
		counts = make([]uint16, len(in.kids))
	}
	at := 0
	for _, c := range src.Children {
		switch c.Kind {
		case xpath.KindText:
			if strings.TrimSpace(c.Text) != "" {
				s.findings = append(s.findings, s.finding(in, "structure", "text"))
			}
			continue
		case xpath.KindElement:
		default:
			continue
		}
		k := s.kidFor(in, c, &at)
		if k < 0 {
			if !(in.def.notes && extraMeta(c)) {
				s.odd(in, c, "unknown")
			}
			continue
		}
		kid := in.kids[k]
		n := int(counts[k])
		counts[k]++
		switch {
		case kid.isRange && n < len(kid.kids):
			s.structure(c, kid.kids[n])
		case kid.isRange:
			s.odd(in, c, "too_many")
		case n > 0:
			s.odd(in, c, "repeated")
		default:
			s.structure(c, kid)
		}
	}
	for k, kid := range in.kids {
		if counts[k] == 0 && !kid.isRange && kid.relevant() && len(kid.def.children) == 0 && kid.def.bind.calculate == nil &&
			kid.def.control != nil {
			f := s.finding(kid, "structure", "missing")
			f.Severity = "warning"
			s.findings = append(s.findings, f)
		}
	}
}

// kidFor finds the child that an element belongs to. Records mostly keep the
// order of the form, so the search begins where the last one ended.
func (s *Session) kidFor(in *inst, c *xpath.Node, at *int) int {
	for i := range in.kids {
		k := (*at + i) % len(in.kids)
		if in.kids[k].node.Name.Local == c.Name.Local && sameSpace(c, in.kids[k].def) {
			*at = k
			return k
		}
	}
	return -1
}

// extraMeta are the elements that clients and this engine add to meta.
func extraMeta(c *xpath.Node) bool {
	switch c.Name.Local {
	case "instanceID", "instanceName", "deprecatedID", "timeStart", "timeEnd", "userID", "deviceID", "audit", "entity":
		return true
	case "note", "capture", "prefill", "visit", "reply", "paradata", "vouch": // ours
		return true
	}
	return false
}

func (s *Session) odd(in *inst, c *xpath.Node, text string) {
	if len(s.findings) > 200 {
		return // a hostile document: enough is known
	}
	f := s.finding(in, "structure", text)
	f.Detail = c.QName()
	s.findings = append(s.findings, f)
}
