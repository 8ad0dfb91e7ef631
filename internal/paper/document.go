package paper

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"ruhu/internal/assign"
	"ruhu/internal/db"
	"ruhu/internal/docgen"
	"ruhu/internal/errs"
	"ruhu/internal/idnumber"
	"ruhu/internal/listing"
	"ruhu/internal/paper/layout"
	"ruhu/internal/playbook"
	"ruhu/internal/region"
	"ruhu/internal/roster"
	"ruhu/internal/survey"
)

// document is a file before it is printed.
type document struct{ layout.Document }

func (d document) print() docgen.Document {
	return docgen.Document{
		Sides: d.Layout.Sides, Sections: len(d.Parts), Write: func(w io.Writer) error { return layout.Write(w, d.Document) },
	}
}

// source is all that a document is made from, read in one state.
type source struct {
	job    Job
	file   File
	c      survey.Campaign
	full   []roster.Full // in order
	visits map[string]assign.Assignment
	teams  map[string]string
	people map[string][]string          // of teams, for worklists
	forms  map[string]*survey.Form      // by hash
	works  map[region.Code]listing.Work // Listing, where the playbook has one
	number int64                        // Frozen: of the roster's last entry
	digest string
	lang   string
	now    db.Time
}

const step = 25 // households between two notes of progress

func (s *Service) document(ctx context.Context, j Job, f File, p *progress) (document, error) {
	src, err := s.read(ctx, j, f)
	if err != nil {
		return document{}, err
	}
	doc := document{layout.Document{Lang: src.lang, Title: f.Name, Layout: docgen.Layout{Sides: j.Ask.Sides, Dense: true, Foot: src.foot()}}}
	switch j.Ask.Kind {
	case Forms, Blank:
		doc.Parts, err = src.sheets(p)
	case Worklist:
		doc.Layout.Landscape = true
		doc.Parts = src.worklist()
	case Listing:
		doc.Layout.Landscape = true
		doc.Parts = src.villages(src.listing)
	default:
		doc.Parts = src.villages(src.roster)
	}
	return doc, err
}

func (s *Service) read(ctx context.Context, j Job, f File) (*source, error) {
	src := &source{job: j, file: f, lang: j.Ask.Lang, forms: map[string]*survey.Form{}}
	err := s.d.View(ctx, func(tx *db.Tx) (err error) {
		src.now = tx.Now()
		if src.c, err = survey.CampaignTx(ctx, tx, j.County, j.Campaign); err != nil {
			return err
		}
		if j.Ask.Kind == Blank {
			return src.readForm(ctx, tx, s.surveys, src.blankHash())
		}
		byID, err := roster.HouseholdsTx(ctx, tx, j.County, f.households)
		if err != nil {
			return err
		}
		for _, h := range f.households {
			if full, ok := byID[h]; ok && j.actor.Sees(full.Village) {
				if !j.OpenPII {
					full = full.Masked()
				}
				src.full = append(src.full, full)
			}
		}
		if src.visits, err = assign.ByHouseholdsTx(ctx, tx, j.County, j.Campaign, f.households); err != nil {
			return err
		}
		if err := src.readTeams(ctx, tx, s.assigns); err != nil {
			return err
		}
		switch j.Ask.Kind {
		case Listing:
			return src.readWorks(ctx, tx)
		case Frozen:
			src.full = slices.DeleteFunc(src.full, func(h roster.Full) bool { return h.State != roster.Listed })
			src.number, src.digest, err = roster.HeadTx(ctx, tx, j.County, j.Campaign)
			return err
		case Forms:
		default:
			return nil
		}
		for _, h := range src.full {
			if err := src.readForm(ctx, tx, s.surveys, src.hash(h)); err != nil {
				return err
			}
		}
		return nil
	})
	return src, err
}

// readWorks reads the working lists of the villages. A campaign without a listing prints the roster to be ticked.
func (src *source) readWorks(ctx context.Context, tx *db.Tx) error {
	if !src.c.Plan.Listing.Asked() {
		return nil
	}
	src.works = map[region.Code]listing.Work{}
	for _, h := range src.full {
		if _, ok := src.works[h.Village]; ok {
			continue
		}
		w, err := listing.WorkTx(ctx, tx, src.job.actor, src.c, h.Village)
		if err != nil {
			return err
		}
		src.works[h.Village] = w
	}
	return nil
}

func (src *source) readTeams(ctx context.Context, tx *db.Tx, teams *assign.Service) error {
	var ids []string
	for _, v := range src.visits {
		ids = append(ids, v.Team)
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	var err error
	if src.teams, err = assign.TeamNamesTx(ctx, tx, src.job.County, ids); err != nil || src.job.Ask.Kind != Worklist || len(ids) == 0 {
		return err
	}
	src.people = map[string][]string{}
	all, err := teams.TeamsTx(ctx, tx, src.job.County, src.job.Campaign)
	for _, t := range all {
		for _, m := range t.Members {
			src.people[t.ID] = append(src.people[t.ID], m.Name)
		}
	}
	return err
}

func (src *source) readForm(ctx context.Context, tx *db.Tx, surveys *survey.Service, hash string) error {
	if hash == "" || src.forms[hash] != nil {
		return nil
	}
	f, err := surveys.FormTx(ctx, tx, hash)
	src.forms[hash] = f
	return err
}

func (src *source) blankHash() string {
	for _, f := range src.c.Forms {
		if f.Code == src.job.Ask.Form {
			return f.Hash
		}
	}
	return ""
}

// hash names the form of a household: that of its visit, else the campaign's for its class.
func (src *source) hash(h roster.Full) string {
	if v := src.visits[h.ID]; v.FormHash != "" {
		return v.FormHash
	}
	f, _ := src.c.FormFor(string(h.Class))
	return f.Hash
}

// sheets lays out questionnaires.
func (src *source) sheets(p *progress) ([]layout.Part, error) {
	if src.job.Ask.Kind == Blank {
		f := src.forms[src.blankHash()]
		if f == nil {
			return nil, errs.NotFound.New("paper.no_form", "form", src.job.Ask.Form)
		}
		sh, err := src.sheet(f, layout.Input{Form: f.X, Lang: src.lang, Spare: 8})
		if err != nil {
			return nil, err
		}
		part := layout.Part{Header: docgen.Section{Left: src.c.Title, Right: sh.Title}, Sheet: &sh}
		return slices.Repeat([]layout.Part{part}, src.job.Ask.Copies), nil
	}
	var out []layout.Part
	for i, h := range src.full {
		if i%step == 0 {
			if err := p.set(Building, i); err != nil {
				return nil, err
			}
		}
		f := src.forms[src.hash(h)]
		if f == nil {
			continue // its class changed since: nobody asks it anything
		}
		sh, err := src.sheet(f, layout.Input{
			Form: f.X, Lang: src.lang, Prefill: roster.Prefill(h), Members: src.members(h), Mask: src.mask, Spare: spareRows,
		})
		if err != nil {
			return nil, err
		}
		v := src.visits[h.ID]
		sh.House = &layout.House{
			ID: h.ID, Code: h.Code, Village: h.VillageName, Group: h.Group, Head: h.HeadName, Class: src.class(h.Class),
			Team: src.teams[v.Team], Day: string(v.Date), URL: src.url(h.ID),
		}
		out = append(out, layout.Part{
			Header: docgen.Section{Left: fmt.Sprintf("%s %s　%s　%s", h.VillageName, h.Group, h.Code, h.HeadName), Right: sh.Title}, Sheet: &sh,
		})
	}
	return out, nil
}

// sheet adds what the campaign knows: codes of the form, and who signs in which order.
func (src *source) sheet(f *survey.Form, in layout.Input) (layout.Sheet, error) {
	sh, err := layout.Build(in)
	if err != nil {
		return sh, fmt.Errorf("lay out form %s: %w", f.Code, err)
	}
	sh.Title = title(f.Title, src.lang)
	sh.FormCode, sh.Hash = f.X.ID(), f.Hash[:8]
	sh.Signers = src.signers(sh)
	return sh, nil
}

// signers is the chain on a form: the household, the enumerators, then the levels of review in the playbook's order (S0.7, S3.5, S3.9).
// Signatures that the form asks for keep its labels.
func (src *source) signers(sh layout.Sheet) []string {
	household, team := sh.Signers[:sh.SignsHousehold], sh.Signers[sh.SignsHousehold:]
	var out []string
	if len(household) == 0 {
		household = []string{layout.Word(src.lang, "sign.household")}
	}
	out = append(append(out, household...), team...)
	for n := len(team) + 1; n <= src.c.Plan.Team.Size; n++ {
		out = append(out, layout.Word(src.lang, "sign.enumerator", "n", n))
	}
	for _, l := range src.c.Plan.Review {
		out = append(out, title(l.Title, src.lang))
	}
	return out
}

func (src *source) members(h roster.Full) []layout.Member {
	var out []layout.Member
	for _, m := range h.Members {
		if m.State != roster.Present {
			continue
		}
		keys := map[string]string{}
		for k, v := range m.Prefill() {
			keys["member."+k] = v
		}
		out = append(out, layout.Member{
			Name: m.Name, Relation: m.Relation, Sex: m.Sex, IDNumber: string(m.IDNumber), Health: m.Health, Keys: keys,
		})
	}
	return out
}

// mask hides what the person who prints may not read. Values of the base list are masked already; this covers what forms compute.
func (src *source) mask(pii, v string) string {
	if src.job.OpenPII || strings.ContainsAny(v, "*＊") {
		return v
	}
	switch pii {
	case "id_number":
		return idnumber.Mask(v)
	case "phone":
		return idnumber.MaskPhone(v)
	}
	return v
}

func (src *source) class(c roster.Class) string {
	for _, k := range src.c.Plan.Scope.Classes {
		if k.Code == string(c) {
			return title(k.Title, src.lang)
		}
	}
	return string(c)
}

func (src *source) url(household string) string { return src.job.Base + "/h/" + household }

// foot is the line on every page that says who printed it.
func (src *source) foot() string {
	at := src.now.Time().In(src.c.Zone).Format("2006-01-02 15:04")
	s := layout.Word(src.lang, "foot.printed", "name", src.job.actor.Name, "account", src.job.actor.Account, "at", at)
	if src.job.Ask.Kind != Blank {
		s += "　" + layout.Word(src.lang, "foot.pii")
	}
	return s
}

func title(t playbook.Text, lang string) string {
	if lang == "en" && t.EN != "" {
		return t.EN
	}
	return t.ZH
}
