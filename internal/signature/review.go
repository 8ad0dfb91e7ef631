package signature

import (
	"context"
	"slices"

	"ruhu/internal/authz"
	"ruhu/internal/db"
	"ruhu/internal/errs"
	"ruhu/internal/playbook"
	"ruhu/internal/submission"
	"ruhu/internal/survey"
)

// ApproveTx signs a form by approving it at a level of review, in the transaction of the approval, and keeps what was signed in the form. Where
// the household did not sign what is there now, and the step lets this role, it signs for the household too; note is what the reviewer wrote.
// Levels before this one are none of its business: package review has seen to them. Returns Conflict "signature.before" when a signature in
// the form is missing.
func (s *Service) ApproveTx(ctx context.Context, tx *db.Tx, c survey.Campaign, actor authz.Actor, rec submission.Record, level, note string) error {
	chain, ok := c.Plan.Chain(playbook.SignHousehold)
	if !ok {
		return nil
	}
	own := slices.IndexFunc(chain.Steps, func(s playbook.SignStep) bool { return s.Level == level })
	if own < 0 {
		return nil
	}
	papers, err := papersTx(ctx, tx, chain, rec)
	if err != nil {
		return err
	}
	all, err := EntriesTx(ctx, tx, rec.County, rec.Campaign, chain.Kind, rec.Household)
	if err != nil {
		return err
	}
	known := all[rec.Household]
	found, err := s.inForm(ctx, tx, chain, papers)
	if err != nil {
		return err
	}
	out := unlike(found, known)
	now := papers[len(papers)-1]
	steps := stand(chain, c.Plan.Review, slices.Concat(out, known), now.digest)
	for i, step := range chain.Steps[:own] {
		if step.Item == "" || steps[i].State == Signed {
			continue
		}
		if !slices.Contains(step.SignFor, string(actor.Role)) {
			return errs.Conflict.New("signature.before", "zh", step.Title.ZH, "en", step.Title.EN, "step", step.Code)
		}
		out = append(out, now.signedFor(chain, step, actor, note))
	}
	mine := now.entry(chain.Kind, chain.Steps[own].Code)
	mine.Account, mine.ByName, mine.Role, mine.Note = actor.ID, actor.Name, actor.Role, db.Clip(note, maxNote)
	_, err = insertTx(ctx, tx, rec.County, append(out, mine)) // approved once more after it was opened again: what was signed stays
	return err
}

// maxNote is how many characters of a note are kept.
const maxNote = 500

// signedFor is a signature that the actor gives in the place of who should have signed step (S3.10).
func (p paper) signedFor(chain playbook.SignChain, step playbook.SignStep, actor authz.Actor, note string) Entry {
	e := p.entry(chain.Kind, step.Code)
	e.Account, e.ByName, e.Role, e.For = actor.ID, actor.Name, actor.Role, Household
	e.Reason, e.Note, e.Image = Remote, p.answers[step.Note], p.answers[step.Item]
	switch {
	case e.Image != "":
		e.Reason = Carried
	case p.capture == submission.CapturePaper && e.Note == "":
		e.Reason = Paper
	}
	if e.Note == "" {
		e.Note = db.Clip(note, maxNote)
	}
	return e
}
