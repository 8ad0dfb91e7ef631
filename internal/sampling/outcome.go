package sampling

import (
	"context"
	"encoding/json"
	"slices"

	"ruhu/internal/db"
	"ruhu/internal/sampling/draw"
	"ruhu/internal/stats"
	"ruhu/internal/survey"
)

// Outcome is the draw that counts, as estimates need it.
type Outcome struct {
	Number int
	Plan   draw.Plan
	Sample draw.Sample
	Uses   []draw.Use
	lonely string // single_unit_strata of the playbook
}

// OutcomeTx gives the draw that counts; false before there is one, and where everybody is visited.
func (s *Service) OutcomeTx(ctx context.Context, tx *db.Tx, c survey.Campaign) (out Outcome, drawn bool, err error) {
	if !c.Plan.Sampling.Sampled() {
		return out, false, nil
	}
	key, drawn, err := currentTx(ctx, tx, c)
	if err != nil || !drawn {
		return out, false, err
	}
	d, err := drawTx(ctx, tx, c.County, key)
	if err != nil {
		return out, false, err
	}
	out.Number, out.lonely = d.Number, c.Plan.Sampling.SingleUnitStrata
	if out.Plan, err = d.planOf(); err != nil {
		return out, false, err
	}
	lo, hi := c.Region.Range()
	uses, err := db.List(ctx, tx, scanUse, selectUse, d.County, d.ID, lo, hi)
	if err != nil {
		return out, false, err
	}
	for _, u := range uses {
		out.Uses = append(out.Uses, draw.Use{Household: u.Household, With: u.With})
	}
	raw, err := s.get(d.sample)
	if err != nil {
		return out, false, err
	}
	return out, true, json.Unmarshal(raw, &out.Sample)
}

// Design is the sample with its weights, of the households (户编号) that answered; codes names the household of each row, merges the cells
// whose non-response was weighted together. Strata of one village follow the playbook's single_unit_strata. Returns Invalid "stats.no_rows".
func (d Outcome) Design(answered map[string]bool) (design *stats.Design, codes []string, merges []draw.Merge, err error) {
	rows, codes, merges := draw.Rows(d.Plan, d.Sample, d.Uses, answered)
	opt := stats.Options{Lonely: stats.Lonely(d.lonely)}
	if d.lonely == "" || d.lonely == "collapse" {
		opt = stats.Options{Lonely: stats.Adjust, Collapse: map[string]string{}}
		in := map[string]bool{} // a stratum nobody of which answered has no row
		for _, r := range rows {
			in[r.Stratum] = true
		}
		for from, to := range draw.Neighbours(d.Sample) {
			if in[from] && in[to] {
				opt.Collapse[from] = to
			}
		}
	}
	design, err = stats.NewDesign(rows, opt)
	return design, codes, merges, err
}

// Gap reports whether households of some quota can never be drawn: figures on all of them can't be given (SAMPLING 1.3). No quota asks of all.
func (d Outcome) Gap(quotas ...string) bool {
	return slices.ContainsFunc(d.Sample.Strata, func(s draw.Stratum) bool {
		return s.CoverageGap && (len(quotas) == 0 || slices.Contains(quotas, s.Quota))
	})
}

// Quotas are those that households of these classes belong to; all of them for no class.
func (d Outcome) Quotas(classes []string) []string {
	var out []string
	for _, q := range d.Plan.Quotas {
		if len(classes) == 0 || slices.ContainsFunc(q.Classes, func(c string) bool { return slices.Contains(classes, c) }) {
			out = append(out, q.Code)
		}
	}
	return out
}

// Codes are the households (户编号) that are visited, replacements included.
func (d Outcome) Codes() map[string]bool {
	gone := map[string]bool{}
	out := map[string]bool{}
	for _, u := range d.Uses {
		gone[u.Household] = true
		if u.With != "" {
			out[u.With] = true
		}
	}
	for _, u := range d.Sample.Units {
		out[u.Household] = true
	}
	for code := range gone {
		delete(out, code)
	}
	return out
}
