package sim

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Table writes scores as docs/simulation.md has them: kinds of faults summed over the registers.
func Table(scores []Score) string {
	var b strings.Builder
	line := func(cells ...any) {
		for _, c := range cells {
			fmt.Fprintf(&b, "| %v ", c)
		}
		b.WriteString("|\n")
	}
	auto, clerk := byKind(scores, "auto"), byKind(scores, "clerk")
	line("kind", "planted", "found by program", "recall", "precision", "after the clerk", "recall", "precision")
	b.WriteString("|---|--:|--:|--:|--:|--:|--:|--:|\n")
	for _, kind := range kindsOf(auto) {
		a, c := auto[kind].rated(), clerk[kind].rated()
		line("`"+kind+"`", a.Planted, a.Found, percent(a.Recall), percent(a.Precision), c.Found, percent(c.Recall), percent(c.Precision))
	}
	figures, wrong := map[string]Score{}, byKind(scores, "compare")
	for _, s := range scores {
		if s.Kind == "figures" {
			figures[s.Register] = s
		}
	}
	delete(wrong, "figures")
	if len(wrong) > 0 {
		b.WriteString("\n")
		line("figure", "planted", "on the fix-first list", "recall")
		b.WriteString("|---|--:|--:|--:|\n")
		for _, kind := range kindsOf(wrong) {
			s := wrong[kind].rated()
			line("`"+kind+"`", s.Planted, s.Found, percent(s.Recall))
		}
		b.WriteString("\n")
		line("fix-first list, by figure", "listed", "explained by what was planted", "precision")
		b.WriteString("|---|--:|--:|--:|\n")
		for _, field := range kindsOf(figures) {
			s := figures[field]
			line("`"+field+"`", s.Flagged, s.Right, percent(s.Precision))
		}
	}
	if suspects := byKind(scores, "suspect"); len(suspects) > 0 {
		b.WriteString("\n")
		line("suspects", "true", "listed", "recall", "precision")
		b.WriteString("|---|--:|--:|--:|--:|\n")
		for _, pair := range kindsOf(suspects) {
			s := suspects[pair].rated()
			line("`"+pair+"`", s.Planted, s.Flagged, percent(s.Recall), percent(s.Precision))
		}
	}
	tableOfInterviews(&b, line, scores, "fabricated", "made up")
	tableOfInterviews(&b, line, scores, "signed", "signed by one of the team")
	tableOfClaims(&b, line, scores)
	tableOfNeeds(&b, line, scores)
	return b.String()
}

// tableOfInterviews writes how many of the interviews of a stage were found, by manner and by rule.
func tableOfInterviews(b *strings.Builder, line func(...any), scores []Score, stage, what string) {
	kinds := byKind(scores, stage)
	if len(kinds) == 0 {
		return
	}
	b.WriteString("\n")
	line(what, "interviews", "named by a finding", "recall")
	b.WriteString("|---|--:|--:|--:|\n")
	for _, kind := range kindsOf(kinds) {
		s := kinds[kind].rated()
		line("`"+kind+"`", s.Planted, s.Found, percent(s.Recall))
	}
	rules := func(of string, by map[string]Score) {
		if len(by) == 0 {
			return
		}
		b.WriteString("\n")
		line("rule", of, "found", "recall", "named", "rightly", "precision")
		b.WriteString("|---|--:|--:|--:|--:|--:|--:|\n")
		for _, rule := range kindsOf(by) {
			s := by[rule].rated()
			line("`"+rule+"`", s.Planted, s.Found, percent(s.Recall), s.Flagged, s.Right, percent(s.Precision))
		}
	}
	rules("interviews "+what, byKind(scores, stage+"_by"))
	if stage == "fabricated" {
		rules("teams that made some up", byKind(scores, "team"))
	}
}

// tableOfClaims writes what came of claims without a repair.
func tableOfClaims(b *strings.Builder, line func(...any), scores []Score) {
	noted, verified := byKind(scores, "noted"), byKind(scores, "verified")
	if len(noted) == 0 {
		return
	}
	b.WriteString("\n")
	line("claimed, not fixed", "claims", "noted by the program", "recall", "precision", "looked at", "sent back", "recall", "precision")
	b.WriteString("|---|--:|--:|--:|--:|--:|--:|--:|--:|\n")
	for _, kind := range kindsOf(noted) {
		n, v := noted[kind].rated(), verified[kind].rated()
		line("`"+kind+"`", n.Planted, n.Found, percent(n.Recall), percent(n.Precision), v.Planted, v.Found, percent(v.Recall), percent(v.Precision))
	}
}

// tableOfNeeds writes how many households that are not what the list says were suspected, and confirmed.
func tableOfNeeds(b *strings.Builder, line func(...any), scores []Score) {
	suspected, confirmed := byKind(scores, "suspected"), byKind(scores, "confirmed")
	if len(suspected) == 0 {
		return
	}
	b.WriteString("\n")
	line("determination", "true", "suspected", "rightly", "recall", "precision", "confirmed", "rightly", "recall", "precision")
	b.WriteString("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n")
	for _, kind := range kindsOf(suspected) {
		s, c := suspected[kind].rated(), confirmed[kind].rated()
		line("`"+kind+"`", s.Planted, s.Flagged, s.Right, percent(s.Recall), percent(s.Precision), c.Flagged, c.Right, percent(c.Recall), percent(c.Precision))
	}
}

// byKind sums the scores of a stage over the registers.
func byKind(scores []Score, stage string) map[string]Score {
	out := map[string]Score{}
	for _, s := range scores {
		if s.Stage != stage {
			continue
		}
		sum := out[s.Kind]
		sum.Planted, sum.Found, sum.Flagged, sum.Right = sum.Planted+s.Planted, sum.Found+s.Found, sum.Flagged+s.Flagged, sum.Right+s.Right
		out[s.Kind] = sum
	}
	return out
}

// kindsOf lists kinds by name, "all" first.
func kindsOf(m map[string]Score) []string {
	return slices.SortedFunc(maps.Keys(m), func(a, b string) int {
		return cmp.Or(count(b == "all")-count(a == "all"), cmp.Compare(a, b))
	})
}

func percent(f *float64) string {
	if f == nil {
		return "–"
	}
	return fmt.Sprintf("%.2f %%", *f*100)
}
