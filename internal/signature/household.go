package signature

import (
	"context"
	"slices"
	"strings"

	"ruhu/internal/assign"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/playbook"
	"ruhu/internal/roster"
	"ruhu/internal/submission"
	"ruhu/internal/survey"
)

// FormChain is the chain of a household's form.
type FormChain struct {
	Submission string      `json:"submission"` // "" when none has come
	Revision   int         `json:"revision"`
	Digest     string      `json:"digest"`
	Steps      []ChainStep `json:"steps"`
	Signatures []Entry     `json:"signatures"` // all, those that are void too, the oldest first
}

// Household gives the signatures under the form of a household in the actor's region. Returns Forbidden, NotFound "survey.not_found",
// "roster.no_household".
func (s *Service) Household(ctx context.Context, actor authz.Actor, campaign, household string) (FormChain, error) {
	var out FormChain
	if err := actor.Require(authz.SignatureRead); err != nil {
		return out, err
	}
	err := s.d.View(ctx, func(tx *db.Tx) error {
		c, err := survey.VisibleTx(ctx, tx, actor, campaign)
		if err != nil {
			return err
		}
		h, err := roster.HouseholdTx(ctx, tx, actor.County, household)
		if err == nil && (h.Campaign != campaign || !actor.Sees(h.Village)) {
			err = errs.NotFound.New("roster.no_household", "id", household)
		}
		if err != nil {
			return err
		}
		out, err = s.FormTx(ctx, tx, c, household)
		return err
	})
	return out, err
}

// FormTx gives the signatures under the form of a household without asking who looks: those that were kept, and those in the form.
func (s *Service) FormTx(ctx context.Context, tx *db.Tx, c survey.Campaign, household string) (FormChain, error) {
	out := FormChain{Steps: []ChainStep{}, Signatures: []Entry{}}
	chain, ok := c.Plan.Chain(playbook.SignHousehold)
	if !ok {
		return out, nil
	}
	all, err := EntriesTx(ctx, tx, c.County, c.ID, chain.Kind, household)
	if err != nil {
		return out, err
	}
	out.Signatures = append(out.Signatures, all[household]...)
	as, err := assign.ByHouseholdsTx(ctx, tx, c.County, c.ID, []string{household})
	if err != nil {
		return out, err
	}
	recs, err := submission.ByAssignmentsTx(ctx, tx, c.County, []string{as[household].ID})
	if err != nil {
		return out, err
	}
	rec, come := recs[as[household].ID]
	if come {
		papers, err := papersTx(ctx, tx, chain, rec)
		if err != nil {
			return out, err
		}
		out.Submission, out.Revision, out.Digest = rec.ID, rec.Revision, papers[len(papers)-1].digest
		found, err := s.inForm(ctx, tx, chain, papers)
		if err != nil {
			return out, err
		}
		out.Signatures = append(out.Signatures, unlike(found, out.Signatures)...)
		slices.SortStableFunc(out.Signatures, func(a, b Entry) int { return strings.Compare(a.At.String(), b.At.String()) })
	}
	out.Steps = stand(chain, c.Plan.Review, out.Signatures, out.Digest)
	passed(chain, out.Steps, rec.State == submission.StateAccepted)
	return out, nil
}

// passed marks the levels that a form went past without being looked at: a later one has signed, or the form is accepted.
func passed(chain playbook.SignChain, steps []ChainStep, later bool) {
	for i := len(steps) - 1; i >= 0; i-- {
		switch {
		case steps[i].State == Signed:
			later = later || chain.Steps[i].Level != ""
		case later && chain.Steps[i].Level != "":
			steps[i].State = Passed
		}
	}
}
