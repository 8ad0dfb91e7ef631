package match

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

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
	rec     submission.Record
	members []roster.Member
	at      map[answerKey]string // in the form of figures
}

// answerKey names a figure that was answered: member is "" for one of the household.
type answerKey struct{ member, field string }

// visits are submissions of one campaign.
type visits struct {
	c    survey.Campaign
	list []*visit
}

func (s *Agreements) takeSite(ctx context.Context, county string, ids []string) error {
	campaigns, err := s.visits(ctx, county, ids)
	if err != nil {
		return err
	}
	for _, vs := range campaigns {
		if err := s.read(ctx, vs); err != nil {
			return err
		}
	}
	err = s.d.Update(ctx, func(tx *db.Tx) error {
		for _, vs := range campaigns {
			if err := keepSiteTx(ctx, tx, vs); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, vs := range campaigns {
		if err := s.compare(ctx, county, vs.c.ID, vs.households()); err != nil {
			return err
		}
	}
	return nil
}

// visits loads the submissions that belong to a household of a campaign with figures. Of two for one household the later one counts.
func (s *Agreements) visits(ctx context.Context, county string, ids []string) ([]*visits, error) {
	var out []*visits
	err := s.d.View(ctx, func(tx *db.Tx) error {
		out = nil
		recs, err := submission.ByIDsTx(ctx, tx, county, ids)
		if err != nil {
			return err
		}
		at := map[string]*visits{}
		for _, r := range slices.SortedFunc(maps.Values(recs), earlier) {
			if r.Household == "" || r.Revision == 0 {
				continue
			}
			vs := at[r.Campaign]
			if vs == nil {
				c, err := survey.CampaignTx(ctx, tx, county, r.Campaign)
				if err != nil {
					return err
				}
				vs = &visits{c: c}
				if at[r.Campaign] = vs; len(c.Plan.Agreement.Fields) > 0 {
					out = append(out, vs)
				}
			}
			vs.list = slices.DeleteFunc(vs.list, func(v *visit) bool { return v.rec.Household == r.Household })
			vs.list = append(vs.list, &visit{rec: r})
		}
		for _, vs := range out {
			full, err := roster.HouseholdsTx(ctx, tx, county, vs.households())
			if err != nil {
				return err
			}
			for _, v := range vs.list {
				v.members = full[v.rec.Household].Members
			}
		}
		return nil
	})
	return out, err
}

func earlier(a, b submission.Record) int {
	return cmp.Or(a.ReceivedAt.Time().Compare(b.ReceivedAt.Time()), strings.Compare(a.ID, b.ID))
}

// households lists the households in order.
func (vs *visits) households() []string {
	out := make([]string, len(vs.list))
	for i, v := range vs.list {
		out[i] = v.rec.Household
	}
	slices.Sort(out)
	return out
}

// read takes the answers of forms. An instance that can't be read gives none.
func (s *Agreements) read(ctx context.Context, vs *visits) error {
	recs := make([]submission.Record, len(vs.list))
	for i, v := range vs.list {
		recs[i] = v.rec
	}
	readings, err := s.reader.Read(ctx, vs.c.Zone, recs)
	if err != nil {
		return err
	}
	wanted := map[string]map[string]*playbook.AgreementField{} // by form
	for _, v := range vs.list {
		if wanted[v.rec.Form] == nil {
			f, err := s.surveys.Form(ctx, v.rec.Form)
			if err != nil {
				return err
			}
			wanted[v.rec.Form] = wantedOf(f.X, &vs.c.Plan.Agreement)
		}
		if x := readings[v.rec.ID]; x != nil {
			v.at = answers(wanted[v.rec.Form], x.Answers, v.members)
		}
	}
	return nil
}

// wantedOf gives the figures that questions of a form are compared with (bind::ruhu:compare), by path.
func wantedOf(form *xform.Form, a *playbook.Agreement) map[string]*playbook.AgreementField {
	wanted := map[string]*playbook.AgreementField{}
	for _, n := range form.Nodes() {
		for item := range strings.FieldsSeq(n.Compare) {
			if f, ok := a.Compared(item, n.Path[strings.LastIndexByte(n.Path, '/')+1:]); ok {
				wanted[n.Path] = f
			}
		}
	}
	return wanted
}

// answers reads the answers that figures are compared with. Of a choice its label counts ("是"), brought to the figure's form. Inside a repeat
// they are about the member whom the same instance names: by the number, else by the name, in questions that are marked as such
// (bind::ruhu:pii). An instance that names nobody of the household gives none.
func answers(wanted map[string]*playbook.AgreementField, state []submission.Answer, members []roster.Member) map[answerKey]string {
	if len(wanted) == 0 {
		return nil
	}
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
		if n.Label != "" {
			text = n.Label
		}
		out[key] = valueOf(f, text)
	}
	return out
}

// spokenOf says which instances of repeats are about which member. A name counts only where one member has it.
func spokenOf(state []submission.Answer, members []roster.Member) map[string]string {
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
	if !strings.Contains(ref, "[") {
		return ref
	}
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

func keepSiteTx(ctx context.Context, tx *db.Tx, vs *visits) error {
	in, args := db.In(3, vs.households()...)
	if _, err := tx.Exec(ctx, deleteSite+in+`)`, append([]any{vs.c.County, vs.c.ID}, args...)...); err != nil {
		return err
	}
	var rows [][]any
	for _, v := range vs.list {
		for key, value := range v.at {
			rows = append(rows, []any{vs.c.County, vs.c.ID, v.rec.Household, key.member, key.field, playbook.SourceSite, value, v.rec.ID, v.rec.Account, "", tx.Now()})
		}
	}
	_, err := db.Insert(ctx, tx, insertValue, rows, toValue)
	return err
}
