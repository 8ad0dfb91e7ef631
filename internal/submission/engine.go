package submission

import (
	"fmt"
	"time"

	"ruhu/form/collect"
	"ruhu/form/xform"
	"ruhu/form/xlsform"
	"ruhu/form/xpath"
	"ruhu/internal/errs"
)

// maxReason bounds how much of an explanation a finding keeps; the revision itself keeps everything.
const maxReason = 1000

// NewForm makes a form version ready for judging: the conditions of its problem rules are compiled once. An error means that a
// condition does not compile, which the check of the playbook rules out.
func NewForm(hash, code string, x *xform.Form, problems []xlsform.Problem) (*Form, error) {
	type rule struct {
		code string
		when *xpath.Expr
	}
	rules := make([]rule, len(problems))
	for i, p := range problems {
		e, err := x.CompileExpr(p.Condition)
		if err != nil {
			return nil, fmt.Errorf("problem rule %s: %w", p.Code, err)
		}
		rules[i] = rule{p.Code, e}
	}
	judge := func(instance []byte, at time.Time) (Verdict, error) {
		report, err := x.Validate(instance, xform.Env{Now: func() time.Time { return at }, Zone: at.Location()})
		if err != nil {
			return Verdict{}, err
		}
		v := Verdict{Findings: make([]Finding, len(report.Findings)), Problems: []string{}}
		for i, f := range report.Findings {
			if f.Rule == "warning" && f.Reason == "" { // other apps ask for it in a question
				f.Reason = report.Session.Value(collect.ReasonOf(f.Ref))
			}
			v.Findings[i] = Finding{f.Ref, f.Rule, f.Severity, errs.Text{ZH: f.Message["zh"], EN: f.Message["en"]}, storable(f.Reason)}
		}
		for _, r := range rules {
			value, err := report.Session.EvalExpr(r.when)
			if err != nil {
				return v, fmt.Errorf("problem rule %s: %w", r.code, err)
			}
			if value.Bool() {
				v.Problems = append(v.Problems, r.code)
			}
		}
		return v, nil
	}
	return &Form{Hash: hash, Code: code, Uploads: uploads(x.Body(), nil), Judge: judge}, nil
}

// uploads gives the paths of the upload controls below cs.
func uploads(cs []*xform.Control, out []string) []string {
	for _, c := range cs {
		if c.Type == "upload" {
			out = append(out, c.Ref)
		}
		out = uploads(c.Children, out)
	}
	return out
}

// storable bounds a text that came with an instance.
func storable(s string) string {
	if r := []rune(s); len(r) > maxReason {
		return string(r[:maxReason])
	}
	return s
}
