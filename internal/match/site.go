package match

import (
	"context"
	"slices"
	"strings"
	"time"

	"ruhu/form/xform"
	"ruhu/internal/db"
	"ruhu/internal/job"
	"ruhu/internal/playbook"
	"ruhu/internal/submission"
	"ruhu/internal/survey"
)

// onJudged takes the answers of a visit as the values on site: those whose questions name what they are compared with
// (bind::ruhu:compare). The answers of a later revision replace those of an earlier one.
func (s *Agreements) onJudged(ctx context.Context, b *job.Batch) error {
	byCounty := map[string][]string{}
	for _, ev := range b.Events {
		j, err := job.Decode[submission.Judged](ev)
		if err != nil {
			return err
		}
		byCounty[ev.County] = append(byCounty[ev.County], j.Submission)
	}
	for county, ids := range byCounty {
		if err := s.takeSite(ctx, county, ids); err != nil {
			return err
		}
	}
	return nil
}

// visit is a submission with what is needed to read it.
type visit struct {
	rec  submission.Record
	body []byte
	c    survey.Campaign
	at   map[string]string // field → answer, in the form of figures
}

func (s *Agreements) takeSite(ctx context.Context, county string, ids []string) error {
	visits, err := s.visits(ctx, county, ids)
	if err != nil {
		return err
	}
	changed := map[string][]string{} // campaign → households
	for _, v := range visits {
		f, err := s.surveys.Form(ctx, v.rec.Form)
		if err != nil {
			return err
		}
		v.at = answers(f.X, v.body, v.rec.ReceivedAt.Time().In(v.c.Zone), &v.c.Plan.Agreement)
		changed[v.rec.Campaign] = append(changed[v.rec.Campaign], v.rec.Household)
	}
	err = s.d.Update(ctx, func(tx *db.Tx) error {
		for _, v := range visits {
			if err := keepSiteTx(ctx, tx, county, v); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for campaign, households := range changed {
		slices.Sort(households)
		if err := s.compare(ctx, county, campaign, slices.Compact(households)); err != nil {
			return err
		}
	}
	return nil
}

// visits loads the submissions that belong to a household of a campaign with figures.
func (s *Agreements) visits(ctx context.Context, county string, ids []string) ([]*visit, error) {
	var out []*visit
	err := s.d.View(ctx, func(tx *db.Tx) error {
		out = nil
		recs, err := submission.ByIDsTx(ctx, tx, county, ids)
		if err != nil {
			return err
		}
		campaigns := map[string]survey.Campaign{}
		for _, r := range recs {
			if r.Household == "" || r.Revision == 0 {
				continue
			}
			c, ok := campaigns[r.Campaign]
			if !ok {
				if c, err = survey.CampaignTx(ctx, tx, county, r.Campaign); err != nil {
					return err
				}
				campaigns[r.Campaign] = c
			}
			if len(c.Plan.Agreement.Fields) == 0 {
				continue
			}
			body, err := submission.BodyTx(ctx, tx, county, r.ID, r.Revision)
			if err != nil {
				return err
			}
			out = append(out, &visit{rec: r, body: body, c: c})
		}
		return nil
	})
	return out, err
}

// answers reads the answers that figures are compared with, by the figure's code. Of a choice its name counts ("是"), brought to the figure's
// form. An instance that can't be read gives none; questions inside repeats are left out, because they are about persons that have no number there.
func answers(form *xform.Form, instance []byte, at time.Time, a *playbook.Agreement) map[string]string {
	wanted := map[string]*playbook.AgreementField{} // by path
	for _, n := range form.Nodes() {
		for item := range strings.FieldsSeq(n.Compare) {
			if f, ok := a.Compared(item, n.Path[strings.LastIndexByte(n.Path, '/')+1:]); ok && f.Unit == "household" {
				wanted[n.Path] = f
			}
		}
	}
	if len(wanted) == 0 {
		return nil
	}
	rep, err := form.Validate(instance, xform.Env{Now: func() time.Time { return at }, Zone: at.Location()})
	if err != nil {
		return nil
	}
	out := map[string]string{}
	for _, n := range rep.Session.State() {
		f := wanted[n.Ref]
		if f == nil || !n.Relevant || n.Value == "" {
			continue
		}
		text := n.Value
		for _, c := range n.Choices {
			if c.Value == n.Value && c.Label != "" {
				text = c.Label
			}
		}
		out[f.Code] = valueOf(f, text)
	}
	return out
}

func keepSiteTx(ctx context.Context, tx *db.Tx, county string, v *visit) error {
	if _, err := tx.Exec(ctx, deleteSite, county, v.rec.Campaign, v.rec.Household); err != nil {
		return err
	}
	for field, value := range v.at {
		if _, err := tx.Exec(ctx, upsertValue, county, v.rec.Campaign, v.rec.Household, "", field, playbook.SourceSite, value, v.rec.ID, v.rec.Account, "", tx.Now()); err != nil {
			return err
		}
	}
	return nil
}
