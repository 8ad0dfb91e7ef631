package trace

import (
	"context"
	"slices"
	"strings"

	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/ledger"
	"ruhu/internal/playbook"
	"ruhu/internal/signature"
	"ruhu/internal/survey"
)

// checks are the sources of problems that trace signers.
var checks = []ledger.Source{ledger.ByNational, ledger.ByProvince, ledger.ByOwn, ledger.BySpot}

// kinds are the documents in the order in which they are signed.
var kinds = []string{playbook.SignHousehold, playbook.SignVillage, playbook.SignLedger}

// lastWords gives, of each step of a chain in its order, the last signature before found.
func lastWords(chain playbook.SignChain, all []signature.Entry, found db.Time) []signature.Entry {
	var out []signature.Entry
	for _, s := range chain.Steps {
		var last *signature.Entry
		for i := range all {
			if all[i].Step == s.Code && all[i].At.Before(found) {
				last = &all[i]
			}
		}
		if last != nil {
			out = append(out, *last)
		}
	}
	return out
}

// saidInForm is what a form said about a problem when it was signed, by the codes that held.
func saidInForm(e signature.Entry, p TracedProblem) string {
	codes := strings.Fields(e.Problems)
	switch {
	case slices.Contains(codes, p.Code):
		return SaidIt
	case len(codes) > 0:
		return SaidOther
	}
	return SaidNone
}

// saidInList is what a list said about a problem of a household.
func saidInList(c signature.ListContent, household string, p TracedProblem) string {
	if c.Kind == playbook.SignVillage {
		i := slices.IndexFunc(c.Forms, func(f signature.ListedForm) bool { return f.Household == household })
		if i < 0 {
			return SaidAbsent
		}
		return saidInForm(signature.Entry{Problems: strings.Join(c.Forms[i].Problems, " ")}, p)
	}
	said := SaidNone
	for _, x := range c.Problems {
		if x.ID == p.ID {
			return SaidIt
		}
		if x.Household == household {
			said = SaidOther
		}
	}
	return said
}

// signersTx gives who signed before a problem was found, and whether they answer for it.
func signersTx(ctx context.Context, tx *db.Tx, c survey.Campaign, h Subject, form signature.FormChain, p TracedProblem) ([]TracedSigner, error) {
	out := []TracedSigner{}
	for _, kind := range kinds {
		chain, ok := c.Plan.Chain(kind)
		if !ok {
			continue
		}
		all := form.Signatures
		if kind != playbook.SignHousehold {
			lists, err := signature.EntriesTx(ctx, tx, c.County, c.ID, kind, string(h.Village))
			if err != nil {
				return nil, err
			}
			all = lists[string(h.Village)]
		}
		for _, e := range lastWords(chain, all, p.FoundAt) {
			s := TracedSigner{Entry: e, Title: title(chain, e.Step), Said: saidInForm(e, p), Void: kind == playbook.SignHousehold && e.Digest != form.Digest}
			if kind != playbook.SignHousehold {
				content, err := signature.ContentTx(ctx, tx, c.County, e.Digest)
				if err != nil {
					return nil, err
				}
				s.Said = saidInList(content, h.ID, p)
			}
			household := e.ByName == "" || e.For == signature.Household
			s.Answers = p.Check && !household && (s.Said == SaidNone || s.Said == SaidOther)
			s.Proof = proofOf(e)
			out = append(out, s)
		}
	}
	return out, nil
}

func title(chain playbook.SignChain, step string) errs.Text {
	i := chain.Step(step)
	if i < 0 {
		return errs.Text{ZH: step, EN: step}
	}
	return errs.Text(chain.Steps[i].Title)
}
