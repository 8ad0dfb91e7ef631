package survey

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"ruhu/form/xform"
	"ruhu/form/xlsform"
)

// rules tells what becomes of the problem rules of a form, in the words of xform.Revised: type "problem", the rule's code as its path.
func rules(old, now []xlsform.Problem, lang string) []xform.Revised {
	var out []xform.Revised
	find := func(list []xlsform.Problem, code string) int {
		return slices.IndexFunc(list, func(p xlsform.Problem) bool { return p.Code == code })
	}
	for _, p := range now {
		i := find(old, p.Code)
		r := xform.Revised{Kind: xform.RevisedAdded, Path: p.Code, Type: "problem", Label: labelIn(p, lang), Edits: []xform.Edit{}}
		if i >= 0 {
			o := old[i]
			r.Kind, r.Was = xform.RevisedChanged, o.Code
			for _, e := range []xform.Edit{
				{What: "label", Before: labelIn(o, lang), After: labelIn(p, lang)},
				{What: "condition", Before: o.Condition, After: p.Condition},
				{What: "severity", Before: o.Severity, After: p.Severity},
				{What: "sector", Before: o.Sector, After: p.Sector},
				{What: "responsible", Before: o.Responsible, After: p.Responsible},
				{What: "due_days", Before: strconv.Itoa(o.DueDays), After: strconv.Itoa(p.DueDays)},
			} {
				if e.Before != e.After {
					r.Edits = append(r.Edits, e)
				}
			}
		}
		if i < 0 || len(r.Edits) > 0 {
			out = append(out, r)
		}
	}
	for _, o := range old {
		if find(now, o.Code) < 0 {
			out = append(out, xform.Revised{Kind: xform.RevisedRemoved, Was: o.Code, Type: "problem", Label: labelIn(o, lang), Edits: []xform.Edit{}})
		}
	}
	return out
}

// figures does the same for indicators: type "indicator".
func figures(old, now []xlsform.Indicator, lang string) []xform.Revised {
	var out []xform.Revised
	find := func(list []xlsform.Indicator, name string) int {
		return slices.IndexFunc(list, func(x xlsform.Indicator) bool { return x.Name == name })
	}
	label := func(x xlsform.Indicator) string { return cmp.Or(x.Label[lang], x.Label["zh"], x.Label[""], x.Name) }
	for _, x := range now {
		r := xform.Revised{Kind: xform.RevisedAdded, Path: x.Name, Type: "indicator", Label: label(x), Edits: []xform.Edit{}}
		i := find(old, x.Name)
		if i >= 0 {
			r.Kind, r.Was = xform.RevisedChanged, x.Name
			for _, e := range []xform.Edit{{What: "label", Before: label(old[i]), After: label(x)}, {What: "calculate", Before: old[i].Calculation, After: x.Calculation}, {What: "unit", Before: old[i].Unit, After: x.Unit}} {
				if e.Before != e.After {
					r.Edits = append(r.Edits, e)
				}
			}
		}
		if i < 0 || len(r.Edits) > 0 {
			out = append(out, r)
		}
	}
	for _, o := range old {
		if find(now, o.Name) < 0 {
			out = append(out, xform.Revised{Kind: xform.RevisedRemoved, Was: o.Name, Type: "indicator", Label: label(o), Edits: []xform.Edit{}})
		}
	}
	return out
}

func labelIn(p xlsform.Problem, lang string) string {
	return cmp.Or(p.Label[lang], p.Label["zh"], p.Label[""], p.Code)
}

// missed lists those of names that questions of the older form have and none of the newer one.
func missed(names []string, old, now *xform.Form) []string {
	had, has := questions(old), questions(now)
	return slices.DeleteFunc(names, func(n string) bool { return !had[n] || has[n] })
}

func questions(f *xform.Form) map[string]bool {
	out := map[string]bool{}
	for _, n := range f.Nodes() {
		out[n.Path[strings.LastIndexByte(n.Path, '/')+1:]] = true
	}
	return out
}
