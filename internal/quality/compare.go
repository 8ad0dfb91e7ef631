package quality

import (
	"context"
	"strconv"

	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/playbook"
	"ruhu/internal/quality/measure"
	"ruhu/internal/region"
)

// Rate is how many answers differ, with an exact interval.
type Rate struct {
	Key     string    `json:"key"` // question, type, village or team
	Title   errs.Text `json:"title"`
	Type    int       `json:"type"` // of a question; else 0
	Checked int       `json:"checked"`
	Differ  int       `json:"differ"`
	Rate    float64   `json:"rate"`
	Lower   float64   `json:"lower"`
	Upper   float64   `json:"upper"`
	Flag    bool      `json:"flag"` // type 1 over a tenth
}

// Item is a question's consistency: gross and net difference rate, index of inconsistency.
type Item struct {
	Item       string             `json:"item"`
	Title      errs.Text          `json:"title"`
	Type       int                `json:"type"`
	N          int                `json:"n"`
	Numeric    bool               `json:"numeric"` // a number with a range: differences are a mean square
	GDR        float64            `json:"gdr"`
	NDR        float64            `json:"ndr"` // of a number: the mean difference, first less second
	IOI        float64            `json:"ioi"`
	Band       string             `json:"band"` // low, moderate, high
	Categories []measure.Category `json:"categories"`
}

// Difference is an answer that was another one the second time.
type Difference struct {
	Submission, Household, HouseholdCode, HeadName string
	Village                                        region.Code
	VillageName, TeamName                          string
	Item, First, Second                            string
	Type                                           int
}

// Comparison is what second interviews say about first ones.
type Comparison struct {
	Sample      Sample
	Houses      []House // with both answers where there are two
	Questions   []Item
	ByType      []Rate
	ByVillage   []Rate // type 1 and 2
	ByTeam      []Rate // of the first interview, type 1: what enumerators answer for
	Differences []Difference
	Coverage    []Coverage // of the villages of the sample
	Covered     Coverage   // all of them together
}

// flagOver is the share of type-1 answers that differ from which a team is named.
const flagOver = 0.1

// Compare holds the second answers of the actor's region against the first. Returns Forbidden, NotFound "quality.no_recheck".
func (s *Service) Compare(ctx context.Context, actor authz.Actor, recheck string) (Comparison, error) {
	var out Comparison
	if err := actor.Require(authz.QualityRead); err != nil {
		return out, err
	}
	err := s.d.View(ctx, func(tx *db.Tx) error {
		c, houses, err := s.housesTx(ctx, tx, actor, recheck)
		if err != nil {
			return err
		}
		samples, err := samplesTx(ctx, tx, actor, c.ID, recheck)
		if err != nil {
			return err
		}
		for i := range houses {
			if houses[i].AnsweredAt.IsZero() {
				houses[i].First = nil
			}
		}
		out = compare(houses, c.Plan.Quality.Recheck.Items)
		if len(samples) == 1 {
			out.Sample = samples[0]
		}
		out.Coverage, out.Covered, err = coverageTx(ctx, tx, c, recheck, houses)
		return err
	})
	return out, err
}

// compare is pure.
func compare(houses []House, items []playbook.RecheckItem) Comparison {
	out := Comparison{Houses: houses, Questions: []Item{}, Differences: []Difference{}}
	by := map[string]House{}
	pairs := measure.Pairing{First: map[string]map[string]string{}, Second: map[string]map[string]string{}}
	for _, h := range houses {
		if h.AnsweredAt.IsZero() {
			continue
		}
		by[h.Submission] = h
		pairs.First[h.Submission], pairs.Second[h.Submission] = h.First, h.Answers
	}
	vars := make([]measure.Variable, len(items))
	titles := map[string]errs.Text{}
	for i, it := range items {
		vars[i] = measure.Variable{Name: it.Item, Type: it.Type}
		if it.Lo != "" {
			vars[i].Range = &measure.OKRange{Relative: it.Relative, Lo: it.Lo, Hi: it.Hi}
		}
		titles[it.Item] = errs.Text{ZH: it.Title.ZH, EN: it.Title.EN}
	}
	checks, _ := measure.BackCheck(pairs, vars)
	for _, c := range checks {
		if h := by[c.ID]; c.Differ {
			out.Differences = append(out.Differences, Difference{
				Submission: c.ID, Household: h.Household, HouseholdCode: h.HouseholdCode, HeadName: h.HeadName, Village: h.Village, VillageName: h.VillageName,
				TeamName: h.FirstTeamName, Item: c.Variable, Type: c.Type, First: c.First, Second: c.Second,
			})
		}
	}
	for _, it := range items {
		out.Questions = append(out.Questions, consistency(it, titles[it.Item], pairs))
	}
	out.ByType = rates(measure.TallyBy(checks, func(c measure.Check) string { return strconv.Itoa(c.Type) }), nil)
	villages, teams := map[string]string{}, map[string]string{}
	for _, h := range by {
		villages[string(h.Village)], teams[h.FirstTeam] = h.VillageName, h.FirstTeamName
	}
	out.ByVillage = rates(measure.TallyBy(checks, func(c measure.Check) string {
		if c.Type == 3 {
			return ""
		}
		return string(by[c.ID].Village)
	}), villages)
	out.ByTeam = rates(measure.TallyBy(checks, func(c measure.Check) string {
		if c.Type != 1 {
			return ""
		}
		return by[c.ID].FirstTeam
	}), teams)
	for i := range out.ByTeam {
		out.ByTeam[i].Flag = out.ByTeam[i].Rate > flagOver
	}
	return out
}

func rates(tallies []measure.Tally, names map[string]string) []Rate {
	out := []Rate{}
	for _, t := range tallies {
		i := t.Exact(0.95)
		r := Rate{Key: t.Key, Checked: t.N, Differ: t.X, Rate: t.Rate(), Lower: i.Lo, Upper: i.Hi}
		if name := names[t.Key]; name != "" {
			r.Title = errs.Text{ZH: name, EN: name}
		}
		out = append(out, r)
	}
	return out
}

func consistency(it playbook.RecheckItem, title errs.Text, pairs measure.Pairing) Item {
	out := Item{Item: it.Item, Title: title, Type: it.Type, Categories: []measure.Category{}}
	var twice []measure.Twice
	var a, b []float64
	numbers := it.Lo != ""
	for id, second := range pairs.Second {
		x, y := pairs.First[id][it.Item], second[it.Item]
		if x == "" || y == "" {
			continue
		}
		twice = append(twice, measure.Twice{First: x, Second: y, Weight: 1})
		p, err1 := strconv.ParseFloat(x, 64)
		q, err2 := strconv.ParseFloat(y, 64)
		if numbers = numbers && err1 == nil && err2 == nil; numbers {
			a, b = append(a, p), append(b, q)
		}
	}
	out.N = len(twice)
	if out.N == 0 {
		return out
	}
	if numbers {
		out.Numeric = true
		if out.N > 1 {
			s := measure.StabilityOf(a, b)
			out.GDR, out.NDR, out.IOI = s.MeanSquare, s.Mean1-s.Mean2, finite(s.IOI)
		}
		out.Band = measure.IOIBand(out.IOI)
		return out
	}
	r := measure.Compare(twice)
	out.GDR, out.IOI, out.Categories, out.Band = r.GDR, finite(r.IOI), r.Categories, measure.IOIBand(finite(r.IOI))
	for i := range out.Categories {
		out.Categories[i].IOI = finite(out.Categories[i].IOI)
	}
	if len(r.Categories) > 0 {
		out.NDR = r.Categories[0].NDR
	}
	return out
}

// finite keeps what JSON cannot say out of it: nobody's answer varied.
func finite(x float64) float64 {
	if x != x || x > 1e9 {
		return 0
	}
	return x
}
