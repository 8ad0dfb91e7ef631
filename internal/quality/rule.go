package quality

import (
	"fmt"
	"slices"
	"strconv"

	"ruhu/internal/db"
	"ruhu/internal/playbook"
	"ruhu/internal/quality/measure"
	"ruhu/internal/region"
)

// Found is what a rule has to say about a form, or about a team.
type Found struct {
	Rule, Item                  string
	Submission, Household, Team string
	Village                     region.Code
	Figure, Threshold           string
	Others                      []string
	Figures                     map[string]string
}

// key names a finding for good: it is found once.
func (f Found) key() string {
	subject := f.Submission
	if subject == "" {
		subject = f.Team
	}
	return f.Rule + "|" + f.Item + "|" + subject
}

func (f Fact) found(rule, item, figure, threshold string) Found {
	return Found{Rule: rule, Item: item, Submission: f.Submission, Household: f.Household, Team: f.Team, Village: f.Village, Figure: figure, Threshold: threshold}
}

// arrivalRules are those that one form, and the forms that share a mark with it, decide.
var arrivalRules = []string{
	"duplicate_id", "duplicate_phone", "duplicate_photo", "duplicate_place", "duplicate_signature", "night", "clock", "straight", "dont_know", "far", "inaccurate", "mocked",
}

// alone applies the rules that look at one form.
func alone(f Fact, q playbook.Quality, known Known, now db.Time) []Found {
	var out []Found
	add := func(rule, item, figure, threshold string) { out = append(out, f.found(rule, item, figure, threshold)) }
	if !f.Keyed && (f.Hour >= 22 || f.Hour >= 0 && f.Hour < 6) {
		add("night", "", fmt.Sprintf("%02d:00", f.Hour), "22:00–06:00")
	}
	switch {
	case f.Keyed || f.Start.IsZero() || f.End.IsZero():
	case f.End.Before(f.Start):
		add("clock", "", number(f.End.Sub(f.Start).Minutes()), "0")
	case f.End.Sub(f.Start).Hours() > 24:
		add("clock", "", number(f.End.Sub(f.Start).Minutes()), "1440")
	case f.End.After(now.Time().Add(clockSlack)):
		add("clock", "", number(f.End.Sub(now.Time()).Minutes()), number(clockSlack.Minutes()))
	case max(f.Ahead, -f.Ahead) > clockApart.Milliseconds():
		add("clock", "", number(float64(-f.Ahead)/60_000), number(clockApart.Minutes()))
	}
	for _, b := range q.Batteries {
		row := make([]string, len(b.Items))
		for i, item := range b.Items {
			row[i] = f.Answers[item]
		}
		if l := measure.StraightLine(row); l.AllEqual && l.Answered == len(row) && len(row) > 2 {
			add("straight", b.Code, strconv.Itoa(l.LongestRun), strconv.Itoa(len(row)))
		}
	}
	if f.Asked >= 10 && float64(f.DontKnow) > q.DontKnowShare*float64(f.Asked) {
		add("dont_know", "", number(float64(f.DontKnow)/float64(f.Asked)), number(q.DontKnowShare))
	}
	if x, ok := far(f, q, known); ok {
		out = append(out, x)
	}
	if f.Accuracy != nil && *f.Accuracy > q.Accuracy {
		add("inaccurate", "", number(*f.Accuracy), number(q.Accuracy))
	}
	if n := len(f.Oddities); n > 0 && !f.Keyed {
		x := f.found("mocked", "", strconv.Itoa(n), "0")
		x.Figures = map[string]string{}
		for code, times := range f.Oddities {
			x.Figures[code] = strconv.Itoa(times)
		}
		out = append(out, x)
	}
	return used(out, q)
}

// far holds a form's position against where its household lives, or else against its village. The circle in which the phone surely was counts in its favour.
func far(f Fact, q playbook.Quality, known Known) (Found, bool) {
	at, ok := f.where()
	if !ok {
		return Found{}, false
	}
	from, limit := "dwelling", q.DwellingMetres
	p, ok := known.Dwellings[f.Household]
	if !ok {
		from, limit = "village", q.FarMetres
		if p, ok = known.Villages[f.Village]; !ok {
			return Found{}, false
		}
	}
	d := measure.Distance(at, p)
	if f.Accuracy != nil && *f.Accuracy > 0 {
		d -= *f.Accuracy
	}
	x := f.found("far", "", number(d), number(limit))
	x.Figures = map[string]string{"from": from}
	return x, d > limit
}

// duplicates finds forms of different households that share what should be their own.
func duplicates(facts []Fact, q playbook.Quality) []Found {
	by := map[mark][]int{}
	for i, f := range facts {
		for _, m := range f.marks() {
			by[m] = append(by[m], i)
		}
	}
	others := map[int]map[string][]string{}
	many := map[int]map[string]int{} // in a crowd, how many others there are
	for m, rows := range by {
		households := map[string]int{}
		for _, i := range rows {
			households[facts[i].Household]++
		}
		for _, i := range rows {
			if others[i] == nil {
				others[i], many[i] = map[string][]string{}, map[string]int{}
			}
			many[i][m.kind] = max(many[i][m.kind], len(rows)-households[facts[i].Household])
			named := 0
			for _, j := range rows {
				if facts[i].Household == facts[j].Household {
					continue
				}
				if o := facts[j].Submission; !slices.Contains(others[i][m.kind], o) {
					others[i][m.kind] = append(others[i][m.kind], o)
				}
				if named++; named > crowd {
					break
				}
			}
		}
	}
	var out []Found
	for i, f := range facts {
		for _, kind := range []string{markID, markPhone, markPhoto, markPlace, markSignature} {
			if o := others[i][kind]; len(o) > 0 {
				slices.Sort(o)
				x := f.found("duplicate_"+kind, "", strconv.Itoa(max(len(o), many[i][kind])+1), "2")
				x.Others = o[:min(len(o), maxOthers)]
				out = append(out, x)
			}
		}
	}
	return used(out, q)
}

const maxOthers = 20 // that a finding names

func used(found []Found, q playbook.Quality) []Found {
	return slices.DeleteFunc(found, func(f Found) bool { return !q.Uses(f.Rule) })
}

// number writes a figure with four significant digits at most after the point, without trailing zeros.
func number(x float64) string {
	s := strconv.FormatFloat(x, 'f', 4, 64)
	for s[len(s)-1] == '0' {
		s = s[:len(s)-1]
	}
	if s[len(s)-1] == '.' {
		s = s[:len(s)-1]
	}
	return s
}
