package submission

import (
	"fmt"
	"math"
	"time"

	"ruhu/form/collect"
	"ruhu/form/xform"
	"ruhu/form/xlsform"
	"ruhu/form/xpath"
	"ruhu/internal/errs"
)

// maxReason bounds how much of an explanation a finding keeps; the revision itself keeps everything.
const maxReason = 1000

// NewForm makes a form version ready for judging: the conditions of its problem rules and the calculations of its indicators are compiled once.
// An error means that one does not compile, which the check of the playbook rules out.
func NewForm(hash, code string, x *xform.Form, problems []xlsform.Problem, indicators []xlsform.Indicator) (*Form, error) {
	rules, err := named(x, problems, func(p xlsform.Problem) (string, string) { return p.Code, p.Condition })
	if err != nil {
		return nil, fmt.Errorf("problem rule %w", err)
	}
	figures, err := named(x, indicators, func(i xlsform.Indicator) (string, string) { return i.Name, i.Calculation })
	if err != nil {
		return nil, fmt.Errorf("indicator %w", err)
	}
	judge := func(instance []byte, at time.Time) (Verdict, error) {
		report, err := x.Validate(instance, xform.Env{Now: func() time.Time { return at }, Zone: at.Location()})
		if err != nil {
			return Verdict{}, err
		}
		v := Verdict{Findings: make([]Finding, len(report.Findings)), Problems: []string{}, Vouches: report.Session.Vouches()}
		for i, f := range report.Findings {
			if f.Rule == "warning" && f.Reason == "" { // other apps ask for it in a question
				f.Reason = report.Session.Value(collect.ReasonOf(f.Ref))
			}
			v.Findings[i] = Finding{f.Ref, f.Rule, f.Severity, errs.Text{ZH: f.Message["zh"], EN: f.Message["en"]}, storable(f.Reason)}
		}
		for _, r := range rules {
			value, err := report.Session.EvalExpr(r.expr)
			if err != nil {
				return v, fmt.Errorf("problem rule %s: %w", r.name, err)
			}
			if value.Bool() {
				v.Problems = append(v.Problems, r.name)
			}
		}
		if v.Figures, err = measure(report.Session, figures); err != nil {
			return v, err
		}
		v.Reading = ReadingOf(report.Session)
		return v, nil
	}
	return &Form{Hash: hash, Code: code, Uploads: uploads(x.Body(), nil), Judge: judge}, nil
}

// expr is a compiled expression with its name.
type expr struct {
	name string
	expr *xpath.Expr
}

func named[T any](x *xform.Form, list []T, of func(T) (name, text string)) ([]expr, error) {
	out := make([]expr, len(list))
	for i, it := range list {
		name, text := of(it)
		e, err := x.CompileExpr(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		out[i] = expr{name, e}
	}
	return out, nil
}

// measure works out the indicators of a session. What is no number (a question that was not asked) is left out: unknown is not zero.
func measure(s *xform.Session, figures []expr) (map[string]float64, error) {
	out := make(map[string]float64, len(figures))
	for _, f := range figures {
		value, err := s.EvalExpr(f.expr)
		if err != nil {
			return nil, fmt.Errorf("indicator %s: %w", f.name, err)
		}
		if n := value.Number(); !math.IsNaN(n) && !math.IsInf(n, 0) {
			out[f.name] = n
		}
	}
	return out, nil
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
