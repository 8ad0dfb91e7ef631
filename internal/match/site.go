package match

import (
	"context"
	"slices"
	"strings"
	"time"

	"ruhu/form/xform"
	"ruhu/internal/db"
	"ruhu/internal/idnumber"
	"ruhu/internal/job"
	"ruhu/internal/match/link"
	"ruhu/internal/playbook"
	"ruhu/internal/roster"
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
	full roster.Full
	at   map[answerKey]string // in the form of figures
}

// answerKey names a figure that was answered: member is "" for one of the household.
type answerKey struct{ member, field string }

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
		v.at = answers(f.X, v.body, v.rec.ReceivedAt.Time().In(v.c.Zone), &v.c.Plan.Agreement, v.full.Members)
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
			h, err := roster.HouseholdTx(ctx, tx, county, r.Household)
			if err != nil {
				return err
			}
			out = append(out, &visit{rec: r, body: body, c: c, full: h})
		}
		return nil
	})
	return out, err
}

// answers reads the answers that figures are compared with. Of a choice its label counts ("是"), brought to the figure's form. Inside a repeat
// they are about the member whom the same instance names: by the number, else by the name, in questions that are marked as such
// (bind::ruhu:pii). An instance that can't be read gives none, and neither does one that names nobody of the household.
func answers(form *xform.Form, instance []byte, at time.Time, a *playbook.Agreement, members []roster.Member) map[answerKey]string {
	wanted := map[string]*playbook.AgreementField{} // by path
	for _, n := range form.Nodes() {
		for item := range strings.FieldsSeq(n.Compare) {
			if f, ok := a.Compared(item, n.Path[strings.LastIndexByte(n.Path, '/')+1:]); ok {
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
	state := rep.Session.State()
	who := spokenOf(state, members)
	out := map[answerKey]string{}
	for _, n := range state {
		f := wanted[bare(n.Ref)]
		if f == nil || !n.Relevant || n.Value == "" {
			continue
		}
		key := answerKey{field: f.Code}
		if f.Unit != "household" {
			key.member = who[within(n.Ref)]
		}
		if _, twice := out[key]; twice || (f.Unit == "household") != (within(n.Ref) == "") || f.Unit != "household" && key.member == "" {
			continue
		}
		text := n.Value
		for _, c := range n.Choices {
			if c.Value == n.Value && c.Label != "" {
				text = c.Label
			}
		}
		out[key] = valueOf(f, text)
	}
	return out
}

// spokenOf says which instances of repeats are about which member. A name counts only where one member has it.
func spokenOf(state []xform.NodeState, members []roster.Member) map[string]string {
	byNumber, byName := map[string]string{}, map[string]string{}
	for _, m := range members {
		if m.State != roster.Present {
			continue
		}
		if m.IDNumber != "" {
			byNumber[string(m.IDNumber)] = m.ID
		}
		name := link.CleanName(m.Name)
		if _, twice := byName[name]; twice {
			byName[name] = ""
			continue
		}
		byName[name] = m.ID
	}
	out := map[string]string{}
	for _, n := range state {
		at := within(n.Ref)
		if at == "" || !n.Relevant || n.Value == "" {
			continue
		}
		switch n.PII {
		case playbook.KindIDNumber:
			if id := byNumber[string(idnumber.Parse(n.Value, "").Number)]; id != "" {
				out[at] = id
			}
		case playbook.KindName:
			if id := byName[link.CleanName(n.Value)]; id != "" && out[at] == "" {
				out[at] = id
			}
		}
	}
	return out
}

// within gives the instance of a repeat that a ref lies in: "/data/member[2]" of "/data/member[2]/insured"; "" outside repeats.
func within(ref string) string { return ref[:strings.LastIndexByte(ref, ']')+1] }

// bare is a ref without the numbers of instances.
func bare(ref string) string {
	var b strings.Builder
	in := false
	for _, r := range ref {
		switch r {
		case '[':
			in = true
		case ']':
			in = false
		default:
			if !in {
				b.WriteRune(r)
			}
		}
	}
	return b.String()
}

func keepSiteTx(ctx context.Context, tx *db.Tx, county string, v *visit) error {
	if _, err := tx.Exec(ctx, deleteSite, county, v.rec.Campaign, v.rec.Household); err != nil {
		return err
	}
	for key, value := range v.at {
		if _, err := tx.Exec(ctx, upsertValue, county, v.rec.Campaign, v.rec.Household, key.member, key.field, playbook.SourceSite, value, v.rec.ID, v.rec.Account, "", tx.Now()); err != nil {
			return err
		}
	}
	return nil
}
