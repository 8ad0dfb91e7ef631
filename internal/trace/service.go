package trace

import (
	"context"

	"ruhu/internal/account"
	"ruhu/internal/audit"
	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/ledger"
	"ruhu/internal/review"
	"ruhu/internal/roster"
	"ruhu/internal/signature"
	"ruhu/internal/submission"
	"ruhu/internal/survey"
)

// Service traces. It is safe for many goroutines.
type Service struct {
	d        *db.DB
	accounts *account.Service
	signs    *signature.Service
}

// NewService makes a Service.
func NewService(d *db.DB, accounts *account.Service, signs *signature.Service) *Service {
	return &Service{d, accounts, signs}
}

// Household traces a household of the actor's region, and with a problem who signed before it was found. Returns Forbidden, NotFound
// "survey.not_found", "roster.no_household", "ledger.not_found".
func (s *Service) Household(ctx context.Context, actor authz.Actor, campaign, household, problem string) (Trace, error) {
	var out Trace
	if err := actor.Require(authz.TraceRead); err != nil {
		return out, err
	}
	err := s.d.View(ctx, func(tx *db.Tx) (err error) {
		out, err = s.householdTx(ctx, tx, actor, campaign, household, problem)
		return err
	})
	return out, err
}

func (s *Service) householdTx(ctx context.Context, tx *db.Tx, actor authz.Actor, campaign, household, problem string) (Trace, error) {
	out := Trace{Campaign: campaign, Problem: problem, Problems: []TracedProblem{}, MadeAt: tx.Now(), MadeBy: actor.Name}
	c, err := survey.VisibleTx(ctx, tx, actor, campaign)
	if err != nil {
		return out, err
	}
	out.Title = c.Title
	h, err := roster.HouseholdTx(ctx, tx, actor.County, household)
	if err == nil && (h.Campaign != campaign || !actor.Sees(h.Village)) {
		err = errs.NotFound.New("roster.no_household", "id", household)
	}
	if err != nil {
		return out, err
	}
	out.Household = Subject{h.ID, h.Code, h.HeadName, h.Village, h.VillageName, h.Group, string(h.Class)}
	if out.Form, err = s.signs.FormTx(ctx, tx, c, household); err != nil {
		return out, err
	}
	items, err := ledger.ToldTx(ctx, tx, actor, c, household)
	if err != nil {
		return out, err
	}
	asked := -1
	for i, it := range items {
		out.Problems = append(out.Problems, traced(it))
		if it.ID == problem {
			asked = i
		}
	}
	if problem != "" {
		if asked < 0 {
			return out, errs.NotFound.New("ledger.not_found", "id", problem)
		}
		if out.Signers, err = signersTx(ctx, tx, c, out.Household, out.Form, out.Problems[asked]); err != nil {
			return out, err
		}
	}
	if out.Story, err = s.storyTx(ctx, tx, actor.County, out.Form, items); err != nil {
		return out, err
	}
	return out, proveTx(ctx, tx, actor.County, &out)
}

// traced is what the trace says of a problem: found when the ledger first heard of it.
func traced(it ledger.Told) TracedProblem {
	p := TracedProblem{ID: it.ID, Number: it.Number, Code: it.Code, Title: it.Title, Source: it.Source, Reference: it.Reference, State: it.State}
	if len(it.Events) > 0 {
		p.FoundAt, p.FoundBy = it.Events[0].At, it.Events[0].ByName
	}
	for _, source := range checks {
		p.Check = p.Check || it.Source == source
	}
	return p
}

// logged are the tables whose rows a trace shows.
var logged = []audit.Table{submission.Logged, review.LoggedDecisions, signature.Logged, ledger.Logged}

// proveTx finds the entries of the log.
func proveTx(ctx context.Context, tx *db.Tx, county string, t *Trace) error {
	var proofs []*Proof
	for i := range t.Story {
		proofs = append(proofs, &t.Story[i].Proof)
	}
	for i := range t.Signers {
		proofs = append(proofs, &t.Signers[i].Proof)
	}
	for _, table := range logged {
		var keys []string
		for _, p := range proofs {
			if p.Table == table.Name {
				keys = append(keys, p.Key)
			}
		}
		numbers, err := audit.NumbersTx(ctx, tx, county, table, keys)
		if err != nil {
			return err
		}
		for _, p := range proofs {
			if n, ok := numbers[p.Key]; ok && p.Table == table.Name {
				p.Entry = n
			}
		}
	}
	head, err := audit.CheckpointTx(ctx, tx, county)
	if errs.CodeOf(err) == "audit.no_log" {
		err = nil
	}
	t.Log = LogHead{head.Origin, head.Size, head.Root}
	return err
}
