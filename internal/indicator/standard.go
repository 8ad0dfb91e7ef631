package indicator

import (
	"context"

	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/playbook"
	"ruhu/internal/roster"
	"ruhu/internal/survey"
)

// Result of an item of the exit standard.
type Result string

// The results.
const (
	Met     Result = "met"
	NotMet  Result = "not_met"
	Unknown Result = "unknown" // no form yet, or the question was not answered
	Unasked Result = "unasked" // the survey does not ask for it
)

// StandingFigure is an indicator with its value.
type StandingFigure struct {
	Name  string        `json:"name"`
	Title playbook.Text `json:"title"`
	Unit  string        `json:"unit"` // household, person
	Value *float64      `json:"value"`
}

// ItemResult is an item of the exit standard with how a household stands.
type ItemResult struct {
	Code   string           `json:"code"`
	Title  playbook.Text    `json:"title"`
	Result Result           `json:"result"` // met, not_met, unknown, unasked
	Reason playbook.Text    `json:"reason"` // when it is not met
	Figure *StandingFigure  `json:"figure"`
	Parts  []StandingFigure `json:"parts"`
	Limit  *float64         `json:"limit"`
}

// ExitStanding is how a household stands against the exit standard (一超六有).
type ExitStanding struct {
	Household  string           `json:"household_id"`
	Code       string           `json:"household_code"`
	HeadName   string           `json:"head_name"`
	Class      string           `json:"class"`
	Village    string           `json:"village_name"`
	Group      string           `json:"group"`
	Size       int              `json:"size"`
	Applies    bool             `json:"applies"` // the household is of a class that exits
	Submission string           `json:"submission_id"`
	Revision   int              `json:"revision"`
	At         *db.Time         `json:"at"` // of the form; null before there is one
	Items      []ItemResult     `json:"items"`
	Figures    []StandingFigure `json:"figures"`
	Result     Result           `json:"result"` // of all items: not met when one is not, unknown when one is
}

// Standing gives a household's. Returns Forbidden, NotFound "roster.no_household".
func (s *Service) Standing(ctx context.Context, actor authz.Actor, household string) (ExitStanding, error) {
	if err := actor.Require(authz.DetermineRead); err != nil {
		return ExitStanding{}, err
	}
	var out ExitStanding
	err := s.d.View(ctx, func(tx *db.Tx) error {
		f, err := roster.HouseholdTx(ctx, tx, actor.County, household)
		if err == nil && !actor.Sees(f.Village) {
			err = errs.NotFound.New("roster.no_household", "id", household)
		}
		if err != nil {
			return err
		}
		c, err := survey.CampaignTx(ctx, tx, f.County, f.Campaign)
		if err != nil {
			return err
		}
		if out, err = s.standardTx(ctx, tx, c, household, string(f.Class)); err != nil {
			return err
		}
		names, err := roster.NamesTx(ctx, tx, f.County, []string{household})
		h := names[household]
		out.Household, out.Code, out.HeadName, out.Class, out.Village, out.Group, out.Size = h.ID, h.Code, h.HeadName, string(h.Class), h.VillageName, h.Group, h.Size
		return err
	})
	return out, err
}

// standardTx holds the figures of a household against the standard.
func (s *Service) standardTx(ctx context.Context, tx *db.Tx, c survey.Campaign, household, class string) (ExitStanding, error) {
	out := ExitStanding{Applies: c.Plan.ExitStandard.Household.Exit(class), Figures: []StandingFigure{}}
	v, known, err := valueTx(ctx, tx, c.County, c.ID, household)
	if err != nil {
		return out, err
	}
	ref, has := c.FormFor(class)
	if !has {
		return out, nil
	}
	form, err := s.surveys.FormTx(ctx, tx, ref.Hash)
	if err != nil {
		return out, err
	}
	titles := titlesOf(form)
	for _, i := range form.Indicators {
		f := figure(i.Name, titles, v.Figures)
		f.Unit = i.Unit
		out.Figures = append(out.Figures, f)
	}
	if known {
		out.Submission, out.Revision, out.At = v.Submission, v.Revision, &v.At
	}
	if out.Items, out.Result = items(c.Plan, titles, v.Figures); !out.Applies {
		out.Items = []ItemResult{}
	}
	return out, nil
}

// items holds figures against the items of the standard. titles are the indicators of the household's form.
func items(plan *playbook.Playbook, titles map[string]playbook.Text, figures map[string]float64) ([]ItemResult, Result) {
	out, all := []ItemResult{}, Met
	for _, it := range plan.ExitStandard.Household.Items {
		r := ItemResult{Code: it.Code, Title: it.Title, Parts: []StandingFigure{}, Result: Unknown}
		_, asked := titles[it.Indicator]
		x, known := figures[it.Indicator]
		switch {
		case !asked:
			r.Result = Unasked
		case known && x == 1:
			r.Result = Met
		case known:
			r.Result, r.Reason = NotMet, it.Reason
		}
		if _, has := titles[it.Figure]; has {
			f := figure(it.Figure, titles, figures)
			r.Figure = &f
		}
		for _, p := range it.Parts {
			if _, has := titles[p]; has {
				r.Parts = append(r.Parts, figure(p, titles, figures))
			}
		}
		if it.Threshold != "" {
			l := plan.Limit(playbook.Condition{Threshold: it.Threshold})
			r.Limit = &l
		}
		switch {
		case r.Result == NotMet:
			all = NotMet
		case r.Result == Unknown && all == Met:
			all = Unknown
		}
		out = append(out, r)
	}
	return out, all
}

func figure(name string, titles map[string]playbook.Text, figures map[string]float64) StandingFigure {
	f := StandingFigure{Name: name, Title: titles[name]}
	if x, known := figures[name]; known {
		f.Value = &x
	}
	return f
}
