package match

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"ruhu/internal/audit"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/id"
	"ruhu/internal/playbook"
	"ruhu/internal/region"
	"ruhu/internal/roster"
	"ruhu/internal/survey"
)

// FigureFilter narrows Figures. Zero fields do not.
type FigureFilter struct {
	Village   region.Code // or a township
	Field     string
	Verdict   FigureVerdict
	State     string
	Household string
	Cursor    string // id of the last figure seen
	Limit     int    // 1 to 200; 0 is 50
}

// Row is a figure with the names that lists show. Masked where the role may not see numbers.
type Row struct {
	Figure
	House      roster.Household
	MemberName string
}

// Figures gives figures of the actor's region that differ or lack a value (or as the filter says), by id, and the cursor of the next page.
// Returns Forbidden, NotFound "survey.not_found", Invalid "id.malformed".
func (s *Agreements) Figures(ctx context.Context, actor authz.Actor, campaign string, f FigureFilter) ([]Row, string, error) {
	if err := actor.Require(authz.MatchCompare); err != nil {
		return nil, "", err
	}
	campaign, err := id.Parse(campaign)
	if err != nil {
		return nil, "", err
	}
	if f.Limit < 1 || f.Limit > 200 {
		f.Limit = 50
	}
	lo, hi := actor.Scope()
	w := db.NewWhere(`county = ? AND campaign = ? AND village >= ? AND village < ?`, actor.County, campaign, lo, hi)
	if f.Village != "" {
		lo, hi := f.Village.Range()
		w.And(`village >= ? AND village < ?`, lo, hi)
	}
	if f.Cursor != "" {
		after, err := id.Parse(f.Cursor)
		if err != nil {
			return nil, "", err
		}
		w.And(`id > ?`, after)
	}
	if f.Household != "" {
		household, err := id.Parse(f.Household)
		if err != nil {
			return nil, "", err
		}
		w.And(`household = ?`, household)
	} else if f.Verdict == "" {
		w.And(`verdict <> ?`, string(Agree))
	}
	for _, c := range []struct{ cond, v string }{{`field = ?`, f.Field}, {`verdict = ?`, string(f.Verdict)}, {`state = ?`, f.State}} {
		if c.v != "" {
			w.And(c.cond, c.v)
		}
	}
	var out []Row
	next := ""
	err = s.d.View(ctx, func(tx *db.Tx) error {
		c, err := survey.VisibleTx(ctx, tx, actor, campaign)
		if err != nil {
			return err
		}
		args := append(w.Args(), f.Limit+1)
		fs, err := db.List(ctx, tx, scanFigure, `SELECT `+figureColumns+` FROM match_agreement WHERE `+w.Text()+` ORDER BY id LIMIT $`+strconv.Itoa(len(args)), args...)
		if err != nil {
			return err
		}
		if len(fs) > f.Limit {
			fs, next = fs[:f.Limit], fs[f.Limit-1].ID
		}
		out, err = rowsOfTx(ctx, tx, actor, c, fs)
		return err
	})
	return out, next, err
}

// rowsOfTx adds households and names, and masks.
func rowsOfTx(ctx context.Context, tx *db.Tx, actor authz.Actor, c survey.Campaign, fs []Figure) ([]Row, error) {
	ids := make([]string, 0, len(fs))
	for _, f := range fs {
		ids = append(ids, f.Household)
	}
	slices.Sort(ids)
	full, err := roster.HouseholdsTx(ctx, tx, actor.County, slices.Compact(ids))
	if err != nil {
		return nil, err
	}
	out := make([]Row, len(fs))
	for i, f := range fs {
		h := full[f.Household]
		out[i] = Row{Figure: f, House: h.Household}
		for _, m := range h.Members {
			if m.ID == f.Member {
				out[i].MemberName = m.Name
			}
		}
		if !actor.Can(authz.RosterPII) {
			out[i].House = h.Household.Masked()
			out[i].mask(c)
		}
	}
	return out, nil
}

func (r *Row) mask(c survey.Campaign) {
	f, ok := c.Plan.Agreement.Field(r.Field)
	if !ok {
		return
	}
	r.RulingValue, r.SettledValue = maskAs(f.Kind, r.RulingValue), maskAs(f.Kind, r.SettledValue)
	r.Values = slices.Clone(r.Values)
	for i := range r.Values {
		r.Values[i].Value = maskAs(f.Kind, r.Values[i].Value)
	}
}

// Count tells how many figures of a village and field have a verdict and state.
type Count struct {
	Village region.Code
	Field   string
	Verdict FigureVerdict
	State   string
	N       int
}

// Counts gives the fix-first list in numbers (S1.4), for the actor's region. Returns Forbidden, NotFound "survey.not_found".
func (s *Agreements) Counts(ctx context.Context, actor authz.Actor, campaign string) ([]Count, error) {
	if err := actor.Require(authz.MatchCompare); err != nil {
		return nil, err
	}
	campaign, err := id.Parse(campaign)
	if err != nil {
		return nil, err
	}
	var out []Count
	err = s.d.View(ctx, func(tx *db.Tx) error {
		if _, err := survey.VisibleTx(ctx, tx, actor, campaign); err != nil {
			return err
		}
		lo, hi := actor.Scope()
		out, err = db.List(ctx, tx, func(scan func(...any) error) (Count, error) {
			var c Count
			err := scan(&c.Village, &c.Field, (*string)(&c.Verdict), &c.State, &c.N)
			return c, err
		}, countFigures, actor.County, campaign, lo, hi)
		return err
	})
	return out, err
}

// Settlement says what is right: the value of a source, or another one.
type Settlement struct {
	Source string // of the figure's values, or SourceOther
	Value  string // for SourceOther
	Note   string // how it was found out; needed unless the source is the one that rules
}

// Settle records what is right about a figure that is open. Returns Forbidden, NotFound "match.no_figure", Conflict "match.not_open", Invalid
// "match.source" (the figure has no such source with a value), "match.value", "match.note".
func (s *Agreements) Settle(ctx context.Context, actor authz.Actor, figure string, in Settlement) (Row, error) {
	return s.change(ctx, actor, figure, "match.settle", StateOpen, func(f *Figure, field *playbook.AgreementField) error {
		in.Note = strings.TrimSpace(in.Note)
		if n := utf8.RuneCountInString(in.Note); n > 500 || n == 0 && in.Source != f.Ruling {
			return errs.Invalid.New("match.note", "field", "note")
		}
		value := valueOf(field, in.Value)
		if in.Source != SourceOther {
			i := slices.IndexFunc(f.Values, func(v Value) bool { return v.Source == in.Source && v.Known })
			if i < 0 {
				return errs.Invalid.New("match.source", "field", "source")
			}
			value = f.Values[i].Value
		}
		if value == "" || utf8.RuneCountInString(value) > 100 {
			return errs.Invalid.New("match.value", "field", "value")
		}
		f.State, f.SettledValue, f.SettledSource, f.Note = StateSettled, value, in.Source, in.Note
		return nil
	})
}

// Reopen takes a settlement back, with a reason. Returns Forbidden, NotFound "match.no_figure", Conflict "match.not_settled", Invalid "match.note".
func (s *Agreements) Reopen(ctx context.Context, actor authz.Actor, figure, note string) (Row, error) {
	return s.change(ctx, actor, figure, "match.reopen", StateSettled, func(f *Figure, _ *playbook.AgreementField) error {
		note = strings.TrimSpace(note)
		if n := utf8.RuneCountInString(note); n == 0 || n > 500 {
			return errs.Invalid.New("match.note", "field", "note")
		}
		f.State, f.SettledValue, f.SettledSource, f.Note = StateOpen, "", "", note
		return nil
	})
}

func (s *Agreements) change(ctx context.Context, actor authz.Actor, figure, action, from string, fn func(*Figure, *playbook.AgreementField) error) (Row, error) {
	if err := actor.Require(authz.MatchSettle); err != nil {
		return Row{}, err
	}
	figure, err := id.Parse(figure)
	if err != nil {
		return Row{}, err
	}
	var out Row
	err = s.d.Update(ctx, func(tx *db.Tx) error {
		f, c, err := figureTx(ctx, tx, actor, figure)
		if err != nil {
			return err
		}
		field, ok := c.Plan.Agreement.Field(f.Field)
		if !ok {
			return errs.NotFound.New("match.no_figure", "id", figure)
		}
		wrong := errs.Conflict.New(map[string]string{StateOpen: "match.not_open", StateSettled: "match.not_settled"}[from])
		if f.State != from {
			return wrong
		}
		if err := fn(&f, field); err != nil {
			return err
		}
		at := tx.Now()
		n, err := tx.Exec(ctx, settleFigure, actor.County, f.ID, f.State, f.SettledValue, f.SettledSource, f.Note, actor.ID, actor.Name, at, from)
		if err != nil {
			return err
		}
		if n == 0 {
			return wrong
		}
		f.ByName, f.SettledAt = actor.Name, at
		if err := audit.Write(ctx, tx, actor, audit.Entry{
			Action: action, Campaign: f.Campaign, Object: "figure", ObjectID: f.ID, Place: f.Village,
			Detail: map[string]any{"household": f.Household, "member": f.Member, "field": f.Field, "source": f.SettledSource, "note": f.Note},
		}); err != nil {
			return err
		}
		rows, err := rowsOfTx(ctx, tx, actor, c, []Figure{f})
		if err == nil {
			out = rows[0]
		}
		return err
	})
	return out, err
}

func figureTx(ctx context.Context, tx *db.Tx, actor authz.Actor, figure string) (Figure, survey.Campaign, error) {
	lo, hi := actor.Scope()
	f, err := scanFigure(tx.QueryRow(ctx, selectFigure, actor.County, figure, lo, hi).Scan)
	if errors.Is(err, db.ErrNoRows) {
		return f, survey.Campaign{}, errs.NotFound.New("match.no_figure", "id", figure)
	}
	if err != nil {
		return f, survey.Campaign{}, err
	}
	c, err := survey.CampaignTx(ctx, tx, actor.County, f.Campaign)
	if err == nil && c.State == survey.Closed {
		err = errs.Conflict.New("survey.closed")
	}
	return f, c, err
}

// houseTx gives a household of the actor's region with its campaign. Returns NotFound "roster.no_household", Conflict "survey.closed".
func houseTx(ctx context.Context, tx *db.Tx, actor authz.Actor, household string, write bool) (roster.Full, survey.Campaign, error) {
	h, err := roster.HouseholdTx(ctx, tx, actor.County, household)
	if err != nil {
		return h, survey.Campaign{}, err
	}
	if !actor.Sees(h.Village) {
		return h, survey.Campaign{}, errs.NotFound.New("roster.no_household", "id", household)
	}
	c, err := survey.CampaignTx(ctx, tx, actor.County, h.Campaign)
	if err == nil && write && c.State == survey.Closed {
		err = errs.Conflict.New("survey.closed")
	}
	return h, c, err
}

// Household gives all figures of a household, agreeing ones too, with the campaign whose playbook names them. Returns Forbidden, NotFound
// "roster.no_household".
func (s *Agreements) Household(ctx context.Context, actor authz.Actor, household string) ([]Row, survey.Campaign, error) {
	if err := actor.Require(authz.MatchCompare); err != nil {
		return nil, survey.Campaign{}, err
	}
	household, err := id.Parse(household)
	if err != nil {
		return nil, survey.Campaign{}, err
	}
	var out []Row
	var c survey.Campaign
	err = s.d.View(ctx, func(tx *db.Tx) error {
		_, camp, err := houseTx(ctx, tx, actor, household, false)
		if err != nil {
			return err
		}
		c = camp
		byKey, err := figuresOfTx(ctx, tx, actor.County, c.ID, []string{household})
		if err != nil {
			return err
		}
		var fs []Figure
		for i := range c.Plan.Agreement.Fields {
			for k, f := range byKey {
				if k.field == c.Plan.Agreement.Fields[i].Code {
					fs = append(fs, f)
				}
			}
		}
		slices.SortStableFunc(fs, func(a, b Figure) int {
			return order(c, a.Field) - order(c, b.Field) + 1000*strings.Compare(a.Member, b.Member)
		})
		out, err = rowsOfTx(ctx, tx, actor, c, fs)
		return err
	})
	return out, c, err
}

func order(c survey.Campaign, field string) int {
	return slices.IndexFunc(c.Plan.Agreement.Fields, func(f playbook.AgreementField) bool { return f.Code == field })
}

// PutPaper keeps what a household's paper shows for a figure; "" takes it back. Returns Forbidden, NotFound "roster.no_household", "match.no_field",
// Conflict "survey.closed", Invalid "match.value", "match.no_member".
func (s *Agreements) PutPaper(ctx context.Context, actor authz.Actor, household, member, field, value string) error {
	if err := actor.Require(authz.MatchSettle); err != nil {
		return err
	}
	household, err := id.Parse(household)
	if err != nil {
		return err
	}
	var c survey.Campaign
	err = s.d.Update(ctx, func(tx *db.Tx) error {
		h, camp, err := houseTx(ctx, tx, actor, household, true)
		if err != nil {
			return err
		}
		c = camp
		f, ok := c.Plan.Agreement.Field(field)
		switch {
		case !ok:
			return errs.NotFound.New("match.no_field", "field", field)
		case (f.Unit == "person") != (member != ""), member != "" && !slices.ContainsFunc(h.Members, func(m roster.Member) bool { return m.ID == member }):
			return errs.Invalid.New("match.no_member", "field", "member")
		case utf8.RuneCountInString(value) > 100:
			return errs.Invalid.New("match.value", "field", "value")
		}
		if value = valueOf(f, value); value == "" {
			_, err = tx.Exec(ctx, deleteValue, actor.County, c.ID, household, member, field, playbook.SourcePaper)
		} else {
			_, err = tx.Exec(ctx, insertValue+db.Rows(1, 11)+toValue, actor.County, c.ID, household, member, field, playbook.SourcePaper, value, "", actor.ID, actor.Name, tx.Now())
		}
		if err != nil {
			return err
		}
		return audit.Write(ctx, tx, actor, audit.Entry{
			Action: "match.paper_value", Campaign: c.ID, Object: "household", ObjectID: household, Place: h.Village, Detail: map[string]any{"field": field, "member": member},
		})
	})
	if err != nil {
		return err
	}
	return s.compare(ctx, actor.County, c.ID, []string{household})
}
